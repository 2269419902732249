"""A resource in all its codings: a request's headers in, the status, headers and body of the reply out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus

from starlette.datastructures import Headers

from worker.coding import CODINGS
from worker.web.conditions import Validators, evaluate

RawHeaders = Sequence[tuple[bytes, bytes]]

IDENTITY = "identity"
METHODS = ("GET", "HEAD", "OPTIONS")
# What tells scripts of other sites how fresh a feed is.
HEALTH_HEADERS = ("Dibao-State", "Dibao-Last-Checked", "Dibao-Last-Changed", "Dibao-Next-Check")
# Nothing but the house's own style, scripts, pictures, forms and data.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'"
)
_STRICT, _WITH_PHOTOGRAPHS = _POLICY.format(""), _POLICY.format(" https: http:")
_ITEMS = ("/items/", "/en/items/")  # their pages show the photographs of newspapers
_CONDITIONS = {b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"}
_BEFORE_TAGS = {b"if-match", b"if-unmodified-since"}  # these are looked at before If-None-Match
# It may be kept, never used unasked: a correction must reach the next reader, and asking costs one 304.
ASK_FIRST: RawHeaders = ((b"cache-control", b"no-cache"),)
DATE_LAGS = timedelta(seconds=2)  # uvicorn looks at the clock once a second for the Date of its replies
_SENT = {
    status.value: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode())
    for status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
}


def is_open(path: str) -> bool:
    """Whether scripts of other sites may read it: what is published for programs."""
    return path.startswith(("/feeds/", "/opml/", "/api/")) or path in ("/feeds.json", "/opml.xml")


def common(path: str, media_type: str) -> dict[str, str]:
    """The headers that every reply carries. No referrer is sent on: it is nobody's business, and many
    newspapers refuse pictures to pages of other hosts."""
    headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    if media_type:
        headers["Content-Type"] = media_type
    if media_type.startswith(("text/html", "image/svg")):
        headers["Content-Security-Policy"] = _WITH_PHOTOGRAPHS if path.startswith(_ITEMS) else _STRICT
    if is_open(path):
        exposed = ", ".join(("ETag", "Link", *HEALTH_HEADERS)) if path.startswith("/feeds/") else "ETag"
        headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": exposed}
    return headers


class Resource:
    """A content under its path, in one coding or several, with every header made once.

    `validators.etag` is the identity's; each coding has a tag of its own, since the bytes differ (RFC 9110,
    8.8.3.3). `further` headers go with the content alone. `size` is what it holds in memory, in bytes.
    """

    def __init__(
        self,
        path: str,
        body: bytes,
        media_type: str,
        validators: Validators,
        coded: Mapping[str, bytes] | None = None,
        further: Mapping[str, str] | None = None,
    ) -> None:
        self._made_of = (path, body, media_type, validators.etag, coded, further)
        self.modified = validators.modified
        bodies = {IDENTITY: body, **(coded or {})}
        self.size = sum(map(len, bodies.values()))
        self._bodies = bodies
        self._validators = {coding: _tagged(validators, coding) for coding in bodies}
        self._tags = {coding: each.etag.encode() for coding, each in self._validators.items()}
        kept = common(path, "") | {"Vary": "Accept-Encoding"}
        if validators.modified is not None:  # never later than the Date of a response (RFC 9110, 8.8.2.1)
            past = datetime.now(UTC) - DATE_LAGS
            kept["Last-Modified"] = format_datetime(min(validators.modified, past), usegmt=True)
        whole = kept | common(path, media_type) | dict(further or {})
        self._unchanged = {coding: _raw(kept | {"ETag": v.etag}) for coding, v in self._validators.items()}
        self._whole = {
            coding: _raw(whole | _of_coding(coding, len(body)) | {"ETag": self._validators[coding].etag})
            for coding, body in bodies.items()
        }
        self._sent: dict[tuple[int, str], bytes] = {}

    def dated(self, at: datetime) -> Resource:
        """The same, of bytes that have been there since `at`, aware."""
        path, body, media_type, etag, coded, further = self._made_of
        return Resource(path, body, media_type, Validators(etag, at, datetime.now(UTC)), coded, further)

    @property
    def body(self) -> bytes:
        """The content, in no coding."""
        return self._bodies[IDENTITY]

    def answer(
        self, asked: RawHeaders, extra: RawHeaders = ASK_FIRST
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """200, 304, or 412 with no headers, as the request's preconditions have it. Names in `asked` are in
        lower case; `extra` goes with the reply."""
        status, coding = self._choose(asked)
        if status == HTTPStatus.OK:
            return status, [*self._whole[coding], *extra], self._bodies[coding]
        if status == HTTPStatus.NOT_MODIFIED:
            return status, [*self._unchanged[coding], *extra], b""
        return status, [], b""

    def wire(self, asked: RawHeaders) -> tuple[bytes, bytes] | None:
        """`answer` as HTTP/1.1 has it, put together once: the status line and the headers' lines, without the
        blank one, and the body. None where it is neither 200 nor 304."""
        chosen = status, coding = self._choose(asked)
        if (head := self._sent.get(chosen)) is None:
            if status not in _SENT:
                return None
            headers = (self._whole if status == HTTPStatus.OK else self._unchanged)[coding]
            head = self._sent[chosen] = _SENT[status] + lines(headers)
        return head, self._bodies[coding] if status == HTTPStatus.OK else b""

    def _choose(self, asked: RawHeaders) -> tuple[int, str]:
        """The status, and the coding of the representation that it is about."""
        accept, held = b"", b""
        conditions: set[bytes] = set()
        for name, value in asked:
            if name == b"accept-encoding":
                accept = accept + b"," + value if accept else value
            elif name in _CONDITIONS:
                conditions.add(name)
                if name == b"if-none-match":
                    held = value
        coding = next((each for each in accepted(accept) if each in self._bodies), IDENTITY)
        status: int = HTTPStatus.OK
        if held == self._tags[coding] and conditions.isdisjoint(_BEFORE_TAGS):
            status = HTTPStatus.NOT_MODIFIED
        elif conditions:
            status = evaluate(Headers(raw=list(asked)), self._validators[coding])
        return status, coding


def lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as they go on the wire."""
    return b"".join(b"%s: %s\r\n" % header for header in headers)


@lru_cache(maxsize=256)
def accepted(line: bytes) -> tuple[str, ...]:
    """The codings of an Accept-Encoding line that may be sent, the one to prefer first (RFC 9110, 12.5.3).

    By weight; among those of one weight the smaller, and identity last. What is malformed counts as refused.
    An absent line, and an empty one, ask for identity alone; one that refuses everything gets it all the
    same, as 12.4.1 allows.
    """
    weights: dict[str, float] = {}
    for part in line.decode("latin-1").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    others = weights.get("*", 0.0)
    ranked = {coding: weights.get(coding, others) for coding in CODINGS}
    ranked[IDENTITY] = weights.get(IDENTITY, weights.get("*", 0.001))  # unnamed it is acceptable, and last
    chosen = [coding for coding, weight in ranked.items() if weight > 0]
    return tuple(sorted(chosen, key=lambda coding: -ranked[coding])) or (IDENTITY,)


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def _tagged(validators: Validators, coding: str) -> Validators:
    if coding == IDENTITY:
        return validators
    return Validators(f'{validators.etag[:-1]}-{coding}"', validators.modified, validators.placed)


def _of_coding(coding: str, length: int) -> dict[str, str]:
    headers = {"Content-Length": str(length)}
    return headers if coding == IDENTITY else headers | {"Content-Encoding": coding}


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
