"""`dibao up`, `run` and `publish`: the commands that make things happen."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Annotated

import typer

from worker import embedded, ground, wiring
from worker.cli.common import (
    ConfigOption,
    FormatOption,
    JsonOption,
    app,
    coloured,
    explain,
    log_as,
    out,
    print_json,
    settings_of,
    table,
)
from worker.cli.passes import await_outbox, await_receivers, drained, ended, known, leased
from worker.config import Settings
from worker.flow import alarms, silence
from worker.polls import PollRow

_LOOK = 0.05  # seconds between two looks at what is published
_FIRST_NEWS = 20.0  # seconds that `up` waits for the sample before it prints the addresses all the same


@app.command()
def up(config: ConfigOption = None, log_format: FormatOption = "auto") -> None:
    """Start everything in the foreground: broker, worker, beat, web, sample newspaper. Ctrl-C stops it."""
    settings = settings_of(config)
    log_as("cli", log_format)
    ground.require_secrets(settings)
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
    rows, actions = one_pass(settings, known(settings, source or []))
    _report(rows, actions, json)
    if any(row.status is None or not row.status.healthy for row in rows):
        raise typer.Exit(1)


def one_pass(settings: Settings, named: list[str]) -> tuple[list[PollRow], Mapping[str, str]]:
    """Poll these sources, or all that are due, and wait until all is published: how each ended, and what to
    do about it."""
    ground.require_secrets(settings)
    wiring.prepare(settings)
    with embedded.services(settings):
        ports = wiring.make_ports(settings)
        rows = ended(ports, leased(ports, named))
        await_outbox(ports)
        await_receivers(ports)
    actions = {state.source: state.action for state in ports.store.sources()}
    if silence.due(ports):
        silence.judge(ports)
    if alarms.due(ports, at_once=True):  # no beat does it after a single pass
        alarms.sound(ports, at_once=True)
    return rows, actions


def report(rows: list[PollRow], actions: Mapping[str, str]) -> list[dict[str, object]]:
    """Polls as programs read them."""
    return [_poll(row, actions) for row in rows]


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
