"""What has been done to the sample newspaper, kept on disk: its issues, and which layout it is in."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletins.errors import EnvironmentFault
from worker import disk

_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Issue:
    """One day's newspaper. Its stories follow from the day and from these two counts."""

    day: date
    published: int = 0  # stories added after it came out
    corrections: int = 0  # made to the story that can be corrected


@dataclass(frozen=True, slots=True)
class State:
    """`issues` by day, the newest last; never empty once read."""

    issues: tuple[Issue, ...] = ()
    redesigned: bool = False

    @property
    def newest(self) -> Issue:
        return self.issues[-1]

    def with_newest(self, issue: Issue) -> State:
        return replace(self, issues=(*self.issues[:-1], issue))


def today(now: datetime) -> date:
    """The day on which an issue that comes out at `now` (aware) is dated."""
    return now.astimezone(_SHANGHAI).date()


def current(data_dir: Path, day: date | None = None) -> State:
    """The newspaper as it stands. With a `day` that has no issue yet, and is later than all, it gets one;
    without a day, and without any issue, today's comes out. Raises EnvironmentFault."""
    state = _read(_file(data_dir))
    if state.issues and (day is None or day <= state.newest.day):
        return state
    return change(data_dir, day, lambda known: known)


def change(data_dir: Path, day: date | None, edit: Callable[[State], State]) -> State:
    """Edit the newspaper, one editor at a time over all processes; first, a new day gets its issue.

    Raises EnvironmentFault.
    """
    path = _file(data_dir)
    try:
        disk.make_folder(path.parent)
        with _alone(path.with_suffix(".lock")):
            known = _read(path)
            edited = edit(_printed(known, day))
            if edited != known:
                disk.put(path, _bytes(edited), path.with_suffix(".new"))
                disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.fault(error, path) from None
    return edited


def _file(data_dir: Path) -> Path:
    return data_dir / "sample" / "state.json"


def _printed(state: State, day: date | None) -> State:
    if state.issues and (day is None or day <= state.newest.day):
        return state
    day = day or today(datetime.now(_SHANGHAI))
    return replace(state, issues=(*state.issues, Issue(day)))


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """The lock is a file of its own: the state's is replaced with every change."""
    with lock.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # given back when the file is closed, by a crash too
        yield


def _read(path: Path) -> State:
    try:
        return _state(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return State()
    except OSError as error:
        raise disk.fault(error, path) from None
    except (ValueError, KeyError, TypeError) as error:
        raise EnvironmentFault(
            f"not the sample newspaper's state ({error!r})",
            str(path),
            "Delete it; the newspaper begins anew.",
        ) from None


def _state(data: dict[str, Any]) -> State:
    issues = (
        Issue(date.fromisoformat(raw["day"]), int(raw["published"]), int(raw["corrections"]))
        for raw in data["issues"]
    )
    return State(tuple(sorted(issues, key=lambda issue: issue.day)), bool(data["redesigned"]))


def _bytes(state: State) -> bytes:
    return (json.dumps(asdict(state), ensure_ascii=False, indent=1, default=date.isoformat) + "\n").encode()
