"""Addresses of the sample newspaper: (day, what) -> 32 hex digits, and back to what stands there."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from worker.sample.state import Issue
from worker.sample.stories import PAGES, Story, stories


def edition(day: date) -> str:
    return f"/?t={_token(day, 'edition')}"


def page(day: date, number: int) -> str:
    return f"/{_token(day, f'page-{number}')}"


def article(day: date, key: str) -> str:
    return f"/{_token(day, key)}"


def _token(day: date, what: str) -> str:
    """In the shape of a random UUID without its dashes, like those of the newspaper that this one imitates,
    and the same for the same day after a restart."""
    seed = hashlib.sha256(f"{day.isoformat()} {what}".encode()).digest()
    return uuid.UUID(bytes=seed[:16], version=4).hex


@dataclass(frozen=True, slots=True)
class Place:
    """What an address leads to: an edition, or with `page` one page of it, or with `story` an article."""

    issue: Issue
    page: int | None = None
    story: Story | None = None


def find(issues: Sequence[Issue], address: str) -> Place | None:
    """`address` is a path with its query."""
    for issue in reversed(issues):
        if place := _places(issue).get(address):
            return place
    return None


@lru_cache(maxsize=512)
def _places(issue: Issue) -> dict[str, Place]:
    places = {edition(issue.day): Place(issue)}
    places |= {page(issue.day, number): Place(issue, page=number) for number in PAGES}
    places |= {article(issue.day, story.key): Place(issue, story=story) for story in stories(issue)}
    return places
