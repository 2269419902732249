"""Page text -> tree -> typed blocks; the one file that knows BeautifulSoup."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4 import XMLParsedAsHTMLWarning as XMLWarning
from bs4.element import Comment, NavigableString, PageElement, PreformattedString

from bulletins.inline import Lines
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
_STYLES = ("style", "class", "color", "face")  # of a span or font: what sets it apart
_HAN = "\u3400-\u9fff\u3001\u3002\u300a-\u3011\uff01-\uff1f\u2018-\u201d"
# Chinese parts no words with blanks: where a source line is broken there, nothing is meant by it (CSS Text 3,
# 4.1.3, which drops it between two wide characters).
_SOFT = re.compile(rf"(?<=[{_HAN}])[ \t\r]*\n\s*(?=[{_HAN}])|(?<=[{_HAN}][,;:!?])[ \t\r]*\n\s*(?=[{_HAN}])")
_ENDS = "。！？!?…；;，,、：:"
_HEADING_LENGTH = 40  # characters; a bold line that is longer is emphasis, not a heading


class Node:
    """An element of a page, as layouts see it."""

    __slots__ = ("_tag",)

    def __init__(self, tag: Tag) -> None:
        self._tag = tag

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._tag is other._tag

    def __hash__(self) -> int:
        return id(self._tag)

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
    def attributes(self) -> dict[str, str]:
        return {name: self.attribute(name) for name in self._tag.attrs}

    @property
    def tag(self) -> str:
        """Its name, in small letters."""
        return self._tag.name

    @property
    def parent(self) -> Node | None:
        return Node(self._tag.parent) if self._tag.parent is not None else None

    @property
    def comments(self) -> list[tuple[Node, str]]:
        """The comments below, each with the element in which it stands."""
        found = self._tag.find_all(string=lambda string: isinstance(string, Comment))
        return [(Node(comment.parent), str(comment)) for comment in found if comment.parent is not None]

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

    def walk(self) -> Iterator[tuple[str, Node, str]]:
        """Everything that a reader sees here, in order: ("open", element, "") and ("close", element, "")
        around what is in an element below, ("text", its element, the text) for a piece of text."""
        opened: list[Tag] = []
        node: PageElement | None = self._tag.contents[0] if self._tag.contents else None
        end = _after(self._tag)
        while node is not None and node is not end:
            while opened and node.parent is not opened[-1] and node.parent is not self._tag:
                yield "close", Node(opened.pop()), ""
            if node.parent is self._tag:
                while opened:
                    yield "close", Node(opened.pop()), ""
            if isinstance(node, Tag) and node.name in _SKIPPED:
                node = _after(node)
                continue
            if isinstance(node, Tag):
                yield "open", Node(node), ""
                opened.append(node)
            elif isinstance(node, NavigableString) and node.parent is not None:
                yield "text", Node(node.parent), _spoken(node)
            node = node.next_element
        while opened:
            yield "close", Node(opened.pop()), ""


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


def data(text: str) -> Node:
    """The tree of a document that is no page but a script or JSON: one script, which holds it."""
    return parse("<script>" + text.replace("</", "<\\/") + "</script>")


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


def _spoken(string: NavigableString, soft: re.Pattern[str] | None = None) -> str:
    """A text node as shown: no unseen marks; line breaks of the source are blanks, except in <pre>, or
    nothing, where they are `soft`."""
    if isinstance(string, PreformattedString):  # comments, doctypes and the like
        return ""
    if string.parent is not None and string.parent.name == "pre":
        return UNSEEN.sub("", string)
    text = UNSEEN.sub("", string)
    return _BLANKS.sub(" ", soft.sub("", text) if soft else text)


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
    loose: list[PageElement] = []
    open_boxes = [iter(root.children)]
    while open_boxes:
        child = next(open_boxes[-1], None)
        if isinstance(child, Tag) and child.name in _SKIPPED:
            continue
        inline = isinstance(child, Tag) and child.name not in _BLOCKS and id(child) not in below
        if child is not None and (inline or isinstance(child, NavigableString)):
            loose.append(child)
        else:  # a block begins, or a box ends
            yield from _paragraphs(loose, base)
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
            yield Block(BlockKind.LIST, text, _whole(tag, base))
    elif tag.name == "table":
        captions = [_fold(_text(caption)) for caption in tag.find_all("caption")]
        lines = [*captions, *(" ".join(filter(None, row)) for row in _rows(tag))]
        if text := "\n".join(filter(None, lines)):
            yield Block(BlockKind.TABLE, text, _whole(tag, base))
    elif tag.find("img") is not None:
        yield from _pictures(tag, base)
    else:
        yield from _paragraph(tag, base)


def _whole(tag: Tag, base: str) -> str:
    """A list or table with all that is in it, its addresses absolute; those that lead nowhere go."""
    made = copy(tag)
    for name, key in (("a", "href"), ("img", "src")):
        for one in made.find_all(name):
            if address := web_address(str(one.get("data-src") or one.get(key) or ""), base):
                one[key] = address
            else:
                del one[key]
    return str(made)


def _rows(table: Tag) -> list[list[str]]:
    return [[_fold(_text(cell)) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def _paragraph(tag: Tag, base: str) -> Iterator[Block]:
    lines = list(_paragraphs([tag], base))
    bold = not _fold("".join(_strings(tag, _SKIPPED | _BOLD)))
    if len(lines) == 1 and bold and len(text := lines[0].text) <= _HEADING_LENGTH and text[-1] not in _ENDS:
        yield Block(BlockKind.HEADING, text)
    else:
        yield from lines


def _paragraphs(nodes: Iterable[PageElement], base: str) -> Iterator[Block]:
    """What stands side by side, a paragraph for each line that has text, with its links and emphasis."""
    lines = Lines()
    for node in nodes:
        _write(node, lines, base)
    for text, html in lines.written():
        if words := _fold(text):
            yield Block(BlockKind.PARAGRAPH, words, html)


def _write(root: PageElement, lines: Lines, base: str) -> None:
    """Everything of a node that a reader sees goes into `lines`; walked without recursion."""
    first = _leads_apart(root) if isinstance(root, Tag) else None
    walk: list[PageElement | str] = [root]  # what is to come, or an element that ends
    while walk:
        node = walk.pop()
        if isinstance(node, Tag) and node.name not in _SKIPPED:
            if node.name == "br" or node.name in _BLOCKS:
                lines.end()
                walk.append("\n")
            elif (attributes := _attributes(node, base, styled=node is first)) is not None:
                lines.begin(node.name, attributes)
                walk.append(node.name)
            walk += reversed(node.contents)
        elif isinstance(node, NavigableString):
            lines.text(_spoken(node, _SOFT))
        elif node == "\n":
            lines.end()
        elif isinstance(node, str):
            lines.close(node)


def _attributes(tag: Tag, base: str, *, styled: bool) -> dict[str, str] | None:
    """What is kept of an element in a line; None where the element itself is not."""
    if tag.name == "a":
        address = web_address(str(tag.get("href") or ""), base)
        return {"href": address} if address else None
    if styled:
        return {name: Node(tag).attribute(name) for name in _STYLES if tag.get(name)}
    return {} if tag.name in _INLINE else None


def _leads_apart(tag: Tag) -> Tag | None:
    """The first words of a paragraph where they have a style of their own: a place, a speaker."""
    first = next(
        (node for node in tag.children if not isinstance(node, NavigableString) or _spoken(node).strip()),
        None,
    )
    if not isinstance(first, Tag) or first.name not in ("span", "font"):
        return None
    styled = any(first.get(name) for name in _STYLES)
    short = 0 < len(_fold(_text(first))) < min(len(_fold(_text(tag))), _HEADING_LENGTH)
    return first if styled and short else None


def _pictures(tag: Tag, base: str) -> Iterator[Block]:
    """Pictures, the text beside them kept: a figure's text, or the alternative text, is the caption."""
    images = [tag] if tag.name == "img" else tag.find_all("img")
    caption = _fold(_text(tag)) if tag.name == "figure" else ""
    captioned = False
    for image in images:
        source = image.get("data-src") or image.get("src")
        if address := web_address(source, base) if isinstance(source, str) else None:
            own = caption if caption and not captioned else _fold(str(image.get("alt") or ""))
            captioned = captioned or bool(caption)
            yield Block(BlockKind.IMAGE, own, url=address)
    if not captioned:
        yield from _paragraphs([tag], base)
