"""`dibao reparse`: today's parser over the pages that are kept, shown before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.errors import ConfigError
from bulletins.model import Item
from worker import ground, wiring
from worker.cli.common import (
    ConfigOption,
    JsonOption,
    app,
    log_as,
    out,
    print_json,
    settings_of,
    table,
)
from worker.cli.passes import drained
from worker.flow import desk
from worker.flow.reparse import Reparsed
from worker.flow.reparse import reparse as read_again

_SHOWN = 40  # items of a kind in a table for a person; JSON has them all


@app.command()
def reparse(
    source: Annotated[str | None, typer.Option(metavar="ID", help="This source; else all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write none.")] = False,
    newest: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of each source the N articles seen last.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Read the kept pages again, after a change of the parser or of the overrides in config.toml."""
    settings = settings_of(config)
    known = [one.id for one in settings.all_sources]
    if source is not None and source not in known:
        allowed = ", ".join(known) or "none is configured"
        raise ConfigError(f"no source has the id {source!r}", "--source", f"Known: {allowed}")
    log_as("cli", "auto")
    ground.ready(settings)
    ports = wiring.make_ports(settings)
    names = [source] if source else known
    said = desk.enforce(ports.store, ports.rules, ports.clock.now(), write=not dry_run)
    done = {name: read_again(ports, name, write=not dry_run, newest=newest) for name in names}
    if not dry_run:
        drained(ports, settings)
    if json:
        print_json(
            {
                "written": not dry_run,
                "overridden": [item.id for item in said.items],
                "sources": [_said(name, one) for name, one in done.items()],
            }
        )
    else:
        _list("as config.toml says", said.items)
        for name in said.unknown:
            out.print(f"[yellow]{escape('[[overrides]]')}[/]: no item has the id or the link {escape(name)}")
        for name, one in done.items():
            _show(name, one, dry_run)
    if any(one.reason for one in done.values()):
        raise typer.Exit(1)


def _said(source: str, done: Reparsed) -> dict[str, Any]:
    return {
        "source": source,
        "pages": done.pages,
        "pages_missing": done.missing,
        "added": [item.id for item in done.added],
        "changed": [item.id for item in done.changed],
        "lost": [item.id for item in done.lost],
        "refreshed": done.fresh,
        "rejections": [{"reason": one.reason, "title": one.title} for one in done.rejections],
        "refused": done.reason or None,
    }


def _show(source: str, done: Reparsed, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    out.print(
        f"[bold]{source}[/]: of {done.pages} kept articles {len(done.added)} items {would}added, "
        f"{len(done.changed)} changed, {len(done.lost)} lost; "
        f"{done.fresh} {would}refreshed in markup or evidence"
    )
    for what, items in (("added", done.added), ("changed", done.changed), ("lost", done.lost)):
        _list(what, items)
    for one in done.rejections:
        out.print(f"[yellow]left out[/]: {escape(one.title or one.url)}: {escape(one.reason)}")
    if done.missing:
        out.print(f"[yellow]{done.missing} pages have no snapshot[/]; they are read at the next poll")
    if done.lost and not dry_run:
        out.print("Lost items stay as they are; `dibao withdraw` takes one down")
    if done.reason:
        out.print(f"[red]Nothing was written[/]: {escape(done.reason)}")


def _list(what: str, items: Sequence[Item]) -> None:
    if not items:
        return
    shown = table(what, "id", folded=(what, "id"))
    for item in items[:_SHOWN]:
        shown.add_row(escape(item.title), item.id)
    out.print(shown)
    if len(items) > _SHOWN:
        out.print(f"… and {len(items) - _SHOWN} more; --json prints them all")
