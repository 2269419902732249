"""Pages to be read -> those that may be, after a worker has died: what killed it is found and set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bulletins import opening, reading
from bulletins.contract import Failure
from bulletins.model import Follow
from worker.flow import incidents
from worker.incidents import PAGE, Cause, Subject
from worker.polls import PageState, PollPage, PollRow
from worker.ports import Ports

DEATHS = 2  # of workers over one body: once may be somebody's kill -9, twice in a row it is hardly that
PROBATION = timedelta(days=1)  # then it is read once more: whoever was there by chance twice goes free
_NOT_THERE = (404, 410)
_WHAT = f"reading it has stopped the worker {DEATHS} times"
_LOOK = (
    "The page is left out, the others are read. Run dibao probe {url} on another machine and report what "
    "happens; the page is tried again once a day, and when its bytes change or a new release reads it"
)
_REPORT = (
    "The page is left out, the others are read. Keep what dibao probe {url} shows, and report it with this"
)


def readable(ports: Ports, row: PollRow, pages: Sequence[PollPage]) -> Iterator[PollPage]:
    """The pages, one after the other, without those that have killed lately. In a poll that was taken up
    again each is noted before it is handed out, and acquitted when the next one is asked for."""
    known = _known(ports, pages)
    guilty = {page.n for page in deadly(ports, pages)}
    for page in pages:
        if page.n in guilty:
            continue
        if page.validators is None or not (row.heals or page.validators.sha in known):
            yield page
            continue
        ports.store.suspect(page.validators.sha, reading.VERSION, ports.clock.now())
        yield page
        ports.store.acquit(page.validators.sha, reading.VERSION)


def deadly(ports: Ports, pages: Sequence[PollPage]) -> list[PollPage]:
    """The pages whose bodies are set aside at present."""
    known, since = _known(ports, pages), ports.clock.now() - PROBATION
    return [page for page in pages if page.validators and known.get(page.validators.sha, since) > since]


def tried_again(ports: Ports, pages: Sequence[PollPage]) -> bool:
    """Whether there are pages that have killed and are to be read once more."""
    lately = {page.validators.sha for page in deadly(ports, pages) if page.validators}
    return bool(_known(ports, pages).keys() - lately)


def _known(ports: Ports, pages: Sequence[PollPage]) -> dict[str, datetime]:
    shas = {page.validators.sha for page in pages if page.validators}
    return ports.store.deadly(shas, reading.VERSION, DEATHS)


def instead(page: PollPage) -> Follow | None:
    """Where an edition is looked for that is not at the address which was likeliest, as today's before it is
    out; None for a page that is there, or does not answer."""
    missing = page.state == PageState.FAILED and page.http_status in _NOT_THERE
    return opening.instead(page.follow) if missing else None


def failure(page: PollPage) -> Failure:
    return Failure(page.follow.url, page.follow.kind, _WHAT, entry=page.n == 0)


def tell(ports: Ports, source: str, pages: Sequence[PollPage], odd: Mapping[str, str]) -> None:
    """Open an incident for each page of a source that is set aside, and close those of the others. `odd`: by
    the addresses of those that were read, what came of judging them."""
    guilty = {
        f"{source} {page.follow.url}": Cause("deadly", _WHAT, _LOOK.format(url=page.follow.url))
        for page in pages
    }
    guilty |= {f"{source} {url}": Cause("deadly", what, _REPORT.format(url=url)) for url, what in odd.items()}
    for name, cause in guilty.items():
        incidents.blame(ports, Subject(PAGE, name), cause)
    for one in ports.store.open_incidents(PAGE):
        if one.subject.name.startswith(f"{source} ") and one.subject.name not in guilty:
            incidents.blame(ports, one.subject, None)
