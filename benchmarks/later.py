"""What contracts make of changes that were thought of after they were tuned: a second set laid aside.

`python -m benchmarks.later [FAMILY …]`. The innocent changes are shown to sources that are well known, and to
such as have had one edition of three stories.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence

from benchmarks.drift import BEFORE, HEALTHY, Table, history, morning, mutate, poll_of, shown
from benchmarks.fresh import FRESH
from benchmarks.innocent import INNOCENT
from benchmarks.kiosk import SKINS
from benchmarks.papers import edition
from benchmarks.skins import Skin
from bulletins.judgement import judged

_YOUNG = ((1, 2),)


def run(families: Sequence[str] = ()) -> str:
    """The section of BENCHMARKS.md; with families only what concerns them."""
    skins = [(n, skin) for n, skin in enumerate(SKINS) if not families or skin.family in families]
    table, alarms = Table(), list[str]()
    counts: dict[str, int] = {}
    for number, skin in skins:
        mutate(skin, number, FRESH, lambda _: table)
        for name, before in (("seven editions", BEFORE), ("one edition of three stories", _YOUNG)):
            told = [*_well(skin, number, before), *(_tempers(skin, number) if before is _YOUNG else ())]
            counts[name] = counts.get(name, 0) + len(told)
            alarms += [f"{skin.family}, after {name}, {what}: {why}" for what, why in told if why]
    return _section(table, counts, alarms)


def _well(skin: Skin, number: int, before: Sequence[tuple[int, ...]]) -> Iterator[tuple[str, str]]:
    """Each innocent change, and why the edition was held back; "" where it was not."""
    known, read_by, day = history(skin, number, before)
    for name, innocent in INNOCENT.items():
        chance = random.Random(f"{number} {name}")
        made = innocent.told(edition(number * 100 + 50, day, (4, 4)), chance)
        poll = poll_of(skin, innocent.shown(made, skin.render(made)), morning(day), read_by)
        breach = judged(known, poll.reading, morning(day)) if poll.verdict.publish else None
        yield name, breach.reason if breach else "" if poll.verdict.publish else poll.verdict.reason


def _tempers(skin: Skin, number: int) -> Iterator[tuple[str, str]]:
    """A second edition of every temper that healthy ones have."""
    known, read_by, day = history(skin, number, _YOUNG)
    for n, (temper, kinds, sizes) in enumerate(HEALTHY):
        made = edition(9_000 + number * 100 + n, day, sizes, kinds)
        poll = poll_of(skin, skin.render(made), morning(day), read_by)
        breach = judged(known, poll.reading, morning(day)) if poll.verdict.publish else None
        yield temper, breach.reason if breach else "" if poll.verdict.publish else poll.verdict.reason


def _section(table: Table, counts: dict[str, int], alarms: Sequence[str]) -> str:
    missed = ", ".join(f"{name}" for name in table.missed) or "none"
    lines = [
        "## Drift, a later set",
        "",
        f"{len(FRESH)} kinds of mutation and {len(INNOCENT)} of innocent change, written after the contracts",
        "were tuned on others; what was seen at the first look, and tuned since, is in docs/decisions/115.",
        "",
        *shown(("later",), (table,)),
        "",
        f"Missed: {missed}.",
        "",
        *(f"Healthy editions after {name}: {count}." for name, count in counts.items()),
        f"False alarms: {len(alarms)}.",
        *(f"- {alarm}" for alarm in alarms),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(run(sys.argv[1:]) + "\n")
