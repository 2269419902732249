"""HTTP on the wire, by uvicorn: a file that is in memory goes out at once, and what cannot be read gets a
problem document instead of bare words."""

from __future__ import annotations

import json
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from worker.web.app import Door
from worker.web.queries import LONGEST
from worker.web.resources import common, lines

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_MOST = 65_535  # bytes of an address that httptools takes apart
_GRACE_SECONDS = 1  # for replies under way; with start-up and exit a stop stays below 2 s

_lines = lru_cache(maxsize=1024)(lines)


def configured(door: Door) -> uvicorn.Config:
    """How the door is served. Nobody asks who a proxy speaks for, so that its headers are left alone."""
    return uvicorn.Config(
        door,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol makes a task for each request and takes the headers of each reply apart, which costs
    more than a file that is in memory, with headers made once. And it refuses an address of more than 64 KB
    before any application sees it."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        # One that had to wait for its turn on the connection is no longer the newest; it goes the long way,
        # so that a thousand of them are not answered one within the other.
        waits = cycle is not self.cycle or self.flow.write_paused or self.transport.is_closing()
        if waits or not isinstance(app, Door) or not self._answered(cycle, app):
            super()._start_asgi_task(cycle, app)

    def _answered(self, cycle: RequestResponseCycle, door: Door) -> bool:
        """Whether the reply was there, and is on its way: then the cycle is over as if the application had
        sent it."""
        scope: Any = cycle.scope  # uvicorn's types are not Starlette's
        try:
            found = door.at_once(scope)
            reply = found[0].wire(scope["headers"]) if found else None
        except Exception:  # the application meets it again, and says what it is
            return False
        if found is None or reply is None:
            return False
        head, body = reply
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        pieces = [head, lines(cycle.default_headers), _lines(tuple(found[1])), end]
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(pieces))
        if body and scope["method"] != "HEAD":
            self.transport.write(body)
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def send_400_response(self, msg: str) -> None:
        value: dict[str, object] = {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": msg,
        }
        if len(self.url) > _MOST:
            value["detail"] = f"query: the address has {len(self.url)} bytes."
            value |= {"parameter": "query", "allowed": f"at most {LONGEST} bytes"}
        body = json.dumps(value).encode()
        path = self.url[:_MOST].partition(b"?")[0].decode("latin-1")
        headers = common(path, "application/problem+json") | {
            "Cache-Control": "no-store",
            "Connection": "close",
            "Content-Length": str(len(body)),
        }
        status = HTTPStatus.BAD_REQUEST
        head = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode())]
        head += [b"%s: %s" % (name, text) for name, text in self.server_state.default_headers]
        head += [f"{name.lower()}: {text}".encode("latin-1") for name, text in headers.items()]
        self.transport.write(b"\r\n".join([*head, b"", body]))
        self.transport.close()
