"""Measured values in, BENCHMARKS.md out."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("feedgen", "lxml", "nh3", "sqlalchemy", "pydantic", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, each round's value, their unit, and what is asked of it."""

    name: str
    values: Sequence[float]
    unit: str
    asked: str = ""

    def line(self) -> str:
        middle = _number(statistics.median(self.values))
        spread = f"{_number(min(self.values))} to {_number(max(self.values))}" if len(self.values) > 1 else ""
        return f"| {self.name} | {middle} {self.unit} | {spread} | {self.asked} |"


@dataclass(frozen=True, slots=True)
class Section:
    """A module's part of the report: a heading, what was done in a few sentences, and its figures."""

    title: str
    words: str
    figures: Sequence[Figure]

    def text(self) -> str:
        head = "| | median | range | asked |\n|---|---|---|---|"
        return f"## {self.title}\n\n{self.words}\n\n{head}\n" + "\n".join(
            each.line() for each in self.figures
        )


def ratios(name: str, above: Sequence[float], below: Sequence[float], asked: str) -> Figure:
    """How many times `above` is `below`, round by round: a slow moment of the machine hits both."""
    return Figure(name, [a / b for a, b in zip(above, below, strict=True)], "×", asked)


def write(sections: Sequence[str], path: Path, seconds: float) -> None:
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    system = f"{platform.system()} {platform.release()}"
    machine = f"{_processor()}, {os.cpu_count()} cores, {_memory()} of memory; {system}"
    head = f"""# Benchmarks

Written by `./dev bench`. Each section is one run whose variants take turns; a ratio is of values of the
same round.

{machine}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}. The whole run took
{seconds:.0f} s.
"""
    path.write_text(head + "\n" + "\n\n".join(section.strip() for section in sections) + "\n", "utf-8")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{total / 2**30:.0f} GiB"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
