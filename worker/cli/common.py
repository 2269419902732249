"""What all commands share: the configuration, the two outputs, and how a time reads."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bulletins.dates import SHANGHAI
from bulletins.model import PollStatus
from worker import config, ground, log
from worker.cli.commands import Commands
from worker.config import Settings
from worker.store import SqlStore

app = typer.Typer(
    cls=Commands,
    callback=lambda: None,  # a group, however few of its commands are loaded
    help="邸报 Dibao: bulletin pages become feeds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="PATH", help="The configuration file (else $DIBAO_CONFIG, else config.toml)."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
FormatOption = Annotated[
    str, typer.Option("--log-format", help="auto, console or json: how log lines look on stderr.")
]

_PIPED = 400  # characters; where nobody looks at a screen, a line is not broken: grep finds it whole

out = Console(width=None if sys.stdout.isatty() else _PIPED, highlight=False)


def settings_of(path: Path | None) -> Settings:
    """Load the configuration, and have child processes use the same. Raises ConfigError."""
    chosen = config.config_path(path)
    os.environ[config.ENV_CONFIG] = str(chosen)
    return config.load(chosen)


def log_as(role: str, style: str) -> None:
    if style not in ("auto", "console", "json"):
        raise typer.BadParameter("allowed are auto, console, json", param_hint="--log-format")
    log.setup(role, None if style == "auto" else style)  # type: ignore[arg-type]  # one of the three


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def opened(settings: Settings) -> Iterator[SqlStore]:
    """The store, with the folders, tables and sources of the configuration; its items as they are stored.
    Raises EnvironmentFault."""
    ground.ready(settings)
    store = ground.store(settings)
    try:
        yield store
    finally:
        store.dispose()


def table(*columns: str, folded: Collection[str] = ()) -> Table:
    """Where the screen is narrow, the `folded` columns go on in the next line, the others are kept whole."""
    made = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column not in folded)
    return made


def coloured(status: PollStatus | None) -> str:
    if status is None:
        return "[dim]not polled yet[/]"
    return f"[{'green' if status.healthy else 'red'}]{status}[/]"


def explain(source: str, reason: str, action: str, structure: Sequence[str] = ()) -> None:
    """Why a source is as it is, how its pages have changed, and what to do about it."""
    out.print(f"\n[bold]{source}[/]: {escape(reason)}")
    for line in structure:
        out.print(f"  {escape(line)}", highlight=False)
    if action:
        out.print(f"  what to do: {escape(action)}")


def when(moment: datetime | None) -> str:
    """A time as its reader's clock shows it, in Asia/Shanghai; of another day, with that day."""
    if moment is None:
        return "-"
    local = moment.astimezone(SHANGHAI)
    today = local.date() == datetime.now(UTC).astimezone(SHANGHAI).date()
    return local.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M")


def day(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d") if moment else "-"


def iso(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else None
