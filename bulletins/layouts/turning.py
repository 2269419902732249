"""A page of a newspaper -> where its 下一版 leads, or the pages that its scripts number: all that a newspaper
without a list of pages has."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bulletins.layouts.parts import Link, Trust
from bulletins.markup import Node
from bulletins.survey import Way, day_of, survey

_AROUND = r"[<>《》«»←→▶►\[\]【】()（）\s]*"
_NEXT = re.compile(rf"{_AROUND}(?:翻到|转到|阅读)?[下后]一?个?版面?{_AROUND}", re.I)
_NEXT_OF_ANY = re.compile(rf"{_AROUND}下一?页{_AROUND}")  # a list's too: where the page says which one it is
_ARROW = re.compile(r"[\W_]*")
_CALLED_NEXT = re.compile(r"(?:^|[-_\s])next(?:[-_]?(?:page|ban|bm|btn))?(?:$|[-_\s])", re.I)
# Numbers of pages in a script, which its buttons turn by: "001,002,003", ['A01', 'A02'].
_CODE = r"[A-Z]{0,2}\d{1,3}"
_CODES = re.compile(
    rf"""["']{_CODE}(?:[,;|]{_CODE})+["']|\[\s*["']{_CODE}["'](?:\s*,\s*["']{_CODE}["'])+\s*\]"""
)
_NUMBERS = re.compile(r"\d+")
TOLD = Trust(0.8, ("a link calls itself 下一版 (+0.80)",))


def following(tree: Node, url: str) -> str | None:
    """The absolute address that a page calls its next one; None where that is its own, another site's, or of
    another day."""
    seen = survey(tree)
    printed = any(node.tag not in ("a", "option") for _, node, _ in seen.folios)
    day, here = day_of(url), url.partition("#")[0]
    for way in seen.ways:
        if not _is_next(way, url, printed=printed):
            continue
        there = (way.address(url) or "").partition("#")[0]
        other = day_of(there)
        if there and there != here and urlsplit(there).hostname == urlsplit(url).hostname:
            return None if day and other and other != day else there
    return None


def _is_next(way: Way, url: str, *, printed: bool) -> bool:
    if _NEXT.fullmatch(way.label) or (printed and _NEXT_OF_ANY.fullmatch(way.label)):
        return True
    if not (printed and _ARROW.fullmatch(way.label) and _CALLED_NEXT.search(way.node.called)):
        return False
    return _NUMBERS.sub("0", way.address(url) or "") == _NUMBERS.sub("0", url)


def numbered(tree: Node, url: str) -> tuple[Link, ...]:
    """The pages that a page's scripts number, at its own address with each number in place of its own; none
    where its address ends with none of them."""
    above, _, last = url.partition("#")[0].rpartition("/")
    for match in _CODES.finditer(tree.scripts):
        codes = tuple(dict.fromkeys(re.findall(_CODE, match[0])))
        for own in codes if len(codes) > 1 and codes == tuple(sorted(codes)) else ():
            if place := _last_place(own, last):
                names = [(code, f"{last[: place.start()]}{code}{last[place.end() :]}") for code in codes]
                return tuple(Link(f"{_folder(above, last, own, *name)}/{name[1]}", "") for name in names)
    return ()


def _last_place(code: str, name: str) -> re.Match[str] | None:
    found = re.finditer(rf"(?<![A-Za-z0-9]){code}(?![A-Za-z0-9])", name)
    return max(found, key=lambda place: place.start(), default=None)


def _folder(above: str, last: str, own: str, code: str, name: str) -> str:
    """The folder of the page with a `code` and a file's `name`: where each page has one of its own, that is
    called as its file, or as its number if that is no day of the month."""
    around, _, folder = above.rpartition("/")
    if folder == last.rpartition(".")[0]:
        return f"{around}/{name.rpartition('.')[0]}"
    return f"{around}/{code}" if folder == own and not own.isdigit() else above
