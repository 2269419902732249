"""`dibao add`: an address -> what would be read there and why, and, once confirmed, a source that runs."""

from __future__ import annotations

import re
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from bulletins import proposal
from bulletins.errors import ConfigError, FetchError
from bulletins.model import Context, Item, Page, PageKind, Problem, Source
from bulletins.regions import division
from feeds.records import record
from worker import embedded, wiring
from worker.cli.common import ConfigOption, JsonOption, app, day, log_as, out, print_json, settings_of, table
from worker.cli.probe import show_item
from worker.cli.services import one_pass, report, run
from worker.config import Settings, config_path, stanza
from worker.flow.preview import Preview, preview, read_as

_SHOWN = 10  # of the newest items
_TRIED = 2  # lists of a home page that are looked into
_WHOLE = (PageKind.EDITION, PageKind.FEED)  # what is followed as it is, however little stands there
_FEWEST = 3  # entries that make a list worth following


@dataclass(frozen=True, slots=True)
class _Found:
    """What is proposed, and what it was found by."""

    source: Source
    seen: Preview
    why: str
    region_why: str
    lists: tuple[proposal.Place, ...]
    feeds: tuple[proposal.Place, ...]


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL")],
    name: Annotated[str | None, typer.Option(help="What to call the source.")] = None,
    identity: Annotated[str | None, typer.Option("--id", help="Its id; a-z, 0-9 and -.")] = None,
    region: Annotated[str | None, typer.Option(help="The six-digit code of its region.")] = None,
    layout: Annotated[str, typer.Option(help="A layout's name, where auto errs.")] = "auto",
    here: Annotated[
        bool, typer.Option("--here", help="Read this page itself, no list that it leads to.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Add it without asking.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Look at a site, show what would be read and why, and add it once you confirm."""
    settings = settings_of(config)
    address = _address(url)
    _not_twice(settings, address)
    stated = Source(identity or "new", name or "", address, layout=layout, region=region)
    found = _look(settings, stated, here=here)
    source = found.source
    values = {"id": source.id, "name": source.name, "url": source.url}
    values |= {"layout": layout} if layout != "auto" else {}
    values |= {"region": source.region} if source.region else {}
    text = stanza.stanza(values)
    problem = _problem(found.seen)
    if not json:
        _show(found, text, problem)
    if problem:
        if json:
            print_json(_document(found, text, problem, added=False))
        raise typer.Exit(1)
    added = yes or (not json and sys.stdin.isatty() and typer.confirm("Add this source?"))
    if added:
        stanza.append(config_path(config), text)
    if json:
        log_as("cli", "auto")
        polls = report(*one_pass(settings_of(config), [source.id])) if added else []
        print_json(_document(found, text, None, added=added) | {"polls": polls})
        return
    if not added:
        out.print("Nothing is written. `--yes` adds it without asking.")
        return
    out.print(f"Added to {config_path(config)}.")
    if embedded.running(settings):
        out.print("`dibao up` takes it up by itself; its first poll begins now.")
    run(source=[source.id], config=config, json=False, log_format="auto")


def _address(url: str) -> str:
    """The address as typed, with a scheme. Raises ConfigError for what is none."""
    typed = url.strip()
    whole = typed if "://" in typed else f"http://{typed}"
    try:
        parts = urlsplit(whole)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    host = (urlsplit(whole).hostname or "") if valid else ""
    if not valid or not re.fullmatch(r"[\w.-]+\.[\w-]+|\[?[0-9a-f:]+\]?|localhost", host):
        raise ConfigError(
            "not the address of a site",
            typed,
            "Paste what the browser's address line shows, such as http://www.example.gov.cn/xw/",
        )
    return whole


def _not_twice(settings: Settings, address: str) -> None:
    for source in settings.all_sources:
        if source.url.rstrip("/") == address.rstrip("/"):
            raise ConfigError(
                f"is a source already: {source.id}", address, f"dibao run --source {source.id} polls it now"
            )


def _look(settings: Settings, stated: Source, *, here: bool) -> _Found:
    """What the address leads to: itself, where it is a list, an edition, a feed or an article; else the list
    of a home page that reads best, or the list of an article by its crumbs."""
    with closing(wiring.fetcher(settings)) as fetcher:
        begun = time.monotonic()
        kept: dict[str, Page] = {}

        def get(url: str) -> Page:
            if url not in kept:
                got = fetcher.get(url)
                kept[url] = Page(got.url, got.body or b"", got.content_type, url)
            return kept[url]

        seen = _seen(settings, stated, get, begun)
        said = proposal.said(seen.entry) if seen.entry else proposal.Said()
        chosen, why = stated, "the address itself"
        if not here and _is_way(seen, stated.url):
            for place in said.lists[:_TRIED]:
                other = replace(stated, url=place.url)
                try:
                    tried = _seen(settings, other, get, begun)
                except FetchError:
                    continue
                if _reads(tried):
                    chosen, seen, why = other, tried, f"found from {stated.url}: {place.why}"
                    break
    return _named(settings, chosen, seen, why, said)


def _seen(settings: Settings, source: Source, get: Any, begun: float) -> Preview:
    context = Context(source, settings.service.tag_authority, datetime.now(UTC))
    return preview(context, get, begun, settings.fetch.per_host_interval)


def _is_way(seen: Preview, url: str) -> bool:
    """Whether an address is on the way to a list rather than one: a home page that is no newspaper's, an
    article, or a page that could not be read."""
    if seen.reading.kind in _WHOLE and _reads(seen):
        return False
    home = urlsplit(url).path.strip("/") in (
        "",
        "index.html",
        "index.htm",
        "index.shtml",
        "index.jsp",
        "index.php",
    )
    lone = len(seen.listed) == 0 and len(seen.reading.items) <= 1
    return home or lone or not _reads(seen)


def _reads(seen: Preview) -> bool:
    good = seen.verdict.publish or seen.verdict.doubtful
    return good and bool(seen.reading.items) and (len(seen.listed) >= _FEWEST or seen.reading.kind in _WHOLE)


def _named(settings: Settings, source: Source, seen: Preview, why: str, said: proposal.Said) -> _Found:
    own = proposal.said(seen.entry) if seen.entry else proposal.Said()
    host = urlsplit(source.url).hostname or source.url
    name = source.name or said.name or own.name or host
    code, region_why = source.region, "as given"
    if code is None:
        code, region_why = proposal.region_of(name, seen.reading.items)
    taken = [one.id for one in settings.all_sources]
    chosen = source.id if source.id != "new" else proposal.an_id(source.url, name, taken)
    made = replace(source, id=chosen, name=name, region=code)
    seen = read_as(seen, made)
    return _Found(made, seen, why, region_why, said.lists, said.feeds)


def _problem(seen: Preview) -> Problem | None:
    """Why nothing would come of it."""
    if seen.verdict.publish or seen.verdict.doubtful:
        return None
    known = next((one for one in seen.reading.problems if one.status == seen.verdict.status), None)
    return known or Problem(seen.verdict.status, seen.verdict.reason, "")


def _warnings(found: _Found) -> list[str]:
    said = found.seen.reading
    items = said.items
    told: list[str] = []
    undated = sum(
        1
        for item in items
        if any(why.field == "published" and why.how == "first seen" for why in item.evidence)
    )
    if undated:
        told.append(
            f"no date on {undated} of {len(items)} items: they get the day on which they are first seen"
        )
    if unknown := sum(1 for item in items if item.region is None):
        told.append(
            f"no region for {unknown} of {len(items)} items, which go to unclassified; --region CODE helps"
        )
    if bare := sum(1 for item in items if item.column is None):
        told.append(f"no column for {bare} of {len(items)} items")
    if said.doubts:
        told.append(
            f"read with confidence {said.confidence} alone: the first reading waits for `dibao quarantine`"
        )
    told += [f"left out: {one.title or one.url}: {one.reason}" for one in said.rejections[:3]]
    if not items and found.seen.verdict.publish:
        told.append("nothing stands there yet: a quiet day, or no list of news")
    return told


def _newest(found: _Found) -> list[tuple[Item | None, dict[str, str]]]:
    """The ten newest, as items where they were read, else as their list has them."""
    by_link = {item.link: item for item in reversed(found.seen.reading.items)}
    rows: list[tuple[Item | None, dict[str, str]]] = []
    for follow in found.seen.listed:
        read = by_link.pop(follow.url, None)
        rows.append(
            (
                read,
                {
                    "title": follow.lead.title or "",
                    "date": follow.lead.dated,
                    "column": follow.lead.column or "",
                },
            )
        )
    rows += [(item, {}) for item in found.seen.reading.items if item.link in by_link]
    rows.sort(key=_when, reverse=True)
    return rows[:_SHOWN]


def _when(row: tuple[Item | None, dict[str, str]]) -> str:
    return day(row[0].published) if row[0] else row[1].get("date", "")


def _show(found: _Found, text: str, problem: Problem | None) -> None:
    said, source = found.seen.reading, found.source
    out.print(f"[bold]{escape(source.name)}[/]  {escape(source.url)}  ({escape(found.why)})")
    if not problem:
        out.print(f"read as {said.kind}, by [bold]{said.layout}[/], confidence {said.confidence}")
    for doubt in said.doubts[:1]:
        for why in doubt.evidence:
            out.print(f"  {escape(why)}")
    if problem:
        out.print(f"[red]{problem.status}[/]: {escape(problem.reason)}")
        out.print(f"  what to do: {proposal.advice(problem)}")
        _elsewhere(found)
        return
    place = division(source.region) if source.region else None
    out.print(f"region {source.region or 'none'} {place.name if place else ''}: {escape(found.region_why)}")
    shown = table("published", "title", "region", "column", "authors", folded=("title", "column", "authors"))
    for item, listed in _newest(found):
        if item:
            where = item.region.path[-1] if item.region else "-"
            who = "、".join(author.name for author in item.authors)
            shown.add_row(
                day(item.published), escape(item.title), where, item.column.name if item.column else "-", who
            )
        else:
            where = proposal.place_of(listed["title"], source.region)
            shown.add_row(
                listed["date"] or "-", escape(listed["title"]), where or "-", listed["column"] or "-", "…"
            )
    out.print(shown)
    more = len(found.seen.listed) - len(said.items)
    if more > 0:
        out.print(
            f"[dim]read for this preview: {len(said.items)} of {len(found.seen.listed)} articles; "
            "of the others, what the list says[/]"
        )
    if said.items:
        out.print("\nwhat the first one is told by:")
        show_item(said.items[0])
    for warning in _warnings(found):
        out.print(f"[yellow]note[/]: {escape(warning)}")
    _elsewhere(found)
    out.print(f"\nto be added to the configuration:\n\n{escape(text)}", highlight=False)


def _elsewhere(found: _Found) -> None:
    for place in found.feeds[:3]:
        out.print(f"a feed of this site: {escape(place.url)}")
    others = [place for place in found.lists if place.url != found.source.url][:6]
    if others:
        out.print(
            "other lists here: " + "  ".join(f"{escape(place.name)} {escape(place.url)}" for place in others)
        )


def _document(found: _Found, text: str, problem: Problem | None, *, added: bool) -> dict[str, Any]:
    said, source = found.seen.reading, found.source
    return {
        "source": {"id": source.id, "name": source.name, "url": source.url, "region": source.region},
        "why": {"url": found.why, "region": found.region_why},
        "kind": said.kind,
        "layout": said.layout or None,
        "encoding": said.encoding,
        "confidence": said.confidence,
        "items": [record(item) for item in said.items],
        "listed": [
            {"title": one.lead.title, "url": one.url, "date": one.lead.dated or None}
            for one in found.seen.listed
        ],
        "lists": [{"name": place.name, "url": place.url} for place in found.lists],
        "feeds": [place.url for place in found.feeds],
        "warnings": _warnings(found),
        "problem": {"status": problem.status, "reason": problem.reason, "action": proposal.advice(problem)}
        if problem
        else None,
        "stanza": text,
        "added": added,
    }
