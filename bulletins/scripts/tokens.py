"""A script -> its tokens: texts, numbers, names, regular expressions, signs; no blanks and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*)
    |(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)
    |(?P<number>0x[\da-fA-F]+|\d+(?:\.\d+)?(?:[eE]\d+)?)
    |(?P<name>[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)
    |(?P<sign>===|!==|=>|==|!=|<=|>=|\+=|&&|\|\||\+\+|--|\?\.|.)""",
    re.S | re.X,
)
_PATTERN = re.compile(r"/((?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)")
_BEFORE_PATTERN = set("(,=:[!&|?{};+") | {"return", "==", "===", "&&", "||", "=>"}
_MOST_TOKENS = 40_000


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    said: str


def tokens(script: str) -> list[Token]:
    found: list[Token] = []
    n = 0
    while n < len(script) and len(found) < _MOST_TOKENS:
        before = found[-1].said if found else ";"
        if before in _BEFORE_PATTERN and (match := _PATTERN.match(script, n)) and script[n + 1] not in "/*":
            found.append(Token("pattern", match[0]))
            n = match.end()
            continue
        match = _TOKEN.match(script, n)
        if match is None:
            break
        n = match.end()
        if match.lastgroup and match.lastgroup != "skip":
            found.append(Token(match.lastgroup, match[0]))
    return found
