"""Content negotiation and tags: a request's headers in, the right coding out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.coding import decodes_to, encode
from worker.web.conditions import Validators
from worker.web.resources import Resource, accepted

BODY = "芦山县".encode() * 500
MOMENT = datetime(2026, 3, 6, tzinfo=UTC)
WHOLE = Resource(
    "/feeds/all.atom",
    BODY,
    "application/atom+xml",
    Validators('"tag"', MOMENT, MOMENT),
    {coding: encode(coding, BODY) for coding in ("br", "gzip")},
)


@pytest.mark.parametrize(
    ("line", "codings"),
    [
        ("", ("identity",)),
        ("gzip", ("gzip", "identity")),
        ("x-gzip", ("gzip", "identity")),
        ("gzip, br", ("br", "gzip", "identity")),
        ("GZIP, Br", ("br", "gzip", "identity")),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
        ("gzip;q=0.5, identity", ("identity", "gzip")),
        ("gzip;q=0", ("identity",)),
        ("br;q=0, *", ("gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("*;q=0", ("identity",)),
        ("identity;q=0, gzip", ("gzip",)),
        ("identity;q=0", ("identity",)),
        ("gzip;q=x", ("identity",)),
        ("gzip;q=2", ("identity",)),
        ("gzip;q=nan", ("identity",)),
        ("gzip ; q = 0.3 , deflate, zstd", ("gzip", "identity")),
        (",,;q=1,", ("identity",)),
    ],
)
def test_what_may_be_sent_and_what_first(line: str, codings: tuple[str, ...]) -> None:
    assert accepted(line.encode()) == codings


@given(st.binary(max_size=60))
def test_any_line_gets_an_answer(line: bytes) -> None:
    assert set(accepted(line)) <= {"br", "gzip", "identity"}
    assert accepted(line)


def test_each_coding_has_its_own_tag_and_says_the_same() -> None:
    tags = set()
    for coding in ("br", "gzip"):
        status, raw, body = WHOLE.answer([(b"accept-encoding", coding.encode())])
        headers = dict(raw)
        assert status == 200
        assert headers[b"content-encoding"] == coding.encode()
        assert headers[b"vary"] == b"Accept-Encoding"
        assert int(headers[b"content-length"]) == len(body)
        assert decodes_to(coding, body, BODY)
        tags.add(headers[b"etag"])
        status, raw, body = WHOLE.answer(
            [(b"accept-encoding", coding.encode()), (b"if-none-match", headers[b"etag"])]
        )
        assert (status, body) == (304, b"")
        assert dict(raw)[b"etag"] == headers[b"etag"]
        assert dict(raw)[b"vary"] == b"Accept-Encoding"
        assert b"content-encoding" not in dict(raw)
        # Another coding's tag is another representation's.
        assert WHOLE.answer([(b"if-none-match", headers[b"etag"])])[0] == 200
    status, raw, body = WHOLE.answer([])
    assert (status, body) == (200, BODY)
    assert b"content-encoding" not in dict(raw)
    assert len({dict(raw)[b"etag"], *tags}) == 3


def test_preconditions_are_looked_at_in_their_order() -> None:
    assert WHOLE.answer([(b"if-match", b'"tag"'), (b"if-none-match", b'"tag"')])[0] == 304
    assert WHOLE.answer([(b"if-match", b'"other"'), (b"if-none-match", b'"tag"')]) == (412, [], b"")
    assert WHOLE.answer([(b"if-none-match", b'W/"tag"')])[0] == 304
    assert WHOLE.answer([(b"if-none-match", b'"a"'), (b"if-none-match", b'"tag"')])[0] == 304
    assert WHOLE.answer([(b"if-modified-since", b"Fri, 06 Mar 2026 00:00:00 GMT")])[0] == 304


def test_a_line_given_twice_counts_as_one() -> None:
    asked = [(b"accept-encoding", b"gzip;q=0.5"), (b"accept-encoding", b"br")]
    assert dict(WHOLE.answer(asked)[1])[b"content-encoding"] == b"br"
