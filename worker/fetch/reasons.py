"""Reasons: what httpx, the sockets and HTTP statuses mean to an operator, as FetchErrors."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx

from bulletins.errors import NO_ANSWER, FetchError
from worker.fetch.guard import RefusedAddress

LONGEST_PAUSE = 86400.0  # seconds: a Retry-After beyond a day is taken as a day
_AT_ONCE = (500, 502, 504)  # worth another try within seconds

_SOCKET = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "no route to the host",
    errno.EHOSTUNREACH: "no route to the host",
}
_NEXT_POLL = "The next poll tries again."
_LOOK = "Open the address in a browser; correct it in config.toml if it has moved."


def of_transport(error: httpx.HTTPError, url: str, timeout: float) -> FetchError:
    """What became of a request that got no whole answer."""
    for cause in _causes(error):
        if isinstance(cause, RefusedAddress):
            action = "If this host is meant, name its address in [fetch] allow_addresses."
            return FetchError(str(cause), url, action)
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = (cause.verify_message or "unknown reason").rstrip(".")
            return FetchError(f"certificate not valid: {message}", url, "The site must renew or correct it.")
        if isinstance(cause, socket.gaierror):
            again = cause.errno == socket.EAI_AGAIN
            what = "name server does not answer" if again else "host name not found"
            return FetchError(what, url, _NEXT_POLL if again else _LOOK, retryable=True)
        if isinstance(cause, UnicodeError):
            return FetchError("host name not possible", url, _LOOK)
        if isinstance(cause, ssl.SSLError):
            return FetchError("TLS handshake failed", url, _NEXT_POLL, retryable=True)
        if isinstance(cause, OSError) and cause.errno in _SOCKET:
            return FetchError(_SOCKET[cause.errno], url, _NEXT_POLL, retryable=True)
    return FetchError(_plain(error, timeout), url, _NEXT_POLL, retryable=True)


def _plain(error: httpx.HTTPError, timeout: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{NO_ANSWER} {timeout:g} s"
    if isinstance(error, httpx.RemoteProtocolError):
        # h11 and httpcore tell these three apart in words only (h11 0.16, httpcore 1.0.9).
        message = str(error)
        if "disconnected" in message:
            return "connection closed without an answer"
        return "answer cut short" if "closed connection" in message else "not a valid HTTP answer"
    return "connection failed"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def of_status(response: httpx.Response) -> FetchError:
    """What an answer other than 200 means (RFC 9110, 15)."""
    status = response.status_code
    pause = retry_after(response.headers.get("retry-after")) if status in (429, 503) else None
    if pause is not None:
        action = f"The site asked to be left alone for {pause:.0f} s."
    elif status in (401, 403, 405, 407, 412, 451):
        action = "The site refuses this reader: ask its owner, or look whether the address still serves all."
    elif 400 <= status < 500 and status not in (408, 425, 429):
        action = _LOOK
    else:
        action = _NEXT_POLL
    retryable = status >= 500 or status in (408, 425, 429)
    return FetchError(
        f"HTTP {status}", str(response.url), action, retryable=retryable, status=status, retry_after=pause
    )


def at(fault: FetchError, url: str) -> FetchError:
    """The same fault met at another address; a fresh one, for a raised exception collects tracebacks."""
    return FetchError(
        fault.what,
        url,
        fault.action,
        retryable=fault.retryable,
        status=fault.status,
        retry_after=fault.retry_after,
    )


def worth_another_try(fault: FetchError) -> bool:
    """Whether the same request may be answered within seconds."""
    return fault.retryable and fault.retry_after is None and fault.status in (None, *_AT_ONCE)


def retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After field (RFC 9110, 10.2.3): seconds or a date, at most a day; None
    where it is missing or says nothing."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), LONGEST_PAUSE)
    try:
        then = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(then - time.time(), 0.0), LONGEST_PAUSE)
