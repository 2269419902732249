"""A region's markup -> its typed blocks in reading order; the one file that knows BeautifulSoup."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4 import XMLParsedAsHTMLWarning as XMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString

from bulletins.elements import BLANKS, BLOCKS, HEADINGS, SKIPPED, UNSEEN, fold, web_address
from bulletins.model import Block, BlockKind

_BOLD = {"strong", "b"}
_INLINE = _BOLD | {"a", "em", "i", "sub", "sup", "u"}  # markup that says something
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


def _spoken(string: NavigableString) -> str:
    """A text node as shown: no unseen marks; line breaks of the source are blanks, except in <pre>."""
    if isinstance(string, PreformattedString):  # comments, doctypes and the like
        return ""
    if string.parent is not None and string.parent.name == "pre":
        return UNSEEN.sub("", string)
    return BLANKS.sub(" ", UNSEEN.sub("", string))


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
        if isinstance(child, Tag) and child.name in SKIPPED:
            continue
        if isinstance(child, Tag) and child.name == "br":
            loose.append("\n")
        elif isinstance(child, Tag) and child.name not in BLOCKS and id(child) not in below:
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
    for tag in root.find_all(BLOCKS):
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


def _block(tag: Tag, base: str) -> Iterator[Block]:
    if tag.name in ("img", "figure"):
        yield from _pictures(tag, base)
    elif tag.name in HEADINGS:
        if text := fold(_text(tag)):
            yield Block(BlockKind.HEADING, text)
    elif tag.name in ("ul", "ol"):
        if text := "\n".join(filter(None, map(fold, _text(tag).split("\n")))):
            yield Block(BlockKind.LIST, text, str(tag))
    elif tag.name == "table":
        captions = [fold(_text(caption)) for caption in tag.find_all("caption")]
        lines = [*captions, *(" ".join(filter(None, row)) for row in _rows(tag))]
        if text := "\n".join(filter(None, lines)):
            yield Block(BlockKind.TABLE, text, str(tag))
    elif tag.find("img") is not None:
        yield from _pictures(tag, base)
    else:
        yield from _paragraph(tag)


def _rows(table: Tag) -> list[list[str]]:
    return [[fold(_text(cell)) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def _paragraph(tag: Tag) -> Iterator[Block]:
    lines = list(_paragraphs(_text(tag)))
    if len(lines) != 1:
        yield from lines
        return
    text = lines[0].text
    bold = not fold("".join(_strings(tag, SKIPPED | _BOLD)))
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
    return styled and 0 < len(fold(_text(first))) < min(len(text), _HEADING_LENGTH)


def _paragraphs(text: str) -> Iterator[Block]:
    for line in filter(None, map(fold, text.split("\n"))):
        yield Block(BlockKind.PARAGRAPH, line)


def _pictures(tag: Tag, base: str) -> Iterator[Block]:
    """Pictures, the text beside them kept: a figure's text, or the alternative text, is the caption."""
    images = [tag] if tag.name == "img" else tag.find_all("img")
    text = _text(tag)
    for image in images:
        source = image.get("data-src") or image.get("src")
        if address := web_address(source, base) if isinstance(source, str) else None:
            if tag.name == "figure" and text:
                caption, text = fold(text), ""
            else:
                caption = fold(str(image.get("alt") or ""))
            yield Block(BlockKind.IMAGE, caption, url=address)
    yield from _paragraphs(text)
