"""What contracts catch: sites that change before an edition, and editions that differ and are well."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from lxml import etree

from benchmarks import accidents, redesigns, slips  # noqa: F401  # they sign their kinds in
from benchmarks.kiosk import SKINS
from benchmarks.mutations import KINDS, Mutation, laid_aside, printed
from benchmarks.papers import Edition, Story, edition
from benchmarks.skins import NAME, Pages, Skin
from bulletins import charset
from bulletins.expectations import Learned, dumped, learn, loaded
from bulletins.judgement import judged
from bulletins.model import Reading, Source
from tests.layouts.test_layouts import CASES, stated
from tests.support.reader import Poll, path_of

_SITE = "http://paper.example"
# Of the seven editions before the one that is mutated: stories on each page.
BEFORE = ((3, 4), (4, 5), (3, 3, 4), (5, 4), (2, 4), (4, 4, 3), (4, 3))
_SAME, _HELD, _TOLD, _HELD_WELL, _MISSED = (
    "read right and published",
    "held back",
    "told as a changed layout, blocked, or in doubt",
    "held back though read right",
    "published wrong, or silent",
)
# Sixteen editions of each newspaper: their temper, the kinds of their stories, and their pages.
HEALTHY: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    *(("usual", "nnnblr", (3, 4, 2)), ("usual", "nnnblr", (4, 3)), ("thin, before a holiday", "nb", (2, 1))),
    *(
        ("usual", "nnnblr", (4, 5, 3)),
        ("nothing but briefs", "b", (4, 3)),
        ("thick", "nnnbl", (6, 5, 7, 3, 4)),
    ),
    *(("notices that differ in digits", "d", (3, 4)), ("usual, illustrated", "nnnblr", (3, 4))),
    *(
        ("roundups", "rrn", (2, 2)),
        ("a special issue", "nnl", (6, 6, 5, 4, 5, 4, 5, 5)),
        ("usual", "nnb", (4, 2)),
    ),
    *(("of two stories", "n", (2,)), ("long reads", "l", (2, 3)), ("a holiday", "nb", (1, 1))),
    *(("with new columns", "nnnbd", (2, 2, 2, 2, 2, 2, 2)), ("with a banner", "nnnblr", (4, 4))),
)


@dataclass(slots=True)
class Table:
    """Outcomes, counted; the misses by name."""

    outcomes: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def caught(self) -> float:
        """Of those that were not read right all the same."""
        wrong = self.outcomes[_HELD] + self.outcomes[_TOLD]
        return wrong / max(1, wrong + self.outcomes[_MISSED])


def run(families: Sequence[str] = ()) -> str:
    """The section of BENCHMARKS.md; with families only what concerns them, for a first look."""
    skins = [(n, skin) for n, skin in enumerate(SKINS) if not families or skin.family in families]
    cases = [(n, case) for n, case in enumerate(CASES) if not families or case.parent.name in families]
    tuned, aside = Table(), Table()
    for number, skin in skins:
        mutate(skin, number, KINDS, lambda kind: aside if laid_aside(kind) else tuned)
    alarms, healthy = [], 0
    for number, skin in skins:
        for temper, breach in _well(skin, number):
            healthy += 1
            alarms += [f"{skin.family}, {temper}: {breach}"] if breach else []
    young_tuned, young_aside = Table(), Table()
    for number, case in cases:
        _mutate_fixture(case, number, young_tuned, young_aside)
    return _section((tuned, aside, young_tuned, young_aside), healthy, alarms, len(skins))


def poll_of(skin: Skin, pages: Pages, now: datetime, read_by: str) -> Poll:
    bodies = {path: text.encode("utf-8", "surrogatepass") for path, text in pages.items()}
    source = Source("paper", NAME, _SITE + skin.entry, region="510000")

    def get(url: str) -> bytes | None:
        return bodies.get(path_of(url)) if url.startswith(f"{_SITE}/") else None

    return Poll(source, now, get, "text/html; charset=utf-8", read_by)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)


def history(skin: Skin, number: int, before: Sequence[tuple[int, ...]]) -> tuple[Learned, str, date]:
    """What is known of a newspaper after good editions of so many stories on each of their pages, by what it
    was read, and the next day."""
    known, read_by, day = Learned(), "", date(2026, 3, 2)
    for n, sizes in enumerate(before):
        reading = poll_of(
            skin, skin.render(edition(number * 100 + n, day, sizes)), morning(day), read_by
        ).reading
        known, read_by = learn(known, reading, morning(day)), reading.layout
        day += timedelta(days=7)
    return loaded(dumped(known)), read_by, day


def mutate(skin: Skin, number: int, kinds: Mapping[str, Mutation], table_of: Callable[[str], Table]) -> None:
    """What becomes of a newspaper's eighth edition after each kind of mutation that changes it."""
    known, read_by, day = history(skin, number, BEFORE)
    told = edition(number * 100 + 7, day, (4, 4))
    pages = skin.render(told)
    right = _meaning(poll_of(skin, pages, morning(day), read_by).reading)
    for kind, mutation in kinds.items():
        changed = mutation(printed(told, pages))
        if changed == pages:  # there is nothing of the kind on this site
            continue
        table = table_of(kind)
        outcome = _outcome(known, poll_of(skin, changed, morning(day), read_by), right, morning(day))
        table.outcomes[outcome] += 1
        if outcome == _MISSED:
            table.missed[f"{kind} ({skin.family})"] += 1


