"""An article's text blocks -> the same without what signs and frames them, and who signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bulletins.bylines.furniture import is_furniture, is_source, stamp, stamped_name
from bulletins.bylines.lone import lone, several
from bulletins.bylines.names import is_person
from bulletins.bylines.signing import closing, is_body, opening, unread
from bulletins.model import Author, Block, BlockKind, Role

_LINE = 80  # characters of a line that credits a picture
_PICTURE = re.compile(
    r"(?:[图▲△◎●■]|上图|下图|左图|右图|资料图|(?:摄影|摄像|航拍|视频|制图)\s*[:：/／|｜丨]).*|.*(?:摄|摄影报道|供图|摄影)\s*[)）]?[。.]?"
)
_NAMES = 20  # characters of a line of bare names
# By which a notice speaks to its readers; a report tells of it: 会议要求，各单位要….
_NOTICE = re.compile(
    r"特此|敬请|周知|公告如下|通[告知]如下|现(?:将|就|予)|予以(?:公告|公示|通报)"
    r"|(?:^|[。；！])\s*(?:请(?![来教客]|求)|望(?:广大|各|有关|周知)|凡(?!人|事)|(?:广?大|各|全体|有关|相关)[\u3400-\u9fff]{2,12}?(?:要|应|须|请|务必|可))"
)
_NOTICE_TITLE = re.compile(
    r"(?:[公通布]告|通知|公示|启事|声明|[提警]示|提醒|预[告警]|倡议书?|告知书?|须知|公开信|招[聘募]|征[集稿]|调整|暂停|恢复)(?:[(（]|$)"
)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """`texts` are those given, in order, empty where nothing is left; `mark` is what opened the report;
    `signs` are the bylines as printed, `unread` the last one that told nobody; `stamps` say when it was
    published."""

    texts: tuple[str, ...]
    authors: tuple[Author, ...]
    mark: str
    signs: tuple[str, ...] = ()
    unread: str = ""
    stamps: tuple[str, ...] = ()


def unsigned(blocks: Sequence[Block], title: str = "") -> Unsigned:
    """Take off lines that sign, edit, date or count an article, or lead away from it, before and after its
    text; the mark that opens its first paragraph (本报讯), and the byline that closes its last one, also
    where picture credits follow.

    Where it comes from (来源) stays at the end, for there it is a credit; so does the body that gives a
    notice, which its `title` may tell. Texts are taken as cleaned.
    """
    reader = _Reader([block.text for block in blocks], _NOTICE_TITLE.search(title) is not None)
    before, mark = reader.above(blocks)
    after, doubtful = reader.below()
    return Unsigned(
        tuple(reader.texts),
        each_once([*before, *after]),
        mark,
        tuple(reader.signs),
        doubtful,
        tuple(filter(None, reader.stamps)),
    )


@dataclass(slots=True)
class _Reader:
    """The texts of an article, of which lines are taken off, and what those said."""

    texts: list[str]
    notice: bool = False
    signs: list[str] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)

    def above(self, blocks: Sequence[Block]) -> tuple[list[Author], str]:
        """Down to the first paragraph: who signs there, and the mark that opens it."""
        authors: list[Author] = []
        for n, block in enumerate(blocks):
            text = self.texts[n]
            if (signed := closing(text)) and not signed.rest:
                authors += signed.authors
                self._take(n, signed.text)
            elif named := _named(self.texts, n):
                authors += named
                self._take(n, text)
            elif _is_furniture(text) or is_source(text):
                self._take(n)
            elif block.kind == BlockKind.PARAGRAPH:
                opened = opening(text)
                self.texts[n] = opened.rest
                self.signs += [opened.text] if opened.authors else []
                return [*authors, *opened.authors], opened.text
        return authors, ""

    def below(self) -> tuple[list[Author], str]:
        """Up to the last paragraph: who signs there, or the byline that told nobody."""
        authors: list[Author] = []
        for n in reversed(range(len(self.texts))):
            text = self.texts[n]
            if not authors and (author := _signs_off(self.texts, n, notice=self.notice)):
                authors = [author]
                self._take(n, text)
            elif (signed := closing(text, below=_ended(self.texts[:n]))) is None and _is_furniture(text):
                self._take(n)
            elif signed:
                authors[:0] = signed.authors
                self._take(n, signed.text)
                self.texts[n] = signed.rest
                if signed.rest:
                    break
            elif text and not is_source(text) and (authors or not _is_picture(text)):
                return authors, "" if authors else unread(text)
        return authors, ""

    def _take(self, n: int, sign: str = "") -> None:
        self.signs += [sign] if sign else []
        self.stamps.append(stamp(self.texts[n]))
        self.texts[n] = ""


def each_once(authors: Iterable[Author]) -> tuple[Author, ...]:
    """Each name once, in order; where one signs twice, in the role that says more than a bare name."""
    found: dict[str, Author] = {}
    for author in authors:
        known = found.setdefault(author.name, author)
        if known.role == Role.CONTRIBUTOR:
            found[author.name] = author
    return tuple(found.values())


def _signs_off(texts: Sequence[str], at: int, *, notice: bool) -> Author | None:
    """The body, or the one person, whose name is the last line, below a sentence that has ended; of a notice
    the body is who gives it, and no byline."""
    text, above = texts[at], texts[:at]
    if not text or any(texts[at + 1 :]) or not _ended(above):
        return None
    if is_body(text):
        given = notice or any(map(_NOTICE.search, above))
        return None if given else Author(text, Role.ORGANISATION)
    names = lone(text, above) if len(text) <= _NAMES else []
    return Author(names[0], Role.CONTRIBUTOR) if names else None


def _ended(above: Sequence[str]) -> bool:
    """Whether the last of the texts above a line ends with its sentence."""
    return next((text for text in reversed(above) if text), "").endswith(tuple("。！？”)）"))


def _named(texts: Sequence[str], n: int) -> Sequence[Author]:
    """Who a line before the text names without saying so: one name or several with nothing else, or the
    author between a date and a counter."""
    text = texts[n]
    if not (found := is_person(stamped_name(text), lenient=False)):
        below = texts[n + 1 :]
        if len(text) > _NAMES or not any(below):
            return ()
        found = several(text) or lone(text, below)
    return [Author(name, Role.CONTRIBUTOR) for name in found]


def _is_furniture(text: str) -> bool:
    """A line, or every line of a list."""
    return bool(text) and all(is_furniture(line) for line in text.split("\n"))


def _is_picture(text: str) -> bool:
    return len(text) <= _LINE and _PICTURE.fullmatch(text) is not None
