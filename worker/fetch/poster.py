"""The poster: one POST to a hub or a webhook, through the same guard and under one deadline."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing

import httpx

from bulletins.errors import FetchError
from worker.fetch import guard, reasons, wire

_LOOK = "See that the address in config.toml is right and that its server runs"


class HttpPoster:
    """Implements `worker.notices.Poster` over httpx. Safe for use by several threads.

    `timeout` (seconds) bounds the whole exchange. The answer's body is not read. Redirects are not followed:
    what is signed for one address is not handed to another.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float,
        allow_addresses: Sequence[str],
        resolve: wire.Resolve = guard.resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Raises ValueError for an entry of `allow_addresses` that is none."""
        self._timeout = timeout
        self._watch = wire.Watch()
        allowed = guard.parse_allowances(allow_addresses)
        self._transport = wire.transport(allowed, resolve, self._watch, tls or httpx.create_ssl_context())
        self._headers = {"User-Agent": user_agent, "Accept": "*/*"}

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """POST once; see `Poster`."""
        try:
            request = httpx.Request("POST", url, content=body, headers=self._headers | dict(headers))
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"not a usable address: {url[:200]!r}", url, _LOOK) from error
        self._watch.start(self._timeout, lambda: None)
        try:
            with closing(self._transport.handle_request(request)) as response:
                if not 200 <= response.status_code < 300:
                    raise _of_status(response, url)
        except httpx.HTTPError as error:
            raise reasons.of_transport(error, url, self._timeout) from error

    def close(self) -> None:
        self._transport.close()


def _of_status(response: httpx.Response, url: str) -> FetchError:
    status = response.status_code
    moved = 300 <= status < 400
    what = f"HTTP {status}, a redirect, which is not followed" if moved else f"HTTP {status}"
    pause = reasons.retry_after(response.headers.get("retry-after")) if status in (429, 503) else None
    retryable = status >= 500 or status in (408, 425, 429)
    return FetchError(what, url, _LOOK, retryable=retryable, status=status, retry_after=pause)
