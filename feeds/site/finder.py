"""What a reader may type to find a place: a division's name in, its spellings out."""

from __future__ import annotations

from functools import cache
from itertools import product

from bulletins.pinyin import readings, syllables

_SPELLINGS = 12  # of one name; two characters rarely have more
_DISTINCTIVE = 2  # characters whose every reading counts: what follows is mostly 县, 市, 区


@cache
def spellings(name: str) -> str:
    """The name, its toneless pinyin and its initials, separated by spaces, the likeliest first.

    Place names keep readings that dictionaries of words lack (荥经 is Yíngjīng, 筠连 Jūnlián), so every
    reading of the first two characters counts. `lv` and `lu` both stand for lü.

    >>> spellings("芦山县")
    '芦山县 lushanxian lsx hushanxian hsx'
    """
    usual = syllables(name)
    every = [readings(character) for character in name[:_DISTINCTIVE]]
    if len(usual) != len(name):  # letters or digits, which stay together in one syllable
        every = [(syllable,) for syllable in usual[:_DISTINCTIVE]]
    heads = [usual[: len(every)], *map(list, product(*every))]
    found = [name]
    for head in heads[:_SPELLINGS]:
        read = [*head, *usual[len(every) :]]
        whole = "".join(read)
        found += [whole, "".join(syllable[0] for syllable in read), whole.replace("v", "u")]
    return " ".join(dict.fromkeys(found)).lower()
