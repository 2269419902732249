"""Page text -> tree -> what layouts ask of it: elements by selector, text, links, typed blocks.

lxml holds the page; what is read block by block is cut out of it and given to BeautifulSoup, and nothing
else: its tree of a whole page costs ten times what lxml's does.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import cache
from html import escape
from itertools import islice
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from bulletins.blocks import blocks
from bulletins.elements import BLOCKS, UNSEEN, fold, web_address
from bulletins.model import Block
from bulletins.seen import Seen, outline, shown

__all__ = ["UNSEEN", "Node", "data", "parse", "selector_fault", "web_address"]

# References to what is no character: a browser shows U+FFFD for them, as for bytes that cannot be decoded.
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|(\d+));?", re.IGNORECASE)
# A tag with attributes by the ten thousand: lxml takes time by their square (measured: 8 s for 100,000).
_HEAVY_TAG = re.compile(r"<([A-Za-z][\w:-]*)\s[^<>]{50000,}>?")
_MOST_ATTRIBUTES = 1_000
_NAMES = etree.XPath("descendant::*/@id | descendant::*/@class", smart_strings=False)
_VALUES = etree.XPath("descendant::*/@*[name() != 'id' and name() != 'class']", smart_strings=False)
# Words within a line that nobody sees but who copies it; hidden blocks are tabs, which will be shown.
_HIDDEN = etree.XPath(
    "descendant::*[self::span or self::font or self::i or self::em or self::b]"
    "[contains(translate(@style, ' ', ''), 'display:none')][not(@id)][string-length(.) < 60]"
)
_MARKED = etree.XPath("descendant::*[@* or starts-with(name(), 'founder-')]")
_BOXES = {"div", "section", "article", "main", "body", "center"}
_MOST_BLOCKS = 2_000  # elements of a box that are given to BeautifulSoup together
_SOME_BLOCKS = 500  # of a larger one, so many at a time
_DEEPEST_BOX = 20  # boxes within boxes that are opened for that
_DEEPEST = 2_000  # levels of elements that are kept as they are


class Node:
    """An element of a page, as layouts see it."""

    __slots__ = ("_element", "_seen")

    def __init__(self, element: Any, seen: Seen | None = None) -> None:  # an lxml element; lxml has no types
        self._element = element
        self._seen = seen or Seen(element)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._element is other._element

    def __hash__(self) -> int:
        return hash(self._element)

    def all(self, selector: str) -> list[Node]:
        """The elements below this one that a CSS selector names, in document order. All of the selector is
        looked for below this element, which `:scope` names. Raises SelectorError for one that is none."""
        seen = self._seen
        return [Node(found, seen) for found in _xpath(selector)(self._element)]

    def first(self, selector: str) -> Node | None:
        found = _xpath(selector)(self._element)
        return Node(found[0], self._seen) if found else None

    def has(self, selector: str) -> bool:
        return bool(_xpath(selector)(self._element))

    def attribute(self, name: str) -> str:
        value: str = self._element.get(name, "")
        return " ".join(value.split()) if name == "class" else value.strip()

    @property
    def called(self) -> str:
        """Its class and its id."""
        told, own = self._element.get("class"), self._element.get("id")
        if told is None and own is None:
            return " "
        return f"{' '.join((told or '').split())} {(own or '').strip()}"

    @property
    def attributes(self) -> dict[str, str]:
        return {
            name: " ".join(value.split()) if name == "class" else value.strip()
            for name, value in self._element.items()
        }

    @property
    def key(self) -> Hashable:
        """What this element is told from others by, where many are: quicker to compare than Nodes are."""
        element: Hashable = self._element
        return element

    @property
    def below(self) -> set[str]:
        """The names of the elements below."""
        return {one.tag for one in self._element.iterdescendants()}

    @property
    def tag(self) -> str:
        """Its name, in small letters; "" for what is no element."""
        return self._element.tag if isinstance(self._element.tag, str) else ""

    @property
    def parent(self) -> Node | None:
        above = self._element.getparent()
        return None if above is None else Node(above, self._seen)

    @property
    def comments(self) -> list[tuple[Node, str]]:
        """The comments below, each with the element in which it stands; of a page those above it too."""
        found = [one for one in self._element.iter(etree.Comment) if one is not self._element]
        if self._element.getparent() is None:
            found += self._element.itersiblings(etree.Comment, preceding=True)
        return [
            (self if one.getparent() is None else Node(one.getparent(), self._seen), one.text or "")
            for one in found
        ]

    @property
    def commented(self) -> list[tuple[str, str, Node]]:
        """The comments below, each with the text that follows it, up to the next one or the end of its
        element, and that element."""
        found = []
        for one in self._element.iter(etree.Comment):
            if one.getparent() is None:
                continue
            told = [one.tail or ""]
            for after in one.itersiblings():
                if after.tag is etree.Comment:
                    break
                told += [*(shown(after) if isinstance(after.tag, str) else ()), after.tail or ""]
            found.append((one.text or "", fold("".join(told)), Node(one.getparent())))
        return found

    @property
    def text(self) -> str:
        """All text below, blanks folded."""
        return self._seen.text(self._element)

    def head(self, most: int) -> str:
        """The first characters of the text, so many at most; what stands below them is not looked at."""
        if self._seen.gone_over:
            return self.text[:most]
        pieces: list[str] = []
        left = 0
        for piece in shown(self._element):
            pieces.append(piece)
            left -= len(piece)
            if left <= 0:
                if len(said := fold("".join(pieces))) >= most:
                    return said[:most]
                left = most - len(said)
        return fold("".join(pieces))[:most]

    def link(self, base: str) -> str | None:
        """The absolute address of an `a`, `area` or `base`; None for javascript:, mailto: and the like."""
        return web_address(self.attribute("href"), base)

    def blocks(self, base: str) -> tuple[Block, ...]:
        """The content, typed, in reading order; addresses absolute."""
        return tuple(block for markup, tag in _cut_out(self._element) for block in blocks(markup, tag, base))

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
        seen = self._seen
        around = [self]
        for event, element, text in seen.steps(self._element):
            if event == "text":
                yield event, around[-1], text
            elif event == "open":
                around.append(node := Node(element, seen))
                yield event, node, ""
            else:
                yield event, around.pop(), ""

    @property
    def outline(self) -> Iterator[tuple[str, str, str, str]]:
        """What `walk` goes over, by names alone: ("open", tag, class, id), ("close", "", "", "") and ("text",
        the text without unseen marks and with every blank, "", "")."""
        return outline(self._element)

    @property
    def marked(self) -> Iterator[Node]:
        """The elements below that have attributes, or are Founder's own, in order."""
        return (Node(element, self._seen) for element in _MARKED(self._element))

    @property
    def names(self) -> set[str]:
        """The ids and classes of the elements below."""
        return set(_NAMES(self._element))

    @property
    def values(self) -> set[str]:
        """What other attributes below say."""
        return set(_VALUES(self._element))

    def span(self, below: Node) -> tuple[int, int] | None:
        """The numbers of the steps of `walk` at which an element below opens and closes; None where no reader
        sees it."""
        here, place = self._seen.place(self._element), self._seen.place(below._element)
        begin = here[1] if here else 0
        return (place[1] - 1 - begin, place[3] - begin) if place else None

    @property
    def texts(self) -> Iterator[tuple[int, Node, str]]:
        """The pieces of text of `walk`, with the numbers of their steps and their elements."""
        seen = self._seen
        for at, (event, element, text) in enumerate(seen.steps(self._element)):
            if event == "text":
                yield at, Node(element, seen), text


