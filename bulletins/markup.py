"""Page text -> tree -> typed blocks; the one file that knows BeautifulSoup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from bulletins.model import Block, BlockKind

_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u3000]+")
_SKIPPED = {"script", "style", "noscript", "template", "iframe", "form", "button", "input", "select", "svg"}
_BOXES = {"div", "section", "article", "main", "center", "body", "td", "dl", "dd", "dt", "header", "footer"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_ENDS = "。！？!?…；;，,、：:"
_HEADING_LENGTH = 40  # characters; a bold line that is longer is emphasis, not a heading


class Node:
    """An element of a page, as layouts see it."""

    __slots__ = ("_tag",)

    def __init__(self, tag: Tag) -> None:
        self._tag = tag

    def all(self, selector: str) -> list[Node]:
        """The elements below this one that a CSS selector names, in document order."""
        return [Node(tag) for tag in self._tag.select(selector)]

    def first(self, selector: str) -> Node | None:
        tag = self._tag.select_one(selector)
        return Node(tag) if tag else None

    def has(self, selector: str) -> bool:
        return self._tag.select_one(selector) is not None

    def attribute(self, name: str) -> str:
        value = self._tag.get(name)
        return " ".join(value) if isinstance(value, list) else (value or "").strip()

    @property
    def text(self) -> str:
        """All text below, blanks folded."""
        return _fold("".join(_strings(self._tag)))

    def link(self, base: str) -> str | None:
        """The absolute address of an `a` or `area`; None for javascript:, mailto: and the like."""
        return web_address(self.attribute("href"), base)

    def blocks(self, base: str) -> tuple[Block, ...]:
        """The content, typed, in reading order; addresses absolute."""
        return tuple(_blocks(self._tag, base))

    @property
    def scripts(self) -> str:
        return "\n".join(script.get_text() for script in self._tag.select("script"))


def parse(text: str) -> Node:
    """A page's tree. Takes text, never bytes: BeautifulSoup on bytes labelled gb2312 that hold GB18030 gives
    an empty page and no error (measured)."""
    return Node(BeautifulSoup(text.replace("\0", ""), "lxml"))


def web_address(href: str, base: str) -> str | None:
    """An http or https address made absolute, or None."""
    if not href or href.startswith("#"):
        return None
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def _fold(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _strings(tag: Tag) -> Iterator[str]:
    """Text that a reader sees: no scripts, styles or comments; walked without recursion."""
    node: PageElement | None = tag.next_element
    end = _after(tag)
    while node is not None and node is not end:
        if isinstance(node, Tag):
            if node.name in _SKIPPED:
                node = _after(node)
                continue
            if node.name == "br":
                yield "\n"
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield str(node)
        node = node.next_element


def _after(tag: Tag) -> PageElement | None:
    """What follows a tag and all that is in it."""
    node: PageElement | None = tag
    while node is not None:
        if node.next_sibling is not None:
            return node.next_sibling
        node = node.parent
    return None


def _blocks(tag: Tag, base: str) -> Iterator[Block]:
    """Blocks of a box: its block elements one by one, and runs of loose text between them split at <br>."""
    loose: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name in _SKIPPED:
                continue
            if child.name == "br":
                loose.append("\n")
            elif _is_block(child):
                yield from _lines(loose)
                loose = []
                yield from _block(child, base)
            else:
                loose.append("".join(_strings(child)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            loose.append(_BLANKS.sub(" ", str(child)))
    yield from _lines(loose)


def _is_block(tag: Tag) -> bool:
    return (
        tag.name in _BOXES
        or tag.name in _HEADINGS
        or tag.name in {"p", "ul", "ol", "table", "figure", "img", "blockquote"}
        or tag.find(["p", "div", "img", "table", "ul", "ol"]) is not None
    )


def _block(tag: Tag, base: str) -> Iterator[Block]:
    if tag.name in ("img", "figure") or (tag.find("img") is not None and tag.name == "p"):
        yield from _pictures(tag, base)
    elif tag.name in _HEADINGS:
        if text := _fold("".join(_strings(tag))):
            yield Block(BlockKind.HEADING, text)
    elif tag.name in ("ul", "ol"):
        items = [_fold("".join(_strings(item))) for item in tag.find_all("li")]
        if any(items):
            yield Block(BlockKind.LIST, "\n".join(item for item in items if item), str(tag))
    elif tag.name == "table":
        rows = [
            [_fold("".join(_strings(cell))) for cell in row.find_all(["td", "th"])]
            for row in tag.find_all("tr")
        ]
        if text := "\n".join(" ".join(cell for cell in row if cell) for row in rows if any(row)):
            yield Block(BlockKind.TABLE, text, str(tag))
    elif tag.name == "p" and tag.find(["p", "div", "table", "ul", "ol"]) is None:
        yield from _paragraphs(tag)
    else:
        yield from _blocks(tag, base)


def _paragraphs(tag: Tag) -> Iterator[Block]:
    lines = [line for line in map(_fold, "".join(_strings(tag)).split("\n")) if line]
    if len(lines) != 1:
        yield from (Block(BlockKind.PARAGRAPH, line) for line in lines)
        return
    text = lines[0]
    bold = _fold("".join("".join(_strings(strong)) for strong in tag.find_all(["strong", "b"])))
    if bold == text and len(text) <= _HEADING_LENGTH and text[-1] not in _ENDS:
        yield Block(BlockKind.HEADING, text)
    else:
        inline = tag.find(["a", "strong", "b", "em", "i", "sub", "sup", "u"])
        yield Block(BlockKind.PARAGRAPH, text, tag.decode_contents().strip() if inline else "")


def _pictures(tag: Tag, base: str) -> Iterator[Block]:
    """Pictures, the text beside them kept: a figcaption, or the alternative text, is the caption."""
    images = [tag] if tag.name == "img" else tag.find_all("img")
    text = _fold("".join(_strings(tag)))
    for number, image in enumerate(images):
        source = image.get("data-src") or image.get("src")
        address = web_address(source, base) if isinstance(source, str) else None
        if address:
            caption = text if number == 0 and tag.name == "figure" else _fold(str(image.get("alt") or ""))
            yield Block(BlockKind.IMAGE, caption, url=address)
    if text and tag.name != "figure":
        yield Block(BlockKind.PARAGRAPH, text)


def _lines(loose: list[str]) -> Iterator[Block]:
    for line in map(_fold, "".join(loose).split("\n")):
        if line:
            yield Block(BlockKind.PARAGRAPH, line)
