"""Labelled articles in, how often their meaning is read as an editor has it out, as Markdown.

`python -m benchmarks.meaning [--aside]`: the misses of the tuned part are listed after the tables, those of
the part laid aside only when asked. The cases and their labels: benchmarks/data/meaning/README.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from bulletins import folios, meaning, regions, sections
from bulletins.model import (
    Block,
    BlockKind,
    ColumnKind,
    Context,
    Edition,
    Item,
    Precision,
    RawItem,
    Source,
)

CASES = Path(__file__).parent / "data" / "meaning"
_HALVES = {False: "tuned", True: "aside"}
_ASKED = {"region": 98, "authors": 97, "published": 99, "event": 97, "page": 99, "column": 99}
_ROUNDS = 200
_CHARACTERS = 2_000
_LOAD = "from time import perf_counter as t; from bulletins.regions.gazetteer import gazetteer as g; a=t(); g(); print(t()-a)"

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a case, in the shape of its label."""

    region: str | None
    regions: frozenset[str]
    flagged: bool
    rest: Mapping[str, Any]


def cases() -> Iterator[tuple[str, Case]]:
    """Each with its kind."""
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            yield path.stem.replace("-", " "), case


def read(case: Case) -> Read:
    """The case as `dibao` reads it: sections apart, then normalised."""
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
    item = items[0]
    if len(items) > 1 or not isinstance(item, Item):
        return Read(None, frozenset(), False, {})
    when = item.published.date() if item.precision is Precision.DAY else item.published.replace(tzinfo=None)
    return Read(
        item.region.code if item.region else None,
        frozenset(one.code for one in item.regions),
        any(why.field == "region" and why.how in regions.DOUBTS for why in item.evidence),
        {
            "authors": [{"name": one.name, "role": str(one.role)} for one in item.authors],
            "published": when.isoformat() if item.precision is Precision.DAY else when.isoformat()[:16],
            "event": _days(item),
            "page": {"number": item.page.number, "name": item.page.name} if item.page else None,
            "column": item.column.name if item.column else None,
        },
    )


def _days(item: Item) -> list[str | None] | None:
    if item.event_date is None:
        return None
    return [item.event_date.isoformat(), item.event_end.isoformat() if item.event_end else None]


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


def verdicts(case: Case, found: Read) -> dict[str, bool]:
    """Of each field that is labelled: whether it is right. A region is right with its code and its flag."""
    label = case["label"]
    told = {name: found.rest.get(name) == label[name] for name in _ASKED if name in label and name != "region"}
    if "region" in label:
        told["region"] = found.region == label["region"] and found.flagged == label["flagged"]
        told["regions"] = told["region"] and found.regions == set(label["regions"])
    return told


def run() -> str:
    """The section of BENCHMARKS.md."""
    return _tables()[0]


def _tables() -> tuple[str, list[tuple[bool, str]]]:
    kinds: defaultdict[tuple[str, bool], list[tuple[bool, bool]]] = defaultdict(list)
    fields: defaultdict[tuple[str, bool], list[bool]] = defaultdict(list)
    misses: list[tuple[bool, str]] = []
    for kind, case in cases():
        found = read(case)
        told = verdicts(case, found)
        for name, right in told.items():
            fields[name, case["aside"]].append(right)
            if not right:
                misses.append((case["aside"], f"{case['id']} {name}: {found} {json.dumps(case, ensure_ascii=False)}"))
        if "region" in told:
            label = case["label"]
            plain = naive(case) == label["region"] and not label["flagged"]
            kinds[kind, case["aside"]].append((told["region"], plain))
            fields["homonyms flagged", case["aside"]] += [found.flagged] if label.get("candidates") else []
            fields["clear regions", case["aside"]] += [] if label["flagged"] else [told["region"]]
    lines = [
        "## What an item means\n",
        "Labelled articles, most of them hard (benchmarks/data/meaning/), read from their blocks to an item. The labels were",
        "written before the reader was tuned; a third of each kind was laid aside. A region is right when its exact code is,",
        "or when it is left open and flagged where an editor would have to ask. *Naive* takes the longest official name.\n",
        "| region, by kind of case | tuned | Dibao | naive | aside | Dibao | naive |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in [*dict.fromkeys(kind for kind, _ in kinds), "all"]:
        cells = [kind]
        for aside in _HALVES:
            both = [one for (name, half), some in kinds.items() for one in some if half == aside and kind in (name, "all")]
            cells += [str(len(both)), _share([ours for ours, _ in both]), _share([plain for _, plain in both])]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["\n| field | tuned | right | aside | right | asked |", "|---|---|---|---|---|---|"]
    asked = {"clear regions": 98, "homonyms flagged": 100, "regions": 0} | {n: v for n, v in _ASKED.items() if n != "region"}
    for name, least in asked.items():
        tuned, aside = fields[name, False], fields[name, True]
        cells = [name, str(len(tuned)), _share(tuned), str(len(aside)), _share(aside), f"{least} %" if least else ""]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *_speed()]
    return "\n".join(lines) + "\n", misses


def _share(right: Sequence[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f} %" if right else ""


def _speed() -> Iterator[str]:
    """Of an article of 2,000 characters, put together from cases, and of the gazetteer in a fresh interpreter."""
    texts = [text for _, case in cases() for text in case["blocks"] if "region" in case["label"]]
    body: list[str] = []
    while sum(map(len, body)) < _CHARACTERS:
        body.append(texts[37 * len(body) % len(texts)])
    spent = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        regions.locate(title="科普进社区", paragraphs=body, heading=None, within="510000")
        spent.append(time.perf_counter() - begun)
    yield f"Resolving an article of {_CHARACTERS:,} characters: {1000 * median(spent):.2f} ms (asked: under 1 ms)."
    loads = [
        float(subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    yield f"Loading the gazetteer: {1000 * median(loads):.0f} ms (asked: under 50 ms)."


def main() -> None:
    section, misses = _tables()
    print(section)
    for aside, miss in misses:
        if aside == ("--aside" in sys.argv):
            print(miss)


if __name__ == "__main__":
    main()
