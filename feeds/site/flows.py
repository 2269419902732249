"""How news flows: polls, publications and delays in, the control room's drawings out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.site import pictures
from feeds.site.rendering import say
from feeds.site.views import moment

_MINUTES = 60
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Brought:
    """A poll that has ended, and what it brought."""

    source: str
    ended: datetime
    status: str
    pages: int
    new: int
    corrected: int
    seconds: float


def hour(
    now: datetime, polls: Sequence[Brought], published: Sequence[tuple[datetime, int]], lang: str
) -> pictures.Picture:
    """The hour up to `now`, minute by minute; `published` says when so many documents were."""
    labels = [moment(now - timedelta(minutes=_MINUTES - 1 - n), lang)[-5:] for n in range(_MINUTES)]
    polled, pages, new, changed, files = ([0] * _MINUTES for _ in range(5))
    for poll in polls:
        if (at := _minute(now, poll.ended)) is not None:
            polled[at] += 1
            pages[at] += poll.pages
            new[at] += poll.new
            changed[at] += poll.corrected
    for moment_of, documents in published:
        if (at := _minute(now, moment_of)) is not None:
            files[at] += documents
    series = [
        ("轮询", polled),
        ("读取的页", pages),
        ("新消息", new),
        ("更正", changed),
        ("发布的文件", files),
    ]
    title = say(
        lang,
        "最近一小时：轮询{polled}次，读取{pages}页，新消息{new}条，发布文件{published}份",
        polled=sum(polled),
        pages=sum(pages),
        new=sum(new),
        published=sum(files),
    )
    return pictures.bars(
        title, labels, [(say(lang, name), values) for name, values in series], say(lang, "时刻"), 12
    )


def _minute(now: datetime, at: datetime) -> int | None:
    """Which of the last hour's minutes a moment was in; None before it."""
    n = _MINUTES - 1 - int((now - at).total_seconds() // 60)
    return min(n, _MINUTES - 1) if n >= 0 else None


def lag(lags: Sequence[float], lang: str) -> pictures.Picture | None:
    """From print to feed: how many items were seen within how many hours of their date."""
    if not lags:
        return None
    counts = [0] * (_HOURS + 1)
    for hours in lags:
        counts[min(max(int(hours), 0), _HOURS)] += 1
    labels = [say(lang, "{n}小时", n=n) for n in range(_HOURS)] + [say(lang, "更久")]
    middle = sorted(lags)[len(lags) // 2]
    title = say(
        lang,
        "最近{n}条消息，从出版当天零点到读到，半数在{hours}小时内",
        n=len(lags),
        hours=f"{max(middle, 0):.1f}",
    )
    return pictures.bars(title, labels, [(say(lang, "消息"), counts)], say(lang, "出版后"), 6)
