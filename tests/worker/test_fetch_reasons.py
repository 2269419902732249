from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.fetch.reasons import LONGEST_PAUSE, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("99999999999999999999999999", LONGEST_PAUSE),
        ("Fri, 02 Aug 2024 00:00:00 GMT", 0),  # over already
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("soon", None),
        ("Fri, 99 Aug 2024 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_a_date_counts_from_now() -> None:
    seconds = retry_after(formatdate(time.time() + 600, usegmt=True))
    assert seconds is not None
    assert 0 < seconds <= 600


@given(st.text())
def test_any_text_gives_a_bounded_pause_or_none(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or 0 <= seconds <= LONGEST_PAUSE
