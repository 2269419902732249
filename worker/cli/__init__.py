"""The `dibao` command."""

from __future__ import annotations

import sys

from bulletins.errors import ConfigError, DibaoError
from worker.cli.common import app


def main() -> None:
    """Run the command. Exit status: 0 done, 1 something failed, 2 the configuration or the call is wrong."""
    try:
        app(prog_name="dibao")
    except DibaoError as error:
        sys.stderr.write(f"dibao: {error}\n")
        sys.exit(2 if isinstance(error, ConfigError) else 1)
