"""How a poll ends: what it says is judged, compared with what is held, and committed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bulletins import contract, expectations, identity, reading, schedule
from bulletins.changes import MOST_CORRECTIONS, RESTLESS_WINDOW
from bulletins.model import ChangeKind, Item, PageKind, PollStatus, Provenance, Reading, Source, Verdict
from worker.flow import bygone, care, incidents, silence
from worker.flow.commit import GONE, Committed, commit, tell_columns
from worker.flow.doubtful import held_back
from worker.flow.expected import learned_from, weighed
from worker.flow.judging import Bench, Judged
from worker.flow.placing import source_of
from worker.flow.poll import kept
from worker.incidents import SOURCE, Cause, Subject
from worker.polls import Counts, PageState, PollPage, PollRow
from worker.ports import Ingest, Ports


def ingest(ports: Ports, poll: str) -> None:
    """Read all pages of a poll as one Reading, judge it, and commit once. Safe to repeat: the second time
    finds the poll done."""
    row = ports.store.poll(poll)
    if row is None or row.state == "done":
        return
    if row.source not in ports.rules.sources:
        give_up(ports, row, Verdict(PollStatus.UNREACHABLE, "no longer in the configuration", publish=False))
        return
    pages = ports.store.pages(poll)
    now = ports.clock.now()
    source = source_of(ports.rules, row.source)
    if row.past is not None:
        past = Bench(source, _failures(pages), now).judge(_read(ports, row, pages, now))
        bygone.finish(ports, row, pages, past.said, past.verdict)
        return
    unchanged = _as_before(pages)
    if unchanged and not ports.store.lacking(row.source) and not care.tried_again(ports, pages):
        _finish(ports, row, pages, Judged(Reading(), Verdict(PollStatus.NOT_MODIFIED)))
        return
    said = _read(ports, row, pages, now)  # unchanged lists say once more what they lack
    aside = care.deadly(ports, pages)
    failures = [*_failures(pages), *map(care.failure, aside)]
    known = expectations.loaded(ports.store.learned(row.source))
    judged = Bench(source, failures, now, known).judge(said)
    if unchanged and judged.verdict.publish:
        judged = replace(judged, verdict=replace(judged.verdict, status=PollStatus.NOT_MODIFIED))
    care.tell(ports, row.source, aside, judged.odd)
    _finish(ports, row, pages, judged)


def _as_before(pages: Sequence[PollPage]) -> bool:
    """Whether every page is as it was; one past a list's end is none, where the list has articles."""
    there = [page for page in pages if not _failure(page).past_the_end]
    listed = len(there) == len(pages) or any(page.follow.kind == PageKind.ARTICLE for page in there)
    return bool(there) and listed and all(page.state == PageState.UNCHANGED for page in there)


def give_up(ports: Ports, row: PollRow, verdict: Verdict) -> None:
    """End a poll that cannot be finished, with a verdict of its own."""
    if row.past is not None:
        bygone.finish(ports, row, ports.store.pages(row.id), Reading(), verdict)
        return
    _finish(ports, row, ports.store.pages(row.id), Judged(Reading(), verdict))


def _read(ports: Ports, row: PollRow, pages: Sequence[PollPage], now: datetime) -> Reading:
    context = ports.rules.context(ports.rules.sources[row.source], now, ports.store.read_by(row.source))
    said = reading.read(
        (body, replace(context, lead=page.follow.lead), page.follow.kind)
        for page in care.readable(ports, row, pages)
        if (body := kept(ports, page))
    )
    return replace(said, items=tuple(_sourced(said, pages, row.started)))


def _sourced(said: Reading, pages: Sequence[PollPage], begun: datetime) -> Iterator[Item]:
    """The items with where they were read: on the page whose address they have."""
    found = {identity.link(page.follow.url): page.validators for page in pages if page.validators}
    parser = f"{said.layout}/{reading.VERSION}"
    for item in said.items:
        held = found.get(item.link)
        origin = Provenance(held.url or item.link, begun, held.sha, parser) if held else None
        yield replace(item, provenance=origin)


