"""What an editor does to the sample newspaper while it stands: a late story, a correction, another layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from worker.sample.state import State, change, today
from worker.sample.stories import stories


def publish(data_dir: Path, now: datetime) -> str:
    """Add a story to 科协之窗 in the newest issue; each call adds another county's, 芦山县's first.

    Returns its headline. `now` is aware: a new day's issue comes out first. Raises EnvironmentFault.
    """

    def edit(state: State) -> State:
        issue = state.newest
        return state.with_newest(replace(issue, published=issue.published + 1))

    issue = change(data_dir, today(now), edit).newest
    return next(story.headline for story in stories(issue) if story.key == f"late-{issue.published}")


def correct(data_dir: Path, now: datetime) -> str:
    """Put a story of the newest issue right, in its headline and a sentence, under its old address.

    Each call corrects it again. Returns the new headline. Raises EnvironmentFault.
    """

    def edit(state: State) -> State:
        issue = state.newest
        return state.with_newest(replace(issue, corrections=issue.corrections + 1))

    issue = change(data_dir, today(now), edit).newest
    return next(story.headline for story in stories(issue) if story.correctable)


def redesign(data_dir: Path) -> None:
    """Serve every page in another markup, as after a relaunch of the site. Raises EnvironmentFault."""
    change(data_dir, None, lambda state: replace(state, redesigned=True))


def restore(data_dir: Path) -> None:
    """Serve every page in the first markup again. Raises EnvironmentFault."""
    change(data_dir, None, lambda state: replace(state, redesigned=False))
