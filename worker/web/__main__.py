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
from worker.door import LiveState
from worker.web import create_app
from worker.web.protocol import configured

_BACKLOG = 1024


class _Server(uvicorn.Server):
    """A server that tells the application before it waits for its last replies, which may be waiting for
    news; ASGI's own message comes only after them."""

    closing: Callable[[], None]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing()
        await super().shutdown(sockets)


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
    door = create_app(settings, LiveState(settings))
    server = _Server(configured(door))
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