def _failures(pages: Sequence[PollPage]) -> list[contract.Failure]:
    return [
        _failure(page)
        for page in pages
        if page.state == PageState.FAILED
        and not (page.recheck and page.http_status in GONE)
        and care.instead(page) is None
    ]


def _failure(page: PollPage) -> contract.Failure:
    return contract.Failure(
        page.follow.url, page.follow.kind, page.error, page.http_status, entry=page.n == 0
    )


def _finish(ports: Ports, row: PollRow, pages: Sequence[PollPage], judged: Judged) -> None:
    said, verdict, now = judged.said, judged.verdict, ports.clock.now()
    source = source_of(ports.rules, row.source)
    waits = [page.retry_after for page in pages if page.retry_after is not None]
    done = Committed(verdict)
    with ports.store.ingest(row.id) as txn:
        if txn is None:
            return
        if verdict.doubtful:
            done = Committed(verdict := held_back(txn, source, said, verdict, now))
        done = Committed(verdict := weighed(txn, source, said, verdict, judged.breach, now))
        if verdict.publish and said.kind is not None:
            done = commit(ports.rules, txn, source, said, pages, verdict, now)
            learned_from(txn, source, said, done.verdict, now)
        counts = Counts(
            new=done.kinds[ChangeKind.NEW],
            corrected=done.kinds[ChangeKind.CORRECTED],
            withdrawn=done.kinds[ChangeKind.WITHDRAWN],
            rejected=len(said.rejections)
            + sum(page.state == PageState.FAILED and not _failure(page).past_the_end for page in pages),
        )
        due = _due(ports, txn, source, done.verdict, now, max(waits, default=None))
        keep = done.verdict.publish
        txn.finish(done.verdict, counts, now, due, keep_validators=keep, recheck=source.recheck)
        txn.doubt(source.id, done.gone, done.again, now)
        turn = txn.blame(Subject(SOURCE, row.source), _cause(done.verdict), now)
    _tell(ports, row, pages, said, done.verdict, counts)
    incidents.tell(ports.log, turn)
    tell_columns(ports.log, row.source, done.columns)
    for item in done.restless:
        ports.log.warning(
            "item.restless",
            source=row.source,
            id=item.id,
            url=item.link,
            reason=f"corrected {MOST_CORRECTIONS} times within {RESTLESS_WINDOW.days} days",
            action="Its edits are published and no longer announced; see what keeps changing on the page",
        )
    if done.touched:
        ports.queue.send("publish")
    silence.after_poll(ports, source, well=done.verdict.status.healthy, news=done.touched)


def _due(
    ports: Ports, txn: Ingest, source: Source, verdict: Verdict, now: datetime, retry_after: float | None
) -> datetime:
    """A site that does not answer well is left alone longer each time. One that was redesigned does answer,
    and our own needs no manners."""
    ill = verdict.status in (PollStatus.UNREACHABLE, PollStatus.BLOCKED) and not verdict.publish
    failures = txn.failing(source.id) + 1 if ill and source.id not in ports.rules.unpaced else 0
    arrivals = () if source.every or source.cron else txn.arrivals(source.id)
    return schedule.next_check(source, now, retry_after, failures=failures, arrivals=arrivals)


def _tell(
    ports: Ports,
    row: PollRow,
    pages: Sequence[PollPage],
    said: Reading,
    verdict: Verdict,
    counts: Counts,
) -> None:
    for rejection in said.rejections:
        ports.log.warning(
            "item.rejected",
            source=row.source,
            title=rejection.title,
            url=rejection.url,
            reason=rejection.reason,
        )
    event: dict[str, object] = {
        "source": row.source,
        "status": str(verdict.status),
        "pages": len(pages),
        "new": counts.new,
        "corrected": counts.corrected,
        "withdrawn": counts.withdrawn,
        "rejected": counts.rejected,
        "seconds": round((ports.clock.now() - row.started).total_seconds(), 3),
    }
    if verdict.status.healthy:
        ports.log.info("source.polled", **event)
    else:
        ports.log.error("source.polled", **event, reason=verdict.reason, action=verdict.action)


def _cause(verdict: Verdict) -> Cause | None:
    return None if verdict.status.healthy else Cause(str(verdict.status), verdict.reason, verdict.action)
