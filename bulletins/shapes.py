"""Data whose keys say nothing -> the same, with the keys that its values speak for.

A site may call its titles `bt2` and its texts `f_c`: what a list of objects holds is told by what stands
under each key in all of them, as a reader tells it who sees a table without its head. Keys that say what they
mean are left alone, and so is a list that is none of pages and of articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from bulletins import bylines, objects
from bulletins.bylines.names import is_person
from bulletins.survey import FOLIO, is_address

Row = Mapping[str, Any]
Columns = Mapping[str, Sequence[str]]  # by key, what the rows have there
Sheet = tuple[str, str]  # a page's number and name

_MARKUP = re.compile(r"<(?:p|br|div|span|section)\b[^<>]{0,300}>", re.I)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[A-Z]{1,3}\d{1,3}|\d{1,3}")
_LETTERED = re.compile(r"[A-Z]{1,3}\d{1,3}|0\d")
_PDF = re.compile(r"\.pdf(?:$|\?)", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34])(?:$|\?)", re.I)
_SUMMED = re.compile(
    r"summ|abstract|desc|intro|brief|digest|zhaiyao|daodu|^(?:zy|jj|dd)$", re.I
)  # of what stands elsewhere
_LONGEST_TITLE = 60  # characters
_LONGEST_NAME = 10  # of a page: 要闻, 经济·社会
_SHORTEST_TEXT = 20
_HEADLINE = 8  # characters that those of a list have on average; entries of a menu have fewer
_MOST_ROWS = 200  # of a list that are looked at
_MOST_SHEETS = 300  # of one edition; the thickest newspapers have about 100
_DEEPEST = 12  # levels of a value
_WITHIN = 2  # levels of objects that tell of one thing


def named(value: Any) -> Any:
    """A value of JSON or a script, with keys that `objects` knows beside those that it does not; the pages
    that it lists name the object that is about one of them."""
    told = _told(value, 0)
    sheets: dict[str, set[str]] = {}
    for number, name in islice(_sheets(told, 0), _MOST_SHEETS):
        sheets.setdefault(name, set()).add(number)
    return _placed(told, sheets, 0)


def _told(value: Any, level: int) -> Any:
    if level > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {name: _told(each, level + 1) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    rows = [dict(_flat(each)) for each in value if isinstance(each, dict)]
    keys = _meanings(rows[:_MOST_ROWS]) if rows and len(rows) == len(value) else {}
    told = [_told(each, level + 1) for each in value]
    if not keys:
        return told
    return [
        {**each, **{name: row[key] for name, key in keys.items() if key in row}}
        for each, row in zip(told, rows, strict=True)
    ]


def _flat(row: Row, level: int = 0) -> Iterator[tuple[str, Any]]:
    """What is said of one thing, also where that stands in objects of its own: {"head": {"t": …}}."""
    for key, each in row.items():
        if isinstance(each, dict) and level < _WITHIN:
            yield from (
                (name if level or name not in row else f"{key}.{name}", x)
                for name, x in _flat(each, level + 1)
            )
        else:
            yield key, each


def _meanings(rows: Sequence[Row]) -> dict[str, str]:
    """By the name that is known, the key of these rows that has such values; empty for what is neither a list
    of pages nor of articles."""
    columns = {key: [row[key] for row in rows] for key in rows[0] if all(key in row for row in rows)}
    texts = {key: told for key, values in columns.items() if any(told := _as_texts(values))}
    rows = [{key: row[key] for key in columns} for row in rows]
    return _of_articles(rows, texts) or _of_pages(rows, texts) or _of_links(rows, texts)


def _of_articles(rows: Sequence[Row], texts: Columns) -> dict[str, str]:
    body = _most({key: said for key, said in texts.items() if not _SUMMED.search(key)}, _is_text)
    rest = {key: said for key, said in texts.items() if key != body}
    title = _knows(rows, objects.TITLE) or _title(rest)
    if not body or not title:
        return {}
    address = _knows(rows, objects.ADDRESS) or _most(rest, _is_page)
    signed = _knows(rows, objects.AUTHOR) or _signed({key: rest[key] for key in rest if key != title})
    return _helped(rows, title=title, content=body, url=address, author=signed, pdf=_most(rest, _is_pdf))


def _of_pages(rows: Sequence[Row], texts: Columns) -> dict[str, str]:
    address = _knows(rows, objects.ADDRESS) or _most(texts, _is_page)
    holds = all(any(isinstance(each, list) for each in row.values()) for row in rows)
    if not (address or holds):
        return {}
    if whole := _each(texts, lambda said: FOLIO.match(said) is not None):
        return _helped(rows, pagename=whole, url=address, pdf=_most(texts, _is_pdf))
    number = _each(texts, lambda said: _NUMBER.fullmatch(said) is not None)
    name = _each(texts, _is_name, few=True)
    if not number or not name:
        return {}
    if not all(map(_LETTERED.fullmatch, texts[number])) and not _counts(texts[number]):
        return {}
    return _helped(rows, pageno=number, pagename=name, url=address, pdf=_most(texts, _is_pdf))


def _of_links(rows: Sequence[Row], texts: Columns) -> dict[str, str]:
    title, address = _title(texts), _most(texts, _is_page)
    if not title or not address or sum(map(len, texts[title])) < _HEADLINE * len(rows):
        return {}
    return _helped(rows, title=title, url=address)


def _helped(rows: Sequence[Row], **keys: str) -> dict[str, str]:
    """Those of the keys that are found, and are not called so already."""
    return {name: key for name, key in keys.items() if key and name not in rows[0]}


def _knows(rows: Sequence[Row], meaning: re.Pattern[str]) -> str:
    """The key that says what it means, with a value wherever a row has one."""
    return next((key for key in rows[0] if meaning.fullmatch(key) and objects.text_of(rows[0], meaning)), "")


def _title(texts: Columns) -> str:
    """Of the keys whose values all are lines, hardly one like another, that of the longest."""
    lines = {
        key: said
        for key, said in texts.items()
        if all(map(_is_line, said)) and len(set(said)) * 2 > len(said)
    }
    return max(lines, key=lambda key: sum(map(len, lines[key])), default="")


def _signed(texts: Columns) -> str:
    """The key under which there is nothing but who wrote, wherever there is anything."""
    return next((key for key, said in texts.items() if all(map(_is_byline, filter(None, said)))), "")


def _is_byline(said: str) -> bool:
    byline = bylines.closing(said)
    return bool(is_person(said, lenient=False)) or (byline is not None and not byline.rest)


def _as_texts(values: Sequence[Any]) -> list[str]:
    told = all(isinstance(each, (str, int)) and not isinstance(each, bool) for each in values)
    return [str(each).strip() for each in values] if told else []


def _most(texts: Columns, fits: Callable[[str], bool]) -> str:
    """The key most of whose values fit, in more than half of the rows; of equals the first."""
    counts = {key: sum(map(fits, said)) for key, said in texts.items()}
    best = max(counts, key=lambda key: counts[key], default="")
    return best if best and counts[best] * 2 > len(texts[best]) else ""


def _each(texts: Columns, fits: Callable[[str], bool], *, few: bool = False) -> str:
    """The first key all of whose values fit, each another; `few`: some may be alike."""
    for key, said in texts.items():
        if all(map(fits, said)) and (few or len(set(said)) == len(said)):
            return key
    return ""


def _is_text(said: str) -> bool:
    return (
        len(said) >= _SHORTEST_TEXT and _MARKUP.search(said) is not None and _CHINESE.search(said) is not None
    )


def _is_line(said: str) -> bool:
    return 0 < len(said) <= _LONGEST_TITLE and _CHINESE.search(said) is not None and not _MARKUP.search(said)


def _is_page(said: str) -> bool:
    return is_address(said) and not _PDF.search(said) and not _PICTURE.search(said)


def _is_pdf(said: str) -> bool:
    return is_address(said) and _PDF.search(said) is not None


def _is_name(said: str) -> bool:
    return len(said) <= _LONGEST_NAME and _CHINESE.search(said) is not None


def _counts(numbers: Sequence[str]) -> bool:
    """Whether numbers are those of pages, from the first to the last: 1, 2, 3."""
    return [number.lstrip("0") for number in numbers] == [str(n) for n in range(1, len(numbers) + 1)]


def _sheets(value: Any, level: int) -> Iterator[Sheet]:
    """The numbers and names of the pages that a value lists."""
    if level > _DEEPEST:
        return
    if isinstance(value, dict):
        if name := value.get("pagename"):
            yield str(value.get("pageno") or ""), str(name)
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _sheets(each, level + 1)


def _placed(value: Any, sheets: Mapping[str, Collection[str]], level: int) -> Any:
    """The objects that hold lists and are about one of the pages, by name their numbers, with its number and
    name as it has them."""
    if level > _DEEPEST or not sheets or not isinstance(value, (dict, list)):
        return value
    if isinstance(value, list):
        return [_placed(each, sheets, level + 1) for each in value]
    made = {name: _placed(each, sheets, level + 1) for name, each in value.items()}
    holds = any(isinstance(each, (dict, list)) for each in value.values())
    if not holds or "pagename" in value:
        return made
    said = [str(each) for each in value.values() if isinstance(each, (str, int))]
    for name in said:
        for number in sorted(sheets.get(name, ()), reverse=True):
            if number in ("", *said):
                return {**made, "pagename": name, **({"pageno": number} if number else {})}
    return made
