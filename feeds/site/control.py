"""The control room: what is known of sources, feeds, queues and incidents in, its pages out, read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletins.model import PollStatus
from bulletins.state import SourceState
from feeds import compose
from feeds.health import Health
from feeds.render import Document
from feeds.scope import FeedKey
from feeds.site import flows
from feeds.site.flows import Brought
from feeds.site.rendering import HTML, render, say
from feeds.site.shelf import Shelf
from feeds.site.views import moment

_POLLS = 25  # of the first and of the last ones that an incident shows
_NEEDED = ("beat", "worker")  # without which nothing is done
_SILENT = timedelta(minutes=2)
_JUDGE, _JUDGE_SILENT = "silence", timedelta(minutes=30)  # it looks every ten minutes
_ROLES = {_JUDGE: "静默判断"}
_LOOK = {  # by the kind of a cause
    "quarantined": "dibao quarantine list",
    "held": "dibao publish --all",
    "disabled": "dibao webhooks list",
    "unheard": "dibao alarms list",
    "refused": "dibao doctor",
}
_STATES = {
    None: ("等待第一次读取", "wait"),
    PollStatus.OK: ("正常", "good"),
    PollStatus.NOT_MODIFIED: ("正常", "good"),
    PollStatus.QUIET: ("今天没有消息", "good"),
    PollStatus.LAYOUT_CHANGED: ("版面变了", "bad"),
    PollStatus.BLOCKED: ("被拦截", "bad"),
    PollStatus.UNREACHABLE: ("连不上", "bad"),
    PollStatus.QUARANTINED: ("等人查看", "bad"),
}
HEALTH = {
    Health.OK: ("正常", "good"),
    Health.QUIET: ("今天没有消息", "good"),
    Health.STALE: ("久未更新", "bad"),
    Health.QUARANTINED: ("暂缓更新", "bad"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident, opened or closed. `who` is what it is about, `sources` are those it concerns, `whole` if
    it is all of one; `kind` is the kind of its cause, and `what` says it in a word."""

    n: int
    who: str
    sources: tuple[str, ...]
    whole: bool
    kind: str
    what: str
    reason: str
    action: str
    opened: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A reading that waits for an operator, with the first of its titles."""

    n: int
    source: str
    reason: str
    at: datetime
    items: int
    titles: tuple[str, ...]
    known: int  # of its items that seem to be held under other ids


@dataclass(frozen=True, slots=True)
class Stale:
    """So many feeds that are not as fresh as they should be for the same reason; of the first their keys and
    titles."""

    health: Health
    reason: str
    total: int
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class State:
    """All that the control room shows, at `now`. `queues` is None where the broker does not answer;
    `waiting` and `alive` are (name, figure) and (role, when last seen); `published` says when so many
    documents were; `lags` are hours from publication to being seen, `fresh` how many feeds are in each
    health."""

    now: datetime
    sources: Sequence[SourceState]
    rhythms: dict[str, str]
    incidents: Sequence[Trouble]
    held: Sequence[Held]
    fresh: dict[Health, int]
    stale: Sequence[Stale]
    queues: dict[str, int] | None
    waiting: Sequence[tuple[str, int]]
    alive: Sequence[tuple[str, datetime]]
    polls: Sequence[Brought]
    published: Sequence[tuple[datetime, int]]
    lags: Sequence[float]
    reasons: Sequence[str]


def status(shelf: Shelf, state: State) -> Document:
    """/status/."""
    lang, now = shelf.lang, state.now
    lasting = [one for one in state.incidents if one.closed is None]
    bad = [one for one in state.sources if one.enabled and one.state and not one.state.healthy]
    told = {source for one in lasting if one.whole for source in one.sources}
    waiting = [one for one in state.held if one.source not in told]  # the others are the same matter
    alive: dict[str, datetime | None] = dict.fromkeys(_NEEDED) | dict(state.alive)
    silent = {role: at for role, at in alive.items() if at is None or now - at > _patience(role)}
    told |= {one.source for one in waiting}
    failing = [one for one in bad if one.source not in told]  # for less long than makes an incident
    body = render(
        "status.html",
        lang=lang,
        path="status/",
        shelf=shelf,
        troubles=shelf.addresses(FeedKey("health")),
        now=moment(now, lang),
        well=not (lasting or bad or state.held or state.reasons or silent),
        matters=len(lasting) + len(waiting) + len(failing) + len(state.reasons) + len(silent),
        reasons=state.reasons,
        sources=[_source(shelf, one, state) for one in state.sources],
        lasting=[_trouble(shelf, one, now) for one in lasting],
        silent=[_silence(role, at, now, lang) for role, at in silent.items()],
        recent=[_trouble(shelf, one, now) for one in state.incidents if one.closed is not None],
        held=[(one, ago(now, one.at, lang), _name(shelf, one.source)) for one in state.held],
        fresh=[(*HEALTH[health], state.fresh.get(health, 0)) for health in Health],
        stale=[(one, *HEALTH[one.health]) for one in state.stale],
        queues=state.queues,
        waiting=state.waiting,
        alive=[
            (say(lang, _ROLES.get(role, role)), ago(now, at, lang) if at else "", role in silent)
            for role, at in alive.items()
        ],
        flow=flows.hour(now, state.polls, state.published, lang),
        lag=flows.lag(state.lags, lang),
    )
    return Document("status/index.html", HTML, body, compose.NEVER)


def incident(shelf: Shelf, one: Trouble, polls: Sequence[Brought], now: datetime) -> Document:
    """/status/incidents/<n>/: what was wrong with whom, from when until when, and how the polls of that time
    went, given the oldest first: of many the first, by which it began, and the last."""
    path = f"status/incidents/{one.n}/"
    left = max(len(polls) - 2 * _POLLS, 0)
    shown = [*polls[:_POLLS], *polls[_POLLS + left :]][::-1]
    body = render(
        "incident.html",
        lang=shelf.lang,
        path=path,
        shelf=shelf,
        trouble=_trouble(shelf, one, now),
        polls=[
            (
                poll,
                moment(poll.ended, shelf.lang),
                _name(shelf, poll.source),
                *(_STATES[PollStatus(poll.status)] if poll.status else ("—", "wait")),
            )
            for poll in shown
        ],
        left=left,
        several=len(one.sources) > 1,
    )
    return Document(f"{path}index.html", HTML, body, compose.NEVER)


def _patience(role: str) -> timedelta:
    """How long a role may be silent."""
    return _JUDGE_SILENT if role == _JUDGE else _SILENT


def _silence(role: str, at: datetime | None, now: datetime, lang: str) -> str:
    """What is said of a role from which nothing is heard."""
    name = say(lang, _ROLES.get(role, role))
    if at is None:
        return say(lang, "{role}还没有来过", role=name)
    return say(lang, "{role}已经{span}没有心跳", role=name, span=_span((now - at).total_seconds(), lang))


def ago(now: datetime, at: datetime | None, lang: str) -> str:
    """How long ago, or in how long, in the largest unit that is whole."""
    if at is None:
        return "—"
    seconds = (now - at).total_seconds()
    words = _span(abs(seconds), lang)
    if abs(seconds) < 1:
        return say(lang, "刚刚")
    return say(lang, "{span}前", span=words) if seconds > 0 else say(lang, "{span}后", span=words)


def _span(seconds: float, lang: str) -> str:
    for size, words in ((86400, "{n}天"), (3600, "{n}小时"), (60, "{n}分钟")):
        if seconds >= size:
            return say(lang, words, n=int(seconds // size))
    return say(lang, "{n}秒", n=int(seconds))


def _name(shelf: Shelf, source: str) -> str:
    known = shelf.sources.get(source)
    return known.name if known else source


def _source(shelf: Shelf, one: SourceState, state: State) -> dict[str, object]:
    words, kind = _STATES[one.state] if one.enabled else ("停用", "wait")
    reason, action = (one.reason, one.action) if kind == "bad" else ("", "")
    lasting = [each for each in state.incidents if each.closed is None and one.source in each.sources]
    for each in lasting:
        if kind == "good" and each.whole:  # it is read without trouble, and is ill all the same
            words, kind, reason, action = each.what, "bad", each.reason, each.action
    commands = []
    if kind == "bad":
        held = next((each.n for each in state.held if each.source == one.source), None)
        if held is not None:
            commands.append(f"dibao quarantine show {held}")
        commands += [f"dibao probe {one.url}", f"dibao run --source {one.source}"]
    return {
        "id": one.source,
        "name": one.name,
        "page": shelf.source_page(one.source),
        "url": one.url,
        "words": words,
        "kind": kind,
        "reason": reason,
        "action": action,
        "incidents": [(each.n, each.what) for each in lasting],
        "structure": one.structure,
        "failures": one.failures,
        "rhythm": _rhythm(state.rhythms.get(one.source, ""), shelf.lang),
        "success": ago(state.now, one.last_success, shelf.lang),
        "due": ago(state.now, one.next_check, shelf.lang) if one.enabled else "—",
        "newest": ago(state.now, one.newest, shelf.lang),
        "commands": commands,
    }


def _rhythm(words: str, lang: str) -> str:
    """`every 1800 s`, `cron …` and `as it publishes`, as they are stored."""
    kind, _, rest = words.partition(" ")
    if kind == "every":
        return say(lang, "每{span}", span=_span(float(rest.removesuffix(" s")), lang))
    return f"cron {rest}" if kind == "cron" else say(lang, "跟着它的出版规律") if kind == "as" else words


def _trouble(shelf: Shelf, one: Trouble, now: datetime) -> dict[str, object]:
    lasted = _span(((one.closed or now) - one.opened).total_seconds(), shelf.lang)
    return {
        "n": one.n,
        "who": one.who,
        "sources": [(_name(shelf, each), shelf.source_page(each)) for each in one.sources],
        "what": one.what,
        "reason": one.reason,
        "action": one.action,
        "opened": moment(one.opened, shelf.lang),
        "opened_stamp": one.opened.isoformat(),
        "closed": moment(one.closed, shelf.lang) if one.closed else "",
        "lasted": lasted,
        "commands": _commands(shelf, one) if one.closed is None else [],
    }


def _commands(shelf: Shelf, one: Trouble) -> list[str]:
    """What an operator looks with."""
    made = [_LOOK[one.kind]] if one.kind in _LOOK else []
    for each in one.sources:
        if (known := shelf.sources.get(each)) is not None:
            made += [f"dibao probe {known.url}", f"dibao run --source {each}"]
    return made
