"""Kinds of mutation of what a site says: dates, columns, languages and keys that are others of a sudden."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.mutations import (
    Printed,
    below,
    dates_of,
    everywhere,
    is_markup,
    kind,
    on_articles,
    on_lists,
    on_text,
)
from benchmarks.papers import SHEETS, Story
from benchmarks.skins import NAME, Pages

_ENGLISH = (
    *("Headlines", "Countryside", "Association", "Health", "Youth"),
    *("Farming", "Letters", "Views", "Weekend", "Books"),
)


@kind("dates-dropped")
def _(site: Printed) -> Pages:
    return everywhere(site, dates_of(site.edition, ""))


@kind("dates-zeroed")
def _(site: Printed) -> Pages:
    return everywhere(site, dates_of(site.edition, "0000年00月00日"))


@kind("dates-american")
def _(site: Printed) -> Pages:
    return everywhere(site, dates_of(site.edition, f"{site.edition.day:%m/%d/%Y}"))


@kind("dates-a-year-back")
def _(site: Printed) -> Pages:
    d = site.edition.day
    return everywhere(site, dates_of(site.edition, f"{d.year - 1}年{d.month}月{d.day}日"))


@kind("dates-frozen")
def _(site: Printed) -> Pages:
    return everywhere(site, dates_of(site.edition, "2019年07月01日"))


@kind("title-and-first-line-swapped")
def _(site: Printed) -> Pages:
    def swap(text: str, story: Story) -> str:
        line = story.paragraphs[0].lstrip("#")
        return text.replace(line, "\0").replace(story.title, line).replace("\0", story.title)

    return on_text(site, swap)


@kind("list-titles-shifted")
def _(site: Printed) -> Pages:
    told = site.edition.stories
    made = dict(site.pages)
    for path in site.lists:
        for at, story in enumerate(told):
            made[path] = made[path].replace(story.title, f"\0{(at + 1) % len(told)}\0")
        made[path] = re.sub("\0(\\d+)\0", lambda found: told[int(found[1])].title, made[path])
    return made


@kind("titles-and-dates-swapped-in-lists")
def _(site: Printed) -> Pages:
    day = f"{site.edition.day:%m-%d}"

    def swap(_tree: Any, rows: list[Any]) -> None:
        for row in rows:
            for element in row.iter():
                if element.text and len(element.text.strip()) > 6:
                    element.text = day

    return on_lists(site, swap)


@kind("title-and-author-swapped")
def _(site: Printed) -> Pages:
    return on_text(site, lambda text, story: text.replace(story.title, "本报记者 何小满"))


@kind("bodies-shifted")
def _(site: Printed) -> Pages:
    told = site.edition.stories

    def shift(_tree: Any, story: Story, box: Any) -> None:
        other = told[(told.index(story) + 1) % len(told)]
        for child in list(box):
            box.remove(child)
        box.text = None
        for each in other.paragraphs:
            below(box, f"<p>{each.lstrip('#')}</p>")

    return on_articles(site, shift)


@kind("pages-and-titles-swapped")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for name, stories in site.edition.sheets:
            if stories:
                text = (
                    text.replace(name, "\0").replace(stories[0].title, name).replace("\0", stories[0].title)
                )
        return text

    return everywhere(site, change)


@kind("page-names-in-english")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for name, english in zip(SHEETS, _ENGLISH, strict=True):
            text = text.replace(name, english)
        return re.sub(r"第\s*0?(\d+)\s*版", r"Page \1", text)

    return everywhere(site, change)


@kind("titles-in-english")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for story in site.edition.stories:
            text = text.replace(story.title, f"Village project number {story.key} opens to visitors")
        return text

    return everywhere(site, change)


@kind("everything-in-english")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for story in site.edition.stories:
            text = text.replace(story.title, f"Village project number {story.key} opens to visitors")
            for n, each in enumerate(story.paragraphs):
                text = text.replace(
                    each.lstrip("#"), f"Residents said that step {n} of {story.key} went well this week."
                )
        return text

    return everywhere(site, change)


@kind("titles-in-pinyin")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for story in site.edition.stories:
            text = text.replace(story.title, f"Xiang cun ke pu di {story.key} hao xiang mu kai zhang")
        return text

    return everywhere(site, change)


@kind("site-name-as-title")
def _(site: Printed) -> Pages:
    return on_text(site, lambda text, story: text.replace(story.title, f"{NAME}数字报"))


@kind("titles-numbered")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for n, story in enumerate(site.edition.stories, 1):
            text = text.replace(story.title, f"[{n}]【要闻】{story.title}")
        return text

    return everywhere(site, change)


@kind("titles-with-site-name")
def _(site: Printed) -> Pages:
    return on_text(site, lambda text, story: text.replace(story.title, f"{story.title}_{NAME}_新闻中心"))


@kind("keys-renamed")
def _(site: Printed) -> Pages:
    """Of data: the pages' names of things."""
    new = {"title": "headline", "content": "bodyHtml", "articleList": "entries", "pageName": "label"}

    def change(text: str) -> str:
        for name, other in new.items() if not is_markup(text) else ():
            text = text.replace(f'"{name}":', f'"{other}":')
        return text

    return everywhere(site, change)


@kind("values-shifted-among-keys")
def _(site: Printed) -> Pages:
    """Of data: the title where the text was, and the text where the title was."""

    def change(text: str) -> str:
        if is_markup(text) or '"content":' not in text:
            return text
        told = json.loads(text)
        said = told["data"]
        said["title"], said["content"] = (
            re.sub("<[^>]+>", "", said["content"])[:60],
            f"<p>{said['title']}</p>",
        )
        return json.dumps(told, ensure_ascii=False)

    return everywhere(site, change)
