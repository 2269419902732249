"""A reason or an action, as it is stored in English -> in Chinese, for the rooms that people look at.

Records, logs, commands and JSON keep the English. `wording.json` has for each form of words its Chinese. What
stands in braces differs from one to the next: {n} is a figure, {url} an address, {=what} words that have a
form of their own, {!what} words that must have one, {*what} a list of such, {path} what has no blanks, {code}
what is of no language, any other name whatever stands there. Forms follow one another with "; ". What has no
form stays as it is, marked as English.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from markupsafe import Markup, escape

from feeds import safe

_SLOT = re.compile(r"\{([=!*]?)([a-z]+)(\d*)\}")
_VALUES = {"n": r"[-+]?[\d.]*\d(?:e[-+]?\d+)?%?|inf|nan", "url": r"https?://\S+", "path": r"\S+"}
_LETTERS = re.compile(r"[A-Za-z]{2}")
_PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}| \(https?:")  # in a value that is more than a name
_LONGEST = 2_000  # characters of what is looked at
_MOST = 12  # parts of it
_WITHIN = 3  # parts that one form may have, where what it is filled with is so divided
_JOINT = 3  # characters of one
_DEEP = 6  # words within words; reasons have four
_KEPT = 512  # that are remembered: the same ones are shown again and again


class Said(NamedTuple):
    """Words in Chinese, as HTML; how many of their characters are left in English."""

    html: Markup
    left: int


@dataclass(frozen=True, slots=True)
class _Form:
    english: str
    chinese: str
    literals: tuple[str, ...]  # what stands in all words of this form: it is asked for first


def worded(text: str) -> Markup:
    """A reason, an action, or a line that compares pages; "" for none."""
    clean = safe.text(text).strip()
    return (_told(clean) if len(clean) <= _LONGEST else _english(clean)).html


@lru_cache(maxsize=_KEPT)
def _told(text: str, depth: int = 0) -> Said:
    """The parts of a text in the forms that leave the least English; the shorter ones where they tie."""
    parts = text.split("; ")
    if not 1 < len(parts) <= _MOST:
        return _phrase(text, depth)
    best = [Said(Markup(), 0)]  # of the first so many parts
    for end in range(1, len(parts) + 1):
        ways = []
        for begin in range(end - 1, max(end - _WITHIN, 0) - 1, -1):
            before, last = best[begin], _phrase("; ".join(parts[begin:end]), depth)
            joint = Markup("；") if begin else Markup()
            ways.append(Said(before.html + joint + last.html, before.left + last.left))
        best.append(min(ways, key=lambda way: way.left))
    return best[-1]


@lru_cache(maxsize=_KEPT)
def _phrase(text: str, depth: int) -> Said:
    """Words without joints, or with such as belong to their form."""
    exact, forms = _forms()
    if text in exact:
        return Said(escape(exact[text]), 0)
    best = _english(text)
    for form in forms if depth < _DEEP else ():
        if not best.left:
            break
        if all(each in text for each in form.literals) and (said := _filled(form, text, depth + 1)):
            best = min(best, said, key=lambda one: one.left)
    return best


def _filled(form: _Form, text: str, depth: int) -> Said | None:
    match = _pattern(form.english).fullmatch(text)
    if match is None:
        return None
    html, left, end = Markup(), 0, 0
    for slot in _SLOT.finditer(form.chinese):
        mode, value = slot[1], match[slot[2] + slot[3]]
        if mode:
            said = _listed(value) if mode == "*" else _told(value, depth)
        else:
            said = Said(escape(value), 0) if slot[2] == "code" else _value(value)
        if mode in ("!", "*") and said.left:
            return None
        html += escape(form.chinese[end : slot.start()]) + said.html
        left, end = left + said.left, slot.end()
    return Said(html + escape(form.chinese[end:]), left)


def _listed(text: str) -> Said:
    """Mondays, Tuesdays and Fridays."""
    words = re.split(", | and ", text)
    exact, _ = _forms()
    if not all(word in exact for word in words):
        return _english(text)
    return Said(escape("、".join(exact[word] for word in words)), 0)


def _value(text: str) -> Said:
    """A name, a figure, an address: as it is."""
    return _english(text) if _PROSE.search(text) else Said(escape(text), 0)


def _english(text: str) -> Said:
    if not _LETTERS.search(text):
        return Said(escape(text), 0)
    return Said(Markup('<span lang="en">{}</span>').format(text), len(text))


@cache
def _forms() -> tuple[dict[str, str], list[_Form]]:
    """Words that are always the same, and forms, those first of which most is given."""
    told: dict[str, str] = json.loads((files("feeds.site") / "wording.json").read_text("utf-8"))
    exact = {english: chinese for english, chinese in told.items() if not _SLOT.search(english)}
    forms = [
        _Form(english, chinese, tuple(filter(None, _SLOT.sub("\0", english).split("\0"))))
        for english, chinese in told.items()
        if english not in exact
    ]
    return exact, sorted(forms, key=_order)


def _order(form: _Form) -> int:
    """Mere joints come last, as they are written."""
    given = sum(map(len, form.literals))
    return -given if given > _JOINT else 0


@lru_cache(maxsize=_KEPT)
def _pattern(english: str) -> re.Pattern[str]:
    pattern, end = "", 0
    for slot in _SLOT.finditer(english):
        value = _VALUES.get(slot[2], r".+?")
        pattern += f"{re.escape(english[end : slot.start()])}(?P<{slot[2]}{slot[3]}>{value})"
        end = slot.end()
    return re.compile(pattern + re.escape(english[end:]), re.DOTALL)
