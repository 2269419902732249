"""A reading and what its source's good readings were like -> why it may not be published unseen, in words.

The structure of the pages and the figures of the reading are judged together: pages that are built as ever
excuse an edition of another size or temper, and figures as ever excuse a new design; a new design with any
figure worse than before is a redesign that was not read right.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bulletins.expectations import Build, Learned, edition_of
from bulletins.looks import Look
from bulletins.measures import Figures, measure
from bulletins.model import PageKind, Reading
from bulletins.weighing import unlike, weigh

_LOST = 0.12  # of the stable paths of a kind of page, from which on it is built otherwise
_KNOWN = 5  # pages of a kind, before which one of them says little
_NOVEL = 0.2  # of a page's paths
_MOVED = 0.5  # of the pages of a kind on which something stands where it never stood
_CUT = 0.3  # of the pages of a kind that do not end as they should
_ADDED = 1  # elements that are new on most pages of a kind
_SEVERAL = 3  # links on a page that could be a list's; articles that are no slip
_LENGTH, _LENGTHS = "length", ("body", "run", "echoed", "ended")  # what a longer text moves together
_WHOLE = 6  # articles of an edition that hardly loses half of them
_FEWER = 0.75  # of the articles that are usual on a page
_SHOWN = 8  # paths of a kind that are shown

_KINDS = {
    PageKind.EDITION: "the edition's page",
    PageKind.PAGE: "the pages",
    PageKind.LIST: "the list",
    PageKind.ARTICLE: "the articles",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a reading is held back, the gravest first; how its pages differ from those of the last good ones,
    a line each. `empty`: there is nothing to hold back."""

    reasons: tuple[str, ...]
    diff: tuple[str, ...]
    empty: bool = False

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons[:3]) + (
            f"; and {len(self.reasons) - 3} more" if len(self.reasons) > 3 else ""
        )


# What [sources.expect] calls a figure.
_DECLARED = {
    "pages": "pages",
    "items": "items",
    "items_per_page": "spread",
    "dates": "dated",
    "regions": "placed",
    "columns": "headed",
    "body": "body",
}


def judged(
    learned: Learned,
    reading: Reading,
    now: datetime,
    declared: Mapping[str, tuple[float, float]] | None = None,
    hosts: Collection[str] = (),
) -> Breach | None:
    """Why a reading may not be published unseen; None: it may. `declared`: least and most of what is counted,
    and `hosts`: all that lists may lead to, as [sources.expect] has them."""
    if not reading.items:
        return _silent(learned, reading)
    figures = measure(reading, learned.margins, hosts or learned.hosts)
    own = edition_of(reading, now)
    beyond = [*_undeclared(figures, declared or {})]
    if hosts and figures.get("foreign"):
        beyond.append(
            f"{figures['foreign']:.0%} of the articles are at hosts that [sources.expect] hosts lacks"
        )
    grave, mild, sizes = weigh(learned, figures, own)
    beyond += _ended(learned, reading.looks)
    grave += _shrunk(learned, figures, own)
    built, added = [*_rebuilt(learned, reading.looks)], [*_added(learned, reading.looks)]
    redesigned = (built and (mild or sizes)) or (added and mild)
    halved = any("the list" in each for each in added) and _is_less(learned, figures, own)
    beyond += _again(learned, figures, own, reading.looks)
    if beyond or grave or redesigned or halved:
        reasons = (*beyond, *grave, *built, *added, *mild, *sizes)
        return Breach(reasons, difference(learned, reading.looks))
    return None


def _silent(learned: Learned, reading: Reading) -> Breach | None:
    """A reading of no articles: a quiet day, if the lists are there, as they were, and empty."""
    lists = [look for look in reading.looks if look.kind != PageKind.ARTICLE]
    usual = learned.figures("links")
    if not usual or not lists:
        return None
    links = statistics.mean([look.links for look in lists])
    told = [*_added(learned, lists), *_moved_all(learned, lists)]
    if links >= _SEVERAL and links * 2 >= min(usual):
        told.append(f"the lists' pages have {links:g} links each, and none is an article's")
    return Breach(tuple(told), difference(learned, lists), empty=True) if told else None


def _shrunk(learned: Learned, figures: Figures, own: str) -> list[str]:
    """An edition that has lost half of its articles since it was read last."""
    before, now = learned.editions.get(own, {}).get("items", 0.0), figures["items"]
    if before < _WHOLE or now * 2 > before:
        return []
    return [f"the edition of {own} has {now:g} articles, and had {before:g} when it was read last"]


def _again(learned: Learned, figures: Figures, own: str, looks: Sequence[Look]) -> list[str]:
    """An edition that is read again, with articles at the same addresses as before, and unlike ones: on pages
    that are built otherwise whatever differs tells of it, on pages as ever what differs by much."""
    before = learned.editions.get(own)
    if before is None or before.get("which") != figures["which"]:
        return []
    built = bool(difference(learned, looks))
    other = unlike(before, figures, slightly=built)
    sorts = {_LENGTH if name in _LENGTHS else name for name in other}  # one article that is edited has one
    if not sorts or not (built or figures["items"] >= _SEVERAL or len(sorts) > 1):
        return []
    return [f"the edition of {own}, read again, has other articles: {'; '.join([*other.values()][:3])}"]


def _is_less(learned: Learned, figures: Figures, own: str) -> bool:
    past = learned.figures("spread", own) or learned.figures("spread")
    return bool(past) and figures.get("spread", 0.0) < statistics.median(past) * _FEWER


