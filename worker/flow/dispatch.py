"""The tick: leases what is due, and takes up again what a crash left behind."""

from __future__ import annotations

from bulletins.model import PollStatus, Verdict
from worker.flow import alarms, notify, publish, silence
from worker.flow.poll import send_fetches
from worker.flow.settle import give_up
from worker.polls import PollRow
from worker.ports import Ports

# Tasks that may wait. Beyond that a lease would end before its poll is begun, and taking up again what only
# waits would add to what it waits for: a machine that is behind did less the further behind it came.
_MOST_WAITING = 100
_PATIENCE = 3  # times that a poll is taken up again before it is given up


def dispatch(ports: Ports) -> None:
    """Send the polls that are due, heal those that are stuck; beat's tick, and harmless when two tick.

    While the workers are behind, both wait for a later tick: what is due stays due, the longest first."""
    now = ports.clock.now()
    ports.store.beat("beat", now)
    if (room := _MOST_WAITING - ports.queue.depth()) > 0:
        for source, poll in ports.store.lease_due(now, now + ports.rules.lease, room):
            ports.queue.send("poll", source=source, poll=poll)
        _heal(ports)
    if publish.due(ports):
        ports.queue.send("publish")
    if notify.due(ports):
        ports.queue.send("notify")
    if alarms.due(ports):
        ports.queue.send("alarm")
    if silence.due(ports):
        ports.queue.send("judge")


def heal(ports: Ports) -> None:
    """Every poll that nobody is working on goes on from where it stopped, unless the workers are behind: then
    it may be what waits."""
    if ports.queue.depth() < _MOST_WAITING:
        _heal(ports)


def _heal(ports: Ports) -> None:
    now = ports.clock.now()
    for row in ports.store.stuck(now):
        if row.state == "fetching" and ports.store.claim_ingest(row.id, now, now + ports.rules.lease):
            ports.queue.send("ingest", poll=row.id)
            continue
        if row.heals >= _PATIENCE:
            _abandon(ports, row)
            continue
        ports.store.heal(row.id, now + ports.rules.lease)
        ports.log.warning("poll.resumed", source=row.source, poll=row.id, state=row.state, time=row.heals + 1)
        _resume(ports, row)


def again(ports: Ports, poll: str) -> bool:
    """A message has come back because whoever worked on it is gone; whether its poll may go on. It comes back
    at once, and would for ever, where a page kills each worker that reads it."""
    row = ports.store.poll(poll)
    if row is None or row.state == "done":
        return True
    if row.heals >= _PATIENCE:
        _abandon(ports, row)
        return False
    ports.store.heal(poll, ports.clock.now() + ports.rules.lease)
    ports.log.warning("poll.redelivered", source=row.source, poll=poll, state=row.state, time=row.heals + 1)
    return True


def _resume(ports: Ports, row: PollRow) -> None:
    if row.state == "listing":
        ports.queue.send("poll", source=row.source, poll=row.id)
    elif row.state == "ingesting":
        ports.queue.send("ingest", poll=row.id)
    else:
        send_fetches(ports, row.source, row.id)


def _abandon(ports: Ports, row: PollRow) -> None:
    """Pages not had in so many tries have failed; a poll that cannot be finished is set aside."""
    if row.state == "fetching":
        ports.store.fail_pending(row.id, "not fetched before the poll's time ran out")
        _heal(ports)
        return
    reason = f"the poll stopped {_PATIENCE} times while {row.state}"
    action = "The feeds stay as they were; look for the worker's last error in the log"
    give_up(ports, row, Verdict(PollStatus.QUARANTINED, reason, action, publish=False))
