"""What a layout reports: strings and links as they stand on a page, uninterpreted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bulletins.markup import Node
from bulletins.model import Block

Found = TypeVar("Found", covariant=True)


@dataclass(frozen=True, slots=True)
class Trust:
    """How sure a part is of what it found, from 0 to 1, and by which evidence; `fault` is what makes it of
    no use at all."""

    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    fault: str = ""


SURE = Trust()
_ROUND = 2  # digits of a confidence


def weighed(*evidence: tuple[float, str]) -> Trust:
    """The confidence that pieces of evidence add up to, and those that count."""
    total = max(0.0, min(1.0, sum(weight for weight, _ in evidence)))
    return Trust(
        round(total, _ROUND),
        tuple(f"{said} ({weight:+.2f})" for weight, said in evidence if round(weight, 2)),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a list: where it leads (absolute) and what it says; the page (版) under whose heading it
    stands where one list has those of several; the page as printed (PDF) that stands beside it; the day that
    its row has, as printed."""

    href: str
    text: str
    page: str = ""
    pdf: str | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The list of an edition's pages (版面). `issue` and `dates` are texts in which its 期号 and its date may
    stand, the likeliest first; `current` is the link of the page that is being shown; `dead` counts entries
    without an address, `titles` the different texts of those that have one, where `links` has one of each
    address. `trust` says how sure it is of what it found, which families are. `next` is where the page's
    下一版 leads, of a newspaper that has no such list."""

    links: tuple[Link, ...]
    issue: str = ""
    dates: tuple[str, ...] = ()
    current: str = ""
    dead: int = 0
    titles: int = 0
    trust: Trust = SURE
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article. `head` is the line that tells issue and page; `headings` are lines that may be its title
    where `title`, which surely is, is empty. `name` tells it from others on the same page, and `href` is its
    own address (absolute) where a list holds whole articles. `date` is a text in which its own date stands,
    `byline` one that stands apart from the body and says who signed, `column` the one that its page names."""

    title: str
    blocks: tuple[Block, ...]
    head: str = ""
    headings: tuple[str, ...] = ()
    name: str = ""
    href: str | None = None
    pdf: str | None = None
    date: str = ""
    byline: str = ""
    column: str = ""
    trust: Trust = SURE


@dataclass(frozen=True, slots=True)
class Articles:
    """The list of a page's articles, and the address of the page as printed (PDF); `dead` counts entries
    without an address, `titles` the different texts of those that have one; `texts` are articles that stand
    here whole; `next` leads to where the list goes on; `column` is what the page calls it."""

    links: tuple[Link, ...]
    pdf: str | None = None
    dead: int = 0
    titles: int = 0
    texts: tuple[Article, ...] = ()
    next: str | None = None
    column: str = ""
    trust: Trust = SURE


@dataclass(frozen=True, slots=True)
class Part(Generic[Found]):
    """One part of a layout: how sure it is of a page, from 0 to 1, and what it finds there, given the page's
    own address."""

    score: Callable[[Node], float]
    read: Callable[[Node, str], Found]


@dataclass(frozen=True, slots=True)
class Layout:
    """A template family. Skin and URL tree vary independently, so each part may come from another."""

    name: str
    pages: Part[Pages] | None = None
    articles: Part[Articles] | None = None
    article: Part[Article] | None = None
