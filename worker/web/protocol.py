"""HTTP on the wire, by uvicorn; what it cannot read in, a problem document out instead of bare words."""

from __future__ import annotations

import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from worker.web.queries import LONGEST
from worker.web.resources import common

_MOST = 65_535  # bytes of an address that httptools takes apart


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol refuses an address of more than 64 KB before any application sees it."""

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
        lines = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode())]
        lines += [b"%s: %s" % (name, text) for name, text in self.server_state.default_headers]
        lines += [f"{name.lower()}: {text}".encode("latin-1") for name, text in headers.items()]
        self.transport.write(b"\r\n".join([*lines, b"", body]))
        self.transport.close()
