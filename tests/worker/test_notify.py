"""Hubs and webhooks over real loopback receivers: once, in order, signed, whatever fails in between."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.feeds.schemas import check
from tests.support.flow import START, Crash, House, after_each, house
from tests.support.newspaper import MINGSHAN, WENCHUAN, Newspaper
from tests.support.site import Answer, Asked, Site
from worker.flow import dispatch, notify, publish
from worker.flow.notify import LEASE, LONGEST_WAIT, MOST_DAYS, MOST_FAILURES, MOST_TRIES, wait_after
from worker.notices import Hook, HookState
from worker.store import SqlStore, open_store

SECRET = "an open secret of the tests"
HOUR = timedelta(hours=1)
DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
OK: Answer = (200, {}, b"")
DOWN: Answer = (500, {}, b"")


class Receiver:
    """A server of somebody else: what it answers can be changed; what came is kept."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.answer: Answer = OK
        self.look: Callable[[Asked], Answer | None] = lambda asked: None
        site.routes["/in"] = lambda asked: self.look(asked) or self.answer

    @property
    def url(self) -> str:
        return f"{self.site.url}/in"

    @property
    def asked(self) -> list[Asked]:
        return self.site.requests

    def topics(self) -> list[str]:
        """Of a hub: the paths of the documents that it was told of."""
        told = []
        for asked in self.asked:
            form = parse_qs(asked.body.decode(), strict_parsing=True)
            assert asked.method == "POST"
            assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
            assert form["hub.mode"] == ["publish"]
            (topic,) = form["hub.url"]
            told.append(topic.removeprefix("http://feeds.test/"))
        return told

    def batches(self) -> list[Any]:
        return [json.loads(asked.body) for asked in self.asked]

    def seqs(self) -> list[list[int]]:
        return [[event["seq"] for event in batch["events"]] for batch in self.batches()]

    def keys(self) -> list[str]:
        return [asked.headers["idempotency-key"] for asked in self.asked]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Site() as site:
        yield Receiver(site)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def paper(site: Site) -> Newspaper:
    printed = Newspaper(stories={"mingshan": MINGSHAN, "wenchuan": WENCHUAN})
    printed.print_on(site)
    return printed


DESK = Hook("desk", "http://desk.test/", SECRET.encode(), said="as it was")


def hook(receiver: Receiver, **said: Any) -> Hook:
    return replace(DESK, url=receiver.url, **said)


@pytest.fixture
def hub_house(
    store: SqlStore, site: Site, paper: Newspaper, receiver: Receiver, tmp_path: Path
) -> Iterator[House]:
    """The hub has been told of the feeds that stand empty before the first item."""
    with house(store, site, tmp_path, receivers=[receiver.site], hubs=[receiver.url]) as made:
        publish.publish_and_tell(made.ports)
        made.work()
        receiver.asked.clear()
        made.lines.events.clear()
        yield made


@pytest.fixture
def hook_house(
    store: SqlStore, site: Site, paper: Newspaper, receiver: Receiver, tmp_path: Path
) -> Iterator[House]:
    with house(store, site, tmp_path, receivers=[receiver.site], hooks=[hook(receiver)]) as made:
        yield made


def feeds_of(house: House) -> list[str]:
    """What has news to be told of: archives are read, not followed, and every item here is recognised."""
    left = ("/archive/", "/unclassified.")
    return sorted(
        path for path in house.files() if path.startswith("feeds/") and not any(each in path for each in left)
    )


def correct(paper: Newspaper, site: Site, words: str) -> None:
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected(f"名山区科协 {words}")
    paper.print_on(site)


def state(house: House) -> HookState:
    (found,) = house.store.notices.hooks()
    return found


# ---- hubs ----


