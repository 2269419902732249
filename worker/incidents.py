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


def headline(incident: Incident, names: Mapping[str, str]) -> str:
    """What is wrong with whom, in a line; `names` of sources by their ids."""
    what, name = incident.subject.what, incident.subject.name
    who = {WEBHOOK: f"webhook {name}", ALARM: f"告警 {name}", HUB: f"hub {name}"}.get(what)
    if who is None:
        source = name.removeprefix("source/").partition(" ")[0]  # of a page, a silence or an issue
        who = names.get(source, "邸报")
    return f"{who}：{KINDS.get(incident.cause.kind, incident.cause.kind)}"


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
