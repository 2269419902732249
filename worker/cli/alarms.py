"""`dibao alarms`: who is told of incidents, how that goes, and a message to try it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.errors import ConfigError
from worker import ground, log
from worker.alarms import ReceiverState
from worker.cli.common import (
    ConfigOption,
    JsonOption,
    app,
    explain,
    iso,
    log_as,
    opened,
    out,
    print_json,
    settings_of,
    table,
)
from worker.flow import incidents
from worker.incidents import ALARM
from worker.siren import AppriseSiren

commands = typer.Typer(help="Who is told of incidents, and a message to try it.", no_args_is_help=True)
app.add_typer(commands, name="alarms")

NOBODY = "Nobody is told of incidents: set DIBAO_ALARMS__URLS, or [alarms] urls_file in config.toml"


@commands.command("list")
def list_(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The receivers, with how telling them goes. Addresses are secret, and not shown."""
    settings = settings_of(config)
    ground.addresses(settings)
    with opened(settings) as store:
        states = store.alarms.receivers()
    if json:
        print_json({"receivers": [_facts(state) for state in states]})
        return
    if not states:
        out.print(escape(f"{NOBODY}."))
        return
    shown = table("receiver", "state", "next try", "last message")
    for state in states:
        colour = "red" if state.failures else "green"
        due = iso(state.due) if state.failures else "-"
        last = iso(max(state.sent, default=None)) or "-"
        shown.add_row(state.id, f"[{colour}]{_word(state)}[/]", due, last)
    out.print(shown)
    for state in states:
        if state.failures:
            explain(state.id, state.reason, f"mend it, then run dibao alarms test {state.id}")


@commands.command("test")
def try_(
    receiver: Annotated[
        str | None, typer.Argument(metavar="ID", help="One receiver, as the list names it.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Send a message to every receiver, or to one, now; exit 1 when one does not take it."""
    settings = settings_of(config)
    ground.addresses(settings)
    receivers = [one for one in ground.receivers(settings) if receiver in (None, one.id)]
    if not receivers:
        known = ", ".join(one.id for one in ground.receivers(settings)) or "none is configured"
        raise ConfigError("nobody to tell", "dibao alarms test", f"Known: {known}. {NOBODY}")
    text = f"这是一条测试消息。有故障时，邸报会在这里告知。\n{settings.service.base_url}"
    failed = False
    log_as("cli", "auto")
    with opened(settings) as store:
        for one in receivers:
            reason = AppriseSiren().sound(one, "邸报告警测试", text, over=True)
            failed |= bool(reason)
            out.print(f"{one.id}: {escape(reason) or 'took it'}")
            if not reason:
                now, others = datetime.now(UTC), {each.id for each in ground.receivers(settings)}
                store.alarms.told(one.id, [], now)
                incidents.forget(store, log.logger(), ALARM, others - {one.id}, now)
    if failed:
        raise typer.Exit(1)


def _word(state: ReceiverState) -> str:
    return "failing" if state.failures else "ok"


def _facts(state: ReceiverState) -> dict[str, Any]:
    return {
        "id": state.id,
        "state": _word(state),
        "failures": state.failures,
        "reason": state.reason,
        "next_try": iso(state.due) if state.failures else None,
        "last_message": iso(max(state.sent, default=None)),
    }
