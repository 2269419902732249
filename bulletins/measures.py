"""A reading -> figures that say how well it went, each comparable with those of other readings."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit
from zlib import crc32

from bulletins import identity, repeats
from bulletins.looks import Look
from bulletins.model import BlockKind, ColumnKind, Item, PageKind, Precision, Reading
from bulletins.refusals import spam
from bulletins.skeletons import LONGEST_LINE

_LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_END = re.compile(r"[。！？；：…”’」』》）)\]】!?.~—]\s*$")
_JUNK = re.compile(
    r"\{\{|\}\}|<%|&(?:lt|gt|amp|nbsp|#\d+);|</?(?:p|br|div|span|strong)\b|\bundefined\b|\[object Object\]"
    r"|加载中|正在加载|[\u00c0-\u00ff\u0080-\u009f]{3}|\?\?\?|[\u3400-\u9fff]\?{1,3}[\u3400-\u9fff]"
)
# A line of signs at random, against copying; codes of companies have no small letters.
_CODE = re.compile(r"(?=\w*\d)(?=\w*[a-z])[0-9a-zA-Z]{12,}")
# What stands around a text and never in it: a line of it that several articles share is no news.
_MARGIN = re.compile(
    r"版权|转载|客户端|扫一扫|扫码|二维码|公众号|分享到|上一[篇条页]|下一[篇条页]|点击|登录|注册|相关(?:阅读|链接|新闻)"
    r"|推荐阅读|热门|打印|评论|首页|您的位置|当前位置|阅读全文|责任编辑"
)
# What is set off at a title's head, and at its end.
_HEAD = re.compile(
    r"(?:[\[【〔(（][^\])】〕）]{1,8}[\])】〕）]\s*)+|\d+[.、．]\s*|[^|｜_»>]{1,12}\s*[|｜_»>]\s*"
)
_TAIL = re.compile(r"\s*[_|｜]\s*[^|｜_]{1,12}$|\s+[-—–]{1,2}\s*[^-—–]{1,12}$|-[^-—–\d]{3,12}$")
_NUMBER = re.compile(r"\d+")
_LINE = 8  # characters of a line that counts as shared
_SENTENCE = 15  # characters of a line that is no formula
_BOTH = 2
_SHARED = 3  # articles with the same line
# Rejections that tell of news that could not be read, and not of what is no news.
_NO_NEWS = ("an advertisement", "a guide", "the editors", "a picture", "a page of pictures")

Figures = Mapping[str, float]


def measure(reading: Reading, margins: Collection[str] = (), hosts: Collection[str] = ()) -> Figures:
    """The figures of a reading: shares from 0 to 1, counts, lengths in characters, the middle day, and a
    number that names the addresses of its articles (`which`).
    `margins`: lines that are known to stand beside this source's texts; `hosts`: those that its lists are
    known to lead to."""
    whole = _distinct(reading)
    found: dict[str, float] = {"items": len(whole), "pages": _pages(reading)}
    found["spread"] = round(found["items"] / max(1.0, found["pages"]), 2)
    unread = [one for one in reading.rejections if not one.reason.startswith(_NO_NEWS)]
    if whole or unread:
        found["rejected"] = _share(len(unread), len(whole) + len(unread))
    found["unread"] = _unread([one for one in reading.looks if one.kind == PageKind.ARTICLE or one.unread])
    found["links"] = round(statistics.mean([one.links for one in _lists(reading)] or [0]), 1)
    led = [one for one in reading.follow if one.kind == PageKind.ARTICLE]
    asked = {*(one.url for one in reading.follow), *(one.url for one in reading.looks)}
    beside = {url for one in _lists(reading) for url in one.unlisted} - asked
    found["unlisted"] = _share(len(beside), len({one.url for one in led}))
    if hosts:
        found["foreign"] = _share(sum(urlsplit(one.url).hostname not in hosts for one in led), len(led))
    found["double"] = repeats.told_twice(_pages_of(reading))
    found["baited"] = _share(sum(spam(one.lead.title or "") for one in led), len(led))
    if not whole:
        return found
    found["which"] = crc32("\n".join(sorted({item.link for item in whole})).encode())
    found |= _of_fields(reading, whole)
    found |= _of_texts(whole, frozenset(margins))
    found["elsewhere"] = _elsewhere(reading.looks)
    found["within"] = _within(reading.items)
    found["day"] = statistics.median(item.published.toordinal() for item in whole)
    return found


def _distinct(reading: Reading) -> list[Item]:
    """The articles. One that stands under two addresses, as its lists say, is one: the same is printed there,
    and neither shows what should be another's."""
    listed = _listed(reading)
    found: dict[tuple[str, ...], Item] = {}
    for item in reading.items:
        if item.section not in (0, 1):
            continue
        said = (item.title, *item.paragraphs)
        is_its_own = _agree(item.title, listed.get(item.link, item.title))
        found.setdefault(said if is_its_own else (item.link, *said), item)
    return list(found.values())


