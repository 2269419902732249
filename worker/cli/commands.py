"""The commands by name; each is loaded when it is asked for, so that none waits for what only others need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperGroup

# The module that each stands in, in the order in which help lists them.
MODULES = {
    "up": "services",
    "run": "services",
    "probe": "probe",
    "add": "add",
    "sources": "data",
    "status": "data",
    "items": "data",
    "trace": "trace",
    "doctor": "doctor",
    "quarantine": "desk",
    "withdraw": "desk",
    "reparse": "reparse",
    "backfill": "backfill",
    "publish": "services",
    "webhooks": "webhooks",
    "alarms": "alarms",
    "migrate": "keeping",
    "move-store": "keeping",
    "backup": "keeping",
    "restore": "keeping",
    "sample": "sample",
}


class Commands(TyperGroup):
    """All commands: which there are is known at once, what one is when it is called or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        self._load(*MODULES.values())
        return [name for name in MODULES if name in self.commands]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        # A name that is none has all of them loaded: one may be meant.
        self._load(*([MODULES[cmd_name]] if cmd_name in MODULES else MODULES.values()))
        return super().get_command(ctx, cmd_name)

    def _load(self, *modules: str) -> None:
        from worker.cli.common import app  # which is made with this class

        for module in modules:
            import_module(f"worker.cli.{module}")  # where each registers its commands
        self.commands.update(typer.main.get_group(app).commands)
