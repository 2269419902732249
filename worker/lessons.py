"""What a source is expected to be like, as ports: learned from good readings, taught by an operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lesson:
    """`learned` as `bulletins.expectations` writes it; `difference`: how a reading's pages differ from those
    of the good ones before, a line each."""

    learned: str
    difference: tuple[str, ...] = ()


class Learned(Protocol):
    def learned(self, source: str) -> str:
        """What is known of a source; "" for nothing."""
        ...


class Lessons(Learned, Protocol):
    """The part of a transaction that learns."""

    def difference(self, source: str) -> tuple[str, ...]:
        """How its pages differed when they were looked at last."""
        ...

    def learn(self, source: str, lesson: Lesson) -> None:
        """From now on this is known, and this is how its pages differ at present."""
        ...

    def note_lesson(self, entry: int, lesson: Lesson) -> None:
        """What a quarantined reading would teach if it were accepted, and how its pages differ."""
        ...

    def lesson_of(self, entry: int) -> Lesson | None: ...