def _mutate_fixture(case: Path, number: int, tuned: Table, aside: Table) -> None:
    """A fixture of a family, read once and then again after each fourth kind of change: the same edition,
    and nothing known but its first reading."""
    config = stated(case)
    source, now = Source(**config["source"], url=config["entry"]), config["now"]
    kind_of = config.get("content_type", "text/html").partition(";")[0]
    pages = {
        path: charset.decode((case / name).read_bytes(), config.get("content_type")).text
        for path, name in config["pages"].items()
    }

    def read(texts: Pages, read_by: str = "") -> Poll:
        bodies = {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}
        return Poll(source, now, lambda url: bodies.get(path_of(url)), f"{kind_of}; charset=utf-8", read_by)

    first = read(pages)
    if not first.verdict.publish or not first.reading.items:
        return
    known, right = learn(Learned(), first.reading, now), _meaning(first.reading)
    told = printed(_as_edition(first, now), pages)
    for at, (kind, mutation) in enumerate(KINDS.items()):
        if (at + number) % 4 or not told.told:
            continue
        try:
            changed = mutation(told)
        except (
            ValueError,
            KeyError,
            etree.ParserError,
        ):  # made for the newspapers above: it does not fit
            continue
        if changed != pages:
            outcome = _outcome(known, read(changed, first.reading.layout), right, now)
            table = aside if laid_aside(kind) else tuned
            table.outcomes[outcome] += 1
            table.missed.update([f"{kind} ({case.parent.name}/{case.name})"] if outcome == _MISSED else [])


def _as_edition(poll: Poll, now: datetime) -> Edition:
    """What stands in a fixture, as an edition that mutations know."""
    stories = []
    for key, raw in enumerate(poll.raws, 1):
        lines = tuple(block.text for block in raw.blocks if len(block.text) > 5)
        stories += [Story(key, raw.title, lines)] if lines and raw.title else []
    days = (item.edition.date for item in poll.reading.items if item.edition and item.edition.date)
    names = (item.page.name for item in poll.reading.items if item.page and item.page.name)
    return Edition(next(days, now.date()), 1, ((next(names, "要闻"), tuple(stories)),))


def _outcome(known: Learned, poll: Poll, right: Sequence[object], now: datetime) -> str:
    if not poll.verdict.publish:
        return _TOLD
    same = _meaning(poll.reading) == right
    if judged(known, poll.reading, now):
        return _HELD_WELL if same else _HELD
    return _SAME if same else _MISSED


