"""What a list calls an article and what its page shows -> its headline, and how sure the article is."""

from __future__ import annotations

import re
from dataclasses import replace

from bulletins import layouts
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import is_whole, undecorated

_PICTURED = re.compile(r"\s*[(（\[【](?:组?图|图文|视频|多图)[)）\]】]$")  # what a list says of an article
_OF_PAPER = re.compile(
    r".{0,20}(?:数字|电子|多媒体|数码)(?:报刊?|版|阅读)|[\u3400-\u9fff]{2,8}(?:日报|晚报|早报|晨报|时报|周报|商报|都市报|快报|导报)"
)  # 北方日报数字报
_BAR = re.compile(r"\s*[-_|—]+\s*")  # between the parts of a <title>
_LISTED = 0.2  # of confidence: as much as a title that the page agrees upon
_CALLED = 0.15  # that the list has the very title which the page shows
_TOP = 3  # blocks among which the headline stands, of a text whose box has it


def confirmed(article: layouts.Article, tree: Node, listed: str) -> layouts.Trust:
    """How sure an article read by structure is: its page may agree upon no title, and yet print the one by
    which its list led here, unlinked, as a list beside it would not."""
    trust = article.trust
    if not trust.evidence or not (listed and is_whole(listed)):
        return trust
    if len(listed) > 1 and _squeezed(article.title) == _squeezed(listed):
        return _surer(trust, _CALLED, "the list calls it so")
    if article.title:
        return trust
    if listed not in tree.text or any(link.text == listed for link in tree.all("a")):
        return trust
    return _surer(trust, _LISTED, "the list's title stands on the page")


def _surer(trust: layouts.Trust, by: float, said: str) -> layouts.Trust:
    sure = round(min(1.0, trust.confidence + by), 2)
    return replace(trust, confidence=sure, evidence=(*trust.evidence, f"{said} (+{by:.2f})"))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def below(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The text without its headline and what is printed above that, a kicker (引题) say; pictures stay."""
    lines = (n for n, block in enumerate(blocks[:_TOP]) if _squeezed(block.text) == _squeezed(title))
    n = next(lines, -1)
    above = (block for block in blocks[: max(n, 0)] if block.kind == BlockKind.IMAGE)
    return (*above, *blocks[n + 1 :])


def headline(article: layouts.Article, tree: Node, listed: str) -> str:
    """The headline: as the article surely says, else as the list says, unless the list cuts it short."""
    guessed = bool(article.trust.evidence)
    listed = _PICTURED.sub("", listed)
    named = tree.first("title")
    own = (article.title, *article.headings, *(_BAR.split(named.text) if named else ()))
    if plain := next((heading for heading in own if len(heading) > 1 and undecorated(listed, heading)), ""):
        listed = plain
    elif named and (inner := next((head for head in own if _is_within(head, listed, named.text)), "")):
        listed = inner
    if (article.title and not guessed) or (listed and is_whole(listed)):
        return listed if guessed or not article.title else article.title
    stem = listed.rstrip("….． ")
    headings = (article.title, *article.headings)
    whole = (heading for heading in headings if heading and heading.startswith(stem))
    return next(whole, "") or article.title or listed or _told(named)


def _told(named: Node | None) -> str:
    """What a page's <title> says, where nothing else does; that of all its newspaper's pages says nothing."""
    return "" if named is None or _OF_PAPER.fullmatch(named.text) else named.text


def _is_within(heading: str, listed: str, named: str) -> bool:
    """Whether a list has a headline with its kicker or its subtitle, and the page shows it without: so does
    its <title>."""
    return (
        len(heading) > 1
        and heading != listed
        and named.startswith(heading)
        and f" {heading} " in f" {listed} "
    )
