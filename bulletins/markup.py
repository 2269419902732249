"""Page text -> tree -> typed blocks; the one file that knows BeautifulSoup.

lxml holds the page; what is read block by block is cut out of it and given to BeautifulSoup, and nothing else:
its tree of a whole page costs ten times what lxml's does.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4 import XMLParsedAsHTMLWarning as XMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from bulletins.model import Block, BlockKind

# What XML 1.0 does not allow (C0 but for tab and line ends), lone surrogates, and marks that are invisible or
# turn the line about. They go before blanks are folded: \s counts some of C0, which would part a word.
UNSEEN = re.compile(
    "[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
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
# A tag with attributes by the ten thousand: lxml takes time by their square (measured: 8 s for 100,000).
_HEAVY_TAG = re.compile(r"<([A-Za-z][\w:-]*)\s[^<>]{50000,}>?")
_MOST_ATTRIBUTES = 1_000
_BOXES = {"div", "section", "article", "main", "body", "center"}
_MOST_BLOCKS = 2_000  # given to BeautifulSoup together
_DEEPEST_BOX = 20  # boxes within boxes that are opened for that
_DEEPEST = 2_000  # levels of elements that are kept as they are
_HEADING_LENGTH = 40  # characters; a bold line that is longer is emphasis, not a heading


class Node:
    """An element of a page, as layouts see it."""

    __slots__ = ("_element",)

    def __init__(self, element: Any) -> None:  # an lxml element; lxml has no types
        self._element = element

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._element is other._element

    def __hash__(self) -> int:
        return hash(self._element)

    def all(self, selector: str) -> list[Node]:
        """The elements below this one that a CSS selector names, in document order. All of the selector is
        looked for below this element, which `:scope` names. Raises SelectorError for one that is none."""
        return [Node(found) for found in _xpath(selector)(self._element)]

    def first(self, selector: str) -> Node | None:
        found = _xpath(selector)(self._element)
        return Node(found[0]) if found else None

    def has(self, selector: str) -> bool:
        return bool(_xpath(selector)(self._element))

    def attribute(self, name: str) -> str:
        value: str = self._element.get(name, "")
        return " ".join(value.split()) if name == "class" else value.strip()

    @property
    def attributes(self) -> dict[str, str]:
        return {name: self.attribute(name) for name in self._element.keys()}  # noqa: SIM118  (no mapping)

    @property
    def tag(self) -> str:
        """Its name, in small letters; "" for what is no element."""
        return self._element.tag if isinstance(self._element.tag, str) else ""

    @property
    def parent(self) -> Node | None:
        above = self._element.getparent()
        return None if above is None else Node(above)

    @property
    def comments(self) -> list[tuple[Node, str]]:
        """The comments below, each with the element in which it stands; of a page those above it too."""
        found = [one for one in self._element.iter(etree.Comment) if one is not self._element]
        if self._element.getparent() is None:
            found += self._element.itersiblings(etree.Comment, preceding=True)
        return [(self if one.getparent() is None else Node(one.getparent()), one.text or "") for one in found]

    @property
    def text(self) -> str:
        """All text below, blanks folded."""
        return _fold("".join(_shown(self._element)))

    def link(self, base: str) -> str | None:
        """The absolute address of an `a`, `area` or `base`; None for javascript:, mailto: and the like."""
        return web_address(self.attribute("href"), base)

    def blocks(self, base: str) -> tuple[Block, ...]:
        """The content, typed, in reading order; addresses absolute."""
        return tuple(block for piece in _cut_out(self._element) for block in _blocks(piece, base))

    def base(self, url: str) -> str:
        """What the addresses on a page count from: its own, unless it names another in <base href>."""
        named = self.first("base[href]")
        return (named.link(url) if named else None) or url

    @property
    def scripts(self) -> str:
        return "\n".join(script.text or "" for script in self._element.iter("script"))

    def walk(self) -> Iterator[tuple[str, Node, str]]:
        """Everything that a reader sees here, in order: ("open", element, "") and ("close", element, "")
        around what is in an element below, ("text", its element, the text) for a piece of text."""
        for event, what in _events(self._element):
            if isinstance(what, str):
                pre = event.tag == "pre"
                yield (
                    "text",
                    Node(event),
                    UNSEEN.sub("", what) if pre else _BLANKS.sub(" ", UNSEEN.sub("", what)),
                )
            elif what is not self._element:
                yield event, Node(what), ""


def parse(text: str) -> Node:
    """A page's tree. Takes text, never bytes: BeautifulSoup on bytes labelled gb2312 that hold GB18030 gives
    an empty page and no error (measured). Nests as deep and has as much text as the page has."""
    body = _HEAVY_TAG.sub(_lightened, UNSEEN.sub("", text)).encode("utf-8")
    root = _root(body, parser := etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if any(fault.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for fault in parser.error_log):
        root = _root(body, etree.HTMLParser(encoding="utf-8", huge_tree=True, target=_Flattened()))
    if root is None:
        return Node(etree.Element("html"))
    root.extend(list(root.itersiblings()))  # a second <html>, and comments below the page
    return Node(root)


def _lightened(tag: re.Match[str]) -> str:
    return f"<{tag[1]}>" if tag[0].count("=") > _MOST_ATTRIBUTES else tag[0]


def _root(body: bytes, parser: Any) -> Any:
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:  # nothing but comments, or nothing at all
        return None


class _Flattened:
    """Builds the tree of a page that nests deeper than libxml2 follows, which ends a page there without a
    word (measured: 2,048 levels): what is deeper still stands side by side."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._open: list[str] = []  # names of the elements that surround; "" for what was ended early
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == _DEEPEST:  # the innermost is still open then
            self._builder.end(self._open[-1])
            self._open[-1] = ""
            self._depth -= 1
        self._builder.start(tag, attributes)
        self._open.append(tag)
        self._depth += 1

    def end(self, tag: str) -> None:
        if self._open.pop():
            self._builder.end(tag)
            self._depth -= 1

    def data(self, text: str) -> None:
        self._builder.data(text)

    def comment(self, text: str) -> None:
        self._builder.comment(text)

    def close(self) -> Any:
        return self._builder.close()


