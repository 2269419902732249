"""`dibao webhooks`: who is told of changes, how far each has come, and another chance for a disabled one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins.errors import ConfigError
from worker import log
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
from worker.config import Settings
from worker.flow import incidents
from worker.incidents import WEBHOOK
from worker.notices import HookState
from worker.store import SqlStore

commands = typer.Typer(
    help="Who is told of changes by POST, and how far each has come.", no_args_is_help=True
)
app.add_typer(commands, name="webhooks")


@commands.command("list")
def list_(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The webhooks, with what each still has to get."""
    settings = settings_of(config)
    with opened(settings) as store:
        hooks = shown(settings, store)
    if json:
        print_json({"webhooks": hooks})
    elif hooks:
        show(hooks)
    else:
        out.print(escape("No webhook is configured: add a [[webhooks]] table to config.toml."))


@commands.command()
def enable(
    webhook: Annotated[str, typer.Argument(metavar="ID", help="As in config.toml.")],
    since: Annotated[
        int | None,
        typer.Option(min=0, metavar="SEQ", help="Tell it again everything after this change; 0 for all."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Try a webhook again now, from where it stopped or from a change of your choice."""
    settings = settings_of(config)
    log_as("cli", "auto")
    with opened(settings) as store:
        newest = store.notices.newest()
        if since is not None and since > newest:
            raise ConfigError(f"there is no change {since} yet", "--since", f"Allowed are 0 to {newest}")
        now = datetime.now(UTC)
        before = store.notices.enable(webhook, now, since)
        incidents.forget(store, log.logger(), WEBHOOK, {one.id for one in settings.webhooks} - {webhook}, now)
    if before is None:
        known = ", ".join(each.id for each in settings.webhooks) or "none is configured"
        raise ConfigError(f"no webhook has the id {webhook!r}", "dibao webhooks enable", f"Known: {known}")
    told = before.cursor if since is None else since
    out.print(f"{escape(webhook)} is told the changes after {told}, of which there are {newest - told}.")


def shown(settings: Settings, store: SqlStore) -> list[dict[str, Any]]:
    """The configured webhooks as JSON, in the order of config.toml."""
    held = {state.id: state for state in store.notices.hooks()}
    return [
        {"id": webhook.id, "url": webhook.url, "state": _state(webhook.enabled, held[webhook.id])}
        | _facts(held[webhook.id])
        for webhook in settings.webhooks
    ]


def _state(enabled: bool, state: HookState) -> str:
    if not enabled:
        return "off"
    if state.disabled_at:
        return "disabled"
    return "failing" if state.failures else "ok"


def _facts(state: HookState) -> dict[str, Any]:
    return {
        "cursor": state.cursor,
        "behind": state.behind,
        "failures": state.failures,
        "failing_since": iso(state.failing_since),
        "next_try": iso(state.due) if state.failures and not state.disabled_at else None,
        "disabled_at": iso(state.disabled_at),
        "reason": state.reason,
    }


def show(hooks: Sequence[dict[str, Any]]) -> None:
    """As a table, with what to do where one fails."""
    if not hooks:
        return
    made = table("webhook", "state", "changes behind", "next try", "address", folded=("address",))
    for hook in hooks:
        colour = {"ok": "green", "off": "dim"}.get(hook["state"], "red")
        state = f"[{colour}]{hook['state']}[/]"
        made.add_row(hook["id"], state, str(hook["behind"]), hook["next_try"] or "-", escape(hook["url"]))
    out.print("")
    out.print(made)
    for hook in hooks:
        if hook["state"] == "disabled":
            explain(
                hook["id"], hook["reason"], f"mend the receiver, then run dibao webhooks enable {hook['id']}"
            )
        elif hook["state"] == "failing":
            explain(hook["id"], hook["reason"], "it is tried again by itself; see that the receiver runs")
