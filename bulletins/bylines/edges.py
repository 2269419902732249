"""An article's text blocks -> the same without what signs and frames them, and who signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bulletins.bylines.signing import closing, opening
from bulletins.model import Author, Block, BlockKind

_LINE = 80  # characters of a line of furniture
_EDITED = re.compile(
    r"[【\[(（]?\s*(?:责任?编辑?|责编|编辑|编审|审核|审校|校对|美编|组版|版式|发布(?:时间|日期|人)|发表时间|发稿时间|日期|"
    r"字号|文章字数|上一篇|下一篇|标题导航)\s*[:：][^。！？]*|(?:浏览|阅读|点击)(?:次数|量|数)?\s*[:：]?\s*\d+次?"
)
_SOURCE = re.compile(r"[【\[(（]?\s*(?:来源于?|信息来源|稿件来源|文章来源)\s*[:：][^。！？]*")
_PICTURE = re.compile(
    r"(?:[图▲△◎●■]|上图|下图|左图|右图|资料图).*|.*(?:摄|摄影报道|供图|摄影)\s*[)）]?[。.]?"
)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """`texts` are those given, in order, empty where nothing is left; `mark` is what opened the report."""

    texts: tuple[str, ...]
    authors: tuple[Author, ...]
    mark: str


def unsigned(blocks: Sequence[Block]) -> Unsigned:
    """Take off lines that sign, edit or date an article before and after its text, the mark that opens its
    first paragraph (本报讯) and the byline that closes its last one, also where picture credits follow.

    Where it comes from (来源) stays at the end, for there it is a credit. Texts are taken as cleaned.
    """
    texts = [block.text for block in blocks]
    before: list[Author] = []
    mark = ""
    for n, block in enumerate(blocks):
        if (signed := closing(texts[n])) and not signed.rest:
            before += signed.authors
            texts[n] = ""
        elif _is_line(_EDITED, texts[n]) or _is_line(_SOURCE, texts[n]):
            texts[n] = ""
        elif block.kind == BlockKind.PARAGRAPH:
            opened = opening(texts[n])
            texts[n], mark = opened.rest, opened.text
            before += opened.authors
            break
    after: list[Author] = []
    for n in reversed(range(len(texts))):
        if signed := closing(texts[n]):
            after[:0] = signed.authors
            texts[n] = signed.rest
            if signed.rest:
                break
        elif _is_line(_EDITED, texts[n]):
            texts[n] = ""
        elif texts[n] and not _is_line(_SOURCE, texts[n]) and (after or not _is_line(_PICTURE, texts[n])):
            break
    return Unsigned(tuple(texts), tuple(dict.fromkeys([*before, *after])), mark)


def _is_line(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LINE and pattern.fullmatch(text) is not None
