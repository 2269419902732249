"""Incidents told to their receivers: a message for each, a digest for many, a word when they are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bulletins.dates import SHANGHAI
from worker.alarms import Receiver, ReceiverState
from worker.flow import incidents
from worker.flow.notify import wait_after
from worker.incidents import ALARM, Cause, Incident, Subject, headline
from worker.ports import Ports

BUDGET = 30.0  # seconds of one round; what is left over is told in the next
LEASE = timedelta(seconds=120)  # longer than a round with its last message
SINGLY = 3  # that are told one by one; more at once are one digest
LISTED = 20  # in a digest
UNHEARD = 5  # failures in a row from which on it is an incident, of which other receivers are told
_HOUR = timedelta(hours=1)


def due(ports: Ports, *, at_once: bool = False) -> bool:
    """Whether somebody is to be told something; `at_once`: without waiting for what else may come."""
    now = ports.clock.now()
    return bool(ports.rules.receivers) and ports.alarms.due(now, _opened_by(ports, now, at_once))


def sound(ports: Ports, *, at_once: bool = False) -> None:
    """Tell every receiver what it is due to hear; while another does, nothing. Safe to repeat: who dies here
    may tell a message twice."""
    now = ports.clock.now()
    token = ports.alarms.lease(now, now + LEASE)
    if token is None:
        return
    until = ports.clock.monotonic() + BUDGET
    states = {state.id: state for state in ports.alarms.receivers()}
    try:
        for receiver in ports.rules.receivers:
            state = states.get(receiver.id)
            if state is not None and state.due <= now and ports.clock.monotonic() < until:
                _tell(ports, receiver, state, _opened_by(ports, now, at_once))
    finally:
        ports.alarms.release(token)


def _opened_by(ports: Ports, now: datetime, at_once: bool) -> datetime:
    """What is opened lately waits: what comes with it is told with it, and what passes by itself is not."""
    return now if at_once else now - ports.rules.gather


def _tell(ports: Ports, receiver: Receiver, state: ReceiverState, opened_by: datetime) -> None:
    now = ports.clock.now()
    sent = [moment for moment in state.sent if moment > now - _HOUR]
    left = ports.rules.most_per_hour - len(sent)
    waiting = ports.alarms.untold(receiver.id, opened_by)
    if waiting and left <= 0:
        ports.alarms.put_off(receiver.id, min(sent) + _HOUR)
        return
    singly = len(waiting) <= min(SINGLY, left)
    for told in [[one] for one in waiting] if singly else [waiting]:
        title, text = message(told, _names(ports), ports.rules.base_url)
        over = all(one.closed for one in told)
        if reason := ports.siren.sound(receiver, title, text, over=over):
            _failed(ports, state, reason)
            return
        ports.alarms.told(receiver.id, told, now)
        ports.log.info("alarm.sent", receiver=receiver.id, incidents=len(told))
    if waiting and any(one.subject.name == receiver.id for one in ports.store.open_incidents(ALARM)):
        incidents.blame(ports, Subject(ALARM, receiver.id), None)


def _failed(ports: Ports, state: ReceiverState, reason: str) -> None:
    failures = state.failures + 1
    wait = wait_after(failures)
    ports.alarms.put_off(state.id, ports.clock.now() + timedelta(seconds=wait), reason)
    ports.log.warning(
        "alarm.failed", receiver=state.id, reason=reason, failures=failures, again_in=round(wait)
    )
    if failures == UNHEARD:
        action = f"Mend the receiver or its address, then run dibao alarms test {state.id}"
        cause = Cause("unheard", f"failed {failures} times: {reason}", action)
        incidents.blame(ports, Subject(ALARM, state.id), cause)


def _names(ports: Ports) -> dict[str, str]:
    return {source.id: source.name for source in ports.rules.sources.values()}


def message(told: Sequence[Incident], names: Mapping[str, str], base_url: str) -> tuple[str, str]:
    """Title and text, plain, for people: of one incident its reason and what to do, of several a list."""
    where = f"详见 {base_url}/feeds/health.atom 或 dibao status"
    if len(told) == 1:
        (one,) = told
        return _line(one, names), "\n".join([*_words(one), where])
    over = sum(1 for one in told if one.closed)
    begun = len(told) - over
    counts = [f"{begun} 项故障"] * bool(begun) + [f"{over} 项已解除"] * bool(over)
    lines = [f"· {_line(one, names)}" for one in told[:LISTED]]
    if len(told) > LISTED:
        lines.append(f"……另有 {len(told) - LISTED} 项")
    return "，".join(counts), "\n".join([*lines, where])


def _line(one: Incident, names: Mapping[str, str]) -> str:
    return f"{'已解除 · ' if one.closed else ''}{headline(one, names)}"


def _words(one: Incident) -> list[str]:
    begun = f"始于：{_moment(one.opened)}"
    if one.closed:
        return [begun, f"止于：{_moment(one.closed)}"]
    return [f"原因：{one.cause.reason}", f"处理：{one.cause.action}", begun]


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
