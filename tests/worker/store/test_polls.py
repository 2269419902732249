"""A poll from its first page to its end, healed wherever it stopped."""

from __future__ import annotations

from bulletins.errors import FetchError
from bulletins.model import Lead, PageKind, PageNo, PollStatus, Verdict
from tests.worker.store import story
from tests.worker.store.story import HOUR, MINUTE, NOW
from worker.polls import Counts, PageState
from worker.store import SqlStore

A, B, C = "http://paper.test/a", "http://paper.test/b", "http://paper.test/c"


def test_opening_again_gives_the_same_row_and_a_new_lease(store: SqlStore) -> None:
    poll = story.begin(store)
    again = store.open_poll(poll, "paper", NOW + HOUR, NOW + 3 * HOUR)
    assert again == store.poll(poll)
    assert again.started == NOW
    assert store.stuck(NOW + 2 * HOUR) == []
    assert [row.id for row in store.stuck(NOW + 3 * HOUR)] == [poll]


def test_a_poll_that_is_over_stays_over(store: SqlStore) -> None:
    poll = story.begin(store)
    story.finish(store, poll)
    assert store.open_poll(poll, "paper", NOW, NOW + HOUR).state == "done"
    store.ask(poll, [story.follow(A)])
    store.start_fetching(poll)
    store.renew(poll, NOW + HOUR)
    store.heal(poll, NOW + HOUR)
    assert not store.claim_ingest(poll, NOW + 9 * HOUR, NOW + 10 * HOUR)
    row = store.poll(poll)
    assert row is not None
    assert (row.state, row.heals) == ("done", 0)
    assert store.pages(poll) == []
    assert store.stuck(NOW + 9 * HOUR) == []
    with store.ingest(poll) as txn:
        assert txn is None


def test_an_unknown_poll_is_nothing(store: SqlStore) -> None:
    store.ask("none", [story.follow(A)])
    store.renew("none", NOW)
    assert store.poll("none") is None
    assert store.page("none", 0) is None
    assert not store.claim_ingest("none", NOW, NOW + HOUR)
    with store.ingest("none") as txn:
        assert txn is None


def test_pages_are_numbered_in_the_order_asked_and_none_twice(store: SqlStore) -> None:
    poll = story.begin(store)
    lead = Lead(page=PageNo("3", "综合"), title="题", position=2)
    asked = [story.follow(A, PageKind.EDITION), story.follow(B), story.follow(A), story.follow(B)]
    store.ask(poll, asked)
    store.ask(poll, [story.follow(B), story.follow(C)])
    pages = store.pages(poll)
    assert [(page.n, page.follow.url, page.state) for page in pages] == [
        (0, A, "pending"),
        (1, B, "pending"),
        (2, C, "pending"),
    ]
    assert pages[0].follow.kind == PageKind.EDITION
    more = story.follow("http://paper.test/d")
    store.ask(poll, [type(more)(more.url, more.kind, lead)])
    page = store.page(poll, 3)
    assert page is not None
    assert page.follow.lead == lead


def test_an_outcome_is_recorded_once(store: SqlStore) -> None:
    poll = story.begin(store)
    store.ask(poll, [story.follow(A), story.follow(B)])
    store.record(poll, 0, PageState.FETCHED, story.validators("a"))
    store.record(poll, 0, PageState.FAILED, fault=FetchError("late"))
    store.record(poll, 1, PageState.FAILED, fault=FetchError("HTTP 503", status=503, retry_after=60.5))
    first, second = store.pages(poll)
    assert (first.state, first.validators, first.error) == ("fetched", story.validators("a"), "")
    assert (second.state, second.validators, second.error) == ("failed", None, "HTTP 503")
    assert (second.http_status, second.retry_after) == (503, 60.5)


def test_pages_that_are_pending_can_be_given_up(store: SqlStore) -> None:
    poll = story.begin(store)
    store.ask(poll, [story.follow(A), story.follow(B)])
    store.record(poll, 0, PageState.UNCHANGED, story.validators("a"))
    store.fail_pending(poll, "too late")
    assert [(page.state, page.error) for page in store.pages(poll)] == [
        ("unchanged", ""),
        ("failed", "too late"),
    ]


def test_the_ingest_is_claimed_once_all_pages_are_there(store: SqlStore) -> None:
    poll = story.begin(store)
    store.ask(poll, [story.follow(A)])
    until = NOW + HOUR
    assert not store.claim_ingest(poll, NOW, until)  # still listing
    store.start_fetching(poll)
    assert not store.claim_ingest(poll, NOW, until)  # a page is pending
    assert store.stuck(NOW) == []
    story.answer(store, poll)
    assert [row.state for row in store.stuck(NOW)] == ["fetching"]  # whole, and nobody ingests it
    assert store.claim_ingest(poll, NOW, until)
    assert not store.claim_ingest(poll, NOW, until)
    assert store.stuck(NOW) == []
    assert [row.state for row in store.stuck(until)] == ["ingesting"]
    assert store.claim_ingest(poll, until, until + HOUR)
    assert not store.claim_ingest(poll, until, until + HOUR)


def test_renewing_and_healing_move_the_lease(store: SqlStore) -> None:
    poll = story.begin(store)
    store.renew(poll, NOW + 2 * HOUR)
    assert store.stuck(NOW + 2 * HOUR - MINUTE) == []
    [row] = store.stuck(NOW + 2 * HOUR)
    assert row.heals == 0
    store.heal(poll, NOW + 3 * HOUR)
    assert store.stuck(NOW + 2 * HOUR) == []
    [row] = store.stuck(NOW + 3 * HOUR)
    assert row.heals == 1


def test_an_ended_poll_says_what_it_brought(store: SqlStore) -> None:
    poll = story.begin(store)
    store.ask(poll, [story.follow(A), story.follow(B)])
    counts = Counts(new=4, corrected=3, withdrawn=2, rejected=1)
    end = NOW + MINUTE
    with store.ingest(poll) as txn:
        assert txn is not None
        verdict = Verdict(PollStatus.LAYOUT_CHANGED, "no lists", "look")
        txn.finish(verdict, counts, end, end + HOUR, keep_validators=False, recheck=())
    row = store.poll(poll)
    assert row is not None
    assert (row.state, row.status, row.reason) == ("done", PollStatus.LAYOUT_CHANGED, "no lists")
    assert (row.pages, row.new, row.corrected, row.withdrawn, row.rejected) == (2, 4, 3, 2, 1)
    assert (row.started, row.seconds) == (NOW, 60.0)


def test_the_newest_fifty_polls_of_each_source_are_kept(store: SqlStore) -> None:
    polls = []
    story.finish(store, story.begin(store, "other"))
    for n in range(53):
        now = NOW + n * HOUR
        polls.append(story.begin(store, now=now))
        store.ask(polls[-1], [story.follow(A)])
        story.finish(store, polls[-1], now=now, keep=False)
    kept = [poll for poll in polls if store.poll(poll) is not None]
    assert kept == polls[-50:]
    assert [poll for poll in polls if store.pages(poll)] == kept
