"""How fresh a feed is: the states of its sources and its rhythm in, one judgement with its reasons out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bulletins.model import PollStatus
from bulletins.state import Pulse, Rhythm, SourceState

_MISSED = 3  # expected periods without a success: one may fail and one may be late
_SHORTEST = timedelta(minutes=10)  # no source is called late within half an hour
_UNKNOWN = timedelta(days=1)  # where the times that are stored give no period

_HELD_BACK = (PollStatus.LAYOUT_CHANGED, PollStatus.BLOCKED, PollStatus.QUARANTINED)


class Health(StrEnum):
    """What a reader may expect of a feed, best first."""

    OK = "ok"
    QUIET = "quiet"  # every source answers and has no news, or less than usual
    STALE = (
        "stale"  # a source has not been read for three of its periods, or news stay away against its rhythm
    )
    QUARANTINED = "quarantined"  # a source cannot be read as before; the feed keeps what it had


@dataclass(frozen=True, slots=True)
class Freshness:
    """`reason` names each source at fault, and is empty when none is; the moments are None when unknown."""

    state: Health
    last_checked: datetime | None
    last_changed: datetime | None
    next_check: datetime | None
    reason: str


def freshness(
    states: Sequence[SourceState], now: datetime, changed: datetime | None, own: Rhythm | None = None
) -> Freshness:
    """Judge a feed by the sources that feed it, and by its `own` rhythm, at `now` (aware). Without one of its
    own the rhythms of its sources count. `changed` is when an item of it last did, which its sources don't
    say: their news may be in other feeds, and an operator's doing is no poll's.

    Only enabled sources count, and one never polled counts when no other has been. The worst one decides:

    1. quarantined: what the last conclusive poll of a source read is held back (layout_changed, blocked,
       quarantined: the reason says which);
    2. stale: a source could not be reached, had no success for three expected periods, or no poll at all. A
       period is the time from its last poll to the next check that was set then, ten minutes at least; a day
       when unknown. Or all were read, and news stay away for longer than they do by the rhythm;
    3. quiet: every source's lists are there and empty, or an expected day has gone by;
    4. ok: all else, a feed that no enabled source feeds included: nothing more is expected of it.
    """
    enabled = [state for state in states if state.enabled]
    polled = [state for state in enabled if state.state is not None]
    broken = [state for state in polled if state.state in _HELD_BACK]
    late = [state for state in polled if _late(state, now)] if polled else enabled
    if broken:
        health, reason = Health.QUARANTINED, "; ".join(_fault(state) for state in broken)
    elif late:
        health, reason = Health.STALE, "; ".join(_lateness(state) for state in late)
    else:
        health, reason = _by_rhythm(polled, own, now)
    return Freshness(
        state=health,
        last_checked=_extreme(max, (state.last_poll for state in states)),
        last_changed=changed,
        next_check=_extreme(min, (state.next_check for state in enabled)),
        reason=reason,
    )


def _by_rhythm(polled: Sequence[SourceState], own: Rhythm | None, now: datetime) -> tuple[Health, str]:
    """Of sources that are all read as they should be."""
    rhythms = [(state.name, state.rhythm) for state in polled if state.rhythm]
    if own is not None:
        rhythms = [("", own)] if polled else []
    for pulse, health in ((Pulse.STALE, Health.STALE), (Pulse.QUIET, Health.QUIET)):
        told = [
            f"{name}: {one.reason(now)}".removeprefix(": ")
            for name, one in rhythms
            if one.pulse(now) is pulse
        ]
        if told and (health is Health.STALE or len(told) == len(rhythms)):
            return health, "; ".join(told)
    empty = bool(polled) and all(state.state is PollStatus.QUIET for state in polled)
    return (Health.QUIET if empty else Health.OK), ""


def _late(state: SourceState, now: datetime) -> bool:
    if state.last_success is None or state.state is PollStatus.UNREACHABLE:
        return True
    period = _UNKNOWN
    if state.last_poll is not None and state.next_check is not None and state.next_check > state.last_poll:
        period = max(state.next_check - state.last_poll, _SHORTEST)
    return state.failures >= _MISSED or now - state.last_success > _MISSED * period


def _fault(state: SourceState) -> str:
    return f"{state.name}: {state.state}" + (f": {state.reason}" if state.reason else "")


def _lateness(state: SourceState) -> str:
    if state.last_poll is None:
        return f"{state.name}: never polled"
    if state.last_success is None:
        return f"{state.name}: never read with success"
    why = f" ({state.reason})" if state.reason else ""
    return f"{state.name}: no success since {state.last_success.isoformat(timespec='seconds')}{why}"


def _extreme(
    choose: Callable[[Iterable[datetime]], datetime], moments: Iterable[datetime | None]
) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return choose(known) if known else None
