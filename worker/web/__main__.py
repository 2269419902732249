"""The web server as a process: configuration in, a listening server until SIGTERM out."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import Receive, Scope, Send

from bulletins.errors import ConfigError, EnvironmentFault
from worker import config, log
from worker.config import Settings
from worker.config.following import Following
from worker.door import LiveState
from worker.web import create_app
from worker.web.protocol import Protocol

_GRACE_SECONDS = 1  # for replies under way; with start-up and exit a stop stays below 2 s
_BACKLOG = 1024
_LOOK_SECONDS = 2.0  # between two looks at the configuration file


class _Server(uvicorn.Server):
    """A server that tells the application before it waits for its last replies, which may be waiting for
    news; ASGI's own message comes only after them."""

    closing: Callable[[], None]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing()
        await super().shutdown(sockets)


class _Doors:
    """The application, made anew where the configuration has changed; who waits at the old one is let go."""

    def __init__(self, settings: Settings) -> None:
        self._following = Following(config.config_path(), settings, lambda _: None)
        self._state = LiveState(settings)
        self._door = create_app(settings, self._state)
        self._next = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LOOK_SECONDS
            self._look()
        await self._door(scope, receive, send)

    def close(self) -> None:
        self._door.close()

    def _look(self) -> None:
        """A worker tells of a file that is wrong: here it changes nothing."""
        news = self._following.look()
        if news and news.fault is None:
            before, self._state = self._door, LiveState(news.settings, self._state.store)
            self._door = create_app(news.settings, self._state)
            before.close()


def main() -> int:
    """Exit status: 0 after a stop by signal, 1 when it cannot listen, 2 for a fault in the configuration."""
    log.setup("web")
    signal.signal(signal.SIGTERM, _stop)  # uvicorn raises the signal again once it has shut down
    try:
        settings = config.load(config.config_path())
        listener = bind(settings.web.listen)
    except ConfigError as error:
        log.logger().error("web.stopped", reason=f"{error.where}: {error.what}", action=error.action)
        return 2
    except EnvironmentFault as error:
        log.logger().error("web.stopped", reason=f"{error.where}: {error.what}", action=error.action)
        return 1
    door = _Doors(settings)
    server = _Server(
        uvicorn.Config(
            door,
            loop="uvloop",
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    server.closing = door.close
    log.logger().info("web.listening", address=settings.web.listen, base_url=settings.service.base_url)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # Ctrl-C in a terminal, raised again like SIGTERM
        return 0
    return 0


def bind(listen: str) -> socket.socket:
    """A listening socket at "host:port" ("[::1]:8000" for IPv6). Raises EnvironmentFault."""
    host, _, port = listen.rpartition(":")
    where = f"config.toml [web] listen = {listen}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise EnvironmentFault(
            f"cannot listen there: {error.strerror}",
            where,
            "Stop the program that has this address (a dibao that still runs?), or set another one",
        ) from None
    return listener


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
