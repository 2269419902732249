"""Chinese characters -> their toneless readings; the one file that knows pypinyin."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from types import ModuleType


def syllables(text: str) -> list[str]:
    """Read by the phrase, not the character (重庆 is chong qing); ü is v. Other text stays as it is."""
    return cast("list[str]", _dictionary().lazy_pinyin(text))


@cache
def readings(character: str) -> tuple[str, ...]:
    """Every reading of one character, the likeliest first; ü is v."""
    dictionary = _dictionary()
    found = dictionary.pinyin(character, style=dictionary.Style.NORMAL, heteronym=True)
    return tuple(found[0]) if found else ()


@cache
def _dictionary() -> ModuleType:
    """Loaded when first needed: it takes 56 MB and a quarter of a second (measured), and most processes and
    commands never spell anything."""
    import pypinyin

    return pypinyin
