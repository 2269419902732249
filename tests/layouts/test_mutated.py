"""Every fixture with its bytes and markup disturbed: no uncaught exception, nothing empty published."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.model import Source
from tests.layouts.test_layouts import CASES, stated
from tests.support.reader import Poll, path_of

_TAG = re.compile(rb"<[^>]{0,300}>")
_ATTRIBUTE = re.compile(rb"""\s[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""")


@cache
def pages_of(number: int) -> dict[str, bytes]:
    case = CASES[number]
    return {path: (case / name).read_bytes() for path, name in stated(case)["pages"].items()}


@st.composite
def mutated(draw: st.DrawFn, body: bytes) -> bytes:
    """A body after a few accidents."""
    for _ in range(draw(st.integers(1, 6))):
        where = draw(st.integers(0, max(len(body) - 1, 0)))
        accident = draw(st.sampled_from(["cut", "noise", "drop", "double", "swap", "attributes", "open"]))
        tags = [match.span() for match in _TAG.finditer(body)]
        if accident == "cut":
            body = body[:where]
        elif accident == "noise":
            body = body[:where] + draw(st.binary(max_size=30)) + body[where:]
        elif accident == "open":
            opened = draw(
                st.sampled_from([b"<html>", b"<table>", b"<div>", b"<!--", b"<script>", b"<p", b"</body>"])
            )
            body = body[:where] + opened * draw(st.integers(1, 40)) + body[where:]
        elif tags:
            start, end = draw(st.sampled_from(tags))
            if accident == "drop":
                body = body[:start] + body[end:]
            elif accident == "double":
                body = body[:end] + body[start:end] + body[end:]
            elif accident == "swap":
                other, last = draw(st.sampled_from(tags))
                first, second = sorted([(start, end), (other, last)])
                if first != second:
                    a, b = body[slice(*first)], body[slice(*second)]
                    body = body[: first[0]] + b + body[first[1] : second[0]] + a + body[second[1] :]
            else:
                body = _shuffled(draw, body, start, end)
    return body


def _shuffled(draw: st.DrawFn, body: bytes, start: int, end: int) -> bytes:
    """The attributes of one tag in those of another."""
    own = list(_ATTRIBUTE.finditer(body, start, end))
    others = list(_ATTRIBUTE.finditer(body))
    if not own or not others:
        return body
    mine, other = draw(st.sampled_from(own)), draw(st.sampled_from(others))
    return body[: mine.start()] + other[0] + body[mine.end() :]


@pytest.mark.slow
@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{case.parent.name}-{case.name}" for case in CASES]
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_disturbed_newspaper_is_read_or_told(number: int, data: st.DataObject) -> None:
    pages = pages_of(number)
    victims = data.draw(st.sets(st.sampled_from(sorted(pages)), min_size=1, max_size=3))
    bodies = {path: data.draw(mutated(body)) if path in victims else body for path, body in pages.items()}
    config = stated(CASES[number])
    source = Source(**config["source"], url=config["entry"])
    poll = Poll(source, config["now"], lambda url: bodies.get(path_of(url)), config.get("content_type"))
    for item in poll.reading.items:
        assert item.title.strip()
        assert item.blocks
        assert any(block.text.strip() for block in item.blocks)
        assert "\ufffd" not in item.title + "".join(item.paragraphs)
    assert poll.reading.items or poll.reading.rejections or poll.verdict.reason or not poll.verdict.publish
    assert len({item.id for item in poll.reading.items}) == len(poll.reading.items)
