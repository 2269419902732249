"""A page's tree and what was read of it -> how it is built, and where what was read stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from bulletins.looks import Look
from bulletins.markup import Node
from bulletins.model import Follow, Page, PageKind, RawItem

# What text is set in, and says nothing of how a page is built.
_INLINE = frozenset(
    (
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "font",
        "span",
        "big",
        "small",
        "sub",
        "sup",
        "br",
        "wbr",
        "img",
        "a",
    )
)
_STATES = re.compile(r"(?:is-)?(?:active|current|cur|on|odd|even|first|last|selected|hover|open|show|now)")
_DIGITS = re.compile(r"\d+")
_NAMES = re.compile(r"[0-9a-f]{8,}|\d+")  # what tells articles apart in their addresses
_SPAN = 3  # elements that make a path
_DEEPEST = 60  # levels that are told apart
_MOST_PATHS = 400
_MOST_PIECES = 10_000  # of text; the rest of a page of megabytes tells nothing more of how it is built
LONGEST_LINE, _MOST_LINES = 60, 300
_SENTENCE = re.compile(r"[，。；！？]")
_LONG = 18  # characters; shorter lines are labels
_FOLIO = re.compile(r"第?[A-Z]*\d+版")
_TITLE = 8  # characters of a link that may be a title
_GOES_ON = re.compile(
    r"\W*(?:(?:点击|继续|查看|展开|阅读|显示)*(?:余下|剩余)?(?:全文|正文|内容|\d+%)|全文阅读|继续阅读|下一?页)\W*"
)
_KEY = re.compile(r"""["']?([A-Za-z_]\w{0,40})["']?\s*:\s*[\[{"'\d]""")
_ENDS = (b"</html", b"</body", b"</frameset")
_TAIL = 4_096  # bytes within which a page ends; counters and advertisements stand below


class _Piece(NamedTuple):
    """A piece of text without blanks, and the elements around it: as paths name them, and by numbers."""

    steps: tuple[str, ...]
    nodes: tuple[int, ...]
    text: str

    @property
    def path(self) -> str:
        return ">".join(self.steps[-_SPAN:])


def look(tree: Node, page: Page, kind: PageKind, raws: Sequence[RawItem], follow: Sequence[Follow]) -> Look:
    """How a page is built, and what of it became `raws` and `follow`."""
    paths, pieces = _walked(tree)
    articles = [one for one in follow if one.kind == PageKind.ARTICLE]
    titles = {_squeezed(one.lead.title or "") for one in articles} - {""}
    roles = _roles(raws, pieces)
    if entries := [piece for piece in pieces if piece.text in titles]:
        roles["entry"] = Counter(piece.path for piece in entries).most_common(1)[0][0]
        if len({piece.text for piece in entries}) > 1:
            roles["rows"] = _common(entries)
    read = "".join(_squeezed(block.text) for raw in raws for block in raw.blocks)
    said = {*(_squeezed(raw.title) for raw in raws), *titles}
    left = [piece for piece in pieces if piece.text not in said and piece.text not in read]
    sentences = {piece.text[:LONGEST_LINE]: len(piece.text) for piece in left if raws and _is_sentence(piece)}
    unread = sum(sentences.values())
    return Look(
        page.asked or page.url,
        kind,
        frozenset(sorted(paths | _keys(tree))[:_MOST_PATHS]),
        roles,
        frozenset(piece.text[:LONGEST_LINE] for piece in left[:_MOST_LINES] if len(piece.text) > 1),
        round(unread / (unread + len(read)), 3) if unread else 0.0,
        sentences,
        len(read),
        _unlisted(tree, page, articles),
        sum(len(each.text) >= _TITLE and _is_linked(each) and not _FOLIO.match(each.text) for each in pieces),
        frozenset(_host(one.url) for one in articles),
        _is_whole(page.body),
        any(_GOES_ON.fullmatch(piece.text) for piece in pieces),
    )


@lru_cache(maxsize=2_000)  # elements are called alike
def _step(tag: str, called: str, name: str) -> str:
    """An element as a path names it: without numbers, and without the classes that tell a state."""
    classes = [each for each in called.split() if not _STATES.fullmatch(each)]
    name = name.strip()
    made = tag + "".join(f".{each}" for each in sorted(classes)[:4]) + (f"#{name}" if name else "")
    return _DIGITS.sub("0", made)[:80]


def _walked(tree: Node) -> tuple[set[str], list[_Piece]]:
    paths: set[tuple[str, ...]] = set()
    pieces: list[_Piece] = []
    around: list[tuple[tuple[str, ...], tuple[int, ...]]] = []  # of each element that is open
    steps, nodes = (), ()  # type: tuple[str, ...], tuple[int, ...]
    for n, (event, told, called, name) in enumerate(tree.outline):
        if event == "open":
            around.append((steps, nodes))
            if len(steps) < _DEEPEST:
                steps, nodes = (*steps, _step(told, called, name)), (*nodes, n)
                if told not in _INLINE:
                    paths.add(steps[-_SPAN:])
        elif event == "close":
            if around:
                steps, nodes = around.pop()
        elif squeezed := _squeezed(told):
            pieces.append(_Piece(steps, nodes, squeezed))
            if len(pieces) >= _MOST_PIECES:
                break
    return {">".join(path) for path in paths}, pieces


def _roles(raws: Sequence[RawItem], pieces: Sequence[_Piece]) -> dict[str, str]:
    """Where the title of a page's first article stands, and the innermost box of its text."""
    if not raws:
        return {}
    raw, roles = raws[0], {}
    title = _squeezed(raw.title)
    if place := next((piece for piece in pieces if piece.text == title and "head" not in piece.steps), None):
        roles["title"] = place.path
    text = "".join(_squeezed(block.text) for block in raw.blocks)
    stands = Counter(piece.text for piece in pieces)
    told = [one for one in pieces if len(one.text) > 5 and one.text != title and stands[one.text] == 1]
    inside = [one for one in told if one.text in text]
    if len(inside) > 1 and len(raw.blocks) > 1:  # of a text of one paragraph the paragraph is the box
        roles["body"] = _common(inside)
    return roles