def _meaning(reading: Reading) -> Sequence[object]:
    """All that a subscriber would see of a reading."""
    return sorted(
        (
            item.link,
            item.title,
            item.paragraphs,
            item.published.isoformat(),
            item.column.name if item.column else "",
            repr(item.page),
            item.region.code if item.region else "",
            repr(item.authors),
        )
        for item in reading.items
    )


def _well(skin: Skin, number: int) -> Iterator[tuple[str, str]]:
    """The editions of a year, in an order of the newspaper's own: the temper of each, and why it was held."""
    chance = random.Random(number)
    rest = chance.sample(HEALTHY[1:], k=len(HEALTHY) - 1)
    known, read_by, day = Learned(), "", date(2026, 1, 5)
    for n, (temper, kinds, sizes) in enumerate([HEALTHY[0], *rest]):
        made = edition(7_000 + number * 100 + n, day, sizes, kinds)
        poll = poll_of(skin, _decorated(skin.render(made), temper, made, chance), morning(day), read_by)
        breach = judged(known, poll.reading, morning(day)) if poll.verdict.publish else None
        if not breach:
            known, read_by = learn(known, poll.reading, morning(day)), poll.reading.layout
        yield temper, breach.reason if breach else "" if poll.verdict.publish else poll.verdict.reason
        day += timedelta(days=chance.choice((7, 14, 28)))


def _decorated(pages: Pages, temper: str, made: Edition, chance: random.Random) -> Pages:
    """What editors put on pages now and then: pictures with captions, tables, a banner for a holiday."""
    banner = '<div class="festival"><img src="/i/b.jpg"><span>热烈祝贺本报创刊四十周年</span></div>'
    picture = '<p align="center"><img src="/i/{n}.jpg"></p><p align="center">图为活动现场。</p>'
    done = {}
    for path, text in pages.items():
        if temper == "with a banner" and text.startswith("<!doctype"):
            text = re.sub("<body[^>]*>", lambda found: found[0] + banner, text, count=1)
        if temper == "usual, illustrated" and text.startswith("<!doctype"):
            for story in made.stories:
                last = f"<p>　　{story.paragraphs[-1]}</p>"
                if last in text and chance.random() < 0.5:
                    text = text.replace(last, picture.format(n=story.key) + last)
        done[path] = text
    return done


def shown(names: Sequence[str], tables: Sequence[Table]) -> list[str]:
    """The lines of a table of outcomes, a column for each."""
    shares = " | ".join(f"{table.caught:.1%}" for table in tables)
    return [
        f"| | {' | '.join(names)} |",
        "|---" * (len(names) + 1) + "|",
        *(
            f"| {name} | " + " | ".join(str(table.outcomes[name]) for table in tables) + " |"
            for name in (_HELD, _TOLD, _MISSED, _SAME, _HELD_WELL)
        ),
        f"| caught of what was not read right (at least 95 %) | {shares} |",
    ]


def _section(tables: Sequence[Table], healthy: int, alarms: Sequence[str], skins: int) -> str:
    missed = [name for table in tables for name in table.missed]
    kinds = sum(map(laid_aside, KINDS))
    lines = [
        "## Drift",
        "",
        f"{len(KINDS)} kinds of change to sites; {kinds} were laid aside, by a hash of their names,",
        "before any contract was tuned; one hand wrote both halves, and two laid-aside kinds that were",
        f"missed have been tuned since. The first two columns: {skins} newspapers, after seven good",
        "editions of each. The others: the families' fixtures, read once before, with a fourth of the kinds",
        "on each. An outcome is of one kind at one newspaper.",
        "",
        *shown(("tuned", "laid aside", "fixtures, tuned", "fixtures, laid aside"), tables),
        "",
        f"Missed: {', '.join(missed) or 'none'}.",
        "",
        f"Healthy editions: {healthy}; false alarms: {len(alarms)} (asked: none of at least 200).",
        *(f"- {alarm}" for alarm in alarms),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(run(sys.argv[1:]) + "\n")
