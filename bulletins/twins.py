"""Two items -> whether they are versions, parts or copies of one another."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bulletins import identity
from bulletins.dates import SHANGHAI
from bulletins.likeness import containment, core, likeness, shingles
from bulletins.model import Item

# Measured in shares of shingles of three characters; lengths in characters without blanks and punctuation.
_VERSION = 0.5  # likeness of two versions of one text of an article
_RENAMED = 0.9  # of two whose headings name different divisions: sections are often cut from one pattern
_PART = 0.8  # containment of a part
_LEAST_PART = 12  # shingles: a shorter text is part of many
_COPY = 0.9  # likeness of an article that has moved, under the same title
_LEAST_COPY = 100  # characters, from which a text alone says what article it is
_LEAST_TITLED = 40  # characters, from which title and text say so, whatever the pictures
_TWIN = 0.6  # likeness from which an item that seems new is held under another id
_KIN = 0.6  # likeness of a notice that two sources print
_LEAST_KIN = 30  # shingles
_KIN_DAYS = timedelta(days=10)  # within which province, city and county print the same notice


@dataclass(frozen=True, eq=False)
class Text:
    """An item with what is compared of it, worked out when first asked for."""

    item: Item

    @cached_property
    def article(self) -> str:
        return identity.key(self.item.link)

    @cached_property
    def bare(self) -> str:
        return identity.key(identity.bare(self.item.link))

    @cached_property
    def title(self) -> str:
        return core(self.item.title)

    @cached_property
    def core(self) -> str:
        return core("\n".join(self.item.paragraphs))

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles(self.core)

    @cached_property
    def numbers(self) -> Counter[str]:
        return Counter(re.findall(r"\d+", self.core))

    @cached_property
    def pictures(self) -> frozenset[str]:
        return frozenset(block.url for block in self.item.blocks if block.url)

    @property
    def heading(self) -> str | None:
        """The division that a section's heading names."""
        region = self.item.region
        return region.code if self.item.section and region and region.how == "heading" else None


def same_words(one: Text, other: Text) -> bool:
    """The same text, letter by letter; of pictures without words, the same pictures."""
    return one.core == other.core and (bool(one.core) or one.pictures == other.pictures)


def versions(one: Text, other: Text, *, parts: bool = True) -> bool:
    """Two readings of one article's text or, with `parts`, of a part of it and the whole."""
    alike = likeness(one.shingles, other.shingles)
    if one.heading and other.heading and one.heading != other.heading:
        return alike >= _RENAMED
    if alike >= _VERSION or not parts:
        return alike >= _VERSION
    part, whole = sorted((one.shingles, other.shingles), key=len)
    return len(part) >= _LEAST_PART and containment(part, whole) >= _PART


def part_of(part: Text, whole: Text) -> bool:
    """Whether a text stands in another one; a short one only letter by letter."""
    if len(part.shingles) < _LEAST_PART:
        return bool(part.core) and part.core in whole.core
    return containment(part.shingles, whole.shingles) >= _PART


def copies(one: Text, other: Text) -> bool:
    """The same article at two addresses, both of which are there: letter by letter. Notices cut from one
    pattern differ in a name or a number, and each is news; so is one sentence under different pictures."""
    if one.article == other.article or not _same_day(one.item, other.item):
        return False
    if not one.core or one.core != other.core:
        return False
    if one.title == other.title:
        return one.pictures == other.pictures or len(one.core) >= _LEAST_TITLED
    return len(one.core) >= _LEAST_COPY


def moved(old: Text, new: Text) -> bool:
    """An article that is no longer where it was, at its new address: a word of it may have changed."""
    if copies(old, new):
        return True
    return (
        old.article != new.article
        and _same_day(old.item, new.item)
        and old.title == new.title
        and min(len(old.core), len(new.core)) >= _LEAST_COPY
        and old.numbers == new.numbers
        and likeness(old.shingles, new.shingles) >= _COPY
    )


def reprint(old: Text, new: Text) -> bool:
    """The same text again, whatever its day, address and title: letter by letter, and of more than a few
    words, for those are printed again as news."""
    return len(new.core) >= _LEAST_TITLED and old.core == new.core


def titled(one: Text, other: Text) -> bool:
    """Two articles, none of them in sections, under one headline of one day."""
    whole = not one.item.section and not other.item.section
    return whole and one.title == other.title and _same_day(one.item, other.item)


def twins(held: Text, new: Text) -> bool:
    """An item that seems new, whatever its day and address, and one that is held."""
    return same_words(held, new) or likeness(held.shingles, new.shingles) >= _TWIN


def kin(one: Text, other: Text) -> bool:
    """The same notice in two sources, one of which may print it shortened."""
    if one.item.source == other.item.source:
        return False
    if abs(one.item.published - other.item.published) > _KIN_DAYS:
        return False
    part, whole = sorted((one.shingles, other.shingles), key=len)
    if len(part) < _LEAST_KIN:
        return False
    return likeness(part, whole) >= _KIN or containment(part, whole) >= _PART


def _same_day(one: Item, other: Item) -> bool:
    if one.edition is not None and one.edition == other.edition:
        return True
    return one.published.astimezone(SHANGHAI).date() == other.published.astimezone(SHANGHAI).date()