def _undeclared(figures: Figures, declared: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    for name, (least, most) in declared.items():
        value = figures.get(_DECLARED[name])
        if value is not None and not least <= value <= most:
            yield f"{name}: {value:g}, and [sources.expect] {name} says {least:g} to {most:g}"


def _rebuilt(learned: Learned, looks: Sequence[Look]) -> Iterator[str]:
    """How pages are built otherwise than ever before, by their kinds."""
    for kind, told in _by_kind(looks):
        build = learned.builds.get(kind)
        if build is None or not build.pages:
            continue
        words = _KINDS.get(kind, kind)
        lost, novel = _changed(build, told)
        if lost >= (_LOST if build.pages >= _KNOWN else 2 * _LOST):
            yield f"{words} lack {lost:.0%} of their structure"
        elif novel >= _NOVEL:
            yield f"{words} have {novel:.0%} of their structure anew"
        for name, path in _moved(build, told):
            yield f"on {words} the {name} stands in {path}"


def _added(learned: Learned, looks: Sequence[Look]) -> Iterator[str]:
    """Elements that no page of a kind had and most have now."""
    for kind, told in _by_kind(looks):
        build = learned.builds.get(kind)
        if build is None or not build.pages:
            continue
        new = _new(build, told)
        rows = {path.rpartition(">")[2] for path in build.roles.get("rows", ())}
        within = [path for path in new if path.split(">")[-2:-1] and path.split(">")[-2] in rows]
        if within:
            yield f"{_KINDS[kind]} have {within[0]} among the entries of the list"
        elif len(new) >= _ADDED:
            yield f"{_KINDS[kind]} have {len(new)} elements that they never had, {new[0]} for one"


def _new(build: Build, looks: Sequence[Look]) -> list[str]:
    """Paths that no page had, on most pages now."""
    count: dict[str, int] = {}
    for look in looks:
        for path in look.paths - build.paths.keys():
            count[path] = count.get(path, 0) + 1
    return sorted(path for path, n in count.items() if n * 2 > len(looks))


def _moved_all(learned: Learned, looks: Sequence[Look]) -> Iterator[str]:
    for kind, told in _by_kind(looks):
        if (build := learned.builds.get(kind)) and _changed(build, told)[1] >= _NOVEL / 2:
            yield f"{_KINDS[kind]} have {_changed(build, told)[1]:.0%} of their structure anew"


def _ended(learned: Learned, looks: Sequence[Look]) -> Iterator[str]:
    """Pages that break off, of a kind whose pages never did."""
    for kind, told in _by_kind(looks):
        cut = sum(not look.whole for look in told) / len(told)
        build = learned.builds.get(kind)
        if build and build.pages and cut - (1 - build.whole / build.pages) >= _CUT:
            yield f"{_KINDS[kind]} end early: {cut:.0%} of them break off"


def _by_kind(looks: Sequence[Look]) -> Iterator[tuple[PageKind, list[Look]]]:
    for kind in _KINDS:
        if told := [look for look in looks if look.kind == kind]:
            yield kind, told


def _changed(build: Build, looks: Sequence[Look]) -> tuple[float, float]:
    """The shares of what was stable that pages lack, and of what they have that no page had: the median."""
    stable = build.stable
    lost = [len(stable - look.paths) / len(stable) if stable else 0.0 for look in looks]
    novel = [
        sum(path not in build.paths for path in look.paths) / len(look.paths) if look.paths else 0.0
        for look in looks
    ]
    return statistics.median(lost), statistics.median(novel)


def _moved(build: Build, looks: Sequence[Look]) -> Iterator[tuple[str, str]]:
    """What stands where it never stood, on most pages of a kind that have it."""
    for name, known in build.roles.items():
        found = [look.roles[name] for look in looks if name in look.roles]
        strange = [path for path in found if path not in known]
        if found and len(strange) >= len(found) * _MOVED:
            yield name, strange[0]


def difference(learned: Learned, looks: Sequence[Look]) -> tuple[str, ...]:
    """How pages differ from those of the last good readings: for each kind, what stands elsewhere (~), what
    is gone (-) and what is new (+)."""
    told: list[str] = []
    for kind, pages in _by_kind(looks):
        build = learned.builds.get(kind)
        if build is None or not build.pages:
            continue
        gone = sorted(
            path for path in build.stable if sum(path in page.paths for page in pages) * 2 < len(pages)
        )
        new = _new(build, pages)
        moved = [
            f"~ {name}: {max(build.roles[name], key=lambda at: build.roles[name][at])} → {path}"
            for name, path in _moved(build, pages)
        ]
        cut = sum(not page.whole for page in pages)
        lines = [*moved, *_first(gone, "-"), *_first(new, "+")]
        lines += [f"! {cut} of {len(pages)} end early"] if cut and build.whole == build.pages else []
        if lines:
            told += [f"{_KINDS[kind]}:", *(f"  {line}" for line in lines)]
    return tuple(told)


def likest(learned: Learned, look: Look) -> Look:
    """A page that may be of any kind, as of that kind whose pages it is built most like."""

    def alike(build: Build) -> float:
        return len(look.paths & build.stable) / max(1, len(look.paths | build.stable))

    kind = max(learned.builds, key=lambda kind: alike(learned.builds[kind]), default=look.kind)
    return replace(look, kind=kind)


def _first(paths: Sequence[str], sign: str) -> list[str]:
    more = [f"{sign} and {len(paths) - _SHOWN} more"] if len(paths) > _SHOWN else []
    return [*(f"{sign} {path}" for path in paths[:_SHOWN]), *more]
