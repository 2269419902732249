"""An edition of a newspaper -> its past ones: their addresses, by the day or as its page names them."""

from __future__ import annotations

import re
from datetime import date

from bulletins import charset, pastdays
from bulletins.errors import UndecodablePage
from bulletins.markup import parse
from bulletins.model import Page

_SEPARATOR = "([-/_.]?)"


def on_day(address: str, known: date, wanted: date) -> str | None:
    """The address of another day's edition, made of one whose day stands in it (202408/02, 2024-08/02,
    20240802, 2024/08/02, ?date=2024-08-02, ?y=2024&m=08&d=02), wherever it does; None where it does not."""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    made = _rewritten(path, known, wanted)
    return None if made is None else f"{scheme}://{host}{slash}{made}"


def ways_back(page: Page) -> pastdays.Earlier:
    """The past editions that a kept page leads to: those of its list or calendar, and its 上一期."""
    try:
        tree = parse(charset.decode(page.body, page.content_type).text)
    except UndecodablePage:
        return pastdays.Earlier()
    return pastdays.earlier(tree, tree.base(page.url))


def _rewritten(path: str, known: date, wanted: date) -> str | None:
    apart = {name: re.compile(rf"([?&]{name}\w*=){_digits(number)}(?!\d)") for name, number in _parts(known)}
    if all(each.search(path) for each in apart.values()):
        for name, number in _parts(wanted):
            held = apart[name].search(path)
            if held:
                path = f"{path[: held.start(2)]}{_as_wide(held[2], number)}{path[held.end(2) :]}"
        return path
    year, month, day = (_digits(number) for _, number in _parts(known))
    whole = re.compile(rf"(?<!\d){year}{_SEPARATOR}{month}{_SEPARATOR}{day}(?!\d)")

    def written(match: re.Match[str]) -> str:
        numbers = (match[1], match[3], match[5])
        new = [_as_wide(each, n) for each, (_, n) in zip(numbers, _parts(wanted), strict=True)]
        return f"{new[0]}{match[2]}{new[1]}{match[4]}{new[2]}"

    made, count = whole.subn(written, f"/{path}")
    if not count:
        return None
    # Folders of a year, or of a month, above the day's: 2024/20240802/20240802_A01.html.
    made = re.sub(rf"(?<=/){known:%Y}(?=/)", f"{wanted:%Y}", made)
    return re.sub(rf"(?<=/){known:%Y}(-?){known:%m}(?=/\d{{4}})", rf"{wanted:%Y}\g<1>{wanted:%m}", made)[1:]


def _parts(day: date) -> tuple[tuple[str, int], ...]:
    return ("y", day.year), ("m", day.month), ("d", day.day)


def _digits(number: int) -> str:
    return f"(0?{number})"


def _as_wide(written: str, number: int) -> str:
    """With a zero before it where the known one had, or could have had, one."""
    return str(number) if len(written) == 1 else f"{number:02d}"
