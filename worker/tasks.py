"""The tasks: each calls one function of the flow; all are safe to repeat."""

from __future__ import annotations

import sys
from typing import Any

import structlog
from celery import Task, signals

from bulletins.errors import DibaoError
from worker import config, wiring
from worker.app import app
from worker.flow import dispatch as dispatching
from worker.flow import notify as telling
from worker.flow import poll as polling
from worker.flow import publish as publishing
from worker.flow import settle

__all__ = ["app", "dispatch", "fetch", "ingest", "notify", "poll", "publish"]


@app.task(name="dibao.dispatch")
def dispatch() -> None:
    dispatching.dispatch(wiring.ports())


@app.task(name="dibao.poll")
def poll(source: str, poll: str) -> None:
    polling.poll(wiring.ports(), source, poll)


@app.task(name="dibao.fetch")
def fetch(poll: str, n: int) -> None:
    polling.fetch(wiring.ports(), poll, n)


@app.task(name="dibao.ingest")
def ingest(poll: str) -> None:
    settle.ingest(wiring.ports(), poll)


@app.task(name="dibao.publish")
def publish() -> None:
    publishing.publish_and_tell(wiring.ports())


@app.task(name="dibao.notify")
def notify() -> None:
    telling.notify(wiring.ports())


@signals.worker_init.connect(weak=False)
def _prepare(**_: object) -> None:
    """Before the pool starts: folders, migrations and sources are as the configuration says. Celery logs what
    a receiver raises and goes on: only an exit stops it."""
    try:
        wiring.require_secrets(config.current())
        wiring.prepare(config.current())
    except DibaoError as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None


@signals.task_prerun.connect(weak=False)
def _begin(task: Task[Any, Any], **_: object) -> None:
    """Every log line of a task carries its run: the tick, or the command, that set it off."""
    structlog.contextvars.bind_contextvars(run_id=task.request.root_id or task.request.id)


@signals.task_postrun.connect(weak=False)
def _end(**_: object) -> None:
    structlog.contextvars.unbind_contextvars("run_id")
