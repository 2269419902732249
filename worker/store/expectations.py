"""What each source's good readings were like, and what an accepted reading would teach: one text each."""

from __future__ import annotations

from sqlalchemy import Connection, select

from worker.lessons import Lesson
from worker.store.lessontables import expectations, lessons
from worker.store.upsert import upsert

_LINE = "\n"


def learned(connection: Connection, source: str) -> str:
    return connection.scalar(select(expectations.c.learned).where(expectations.c.source == source)) or ""


def keep(connection: Connection, source: str, lesson: Lesson) -> None:
    row = {"source": source, "learned": lesson.learned, "difference": _LINE.join(lesson.difference)}
    upsert(connection, expectations, [row])


def differences(connection: Connection) -> dict[str, tuple[str, ...]]:
    """By source, how its last pages differed from those of its good readings."""
    rows = connection.execute(select(expectations.c.source, expectations.c.difference))
    return {row.source: _lines(row.difference) for row in rows}


def difference(connection: Connection, source: str) -> tuple[str, ...]:
    return differences(connection).get(source, ())


def note(connection: Connection, entry: int, lesson: Lesson) -> None:
    row = {"entry": entry, "learned": lesson.learned, "difference": _LINE.join(lesson.difference)}
    upsert(connection, lessons, [row])


def lesson_of(connection: Connection, entry: int) -> Lesson | None:
    row = connection.execute(select(lessons).where(lessons.c.entry == entry)).one_or_none()
    return None if row is None else Lesson(row.learned, _lines(row.difference))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split(_LINE)) if text else ()
