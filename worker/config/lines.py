"""A key of config.toml as pydantic names it -> the line on which it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_HEADING = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.-]+|\"[^\"]+\")\s*=")


def line_of(text: str, loc: Sequence[int | str]) -> int | None:
    """The number of the line, from 1, that gives this key its value, or the table that it stands in inline;
    None for a key that is not written there."""
    tables: Counter[str] = Counter()
    table: tuple[int | str, ...] = ()
    found, depth = None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            first, *rest = heading[2].split(".")
            tables[first] += heading[1] == "[["
            table = (first, tables[first] - 1, *rest) if tables[first] else (first, *rest)
        elif key := _KEY.match(line):
            path = (*table, *key[1].strip('"').split("."))
            if path == tuple(loc[: len(path)]) and len(path) > depth:
                found, depth = number, len(path)
    return found
