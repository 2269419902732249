"""What readings lack in a row, and when an item is gone."""

from __future__ import annotations

from bulletins.absences import TIMES, count, plausible, unlisted
from bulletins.model import Absence, WithdrawnBy

ADDRESS, LIST = WithdrawnBy.ADDRESS, WithdrawnBy.LIST


def test_it_is_gone_once_enough_readings_in_a_row_lack_it() -> None:
    before: tuple[Absence, ...] = ()
    for n in range(1, TIMES):
        before, gone = count(before, {"a": (LIST, "not listed")}, ())
        assert (before, gone) == ((Absence("a", LIST, "not listed", n),), ())
    before, gone = count(before, {"a": (ADDRESS, "HTTP 404")}, ())
    assert (before, gone) == ((), (Absence("a", ADDRESS, "HTTP 404", TIMES),))


def test_what_was_read_begins_anew() -> None:
    before = (Absence("a", LIST, "not listed", TIMES - 1),)
    assert count(before, {"a": (LIST, "not listed")}, {"a"}) == ((), ())


def test_a_list_that_was_not_read_says_nothing_and_an_address_is_asked_again() -> None:
    listed, address = Absence("a", LIST, "not listed", 2), Absence("b", ADDRESS, "HTTP 410", 2)
    assert count((listed, address), {}, ()) == ((address,), ())
    assert count((listed, address), {}, {"b"}) == ((), ())


def test_so_much_at_once_is_no_decision() -> None:
    assert plausible(2, 2)
    assert plausible(20, 40)
    assert not plausible(21, 40)
    whole = [(f"tag:{n}", f"http://paper.test/{n}.html") for n in range(30)]
    assert unlisted(whole, {f"{n}.html" for n in range(29)}) == ["tag:29"]
    assert unlisted(whole, {"0.html"}) == []
