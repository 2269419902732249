"""Two texts -> how alike they are, and the few numbers by which an index finds texts that may be."""

from __future__ import annotations

import heapq
import unicodedata
from hashlib import blake2b

_SIZE = 3  # characters: two are too common in Chinese to tell texts apart
_SKETCH_SIZE = 6  # characters: rare enough that few unlike texts share one
SKETCH = 8  # numbers kept of a text


def core(text: str) -> str:
    """What is left of a text without blanks, punctuation, width and case: its letters and digits.

    >>> core("名山区科协 把茶园办成“课堂”！ＡＢ１")
    '名山区科协把茶园办成课堂ab1'
    """
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def shingles(text: str, size: int = _SIZE) -> frozenset[str]:
    """All runs of `size` characters of a text's core; one shorter than that is its own only run."""
    kept = core(text)
    if len(kept) <= size:
        return frozenset([kept] if kept else [])
    return frozenset(kept[n : n + size] for n in range(len(kept) - size + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index of two sets of shingles: 0 nothing in common, 1 the same; two empty ones are."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


def containment(part: frozenset[str], whole: frozenset[str]) -> float:
    """The share of `part` that stands in `whole`, 0 to 1; of nothing, all."""
    return len(part & whole) / len(part) if part else 1.0


def sketch(text: str, count: int = SKETCH) -> tuple[int, ...]:
    """The `count` smallest hashes of a text's longer shingles (bottom-k), ascending.

    Alike texts share some of them, whatever their order and length (Broder 1997); unlike ones almost never.
    The hashes have 63 bits, are no negative numbers, and are the same in every process and release.
    """
    hashes = {
        int.from_bytes(blake2b(one.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
        for one in shingles(text, _SKETCH_SIZE)
    }
    return tuple(heapq.nsmallest(count, hashes))
