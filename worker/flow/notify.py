"""Telling others: what has changed and is public, to hubs as pings and to webhooks as signed batches."""

from __future__ import annotations

import contextvars
import functools
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid5

from bulletins.errors import FetchError
from bulletins.model import Source
from feeds import compose
from feeds.render import api
from feeds.scope import FeedKey
from worker.flow import incidents
from worker.incidents import HUB, WEBHOOK, Cause, Subject
from worker.notices import Hook, HookState, Ping, Stretch
from worker.ports import Ports

AT_ONCE = 8  # receivers told side by side: a slow one keeps no other waiting
BUDGET = 15.0  # seconds of one round; what is left over is told in the next
LEASE = timedelta(seconds=60)  # longer than a round with its last request; what a dead one held is free then
FIRST_WAIT, LONGEST_WAIT = 10.0, 3600.0  # seconds between two tries, doubled from one to the other
MOST_TRIES = 12  # of a ping, over more than three hours
MOST_FAILURES, MOST_DAYS = 20, timedelta(days=3)  # a webhook that has failed so often, so long, is disabled
EVENTS = 100  # of a batch
BYTES = 1_000_000  # of a batch; one event may be larger
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PINGS = 200  # read at a time
_GONE = 410  # the receiver wants no more
_REFUSED = frozenset(range(400, 500)) - {408, 425, 429}  # asking again would be answered alike


def announce(ports: Ports, keys: Iterable[FeedKey]) -> None:
    """Note which documents of these feeds have new public bytes: the hubs are to be told. Comes before their
    marks are cleared, so that after a crash in between it comes again."""
    rules = ports.rules
    if not rules.hubs:
        return
    paths = [f"feeds/{key.path}.{suffix}" for key in keys for suffix in rules.formats]
    versions = {path: version for path in paths if (version := ports.publisher.version(path))}
    ports.notices.announce(versions, rules.hubs, ports.clock.now())


def due(ports: Ports) -> bool:
    """Whether somebody is to be told something now."""
    told = ports.rules.hubs or ports.rules.hooks
    return bool(told) and ports.notices.due(ports.clock.now())


def at_work(ports: Ports) -> bool:
    """Whether a round is under way."""
    return ports.notices.leased(ports.clock.now())


def notify(ports: Ports) -> None:
    """Tell everybody what is due, for as long as a round lasts; what came meanwhile is for the next tick.
    While another does, nothing is done. Safe to repeat: a receiver may hear twice what it heard when the
    teller died, under the same key."""
    now = ports.clock.now()
    token = ports.notices.lease(now, now + LEASE)
    if token is None:
        return
    until = ports.clock.monotonic() + BUDGET

    def more() -> bool:
        return ports.clock.monotonic() < until

    try:
        _side_by_side([*_rounds_of_hubs(ports, more), *_rounds_of_hooks(ports, more)])
    finally:
        ports.notices.release(token)
    if not more() and due(ports):
        ports.queue.send("notify")


def _side_by_side(rounds: list[Callable[[], None]]) -> None:
    """Run all; one that fails does not stop the others, and is told when they are done."""
    if not rounds:
        return
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify") as pool:
        # Each in a copy of the context, so that its log lines carry the run.
        running = [pool.submit(contextvars.copy_context().run, each) for each in rounds]
    for each in running:
        each.result()


def _rounds_of_hubs(ports: Ports, more: Callable[[], bool]) -> list[Callable[[], None]]:
    waiting = ports.notices.pings_waiting()
    return [functools.partial(_ping, ports, hub, more) for hub in ports.rules.hubs if hub in waiting]


def _ping(ports: Ports, hub: str, more: Callable[[], bool]) -> None:
    """Ping a hub for each changed document. The first failure of the hub itself ends its round."""
    begun, told, now = ports.clock.monotonic(), 0, ports.clock.now()
    while more() and (waiting := ports.notices.pings(hub, now, _PINGS)):
        for ping in waiting:
            if not more():
                break
            if not _publishes(ports, ping):
                ports.notices.pinged(ping)
                continue
            try:
                ports.poster.post(hub, _form(ports, ping), _FORM)
            except FetchError as fault:
                if fault.status not in _REFUSED:
                    _put_off(ports, ping, fault)
                    return
                _tell_refusal(ports, ping, fault)
            else:
                told += 1
            ports.notices.pinged(ping)
    if told:
        seconds = round(ports.clock.monotonic() - begun, 3)
        ports.log.info("hub.pinged", hub=hub, feeds=told, seconds=seconds)
        if any(one.subject.name == hub for one in ports.store.open_incidents(HUB)):
            incidents.blame(ports, Subject(HUB, hub), None)


def _publishes(ports: Ports, ping: Ping) -> bool:
    """Whether the document is still published; its format may have been dropped."""
    return bool(ports.publisher.version(ping.path))


def _form(ports: Ports, ping: Ping) -> bytes:
    """A publisher's notice as hubs take it (PubSubHubbub 0.4, 7.1, which WebSub leaves to the two)."""
    return urlencode({"hub.mode": "publish", "hub.url": f"{ports.rules.base_url}/{ping.path}"}).encode()


