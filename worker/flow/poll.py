"""A poll's lists: fetched and read, and the articles they lead to asked for; and one page fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bulletins import contract, opening, paged
from bulletins.errors import NO_ANSWER, FetchError, TooEarly
from bulletins.model import Context, Follow, Lead, Page, PageKind
from worker.flow import care
from worker.polls import PageState, PageTask, PollPage, PollRow, Validators
from worker.ports import LISTS, Fetched, Ports

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
# Pages of a poll that may cost their whole deadline. Beyond them the site is hurting others: each holds a
# process of the pool, and a hundred would hold all of them for half an hour.
_MOST_SILENT = 3


def poll(ports: Ports, source: str, poll: str) -> None:
    """Read the lists of a source and ask for every article on them. Safe to repeat at any point."""
    configured = ports.rules.sources.get(source)
    if configured is None:  # taken out of the configuration since the message was sent
        return
    now = ports.clock.now()
    row = ports.store.open_poll(poll, source, now, now + ports.rules.lease)
    if row.state != "listing":
        return
    if row.past is None:
        ports.store.ask(poll, [Follow(configured.url, PageKind.EDITION, Lead())])
    try:
        articles = _walk_lists(ports, source, row)
    except TooEarly as early:
        _later(ports, poll, "poll", early.seconds, source=source)
        return
    ports.store.ask(poll, articles[:_MOST_ARTICLES])
    if articles and row.past is None:
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
        done = _fetch_page(ports, task, claim=True)
    except TooEarly as early:
        _later(ports, poll, "fetch", early.seconds, n=n)
        return
    whole = done.last or (done.silent and _stop_where_silent(ports, poll) and _claimed(ports, poll))
    if pause := ports.rules.pause(task.row.source):
        taken = ports.clock.monotonic() - begun
        sent = _send_next(ports, poll, n % _LANES, max(pause, pause * _LANES - taken))
        _widen(ports, poll, n, pause, sent=sent)
    if whole:
        ports.queue.send("ingest", poll=poll)


def send_fetches(ports: Ports, source: str, poll: str) -> None:
    """Have the pending pages fetched: all at once, or, where a host wants a pause between two requests, the
    first of a lane, which sends for the next of it. The other lanes begin once an article was had."""
    pages = ports.store.pages(poll)
    pending = [page for page in pages if page.state == PageState.PENDING]
    if not (pause := ports.rules.pause(source)):
        for page in pending:
            ports.queue.send("fetch", poll=poll, n=page.n)
    elif pending:
        _begin(ports, poll, range(_LANES) if _answered(pages) else [pending[0].n % _LANES], pause)


def _widen(ports: Ports, poll: str, n: int, pause: float, *, sent: bool) -> None:
    """Begin the other lanes where this was the first article that was had: a site that does not answer holds
    one process and no more. Where its lane is over without any, the next one goes on."""
    pages = ports.store.pages(poll)
    answered = _answered(pages)
    pending = [page.n % _LANES for page in pages if page.state == PageState.PENDING]
    if [page.n for page in answered] == [n]:
        _begin(ports, poll, [lane for lane in range(_LANES) if lane != n % _LANES], pause)
    elif not (answered or sent) and pending:
        _begin(ports, poll, pending[:1], pause)


def _answered(pages: Sequence[PollPage]) -> list[PollPage]:
    had = (PageState.FETCHED, PageState.UNCHANGED)
    return [page for page in pages if page.follow.kind not in LISTS and page.state in had]


def _begin(ports: Ports, poll: str, lanes: Sequence[int], pause: float) -> None:
    for nth, lane in enumerate(lanes, 1):
        _send_next(ports, poll, lane, pause * nth)


def _send_next(ports: Ports, poll: str, lane: int, seconds: float) -> bool:
    """Whether a page of the lane is left."""
    if (n := ports.store.next_pending(poll, lane, _LANES)) is None:
        return False
    _later(ports, poll, "fetch", seconds, n=n)
    return True


def _stop_where_silent(ports: Ports, poll: str) -> bool:
    """Whether a site has let too many requests of this poll wait for nothing: it is asked no more then."""
    silent = sum(each.error.startswith(NO_ANSWER) for each in ports.store.pages(poll))
    if silent < _MOST_SILENT:
        return False
    ports.store.fail_pending(poll, f"not asked for, since {silent} other pages gave no answer")
    return True


class _Done(NamedTuple):
    """What came of fetching a page."""

    last: bool = False  # asked with `claim`: it was the last one, and the caller is to have the poll ingested
    silent: bool = False  # the site let the request wait for nothing


def _fetch_page(ports: Ports, task: PageTask, *, claim: bool) -> _Done:
    """Fetch a page, conditionally when a body of it is held; keep the bytes, note the outcome."""
    poll, page, held = task.row.id, task.page, task.held
    if page is None or page.state != PageState.PENDING:
        return _Done(last=claim and _claimed(ports, poll))
    url = page.follow.url
    if held and not ports.snapshots.holds(held.sha):
        held = None  # lost or damaged: the page is asked for whole
    fault: FetchError | None = None
    state, validators = PageState.UNCHANGED, held
    alive = _Alive(ports, poll, task.until)
    try:
        got = ports.fetcher.get(url, held, alive, _PATIENCE)
        body = _whole(ports, page, got, alive)
    except FetchError as failed:
        fault, state, validators = failed, PageState.FAILED, None
        _tell(ports, task.row.source, page, failed)
    else:
        if body is not None or held is None:
            sha = ports.snapshots.put(body or b"")
            state = PageState.UNCHANGED if held and held.sha == sha else PageState.FETCHED
            # Those of an article's first page say nothing of its others: it is asked for whole.
            tags = (got.etag, got.last_modified) if body == got.body else (None, None)
            validators = Validators(sha, *tags, got.content_type, got.url)
    now = ports.clock.now()
    turn = (now, now + ports.rules.lease) if claim else None
    last = ports.store.record(poll, page.n, state, validators, fault, claim=turn)
    return _Done(last, fault is not None and fault.what.startswith(NO_ANSWER))


def _whole(ports: Ports, page: PollPage, got: Fetched, alive: Callable[[], None]) -> bytes | None:
    """The body that a request gave, of an article with those of the pages on which it goes on; None where it
    is the held one. Half an article is none: what fails here fails the page."""
    if page.follow.kind in LISTS or not got.body:
        return got.body
    first = Page(got.url or page.follow.url, got.body, got.content_type)
    # However long their turns are waited for: coming back later would begin with the first page again.
    return paged.whole(first, lambda there: ports.fetcher.get(there, None, alive).body or b"")


def _tell(ports: Ports, source: str, page: PollPage, failed: FetchError) -> None:
    url, status = page.follow.url, failed.status
    if contract.Failure(url, page.follow.kind, failed.what, status, entry=page.n == 0).past_the_end:
        ports.log.info("list.ended", source=source, url=url, http_status=status)
        return
    ports.log.warning(
        "page.failed",
        source=source,
        url=url,
        reason=failed.what,
        http_status=status,
        action=failed.action,
    )


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
        if page.error.startswith(NO_ANSWER) and _stop_where_silent(ports, row.id):
            return []
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
