"""A reading and what could not be fetched -> publish, or hold back and say why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bulletins.contract import Failure, judge, storm
from bulletins.model import (
    Block,
    BlockKind,
    Evidence,
    Item,
    PageKind,
    PageNo,
    PollStatus,
    Precision,
    Problem,
    Reading,
    Rejection,
    Verdict,
)

NOW = datetime(2026, 1, 2, 1, 30, tzinfo=UTC)
ENTRY = "http://kepu.example/"


def item(n: int, published: datetime = NOW) -> Item:
    return Item(
        id=f"tag:localhost,2026:kepu/{n}",
        source="kepu",
        title=f"第{n}只书箱",
        link=f"{ENTRY}{n}",
        published=published,
        precision=Precision.DAY,
        first_seen=NOW,
        updated=NOW,
        blocks=(Block(BlockKind.PARAGRAPH, "书箱启程。"),),
    )


def rejection(n: int, reason: str = "no body") -> Rejection:
    return Rejection(reason, f"第{n}只书箱", f"{ENTRY}r{n}")


def problem(url: str, status: PollStatus = PollStatus.LAYOUT_CHANGED) -> Problem:
    return Problem(status, "no known layout has the article's text here", url)


def failed(status: int | None, *, entry: bool = False, n: int = 0) -> Failure:
    kind = PageKind.EDITION if entry else PageKind.ARTICLE
    return Failure(ENTRY if entry else f"{ENTRY}f{n}", kind, f"HTTP {status}", status, entry=entry)


GOOD = tuple(item(n) for n in range(4))


def held_back(verdict: Verdict) -> bool:
    """Whether nothing is published and a person is told why, where and what to do."""
    assert verdict.publish or (verdict.reason and verdict.action)
    return not verdict.publish


@pytest.mark.parametrize("status", [401, 403, 405, 406, 412, 418, 429, 451, 521, 567])
def test_an_entry_that_refuses_is_blocked(status: int) -> None:
    verdict = judge(Reading(), [failed(status, entry=True)], NOW)
    assert verdict.status == PollStatus.BLOCKED
    assert held_back(verdict)
    assert ENTRY in verdict.reason
    assert "browser" in verdict.action


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503, None])
def test_an_entry_that_fails_is_unreachable(status: int | None) -> None:
    verdict = judge(Reading(), [failed(status, entry=True)], NOW)
    assert verdict.status == PollStatus.UNREACHABLE
    assert held_back(verdict)
    assert ENTRY in verdict.reason
    assert "config.toml" in verdict.action


def test_the_entry_decides_before_everything_else() -> None:
    reading = Reading(items=GOOD, problems=(problem(ENTRY, PollStatus.BLOCKED),))
    assert judge(reading, [failed(500, entry=True)], NOW).status == PollStatus.UNREACHABLE


@pytest.mark.parametrize("status", [PollStatus.LAYOUT_CHANGED, PollStatus.BLOCKED])
def test_one_list_that_is_gone_holds_everything_back(status: PollStatus) -> None:
    verdict = judge(Reading(items=GOOD, problems=(problem(f"{ENTRY}page2", status),)), [], NOW)
    assert verdict.status == status
    assert held_back(verdict)
    assert f"{ENTRY}page2" in verdict.reason
    assert f"{ENTRY}page2" in verdict.action


def test_a_refused_page_is_named_before_a_changed_one() -> None:
    problems = (problem(f"{ENTRY}1"), problem(f"{ENTRY}2", PollStatus.BLOCKED))
    assert judge(Reading(problems=problems), [], NOW).status == PollStatus.BLOCKED


@pytest.mark.parametrize(
    ("good", "gone", "status"),
    [
        (3, 1, PollStatus.OK),
        (2, 2, PollStatus.OK),  # half of them: told in the reason, no ground to hold the others back
        (1, 2, PollStatus.LAYOUT_CHANGED),
        (0, 1, PollStatus.LAYOUT_CHANGED),
    ],
)
def test_articles_without_their_text_hold_back_when_they_are_most(
    good: int, gone: int, status: PollStatus
) -> None:
    rejections = tuple(rejection(n, "no known layout has the article's text here") for n in range(gone))
    problems = tuple(problem(each.url) for each in rejections)
    verdict = judge(Reading(GOOD[:good], rejections, problems=problems), [], NOW)
    assert verdict.status == status
    assert held_back(verdict) == (status != PollStatus.OK)
    assert verdict.reason


@pytest.mark.parametrize(
    ("published", "status"),
    [
        (NOW, PollStatus.OK),
        (NOW + timedelta(hours=23), PollStatus.OK),  # tomorrow's paper, put out tonight
        (NOW + timedelta(days=2), PollStatus.QUARANTINED),
        (datetime(2099, 1, 1, tzinfo=UTC), PollStatus.QUARANTINED),
        (NOW - timedelta(days=3000), PollStatus.OK),
    ],
)
def test_a_date_that_is_yet_to_come(published: datetime, status: PollStatus) -> None:
    verdict = judge(Reading(items=(*GOOD, item(9, published))), [], NOW)
    assert verdict.status == status
    if held_back(verdict):
        assert published.date().isoformat() in verdict.reason
        assert f"{ENTRY}9" in verdict.action


def test_when_nothing_of_several_could_be_read_a_person_looks() -> None:
    verdict = judge(Reading(rejections=(rejection(1), rejection(2))), [], NOW)
    assert verdict.status == PollStatus.QUARANTINED
    assert held_back(verdict)
    assert "none of 2 articles" in verdict.reason
    assert f"dibao probe {ENTRY}r1" in verdict.action


def test_single_failures_among_good_pages_publish_the_good_ones() -> None:
    failures = [failed(500, n=n) for n in range(1, len(GOOD) + 1)]
    verdict = judge(Reading(items=GOOD), failures, NOW)
    assert (verdict.status, verdict.publish) == (PollStatus.OK, True)
    assert f"left out: {ENTRY}f1: HTTP 500" in verdict.reason
    more = [*failures, failed(404, n=len(GOOD) + 1)]
    verdict = judge(Reading(items=GOOD), more, NOW)
    assert (verdict.status, verdict.publish) == (PollStatus.UNREACHABLE, True)  # most articles
    assert f"HTTP 500 ({ENTRY}f1) and {len(GOOD)} more" in verdict.reason
    verdict = judge(Reading(items=GOOD), [replace(failed(500, n=1), kind=PageKind.PAGE)], NOW)
    assert (verdict.status, verdict.publish) == (PollStatus.UNREACHABLE, True)  # a list


def test_articles_that_are_all_refused_are_a_site_that_refuses() -> None:
    verdict = judge(Reading(lists=1), [failed(403, n=1), failed(403, n=2)], NOW)
    assert verdict.status == PollStatus.BLOCKED
    assert held_back(verdict)


def test_a_quiet_day_and_an_ordinary_one() -> None:
    assert judge(Reading(lists=4), [], NOW).status == PollStatus.QUIET
    assert judge(Reading(items=GOOD), [], NOW) == Verdict(PollStatus.OK)
    for publishing in (Reading(lists=4), Reading(items=GOOD)):
        assert judge(publishing, [], NOW).publish


def test_what_was_left_out_is_told() -> None:
    verdict = judge(Reading(items=GOOD, rejections=(rejection(1), rejection(2))), [], NOW)
    assert verdict == Verdict(PollStatus.OK, "left out: 第1只书箱: no body and 1 more")
    untitled = Rejection("no title", "", f"{ENTRY}r3")
    assert f"{ENTRY}r3: no title" in judge(Reading(items=GOOD, rejections=(untitled,)), [], NOW).reason


@pytest.mark.parametrize(
    ("new", "twins", "held_back"), [(4, 4, False), (5, 5, True), (10, 5, True), (11, 5, False)]
)
def test_many_new_items_that_are_held_already_are_a_storm(new: int, twins: int, held_back: bool) -> None:
    said = storm(new, twins)
    assert (said is not None) == held_back
    if said:
        assert f"{twins} of {new}" in said


def misprinted(n: int, page: str, text: str = "2024-02-30") -> Item:
    doubt = "dated 2024-02-30, which no calendar has" if text else "no date is printed"
    return replace(item(n), page=PageNo(page), evidence=(Evidence("published", "first seen", text, doubt),))


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([misprinted(1, "1")], PollStatus.OK),
        ([misprinted(1, "1"), misprinted(2, "2")], PollStatus.OK),
        ([misprinted(1, "1"), misprinted(2, "1")], PollStatus.QUARANTINED),
        ([misprinted(1, "1", ""), misprinted(2, "1", "")], PollStatus.OK),  # many sites print none
    ],
)
def test_several_dates_of_one_page_that_cannot_be_hold_the_poll_back(
    items: list[Item], status: PollStatus
) -> None:
    verdict = judge(Reading(items=(*GOOD, *items)), [], NOW)
    assert (verdict.status, verdict.publish) == (status, status == PollStatus.OK)
    if status == PollStatus.QUARANTINED:
        assert "2 items of one page are misdated: dated 2024-02-30" in verdict.reason
        assert items[0].link in verdict.action
