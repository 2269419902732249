"""A page's lxml tree -> what a reader sees of it, in order: elements that open and close, and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from bulletins.elements import BLANKS, BLOCKS, SKIPPED, UNSEEN, fold, spaced

_LARGE = 100_000  # elements; the thickest newspaper has a hundredth of them on a page
_CLOSE = ("close", "", "", "")
_FEW = 200  # elements below one whose text is read without going over the whole page


class Seen:
    """A page's elements and texts in order, gone over once, when first needed. What an element holds is
    a stretch of them, so no part of a page is walked again for each element that is asked."""

    __slots__ = ("_large", "_last", "_places", "_root", "_steps", "_text")

    def __init__(self, root: Any) -> None:
        self._root = root
        # Then only where its marked elements stand is kept, or a page of 5 MB would take 200 MB.
        self._large = next(islice(root.iter(), _LARGE, None), None) is not None
        self._text = ""
        self._steps: list[tuple[str, Any, str]] = []
        self._places: dict[Any, tuple[int, int, int, int]] = {}  # where its text and its steps begin, and end
        self._last: tuple[Any, str] = (None, "")

    def text(self, element: Any) -> str:
        """All text of an element, blanks folded."""
        if not len(element) and isinstance(element.tag, str):
            return fold(element.text) if element.text else ""
        last, said = self._last
        if last is element:
            return said
        small = self._large or (not self._places and next(islice(element.iter(), _FEW, None), None) is None)
        if small or (place := self.place(element)) is None:
            said = fold("".join(shown(element)))
            self._last = element, said
            return said
        said = BLANKS.sub(" ", self._text[place[0] : place[2]]).strip()
        self._last = element, said
        return said

    def steps(self, element: Any) -> Iterable[tuple[str, Any, str]]:
        """ "open" and "close" with an element below it, "text" with the element that it stands in."""
        if self._large or (place := self.place(element)) is None:
            return steps(element)
        return islice(self._steps, place[1], place[3])

    @property
    def gone_over(self) -> bool:
        return bool(self._places) and not self._large

    def place(self, element: Any) -> tuple[int, int, int, int] | None:
        """None in what no reader sees, as in a <noscript>."""
        if not self._places:
            (self._mark if self._large else self._read)()
        return self._places.get(element)

    def _mark(self) -> None:
        begins: list[int] = []
        n = -1
        for n, (event, element, _) in enumerate(steps(self._root)):
            if event == "open":
                begins.append(n + 1)
            elif event == "close":
                begin = begins.pop()
                if element.attrib or element.tag.startswith("founder-"):
                    self._places[element] = (0, begin, 0, n)
        self._places[self._root] = (0, 0, 0, n + 1)

    def _read(self) -> None:
        """As `steps` goes, but in one loop: much of the time that a page takes is spent here."""
        pieces: list[str] = []
        steps, places, at, root = self._steps, self._places, 0, self._root
        begins: list[tuple[int, int]] = [(0, 0)]
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if element is not root:
                    if tag in SKIPPED:
                        walk.skip_subtree()
                        continue
                    if tag in BLOCKS or tag == "br":
                        pieces.append(" ")
                        at += 1
                    steps.append(("open", element, ""))
                    begins.append((at, len(steps)))
                text, around = element.text, tag
            elif element is root:
                continue
            else:
                if event == "end" and tag not in SKIPPED:
                    places[element] = (*begins.pop(), at, len(steps))
                    steps.append(("close", element, ""))
                    if tag in BLOCKS:
                        pieces.append(" ")
                        at += 1
                if (text := element.tail) is None:
                    continue
                element = element.getparent()
                around = element.tag
            if text:
                said = UNSEEN.sub("", text) if around == "pre" else spaced(text)
                steps.append(("text", element, said))
                pieces.append(said)
                at += len(said)
        places[root] = (0, 0, at, len(steps))
        self._text = "".join(pieces)


def steps(root: Any) -> Iterator[tuple[str, Any, str]]:
    """("open" or "close", element, ""), and ("text", its element, the text), of all that a reader sees below
    an element; blanks folded, but for those of a <pre>. Walked without recursion: pages nest as deep as they
    like."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element is not root:
                if element.tag in SKIPPED:
                    walk.skip_subtree()
                    continue
                yield "open", element, ""
            if text := element.text:
                yield "text", element, _spoken(text, element)
        elif element is not root:
            if event == "end" and element.tag not in SKIPPED:
                yield "close", element, ""
            if text := element.tail:
                yield "text", (above := element.getparent()), _spoken(text, above)


def outline(root: Any) -> Iterator[tuple[str, str, str, str]]:
    """As `steps` goes, by the names of elements: tag, class and id of one that opens; texts that are more
    than blanks, with all of their blanks. One loop: every page that is read is gone over so."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element is not root:
                tag = element.tag
                if tag in SKIPPED:
                    walk.skip_subtree()
                    continue
                yield "open", tag, element.get("class", ""), element.get("id", "")
            text = element.text
        elif element is root:
            continue
        else:
            if event == "end" and element.tag not in SKIPPED:
                yield _CLOSE
            text = element.tail
        if text and not text.isspace():
            yield "text", UNSEEN.sub("", text), "", ""


def _spoken(text: str, element: Any) -> str:
    return UNSEEN.sub("", text) if element.tag == "pre" else spaced(text)


def shown(root: Any) -> Iterator[str]:
    """Text that a reader sees; a blank at each <br> and where a block begins or ends, and nowhere else."""
    for event, element, text in steps(root):
        if event == "text":
            yield text
        elif element.tag in BLOCKS or (event == "open" and element.tag == "br"):
            yield " "
