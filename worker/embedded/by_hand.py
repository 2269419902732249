"""`celery -A worker worker` or `beat`, started by hand -> its broker: the embedded one, where none is set."""

from __future__ import annotations

import sys

from celery import signals

from bulletins.errors import EnvironmentFault
from worker import config, embedded


@signals.celeryd_init.connect(weak=False)
@signals.beat_init.connect(weak=False)
def _broker(**_: object) -> None:
    """Before the first connection. Celery logs what a receiver raises and goes on: only an exit stops it."""
    try:
        embedded.ensure_broker(config.current())
    except EnvironmentFault as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None