def data(text: str) -> Node:
    """The tree of a document that is no page but a script or JSON: one script, which holds it."""
    return parse("<script>" + text.replace("</", "<\\/") + "</script>")


def selector_fault(selector: str) -> str | None:
    """What is wrong with a CSS selector, in a few words; None for one that can be used."""
    try:
        _xpath(selector)
    except SelectorError as error:
        return str(error).rstrip(".")
    return None


@cache
def _xpath(selector: str) -> Any:
    """A selector's compiled form. Selectors stand in layouts and in config.toml: they are few."""
    prefix = "descendant-or-self::" if ":scope" in selector else "descendant::"
    return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix=prefix))


def _events(root: Any) -> Iterator[tuple[Any, Any]]:
    """("open" or "close", element), and (its element, text), of all that a reader sees below an element.
    Walked without recursion: pages nest as deep as they like."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and element is not root and element.tag in _SKIPPED:
            walk.skip_subtree()
        elif event == "start":
            yield "open", element
            if element.text:
                yield element, element.text
        elif element is not root:
            if event == "end" and element.tag not in _SKIPPED:
                yield "close", element
            if element.tail:
                yield element.getparent(), element.tail


def _shown(root: Any) -> Iterator[str]:
    """Text that a reader sees; a blank at each <br> and where a block begins or ends, and nowhere else."""
    for event, what in _events(root):
        if isinstance(what, str):
            yield what
        elif what.tag in _BLOCKS or (event == "open" and what.tag == "br"):
            yield " "


def _cut_out(element: Any, depth: int = 0) -> Iterator[Tag]:
    """An element with all that is in it, and without the page around it, as BeautifulSoup has it: whole, or,
    where that would take a hundred megabytes, so many of its blocks at a time."""
    if element.tag not in _BOXES or depth > _DEEPEST_BOX or not _is_heavy(element):
        yield _soup(etree.tostring(element, encoding="unicode", method="html", with_tail=False), element.tag)
        return
    parts = [escape(element.text or "")]
    for child in element:
        if child.tag in _BOXES and _is_heavy(child):
            yield _soup(f"<div>{''.join(parts)}</div>", "div")
            yield from _cut_out(child, depth + 1)
            parts = [escape(child.tail or "")]
            continue
        parts.append(etree.tostring(child, encoding="unicode", method="html"))
        if len(parts) >= _MOST_BLOCKS and child.tag in _BLOCKS:
            yield _soup(f"<div>{''.join(parts)}</div>", "div")
            parts = []
    yield _soup(f"<div>{''.join(parts)}</div>", "div")


def _is_heavy(element: Any) -> bool:
    return next(islice(element.iter(), _MOST_BLOCKS, None), None) is not None


def _soup(markup: str, tag: str) -> Tag:
    with warnings.catch_warnings():  # about pages that are no HTML: to be judged by what stands on them
        warnings.simplefilter("ignore", XMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(markup, "lxml")
    found = soup.find(tag)
    return found if isinstance(found, Tag) else soup


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
