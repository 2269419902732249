from __future__ import annotations

import re

from hypothesis import given

from feeds import permalinks
from tests.feeds.making import any_text


@given(any_text, any_text)
def test_every_id_has_a_key_of_its_own_that_any_address_and_any_disk_may_hold(one: str, other: str) -> None:
    assert re.fullmatch("[0-9a-f]{20}", permalinks.key(one))
    assert (permalinks.key(one) == permalinks.key(other)) == (one == other)


def test_the_key_follows_from_the_id_alone() -> None:
    key = permalinks.key("tag:dibao.example,2026:sckjb/b74012a0")
    assert key == "136b4f234d3f1fc881bb"
    assert permalinks.address("tag:dibao.example,2026:sckjb/b74012a0", "http://a.example/dibao") == (
        f"http://a.example/dibao/items/{key}/"
    )