def _listed(reading: Reading) -> dict[str, str]:
    return {identity.link(one.url): one.lead.title for one in reading.follow if one.lead.title}


def _pages_of(reading: Reading) -> dict[str, list[str]]:
    """Of each article the pages of the edition that list it."""
    found: dict[str, list[str]] = {}
    for one in reading.follow:
        if one.kind == PageKind.ARTICLE and one.lead.page and one.lead.page.number:
            found.setdefault(one.url, []).append(one.lead.page.number)
    return found


def _unread(looks: Sequence[Look]) -> float:
    """The share of sentences on articles' pages that nobody read; what stands beside several texts is no part
    of any."""
    beside = Counter(line for one in looks for line in one.sentences)
    shares = []
    for one in looks:
        left = sum(count for line, count in one.sentences.items() if beside[line] < _SHARED)
        shares.append(left / (left + one.read) if left else 0.0)
    return round(statistics.median(shares), 3) if shares else 0.0


def _elsewhere(looks: Iterable[Look]) -> float:
    """The share of articles whose pages say that they go on somewhere else."""
    pages = [one.goes_on for one in looks if one.kind == PageKind.ARTICLE]
    return _share(sum(pages), len(pages))


def _is_ended(item: Item) -> bool:
    last = item.paragraphs[-1]
    return (
        bool(_END.search(last)) or item.blocks[-1].kind != BlockKind.PARAGRAPH or not repeats.breaks_off(last)
    )


def _is_junk(text: str, lines: Iterable[str]) -> bool:
    return bool(_JUNK.search(text)) or repeats.veiled(text) or any(map(_CODE.fullmatch, lines))


def _lists(reading: Reading) -> list[Look]:
    return [one for one in reading.looks if one.kind in _LISTS]


def _pages(reading: Reading) -> int:
    sheets = {item.page.number or item.page.name for item in reading.items if item.page}
    return max(1, len(sheets), sum(one.kind == PageKind.PAGE for one in reading.looks))


def _of_fields(reading: Reading, items: Sequence[Item]) -> dict[str, float]:
    n = len(items)
    listed = _listed(reading)
    known = [(item, listed[item.link]) for item in items if item.link in listed]
    found = {
        "dated": _share(sum(not _undated(item) for item in items), n),
        "timed": _share(sum(item.precision == Precision.MINUTE for item in items), n),
        "placed": _share(sum(item.region is not None and item.region.how != "source" for item in items), n),
        "headed": _share(sum(item.column is not None for item in items), n),
        "paged": _share(sum(item.page is not None for item in items), n),
        "numbered": _share(sum(bool(item.edition and item.edition.number) for item in items), n),
        "signed": _share(sum(bool(item.authors) for item in items), n),
        "column": statistics.median([len(name) for name in _standing(items)] or [4]),
        "native_columns": _native(item.column.name for item in items if item.column),
    }
    if len({item.link for item in items}) * 2 > n and known:
        found["agreeing"] = _share(sum(_agree(item.title, title) for item, title in known), len(known))
        added = repeats.additions((item.title, title) for item, title in known)
        found["added"] = _share(added, len(known))
    return found


def _of_texts(items: Sequence[Item], margins: frozenset[str]) -> dict[str, float]:
    n = len(items)
    bodies = ["".join(item.paragraphs) for item in items]
    lines = Counter(line for item in items for line in {p for p in item.paragraphs if _tells(p)})
    shared = {line for line, count in lines.items() if count >= _SHARED}
    marginal = {line for line in shared if _MARGIN.search(line)}
    found = {} if n < _SHARED else {"stamped": _stamped([item.title for item in items])}
    return found | {
        "title": statistics.median(len(item.title) for item in items),
        "body": statistics.median(map(len, bodies)),
        "native": _native(item.title for item in items),
        "native_bodies": _native(bodies),
        "ended": _share(sum(_is_ended(item) for item in items if item.paragraphs), n),
        "formula": repeats.formula([item.paragraphs for item in items]),
        "echoed": round(statistics.mean(_echo(i.title, b) for i, b in zip(items, bodies, strict=True)), 3),
        "twice": _share(n - len({item.title for item in items}), n),
        "copied": _share(n - len(set(bodies)), n),
        "borrowed": _share(sum(_borrows(item, others) for item, others in _beside(items)), n),
        "run": statistics.median(
            [len(b) / max(1, len(i.paragraphs)) for i, b in zip(items, bodies, strict=True)]
        ),
        "repeated": _share(sum(not shared.isdisjoint(item.paragraphs) for item in items), n),
        "marginal": _share(sum(_is_marginal(item, marginal, margins) for item in items), n),
        "cut": _share(sum(item.title.endswith(("…", "...", "．．．")) for item in items), n),
        "junk": _share(
            sum(_is_junk(i.title + b, i.paragraphs) for i, b in zip(items, bodies, strict=True)), n
        ),
        "spam": _share(sum(spam(i.title + b) for i, b in zip(items, bodies, strict=True)), n),
    }


