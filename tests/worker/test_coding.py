from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.coding import BR, CODINGS, GZIP, decodes_to, encode

TEXT = "芦山县把科普课开进茶园。".encode() * 200


@pytest.mark.parametrize("coding", CODINGS)
def test_it_is_smaller_the_same_every_time_and_says_the_same(coding: str) -> None:
    coded = encode(coding, TEXT)
    assert len(coded) < len(TEXT) / 10
    assert coded == encode(coding, TEXT)
    assert decodes_to(coding, coded, TEXT)


def test_any_decoder_reads_it() -> None:
    assert gzip.decompress(encode(GZIP, TEXT)) == TEXT
    assert brotli.decompress(encode(BR, TEXT)) == TEXT


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=3000), other=st.binary(max_size=3000))
def test_nothing_else_passes_for_it(coding: str, body: bytes, other: bytes) -> None:
    coded = encode(coding, body)
    assert decodes_to(coding, coded, body)
    assert decodes_to(coding, coded, other) is (body == other)
    assert decodes_to(coding, other, body) is (other == coded)
    assert not decodes_to(coding, coded[:-1], body)
    assert not decodes_to(coding, coded + b"\0", body)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    assert not decodes_to(coding, encode(coding, bytes(50_000_000)), TEXT)
    assert not decodes_to(coding, encode(coding, TEXT + b"more"), TEXT)
