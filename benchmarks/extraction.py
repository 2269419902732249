"""Extraction from article pages, side by side: `python -m benchmarks.extraction DIR [--misses]`.

DIR has saved pages and a truth.json: {"file.html": {"url": …, "title": …, "date": "YYYY-MM-DD", "reporters":
[…], "present": […], "absent": […]}}, or a list of such objects with "file" (and perhaps in {"pages": […]}).
What a page's truth does not name is not counted; `reporters` that are empty say that nobody wrote by name.

Ours is what `dibao probe` shows of the page. trafilatura and GNE are given the text that ours decodes the
bytes to, which helps them, and are installed for this alone (trafilatura forgets to ask for lxml_html_clean):
pip install trafilatura==2.3.1 gne==0.4.3 lxml_html_clean
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bulletins import charset, dates, meaning, opening
from bulletins.model import Context, Item, Page, PageKind, Role, Source

_INSTALL = "pip install trafilatura==2.3.1 gne==0.4.3 lxml_html_clean"
_FIELDS = ("title", "date", "reporters", "nobody invented", "body")
_ALIASES = {
    "reporters": ("reporters", "authors", "reporter"),
    "present": ("present", "body_present", "body"),
    "absent": ("absent", "body_absent"),
}
# What may stand around names in an author field without being a name.
_ROLES = re.compile(
    r"\S{0,12}?(?:记者|通讯员|实习生|评论员|特约|撰文|撰稿|作者|文\s*[/／|]\s*图|文\s*[/／|])|[^\u3400-\u9fff]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found on a page: all as text, the date as YYYY-MM-DD."""

    title: str = ""
    date: str = ""
    authors: str = ""
    body: str = ""


Reader = Callable[[str, bytes, str], Found]


def ours(url: str, body: bytes, _text: str) -> Found:
    page = Page(url, body)
    context = Context(Source("bench", "bench", url), "bench,2026", datetime.now(UTC))
    opened = opening.open_page(page, context, PageKind.ARTICLE)
    if not opened.raws:
        return Found()
    item = meaning.normalise(opened.raws[0], context)
    if not isinstance(item, Item):
        return Found(opened.raws[0].title)
    people = [author.name for author in item.authors if author.role != Role.ORGANISATION]
    dated = next((why.how for why in item.evidence if why.field == "published"), "")
    day = item.published.astimezone(dates.SHANGHAI).date().isoformat() if dated != "first seen" else ""
    return Found(item.title, day, "、".join(people), "\n".join(item.paragraphs))


def trafilatura(url: str, _body: bytes, text: str) -> Found:
    found = _installed("trafilatura").bare_extraction(text, url=url, with_metadata=True)
    if found is None:
        return Found()
    return Found(found.title or "", found.date or "", found.author or "", found.text or "")


def gne(_url: str, _body: bytes, text: str) -> Found:
    found = _installed("gne").GeneralNewsExtractor().extract(text)
    day = dates.day(found.get("publish_time") or "")
    written = found.get("author") or ""
    return Found(
        found.get("title") or "", day.isoformat() if day else "", written, found.get("content") or ""
    )


READERS: Mapping[str, Reader] = {"dibao": ours, "trafilatura": trafilatura, "GNE": gne}


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SystemExit(
            f"{name} cannot be imported ({error}); only this benchmark needs it: {_INSTALL}"
        ) from None


def truths(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The pages of a folder with what is true of them."""
    said = json.loads((folder / "truth.json").read_text("utf-8"))
    said = said.get("pages", said) if isinstance(said, dict) else said
    entries = (
        said.items() if isinstance(said, dict) else ((one.get("file") or one["name"], one) for one in said)
    )
    for name, truth in entries:
        yield folder / name, truth


def verdicts(truth: Mapping[str, Any], found: Found) -> dict[str, bool]:
    """Of each field that the truth names: whether it is right."""
    right: dict[str, bool] = {}
    if truth.get("title"):
        right["title"] = _folded(found.title) == _folded(truth["title"])
    if truth.get("date"):
        right["date"] = found.date[:10] == truth["date"][:10]
    names = _named(truth, "reporters")
    if names:
        right["reporters"] = _are(names, found.authors)
    elif names is not None:
        right["nobody invented"] = not _ROLES.sub("", found.authors)
    present, absent = _named(truth, "present") or [], _named(truth, "absent") or []
    if present or absent:
        text = _folded(found.body)
        right["body"] = all(_folded(one) in text for one in present)
        right["body"] &= not any(_folded(one) in text for one in absent)
    return right


def _named(truth: Mapping[str, Any], key: str) -> list[str] | None:
    value = next((truth[name] for name in _ALIASES[key] if truth.get(name) is not None), None)
    if isinstance(value, dict):
        value = value.get(key)
    return [value] if isinstance(value, str) else value


def _are(names: list[str], said: str) -> bool:
    """Whether an author field names these and, but for words such as 记者, nobody else."""
    rest = _folded(said)
    for name in sorted(map(_folded, names), key=len, reverse=True):
        if name not in rest:
            return False
        rest = rest.replace(name, " ")
    return not _ROLES.sub("", rest)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def compare(folder: Path, *, misses: bool, readers: Mapping[str, Reader] = READERS) -> None:
    out = Console(highlight=False)
    pages = list(truths(folder))
    scores: dict[str, dict[str, list[bool]]] = {name: {field: [] for field in _FIELDS} for name in readers}
    for path, truth in pages:
        body = path.read_bytes()
        text, url = charset.decode(body).text, truth.get("url") or "http://localhost/"
        for name, read in readers.items():
            found = read(url, body, text)
            for field, right in verdicts(truth, found).items():
                scores[name][field].append(right)
                if misses and not right and name == "dibao":
                    shown = (
                        found.body[:300]
                        if field == "body"
                        else f"{found.title} | {found.date} | {found.authors}"
                    )
                    out.print(f"{path.name}: {field}: {shown}", markup=False)
    table = Table(title=f"{len(pages)} pages of {folder}", box=None)
    table.add_column("")
    for field in _FIELDS:
        table.add_column(field, justify="right")
    for name, fields in scores.items():
        table.add_row(name, *(f"{sum(right)} of {len(right)}" if right else "-" for right in fields.values()))
    out.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--misses", action="store_true", help="print what Dibao has wrong")
    parser.add_argument("--ours", action="store_true", help="Dibao alone, without the other two")
    given = parser.parse_args()
    if not (given.folder / "truth.json").is_file():
        sys.exit(f"{given.folder}: no truth.json there")
    compare(given.folder, misses=given.misses, readers={"dibao": ours} if given.ours else READERS)


if __name__ == "__main__":
    main()