def _beside(items: Sequence[Item]) -> Iterator[tuple[Item, tuple[set[str], Counter[str]]]]:
    """Each item, with the titles of the others and how many items have each line."""
    titles = Counter(item.title for item in items)
    lines = Counter(line for item in items for line in set(item.paragraphs))
    for item in items:
        yield item, ({title for title in titles if title != item.title}, lines)


def _borrows(item: Item, others: tuple[set[str], Counter[str]]) -> bool:
    """Whether a text has another article within it: its title as a line, or several lines that both have and
    no third, as notices of one form would."""
    titles, lines = others
    shared = sum(lines[line] == _BOTH and len(line) >= _SENTENCE for line in set(item.paragraphs))
    return shared > _BOTH or not titles.isdisjoint(item.paragraphs)


def _is_marginal(item: Item, shared: Collection[str], margins: frozenset[str]) -> bool:
    """Whether something of what stands around texts stands in this one, or in place of its title."""
    lines = ["".join(line.split())[:LONGEST_LINE] for line in item.paragraphs]
    known = any(line in margins for line in lines if len(line) >= 4)
    return known or any(line in shared for line in item.paragraphs) or "".join(item.title.split()) in margins


def _tells(line: str) -> bool:
    """Whether it means something that a line stands in several texts."""
    return len(line) >= _LINE or bool(_MARGIN.search(line))


def _stamped(titles: Sequence[str]) -> float:
    """The share of titles that begin, or end, with one and the same mark: a number in brackets, the name of
    the site. 公告（第12号） and 公告（第13号） have none: marks are set off."""
    plain = [_NUMBER.sub("0", title) for title in titles]
    heads = Counter(found[0] for title in plain if (found := _HEAD.match(title)))
    tails = Counter(found[0] for title in plain if (found := _TAIL.search(title)))
    most = max([0, *heads.values(), *tails.values()])
    return _share(most, len(titles)) if most >= _SHARED else 0.0


def _within(items: Iterable[Item]) -> float:
    """The share of articles that say the same twice, in one or in several of their sections."""
    told: dict[str, list[str]] = {}
    for item in items:
        lines = told.setdefault(item.link if item.section else item.id, [])
        lines += [line for line in item.paragraphs if len(line) >= _LINE]
    again = (len(lines) > len(set(lines)) or repeats.tailed(lines) for lines in told.values())
    return _share(sum(again), len(told))


def _standing(items: Iterable[Item]) -> list[str]:
    """The names of columns and pages; an umbrella headline is as long as it likes."""
    return [item.column.name for item in items if item.column and item.column.kind != ColumnKind.UMBRELLA]


def _undated(item: Item) -> bool:
    return any(why.field == "published" and why.how == "first seen" for why in item.evidence)


def _agree(title: str, listed: str) -> bool:
    """Whether an article bears the title by which its list led there, which may be cut short."""
    own, other = "".join(title.split()), "".join(listed.split()).rstrip("….")
    return bool(other) and (other in own or own in other)


def _echo(title: str, body: str) -> float:
    """The share of a title's pairs of characters that its text has: an article speaks of its headline."""
    pairs = {title[n : n + 2] for n in range(len(title) - 1) if _HAN.match(title[n])}
    return sum(pair in body for pair in pairs) / len(pairs) if pairs else 0.0


def _native(texts: Iterable[str]) -> float:
    """The share of Chinese characters among all letters."""
    told = "".join(texts)
    letters = len(_LETTER.findall(told))
    return round(len(_HAN.findall(told)) / letters, 3) if letters else 1.0


def _share(some: int, of: int) -> float:
    return round(some / of, 3) if of else 0.0
