"""Conditional requests (RFC 9110, 13): a request's preconditions and a representation in, the status out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from starlette.datastructures import Headers

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')  # RFC 9110, 8.8.3


@dataclass(frozen=True, slots=True)
class Validators:
    """What is known of a representation. `etag` is strong, with its quotes.

    `modified` is the moment that its content bears, which Last-Modified announces once it is past; `placed`
    is when its bytes came to stand where they are. Both are aware, and None for what is made on request.
    """

    etag: str
    modified: datetime | None = None
    placed: datetime | None = None


def strong_etag(body: bytes) -> str:
    """The entity tag of a content: its SHA-256, so that the same bytes have the same tag on every machine."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def evaluate(headers: Headers, now: Validators) -> HTTPStatus:
    """OK, NOT_MODIFIED or PRECONDITION_FAILED for a GET or HEAD, in the order of RFC 9110, 13.2.2."""
    if wanted := headers.getlist("if-match"):
        if not _matches(wanted, now.etag, weak=False):
            return HTTPStatus.PRECONDITION_FAILED
    elif _changed_since(headers, "if-unmodified-since", now) is True:
        return HTTPStatus.PRECONDITION_FAILED
    if held := headers.getlist("if-none-match"):
        return HTTPStatus.NOT_MODIFIED if _matches(held, now.etag, weak=True) else HTTPStatus.OK
    if _changed_since(headers, "if-modified-since", now) is False:
        return HTTPStatus.NOT_MODIFIED
    return HTTPStatus.OK


def _matches(values: Sequence[str], etag: str, *, weak: bool) -> bool:
    """Whether a list of entity tags holds this one; the weak comparison overlooks `W/` (8.8.3.2)."""
    line = ",".join(values)
    if line.strip() == "*":
        return True
    return any(tag == etag and (weak or not mark) for mark, tag in _TAG.findall(line))


def _changed_since(headers: Headers, name: str, now: Validators) -> bool | None:
    """Whether the representation changed after a header's date, by HTTP's whole seconds; None where the
    header is absent, repeated or no date, which is to be ignored (13.1.3, 13.1.4).

    Files that somebody else put there may bear an older date than before. Hence the announced date counts
    only when it is the very one, and a later one against the time of placing. One that is to come, as of a
    second change within a second, was announced as a moment past, which other bytes bore too: that is no
    date of this representation.
    """
    values = headers.getlist(name)
    if now.modified is None or now.placed is None or len(values) != 1:
        return None
    try:
        since = parsedate_to_datetime(values[0])
    except ValueError:
        return None
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)  # the obsolete forms (5.6.7) name no zone and mean GMT
    modified, placed = (at.replace(microsecond=0) for at in (now.modified, now.placed))
    return modified != since and max(modified, placed) > since
