"""A poll of a past edition: sent, and ended without a word on how its source fares today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bulletins.model import (
    ChangeKind,
    Edition,
    Follow,
    Lead,
    PageKind,
    PollStatus,
    Reading,
    Verdict,
)
from worker.flow.commit import GONE, Committed, commit, tell_columns
from worker.flow.doubtful import held_back
from worker.flow.placing import source_of
from worker.past import Outcome, PastEdition
from worker.polls import Counts, PollPage, PollRow
from worker.ports import Ports


def send(ports: Ports, source: str, address: str, within: tuple[date, date]) -> str | None:
    """Have a past edition read that is asked for by its day, or as one of several days; its poll, or None
    while another poll has the source."""
    now = ports.clock.now()
    until = now + ports.rules.lease
    poll = ports.store.lease_named(source, now, until)
    if poll is None:
        return None
    edition = Edition(date=within[0]) if within[0] == within[1] else None
    entry = Follow(address, PageKind.EDITION, Lead(edition, within=within))
    ports.store.open_past(poll, source, entry, now, until)
    ports.queue.send("poll", source=source, poll=poll)
    return poll


def finish(ports: Ports, row: PollRow, pages: Sequence[PollPage], said: Reading, verdict: Verdict) -> None:
    """Commit what a past edition says, once. Its items enter the change sequence as of now, under the days
    on which they were printed; the state and the rhythm of the source, what it lacks and what is held back of
    it stay as they were."""
    now = ports.clock.now()
    source = source_of(ports.rules, row.source)
    if pages and pages[0].http_status in GONE:
        verdict = Verdict(PollStatus.QUIET, f"no edition: {pages[0].error}", publish=False)
    done = Committed(verdict)
    with ports.store.ingest(row.id) as txn:
        if txn is None:
            return
        if verdict.doubtful:
            done = Committed(verdict := held_back(txn, source, said, verdict, now))
        if verdict.publish and said.items:
            done = commit(ports.rules, txn, source, said, pages, verdict, now, past=True)
        counts = Counts(
            new=done.kinds[ChangeKind.NEW],
            corrected=done.kinds[ChangeKind.CORRECTED],
            rejected=len(said.rejections),
        )
        if edition := _asked(row, pages, said, done.verdict):
            txn.keep_past(replace(edition, at=now))
        txn.finish_past(done.verdict, counts, now, done.verdict.publish)
    _tell(ports, row, pages, done.verdict, counts)
    tell_columns(ports.log, row.source, done.columns)
    if done.touched:
        ports.queue.send("publish")


def _asked(row: PollRow, pages: Sequence[PollPage], said: Reading, verdict: Verdict) -> PastEdition | None:
    """What is remembered of the edition. That a page is none of several days is not: others may be asked for
    tomorrow."""
    if not pages or row.past is None:
        return None
    within = pages[0].follow.lead.within
    one_day = within[0] if within and within[0] == within[1] else None
    if verdict.status in (PollStatus.OK, PollStatus.NOT_MODIFIED):
        outcome = Outcome.READ
    elif verdict.status == PollStatus.QUIET:
        outcome = Outcome.NONE
    else:
        outcome = Outcome.FAILED
    if outcome == Outcome.NONE and one_day is None:
        return None
    shown = next((item.edition.date for item in said.items if item.edition), None)
    return PastEdition(row.past, shown or one_day, outcome, verdict.reason, row.started)


def _tell(ports: Ports, row: PollRow, pages: Sequence[PollPage], verdict: Verdict, counts: Counts) -> None:
    event: dict[str, object] = {
        "source": row.source,
        "status": str(verdict.status),
        "url": row.past,
        "pages": len(pages),
        "new": counts.new,
        "corrected": counts.corrected,
        "rejected": counts.rejected,
        "seconds": round((ports.clock.now() - row.started).total_seconds(), 3),
    }
    if verdict.status.healthy:
        ports.log.info("source.backfilled", **event)
    else:
        ports.log.error("source.backfilled", **event, reason=verdict.reason, action=verdict.action)
