"""The servers of the embedded default, started and stopped with the command."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bulletins.errors import EnvironmentFault
from worker.config import Settings
from worker.embedded import children, machine
from worker.embedded.liveness import Liveness
from worker.embedded.processes import Child, Guard
from worker.embedded.supervisor import POLL, Supervisor

_BROKER_PATIENCE = 5.0  # seconds
_INTERVAL = 0.2  # seconds between looks at the children
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_by_hand = Guard()  # kept as long as the process: the broker that it watches ends with it


def up(settings: Settings, announce: Callable[[], None]) -> int:
    """Run all services until SIGINT, SIGTERM or a closed terminal; `announce` is called once they answer.

    A child that dies is restarted. Returns 0 when stopped. Raises EnvironmentFault: another `up` on this
    data_dir, a port taken, a folder that cannot be written, a service that does not start.
    """
    stopped: list[int] = []
    service = settings.service
    with _on_signal(lambda number, _: stopped.append(number)):
        machine.require_folder(service.data_dir, "data_dir")
        machine.require_folder(service.public_dir, "public_dir")
        with machine.only_one(_lock(settings)):
            machine.require_port(settings.web.listen, "web", "listen")
            if settings.sample.enabled:
                machine.require_port(f"127.0.0.1:{settings.sample.port}", "sample", "port")
            _supervise(settings, announce, lambda: bool(stopped))
    return 0


@contextmanager
def services(settings: Settings) -> Iterator[None]:
    """A broker and a worker for one pass: those of `up` where it runs on this data_dir, else its own.

    Raises EnvironmentFault.
    """
    if running(settings):
        _await_broker(settings)
        yield
        return
    machine.require_folder(settings.service.data_dir, "data_dir")
    machine.require_folder(settings.service.public_dir, "public_dir")
    supervisor = Supervisor()
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(supervisor, done), name="supervisor")
    with _on_signal(_leave):
        try:
            supervisor.start(_broker(settings))
            _await_broker(settings)
            supervisor.start([*_newspaper(settings), children.passing_worker(settings)])
            watcher.start()
            yield
        finally:
            with _on_signal(lambda *_: None):  # a second Ctrl-C does not leave half of them running
                done.set()
                if watcher.ident is not None:
                    watcher.join()
                supervisor.stop()


def ensure_broker(settings: Settings) -> None:
    """For `celery -A worker …` started by hand: the embedded Valkey, as a child of this process, unless one
    answers. It ends with this process. Raises EnvironmentFault."""
    if settings.service.broker_url or children.SUPERVISED in os.environ or children.broker_answers(settings):
        return
    _by_hand.spawn(children.valkey(settings))
    _await_broker(settings)


def running(settings: Settings) -> int | None:
    """The process id of the `up` on this data_dir, or None."""
    return machine.holder(_lock(settings))


def _supervise(settings: Settings, announce: Callable[[], None], stopping: Callable[[], bool]) -> None:
    supervisor, liveness = Supervisor(), Liveness(settings)
    try:
        supervisor.start(_broker(settings), stopping)
        _await_broker(settings, stopping)
        if not stopping():
            newspaper = [children.sample(settings)] if settings.sample.enabled else []
            services = (
                children.celery_worker(settings, liveness),
                children.beat(settings, liveness),
                children.web(settings),
            )
            supervisor.start([*newspaper, *services], stopping)
        if not stopping():
            announce()
        while not stopping():
            supervisor.watch()
            time.sleep(_INTERVAL)
    finally:
        supervisor.stop()
        liveness.close()


def _broker(settings: Settings) -> list[Child]:
    return [] if settings.service.broker_url else [children.valkey(settings)]


def _newspaper(settings: Settings) -> list[Child]:
    """The sample newspaper, unless one stands on its port already."""
    if not settings.sample.enabled or children.sample_answers(settings):
        return []
    machine.require_port(f"127.0.0.1:{settings.sample.port}", "sample", "port")
    return [children.sample(settings)]


def _await_broker(settings: Settings, stopping: Callable[[], bool] = lambda: False) -> None:
    """Wait until the broker answers. Raises EnvironmentFault; a password in its address is not shown."""
    end = time.monotonic() + _BROKER_PATIENCE
    while not stopping() and not children.broker_answers(settings):
        if time.monotonic() > end:
            raise EnvironmentFault(
                f"the broker has not answered for {_BROKER_PATIENCE:.0f} s",
                re.sub(r"//[^@/]*@", "//…@", settings.redis_url),
                "Start it, or set another broker_url in [service] of config.toml (DIBAO_SERVICE__BROKER_URL)",
            )
        time.sleep(POLL)


def _watch(supervisor: Supervisor, done: threading.Event) -> None:
    while not done.wait(_INTERVAL):
        supervisor.watch()


def _lock(settings: Settings) -> Path:
    return settings.service.data_dir / "up.lock"


@contextmanager
def _on_signal(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Handle the signals that end a command, also where a shell started it deaf to them; but nohup stays."""
    held = {
        number: signal.signal(number, handler)
        for number in _SIGNALS
        if not (number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN)
    }
    try:
        yield
    finally:
        for number, before in held.items():
            signal.signal(number, before)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)
