// Feeds as feedsmith and rss-parser read them: paths as arguments in, one JSON object by path and parser out.
import { readFileSync } from "node:fs";
import { parseFeed, parseOpml } from "feedsmith";
import RssParser from "rss-parser";

const list = (value) => (value === undefined || value === null ? [] : [value].flat());
const text = (value) => (value && typeof value === "object" ? value.value : value);

const shapes = {
  rss: (feed) =>
    feed.items.map((item) => ({
      id: item.guid.value,
      title: text(item.title),
      url: item.link,
      published: item.pubDate,
      authors: list(item.dc?.creators ?? item.dc?.creator),
      categories: list(item.categories).map((category) => category.name),
      enclosures: list(item.enclosures).map((enclosure) => enclosure.url),
      content: item.content.encoded,
    })),
  atom: (feed) =>
    list(feed.entries).map((entry) => ({
      id: entry.id,
      title: text(entry.title),
      url: entry.links.find((link) => link.rel === "alternate").href,
      published: entry.published,
      authors: list(entry.authors).map((author) => author.name),
      categories: list(entry.categories).map((category) => category.label),
      enclosures: entry.links.filter((link) => link.rel === "enclosure").map((link) => link.href),
      content: text(entry.content),
    })),
  json: (feed) =>
    list(feed.items).map((item) => ({
      id: item.id,
      title: item.title,
      url: item.url,
      published: item.date_published,
      authors: list(item.authors).map((author) => author.name),
      categories: list(item.tags),
      enclosures: list(item.attachments).map((attachment) => attachment.url),
      content: item.content_html,
    })),
};

async function old(source) {
  const feed = await new RssParser().parseString(source);
  return feed.items.map((item) => ({
    id: item.guid ?? item.id,
    title: item.title,
    url: item.link,
    published: item.isoDate,
    author: item.creator ?? item.author,
    content: item["content:encoded"] ?? item.content,
  }));
}

const found = {};
for (const path of process.argv.slice(2)) {
  const source = readFileSync(path, "utf8");
  if (path.endsWith(".xml")) {
    found[path] = { opml: parseOpml(source).body.outlines.length };
    continue;
  }
  const { format, feed } = parseFeed(source);
  found[path] = { format, feedsmith: shapes[format]({ items: [], ...feed }) };
  if (format !== "json") found[path]["rss-parser"] = await old(source);
}
process.stdout.write(JSON.stringify(found));
