"""`dibao up`, `run` and `publish`: the commands that make things happen."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from bulletins.errors import ConfigError
from worker import embedded, wiring
from worker.cli.common import (
    ConfigOption,
    FormatOption,
    JsonOption,
    app,
    coloured,
    drained,
    explain,
    log_as,
    out,
    print_json,
    settings_of,
    table,
)
from worker.config import Settings
from worker.flow import notify
from worker.flow.dispatch import heal
from worker.flow.publish import due
from worker.ports import PollRow, Ports

_LOOK = 0.05  # seconds between two looks at what the worker has done
_HEAL_EVERY = 2.0  # seconds; there may be no beat in a pass
_FIRST_NEWS = 20.0  # seconds that `up` waits for the sample before it prints the addresses all the same


@app.command()
def up(config: ConfigOption = None, log_format: FormatOption = "auto") -> None:
    """Start everything in the foreground: broker, worker, beat, web, sample newspaper. Ctrl-C stops it."""
    settings = settings_of(config)
    log_as("cli", log_format)
    wiring.require_secrets(settings)
    wiring.prepare(settings)
    raise typer.Exit(embedded.up(settings, lambda: _announce(settings)))


def _announce(settings: Settings) -> None:
    threading.Thread(target=_addresses, args=(settings,), daemon=True).start()


def _addresses(settings: Settings) -> None:
    """Print where the feeds are, once the first news is in them."""
    last = settings.service.public_dir / "index.html"  # it comes with the first item, after the feeds
    until = time.monotonic() + _FIRST_NEWS
    while settings.sample.enabled and not last.exists() and time.monotonic() < until:
        time.sleep(_LOOK)
    base = settings.service.base_url.rstrip("/")
    out.print(f"\n[bold]邸报 Dibao[/] is up at {base}/\n")
    for suffix in settings.publish.formats:
        out.print(f"  everything        {base}/feeds/all.{suffix}")
    region = next((source.region for source in settings.all_sources if source.region), None)
    if region:
        out.print(f"  a region          {base}/feeds/region/{region}.{settings.publish.formats[0]}")
    out.print(f"  every feed        {base}/feeds.json   {base}/opml.xml")
    out.print("\n  Ctrl-C stops all of it.\n")


@app.command()
def run(
    source: Annotated[list[str] | None, typer.Option(metavar="ID", help="Poll this source now.")] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
    log_format: FormatOption = "auto",
) -> None:
    """One pass: poll the named sources, or every one that is due; wait until all is published."""
    settings = settings_of(config)
    log_as("cli", log_format)
    rows, actions = one_pass(settings, _known(settings, source or []))
    _report(rows, actions, json)
    if any(row.status is None or not row.status.healthy for row in rows):
        raise typer.Exit(1)


def one_pass(settings: Settings, named: list[str]) -> tuple[list[PollRow], Mapping[str, str]]:
    """Poll these sources, or all that are due, and wait until all is published: how each ended, and what to
    do about it."""
    wiring.require_secrets(settings)
    wiring.prepare(settings)
    with embedded.services(settings):
        ports = wiring.make_ports(settings)
        rows = _await(ports, _lease(ports, named))
        _await_outbox(ports)
        _await_receivers(ports)
    return rows, {state.source: state.action for state in ports.store.sources()}


def report(rows: list[PollRow], actions: Mapping[str, str]) -> list[dict[str, object]]:
    """Polls as programs read them."""
    return [_poll(row, actions) for row in rows]


def _known(settings: Settings, names: list[str]) -> list[str]:
    known = [source.id for source in settings.all_sources]
    for name in names:
        if name not in known:
            allowed = ", ".join(known) or "none is configured"
            raise ConfigError(f"no source has the id {name!r}", "--source", f"Known: {allowed}")
    return list(dict.fromkeys(names))


def _lease(ports: Ports, named: list[str]) -> list[str]:
    """Send the polls of this pass; a source that is being polled already is polled again afterwards."""
    if not named:
        now = datetime.now(UTC)
        leased = ports.store.lease_due(now, now + ports.rules.lease, len(ports.rules.sources))
        for source, poll in leased:
            ports.queue.send("poll", source=source, poll=poll)
        return [poll for _, poll in leased]
    polls = []
    for source in named:
        while (mine := _take(ports, source)) is None:
            heal(ports)
            time.sleep(_LOOK)
        ports.queue.send("poll", source=source, poll=mine)
        polls.append(mine)
    return polls


def _take(ports: Ports, source: str) -> str | None:
    now = datetime.now(UTC)
    return ports.store.lease_named(source, now, now + ports.rules.lease)


def _await(ports: Ports, polls: list[str]) -> list[PollRow]:
    """The polls as they ended."""
    healed = time.monotonic()
    while True:
        rows = [ports.store.poll(poll) for poll in polls]
        done = [row for row in rows if row is not None and row.state == "done"]
        if len(done) == len(polls):
            return done
        if time.monotonic() - healed > _HEAL_EVERY:
            heal(ports)
            healed = time.monotonic()
        time.sleep(_LOOK)


def _await_outbox(ports: Ports) -> None:
    asked = 0.0
    while due(ports):
        if time.monotonic() - asked > _HEAL_EVERY:
            ports.queue.send("publish")
            asked = time.monotonic()
        time.sleep(_LOOK)


def _await_receivers(ports: Ports) -> None:
    """One round of pings and webhooks; who does not answer in it is told by a later pass, or by `up`."""
    if not notify.due(ports):
        return
    ports.queue.send("notify")
    until = time.monotonic() + notify.LEASE.total_seconds()
    while notify.due(ports) or notify.at_work(ports):
        if time.monotonic() > until:
            return
        time.sleep(_LOOK)


def _report(rows: list[PollRow], actions: Mapping[str, str], json: bool) -> None:
    if json:
        print_json({"polls": report(rows, actions)})
        return
    if not rows:
        out.print("No source is due. `dibao sources` shows when each is; `--source ID` polls one now.")
        return
    shown = table(
        "source",
        "status",
        "pages",
        "new",
        "corrected",
        "withdrawn",
        "rejected",
        "seconds",
        folded=("source",),
    )
    for row in rows:
        figures = (row.pages, row.new, row.corrected, row.withdrawn, row.rejected)
        shown.add_row(row.source, coloured(row.status), *map(str, figures), f"{row.seconds:.1f}")
    out.print(shown)
    for row in rows:
        if row.reason:
            explain(row.source, row.reason, actions[row.source])


def _poll(row: PollRow, actions: Mapping[str, str]) -> dict[str, object]:
    return {
        "source": row.source,
        "status": row.status,
        "pages": row.pages,
        "new": row.new,
        "corrected": row.corrected,
        "withdrawn": row.withdrawn,
        "rejected": row.rejected,
        "seconds": row.seconds,
        "reason": row.reason,
        "action": actions[row.source],
    }


@app.command()
def publish(
    config: ConfigOption = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Rebuild every feed; the bytes come out the same.")
    ] = False,
    log_format: FormatOption = "auto",
) -> None:
    """Publish what awaits it."""
    settings = settings_of(config)
    log_as("cli", log_format)
    wiring.prepare(settings)
    ports = wiring.make_ports(settings)
    if whole:
        ports.store.mark_all()
    written = drained(ports, settings)
    files = "1 file" if written == 1 else f"{written} files"
    out.print(f"{files} written; every other one was as it should be.")
