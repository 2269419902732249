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
from datetime import date
from statistics import median

from benchmarks.labelled import Case, cases, naive, read, verdicts
from bulletins import regions

# Percent, on pages never seen.
_ASKED = {
    "clear regions": 98,
    "homonyms flagged": 100,
    "regions, all that it covers": 0,
    "authors": 97,
    "published": 99,
    "event": 97,
    "page": 99,
    "column": 99,
}
_ROUNDS = 100
_CHARACTERS = 2_000
_NOWHERE = "一个没有地名的句子，讲的是水的沸点与气压。"
_LOAD = """
from time import process_time
from bulletins.regions.gazetteer import gazetteer
begun = process_time()
gazetteer()
print(process_time() - begun)
"""

_Kind = tuple[str, bool]  # the kind of a case or a field's name, and whether it was laid aside


def run() -> str:
    """The section of BENCHMARKS.md."""
    return _report()[0]


def _report() -> tuple[str, list[tuple[bool, str]]]:
    """The section, and a line for each miss."""
    kinds: defaultdict[_Kind, list[tuple[bool, bool]]] = defaultdict(list)
    fields: defaultdict[_Kind, list[bool]] = defaultdict(list)
    misses: list[tuple[bool, str]] = []
    for kind, case in cases():
        found, label, aside = read(case), case["label"], case["aside"]
        right = verdicts(case, found)
        misses += [(aside, _miss(name, found, case)) for name, told in right.items() if not told]
        if "region" in right:
            plain = naive(case) == label["region"] and not label["flagged"]
            kinds[kind, aside].append((right["region"], plain))
            fields["regions, all that it covers", aside].append(right["regions"])
            if not label["flagged"]:
                fields["clear regions", aside].append(right["region"])
            elif label.get("candidates"):
                fields["homonyms flagged", aside].append(found.flagged)
        for name in right.keys() & _ASKED.keys():
            fields[name, aside].append(right[name])
    lines = ["## What an item means\n", _WORDS, *_by_kind(kinds), *_by_field(fields), *_speed()]
    return "\n".join(lines), misses


_WORDS = """Labelled articles, most of them hard (benchmarks/data/meaning/), read from blocks to an item. The
labels were written before the reader was tuned; a third of each kind was laid aside meanwhile. A region is
right when its exact code is, or when it is left open and flagged where an editor would have to ask. *Naive*
takes the longest official name.
"""


def _miss(name: str, found: object, case: Case) -> str:
    return f"{case['id']} {name}: {found} {json.dumps(case, ensure_ascii=False)}"


def _by_kind(kinds: Mapping[_Kind, Sequence[tuple[bool, bool]]]) -> Iterator[str]:
    yield "| region, by kind of case | tuned | Dibao | naive | aside | Dibao | naive |"
    yield "|---|---|---|---|---|---|---|"
    for kind in [*dict.fromkeys(kind for kind, _ in kinds), "all"]:
        cells = [kind]
        for half in (False, True):
            same = [each for (name, aside), each in kinds.items() if aside == half and kind in (name, "all")]
            both = [one for each in same for one in each]
            cells += [
                str(len(both)),
                _share([ours for ours, _ in both]),
                _share([plain for _, plain in both]),
            ]
        yield f"| {' | '.join(cells)} |"


def _by_field(fields: Mapping[_Kind, Sequence[bool]]) -> Iterator[str]:
    yield "\n| field | tuned | right | aside | right | asked |\n|---|---|---|---|---|---|"
    for name, least in _ASKED.items():
        tuned, aside = fields[name, False], fields[name, True]
        cells = (
            name,
            str(len(tuned)),
            _share(tuned),
            str(len(aside)),
            _share(aside),
            f"{least} %" if least else "",
        )
        yield f"| {' | '.join(cells)} |"


def _share(right: Sequence[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f} %" if right else ""


def _speed() -> Iterator[str]:
    """Processor time for articles of 2,000 characters, and for the gazetteer in a fresh interpreter."""
    texts = [text for _, case in cases() if "region" in case["label"] for text in case["blocks"]]
    bodies = {
        "whose lead says where": _filled(texts),
        "that name no place": _filled([_NOWHERE]),
        "of words that are names": _filled(
            [text for kind, case in cases() if kind == "word" for text in case["blocks"]]
        ),
    }
    told = ", ".join(f"{_milliseconds(body):.2f} ms {words}" for words, body in bodies.items())
    loads = [
        float(
            subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(5)
    ]
    yield f"\nResolving an article of {_CHARACTERS:,} characters (asked: under 1 ms): {told}."
    yield f"Loading the gazetteer (asked: under 50 ms): {1000 * median(loads):.0f} ms.\n"


def _filled(texts: Sequence[str]) -> list[str]:
    body: list[str] = []
    while sum(map(len, body)) < _CHARACTERS:
        body.append(texts[37 * len(body) % len(texts)])
    return body


def _milliseconds(body: Sequence[str]) -> float:
    spent = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        regions.locate(
            title="科普进社区", paragraphs=body, heading=None, within="510000", printed=date(2026, 3, 6)
        )
        spent.append(time.process_time() - begun)
    return 1000 * median(spent)


def main() -> None:
    section, misses = _report()
    print(section)
    for aside, miss in misses:
        if aside == ("--aside" in sys.argv):
            print(miss)


if __name__ == "__main__":
    main()
