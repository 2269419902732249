"""A response's body as bytes, bounded both as it comes over the wire and as it unpacks."""

from __future__ import annotations

import zlib

import httpx

from bulletins.errors import FetchError

_GZIP_MAGIC = b"\x1f\x8b"


class Gunzip:
    """Unpacks gzip (RFC 1952) piece by piece, several members in a row too, never more than asked for."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._between = True  # no member is open: before the first, or after one that is whole
        self._first = True

    def feed(self, data: bytes, most: int) -> bytes:
        """Up to `most` bytes (at least 1) of what `data` unpacks to. Raises zlib.error."""
        out = b""
        while data and len(out) < most:
            if self._between and not self._first and not _GZIP_MAGIC.startswith(data[:2]):
                break  # padding after the last member, which every reader passes over
            self._first = self._between = False
            out += self._member.decompress(data, most - len(out))
            data = b""
            if self._member.eof:
                data = self._member.unused_data
                self._member = zlib.decompressobj(31)
                self._between = True
        return out

    @property
    def whole(self) -> bool:
        """Whether every member that was begun is complete."""
        return self._between


def body_of(response: httpx.Response, limit: int, *, cut: bool = False) -> bytes:
    """Read a streamed response. `limit` bounds the bytes received and the bytes unpacked; with `cut` the
    rest of a longer body is left unread instead of being an error.

    Raises FetchError: too large, an encoding that was not asked for, bad or incomplete gzip.
    """
    url = str(response.url)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        what = f"bad encoding: {encoding[:40]!r}, which was not asked for"
        raise FetchError(what, url, "The site answers in a form that HTTP does not permit here.")
    # h11 has made sure that it is a number.
    if not cut and int(response.headers.get("content-length", 0)) > limit:
        raise _too_large(limit, url)
    gunzip = Gunzip() if encoding in ("gzip", "x-gzip") else None
    received = 0
    out = bytearray()
    for chunk in response.iter_raw():
        received += len(chunk)
        try:
            out += gunzip.feed(chunk, limit + 1 - len(out)) if gunzip else chunk
        except zlib.error as error:
            raise FetchError("bad encoding: broken gzip", url, "The site sends a damaged page.") from error
        if max(received, len(out)) > limit:
            if cut:
                return bytes(out[:limit])
            raise _too_large(limit, url)
    if gunzip and not gunzip.whole:
        raise FetchError("bad encoding: gzip cut short", url, "The next poll tries again.", retryable=True)
    return bytes(out)


def _too_large(limit: int, url: str) -> FetchError:
    action = "Raise [fetch] max_bytes if a page of this site is really that long."
    return FetchError(f"body larger than {limit} bytes", url, action)
