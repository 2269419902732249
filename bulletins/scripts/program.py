"""A page's scripts -> the addresses that they open, load, or would make of something's id.

Nothing is run. Statements are read one after the other as if each were reached, functions as if they were
called with what is not known; only an `if` whose condition is told leaves out what it rules out.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bulletins.scripts.expressions import WINDOWS, Budget, Function, Lost, Reader
from bulletins.scripts.methods import Slot, text
from bulletins.scripts.tokens import Token, tokens

OPENED, LOADED, WRITTEN = "opened", "loaded", "written"
_PLACES = {"location", "href", "src"}
_LOADERS = {"fetch", "getJSON", "get", "axios", "ajax", "load", "request", "getScript", "fetchJSON"}
_LATER = {"setTimeout", "setInterval"}
_ADDRESS = re.compile(r"[^\s<>\"'{}|^`]{2,500}")  # NUL, between which a name stands, is one of these
_TELLING = re.compile(r"[/?.]")
_IN_MARKUP = re.compile(
    r"""(?:\bhref|\bsrc|\bvalue|\burl)\s*=\s*["']?([^"'\s<>]+)|(?:open|href\s*=|location\s*=)\s*\(?\s*["']([^"']+)["']""",
    re.I,
)
_DATA = re.compile(r"[^\s?#]+\.json(?:\?\S*)?", re.I)  # loaded, whatever it is given to
_STILL = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico|webp|woff2?|swf|mp[34])(?:$|[?#])", re.I)
_SITE = re.compile(r"\0origin\0|\0protocol\0//\0host(?:name)?\0")
_SOON = 40  # tokens within which an address is put together
_DEEPEST = 6  # functions that call each other
_MOST_NESTED = 100  # functions within functions


@dataclass(frozen=True, slots=True)
class Address:
    """An address as a script writes it. What it does not know yet stands between two NUL, by its name."""

    how: str
    written: str

    @property
    def whole(self) -> bool:
        return "\0" not in self.written


@dataclass(slots=True)
class Program:
    given: Sequence[Token]
    now: datetime | None = None
    budget: Budget = field(default_factory=Budget)
    functions: dict[str, Any] = field(default_factory=dict)
    found: dict[Address, None] = field(default_factory=dict)
    deep: int = 0
    nested: int = 0
    data: list[int] = field(init=False)  # where data files are named

    def __post_init__(self) -> None:
        self.data = [n for n, token in enumerate(self.given) if ".json" in token.said]

    def read(self) -> tuple[Address, ...]:
        with suppress(Lost):  # too much of it
            self._hoisted()
            self.statements(0, len(self.given), self.functions)
        return tuple(self.found)

    def _hoisted(self) -> None:
        """Functions that have a name are known before they are written."""
        for n, token in enumerate(self.given):
            if token.said == "function" and n + 2 < len(self.given) and self.given[n + 2].said == "(":
                reader = self._reader(n, {})
                if (made := reader.function()) is not None:
                    self.functions[self.given[n + 1].said] = made

    def _reader(self, n: int, known: dict[str, Any]) -> Reader:
        return Reader(self.given, known, self.now, self.budget, n, run=self.answer)

    def answer(self, function: Function, arguments: list[Any], known: dict[str, Any]) -> Any:
        """What a function returns; what it opens on the way is opened."""
        if self.deep >= _DEEPEST:
            return Slot("call")
        self.deep += 1
        names = {name: Slot(name) for name in function.parameters}
        inner = {**known, **names, **dict(zip(function.parameters, arguments, strict=False))}
        try:
            if function.short:
                return self._reader(function.begin, inner).value()
            return self.statements(function.begin, function.end, inner)
        except Lost:
            return Slot("call")
        finally:
            self.deep -= 1

    def statements(self, begin: int, end: int, known: dict[str, Any]) -> Any:
        """Read what stands there; the first value returned, for a function's body."""
        n = begin
        returned: Any = Slot("call")
        answered = False
        self.nested += 1
        if self.nested > _MOST_NESTED:
            raise Lost
        while n < end:
            self.budget.spend()
            said, kind = self.given[n].said, self.given[n].kind
            if kind == "name" and said == "function" and (made := self._reader(n, known).function()):
                inner = {**known, **{name: Slot(name) for name in made.parameters}}
                self.statements(made.begin, made.end, inner)
                n = made.end + 1
                continue
            if kind == "name" and said == "if" and (after := self._ruled_out(n, known)):
                n = after
                continue
            if kind == "name" and said == "return" and not answered:
                reader = self._reader(n + 1, known)
                with suppress(Lost):
                    returned, answered = reader.value(), True
            if kind == "name" and not self._goes_on(n):
                self._name(n, known)
            elif kind == "text":
                self._markup(n, known)
            n += 1
        self.nested -= 1
        return returned

    def _goes_on(self, n: int) -> bool:
        """Whether a name is but a further one of `a.b.c`, which is looked at from its first on."""
        return n > 1 and self.given[n - 1].said == "." and self.given[n - 2].kind == "name"

    def _ruled_out(self, n: int, known: dict[str, Any]) -> int:
        """Where to go on behind an `if` that is told to be false; 0 where it is not."""
        reader = self._reader(n + 1, known)
        try:
            said = reader.value()
        except Lost:
            return 0
        if isinstance(said, Slot) or said:
            return 0
        if reader.peek() == "{":
            reader.skip()
        else:
            while reader.n < len(self.given) and not reader.take(";") and reader.peek() not in ("else", "}"):
                reader.n += 1
        return reader.n

    def _name(self, n: int, known: dict[str, Any]) -> None:
        """A name may begin an assignment, a call, or be the key of an address."""
        names, after = self._chain(n)
        sign = self.given[after].said if after < len(self.given) else ""
        if sign in ("=", "+="):
            self._assigned(names, after, known)
        elif sign == "(":
            self._called(names, after, known)
        elif sign == ":" and len(names) == 1 and (names == ["url"] or self._names_data(after)):
            value = self._value(after + 1, known)
            if (names == ["url"] or _is_data(value)) and not self._posts(after):
                self._add(LOADED, value)

    def _chain(self, n: int) -> tuple[list[str], int]:
        names = [self.given[n].said]
        n += 1
        while (
            n + 1 < len(self.given) and self.given[n].said in (".", "?.") and self.given[n + 1].kind == "name"
        ):
            names.append(self.given[n + 1].said)
            n += 2
        return names, n

    def _assigned(self, names: list[str], at: int, known: dict[str, Any]) -> None:
        value = self._value(at + 1, known)
        if _is_data(value):
            self._add(LOADED, value)
        if len(names) > 1 and names[0] in WINDOWS and names[1] not in _PLACES:
            names = names[1:]
        if len(names) == 1:
            before = known.get(names[0]) if self.given[at].said == "+=" else None
            known[names[0]] = value if before is None else text(before) + text(value)
        member = len(names) > 1 or names[0] == "location" or self._behind(at - 1)
        if names[-1] in _PLACES and member:
            self._add(OPENED, value)

    def _called(self, names: list[str], at: int, known: dict[str, Any]) -> None:
        name = names[-1]
        place = len(names) > 1 and names[-2] == "location" and name in ("replace", "assign")
        if place or name == "open":
            first = self._value(at + 1, known)
            if name == "open" and isinstance(first, str) and first.upper() in ("GET", "POST"):
                if first.upper() == "GET":
                    self._add(LOADED, self._argument(at, 1, known))
            else:
                self._add(OPENED, first)
        elif name in _LATER and isinstance(code := self._value(at + 1, known), str):
            self._later(code, known)
        elif name in _LOADERS and not self._posts(at):
            self._add(LOADED, self._data(at, known) or self._value(at + 1, known))
        elif (given := self._data(at, known)) and not self._posts(at):
            self._add(LOADED, given)
        elif name in ("attr", "setAttribute", "prop") and self._value(at + 1, known) in ("src", "href"):
            self._add(OPENED, self._argument(at, 1, known))
        elif (
            len(names) == 1
            and isinstance(known.get(name), Function)
            and not self._behind(at - 1)
            and self.deep == 0
        ):
            try:
                self._reader(at - 1, known).value()
            except Lost:
                return
        elif len(names) == 2 and name in ("setDate", "setTime"):
            try:
                self._reader(at - 3, known).value()
            except Lost:
                return

    def _data(self, at: int, known: dict[str, Any]) -> Any:
        """The data file that something unknown is called with, by itself or behind the box that shows it."""
        if not self._names_data(at):
            return None
        given = (self._value(at + 1, known), self._argument(at, 1, known))
        return next((value for value in given if _is_data(value)), None)

    def _names_data(self, n: int) -> bool:
        """Whether a data file is named soon after; elsewhere it is not worth while to work values out."""
        at = bisect(self.data, n)
        return at < len(self.data) and self.data[at] - n < _SOON

    def _later(self, code: str, known: dict[str, Any]) -> None:
        """What a text does that is run as a script after a while: setTimeout("location='/2026/'", 300)."""
        said = tokens(code)
        for _ in said:
            self.budget.spend()
        given = [*self.given, *said]
        own = Program(given, self.now, self.budget, known, self.found, self.deep, self.nested)
        with suppress(Lost):
            own.statements(len(self.given), len(given), known)

    def _behind(self, n: int) -> bool:
        return n > 0 and self.given[n - 1].said in (".", "?.")

    def _argument(self, at: int, n: int, known: dict[str, Any]) -> Any:
        reader = self._reader(at + 1, known)
        try:
            for _ in range(n):
                reader.value()
                if not reader.take(","):
                    return None
            return reader.value()
        except Lost:
            return None

    def _value(self, n: int, known: dict[str, Any]) -> Any:
        try:
            return self._reader(n, known).value()
        except Lost:
            return Slot("value")

    def _posts(self, at: int) -> bool:
        """Whether what is called or described from here on is sent by POST."""
        reader = self._reader(at, {})
        if reader.peek() == "(":
            reader.skip()
            end = reader.n
        else:
            end = at + 30
        return any(token.said.strip("'\"").upper() == "POST" for token in self.given[max(at - 12, 0) : end])

    def _markup(self, n: int, known: dict[str, Any]) -> None:
        """A text that names data or has markup, put together with what is known: the addresses in it."""
        if n and self.given[n - 1].said in ("+", "."):
            return
        value = self._value(n, known)
        if _is_data(value) and self.given[n - 1].said not in ("[", ",") and not self._posts(n):
            self._add(LOADED, value)
        elif isinstance(value, str) and "=" in value:
            for match in _IN_MARKUP.finditer(value):
                self._add(WRITTEN, match[1] or match[2])

    def _add(self, how: str, value: Any) -> None:
        if not isinstance(value, str):
            return
        written = _SITE.sub("", value.strip())
        telling = _TELLING.search(written) or (how == OPENED and re.fullmatch(r"[\w-]*\d", written))
        if _ADDRESS.fullmatch(written) and telling and not _STILL.search(written):
            self.found.setdefault(Address(how, written))


def _is_data(value: Any) -> bool:
    return isinstance(value, str) and _DATA.fullmatch(value) is not None


def addresses(scripts: str, now: datetime | None = None) -> tuple[Address, ...]:
    """The addresses in scripts, in the order in which they stand; at `now`, Beijing's, those of today."""
    return Program(tokens(scripts), now).read()


@dataclass(slots=True)
class Handlers:
    """What the elements of a page open by their own scripts, by means of the page's functions."""

    code: str
    _program: Program | None = None

    def opened(self, handler: str, value: str = "") -> str:
        """The first address that an element's own script opens, which has a `value`, else ""."""
        page = self._page()
        known = {**page.functions, "this": {"value": value}} if value else dict(page.functions)
        own = Program([*page.given, *tokens(handler)], functions=known)
        with suppress(Lost):
            own.statements(len(page.given), len(own.given), own.functions)
        return next((one.written for one in own.found if one.whole and one.how != LOADED), "")

    def given(self, argument: str) -> Sequence[str]:
        """The addresses that the page's functions of one argument open, given this one."""
        page = self._page()
        found: dict[str, None] = {}
        for function in page.functions.values():
            if isinstance(function, Function) and len(function.parameters) == 1:
                own = Program(page.given, functions=dict(page.functions))
                own.answer(function, [argument], own.functions)
                found |= {one.written: None for one in own.found if one.whole and one not in page.found}
        return tuple(found)

    def asking(self) -> Sequence[tuple[str, str, str]]:
        """The addresses that the page opens with one thing in them that it does not know before: what stands
        before it, its name, and what stands behind it."""
        parts = [one.written.split("\0") for one in self._page().found if one.how != LOADED]
        return [(part[0], part[1], part[2]) for part in parts if len(part) == 3]

    def _page(self) -> Program:
        if self._program is None:
            self._program = Program(tokens(self.code))
            self._program.read()
        return self._program