def parse(text: str) -> Node:
    """A page's tree. Takes text, never bytes: BeautifulSoup on bytes labelled gb2312 that hold GB18030 gives
    an empty page and no error (measured). Nests as deep and has as much text as the page has."""
    told = UNSEEN.sub("", _REFERENCE.sub(_of_a_character, text))
    body = _HEAVY_TAG.sub(_lightened, told).encode("utf-8")
    root = _root(body, parser := etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if any(fault.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for fault in parser.error_log):
        root = _root(body, etree.HTMLParser(encoding="utf-8", huge_tree=True, target=_Flattened()))
    if root is None:
        return Node(etree.Element("html"))
    root.extend(list(root.itersiblings()))  # a second <html>, and comments below the page
    if "display" in text:
        for hidden in _HIDDEN(root):
            _take_out(hidden)
    return Node(root)


def _take_out(element: Any) -> None:
    """Remove an element, not the text that follows it."""
    above, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    above.remove(element)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        above.text = (above.text or "") + tail


def _of_a_character(reference: re.Match[str]) -> str:
    """A numeric reference as it stands; nothing where it names NUL, half a pair, or what is no character."""
    digits = (reference[1] or reference[2]).lstrip("0")
    if not digits or len(digits) > 7:  # 1114111, 10ffff
        return ""
    number = int(digits, 16 if reference[1] else 10)
    return reference[0] if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else ""


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


def _cut_out(element: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The markup and name of an element, without the page around it, for BeautifulSoup: whole, or,
    where that would take a hundred megabytes, so many of its blocks at a time."""
    if element.tag not in _BOXES or depth > _DEEPEST_BOX or not _is_heavy(element):
        yield etree.tostring(element, encoding="unicode", method="html", with_tail=False), element.tag
        return
    parts = [escape(element.text or "")]
    for child in element:
        if child.tag in _BOXES and _is_heavy(child):
            yield f"<div>{''.join(parts)}</div>", "div"
            yield from _cut_out(child, depth + 1)
            parts = [escape(child.tail or "")]
            continue
        parts.append(etree.tostring(child, encoding="unicode", method="html"))
        if len(parts) >= _SOME_BLOCKS and child.tag in BLOCKS:
            yield f"<div>{''.join(parts)}</div>", "div"
            parts = []
    yield f"<div>{''.join(parts)}</div>", "div"


def _is_heavy(element: Any) -> bool:
    return next(islice(element.iter(), _MOST_BLOCKS, None), None) is not None
