"""A fault that pydantic found -> what to do about it, in the words of config.toml."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "this key is required",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number, without quotes",
    "int_parsing_size": "write a whole number that is not so large",
    "int_from_float": "write a whole number",
    "float_type": "write a number, without quotes",
    "float_parsing": "write a number, without quotes",
    "finite_number": "write a number that has an end",
    "greater_than": "write a number above {gt:g}",
    "greater_than_equal": "write a number from {ge:g}",
    "less_than_equal": "write a number up to {le:g}",
    "string_unicode": "write it in UTF-8",
    "string_too_short": "it may not be empty",
    "literal_error": "allowed are {expected}",
    "enum": "allowed are {expected}",
}
_TABLES = ("dict_type", "model_type", "model_attributes_type")


def words(error: ErrorDetails) -> str:
    """What is wrong and what is allowed. A check of our own has said so itself."""
    kind, given, loc = error["type"], error["input"], error["loc"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind in ("string_type", "path_type"):
        return _quoted(given)
    if kind == "tuple_type":
        return _listed(given, loc)
    if kind in _TABLES:
        return f"it is a table: write {_heading(loc)} and its keys below"
    return _WORDS.get(kind, error["msg"]).format_map(_plain(error.get("ctx", {})))


def shown(value: object) -> str | None:
    """A single value as config.toml has it; None for others."""
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int | float) else None


def _quoted(given: object) -> str:
    if isinstance(given, int | float | date | time) and not isinstance(given, bool):
        return f'put the value in quotes: "{shown(given)}"'
    return "write one text, in quotes"


def _listed(given: object, loc: Sequence[int | str]) -> str:
    if len(loc) == 1:
        return f"there can be several: write [[{loc[0]}]] with two brackets above the keys of each"
    example = shown(given) if isinstance(given, str) else '"…"'
    return f"it is a list: write it in brackets, such as [{example}]"


def _heading(loc: Sequence[int | str]) -> str:
    """The line above the keys of a table."""
    name = ".".join(part for part in loc if isinstance(part, str))
    return f"[[{name}]]" if isinstance(loc[-1], int) else f"[{name}]"


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    """pydantic's "'a', 'b' or 'c'" without its quotes."""
    return {name: value.replace("'", "") if name == "expected" else value for name, value in context.items()}
