"""`dibao sources`, `status` and `items`: the commands that show what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.doubts import doubts
from bulletins.errors import ConfigError
from bulletins.model import Item
from bulletins.regions import division, successor
from bulletins.state import Pulse, SourceState
from feeds.records import record
from worker import broker, embedded
from worker.cli import webhooks
from worker.cli.common import (
    ConfigOption,
    JsonOption,
    app,
    coloured,
    day,
    explain,
    iso,
    opened,
    out,
    print_json,
    settings_of,
    table,
    when,
)
from worker.config import Settings
from worker.incidents import SOURCE, WEBHOOK, Incident
from worker.store import SqlStore

_SHOWN = 40  # items in a table for a person, newest first; JSON has them all
_COLUMN = 20  # cells, two for a Chinese character
_MARKS = 500  # marks counted; beyond that there are "500 or more"
_ALIVE = 60.0  # seconds; a beat that ticks every two seconds has missed many by then


@app.command()
def sources(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The sources, with how they are and when they are due."""
    settings = settings_of(config)
    with opened(settings) as store:
        states = _states(settings, store)
    if json:
        print_json({"sources": [_source(state) for state in states]})
        return
    if not states:
        out.print(escape("No source is configured: add a [[sources]] table to config.toml."))
        return
    shown = table(
        "id",
        "name",
        "state",
        "news",
        "last success",
        "next check",
        "address",
        folded=("id", "name", "address"),
    )
    for state in states:
        success, due = when(state.last_success), when(state.next_check) if state.enabled else "-"
        shown.add_row(
            state.source, escape(state.name), _state(state), _pulse(state), success, due, escape(state.url)
        )
    out.print(shown)


