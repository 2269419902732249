"""Figures -> metric families: names, labels and words as docs/operations.md lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib.metadata import version

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from bulletins.model import PollStatus
from bulletins.state import Pulse, SourceState
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from worker.figures import Figures
from worker.incidents import KINDS

_NEVER, _DISABLED = "never_polled", "disabled"
_STATES = (*map(str, PollStatus), _NEVER, _DISABLED)


def of_service(figures: Figures | None, queues: Mapping[str, int] | None, now: datetime) -> Iterator[Metric]:
    """All families but those of the process. None: the store, or the broker, does not answer; what it would
    say is left out, so that nothing old is taken for the present."""
    yield _labelled("build_info", "The version that answers.", "version", {version("dibao"): 1})
    yield _one("store_up", "Whether the database answers.", figures is not None)
    yield _one("broker_up", "Whether the broker answers.", queues is not None)
    if queues is not None:
        yield _labelled("queue_messages", "Tasks that wait in the broker, by queue.", "queue", queues)
    if figures is not None:
        yield from _sources(figures, now)
        yield from _content(figures)
        yield from _work(figures)
        yield from _telling(figures)


def _sources(figures: Figures, now: datetime) -> Iterator[Metric]:
    states = Counter(_state(one) for one in figures.sources)
    by_state = {state: states[state] for state in _STATES}
    yield _labelled("sources", "Sources, by the state of their last poll.", "state", by_state)
    polled = [one for one in figures.sources if one.enabled]
    current = GaugeMetricFamily("dibao_source_state", "1 for the state it is in.", labels=["source", "state"])
    for one in polled:
        current.add_metric([one.source, _state(one)], 1)
    yield current
    for name, words, value in _OF_A_SOURCE:
        known = {one.source: found for one in polled if (found := value(one, now)) is not None}
        yield _labelled(f"source_{name}", words, "source", known)
    items = {one.source: figures.items.get(FeedKey.of(source=one.source).path, 0) for one in polled}
    yield _labelled("source_items", "Items of a source that are not withdrawn.", "source", items)


def _state(one: SourceState) -> str:
    if not one.enabled:
        return _DISABLED
    return str(one.state) if one.state else _NEVER


def _healthy(one: SourceState, _: datetime) -> float | None:
    """Nothing is known of one that was never polled."""
    return None if one.state is None else float(one.state.healthy)


def _stale(one: SourceState, now: datetime) -> float | None:
    return None if one.rhythm is None else float(one.rhythm.pulse(now) is Pulse.STALE)


def _failures(one: SourceState, _: datetime) -> float | None:
    return float(one.failures)


def _moment(name: str, one: SourceState, _: datetime) -> float | None:
    at: datetime | None = getattr(one, name)
    return at.timestamp() if at else None


_OF_A_SOURCE: tuple[tuple[str, str, Callable[[SourceState, datetime], float | None]], ...] = (
    ("healthy", "Whether its last poll could be read.", _healthy),
    ("stale", "Whether it has had no news for longer than it ever does.", _stale),
    ("failures", "Polls in a row that failed.", _failures),
    ("last_poll_timestamp_seconds", "When it was last polled.", partial(_moment, "last_poll")),
    ("last_success_timestamp_seconds", "When a poll of it last succeeded.", partial(_moment, "last_success")),
    ("last_change_timestamp_seconds", "When a poll last brought news.", partial(_moment, "last_changed")),
    ("next_check_timestamp_seconds", "When it is due next.", partial(_moment, "next_check")),
    ("newest_item_timestamp_seconds", "When its newest item was published.", partial(_moment, "newest")),
)


def _content(figures: Figures) -> Iterator[Metric]:
    yield _one("feeds", "Feeds that exist.", figures.feeds)
    yield _one("items", "Items that are not withdrawn.", figures.items.get(ALL.path, 0))
    unknown = figures.items.get(UNCLASSIFIED.path, 0)
    yield _one("items_unclassified", "Of them, those whose region or column is not recognised.", unknown)
    yield CounterMetricFamily("dibao_changes", "Lines of the change log, ever.", value=figures.changes)


def _work(figures: Figures) -> Iterator[Metric]:
    outbox = figures.outbox
    for name, words in (
        ("waiting", "Marks that may be published now, by what they are of."),
        ("held", "Marks set aside because a document failed its check, until the feed changes."),
        ("oldest", "The number of the mark that waits longest; 0: none. It moves while work gets done."),
    ):
        yield _labelled(
            f"outbox_{name}", words, "what", {what: getattr(outbox[what], name) for what in outbox}
        )
    yield _one("quarantine_waiting", "Readings that wait for an operator.", figures.quarantined)
    kinds = dict.fromkeys(KINDS, 0) | dict(figures.incidents)
    yield _labelled("incidents_open", "Incidents that last, by kind.", "kind", kinds)
    yield CounterMetricFamily("dibao_incidents", "Incidents opened, ever.", value=figures.opened)
    yield _one("polls_under_way", "Polls that have begun and not ended.", figures.polls)
    yield _one("polls_lapsed", "Of them, those that a tick has to take up again.", figures.lapsed)
    heard = {role: at.timestamp() for role, at in figures.heartbeats.items()}
    words = "When a role last showed itself in the store."
    yield _labelled("heartbeat_timestamp_seconds", words, "role", heard)


def _telling(figures: Figures) -> Iterator[Metric]:
    hooks = {one.id: one for one in figures.hooks}
    failures = {name: one.failures for name, one in hooks.items()}
    yield _labelled("webhook_failures", "Deliveries in a row that failed.", "webhook", failures)
    behind = {name: one.behind for name, one in hooks.items()}
    yield _labelled("webhook_behind", "Changes that a webhook has still before it.", "webhook", behind)
    disabled = {name: one.disabled_at is not None for name, one in hooks.items()}
    yield _labelled("webhook_disabled", "Whether it was given up.", "webhook", disabled)
    yield _one("pings_waiting", "WebSub pings that hubs are still to get.", figures.pings)
    receivers = {one.id: one.failures for one in figures.receivers}
    yield _labelled("alarm_failures", "Messages in a row that were not taken.", "receiver", receivers)


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dibao_{name}", words, value=value)


def _labelled(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"dibao_{name}", words, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family
