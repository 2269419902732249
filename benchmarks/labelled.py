"""A labelled article (benchmarks/data/meaning/) -> what is read of it, and which of its fields are right."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bulletins import folios, meaning, regions, sections
from bulletins.model import Block, BlockKind, ColumnKind, Context, Edition, Item, Precision, RawItem, Source

CASES = Path(__file__).parent / "data" / "meaning"

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a case; `fields` (authors, published, event, page, column) in its label's shape."""

    region: str | None
    regions: frozenset[str]
    flagged: bool
    fields: Mapping[str, object]


def cases() -> Iterator[tuple[str, Case]]:
    """Each with its kind."""
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            yield path.stem.replace("-", " "), case


def read(case: Case) -> Read:
    """The case as Dibao reads it: sections apart, then normalised."""
    printed = date.fromisoformat(case["printed"])
    source = Source("paper", "科普报", "http://paper.example/", region=case["source"])
    now = datetime(printed.year, printed.month, printed.day, 4, tzinfo=UTC) + timedelta(days=1)
    raw = RawItem(
        title=case["title"],
        href="http://paper.example/1",
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in case["blocks"]),
        column=case.get("column"),
        column_kind=ColumnKind.HEADING,
        region=case.get("heading"),
        date=case.get("date"),
        edition=Edition(None, printed),
        page=folios.page(case.get("folio", "")),
        section=1 if case.get("heading") else 0,
    )
    parts = (raw,) if raw.region else sections.split(raw, source.region)
    items = [meaning.normalise(part, Context(source, "bench,2026", now)) for part in parts]
    if len(items) > 1 or not isinstance(items[0], Item):
        return Read(None, frozenset(), False, {})
    return _described(items[0])


def _described(item: Item) -> Read:
    days = [day.isoformat() if day else None for day in (item.event_date, item.event_end)]
    return Read(
        region=item.region.code if item.region else None,
        regions=frozenset(one.code for one in item.regions),
        flagged=any(why.field == "region" and why.how in regions.DOUBTS for why in item.evidence),
        fields={
            "authors": [{"name": one.name, "role": str(one.role)} for one in item.authors],
            "published": item.published.isoformat()[: 10 if item.precision is Precision.DAY else 16],
            "event": days if item.event_date else None,
            "page": {"number": item.page.number, "name": item.page.name} if item.page else None,
            "column": item.column.name if item.column else None,
        },
    )


def verdicts(case: Case, found: Read) -> dict[str, bool]:
    """Of each field that is labelled: whether it is right. A region is right with its code and its flag."""
    label = case["label"]
    right = {name: found.fields.get(name) == label[name] for name in label.keys() & found.fields.keys()}
    if "region" in label:
        right["region"] = (found.region, found.flagged) == (label["region"], label["flagged"])
        right["regions"] = right["region"] and found.regions == set(label["regions"])
    return right


def naive(case: Case) -> str | None:
    """The baseline: the longest official name that stands anywhere in the article, the earlier of two; of
    those who bear it the first; without any, the source's region."""
    text = "\n".join([case["title"], case.get("heading") or "", *case["blocks"]])
    found = [(-len(name), text.index(name), codes) for name, codes in _official().items() if name in text]
    return min(found)[2][0] if found else case["source"]


@cache
def _official() -> Mapping[str, Sequence[str]]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    waiting = list(regions.children(None))
    while waiting:
        one = waiting.pop()
        names[one.name].append(one.code)
        waiting += regions.children(one.code)
    return {name: sorted(codes) for name, codes in names.items()}
