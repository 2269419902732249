"""The `dibao` command."""

from __future__ import annotations

import sys

from worker.cli import started

# isort: split
from bulletins.errors import ConfigError, DibaoError
from worker.cli import (  # noqa: F401  # each registers its commands
    add,
    alarms,
    backfill,
    data,
    desk,
    doctor,
    probe,
    reparse,
    sample,
    services,
    trace,
    webhooks,
)
from worker.cli.common import app

started.loaded()


def main() -> None:
    """Run the command. Exit status: 0 done, 1 something failed, 2 the configuration or the call is wrong."""
    try:
        app(prog_name="dibao")
    except DibaoError as error:
        sys.stderr.write(f"dibao: {error}\n")
        sys.exit(2 if isinstance(error, ConfigError) else 1)
