"""`dibao backfill`: past editions of a source, one after the other, as far back as asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bulletins.dates import SHANGHAI
from bulletins.errors import ConfigError
from bulletins.model import PollStatus
from worker import embedded, ground, wiring
from worker.cli.common import (
    ConfigOption,
    FormatOption,
    JsonOption,
    app,
    log_as,
    out,
    print_json,
    settings_of,
)
from worker.cli.passes import await_outbox, await_receivers, ended, known, leased
from worker.flow import backfill as going_back
from worker.flow import bygone
from worker.flow.backfill import Step, Trail
from worker.flow.dispatch import heal
from worker.polls import PollRow
from worker.ports import Ports

_LOOK = 0.05  # seconds between two tries to have the source
_MOST_FAILURES = 5  # in a row: whatever is wrong, asking on helps nobody


@dataclass(slots=True)
class Done:
    """What a run of the command came to. `reason`: why it did not come to the first day."""

    source: str
    since: date
    until: date
    read: int = 0
    none: int = 0  # days without an edition
    failed: int = 0
    before: int = 0  # editions that an earlier run settled
    new: int = 0
    corrected: int = 0
    stopped: bool = False
    reason: str = ""
    editions: list[dict[str, Any]] = field(default_factory=list)


@app.command()
def backfill(
    source: Annotated[str, typer.Argument(metavar="ID", help="The source.")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day, else the newest edition's.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
    log_format: FormatOption = "auto",
) -> None:
    """Read past editions, politely, from the newest to the oldest. Run it again to go on where it stopped."""
    settings = settings_of(config)
    known(settings, [source], "ID")
    first, last = since.date(), (until or datetime.now(SHANGHAI)).date()
    if first > last:
        raise ConfigError(f"{first} is after {last}", "--since", "Give a day that is not after --until")
    log_as("cli", log_format)
    ground.require_secrets(settings)
    wiring.prepare(settings)
    with embedded.services(settings):
        ports = wiring.make_ports(settings)
        if not ports.store.kept_pages(source):
            ended(ports, leased(ports, [source]))  # its newest edition leads to the others
        trail = going_back.trail(ports, source, first, last)
        done = Done(source, first, trail.until, before=len(ports.store.past_editions(source)))
        with _progress(done, quiet=json) as step_done:
            _walk(ports, trail, done, step_done)
        await_outbox(ports)
        await_receivers(ports)
    _report(done, json)
    if done.failed or done.stopped:
        raise typer.Exit(1)


def _walk(ports: Ports, trail: Trail, done: Done, step_done: Callable[[Trail], None]) -> None:
    in_a_row = 0
    for step, row in going_back.walk(ports, done.source, trail, lambda step: _ask(ports, done.source, step)):
        failed = _count(done, step, row)
        in_a_row = in_a_row + 1 if failed else 0
        step_done(trail)
        if row.status == PollStatus.BLOCKED or in_a_row >= _MOST_FAILURES:
            done.stopped = True
            done.reason = f"stopped at {trail.at or step.address}: {row.reason}"
            return
    if trail.by_day is None and (trail.at is None or trail.at > done.since):
        done.reason = f"no page names an edition before {trail.at or 'the newest'}"


def _make_room(ports: Ports, source: str) -> None:
    """The newest edition comes first: where the source is due meanwhile, it is polled."""
    now = datetime.now(UTC)
    state = next(one for one in ports.store.sources() if one.source == source)
    if state.enabled and state.next_check is not None and state.next_check <= now:
        ended(ports, leased(ports, [source]))


def _ask(ports: Ports, source: str, step: Step) -> PollRow:
    _make_room(ports, source)
    while (poll := bygone.send(ports, source, step.address, step.within)) is None:
        heal(ports)
        time.sleep(_LOOK)
    return ended(ports, [poll])[0]


def _count(done: Done, step: Step, row: PollRow) -> bool:
    """Whether it failed."""
    outcome = "failed"
    if row.status in (PollStatus.OK, PollStatus.NOT_MODIFIED):
        outcome = "read"
    elif row.status == PollStatus.QUIET:
        outcome = "none"
    setattr(done, outcome, getattr(done, outcome) + 1)
    done.new += row.new
    done.corrected += row.corrected
    one_day = step.within[0] == step.within[1]
    done.editions.append(
        {
            "day": str(step.within[0]) if one_day else None,
            "address": step.address,
            "outcome": outcome,
            "new": row.new,
            "corrected": row.corrected,
            "reason": row.reason,
        }
    )
    return outcome == "failed"


@contextmanager
def _progress(done: Done, *, quiet: bool) -> Iterator[Callable[[Trail], None]]:
    """A bar over the days on a terminal; else a line for each edition that was read or failed."""
    if quiet or not out.is_terminal:
        yield (lambda trail: None) if quiet else (lambda trail: _line(done))
        return
    days = (done.until - done.since).days + 1
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("days"))
    with Progress(*columns, TimeRemainingColumn(), console=out, transient=True) as bar:
        task = bar.add_task(done.source, total=days)

        def step_done(trail: Trail) -> None:
            passed = (done.until - trail.at).days + 1 if trail.at else 0
            said = f"{done.source} {trail.at or ''}: {done.read} editions, {done.new} new items"
            bar.update(task, completed=max(0, min(passed, days)), description=escape(said))

        yield step_done


def _line(done: Done) -> None:
    last = done.editions[-1]
    if last["outcome"] == "read":
        out.print(f"{last['day'] or last['address']}: {last['new']} new, {last['corrected']} corrected")
    elif last["outcome"] == "failed":
        out.print(f"{last['day'] or last['address']}: failed: {escape(last['reason'])}")


def _report(done: Done, json: bool) -> None:
    if json:
        said = asdict(done) | {"since": str(done.since), "until": str(done.until)}
        print_json(said)
        return
    out.print(
        f"[bold]{done.source}[/] {done.since} to {done.until}: {done.read} editions read, "
        f"{done.new} new items, {done.corrected} corrected; {done.none} days without an edition, "
        f"{done.failed} failed; {done.before} settled before"
    )
    if done.reason:
        out.print(f"[yellow]{escape(done.reason)}[/]")
    if done.failed or done.stopped:
        out.print("What failed is asked for when the same command is run again.")
