"""`dibao migrate`, `move-store`, `backup` and `restore`: what all the rest stands on, kept and moved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from worker import backup as backups
from worker.cli.common import ConfigOption, JsonOption, app, out, print_json, settings_of
from worker.store import copying, migrate
from worker.store.engine import address, parse

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as dibao.tar.gz.")]


@app.command("migrate")
def migrate_store(config: ConfigOption = None) -> None:
    """Bring the database to this release's tables; `up` and `run` do so too when they start."""
    settings = settings_of(config)
    migrate(settings.database_url)
    out.print(escape(f"{address(parse(settings.database_url))}: the tables are those of this release."))


@app.command("move-store")
def move_store(
    to: Annotated[str, typer.Option(metavar="URL", help="The database to move to, which has to be empty.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Move everything from SQLite to another database, such as postgresql+psycopg://…, while feeds are read.

    Polls wait meanwhile. Once all has arrived, the old file takes nothing more: whoever still writes there is
    told where everything is.
    """
    settings = settings_of(config)
    counts = copying.copy(settings.database_url, to, closing=True)
    told = (
        f"Moved {_said(counts)} to {address(parse(to))}.\n"
        "The old file stays as it is, and takes nothing more.\n"
        "  what to do: Set [service] database_url to that, and start Dibao again"
    )
    _tell({"moved": counts}, told, json=json)


@app.command()
def backup(file: FileArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Write everything that is stored into one file, while Dibao runs: the database and the pages kept."""
    counts = backups.save(settings_of(config), file)
    told = f"{file} holds {_said(counts)}. Feeds are made of these; keep config.toml beside it."
    _tell({"file": str(file), "holds": counts}, told, json=json)


@app.command()
def restore(file: FileArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Put a backup back where nothing is yet: into an empty database, SQLite or PostgreSQL."""
    counts = backups.restore(settings_of(config), file)
    told = f"Restored {_said(counts)}. The feeds are written again when Dibao starts."
    _tell({"file": str(file), "holds": counts}, told, json=json)


def _tell(counted: Mapping[str, object], told: str, *, json: bool) -> None:
    if json:
        print_json(counted)
    else:
        out.print(escape(told))


def _said(counts: dict[str, int]) -> str:
    shown = [f"{counts[name]:,} {name}" for name in ("sources", "items", "changes")]
    if "snapshots" in counts:
        shown.append(f"{counts['snapshots']:,} pages")
    return ", ".join(shown)
