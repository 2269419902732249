"""What is wrong, from when until when: an incident is opened once for one cause, and closed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SOURCE, WEBHOOK, PAGE = "source", "webhook", "page"  # what a subject may be, among others
SILENCE, ISSUE = "silence", "issue"  # of feeds without news; of a newspaper's missing numbers
ALARM = "alarm"  # a receiver of alarms
HUB = "hub"  # a WebSub hub, by its address
CONFIG = "config"  # the configuration file, while a service runs
_NAMED = 3  # sources that one incident names

KINDS = {
    "layout_changed": "版式有变，读不出内容",
    "blocked": "页面被拦截",
    "unreachable": "连不上",
    "quarantined": "内容待人工确认",
    "held": "有订阅源暂缓更新",
    "disabled": "已停用",
    "deadly": "有页面使读取程序中止，已搁置",
    "stale": "久未更新",
    "missing_issue": "缺期",
    "unheard": "收不到告警",
    "given_up": "收不到更新通知",
    "refused": "配置有误，仍用原来的",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is wrong with: a source by its id, a webhook by its id, a page by its source and URL, a
    silence by its feed or by source and day, an issue by its source and number."""

    what: str
    name: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong: a word for its kind (layout_changed, held, disabled), the reason in words, and what to
    do about it."""

    kind: str
    reason: str
    action: str


@dataclass(frozen=True, slots=True)
class Incident:
    """`n` counts from 1 in the order of their opening; times are aware UTC."""

    n: int
    subject: Subject
    cause: Cause
    opened: datetime
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a subject's incidents: the one that ended, and the one that began."""

    closed: Incident | None = None
    opened: Incident | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Whom an incident concerns: a name for people, and the ids of the sources, none where it is no source's.
    `whole`: all of a source is concerned, and not only a page, an issue or some of its feeds."""

    who: str
    sources: tuple[str, ...] = ()
    whole: bool = False


def party(subject: Subject, names: Mapping[str, str]) -> Party:
    """The one that a subject names, by the `names` of sources by their ids."""
    what, name = subject.what, subject.name
    if what in (WEBHOOK, ALARM, HUB):
        return Party(f"{'告警' if what == ALARM else what} {name}")
    if what not in (SOURCE, PAGE, SILENCE, ISSUE):
        return Party("邸报")
    own = name.removeprefix("source/")
    sources = tuple(own.partition(" ")[0].split(","))  # behind the blank a page, a day or an issue
    who = "、".join(names.get(each, each) for each in sources[:_NAMED])
    more = "等" if len(sources) > _NAMED else ""
    return Party(who + more, sources, what == SOURCE or own != name)


def words(incident: Incident) -> str:
    """What is wrong, in a word."""
    kind, subject = incident.cause.kind, incident.subject
    if subject.what == SILENCE and not subject.name.startswith("source/"):
        return "有地区或栏目久未更新"
    return KINDS.get(kind, kind)


def headline(incident: Incident, names: Mapping[str, str]) -> str:
    """What is wrong with whom, in a line; `names` of sources by their ids."""
    return f"{party(incident.subject, names).who}：{words(incident)}"


class Blame(Protocol):
    """The part of a transaction that opens and closes incidents."""

    def blame(self, subject: Subject, cause: Cause | None, now: datetime) -> Turn:
        """From now on exactly this is wrong with a subject; None: nothing is. The same kind again opens
        nothing, and keeps the newest words."""
        ...


class Incidents(Protocol):
    """What is known of incidents."""

    def open_incidents(self, what: str | None = None) -> Sequence[Incident]:
        """Those that last, of all subjects or of one sort, the oldest first."""
        ...

    def incidents(self, limit: int) -> Sequence[Incident]:
        """Open and closed ones, the last opened first."""
        ...
