"""A proxy on 127.0.0.1 that leads every CONNECT, whatever its host, to one port of this machine."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Tunnel(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = self.rfile.readline().decode().split()
        while self.rfile.readline().strip():
            pass
        assert asked[0] == "CONNECT"
        self.server.hosts.append(asked[1])  # type: ignore[attr-defined]  # of the server below
        with socket.create_connection(("127.0.0.1", self.server.to)) as there:  # type: ignore[attr-defined]  # as above
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=_copy, args=(there, self.connection), daemon=True)
            back.start()
            _copy(self.connection, there)
            back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)
    except OSError:  # the other end has hung up
        pass


@contextmanager
def tunnel(to: int) -> Iterator[tuple[str, list[str]]]:
    """The proxy's address, and the hosts that were asked for so far."""

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        hosts: list[str] = []  # noqa: RUF012  # of the one server of this class

    Server.to = to  # type: ignore[attr-defined]  # what the handler reads
    with Server(("127.0.0.1", 0), _Tunnel) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", server.hosts
        server.shutdown()
