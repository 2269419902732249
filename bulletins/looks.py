"""How one page is built, and what of it was read: what skeletons tell and judgement compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is built, and what of it was read. `paths`: its elements, each named with the two around it;
    `roles`: by what was read (title, body, entry), the path where it stood; `aside`: the lines that nobody
    read; `unread`: the share of its sentences among them, `sentences`: these, by their beginnings, with their
    characters, and `read`: the characters that were read; `unlisted`: addresses like those of its list's
    articles that are none of these; `links`: all whose text may be a title; `hosts`: where its list leads;
    `whole`: whether its source ends as it should;
    `goes_on`: whether it says that there is more elsewhere."""

    url: str
    kind: str  # a `PageKind`
    paths: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    unread: float = 0.0
    sentences: Mapping[str, int] = field(default_factory=dict)
    read: int = 0
    unlisted: frozenset[str] = frozenset()
    links: int = 0
    hosts: frozenset[str] = frozenset()
    whole: bool = True
    goes_on: bool = False
