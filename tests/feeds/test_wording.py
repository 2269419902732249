"""Reasons in Chinese: whatever the code can say, the rooms say in Chinese; nothing is lost on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from feeds.site.wording import worded

ROOT = Path(__file__).parents[2]
# Where reasons and actions are made that the rooms show.
MAKERS = (
    *("bulletins/*.py", "bulletins/layouts/*.py", "feeds/health.py", "feeds/render/checks.py"),
    *("worker/flow/*.py", "worker/fetch/*.py", "worker/siren/*.py", "worker/config/*.py"),
    *("worker/broker.py", "worker/door.py", "worker/store/engine.py", "worker/wiring.py"),
)
_PROSE = re.compile(r"[A-Za-z]{2,}(?:'s|s')? (?:[a-z]{2,}|\(?\0)|\0[,:]? [a-z]{2,} ")
_MANY = 24  # ways of a text that are tried


def _parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


class Texts:
    """The texts of a module as they come out, whatever is filled in being 7, or an address."""

    def __init__(self, path: Path) -> None:
        self._tree = ast.parse(path.read_text("utf-8"))
        self._parents = _parents(self._tree)
        self._bound: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._bound.setdefault(node.targets[0].id, []).append(node.value)

    def said(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                whole = self._whole(node)
                if whole is not None:
                    yield from ((node.lineno, text) for text in islice(self._ways(whole), _MANY))
