"""When and where: the clock, the queue, the network, the database, the disk, the HTTP door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if not TYPE_CHECKING:  # a type checker would take every submodule for what this returns

    def __getattr__(name: str) -> Any:
        """`app`, for `celery -A worker`: made when asked for, so that a command or server that needs no queue
        does not load one. Celery looks under `celery` where `app` is the submodule of that name."""
        if name in ("app", "celery"):
            from worker.embedded import by_hand  # noqa: F401  # its receivers start a broker where none is set
            from worker.tasks import app

            return app
        raise AttributeError(f"module 'worker' has no attribute {name!r}")
