"""An article's text blocks -> the same without what signs and frames them, and who signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletins.bylines.furniture import is_furniture, is_source, stamp, stamped_name
from bulletins.bylines.names import is_person
from bulletins.bylines.signing import closing, is_body, opening, unread
from bulletins.model import Author, Block, BlockKind, Role

_LINE = 80  # characters of a line that credits a picture
_PICTURE = re.compile(
    r"(?:[图▲△◎●■]|上图|下图|左图|右图|资料图).*|.*(?:摄|摄影报道|供图|摄影)\s*[)）]?[。.]?"
)
_BARE = re.compile(r"[\u3400-\u9fff]{2,3}(?:[\s、]+[\u3400-\u9fff]{2,3}){1,3}")


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


def unsigned(blocks: Sequence[Block]) -> Unsigned:
    """Take off lines that sign, edit, date or count an article, or lead away from it, before and after its
    text; the mark that opens its first paragraph (本报讯), and the byline that closes its last one, also
    where picture credits follow.

    Where it comes from (来源) stays at the end, for there it is a credit. Texts are taken as cleaned.
    """
    texts = [block.text for block in blocks]
    before: list[Author] = []
    after: list[Author] = []
    signs: list[str] = []
    stamps: list[str] = []
    mark = ""
    for n, block in enumerate(blocks):
        if (signed := closing(texts[n])) and not signed.rest:
            before += signed.authors
            signs.append(signed.text)
            stamps.append(stamp(texts[n]))
            texts[n] = ""
        elif named := _named(texts[n], last=n + 1 == len(blocks)):
            before += named
            signs.append(texts[n])
            stamps.append(stamp(texts[n]))
            texts[n] = ""
        elif _is_furniture(texts[n]) or is_source(texts[n]):
            stamps.append(stamp(texts[n]))
            texts[n] = ""
        elif block.kind == BlockKind.PARAGRAPH:
            opened = opening(texts[n])
            texts[n], mark = opened.rest, opened.text
            before += opened.authors
            signs += [opened.text] if opened.authors else []
            break
    doubtful = ""
    for n in reversed(range(len(texts))):
        if not after and (body := _signs_off(texts, n)):
            after.append(Author(body, Role.ORGANISATION))
            signs.append(body)
            texts[n] = ""
            continue
        if _is_furniture(texts[n]) and not closing(texts[n]):
            stamps.append(stamp(texts[n]))
            texts[n] = ""
        elif signed := closing(texts[n]):
            after[:0] = signed.authors
            signs.append(signed.text)
            texts[n] = signed.rest
            if signed.rest:
                break
        elif texts[n] and not is_source(texts[n]) and (after or not _is_picture(texts[n])):
            doubtful = "" if after else unread(texts[n])
            break
    authors = each_once([*before, *after])
    return Unsigned(tuple(texts), authors, mark, tuple(signs), doubtful, tuple(filter(None, stamps)))


def each_once(authors: Iterable[Author]) -> tuple[Author, ...]:
    """Each name once, in order; where one signs twice, in the role that says more than a bare name."""
    found: dict[str, Author] = {}
    for author in authors:
        known = found.setdefault(author.name, author)
        if known.role == Role.CONTRIBUTOR:
            found[author.name] = author
    return tuple(found.values())


def _signs_off(texts: Sequence[str], at: int) -> str:
    """The body whose name is the last line, below a sentence that has ended."""
    above = next((text for text in reversed(texts[:at]) if text), "")
    last = not any(texts[at + 1 :]) and above.endswith(tuple("。！？”)）"))
    return texts[at] if last and is_body(texts[at]) else ""


def _named(text: str, *, last: bool) -> Sequence[Author]:
    """Who a line before the text names without saying so: several names with nothing else, or the author
    between a date and a counter."""
    if stamped := is_person(stamped_name(text), lenient=False):
        return [Author(name, Role.CONTRIBUTOR) for name in stamped]
    if last or not _BARE.fullmatch(text):
        return ()
    names = [is_person(word, lenient=False) for word in re.split(r"[\s、]+", text)]
    if not all(names) or not any(len(name) == 3 for found in names for name in found):
        return ()
    return [Author(name, Role.CONTRIBUTOR) for found in names for name in found]


def _is_furniture(text: str) -> bool:
    """A line, or every line of a list."""
    return bool(text) and all(is_furniture(line) for line in text.split("\n"))


def _is_picture(text: str) -> bool:
    return len(text) <= _LINE and _PICTURE.fullmatch(text) is not None
