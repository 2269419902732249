"""Page text -> tree -> typed blocks; the one file that knows BeautifulSoup."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4 import XMLParsedAsHTMLWarning as XMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString

from bulletins.model import Block, BlockKind

# What XML 1.0 does not allow (C0 but for tab and line ends), lone surrogates, and marks that are invisible or
# turn the line about. They go before blanks are folded: \s counts some of C0, which would part a word.
UNSEEN = re.compile(
    "[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# References to what is no character: a browser shows U+FFFD for them, as for bytes that cannot be decoded.
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|(\d+));?", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u3000]+")
# Forms are not among them: whole pages of ASP.NET sites stand in one.
_SKIPPED = {
    *("script", "style", "noscript", "template", "iframe", "svg"),
    *("button", "input", "select", "textarea"),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    *("div", "section", "article", "main", "center", "body", "header", "footer", "aside", "nav", "form"),
    *("p", "pre", "blockquote", "address", "figure", "figcaption", "img", "hr", "fieldset"),
    *("ul", "ol", "li", "dl", "dd", "dt", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
}
_BOLD = {"strong", "b"}
_INLINE = _BOLD | {"a", "em", "i", "sub", "sup", "u"}  # markup that says something
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
        return _fold(_text(self._tag))

    def link(self, base: str) -> str | None:
        """The absolute address of an `a`, `area` or `base`; None for javascript:, mailto: and the like."""
        return web_address(self.attribute("href"), base)

    def blocks(self, base: str) -> tuple[Block, ...]:
        """The content, typed, in reading order; addresses absolute."""
        return tuple(_blocks(self._tag, base))

    def base(self, url: str) -> str:
        """What the addresses on a page count from: its own, unless it names another in <base href>."""
        named = self.first("base[href]")
        return (named.link(url) if named else None) or url

    @property
    def scripts(self) -> str:
        return "\n".join(script.get_text() for script in self._tag.select("script"))


def parse(text: str) -> Node:
    """A page's tree. Takes text, never bytes: BeautifulSoup on bytes labelled gb2312 that hold GB18030 gives
    an empty page and no error (measured)."""
    with warnings.catch_warnings():  # about pages that are no HTML: to be judged by what stands on them
        warnings.simplefilter("ignore", XMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return Node(BeautifulSoup(UNSEEN.sub("", _REFERENCE.sub(_of_a_character, text)), "lxml"))


def _of_a_character(reference: re.Match[str]) -> str:
    """A numeric reference as it stands; nothing where it names NUL, half a pair, or what is no character."""
    digits = (reference[1] or reference[2]).lstrip("0")
    if not digits or len(digits) > 7:  # 1114111, 10ffff
        return ""
    number = int(digits, 16 if reference[1] else 10)
    return reference[0] if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else ""


def web_address(href: str, base: str) -> str | None:
    """An http or https address made absolute, or None."""
    if not href or href.startswith("#"):
        return None
    try:
        given = urlsplit(href.strip())
        address = urlsplit(urljoin(base, href.strip()))
    except ValueError:
        return None
    if given.scheme and not given.hostname:  # a template's "http://", which urljoin takes for the page itself
        return None
    return address.geturl() if address.scheme in ("http", "https") and address.hostname else None


def _fold(text: str) -> str:
    return _BLANKS.sub(" ", UNSEEN.sub("", text)).strip()


def _strings(tag: Tag, skipped: set[str] = _SKIPPED) -> Iterator[str]:
    """Text that a reader sees, without scripts, styles and comments; a line break at each <br> and where a
    block begins or ends, and nowhere else. Walked without recursion: pages nest as deep as they like."""
    node: PageElement | None = tag.contents[0] if tag.contents else None
    end = _after(tag)
    while node is not None and node is not end:
        before = node.previous_sibling
        if isinstance(before, Tag) and before.name in _BLOCKS:
            yield "\n"
        if isinstance(node, Tag):
            if node.name in skipped:
                node = _after(node)
                continue
            if node.name == "br" or node.name in _BLOCKS:
                yield "\n"
        elif isinstance(node, NavigableString):
            yield _spoken(node)
        node = node.next_element


def _spoken(string: NavigableString) -> str:
    """A text node as shown: no unseen marks; line breaks of the source are blanks, except in <pre>."""
    if isinstance(string, PreformattedString):  # comments, doctypes and the like
        return ""
    if string.parent is not None and string.parent.name == "pre":
        return UNSEEN.sub("", string)
    return _BLANKS.sub(" ", UNSEEN.sub("", string))


def _after(tag: Tag) -> PageElement | None:
    """What follows a tag and all that is in it."""
    node: PageElement | None = tag
    while node is not None:
        if node.next_sibling is not None:
            return node.next_sibling
        node = node.parent
    return None


def _text(tag: Tag) -> str:
    return "".join(_strings(tag))


def _blocks(root: Tag, base: str) -> Iterator[Block]:
    """Blocks of a box: its block elements one by one, boxes in it opened, and runs of loose text between them
    split at line breaks."""
    below = _below(root)
    loose: list[str] = []
    open_boxes = [iter(root.children)]
    while open_boxes:
        child = next(open_boxes[-1], None)
        if isinstance(child, Tag) and child.name in _SKIPPED:
            continue
        if isinstance(child, Tag) and child.name == "br":
            loose.append("\n")
        elif isinstance(child, Tag) and child.name not in _BLOCKS and id(child) not in below:
            loose.append(_text(child))
        elif isinstance(child, NavigableString):
            loose.append(_spoken(child))
        else:  # a block begins, or a box ends
            yield from _paragraphs("".join(loose))
            loose.clear()
            if not isinstance(child, Tag):
                open_boxes.pop()
            elif _is_box(child, below[id(child)]):
                open_boxes.append(iter(child.children))
            else:
                yield from _block(child, base)


def _below(root: Tag) -> defaultdict[int, set[str]]:
    """For each element that has blocks somewhere in it, by id(), their names: one pass, however deep."""
    below: defaultdict[int, set[str]] = defaultdict(set)
    for tag in root.find_all(_BLOCKS):
        node = tag.parent
        while node is not None and node is not root and tag.name not in below[id(node)]:
            below[id(node)].add(tag.name)
            node = node.parent
    return below


def _is_box(tag: Tag, below: set[str]) -> bool:
    """Whether an element only holds blocks, `below` being their names. Lists and tables do when pictures or
    tables stand in them; so do tables of one column: they lay a page out."""
    if tag.name == "p":
        return not below <= {"img"}
    if tag.name in ("ul", "ol"):
        return not below.isdisjoint({"img", "table"})
    if tag.name == "table":
        return not below.isdisjoint({"img", "table"}) or all(len(row) < 2 for row in _rows(tag))
    if tag.name in _HEADINGS:
        return "img" in below
    return tag.name not in ("img", "figure")


def _block(tag: Tag, base: str) -> Iterator[Block]:
    if tag.name in ("img", "figure"):
        yield from _pictures(tag, base)
    elif tag.name in _HEADINGS:
        if text := _fold(_text(tag)):
            yield Block(BlockKind.HEADING, text)
    elif tag.name in ("ul", "ol"):
        if text := "\n".join(filter(None, map(_fold, _text(tag).split("\n")))):
            yield Block(BlockKind.LIST, text, str(tag))
    elif tag.name == "table":
        captions = [_fold(_text(caption)) for caption in tag.find_all("caption")]
        lines = [*captions, *(" ".join(filter(None, row)) for row in _rows(tag))]
        if text := "\n".join(filter(None, lines)):
            yield Block(BlockKind.TABLE, text, str(tag))
    elif tag.find("img") is not None:
        yield from _pictures(tag, base)
    else:
        yield from _paragraph(tag)


def _rows(table: Tag) -> list[list[str]]:
    return [[_fold(_text(cell)) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def _paragraph(tag: Tag) -> Iterator[Block]:
    lines = list(_paragraphs(_text(tag)))
    if len(lines) != 1:
        yield from lines
        return
    text = lines[0].text
    bold = not _fold("".join(_strings(tag, _SKIPPED | _BOLD)))
    if bold and len(text) <= _HEADING_LENGTH and text[-1] not in _ENDS:
        yield Block(BlockKind.HEADING, text)
    else:
        inline = any(isinstance(node, Tag) and node.name in _INLINE for node in tag.descendants)
        inline = inline or _leads_apart(tag, text)
        yield Block(BlockKind.PARAGRAPH, text, tag.decode_contents().strip() if inline else "")


def _leads_apart(tag: Tag, text: str) -> bool:
    """Whether a paragraph begins with a few words in a style of their own: a place, a speaker."""
    first = next(
        (node for node in tag.children if not isinstance(node, NavigableString) or _spoken(node).strip()),
        None,
    )
    if not isinstance(first, Tag) or first.name not in ("span", "font"):
        return False
    styled = any(first.get(name) for name in ("style", "class", "color", "face"))
    return styled and 0 < len(_fold(_text(first))) < min(len(text), _HEADING_LENGTH)


def _paragraphs(text: str) -> Iterator[Block]:
    for line in filter(None, map(_fold, text.split("\n"))):
        yield Block(BlockKind.PARAGRAPH, line)


def _pictures(tag: Tag, base: str) -> Iterator[Block]:
    """Pictures, the text beside them kept: a figure's text, or the alternative text, is the caption."""
    images = [tag] if tag.name == "img" else tag.find_all("img")
    text = _text(tag)
    for image in images:
        source = image.get("data-src") or image.get("src")
        if address := web_address(source, base) if isinstance(source, str) else None:
            if tag.name == "figure" and text:
                caption, text = _fold(text), ""
            else:
                caption = _fold(str(image.get("alt") or ""))
            yield Block(BlockKind.IMAGE, caption, url=address)
    yield from _paragraphs(text)