def _common(pieces: Sequence[_Piece]) -> str:
    """The path of the innermost element around all of them."""
    first, last = min(piece.nodes for piece in pieces), max(piece.nodes for piece in pieces)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return ">".join(pieces[0].steps[:same][-_SPAN:])


def _is_sentence(piece: _Piece) -> bool:
    return len(piece.text) >= _LONG and not _is_linked(piece) and bool(_SENTENCE.search(piece.text))


def _is_linked(piece: _Piece) -> bool:
    return any(each == "a" or each.startswith(("a.", "a#")) for each in piece.steps[:-5:-1])


def _keys(tree: Node) -> set[str]:
    """The names in what a page's scripts hold as data: a page of data has no other structure."""
    return {f"data:{name}" for name in _KEY.findall(tree.scripts[:200_000])}


def _unlisted(tree: Node, page: Page, articles: Sequence[Follow]) -> frozenset[str]:
    if not articles:
        return frozenset()
    followed = {one.url.partition("#")[0] for one in articles}
    shapes = {_shape(url) for url in followed}
    base = tree.base(page.url)
    stand = {link.partition("#")[0] for node in tree.all("[href]") if (link := node.link(base))}
    return frozenset(sorted(link for link in stand - followed if _shape(link) in shapes)[:_MOST_LINES])


def _shape(url: str) -> str:
    parts = urlsplit(url)
    return _NAMES.sub("0", f"{parts.path}?{parts.query}")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_whole(body: bytes) -> bool:
    tail = body[-_TAIL:].rstrip()
    return any(end in tail.lower() for end in _ENDS) or tail.endswith((b"}", b"]", b";", b")"))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def hosts_of(looks: Iterable[Look]) -> frozenset[str]:
    return frozenset(host for one in looks for host in one.hosts)
