"""What a list or a head line prints -> an edition's number and date, a page's number and name."""

from __future__ import annotations

from bulletins import dates, folios, layouts
from bulletins.markup import Node
from bulletins.model import Edition, PageNo


def folio(entry: str) -> PageNo | None:
    """An entry of the list of pages; without a number it is the page's name."""
    return folios.page(entry) or (PageNo(None, entry) if entry else None)


def edition(pages: layouts.Pages, known: Edition | None) -> Edition | None:
    """The edition's number and date: as the list that led here says, else as this page says."""
    number = (known.number if known else None) or folios.issue(pages.issue)
    date = (known.date if known else None) or next(filter(None, map(dates.day, pages.dates)), None)
    return Edition(number, date) if number is not None or date is not None else None


def is_another(tree: Node, base: str, known: Edition | None) -> bool:
    """Whether a page prints days and a number that all are another edition's: where 下一版 of an edition's
    last page leads to the next one."""
    if known is None:
        return False
    printed = layouts.margins(tree, base, layouts.Trust())
    days = {day for day in map(dates.day, printed.dates) if day}
    number = folios.issue(printed.issue)
    other_day = known.date is not None and bool(days) and known.date not in days
    return other_day or (None not in (number, known.number) and number != known.number)


def numbered(edition: Edition | None, head: str) -> Edition | None:
    number = folios.issue(head)
    return Edition(number, edition.date if edition else None) if number is not None else edition


def page(known: PageNo | None, head: str) -> PageNo | None:
    """The page's number and name, from the list and, where that is silent, from the article's head line."""
    said = folios.page(head)
    if known is None or said is None:
        return known or said
    return PageNo(known.number or said.number, known.name or said.name)
