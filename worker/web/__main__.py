"""The web server as a process: configuration in, a listening server until SIGTERM out."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from bulletins.errors import ConfigError, EnvironmentFault
from worker import config, log
from worker.config import Settings
from worker.config.following import Following
from worker.door import LiveState
from worker.web import create_app
from worker.web.app import Door
from worker.web.protocol import configured

_BACKLOG = 1024
_LOOK_TICKS = 20  # of a tenth of a second, between two looks at the configuration file


class _Server(uvicorn.Server):
    """A server that tells the application before it waits for its last replies, which may be waiting for
    news; ASGI's own message comes only after them."""

    closing: Callable[[], None]
    look: Callable[[], None]

    async def on_tick(self, counter: int) -> bool:
        if counter % _LOOK_TICKS == 0:
            self.look()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing()
        await super().shutdown(sockets)


def _follow(door: Door, settings: Settings, state: LiveState) -> Callable[[], None]:
    """What takes up a configuration file that has changed. A worker tells of one that is wrong: here it
    changes nothing."""
    following = Following(config.config_path(), settings, lambda _: None)

    def look() -> None:
        news = following.look()
        if news and news.fault is None:
            door.renew(news.settings, LiveState(news.settings, state.store))

    return look


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
    state = LiveState(settings)
    door = create_app(settings, state)
    server = _Server(configured(door))
    server.closing = door.close
    server.look = _follow(door, settings, state)
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
