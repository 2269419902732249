"""`dibao withdraw` and `dibao quarantine`: the commands by which an operator decides what is published."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.model import ChangeKind
from feeds.records import record
from worker import wiring
from worker.cli.common import (
    ConfigOption,
    JsonOption,
    app,
    day,
    iso,
    log_as,
    opened,
    out,
    print_json,
    settings_of,
    table,
    when,
)
from worker.cli.passes import drained
from worker.edit import Quarantined
from worker.flow import desk
from worker.store import SqlStore

quarantine = typer.Typer(
    help="Readings that are held back until an operator has seen them.", no_args_is_help=True
)
app.add_typer(quarantine, name="quarantine")

_PREVIEW = 60  # characters of an item's text
Number = Annotated[int, typer.Argument(metavar="ID", help="As `dibao quarantine list` shows it.")]


@app.command()
def withdraw(
    item: Annotated[
        str, typer.Argument(metavar="ID", help="An item's id, as feeds and `dibao items` show it.")
    ],
    reason: Annotated[str, typer.Option(help="Why, in words for its readers.")],
    config: ConfigOption = None,
) -> None:
    """Take an item down everywhere; its tombstone stays, and no poll brings it back."""
    settings = settings_of(config)
    log_as("cli", "auto")
    wiring.prepare(settings)
    ports = wiring.make_ports(settings)
    held = desk.withdraw(ports, item, reason)
    drained(ports, settings)
    out.print(f"Withdrawn: {escape(held.item.title)}")


@quarantine.command("list")
def list_(config: ConfigOption = None, json: JsonOption = False) -> None:
    """What is held back, and why."""
    with opened(settings_of(config)) as store:
        waiting = store.quarantine()
    if json:
        print_json({"quarantine": [_entry(one) for one in waiting]})
        return
    if not waiting:
        out.print("Nothing is held back.")
        return
    shown = table("id", "source", "since", "items", "why", folded=("why",))
    for one in waiting:
        shown.add_row(str(one.id), one.source, when(one.at), str(len(one.read)), escape(one.reason))
    out.print(shown)


@quarantine.command()
def show(number: Number, config: ConfigOption = None, json: JsonOption = False) -> None:
    """What was read, and the ids that are held for it."""
    with opened(settings_of(config)) as store:
        entry = store.quarantined(number)
        if entry is None:
            raise desk.NotFound(
                f"no reading has the number {number}", "", "`dibao quarantine list` shows them"
            )
        pairs = _pairs(store, entry)
    if json:
        preview = [record(item) for item in entry.read]
        print_json(_entry(entry) | {"structure": list(entry.difference), "ids": pairs, "preview": preview})
        return
    out.print(f"[bold]{entry.source}[/], {when(entry.at)}, {entry.state}: {escape(entry.reason)}\n")
    if entry.difference:
        out.print("How its pages differ from those of the last good readings (~ elsewhere, - gone, + new):")
        for line in entry.difference:
            out.print(f"  {escape(line)}", highlight=False)
        out.print()
    if not entry.ids:
        _preview(entry)
        return
    shown = table("read now", "held as", "since", folded=("read now", "held as"))
    for pair in pairs:
        read, held = (f"{pair[side]['title']}\n{pair[side]['id']}" for side in ("read", "held"))
        shown.add_row(escape(read), escape(held), pair["held"]["published"])
    out.print(shown)
    if entry.state == "held":
        out.print(
            f"\nThe same items, at other addresses? dibao quarantine accept {number}: they keep their ids."
        )
        out.print(f"Not to be published? dibao quarantine reject {number}: they are left out from now on.")


def _preview(entry: Quarantined) -> None:
    """What would be published of a reading that lacks evidence."""
    shown = table("date", "page", "title", "text", folded=("title", "text"))
    for item in entry.read:
        page = " ".join(filter(None, (item.page.number, item.page.name))) if item.page else "-"
        text = f"{len(item.paragraphs)} paragraphs: {''.join(item.paragraphs)[:_PREVIEW]}…"
        shown.add_row(day(item.published), escape(page), escape(item.title), escape(text))
    out.print(shown)
    if entry.state == "held":
        out.print(f"\nRead as it should be? dibao quarantine accept {entry.id}: it is published.")
        out.print(
            f"Not so? dibao quarantine reject {entry.id}, and say in config.toml, \\[sources.selectors], what"
        )
        out.print("stands where. A later reading with more evidence takes its place by itself.")


@quarantine.command()
def accept(number: Number, config: ConfigOption = None) -> None:
    """Publish a reading; its items keep the ids that are held for them."""
    settings = settings_of(config)
    log_as("cli", "auto")
    wiring.prepare(settings)
    ports = wiring.make_ports(settings)
    kinds = desk.accept(ports, number)
    drained(ports, settings)
    figures = ", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind)
    out.print(f"Accepted: {figures}. The source is polled again at the next tick.")


@quarantine.command()
def reject(number: Number, config: ConfigOption = None) -> None:
    """Drop a reading; its items that are held already are left out when they are read again."""
    settings = settings_of(config)
    log_as("cli", "auto")
    wiring.prepare(settings)
    entry = desk.reject(wiring.make_ports(settings), number)
    out.print(f"Rejected: {len(entry.ids or entry.read)} items of {entry.source} stay out.")


def _entry(one: Quarantined) -> dict[str, Any]:
    return {
        "id": one.id,
        "source": one.source,
        "state": one.state,
        "reason": one.reason,
        "at": iso(one.at),
        "items": len(one.read),
    }


def _pairs(store: SqlStore, entry: Quarantined) -> list[dict[str, dict[str, str]]]:
    """Each new item of a reading that is held already, beside the item that it seems to be."""
    pairs = []
    for item in entry.read:
        held = store.item(entry.ids[item.id]) if item.id in entry.ids else None
        if held is not None:
            sides = (("read", item), ("held", held.item))
            pairs.append(
                {
                    name: {
                        "id": one.id,
                        "title": one.title,
                        "link": one.link,
                        "published": day(one.published),
                    }
                    for name, one in sides
                }
            )
    return pairs
