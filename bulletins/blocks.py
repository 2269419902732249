"""A region's markup -> its typed blocks in reading order; the one file that knows BeautifulSoup."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4 import XMLParsedAsHTMLWarning as XMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString

from bulletins.elements import BLANKS, BLOCKS, HEADINGS, SKIPPED, UNSEEN, fold, web_address
from bulletins.inline import Lines
from bulletins.model import Block, BlockKind

_BOLD = {"strong", "b"}
_INLINE = _BOLD | {"a", "em", "i", "sub", "sup", "u"}  # markup that says something
_STYLES = ("style", "class", "color", "face")  # of a span or font: what sets it apart
_HAN = "\u3400-\u9fff\u3001\u3002\u300a-\u3011\uff01-\uff1f\u2018-\u201d"
# Chinese parts no words with blanks: where a source line is broken there, nothing is meant by it (CSS Text 3,
# 4.1.3, which drops it between two wide characters).
_SOFT = re.compile(rf"(?<=[{_HAN}])[ \t\r]*\n\s*(?=[{_HAN}])|(?<=[{_HAN}][,;:!?])[ \t\r]*\n\s*(?=[{_HAN}])")
_ENDS = "。！？!?…；;，,、：:"
_HEADING_LENGTH = 40  # characters; a bold line that is longer is emphasis, not a heading


def blocks(markup: str, tag: str, base: str) -> Iterator[Block]:
    """The blocks of an element, given its markup and its name; addresses made absolute from `base`."""
    yield from _blocks(_parsed(markup, tag), base)


def _parsed(markup: str, tag: str) -> Tag:
    with warnings.catch_warnings():  # about pages that are no HTML: to be judged by what stands on them
        warnings.simplefilter("ignore", XMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(markup, "lxml")
    found = soup.find(tag)
    return found if isinstance(found, Tag) else soup


def _strings(tag: Tag, skipped: set[str] = SKIPPED) -> Iterator[str]:
    """Text that a reader sees, without scripts, styles and comments; a line break at each <br> and where a
    block begins or ends, and nowhere else. Walked without recursion: pages nest as deep as they like."""
    node: PageElement | None = tag.contents[0] if tag.contents else None
    end = _after(tag)
    while node is not None and node is not end:
        before = node.previous_sibling
        if isinstance(before, Tag) and before.name in BLOCKS:
            yield "\n"
        if isinstance(node, Tag):
            if node.name in skipped:
                node = _after(node)
                continue
            if node.name == "br" or node.name in BLOCKS:
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
    return BLANKS.sub(" ", soft.sub("", text) if soft else text)


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
        if isinstance(child, Tag) and child.name in SKIPPED:
            continue
        inline = isinstance(child, Tag) and child.name not in BLOCKS and id(child) not in below
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
                yield from _block(child, base, pictured="img" in below[id(child)])


def _below(root: Tag) -> defaultdict[int, set[str]]:
    """For each element that has blocks somewhere in it, by id(), their names: one pass, however deep."""
    below: defaultdict[int, set[str]] = defaultdict(set)
    for tag in root.descendants:  # BeautifulSoup would compare every element with every name
        if not isinstance(tag, Tag) or tag.name not in BLOCKS:
            continue
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
    if tag.name in HEADINGS:
        return "img" in below
    return tag.name not in ("img", "figure")


def _block(tag: Tag, base: str, *, pictured: bool) -> Iterator[Block]:
    """`pictured`: a picture stands in it."""
    if tag.name in ("img", "figure"):
        yield from _pictures(tag, base)
    elif tag.name in HEADINGS:
        if text := fold(_text(tag)):
            yield Block(BlockKind.HEADING, text)
    elif tag.name in ("ul", "ol"):
        if text := "\n".join(filter(None, map(fold, _text(tag).split("\n")))):
            yield Block(BlockKind.LIST, text, _whole(tag, base))
    elif tag.name == "table":
        captions = [fold(_text(caption)) for caption in tag.find_all("caption")]
        lines = [*captions, *(" ".join(filter(None, row)) for row in _rows(tag))]
        if text := "\n".join(filter(None, lines)):
            yield Block(BlockKind.TABLE, text, _whole(tag, base))
    elif pictured:
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
    return [[fold(_text(cell)) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def _paragraph(tag: Tag, base: str) -> Iterator[Block]:
    lines = list(_paragraphs([tag], base))
    short = len(lines) == 1 and len(text := lines[0].text) <= _HEADING_LENGTH and text[-1] not in _ENDS
    if short and not fold("".join(_strings(tag, SKIPPED | _BOLD))):  # all of it is bold
        yield Block(BlockKind.HEADING, text)
    else:
        yield from lines


def _paragraphs(nodes: Iterable[PageElement], base: str) -> Iterator[Block]:
    """What stands side by side, a paragraph for each line that has text, with its links and emphasis."""
    lines = Lines()
    for node in nodes:
        _write(node, lines, base)
    for text, html in lines.written():
        if words := fold(text):
            yield Block(BlockKind.PARAGRAPH, words, html)


def _write(root: PageElement, lines: Lines, base: str) -> None:
    """Everything of a node that a reader sees goes into `lines`; walked without recursion."""
    first = _leads_apart(root) if isinstance(root, Tag) else None
    walk: list[PageElement | str] = [root]  # what is to come, or an element that ends
    while walk:
        node = walk.pop()
        if isinstance(node, Tag) and node.name not in SKIPPED:
            if node.name == "br" or node.name in BLOCKS:
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
        return {name: _value(tag, name) for name in _STYLES if tag.get(name)}
    return {} if tag.name in _INLINE else None


def _value(tag: Tag, name: str) -> str:
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _leads_apart(tag: Tag) -> Tag | None:
    """The first words of a paragraph where they have a style of their own: a place, a speaker."""
    first = next(
        (node for node in tag.children if not isinstance(node, NavigableString) or _spoken(node).strip()),
        None,
    )
    if not isinstance(first, Tag) or first.name not in ("span", "font"):
        return None
    styled = any(first.get(name) for name in _STYLES)
    short = 0 < len(fold(_text(first))) < min(len(fold(_text(tag))), _HEADING_LENGTH)
    return first if styled and short else None


def _pictures(tag: Tag, base: str) -> Iterator[Block]:
    """Pictures, the text beside them kept: a figure's text, or the alternative text, is the caption."""
    images = [tag] if tag.name == "img" else tag.find_all("img")
    caption = fold(_text(tag)) if tag.name == "figure" else ""
    captioned = False
    for image in images:
        source = image.get("data-src") or image.get("src")
        if address := web_address(source, base) if isinstance(source, str) else None:
            own = caption if caption and not captioned else fold(str(image.get("alt") or ""))
            captioned = captioned or bool(caption)
            yield Block(BlockKind.IMAGE, own, url=address)
    if not captioned:
        yield from _paragraphs([tag], base)
