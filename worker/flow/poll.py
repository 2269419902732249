"""A poll's lists: fetched and read, and the articles they lead to asked for; and one page fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bulletins import opening
from bulletins.errors import FetchError, TooEarly
from bulletins.model import Context, Follow, Lead, Page, PageKind
from worker.flow import care
from worker.ports import LISTS, PageState, PageTask, PollPage, PollRow, Ports, Validators

_MOST_LISTS = 200  # pages of an edition; the thickest newspapers have about 100
_MOST_ARTICLES = 2_000
# Seconds that a task waits for a host's turn before it makes room for others and comes back: a newspaper
# that is read politely must not keep every other one waiting.
_PATIENCE = 0.2
# What a lease may have lost since it was renewed: it outlives the longest request by five times that.
_FRESH = timedelta(seconds=2)
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
    task = ports.store.page_task(poll, n)
    if task is None or task.row.state != "fetching":
        return
    try:
        whole = _fetch_page(ports, task, claim=True)
    except TooEarly as early:
        _later(ports, poll, "fetch", early.seconds, n=n)
        return
    if pause := ports.rules.pause(task.row.source):
        taken = ports.clock.monotonic() - begun
        _send_next(ports, poll, n % _LANES, max(pause, pause * _LANES - taken))
    if whole:
        ports.queue.send("ingest", poll=poll)


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


def _fetch_page(ports: Ports, task: PageTask, *, claim: bool) -> bool:
    """Fetch a page, conditionally when a body of it is held; keep the bytes, note the outcome. With `claim`:
    whether it was the last one, and the caller is to have the poll ingested."""
    poll, page, held = task.row.id, task.page, task.held
    if page is None or page.state != PageState.PENDING:
        return claim and _claimed(ports, poll)
    url = page.follow.url
    if held and not ports.snapshots.holds(held.sha):
        held = None  # lost or damaged: the page is asked for whole
    fault: FetchError | None = None
    state, validators = PageState.UNCHANGED, held
    try:
        got = ports.fetcher.get(url, held, _Alive(ports, poll, task.until), _PATIENCE)
    except FetchError as failed:
        fault, state, validators = failed, PageState.FAILED, None
        ports.log.warning(
            "page.failed",
            source=task.row.source,
            url=url,
            reason=failed.what,
            http_status=failed.status,
            action=failed.action,
        )
    else:
        if got.body is not None or held is None:
            sha = ports.snapshots.put(got.body or b"")
            state = PageState.UNCHANGED if held and held.sha == sha else PageState.FETCHED
            validators = Validators(sha, got.etag, got.last_modified, got.content_type, got.url)
    now = ports.clock.now()
    turn = (now, now + ports.rules.lease) if claim else None
    return ports.store.record(poll, page.n, state, validators, fault, claim=turn)


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
    while n < _MOST_LISTS and (page := _list(ports, row.id, n)) is not None:
        if page.follow.kind not in LISTS:
            break
        found = _leads(ports, row, page, context)
        ports.store.ask(row.id, [follow for follow in found if follow.kind in LISTS])
        of_entry = page.follow.kind == PageKind.EDITION
        articles[of_entry] += [follow for follow in found if follow.kind not in LISTS]
        n += 1
    return articles[False] + articles[True]


def _list(ports: Ports, poll: str, n: int) -> PollPage | None:
    task = ports.store.page_task(poll, n)
    page = task.page if task else None
    if task is None or page is None or page.state != PageState.PENDING:
        return page
    _fetch_page(ports, task, claim=False)
    return ports.store.page(poll, n)


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


class _Alive:
    """Called before each request: renews the poll's lease, unless another page of it has just done so."""

    def __init__(self, ports: Ports, poll: str, until: datetime) -> None:
        self._ports = ports
        self._poll = poll
        self._until = until

    def __call__(self) -> None:
        until = self._ports.clock.now() + self._ports.rules.lease
        if until - self._until > _FRESH:
            self._ports.store.renew(self._poll, until)
            self._until = until


def _claimed(ports: Ports, poll: str) -> bool:
    now = ports.clock.now()
    return ports.store.claim_ingest(poll, now, now + ports.rules.lease)


def _maybe_ingest(ports: Ports, poll: str) -> None:
    if _claimed(ports, poll):
        ports.queue.send("ingest", poll=poll)
