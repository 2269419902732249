"""A script's tokens -> what the expressions in them come to, as far as it can be told without running it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bulletins.scripts.methods import Moment, Pattern, Slot, at, called, member, moment, number, text
from bulletins.scripts.tokens import Token, tokens

_ESCAPES = {"n": "\n", "t": "\t", "r": "", "\n": ""}
_DEEPEST = 40  # expressions within each other
_STEPS = 150_000  # of all that one page's scripts are worked out with
_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
WINDOWS = ("window", "self", "top", "globalThis")  # whose members are what is known
_CLOCKS = ("dayjs", "moment")


class Lost(Exception):
    """This is no expression that can be told."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the script: its parameters, and where in the tokens its body begins and ends; `short`:
    the body is an expression."""

    parameters: tuple[str, ...]
    begin: int
    end: int
    short: bool = False


@dataclass(slots=True)
class Budget:
    steps: int = _STEPS

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Lost


@dataclass(slots=True)
class Reader:
    """Reads expressions of a list of tokens from place `n` on, in what is known: names and their values."""

    given: Sequence[Token]
    known: dict[str, Any]
    now: datetime | None
    budget: Budget
    n: int = 0
    depth: int = 0
    run: Any = field(default=None)  # (Function, arguments, names) -> its answer

    def peek(self, ahead: int = 0) -> str:
        place = self.n + ahead
        return self.given[place].said if place < len(self.given) and self.given[place].kind != "text" else ""

    def take(self, *signs: str) -> str:
        if (said := self.peek()) in signs and said:
            self.n += 1
            return said
        return ""

    def value(self) -> Any:
        """The value of the expression that begins here; the reader then stands behind it."""
        self.budget.spend()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Lost
        try:
            if (function := self.function()) is not None:
                return function
            said = self._either()
            if self.take("?"):
                yes = self.value()
                if not self.take(":"):
                    raise Lost
                no = self.value()
                return no if isinstance(said, Slot) or not said else yes
            return said
        finally:
            self.depth -= 1

    def function(self) -> Function | None:
        """The function that is written here: `x => …`, `(x, y) => …`, `function (x) {…}`."""
        begin = self.n
        if self.take("async", "function") and self.peek(-1) == "async":
            self.take("function")
        plain = self.peek(-1) == "function" and self.n > begin
        if plain and self.peek() != "(":
            self.n += 1  # its name
        names: list[str] = []
        if self.take("("):
            while self.n < len(self.given) and not self.take(")"):
                if self.given[self.n].kind == "name":
                    names.append(self.peek())
                elif self.peek() != ",":
                    break
                self.n += 1
        elif not plain and self.n < len(self.given) and self.given[self.n].kind == "name":
            names.append(self.peek())
            self.n += 1
        closed = self.peek(-1) == ")" or len(names) == 1
        if not closed or not (plain or self.take("=>")):
            self.n = begin
            return None
        at_body = self.n
        if self.peek() == "{":
            self.skip()
            return Function(tuple(names), at_body + 1, self.n - 1)
        self.value()
        return Function(tuple(names), at_body, self.n, short=True)

    def skip(self) -> None:
        """Past the brackets that open here."""
        depth = 0
        while self.n < len(self.given):
            self.budget.spend()
            said = self.peek()
            depth += (said in ("{", "(", "[")) - (said in ("}", ")", "]"))
            self.n += 1
            if depth <= 0:
                return

    def _either(self) -> Any:
        said = self._compared()
        while sign := self.take("||", "&&"):
            other = self._compared()
            if isinstance(said, Slot):
                said = other if sign == "||" else said
            elif (sign == "||") != bool(said):
                said = other
        return said

    def _compared(self) -> Any:
        said = self._sum()
        while sign := self.take("===", "!==", "==", "!=", "<", ">", "<=", ">="):
            said = _compare(sign, said, self._sum())
        return said

    def _sum(self) -> Any:
        said = self._product()
        while sign := self.take("+", "-"):
            said = _added(said, self._product(), sign)
        return said

    def _product(self) -> Any:
        said = self._one()
        while sign := self.take("*", "/", "%"):
            one, other = number(said), number(self._one())
            if one is None or other is None or (sign != "*" and not other):
                said = Slot("number")
            else:
                said = one * other if sign == "*" else one / other if sign == "/" else one % other
        return said

    def _one(self) -> Any:
        self.budget.spend()
        if self.take("!"):
            said = self._one()
            return said if isinstance(said, Slot) else not said
        if sign := self.take("-", "+"):
            said = number(self._one())
            return Slot("number") if said is None else said if sign == "+" else -said
        self.take("await", "typeof")
        return self._further(self._first())

    def _first(self) -> Any:
        if self.n >= len(self.given):
            raise Lost
        token = self.given[self.n]
        self.n += 1
        if token.kind == "text":
            return self._text(token.said)
        if token.kind == "number":
            return int(token.said, 16) if token.said[:2] == "0x" else float(token.said)
        if token.kind == "pattern":
            source, _, flags = token.said[1:].rpartition("/")
            return Pattern(source, "g" in flags)
        if token.kind == "name":
            return self._name(token.said)
        if token.said == "(":
            said = self.value()
            while self.take(","):
                said = self.value()
            return self._closed(said, ")")
        if token.said == "[":
            listed = []
            while self.peek() != "]":
                listed.append(self.value())
                if not self.take(","):
                    break
            return self._closed(listed, "]")
        if token.said == "{":
            return self._object()
        raise Lost

    def _closed(self, said: Any, sign: str) -> Any:
        if not self.take(sign):
            raise Lost
        return said

    def _object(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while self.n < len(self.given) and not self.take("}"):
            token = self.given[self.n]
            self.n += 1
            key = token.said.strip("'\"`")
            if not self.take(":"):
                raise Lost
            made[key] = self.value()
            self.take(",")
        return made

    def _name(self, name: str) -> Any:
        if name == "new":
            made = self._first_name()
            arguments = self._arguments() if self.take("(") else []
            return moment(arguments, self.now) if made == "Date" else Slot(made)
        if name in _LITERALS:
            return _LITERALS[name]
        if name in WINDOWS and self.peek() == "." and self.peek(1) in self.known:
            self.n += 2
            return self.known[self.peek(-1)]
        if self.peek() == "(" and name not in self.known:
            self.n += 1
            return self._built_in(name, self._arguments())
        if name == "Date" and self.peek() == "." and self.peek(1) == "now":
            self.n += 4
            return Slot("date") if self.now is None else moment((), self.now).ms
        return self.known.get(name, Slot(name))

    def _first_name(self) -> str:
        name = self.peek()
        self.n += 1
        return name

    def _built_in(self, name: str, arguments: list[Any]) -> Any:
        first = arguments[0] if arguments else None
        if name in _CLOCKS:
            return moment(arguments, self.now)
        if name in ("String", "encodeURIComponent", "encodeURI", "decodeURIComponent", "escape", "unescape"):
            return first if isinstance(first, Slot) else text(first)
        if name in ("Number", "parseInt", "parseFloat"):
            made = number(first)
            return first if made is None else made
        return Slot(first.name if isinstance(first, Slot) else name)

    def _arguments(self) -> list[Any]:
        """Behind the bracket that opens: the values up to the one that closes."""
        found = []
        while self.peek() != ")":
            found.append(self.value())
            if not self.take(","):
                break
        return list(self._closed(found, ")"))

    def _further(self, said: Any) -> Any:
        """Members, elements and calls of a value."""
        while True:
            if self.take(".", "?."):
                name = self._first_name()
                if self.take("("):
                    said = called(said, name, self._arguments(), self.call)
                else:
                    said = member(said, name)
            elif self.take("["):
                said = at(said, self._closed(self.value(), "]"))
            elif self.take("("):
                said = self.call(said, self._arguments())
            else:
                return said

    def call(self, function: Any, arguments: list[Any]) -> Any:
        if isinstance(function, Function) and self.run:
            return self.run(function, arguments, self.known)
        return function if isinstance(function, Slot) else Slot("call")

    def _text(self, said: str) -> str:
        body = re.sub(r"\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)", _unescaped, said[1:-1], flags=re.S)
        if said[0] != "`":
            return body
        return re.sub(r"\$\{([^{}]*)\}", lambda part: text(self._within(part[1])), body)

    def _within(self, expression: str) -> Any:
        inner = Reader(tokens(expression), self.known, self.now, self.budget, 0, self.depth + 1, self.run)
        try:
            return inner.value()
        except Lost:
            return Slot("value")


def _unescaped(match: re.Match[str]) -> str:
    said = match[1]
    return chr(int(said[1:], 16)) if len(said) > 1 else _ESCAPES.get(said, said)


def _added(one: Any, other: Any, sign: str) -> Any:
    texts = any(isinstance(each, (str, Slot, list)) for each in (one, other))
    if sign == "+" and texts:
        if isinstance(one, Slot) and isinstance(other, (int, float)):
            return one  # a count of what is not known: getMonth() + 1
        return text(one) + text(other)
    first, second = number(one), number(other)
    if first is None or second is None:
        return one if isinstance(one, Slot) else Slot("number")
    return first + second if sign == "+" else first - second


def _compare(sign: str, one: Any, other: Any) -> Any:
    if any(isinstance(each, Slot) or (isinstance(each, str) and "\0" in each) for each in (one, other)):
        return Slot("whether")
    if isinstance(one, str) != isinstance(other, str) or isinstance(one, Moment) or isinstance(other, Moment):
        one, other = number(one), number(other)
    if one is None or other is None:
        return (
            (one is other) == (sign in ("==", "==="))
            if "=" in sign[:2] and sign not in ("<=", ">=")
            else False
        )
    try:
        return {
            "<": lambda: one < other,
            ">": lambda: one > other,
            "<=": lambda: one <= other,
            ">=": lambda: one >= other,
        }.get(sign, lambda: (one == other) == (sign[0] == "="))()
    except TypeError:
        return Slot("whether")