def _put_off(ports: Ports, ping: Ping, fault: FetchError) -> None:
    wait = wait_after(ping.tries + 1, fault.retry_after)
    now = ports.clock.now()
    lost = ports.notices.put_off(ping.hub, now, now + timedelta(seconds=wait), MOST_TRIES)
    ports.log.warning(
        "hub.failed", hub=ping.hub, reason=fault.what, tries=ping.tries + 1, again_in=round(wait)
    )
    if lost:
        reason = f"failed {MOST_TRIES} times: {fault.what}"
        action = (
            "Its subscribers miss this news until these feeds change again. See that the hub works, or take "
            "it out of [publish] websub_hubs"
        )
        ports.log.error("hub.given_up", hub=ping.hub, feeds=lost, reason=reason, action=action)
        incidents.blame(ports, Subject(HUB, ping.hub), Cause("given_up", reason, action))


def _tell_refusal(ports: Ports, ping: Ping, fault: FetchError) -> None:
    ports.log.error(
        "hub.refused",
        hub=ping.hub,
        path=ping.path,
        reason=fault.what,
        action="See that the hub takes feeds of this base_url, or take it out of [publish] websub_hubs",
    )


def _rounds_of_hooks(ports: Ports, more: Callable[[], bool]) -> list[Callable[[], None]]:
    if not ports.rules.hooks:
        return []
    now = ports.clock.now()
    held = {state.id: state for state in ports.notices.hooks()}
    return [
        functools.partial(_deliver, ports, hook, state, more)
        for hook in ports.rules.hooks
        if hook.enabled and (state := held.get(hook.id)) and _ready(state, now)
    ]


def _ready(state: HookState, now: datetime) -> bool:
    return state.disabled_at is None and state.due <= now and state.behind > 0


def _deliver(ports: Ports, hook: Hook, state: HookState, more: Callable[[], bool]) -> None:
    """Tell a webhook the changes after its cursor, batch by batch, until it fails or has all."""
    begun, told = ports.clock.monotonic(), 0
    sources = compose.credited(ports.rules.sources, ports.store.sources())
    current: HookState | None = state
    while more() and current and current.behind > 0:
        stretch = ports.notices.events(current, hook.keys, EVENTS)
        body, until, count = _batch(current, stretch, sources)
        if count:
            if current.until is None:
                ports.notices.pin(current, until)
            try:
                ports.poster.post(hook.url, body, signed(hook, current, until, body, ports.clock.now()))
            except FetchError as fault:
                _failed(ports, current, fault)
                break
        ports.notices.moved(current, until)
        told += count
        current = next((each for each in ports.notices.hooks() if each.id == hook.id), None)
    if told:
        seconds = round(ports.clock.monotonic() - begun, 3)
        ports.log.info("webhook.delivered", webhook=hook.id, events=told, seconds=seconds)


def _batch(state: HookState, stretch: Stretch, sources: Mapping[str, Source]) -> tuple[bytes, int, int]:
    """The body, the number up to which it tells, and how many events it has. One that is under way keeps its
    end, however large it has become."""
    events: list[bytes] = []
    size, until = 0, stretch.until
    for event in stretch.events:
        said = api.event(event.seq, str(event.kind), event.id, event.at, event.item, sources)
        written = json.dumps(said, ensure_ascii=False).encode()
        if events and state.until is None and size + len(written) > BYTES:
            until = event.seq - 1
            break
        events.append(written)
        size += len(written)
    more = json.dumps(until < stretch.newest)
    body = b'{"events": [%s], "next": %d, "more": %s}' % (b", ".join(events), until, more.encode())
    return body, until, len(events)


def signed(hook: Hook, state: HookState, until: int, body: bytes, now: datetime) -> Mapping[str, str]:
    """The headers of a delivery. The signature is HMAC-SHA256 over `timestamp.body`; the key is the same for
    every try of a batch (draft-ietf-httpapi-idempotency-key-header)."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(hook.secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Dibao-Timestamp": timestamp,
        "Dibao-Signature": f"sha256={digest}",
        "Idempotency-Key": f'"{uuid5(UUID(state.salt), f"{state.cursor}-{until}")}"',
    }


def _failed(ports: Ports, state: HookState, fault: FetchError) -> None:
    now = ports.clock.now()
    failures = state.failures + 1
    wait = wait_after(failures, fault.retry_after)
    long = now - (state.failing_since or now) >= MOST_DAYS
    disable = fault.status == _GONE or (failures >= MOST_FAILURES and long)
    if disable:  # told first: who dies here tries once more, and tells nothing twice
        reason = fault.what if fault.status == _GONE else f"failed {failures} times: {fault.what}"
        action = f"Mend the receiver, then run dibao webhooks enable {state.id}: it gets everything since"
        incidents.blame(ports, Subject(WEBHOOK, state.id), Cause("disabled", reason, action))
    ports.notices.failed(state, now, now + timedelta(seconds=wait), fault.what, disable=disable)
    if not disable:
        ports.log.warning(
            "webhook.failed", webhook=state.id, reason=fault.what, failures=failures, again_in=round(wait)
        )


def wait_after(failures: int, asked: float | None = None) -> float:
    """Seconds until the next try, after so many failures in a row: doubled each time up to an hour, a quarter
    more or less so that receivers do not come together, and never sooner than was asked for."""
    wait = min(FIRST_WAIT * 2.0 ** min(failures - 1, 20), LONGEST_WAIT)
    return max(wait * random.uniform(0.75, 1.25), asked or 0.0)  # noqa: S311  (jitter, no secret)
