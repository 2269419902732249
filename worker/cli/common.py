"""What all commands share: the configuration, the two outputs, and how a time reads."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bulletins.dates import SHANGHAI
from worker import config, log
from worker.config import Settings

app = typer.Typer(
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

out = Console()


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


def table(*columns: str, title: str | None = None) -> Table:
    made = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def when(moment: datetime | None) -> str:
    """A time as its reader's clock shows it, in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S") if moment else "-"


def iso(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else None
