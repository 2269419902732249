"""The past editions of a source, from the newest day asked for back to the oldest: which one is next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bulletins import earlier, opening
from bulletins.dates import SHANGHAI
from bulletins.model import Edition, Lead, Page, PageKind
from bulletins.pastdays import Earlier
from bulletins.survey import day_of
from worker.edit import KeptPage
from worker.flow.poll import kept
from worker.past import Outcome
from worker.polls import PollRow
from worker.ports import Ports

_DAY = timedelta(days=1)
_ANY = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Step:
    """A past edition to ask for: its address, and the first and last day of which it may be."""

    address: str
    within: tuple[date, date]


@dataclass(slots=True)
class Trail:
    """The way back through a source's editions: by the day in its newest edition's address, where one stands
    in it, each day being asked for. Else along the issues that its pages name: those with their days first,
    then by number, then what each page calls the previous one."""

    since: date
    until: date
    settled: set[str]  # addresses that need not be asked for, or were
    by_day: tuple[str, date] | None = None
    at: date | None = None  # the day that was come to
    _dated: dict[date, str] = field(default_factory=dict)
    _undated: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        """What to ask for, one after the other; what is `met` in between adds to it."""
        if self.by_day:
            yield from self._days(*self.by_day)
            return
        while step := self._named():
            self.settled.add(step.address)
            yield step

    def met(self, back: Earlier, shown: Edition | None) -> None:
        """An edition was had, and names these ways back. Beyond the first day none is gone on from."""
        if shown and shown.date:
            self.at = shown.date
            if shown.date < self.since:
                return
        number = shown.number if shown and isinstance(shown.number, int) else None
        named = [
            each for each in back.listed if each.day is None and (number is None or each.number < number)
        ]
        for each in back.listed:
            if each.day:
                self._dated.setdefault(each.day, each.address)
        self._undated += [each.address for each in sorted(named, key=lambda each: -each.number)]
        if back.previous and back.previous.day:
            self._dated.setdefault(back.previous.day, back.previous.address)
        elif back.previous:
            self._undated.append(back.previous.address)

    def _days(self, address: str, newest: date) -> Iterator[Step]:
        day = self.until
        while day >= self.since:
            self.at = day
            made = earlier.on_day(address, newest, day)
            if made and made not in self.settled:
                yield Step(made, (day, day))
            day -= _DAY

    def _named(self) -> Step | None:
        for day in sorted(self._dated, reverse=True):
            address = self._dated.pop(day)
            if self.since <= day <= self.until and address not in self.settled:
                self.at = day
                return Step(address, (day, day))
        while self._undated:
            if (address := self._undated.pop(0)) not in self.settled:
                return Step(address, (self.since, self.until))
        return None


def trail(ports: Ports, source: str, since: date, until: date) -> Trail:
    """The way back from what is held of a source: from its newest edition, and from the oldest of the past
    ones that were had, where a run before this one stopped."""
    asked = ports.store.past_editions(source)
    lists = [page for page in ports.store.kept_pages(source) if page.follow.kind != PageKind.ARTICLE]
    today = ports.clock.now().astimezone(SHANGHAI).date()
    settled = {one.address for one in asked if one.outcome != Outcome.FAILED}
    made = Trail(since, min(until, today), settled, _by_day(lists))
    if made.by_day:
        made.until = min(made.until, made.by_day[1] - _DAY)
        return made
    past = {one.address for one in asked}
    had = {one.address: one.day for one in asked if one.outcome == Outcome.READ and one.day}
    oldest = min(had, key=lambda address: had[address], default=None)
    for page in lists:
        url = page.follow.url
        if page.follow.kind != PageKind.EDITION or (url in past and url != oldest):
            continue
        if url not in past:
            made.settled |= {url, page.url}
        if ports.snapshots.holds(page.sha):
            _look(ports, source, made, Page(page.url, ports.snapshots.get(page.sha), page.content_type, url))
    return made


def walk(
    ports: Ports, source: str, made: Trail, ask: Callable[[Step], PollRow]
) -> Iterator[tuple[Step, PollRow]]:
    """Ask for one edition after the other, and go on from what each names. `ask` has the edition read, as
    `bygone.send` does, and answers its poll once that is done."""
    for step in made.steps():
        row = ask(step)
        _look_back(ports, source, made, row.id)
        yield step, row


def _look_back(ports: Ports, source: str, made: Trail, poll: str) -> None:
    entries = [page for page in ports.store.pages(poll) if page.follow.kind == PageKind.EDITION]
    if entries and (body := kept(ports, entries[-1])):
        _look(ports, source, made, body)


def _look(ports: Ports, source: str, made: Trail, page: Page) -> None:
    context = ports.rules.context(ports.rules.sources[source], ports.clock.now())
    context = replace(context, lead=Lead(within=_ANY))
    follow = opening.open_page(page, context, PageKind.EDITION).follow
    shown = next((each.lead.edition for each in follow if each.lead.edition), None)
    made.met(earlier.ways_back(page), shown)


def _by_day(lists: Sequence[KeptPage]) -> tuple[str, date] | None:
    """The address and day of the newest edition that is held, where its address names the day."""
    found = [(day, page) for page in lists if (day := day_of(page.url))]
    if not found:
        return None
    newest = max(day for day, _ in found)
    of_newest = [page for day, page in found if day == newest]
    first = min(of_newest, key=lambda page: (page.follow.kind != PageKind.EDITION, page.url))
    if earlier.on_day(first.url, newest, newest - _DAY) is None:
        return None
    return first.url, newest
