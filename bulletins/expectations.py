"""Good readings of a source -> what the next one is expected to be like; kept as JSON, forgotten slowly."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletins.dates import SHANGHAI
from bulletins.looks import Look
from bulletins.measures import Figures, measure
from bulletins.model import PageKind, Reading
from bulletins.skeletons import hosts_of

_EDITIONS = 20  # whose figures are kept
_PAGES = 300  # of a kind, from which on older ones count half
_LINES = 300  # that stand aside, the most frequent
_COMMON = 2  # editions in which a line stands beside most texts before it is known to
_STABLE = 0.9  # of the pages of a kind that have a path
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Build:
    """How pages of a kind were built: on how many of `pages` a path was found, each role at each path, and
    how many ended as they should."""

    pages: float = 0.0
    paths: Mapping[str, float] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    whole: float = 0.0

    @property
    def stable(self) -> frozenset[str]:
        return frozenset(path for path, count in self.paths.items() if count >= self.pages * _STABLE)


@dataclass(frozen=True, slots=True)
class Learned:
    """`editions`: figures by the edition's name, the oldest first; `builds` by kind of page; `lines` that
    stood beside most texts, with the editions in which they did; `hosts` that lists led to."""

    editions: Mapping[str, Figures] = field(default_factory=dict)
    builds: Mapping[str, Build] = field(default_factory=dict)
    lines: Mapping[str, float] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()

    @property
    def margins(self) -> frozenset[str]:
        return frozenset(line for line, count in self.lines.items() if count >= _COMMON)

    def figures(self, name: str, but: str = "") -> list[float]:
        """A figure of all editions but one, the oldest first."""
        return [found[name] for key, found in self.editions.items() if name in found and key != but]


def edition_of(reading: Reading, now: datetime) -> str:
    """What names the edition that a reading is of: its date or number, else the day."""
    named = Counter(
        str(item.edition.date or item.edition.number)
        for item in reading.items
        if item.edition and (item.edition.date or item.edition.number)
    )
    return named.most_common(1)[0][0] if named else now.astimezone(SHANGHAI).date().isoformat()


def learn(learned: Learned, reading: Reading, now: datetime, *, anew: bool = False) -> Learned:
    """What is known after one more good reading. An edition that is read again counts once, as it was read
    last. `anew`: an operator has said that this is how pages are built from now on."""
    name = edition_of(reading, now)
    if not reading.items:
        return learned
    figures = measure(reading, learned.margins, learned.hosts)
    editions = {key: value for key, value in learned.editions.items() if key != name} | {name: figures}
    kept = dict(list(editions.items())[-_EDITIONS:])
    if anew:
        learned = replace(learned, builds={}, lines={})
    elif name in learned.editions:
        return replace(learned, editions=kept)
    builds = dict(learned.builds)
    for look in reading.looks:
        builds[look.kind] = _built(builds.get(look.kind, Build()), look)
    beside = [look.aside for look in reading.looks if look.kind == PageKind.ARTICLE]
    stood = Counter(line for aside in beside for line in aside)
    lines = Counter(dict(learned.lines))
    lines.update({line: 1.0 for line, count in stood.items() if count * 2 > len(beside)})
    return Learned(kept, builds, dict(lines.most_common(_LINES)), learned.hosts | hosts_of(reading.looks))


def _built(build: Build, look: Look) -> Build:
    share = 0.5 if build.pages >= _PAGES else 1.0
    paths = {path: count * share for path, count in build.paths.items() if count * share >= 0.5}
    for path in look.paths:
        paths[path] = paths.get(path, 0.0) + 1
    roles = {name: {p: c * share for p, c in at.items()} for name, at in build.roles.items()}
    for name, path in look.roles.items():
        at = roles.setdefault(name, {})
        at[path] = at.get(path, 0.0) + 1
    return Build(build.pages * share + 1, paths, roles, build.whole * share + look.whole)


def dumped(learned: Learned) -> str:
    told = {
        "version": _VERSION,
        "editions": dict(learned.editions),
        "builds": {
            kind: {"pages": b.pages, "paths": b.paths, "roles": b.roles, "whole": b.whole}
            for kind, b in learned.builds.items()
        },
        "lines": learned.lines,
        "hosts": sorted(learned.hosts),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def loaded(text: str) -> Learned:
    """What `dumped` wrote; nothing, where another version did, or nobody."""
    told = json.loads(text) if text else {}
    if told.get("version") != _VERSION:
        return Learned()
    builds = {kind: Build(**each) for kind, each in told["builds"].items()}
    return Learned(told["editions"], builds, told["lines"], frozenset(told["hosts"]))
