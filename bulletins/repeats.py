"""Titles, texts and lists -> what of them repeats as no news does: additions, tails, lists told twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

_NUMBER = re.compile(r"\d+")
_WORDS = 6  # characters that begin or end two lines alike by no chance
_LINES = 3  # of a text, before their ends say anything
_MOST = 2 / 3
_LONG = 12  # characters of a line that may be broken off
_CLAUSE = re.compile(r"[，、；,;]")
_CALL = re.compile(r"\d{7,}|\d{3,4}-\d{7,8}|[\w.]+@\w|https?://|www\.")  # whom to call or write to
_VEILED = re.compile(r"[\ue000-\uf8ff]")
_FEW_VEILED = 3  # characters of a private font that a rare name needs; more are a veil


def additions(titles: Iterable[tuple[str, str]]) -> int:
    """Of pairs of an article's title and what its list calls it: how many have one and the same addition, as
    the count of its readers (numbers aside), at least three."""
    added: Counter[str] = Counter()
    for own, listed in titles:
        if listed and listed in own and own != listed:
            added[_NUMBER.sub("0", own.replace(listed, "\0", 1))] += 1
    return max([0, *(count for count in added.values() if count >= _LINES)])


def tailed(lines: Sequence[str]) -> bool:
    """Whether most lines of a text end alike, though they are others."""
    told = {line for line in lines if len(line) > 2 * _WORDS}
    if len(told) < _LINES:
        return False
    return Counter(line[-_WORDS:] for line in told).most_common(1)[0][1] >= len(told) * _MOST


def formula(texts: Sequence[Sequence[str]]) -> float:
    """The share of texts whose first, or last, lines begin or end with the same words, at least three."""
    if len(texts) < _LINES:
        return 0.0
    ends = [(lines[0], lines[-1]) for lines in texts if lines]
    found = [
        Counter(_NUMBER.sub("0", piece) for piece in pieces).most_common(1)[0][1]
        for pieces in (
            [first[:_WORDS] for first, _ in ends],
            [first[-_WORDS:] for first, _ in ends],
            [last[:_WORDS] for _, last in ends],
            [last[-_WORDS:] for _, last in ends],
        )
        if pieces
    ]
    most = max([0, *found])
    return round(most / len(texts), 3) if most >= _LINES else 0.0


def told_twice(listed: Mapping[str, Collection[str]]) -> float:
    """Of articles by their addresses, with the numbers of the pages that list them: the share that stands on
    several pages."""
    return round(sum(len(set(pages)) > 1 for pages in listed.values()) / len(listed), 3) if listed else 0.0


def breaks_off(line: str) -> bool:
    """Whether a line without a full stop is a sentence cut short: no verse, no names, no number to call."""
    plain = line.strip()
    return len(plain) >= _LONG and bool(_CLAUSE.search(plain)) and not _CALL.search(plain)


def veiled(text: str) -> bool:
    """Whether characters of a private font stand for others."""
    return len(_VEILED.findall(text)) > _FEW_VEILED
