"""The tasks: each calls one function of the flow; all are safe to repeat."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import Any

import structlog
from celery import Task, signals

from bulletins.errors import DibaoError, EnvironmentFault
from worker import broker, config, ground, log, wiring
from worker.app import app
from worker.flow import alarms, settle, silence
from worker.flow import dispatch as dispatching
from worker.flow import notify as telling
from worker.flow import poll as polling
from worker.flow import publish as publishing

__all__ = ["alarm", "app", "dispatch", "fetch", "ingest", "judge", "notify", "poll", "publish"]


_SIGN_EVERY = 5.0  # seconds
_signed: dict[int, float] = {}  # by process: when it last gave a sign of life


@app.task(name="dibao.dispatch")
def dispatch() -> None:
    wiring.follow()
    dispatching.dispatch(wiring.ports())


@app.task(name="dibao.poll", bind=True)
def poll(self: Task[Any, Any], source: str, poll: str) -> None:
    if _may_go_on(self, poll):
        polling.poll(wiring.ports(), source, poll)


@app.task(name="dibao.fetch")
def fetch(poll: str, n: int) -> None:
    polling.fetch(wiring.ports(), poll, n)


@app.task(name="dibao.ingest", bind=True)
def ingest(self: Task[Any, Any], poll: str) -> None:
    if _may_go_on(self, poll):
        settle.ingest(wiring.ports(), poll)


def _may_go_on(task: Task[Any, Any], poll: str) -> bool:
    """A worker reads pages in these two tasks; where it died of one, the broker delivers them again."""
    back = (task.request.delivery_info or {}).get("redelivered")
    return not back or dispatching.again(wiring.ports(), poll)


@app.task(name="dibao.publish")
def publish() -> None:
    publishing.publish_and_tell(wiring.ports())


@app.task(name="dibao.notify")
def notify() -> None:
    telling.notify(wiring.ports())


@app.task(name="dibao.alarm")
def alarm() -> None:
    alarms.sound(wiring.ports())


@app.task(name="dibao.judge")
def judge() -> None:
    silence.judge(wiring.ports())


@signals.worker_init.connect(weak=False)
def _prepare(**_: object) -> None:
    """Before the pool starts: folders, migrations and sources are as the configuration says. Celery logs what
    a receiver raises and goes on: only an exit stops it."""
    try:
        ground.require_secrets(config.current())
        wiring.prepare(config.current())
    except DibaoError as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None


@signals.worker_ready.connect(weak=False)
def _warn(**_: object) -> None:
    if policy := broker.evicts(config.current()):
        log.logger().warning(
            "broker.evicts",
            policy=policy,
            reason="it drops messages when its memory is full; what was dropped is sent again late",
            action="Set maxmemory-policy noeviction in the broker's configuration",
        )


@signals.task_prerun.connect(weak=False)
def _begin(task: Task[Any, Any], **_: object) -> None:
    """Every log line of a task carries its run: the tick, or the command, that set it off."""
    structlog.contextvars.bind_contextvars(run_id=task.request.root_id or task.request.id)


@signals.task_postrun.connect(weak=False)
def _end(**_: object) -> None:
    _sign_of_life()
    structlog.contextvars.unbind_contextvars("run_id")


def _sign_of_life() -> None:
    """Note that a task has ended, now and then; whether the database can be written is told by the tasks."""
    if time.monotonic() - _signed.get(os.getpid(), float("-inf")) < _SIGN_EVERY:
        return
    _signed[os.getpid()] = time.monotonic()
    with contextlib.suppress(EnvironmentFault):
        made = wiring.ports()
        made.store.beat("worker", made.clock.now())
