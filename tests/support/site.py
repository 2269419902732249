"""A site for tests: scripted answers over real HTTP on 127.0.0.1, and a log of what was asked."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. Header names are in lower case; `path` has the query."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Raw:
    """A route that speaks for itself: called with the connection, which is closed afterwards, and an event
    that is set when the site closes (wait on it instead of sleeping)."""

    speak: Callable[[socket.socket, threading.Event], None]


Route = Answer | Callable[[Asked], Answer] | Raw


def html(text: str, encoding: str = "utf-8", **headers: str) -> Answer:
    """A page with status 200."""
    return 200, {"Content-Type": f"text/html; charset={encoding}", **headers}, text.encode(encoding)


def conditional(
    body: bytes, etag: str | None = None, last_modified: str | None = None, content_type: str = "text/html"
) -> Callable[[Asked], Answer]:
    """A page with validators, that answers 304 to whom they are sent back."""

    def answer(asked: Asked) -> Answer:
        headers = {"Content-Type": content_type}
        if etag:
            headers["ETag"] = etag
        if last_modified:
            headers["Last-Modified"] = last_modified
        if etag and "if-none-match" in asked.headers:
            held = asked.headers["if-none-match"] == etag
        else:
            held = bool(last_modified) and asked.headers.get("if-modified-since") == last_modified
        return (304, headers, b"") if held else (200, headers, body)

    return answer


def in_turn(*answers: Route) -> Callable[[Asked], Answer]:
    """The answers one after the other, the last one from then on."""
    left = list(answers)
    lock = threading.Lock()

    def answer(asked: Asked) -> Answer:
        with lock:
            route = left.pop(0) if len(left) > 1 else left[0]
        return _answer(route, asked)

    return answer


def _answer(route: Route, asked: Asked) -> Answer:
    if isinstance(route, Raw):
        raise TypeError("a raw route stands alone")
    return route(asked) if callable(route) else route


@dataclass
class Site:
    """`with Site({"/": html("…")}) as site: … site.url`. Routes may be changed while it runs; a path is
    looked up with its query first, then without; what is not there is a 404."""

    routes: dict[str, Route] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    requests: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Site:
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()  # joins the threads of all connections
        if self._server.faults and error is None:
            raise self._server.faults[0]

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"{'https' if self.tls else 'http'}://{self.address}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing joins them
    request_queue_size = 64

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site
        self.closing = threading.Event()
        self.faults: list[BaseException] = []
        self._open: set[Any] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
            self.site.connections += 1
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.site.tls is None:
            super().finish_request(request, client_address)
            return
        # In the connection's own thread: a handshake that fails must not stop the others.
        with self.site.tls.wrap_socket(request, server_side=True) as secured:
            with self._lock:
                self._open.add(secured)
            super().finish_request(secured, client_address)
            with self._lock:
                self._open.discard(secured)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for request in self._open:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # gone already

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):  # OSError: the client hung up
            self.faults.append(error)


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True  # or the body waits until the client has confirmed the head
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers["Content-Length"])))

    def _reply(self, sent: bytes = b"") -> None:
        said = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, said, self.command, sent)
        site = self.server.site
        site.requests.append(asked)
        route = site.routes.get(self.path) or site.routes.get(self.path.partition("?")[0])
        if isinstance(route, Raw):
            self.close_connection = True
            route.speak(self.connection, self.server.closing)
            return
        status, headers, body = _answer(route, asked) if route else (404, {}, b"not here")
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304 and not any(name.lower() == "content-length" for name in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name in http.server)
        return
