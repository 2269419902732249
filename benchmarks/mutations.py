"""What happens to sites: the pages of an edition in, the same pages after a redesign or an accident out.

Each kind is given as a function over one page, or over all pages of the edition. Which kinds are laid aside
while the contract is tuned was fixed before any of it was written: `laid_aside`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lxml import etree, html

from benchmarks.papers import Edition, Story
from benchmarks.skins import Pages

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition on its site: `told` has the stories that stand whole on a page, `lists` the pages that have
    none."""

    edition: Edition
    pages: Pages
    told: dict[str, list[Story]]
    lists: list[str]


Mutation = Callable[[Printed], Pages]
KINDS: dict[str, Mutation] = {}


def laid_aside(kind: str) -> bool:
    """Whether a kind of mutation is only looked at in the end; by its name, so that nobody chose."""
    return sha256(kind.encode()).digest()[0] % 2 == 1


def printed(edition: Edition, pages: Pages) -> Printed:
    plain = {path: _BLANK.sub("", text) for path, text in pages.items()}
    told = {
        path: found
        for path, text in plain.items()
        if (found := [s for s in edition.stories if all(_stands(p, text) for p in s.paragraphs)])
    }
    return Printed(edition, pages, told, [path for path in pages if path not in told])


def _stands(paragraph: str, text: str) -> bool:
    return _BLANK.sub("", paragraph.lstrip("#")) in text


def kind(name: str) -> Callable[[Mutation], Mutation]:
    def known(made: Mutation) -> Mutation:
        KINDS[name] = made
        return made

    return known


# What the functions below are made of.


def is_markup(text: str) -> bool:
    return text.lstrip().startswith("<")


def parsed(text: str) -> Any:
    return html.document_fromstring(text)


def shown(tree: Any) -> str:
    return "<!doctype html>" + str(etree.tostring(tree, encoding="unicode", method="html"))


def squeezed(element: Any) -> str:
    return _BLANK.sub("", "".join(element.itertext()))


def on_articles(site: Printed, change: Callable[[Any, Story, Any], None]) -> Pages:
    """Every story's page after a change to its tree: (tree, story, the box of its text)."""
    made = dict(site.pages)
    for path, stories in site.told.items():
        if is_markup(site.pages[path]):
            tree = parsed(site.pages[path])
            for story in stories:
                if (box := box_of(tree, story)) is not None:
                    change(tree, story, box)
            made[path] = shown(tree)
        elif '"content":' in site.pages[path]:
            made[path] = _in_data(site.pages[path], stories[0], change)
    return made


def _in_data(text: str, story: Story, change: Callable[[Any, Story, Any], None]) -> str:
    """The same of a text that stands as markup in JSON."""
    told = json.loads(text)
    tree = parsed(f"<html><body><div>{told['data']['content']}</div></body></html>")
    box = tree.body[0]
    change(tree, story, box)
    told["data"]["content"] = "".join(serial(child) for child in tree.body)
    return json.dumps(told, ensure_ascii=False)


def on_lists(site: Printed, change: Callable[[Any, list[Any]], None]) -> Pages:
    """Every list page after a change to its tree: (tree, the rows of its stories)."""
    made = dict(site.pages)
    for path in site.lists:
        if is_markup(site.pages[path]):
            tree = parsed(site.pages[path])
            if rows := rows_of(tree, site.edition.stories):
                change(tree, rows)
                made[path] = shown(tree)
    return made


def on_text(site: Printed, change: Callable[[str, Story], str]) -> Pages:
    """Every story's page after a change to its source."""
    made = dict(site.pages)
    for path, stories in site.told.items():
        for story in stories:
            made[path] = change(made[path], story)
    return made


def everywhere(site: Printed, change: Callable[[str], str]) -> Pages:
    return {path: change(text) for path, text in site.pages.items()}


def trees(site: Printed, change: Callable[[Any], None], only: Any = None) -> Pages:
    made = dict(site.pages)
    for path, text in site.pages.items():
        if is_markup(text) and (only is None or path in only):
            tree = parsed(text)
            change(tree)
            made[path] = shown(tree)
    return made


def box_of(tree: Any, story: Story) -> Any:
    """The innermost element that holds a story's first and last paragraph."""
    first, last = (_BLANK.sub("", story.paragraphs[n].lstrip("#")) for n in (0, -1))
    found = None
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in ("html", "head", "script"):
            text = squeezed(element)
            if first in text and last in text:
                found = element
    if found is not None and found.tag in ("p", "P"):  # a story of one paragraph
        found = found.getparent()
    return found


def title_of(tree: Any, story: Story) -> Any:
    wanted = _BLANK.sub("", story.title)
    found = [e for e in tree.iter() if isinstance(e.tag, str) and e.tag != "title" and squeezed(e) == wanted]
    return found[-1] if found else None


def rows_of(tree: Any, stories: list[Story]) -> list[Any]:
    """The largest elements that tell of one story each, in the order of the page."""
    titles = [_BLANK.sub("", story.title)[:8] for story in stories]
    rows = []
    for link in tree.xpath("//*[@href or @onclick]"):
        text = squeezed(link)
        if not any(text.startswith(title) or title in text for title in titles):
            continue
        row = link
        while (above := row.getparent()) is not None and above.tag != "body":
            if len([one for one in above.xpath(".//*[@href or @onclick]") if squeezed(one)]) > 1:
                break
            row = above
        rows.append(row)
    return list(dict.fromkeys(rows))


def emptied(box: Any) -> None:
    for child in list(box):
        box.remove(child)
    box.text = None


def paragraphs_of(box: Any) -> list[Any]:
    return [
        e for e in box.iter("p", "div") if e is not box and squeezed(e) and not len(e.xpath(".//p|.//div"))
    ]


def serial(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def on_top(tree: Any, text: str) -> None:
    if tree.body is not None:
        tree.body.insert(0, fragment(text))


def fragment(text: str) -> Any:
    return html.fragment_fromstring(text)


def below(box: Any, text: str) -> None:
    box.append(fragment(text))


def above(box: Any, text: str) -> None:
    made = fragment(text)
    made.tail, box.text = box.text, None
    box.insert(0, made)


def dates_of(edition: Edition, new: str) -> Callable[[str], str]:
    """What takes every printed date of an edition (and none in an address) out of a page's visible text."""
    d = edition.day
    forms = {f"{d:%Y年%m月%d日}", f"{d.year}年{d.month}月{d.day}日", f"{d:%Y.%m.%d}"}

    def change(text: str) -> str:
        for form in forms:
            text = text.replace(form, new)
        text = re.sub(rf"(?<![/_\w-]){d}(?![/_\w-])", new, text)
        return re.sub(rf"<font> {d.year} </font> 年 {d.month} 月 {d.day} 日", new, text)

    return change
