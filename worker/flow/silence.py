"""Days and editions with news -> rhythms, and incidents where a source, a region or a column falls silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bulletins import numbers, rhythm
from bulletins.model import Source
from bulletins.numbers import Missing
from bulletins.state import Pulse, Rhythm, SourceState
from feeds.scope import FeedKey
from worker.flow import incidents, rested
from worker.incidents import ISSUE, SILENCE, Cause, Subject
from worker.ports import Ports

EVERY = timedelta(minutes=10)  # between two judgements of all; a source's own comes with each of its polls
_AT_ONCE = 200  # feeds learned of in one go
_EDITIONS = 12  # that are looked at for missing numbers; an incident goes with the edition that shows it
_NAMED = 3  # feeds that an incident names; there may be many beside them
_CLOCK = "silence"  # the heartbeat of the judgement


def due(ports: Ports) -> bool:
    """Whether it is time to judge all; True for one caller, unless two ask at the same moment, which does no
    harm."""
    now = ports.clock.now()
    last = ports.store.heartbeats().get(_CLOCK)
    if last is not None and timedelta() <= now - last < EVERY:
        return False
    ports.store.beat(_CLOCK, now)
    return True


def after_poll(ports: Ports, source: Source, *, well: bool, news: bool) -> None:
    """Judge a source that was just polled, whether `well` or not. What a crash leaves undone here, the next
    judgement of all does."""
    feed = FeedKey.of(source=source.id)
    if news:
        _learn(ports, [feed])
    known = ports.store.rhythms(feed.path).get(feed.path)
    _judge_source(ports, feed, source.url, known if source.enabled else None, _lasting(ports), well=well)


def judge(ports: Ports) -> None:
    """Learn the rhythms that have news, then judge every source, region and column, and announce what has
    come to rest. Safe to repeat."""
    while batch := ports.store.unlearned(rhythm.VERSION, _AT_ONCE):
        _learn(ports, batch)
    states = {state.source: state for state in ports.store.sources()}
    lasting = _lasting(ports)
    for name, state in states.items():
        known = state.rhythm if state.enabled else None
        _judge_source(ports, FeedKey.of(source=name), state.url, known, lasting, well=_well(state))
    causes = _causes(ports, states)
    for name in [*causes, *(name for name in lasting - causes.keys() if not name.startswith("source/"))]:
        incidents.blame(ports, Subject(SILENCE, name), causes.get(name))
    _forget_issues(ports, states)
    rested.announce(ports)


def _lasting(ports: Ports) -> set[str]:
    return {one.subject.name for one in ports.store.open_incidents(SILENCE)}


def _learn(ports: Ports, feeds: Sequence[FeedKey]) -> None:
    days = ports.store.news_days(feeds)
    ports.store.keep_rhythms(rhythm.VERSION, {feed: rhythm.learn(days[feed]) for feed in feeds})
    for feed in feeds:
        if feed.source is not None:
            _count_issues(ports, feed.source)


def _judge_source(
    ports: Ports, feed: FeedKey, url: str, known: Rhythm | None, lasting: set[str], *, well: bool
) -> None:
    """A source that cannot be read has an incident for that, which explains its silence."""
    now = ports.clock.now()
    stale = known is not None and known.pulse(now) is Pulse.STALE
    if known is not None and stale and well and feed.path not in lasting:
        action = (
            f"Open {url} in a browser. If newer editions stand there, run dibao probe {url} and see what is "
            "read; if the paper has stopped, set enabled = false"
        )
        incidents.blame(ports, Subject(SILENCE, feed.path), Cause("stale", known.reason(now), action))
    elif not stale and feed.path in lasting:
        incidents.blame(ports, Subject(SILENCE, feed.path), None)


def _well(state: SourceState) -> bool:
    return state.state is not None and state.state.healthy


def _causes(ports: Ports, states: Mapping[str, SourceState]) -> dict[str, Cause]:
    """The silences of regions and columns that no source's own trouble explains. Those of the same sources
    that have been silent since the same day have one cause."""
    now = ports.clock.now()
    feeding = ports.store.feed_sources()
    together: dict[str, list[tuple[str, Rhythm]]] = {}
    for path, known in ports.store.rhythms().items():
        key = FeedKey(path)
        if key.source is not None or known.pulse(now) is not Pulse.STALE or known.ended(now):
            continue
        sources = [states[each] for each in sorted(feeding.get(key, ())) if each in states]
        at_work = [state for state in sources if state.enabled]
        if at_work and all(_explains_nothing(state, now) for state in at_work):
            name = f"{','.join(state.source for state in at_work)} {known.last}"
            together.setdefault(name, []).append((path, known))
    return {name: _cause(silent, now) for name, silent in together.items()}


def _explains_nothing(state: SourceState, now: datetime) -> bool:
    return _well(state) and (state.rhythm is None or state.rhythm.pulse(now) is not Pulse.STALE)


def _cause(silent: Sequence[tuple[str, Rhythm]], now: datetime) -> Cause:
    paths = [path for path, _ in silent]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    reason = f"{', '.join(paths[:_NAMED])}{more}: {silent[0][1].reason(now)}"
    action = (
        "See in the newest edition whether the column is there under another name: [sources.columns] takes "
        "it as an alias. If it has ended, nothing is to be done: after two months it is waited for no more"
    )
    return Cause("stale", reason, action)


def _count_issues(ports: Ports, source: str) -> None:
    """Open an incident for each run of missing numbers among the newest editions, and close those of the
    others."""
    found = {f"{source} {gap.name}": gap for gap in numbers.missing(ports.store.editions(source, _EDITIONS))}
    known = {one.subject.name for one in ports.store.open_incidents(ISSUE)}
    lasting = {name for name in known if name.startswith(f"{source} ")}
    for name, gap in found.items():
        if name not in lasting:
            incidents.blame(ports, Subject(ISSUE, name), _missing(source, gap))
    for name in lasting - found.keys():
        incidents.blame(ports, Subject(ISSUE, name), None)


def _missing(source: str, gap: Missing) -> Cause:
    reason = f"issue {gap.name}, which appeared from {gap.since} to {gap.until}, has not been read"
    action = f"Run dibao backfill {source} --since {gap.since} --until {gap.until}"
    return Cause("missing_issue", reason, action)


def _forget_issues(ports: Ports, states: Mapping[str, SourceState]) -> None:
    """Of a source that is polled no more nothing is missing."""
    for one in ports.store.open_incidents(ISSUE):
        state = states.get(one.subject.name.partition(" ")[0])
        if state is None or not state.enabled:
            incidents.blame(ports, one.subject, None)
