"""What is searched: texts and words in, the codes that an index keeps of them, and where they stand, out.

Chinese has no spaces, so the index knows every pair of characters that stand side by side; Latin words and
numbers are taken the same way. A word of two characters is thus one code, and a longer one several, which do
not yet prove that it stands there: `has` does.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from feeds.scope import FeedKey

_PAIR = 1 << 21  # above every character
_CODES = 12  # of a word that is looked for: more narrow nothing further


def plain(text: str) -> str:
    """Text as it is compared: full-width forms and letter case do not matter (NFKC, case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def codes_of(title: str, paragraphs: Iterable[str], feeds: Iterable[FeedKey]) -> set[int]:
    """All that the index keeps of an item: its pairs, the single characters of its title, its feeds."""
    found = {code_of(key) for key in feeds}
    found.update(ord(character) for run in _runs(plain(title)) for character in run)
    for text in (title, *paragraphs):
        for run in _runs(plain(text)):
            found.update(_pairs(run))
    return found


def code_of(key: FeedKey) -> int:
    """What stands for being in a feed; above all pairs."""
    digest = hashlib.sha256(key.path.encode()).digest()
    return 1 << 62 | int.from_bytes(digest[:7], "big")


def codes(word: str) -> tuple[int, ...]:
    """What an item has that has all the words in `word`, which spaces part; empty where no character of it is
    kept. A single character is kept of titles alone, and so it is asked for only where nothing else is: an
    item that has the rest may have it in its text, which `has` looks at."""
    found: dict[int, None] = {}
    runs = [list(_runs(part)) for part in plain(word).split()]
    for part in runs:
        pairs = list(dict.fromkeys(pair for run in part for pair in _pairs(run)))
        step = max(1, -(-len(pairs) // _CODES))
        found |= dict.fromkeys(pairs[::step])
    if not found:
        found = dict.fromkeys([ord(run) for part in runs for run in part][:_CODES])
    return tuple(found)


def single(word: str) -> bool:
    """Whether it is looked for by single characters, and so in titles alone."""
    return all(code < _PAIR for code in codes(word))


def _runs(text: str) -> Iterator[str]:
    """The stretches of letters, digits and characters between all that is neither."""
    run: list[str] = []
    for character in text:
        if character.isalnum():
            run.append(character)
        elif run:
            yield "".join(run)
            run = []
    if run:
        yield "".join(run)


def _pairs(run: str) -> Iterator[int]:
    return (ord(one) * _PAIR | ord(other) for one, other in pairwise(run))


def has(text: str, words: str) -> bool:
    """Whether all words in `words`, which spaces part, stand in a text; both as they are compared."""
    return all(word in text for word in words.split())


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in stretches, each with whether it is one of the words; the stretches make up the text."""
    flat, origin = _flat(text)
    hit = bytearray(len(text))
    for word in {part for each in words for part in plain(each).split()}:
        at = flat.find(word)
        while at >= 0:
            first, last = origin[at], origin[at + len(word) - 1]
            hit[first : last + 1] = b"\1" * (last + 1 - first)
            at = flat.find(word, at + len(word))
    found: list[tuple[str, bool]] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[begun]:
            found.append((text[begun:at], bool(hit[begun])))
            begun = at
    return found if text else []


def around(text: str, words: Sequence[str], length: int) -> str:
    """A stretch of a text of about so many characters that shows the first of the words; its beginning where
    none stands there."""
    flat, origin = _flat(text)
    places = [flat.find(part) for each in words for part in plain(each).split()]
    first = min((origin[at] for at in places if at >= 0), default=0)
    begin = max(0, min(first - length // 3, len(text) - length))
    cut = text[begin : begin + length]
    return ("…" if begin else "") + cut + ("…" if begin + length < len(text) else "")


def _flat(text: str) -> tuple[str, Sequence[int]]:
    """A text as it is compared, character by character, and for each of its places that of the text."""
    whole = plain(text)
    if len(whole) == len(text):  # so it is with nearly all: nothing was joined or taken apart
        return whole, range(len(text))
    flat: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        made = plain(character)
        flat.append(made)
        origin += [at] * len(made)
    return "".join(flat), origin
