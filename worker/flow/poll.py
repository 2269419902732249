"""A poll's lists: fetched and read, and the articles they lead to asked for; and one page fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bulletins import opening
from bulletins.errors import FetchError, TooEarly
from bulletins.model import Context, Follow, Lead, Page, PageKind
from worker.flow import care
from worker.ports import LISTS, PageState, PollPage, PollRow, Ports, Validators

_MOST_LISTS = 200  # pages of an edition; the thickest newspapers have about 100
_MOST_ARTICLES = 2_000
# Seconds that a task waits for a host's turn before it makes room for others and comes back: a newspaper
# that is read politely must not keep every other one waiting.
_PATIENCE = 0.2
# Requests to a host that may be under way together: while a slow one is waited for, others begin, a pause
# apart. A page belongs to the lane of its number.
_LANES = 4


def poll(ports: Ports, source: str, poll: str) -> None:
    """Read the lists of a source and ask for every article on them. Safe to repeat at any point."""
    configured = ports.rules.sources.get(source)
    if configured is None:  # taken out of the configuration since the message was sent
        return
    now = ports.clock.now()
    row = ports.store.open_poll(poll, source, now, now + ports.rules.lease)
    if row.state != "listing":
        return
    ports.store.ask(poll, [Follow(configured.url, PageKind.EDITION, Lead())])
    try:
        articles = _walk_lists(ports, source, row)
    except TooEarly as early:
        _later(ports, poll, "poll", early.seconds, source=source)
        return
    ports.store.ask(poll, articles[:_MOST_ARTICLES])
    if articles:
        ports.store.ask(poll, ports.store.due_rechecks(source, now), recheck=True)
    ports.store.start_fetching(poll)
    send_fetches(ports, source, poll)
    _maybe_ingest(ports, poll)


def fetch(ports: Ports, poll: str, n: int) -> None:
    """Fetch one page of a poll; then the next of its lane, where a host wants a pause between two requests;
    after the last one, have the poll ingested."""
    begun = ports.clock.monotonic()
    row = ports.store.poll(poll)
    if row is None or row.state != "fetching":
        return
    try:
        fetch_page(ports, row.source, poll, n)
    except TooEarly as early:
        _later(ports, poll, "fetch", early.seconds, n=n)
        return
    if pause := ports.rules.pause(row.source):
        taken = ports.clock.monotonic() - begun
        _send_next(ports, poll, n % _LANES, max(pause, pause * _LANES - taken))
    _maybe_ingest(ports, poll)


def send_fetches(ports: Ports, source: str, poll: str) -> None:
    """Have the pending pages fetched: all at once, or, where a host wants a pause between two requests, the
    first of each lane, one such pause after the other; each of them sends for the next of its lane."""
    if pause := ports.rules.pause(source):
        for lane in range(_LANES):
            _send_next(ports, poll, lane, pause * (lane + 1))
        return
    for page in ports.store.pages(poll):
        if page.state == PageState.PENDING:
            ports.queue.send("fetch", poll=poll, n=page.n)


def _send_next(ports: Ports, poll: str, lane: int, seconds: float) -> None:
    if (n := ports.store.next_pending(poll, lane, _LANES)) is not None:
        _later(ports, poll, "fetch", seconds, n=n)


def fetch_page(ports: Ports, source: str, poll: str, n: int) -> PollPage | None:
    """Fetch a page, conditionally when a body of it is held; keep the bytes, note the outcome."""
    page = ports.store.page(poll, n)
    if page is None or page.state != PageState.PENDING:
        return page
    url = page.follow.url
    held = ports.store.held_page(source, url)
    if held and not ports.snapshots.holds(held.sha):
        held = None  # lost or damaged: the page is asked for whole
    try:
        got = ports.fetcher.get(url, held, lambda: _alive(ports, poll), _PATIENCE)
    except FetchError as fault:
        ports.log.warning(
            "page.failed",
            source=source,
            url=url,
            reason=fault.what,
            http_status=fault.status,
            action=fault.action,
        )
        ports.store.record(poll, n, PageState.FAILED, fault=fault)
        return ports.store.page(poll, n)
    if got.body is None and held:
        ports.store.record(poll, n, PageState.UNCHANGED, held)
    else:
        sha = ports.snapshots.put(got.body or b"")
        state = PageState.UNCHANGED if held and held.sha == sha else PageState.FETCHED
        validators = Validators(sha, got.etag, got.last_modified, got.content_type, got.url)
        ports.store.record(poll, n, state, validators)
    return ports.store.page(poll, n)


def kept(ports: Ports, page: PollPage) -> Page | None:
    """The page as a poll has it, from the snapshots; None where it failed."""
    if page.validators is None:
        return None
    body = ports.snapshots.get(page.validators.sha)
    asked = page.follow.url
    return Page(page.validators.url or asked, body, page.validators.content_type, asked)


def _walk_lists(ports: Ports, source: str, row: PollRow) -> list[Follow]:
    """Fetch the entry and then each list that a list leads to; the articles of the edition's pages come
    before those that only the entry names."""
    now, read_by = ports.clock.now(), ports.store.read_by(source)
    context = ports.rules.context(ports.rules.sources[source], now, read_by)
    articles: dict[bool, list[Follow]] = {True: [], False: []}
    n = 0
    while n < _MOST_LISTS and (page := fetch_page(ports, source, row.id, n)) is not None:
        if page.follow.kind not in LISTS:
            break
        found = _leads(ports, row, page, context)
        ports.store.ask(row.id, [follow for follow in found if follow.kind in LISTS])
        of_entry = page.follow.kind == PageKind.EDITION
        articles[of_entry] += [follow for follow in found if follow.kind not in LISTS]
        n += 1
    return articles[False] + articles[True]


def _leads(ports: Ports, row: PollRow, page: PollPage, context: Context) -> tuple[Follow, ...]:
    if other := care.instead(page):
        return (other,)
    found: tuple[Follow, ...] = ()
    for each in care.readable(ports, row, [page]):
        if body := kept(ports, each):
            at = replace(context, lead=page.follow.lead)
            found = opening.open_page(body, at, page.follow.kind).follow
    return found


def _later(ports: Ports, poll: str, task: str, seconds: float, **arguments: str | int) -> None:
    """Go on when it is our turn; the lease lasts until then."""
    ports.store.renew(poll, ports.clock.now() + ports.rules.lease + timedelta(seconds=seconds))
    ports.queue.send(task, after=seconds, poll=poll, **arguments)


def _alive(ports: Ports, poll: str) -> None:
    ports.store.renew(poll, ports.clock.now() + ports.rules.lease)


def _maybe_ingest(ports: Ports, poll: str) -> None:
    now = ports.clock.now()
    if ports.store.claim_ingest(poll, now, now + ports.rules.lease):
        ports.queue.send("ingest", poll=poll)
