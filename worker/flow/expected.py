"""A reading beside what its source is expected to be like: held back with what differs, or learned from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bulletins import judgement
from bulletins.expectations import Learned, dumped, learn, loaded
from bulletins.judgement import Breach
from bulletins.model import PollStatus, Reading, Source, Verdict
from worker.edit import Edit
from worker.flow.doubtful import fingerprint
from worker.lessons import Lesson
from worker.ports import Ingest

_ILL = (PollStatus.LAYOUT_CHANGED, PollStatus.QUARANTINED)
_KEPT = "The feeds stay as they were"


def weighed(
    txn: Ingest, source: Source, said: Reading, verdict: Verdict, breach: Breach | None, now: datetime
) -> Verdict:
    """The verdict on a reading that is, by `breach`, unlike what is expected of its source: it is put into
    quarantine. How the pages of an ill source differ is kept for whoever looks."""
    if said.kind is None:  # nothing was read: every page was as before
        return verdict
    known = loaded(txn.learned(source.id))
    breach = breach if verdict.publish else None
    if breach:
        verdict = _held(txn, source, said, breach, known, now)
    ill = verdict.status in _ILL and not verdict.publish
    difference = (breach.diff if breach else judgement.difference(known, said.looks)) if ill else ()
    lesson = Lesson(dumped(known), difference)
    if lesson != Lesson(txn.learned(source.id), txn.difference(source.id)) and (known.editions or difference):
        txn.learn(source.id, lesson)
    return verdict


def learned_from(txn: Ingest, source: Source, said: Reading, verdict: Verdict, now: datetime) -> None:
    """A reading that was published whole says what the next one is to be like."""
    if verdict.status not in (PollStatus.OK, PollStatus.NOT_MODIFIED) or not said.items:
        return
    before = txn.learned(source.id)
    after = dumped(learn(loaded(before), said, now))
    if after != before:
        txn.learn(source.id, Lesson(after))


def taught(txn: Edit, source: str, entry: int) -> None:
    """An operator has accepted a reading: pages may be built, and read, as those were."""
    if lesson := txn.lesson_of(entry):
        txn.learn(source, Lesson(lesson.learned))


def _held(
    txn: Ingest, source: Source, said: Reading, breach: Breach, known: Learned, now: datetime
) -> Verdict:
    if breach.empty:
        url = said.looks[0].url
        action = f"{_KEPT}; run dibao probe {url} to see what is read there now"
        return Verdict(
            PollStatus.LAYOUT_CHANGED, f"no articles: {breach.reason} ({url})", action, publish=False
        )
    name = fingerprint(said.items)
    before = txn.of_reading(source.id, name)
    if before and before.state == "accepted":
        return Verdict(PollStatus.OK, f"accepted as quarantined reading {before.id}: {breach.reason}")
    verdict = Verdict(PollStatus.QUARANTINED, breach.reason, publish=False)
    if before and before.state == "rejected":
        return replace(verdict, reason=f"rejected as quarantined reading {before.id}: {breach.reason}")
    entry = txn.hold(source.id, name, breach.reason, said.items, {}, now)
    if txn.lesson_of(entry.id) is None:
        txn.note_lesson(entry.id, Lesson(dumped(learn(known, said, now, anew=True)), breach.diff))
    action = (
        f"{_KEPT}; run dibao quarantine show {entry.id} to see what would be published and what has changed"
    )
    return replace(verdict, action=action)
