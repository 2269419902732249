"""`dibao sources`, `status` and `items`: the commands that show what is known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.errors import ConfigError
from bulletins.model import SourceState
from bulletins.regions import division
from feeds.records import record
from worker import wiring
from worker.cli.common import ConfigOption, JsonOption, app, iso, out, print_json, settings_of, table, when
from worker.config import Settings

_SHOWN = 40  # items in a table for a person, newest first; JSON has them all


@app.command()
def sources(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The sources, with how they are and when they are due."""
    settings = settings_of(config)
    states = _states(settings)
    if json:
        print_json({"sources": [_source(state) for state in states]})
        return
    shown = table("id", "name", "state", "last success", "next check", "address")
    for state in states:
        shown.add_row(
            state.source,
            state.name,
            _colour(state),
            when(state.last_success),
            when(state.next_check) if state.enabled else "-",
            state.url,
        )
    out.print(shown)


@app.command()
def status(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Sources, feeds, queue and beat at a glance, with reason and next step where something is wrong."""
    settings = settings_of(config)
    states = _states(settings)
    store = wiring.store(settings)
    beats, feeds, waiting = store.heartbeats(), store.catalogue(), len(store.marks(500))
    queues = wiring.queue_depth(settings)
    if json:
        print_json(
            {
                "sources": [_source(state) for state in states],
                "feeds": len(feeds),
                "waiting_to_publish": waiting,
                "queues": queues,
                "beat": iso(beats.get("beat")),
            }
        )
        return
    shown = table("source", "state", "last poll", "last success", "newest item", "next check")
    for state in states:
        newest = state.newest.strftime("%Y-%m-%d") if state.newest else "-"
        shown.add_row(
            f"{state.source} {state.name}",
            _colour(state),
            when(state.last_poll),
            when(state.last_success),
            newest,
            when(state.next_check) if state.enabled else "-",
        )
    out.print(shown)
    for state in states:
        if state.enabled and state.reason:
            out.print(f"\n[bold]{state.source}[/]: {escape(state.reason)}")
            if state.action:
                out.print(f"  what to do: {escape(state.action)}")
    beat = beats.get("beat")
    age = f"{(datetime.now(UTC) - beat).total_seconds():.0f} s ago" if beat else "never"
    depth = f"{sum(queues.values())} tasks waiting" if queues is not None else "the broker does not answer"
    out.print(f"\nfeeds {len(feeds)}, {waiting} waiting to be published; queue: {depth}; last beat: {age}")


@app.command()
def items(
    region: Annotated[str | None, typer.Option(metavar="CODE", help="Six digits, GB/T 2260.")] = None,
    column: Annotated[str | None, typer.Option(metavar="SLUG")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID")] = None,
    limit: Annotated[int | None, typer.Option(min=1)] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """The stored items, newest edition first."""
    settings = settings_of(config)
    if region is not None and division(region) is None:
        raise ConfigError(
            f"no division has the code {region!r}", "--region", "Codes have six digits, such as 511826"
        )
    wiring.prepare(settings)
    found = wiring.store(settings).items(region, column, source, limit)
    if json:
        print_json({"items": [record(item) for item in found]})
        return
    shown = table("date", "region", "column", "title")
    for item in found[:_SHOWN]:
        place = item.region.path[-1] if item.region else "-"
        name = item.column.name if item.column else "-"
        shown.add_row(item.published.strftime("%Y-%m-%d"), place, escape(name), escape(item.title))
    out.print(shown)
    if len(found) > _SHOWN:
        out.print(f"… and {len(found) - _SHOWN} more; --json prints them all")


def _states(settings: Settings) -> list[SourceState]:
    """The configured sources first, as they stand in config.toml."""
    wiring.prepare(settings)
    known = {state.source: state for state in wiring.store(settings).sources()}
    return [known[source.id] for source in settings.all_sources]


def _colour(state: SourceState) -> str:
    if not state.enabled:
        return "[dim]disabled[/]"
    if state.state is None:
        return "[dim]not polled yet[/]"
    return f"[{'green' if state.state.healthy else 'red'}]{state.state}[/]"


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
    }
