"""The numbers (期号) of a newspaper's editions in, those that are missing between them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bulletins.model import Edition

_JOINT = re.compile(r"(\d+)(?:\s*[-—–~、,，/和至]\s*(\d+))?")  # 合刊: 2315-2316, 2315、16
_SLIP = 3  # numbers that may be missing whatever the days between; of more there is at most one a day
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """Numbers from `first` to `last` that nobody has seen, and the days on which they can have appeared."""

    first: int
    last: int
    since: date
    until: date

    @property
    def name(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def missing(editions: Sequence[Edition]) -> list[Missing]:
    """What is missing between editions that follow each other by their dates, oldest first.

    Numbers that begin anew, go back, or leap further than there were days begin another count: nothing is
    missing between the two. Editions without a number or a date say nothing.
    """
    known = sorted((each.date, *span) for each in editions if each.date and (span := _span(each.number)))
    seen = {number for _, first, last in known for number in range(first, last + 1)}
    found = []
    for (before, _, ended), (after, begun, _) in pairwise(known):
        lacking = [number for number in range(ended + 1, begun) if number not in seen]
        if lacking and begun - ended - 1 <= max(_SLIP, (after - before).days):
            since, until = before + _DAY, after - _DAY
            if since > until:
                since, until = before, after
            found.append(Missing(lacking[0], lacking[-1], since, until))
    return found


def _span(number: int | str | None) -> tuple[int, int] | None:
    """The first and the last number of an edition; of a joint one they differ."""
    if isinstance(number, int):
        return number, number
    match = _JOINT.fullmatch((number or "").strip())
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:  # 2315-16
        last = int(match[1][: -len(match[2])] + match[2]) if len(match[2]) < len(match[1]) else first
    return (first, last) if first <= last <= first + _SLIP else (first, first)