@app.command()
def status(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Sources, feeds, queue and beat at a glance, with reason and next step where something is wrong."""
    settings = settings_of(config)
    with opened(settings) as store:
        states = _states(settings, store)
        beat, feeds, waiting = store.heartbeats().get("beat"), store.catalogue(), len(store.marks(_MARKS))
        hooks, pings = webhooks.shown(settings, store), store.notices.pings_waiting()
        lasting = store.open_incidents()
    queues = broker.queue_depth(settings)
    if json:
        print_json(
            {
                "sources": [_source(state) for state in states],
                "feeds": len(feeds),
                "waiting_to_publish": waiting,
                "queues": queues,
                "beat": iso(beat),
                "hubs": {hub: pings.get(hub, 0) for hub in settings.publish.websub_hubs},
                "webhooks": hooks,
                "incidents": [_incident(one) for one in lasting],
            }
        )
        return
    _show_states(states)
    backlog = f"{waiting} or more" if waiting == _MARKS else str(waiting)
    out.print(f"\nfeeds: {len(feeds)}, of which {backlog} wait to be published")
    out.print(f"queue: {_depth(settings, queues)}; last beat: {_age(beat)}")
    for hub in settings.publish.websub_hubs:
        out.print(f"hub: {escape(hub)}, {pings.get(hub, 0)} pings waiting")
    webhooks.show(hooks)
    for one in lasting:
        if one.subject.what not in (SOURCE, WEBHOOK):  # theirs stand above
            explain(f"{one.subject.name}, {one.cause.kind}", one.cause.reason, one.cause.action)


def _incident(one: Incident) -> dict[str, Any]:
    return {
        "id": one.n,
        one.subject.what: one.subject.name,
        "status": one.cause.kind,
        "since": iso(one.opened),
        "reason": one.cause.reason,
        "action": one.cause.action,
    }


def _show_states(states: Sequence[SourceState]) -> None:
    shown = table(
        "source",
        "state",
        "news",
        "last poll",
        "last success",
        "newest item",
        "next check",
        folded=("source",),
    )
    for state in states:
        shown.add_row(
            f"{state.source} {escape(state.name)}",
            _state(state),
            _pulse(state),
            when(state.last_poll),
            when(state.last_success),
            day(state.newest),
            when(state.next_check) if state.enabled else "-",
        )
    out.print(shown)
    for state in states:
        if state.enabled and state.reason:
            explain(state.source, state.reason, state.action, state.structure)


def _depth(settings: Settings, queues: dict[str, int] | None) -> str:
    if queues is not None:
        return f"{sum(queues.values())} tasks waiting"
    if settings.service.broker_url is None and embedded.running(settings) is None:
        return "nothing is running (`dibao up` starts it)"
    return "the broker does not answer (`dibao doctor` says more)"


def _age(beat: datetime | None) -> str:
    if beat is None:
        return "never"
    seconds = (datetime.now(UTC) - beat).total_seconds()
    return f"{seconds:.0f} s ago" if seconds < _ALIVE else when(beat)


@app.command()
def items(
    region: Annotated[
        str | None, typer.Option(metavar="CODE", help="A region with all its parts: six digits, GB/T 2260.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(metavar="SLUG", help="A column, as in its feed's address.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="ID", help="A source.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="No more than so many.")] = None,
    unresolved: Annotated[
        bool, typer.Option("--unresolved", help="Only what an editor should look at, and why.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """The stored items, newest edition first."""
    settings = settings_of(config)
    region = successor(region or "") or region  # one of a county given up is today's, as its feed is
    if region is not None and division(region) is None:
        raise ConfigError(
            f"no division has the code {region!r}", "--region", "Codes have six digits, such as 511826"
        )
    with opened(settings) as store:
        known = [state.source for state in store.sources()]
        if source is not None and source not in known:
            allowed = ", ".join(known) or "none is configured"
            raise ConfigError(f"no source has the id {source!r}", "--source", f"Known: {allowed}")
        found = store.items(region, column, source, None if unresolved else limit)
    if unresolved:
        _unresolved([item for item in found if doubts(item)][:limit], json)
    elif json:
        print_json({"items": [record(item) for item in found]})
    elif found:
        _show_items(found)
    else:
        out.print("No items.")


def _unresolved(found: Sequence[Item], json: bool) -> None:
    """What is doubtful of items; [[overrides]] in config.toml settles it."""
    if json:
        print_json({"items": [record(item) for item in found]})
        return
    if not found:
        out.print("Nothing is unresolved.")
        return
    shown = table("field", "why", "printed", "title", "id", folded=("why", "printed", "title", "id"))
    for item in found:
        for one in doubts(item):
            shown.add_row(one.field, escape(one.reason), escape(one.text), escape(item.title), item.id)
    out.print(shown)


def _show_items(found: Sequence[Item]) -> None:
    shown = table("date", "region", "column", "title", folded=("region", "column", "title"))
    if out.is_terminal:  # an umbrella headline as a column would leave the title no room
        shown.columns[2].max_width = _COLUMN
    for item in found[:_SHOWN]:
        place = item.region.path[-1] if item.region else "-"
        name = item.column.name if item.column else "-"
        shown.add_row(day(item.published), place, escape(name), escape(item.title))
    out.print(shown)
    if len(found) > _SHOWN:
        out.print(f"… and {len(found) - _SHOWN} more; --json prints them all")


def _states(settings: Settings, store: SqlStore) -> list[SourceState]:
    """The configured sources, in the order of config.toml."""
    known = {state.source: state for state in store.sources()}
    return [known[source.id] for source in settings.all_sources]


def _state(state: SourceState) -> str:
    return coloured(state.state) if state.enabled else "[dim]disabled[/]"


def _source(state: SourceState) -> dict[str, Any]:
    return {
        "id": state.source,
        "name": state.name,
        "url": state.url,
        "enabled": state.enabled,
        "state": state.state,
        "reason": state.reason,
        "action": state.action,
        "last_poll": iso(state.last_poll),
        "last_success": iso(state.last_success),
        "last_changed": iso(state.last_changed),
        "next_check": iso(state.next_check) if state.enabled else None,
        "newest": iso(state.newest),
        "failures": state.failures,
        "rhythm": _rhythm(state),
        "structure": list(state.structure),
    }


def _rhythm(state: SourceState) -> dict[str, Any] | None:
    """What its silence means now, by the days on which it had news; None before the first."""
    known, now = state.rhythm, datetime.now(UTC)
    if known is None:
        return None
    return {
        "state": known.pulse(now),
        "last": known.last.isoformat(),
        "expected": known.expected.isoformat() if known.expected else None,
        "stale_from": iso(known.stale_from),
        "words": known.words,
        "reason": known.reason(now),
    }


def _pulse(state: SourceState) -> str:
    if not state.enabled or state.rhythm is None:
        return "-"
    pulse = state.rhythm.pulse(datetime.now(UTC))
    due = f", next {state.rhythm.expected}" if pulse is Pulse.OK else ""
    return f"[red]{pulse}[/]" if pulse is Pulse.STALE else f"{pulse}{due}"