def test_a_hub_is_pinged_once_for_each_document_whose_bytes_are_public(
    hub_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    unpublished: list[str] = []

    def look(asked: Asked) -> Answer | None:
        path = parse_qs(asked.body.decode())["hub.url"][0].removeprefix("http://feeds.test/")
        if receiver.url not in (hub_house.public / path).read_text("utf-8"):
            unpublished.append(path)
        return None

    receiver.look = look
    hub_house.tick()
    assert sorted(receiver.topics()) == feeds_of(hub_house)
    assert unpublished == []
    receiver.asked.clear()
    hub_house.tick()
    assert receiver.asked == []
    before = hub_house.files()
    correct(paper, site, "再开新课")
    hub_house.tick()
    changed = [path for path in feeds_of(hub_house) if hub_house.files()[path] != before[path]]
    assert sorted(receiver.topics()) == changed
    assert 0 < len(changed) < len(feeds_of(hub_house))
    assert len(hub_house.lines.of("hub.pinged")) == 2


def test_messages_that_come_twice_ping_once(hub_house: House, receiver: Receiver) -> None:
    hub_house.messages.twice = True
    hub_house.tick()
    assert sorted(receiver.topics()) == feeds_of(hub_house)


def test_a_hub_that_fails_delays_nothing_and_is_told_later(
    hub_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    receiver.answer = DOWN
    hub_house.tick()
    assert len(receiver.asked) == 1  # one failure ends the round: the others would fail alike
    assert feeds_of(hub_house)
    assert hub_house.store.marks(1) == []
    (line,) = hub_house.lines.of("hub.failed")
    assert (line["level"], line["reason"], line["tries"]) == ("warning", "HTTP 500", 1)
    hub_house.tick(timedelta(seconds=1))
    assert len(receiver.asked) == 1
    correct(paper, site, "再开新课")
    hub_house.tick()
    receiver.answer = OK
    receiver.asked.clear()
    hub_house.tick(HOUR)
    assert sorted(receiver.topics()) == feeds_of(hub_house)  # once each, although some changed twice
    assert hub_house.store.notices.pings_waiting() == {}


def test_pings_are_given_up_after_so_many_tries_and_new_ones_begin_anew(
    hub_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    receiver.answer = DOWN
    for _ in range(MOST_TRIES + 3):
        hub_house.tick(timedelta(seconds=LONGEST_WAIT * 1.5))
    assert len(receiver.asked) == MOST_TRIES
    (line,) = hub_house.lines.of("hub.given_up")
    assert line["level"] == "error"
    assert line["feeds"] == len(feeds_of(hub_house))
    assert line["reason"]
    assert "websub_hubs" in line["action"]
    (incident,) = hub_house.store.open_incidents("hub")
    assert (incident.subject.name, incident.cause.kind) == (receiver.url, "given_up")
    assert (incident.cause.reason, incident.cause.action) == (line["reason"], line["action"])
    receiver.answer = OK
    receiver.asked.clear()
    correct(paper, site, "再开新课")
    hub_house.tick()
    assert "feeds/all.atom" in receiver.topics()
    assert hub_house.store.open_incidents("hub") == []


def test_a_refused_ping_is_given_up_at_once_and_the_others_are_not(
    hub_house: House, receiver: Receiver
) -> None:
    receiver.look = lambda asked: (404, {}, b"") if b"feeds%2Fall.rss" in asked.body else None
    hub_house.tick()
    assert sorted(receiver.topics()) == feeds_of(hub_house)
    (line,) = hub_house.lines.of("hub.refused")
    assert (line["path"], line["reason"]) == ("feeds/all.rss", "HTTP 404")
    assert hub_house.store.notices.pings_waiting() == {}


def test_a_hub_that_asks_for_patience_gets_it(hub_house: House, receiver: Receiver) -> None:
    receiver.answer = (503, {"Retry-After": "7200"}, b"")
    hub_house.tick()
    receiver.answer = OK
    hub_house.tick(timedelta(seconds=7000))
    assert len(receiver.asked) == 1
    hub_house.tick(timedelta(seconds=300))
    assert len(receiver.asked) == 1 + len(feeds_of(hub_house))


def test_a_removed_hub_leaves_nothing(hub_house: House, receiver: Receiver) -> None:
    receiver.answer = DOWN
    hub_house.tick()
    notices = hub_house.store.notices
    assert notices.pings_waiting() == {receiver.url: len(feeds_of(hub_house))}
    notices.sync([], ["rss", "atom", "json"], [], START)
    assert notices.pings_waiting() == {}
    # And one that comes back is told of everything: nobody knows what it has missed.
    assert notices.announce({"feeds/all.rss": "1"}, ["http://hub.test/"], START) == 1


def test_a_dropped_format_is_announced_no_longer(hub_house: House, receiver: Receiver) -> None:
    receiver.answer = DOWN
    hub_house.tick()
    (hub_house.public / "feeds/all.rss").unlink()
    receiver.answer = OK
    receiver.asked.clear()
    hub_house.tick(HOUR)
    assert "feeds/all.rss" not in receiver.topics()
    assert hub_house.store.notices.pings_waiting() == {}


# ---- webhooks ----


def test_a_webhook_is_told_every_change_in_order(
    hook_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    hook_house.tick()
    correct(paper, site, "再开新课")
    hook_house.tick()
    first, second = receiver.batches()
    assert [event["kind"] for event in first["events"]] == ["new", "new"]
    assert receiver.seqs() == [[1, 2], [3]]
    assert (first["next"], first["more"], second["next"]) == (2, False, 3)
    (event,) = second["events"]
    assert event["kind"] == "corrected"
    assert event["item"]["title"] == "名山区科协 再开新课"
    check("changes", second)
    assert event["id"] == event["item"]["id"]
    assert state(hook_house).behind == 0
    asked = len(receiver.asked)
    hook_house.tick()
    assert len(receiver.asked) == asked
    assert [line["events"] for line in hook_house.lines.of("webhook.delivered")] == [2, 1]


def test_a_signature_is_verified_as_the_documentation_says(
    hook_house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook_house.tick()
    (asked,) = receiver.asked
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    documented: dict[str, Any] = {}
    exec(code, documented)  # noqa: S102  (our own documentation)
    monkeypatch.setattr("time.time", lambda: hook_house.clock.now().timestamp() + 10)
    assert documented["verify"](SECRET, asked.headers, asked.body)
    assert not documented["verify"]("another secret", asked.headers, asked.body)
    assert not documented["verify"](SECRET, asked.headers, asked.body + b" ")
    moved = {**asked.headers, "dibao-timestamp": str(int(asked.headers["dibao-timestamp"]) + 1)}
    assert not documented["verify"](SECRET, moved, asked.body)
    assert not documented["verify"](SECRET, {}, asked.body)
    monkeypatch.setattr("time.time", lambda: hook_house.clock.now().timestamp() + 301)
    assert not documented["verify"](SECRET, asked.headers, asked.body)


def test_the_signature_is_hmac_sha256_as_rfc_2104_defines_it(hook_house: House, receiver: Receiver) -> None:
    hook_house.tick()
    (asked,) = receiver.asked
    secret = SECRET.encode().ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in secret) for pad in (0x36, 0x5C))
    text = asked.headers["dibao-timestamp"].encode() + b"." + asked.body
    digest = hashlib.sha256(outer + hashlib.sha256(inner + text).digest()).hexdigest()
    assert asked.headers["dibao-signature"] == f"sha256={digest}"
    assert asked.headers["dibao-timestamp"] == str(int(hook_house.clock.now().timestamp()))


def test_every_try_of_a_batch_has_its_key_and_its_events(
    hook_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    receiver.answer = DOWN
    hook_house.tick()
    correct(paper, site, "再开新课")
    hook_house.tick(HOUR)
    hook_house.tick(HOUR)
    assert receiver.seqs() == [[1, 2]] * 3
    assert len(set(receiver.keys())) == 1
    (failed, *_) = hook_house.lines.of("webhook.failed")
    assert (failed["webhook"], failed["reason"], failed["failures"]) == ("desk", "HTTP 500", 1)
    receiver.answer = OK
    hook_house.tick(HOUR * 2)
    assert receiver.seqs()[3:] == [[1, 2], [3]]
    assert receiver.keys()[3] == receiver.keys()[0] != receiver.keys()[4]
    assert (state(hook_house).failures, state(hook_house).reason) == (0, "")


def test_a_failing_webhook_is_disabled_in_the_end_and_gets_everything_when_it_is_back(
    hook_house: House, receiver: Receiver, site: Site, paper: Newspaper
) -> None:
    receiver.answer = DOWN
    hook_house.tick()
    for _ in range(MOST_FAILURES + 5):
        hook_house.tick(timedelta(seconds=LONGEST_WAIT * 1.5))
    assert state(hook_house).failures > MOST_FAILURES
    assert state(hook_house).disabled_at is None  # so often, but not so long
    hook_house.tick(MOST_DAYS)
    assert state(hook_house).disabled_at == hook_house.clock.now()
    (line,) = hook_house.lines.of("incident.opened")
    assert (line["webhook"], line["status"]) == ("desk", "disabled")
    assert "HTTP 500" in line["reason"]
    assert "dibao webhooks enable desk" in line["action"]
    asked = len(receiver.asked)
    receiver.answer = OK
    for words in ("一", "二", "三"):
        correct(paper, site, words)
        hook_house.tick(timedelta(days=10))
    assert len(receiver.asked) == asked
    before = hook_house.store.notices.enable("desk", hook_house.clock.now(), None)
    assert before is not None
    assert before.disabled_at is not None
    hook_house.tick()
    seqs = [seq for batch in receiver.seqs()[asked:] for seq in batch]
    assert seqs == [1, 2, 3, 4, 5]


def test_a_receiver_that_is_gone_is_disabled_at_once(hook_house: House, receiver: Receiver) -> None:
    receiver.answer = (410, {}, b"")
    hook_house.tick()
    assert state(hook_house).disabled_at is not None
    assert len(hook_house.lines.of("incident.opened")) == 1
    hook_house.tick()
    assert len(receiver.asked) == 1


def test_a_redirect_is_not_followed(hook_house: House, receiver: Receiver) -> None:
    receiver.answer = (307, {"Location": f"{receiver.site.url}/elsewhere"}, b"")
    hook_house.tick()
    assert receiver.site.paths == ["/in"]
    assert "redirect" in state(hook_house).reason


def test_a_webhook_can_be_told_again_from_the_beginning(hook_house: House, receiver: Receiver) -> None:
    hook_house.tick()
    hook_house.store.notices.enable("desk", hook_house.clock.now(), 0)
    hook_house.tick()
    assert receiver.seqs() == [[1, 2], [1, 2]]
    assert len(set(receiver.keys())) == 2  # no repetition: the receiver shall not drop it
    assert hook_house.store.notices.enable("nobody", START, None) is None


def test_large_batches_are_divided(
    hook_house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "BYTES", 10)
    hook_house.tick()
    assert receiver.seqs() == [[1], [2]]
    assert [batch["more"] for batch in receiver.batches()] == [True, False]


def test_long_histories_are_divided(
    hook_house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "EVENTS", 1)
    hook_house.tick()
    assert receiver.seqs() == [[1], [2]]


def test_one_slow_or_broken_receiver_keeps_no_other_waiting(
    store: SqlStore, site: Site, paper: Newspaper, receiver: Receiver, tmp_path: Path
) -> None:
    with Site() as other:
        second = Receiver(other)
        receiver.answer = DOWN
        hooks = [hook(receiver), hook(second, id="other")]
        sites = [receiver.site, other]
        with house(store, site, tmp_path, receivers=sites, hubs=[receiver.url], hooks=hooks) as made:
            made.tick()
            assert second.seqs() == [[1, 2]]
            assert feeds_of(made)


def test_the_ticks_heal_what_was_lost_with_the_queue(hook_house: House, receiver: Receiver) -> None:
    hook_house.clock.at += HOUR
    dispatch.dispatch(hook_house.ports)
    while [task for task, _ in hook_house.messages.waiting] != ["notify"]:
        hook_house.work_one()
    assert receiver.asked == []
    assert feeds_of(hook_house)  # published before anybody was told
    hook_house.messages.waiting.clear()
    hook_house.tick(timedelta(seconds=2))
    assert receiver.seqs() == [[1, 2]]


def test_whoever_dies_while_telling_is_replaced(hook_house: House, receiver: Receiver) -> None:
    now = hook_house.clock.now()
    notices = hook_house.store.notices
    assert notices.lease(now, now + LEASE) is not None
    assert notices.lease(now, now + LEASE) is None
    assert notices.leased(now)
    hook_house.tick(timedelta(seconds=30))
    assert receiver.asked == []
    hook_house.tick(timedelta(seconds=31))
    assert receiver.seqs() == [[1, 2]]
    assert not notices.leased(hook_house.clock.now())


@pytest.fixture
def unpublished(site: Site, sqlite_template: Path, tmp_path: Path) -> Path:
    """A database with one item that nobody has been told of yet, and that is not published."""
    Newspaper(stories={"mingshan": MINGSHAN}).print_on(site)
    path = tmp_path / "template.db"
    shutil.copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    with house(store, site, tmp_path / "template", hooks=[DESK]) as made:
        made.clock.at += HOUR
        dispatch.dispatch(made.ports)
        while [task for task, _ in made.messages.waiting] != ["publish"]:
            made.work_one()
    store.dispose()
    return path


def _told(template: Path, site: Site, folder: Path, dies_at: int | None) -> int:
    """Publish and tell, in a process that dies at a step and is healed by ticks; the steps that it took."""
    folder.mkdir()
    shutil.copyfile(template, folder / "dibao.db")
    store = open_store(f"sqlite:///{folder / 'dibao.db'}")
    with Site() as ours, Site() as theirs:
        hub, desk = Receiver(ours), Receiver(theirs)
        hooks = [replace(DESK, url=desk.url)]
        told = {"receivers": [ours, theirs], "hubs": [hub.url], "hooks": hooks, "formats": ("atom",)}
        with house(store, site, folder, **told) as made:  # type: ignore[arg-type]  # each is what its name asks
            made.steps.dies_at = dies_at
            if dies_at is None:
                made.tick(HOUR)
            else:
                with pytest.raises(Crash):
                    made.tick(HOUR)
                made.messages.waiting.clear()  # the worst case: the broker forgot them
                for _ in range(3):
                    made.tick(timedelta(minutes=2))
            steps, twice = made.steps.taken, 0 if dies_at is None else 1
            assert set(hub.topics()) == set(feeds_of(made)), dies_at
            assert len(hub.topics()) <= len(feeds_of(made)) + twice, dies_at
            assert {seq for batch in desk.seqs() for seq in batch} == {1}, dies_at
            assert len(set(desk.keys())) == 1, dies_at
            assert len(desk.keys()) <= 1 + twice, dies_at
            assert store.notices.pings_waiting() == {}, dies_at
    store.dispose()
    return steps


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_a_crash_at_any_step_loses_nothing_and_repeats_under_the_same_key(
    site: Site, unpublished: Path, tmp_path: Path, part: int
) -> None:
    """The process dies after every single call of a port in turn, from the tick that publishes on, and the
    broker forgets its messages: both receivers get everything, and what comes twice has the same key."""
    steps = _told(unpublished, site, tmp_path / "whole", None)
    assert steps > 50
    for dies_at in after_each(steps)[part::2]:
        _told(unpublished, site, tmp_path / str(dies_at), dies_at)


@pytest.mark.parametrize("failures", [1, 2, 5, 9, 10, 50, 10_000])
def test_waits_grow_to_a_bound_and_differ(failures: int) -> None:
    plain = min(10.0 * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    waits = {wait_after(failures) for _ in range(50)}
    assert all(plain * 0.75 <= wait <= plain * 1.25 for wait in waits)
    assert len(waits) > 1
    assert wait_after(failures, 86400.0) == 86400.0
