"""A line's text and the markup in it -> the same, cut to a part of the text, whole and well-formed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape, unescape

from bulletins.model import Block

_BLANKS = re.compile(r"[\s\u2800\u3164]+")
_TOKEN = re.compile(r"<[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|.", re.S)
_NAME = re.compile(r"</?([^\s/>]+)")
_VOID = {"br", "img", "hr", "wbr"}


@dataclass(slots=True)
class Lines:
    """Writes elements and text as they come, in document order; every line has its own markup, so an element
    that goes on over a line break is closed before and opened again after it.

    An element inside another of its name says nothing new and is left out, which bounds what a hostile page
    can make of each of its line breaks.
    """

    _done: list[tuple[str, str]] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _html: list[str] = field(default_factory=list)
    _open: dict[str, str] = field(default_factory=dict)  # name -> its tag, outermost first
    _depth: Counter[str] = field(default_factory=Counter)
    _marked: bool = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth[name] += 1
        if self._depth[name] == 1:
            said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
            self._open[name] = f"<{name}{said}>"
            self._html.append(self._open[name])
            self._marked = True

    def close(self, name: str) -> None:
        self._depth[name] -= 1
        if self._depth[name] == 0:
            del self._open[name]
            self._html.append(f"</{name}>")

    def text(self, words: str) -> None:
        first, *further = words.split("\n")
        self._write(first)
        for line in further:
            self.end()
            self._write(line)

    def end(self) -> None:
        """A line break."""
        self._html += [f"</{name}>" for name in reversed(self._open)]
        html = "".join(self._html)
        self._done.append(("".join(self._text), _tidy(html) if self._marked else ""))
        self._text, self._html, self._marked = [], list(self._open.values()), bool(self._open)

    def written(self) -> Iterator[tuple[str, str]]:
        """The lines, each as plain text and as markup; the latter is empty where it would say no more."""
        self.end()
        return iter(self._done)

    def _write(self, words: str) -> None:
        self._text.append(words)
        self._html.append(escape(words, quote=False))


def keep(block: Block, text: str) -> Block:
    """A block with a part of its text, blanks aside, and the markup that is in that part; with any other text
    it has none."""
    if text == block.text:
        return block
    whole, part = _squeezed(block.text), _squeezed(text)
    start = 0 if whole.startswith(part) else whole.rfind(part)
    if not block.html or start < 0 or _squeezed(_plain(block.html)) != whole:
        return replace(block, text=text, html="")
    html = cut(block.html, start, start + len(part))
    return replace(block, text=text, html=html if "<" in html else "")


def cut(html: str, start: int, end: int) -> str:
    """Of markup, the characters from `start` to `end`, counted without blanks, in the elements that they
    stand in; elements of which nothing is left are not."""
    out: list[str] = []
    opened: list[list[int]] = []  # where an element begins in `out`, and whether anything is in it
    at = 0
    for token in _TOKEN.findall(html):
        if token.startswith("</"):
            _close(out, opened, token)
        elif token.startswith("<") and len(token) > 1 and not _is_void(token):
            opened.append([len(out), 0])
            out.append(token)
        elif token.startswith("<") and len(token) > 1:
            _add(out, opened, token, kept=start <= at < end, filled=True)
        elif _BLANKS.fullmatch(unescape(token)):
            _add(out, opened, token, kept=start < at < end, filled=False)
        else:
            _add(out, opened, token, kept=start <= at < end, filled=True)
            at += 1
    return "".join(out)


def _add(out: list[str], opened: list[list[int]], token: str, *, kept: bool, filled: bool) -> None:
    if kept:
        out.append(token)
        if opened and filled:
            opened[-1][1] = 1


def _close(out: list[str], opened: list[list[int]], token: str) -> None:
    if not opened:
        return
    begins, filled = opened.pop()
    if not filled:
        blanks = out[begins + 1 :]
        del out[begins:]
        out += blanks
        return
    out.append(token)
    if opened:
        opened[-1][1] = 1


def _is_void(tag: str) -> bool:
    name = _NAME.match(tag)
    return tag.endswith("/>") or (name is not None and name[1].lower() in _VOID)


def _tidy(html: str) -> str:
    """Without elements that hold nothing; empty where there are no others."""
    tidy = cut(html, 0, len(html)).strip()
    return tidy if "<" in tidy else ""


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)
