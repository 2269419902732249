"""Numbers as people see them: counts by day, by hour and by minute in, SVG with its words out.

Every picture is drawn by the server, names itself for those who do not see it, and has its numbers in a table
beside it. Its colours are the style sheet's, by class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from markupsafe import Markup

from feeds.site.rendering import say
from feeds.site.views import day

_CELL, _GAP = 11, 2
_STRIP_DAYS = 30
_WEEKS = 54
_BAND = 27  # weeks side by side: a year in two bands, which a phone has room for
_HEAD = 15  # above a band, for the names of months
_SIDE = 16  # left of it, for the names of weekdays
_AXIS = 15  # below bars, for the names of steps
_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日"), ("M", "T", "W", "T", "F", "S", "S")
_LEVELS = (1, 4, 10, 20)  # items of a day at which the next of four shades begins


@dataclass(frozen=True, slots=True)
class Picture:
    """`svg` is an image element, drawn; `rows` are what it shows, under the names in `head`, and `links`, if
    there are any, where each row leads, relative to the page."""

    svg: Markup
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()


def strip(counts: Mapping[date, int], lang: str = "zh") -> Picture | None:
    """The thirty days up to the newest one that has any, a bar for each; None where no day has."""
    if not counts:
        return None
    last = max(counts)
    span = [last - timedelta(days=n) for n in reversed(range(_STRIP_DAYS))]
    values = [counts.get(each, 0) for each in span]
    title = say(
        lang,
        "至{day}的三十天：{days}天有消息，共{items}条",
        day=day(last, lang),
        days=sum(1 for value in values if value),
        items=sum(values),
    )
    hints = [f"{day(each, lang)} · {value}" for each, value in zip(span, values, strict=True)]
    rows = tuple((day(each, lang), str(value)) for each, value in zip(span, values, strict=True) if value)
    ends = (day(span[0], lang), day(last, lang))
    return Picture(
        _row(title, values, hints, ends), title, (say(lang, "日期"), say(lang, "消息")), tuple(reversed(rows))
    )


def heat(counts: Mapping[date, int], lang: str = "zh") -> Picture | None:
    """A year up to the newest day that has any, a column for each week, each day with the way to what was
    printed on it, below the source's page; None where none has."""
    if not counts:
        return None
    last = max(counts)
    first = last - timedelta(days=last.weekday(), weeks=_WEEKS - 1)
    shown = {each: n for each, n in counts.items() if each >= first}
    title = say(
        lang,
        "至{day}的一年：{days}天有消息，共{items}条",
        day=day(last, lang),
        days=sum(1 for n in shown.values() if n),
        items=sum(shown.values()),
    )
    step = _CELL + _GAP
    parts = list(_weekdays(step, lang))
    for n in range((last - first).days + 1):
        each = first + timedelta(days=n)
        week, weekday = divmod(n, 7)
        band, at = divmod(week, _BAND)
        x, top, value = _SIDE + at * step, band * (7 * step + _HEAD) + _HEAD, shown.get(each, 0)
        level = sum(1 for bound in _LEVELS if value >= bound)
        hint = _hint(f"{day(each, lang)} · {value}") if value else ""
        cell = f'<use href="#c" class="heat-{level}" x="{x}" y="{top + weekday * step}">{hint}</use>'
        parts.append(f'<a href="{each}/" tabindex="-1">{cell}</a>' if value else cell)
        if each.day == 1:
            name = f"{each.month}月" if lang == "zh" else f"{each:%b}"
            parts.append(f'<text x="{x}" y="{top - 4}">{name}</text>')
    below = 2 * (7 * step + _HEAD)
    parts += _legend(below + 4, lang)
    # A mouse goes to a day by its cell; who hears the page, or goes by the keyboard, by the table's links.
    drawn = f'<defs><rect id="c" width="{_CELL}" height="{_CELL}" rx="2"/></defs>{"".join(parts)}'
    inner = f'<g aria-hidden="true">{drawn}</g>'
    svg = _svg(title, _SIDE + _BAND * step, below + 4 + _AXIS, inner, "heat", role="group")
    on = [each for each in sorted(shown, reverse=True) if shown[each]]
    rows = tuple((day(each, lang), str(shown[each])) for each in on)
    return Picture(svg, title, (say(lang, "日期"), say(lang, "消息")), rows, tuple(f"{each}/" for each in on))


def _weekdays(step: int, lang: str) -> Iterator[str]:
    """The names of every other weekday, beside each band."""
    names = _WEEKDAYS[0 if lang == "zh" else 1]
    for band in range(2):
        for at in (0, 2, 4, 6):
            y = band * (7 * step + _HEAD) + _HEAD + at * step + _CELL - 1
            yield f'<text x="0" y="{y}">{names[at]}</text>'


def _legend(y: int, lang: str) -> Iterator[str]:
    """What the shades mean, from few to many."""
    x = _SIDE
    yield f'<text x="{x}" y="{y + _CELL - 1}">{say(lang, "少")}</text>'
    x += 17 if lang == "zh" else 26
    for level in range(len(_LEVELS) + 1):
        yield f'<use href="#c" class="heat-{level}" x="{x}" y="{y}"/>'
        x += _CELL + _GAP
    yield f'<text x="{x + 4}" y="{y + _CELL - 1}">{say(lang, "多")}</text>'


def bars(
    title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], head: str, every: int
) -> Picture:
    """Some series over the same steps, one below the other, each in its own scale; `head` names steps,
    of which one in so many has its name below."""
    height, label, width = 34, 15, 360  # a phone has room for, at the size that its words have
    parts = []
    for n, (name, values) in enumerate(series):
        top = n * (height + label + 8)
        most = max([*values, 1])
        wide = width / max(len(values), 1)
        parts.append(f'<text x="0" y="{top + 11}">{escape(name)} · {sum(values)}</text>')
        for at, value in enumerate(values):
            tall = max(round(height * value / most), 2) if value else 1
            parts.append(
                f'<rect class="{"bar" if value else "none"}" x="{at * wide:.1f}" '
                f'y="{top + label + height - tall}" width="{max(wide - 1, 1):.1f}" height="{tall}">'
                f"{_hint(f'{labels[at]} · {value}')}</rect>"
            )
    below = len(series) * (height + label + 8)
    wide = width / max(len(labels), 1)
    for at in range(0, len(labels), every):
        last = at == len(labels) - 1  # which would run out of the drawing
        x, anchor = (width, "end") if last else (at * wide, "start")
        parts.append(f'<text x="{x:.1f}" y="{below + 3}" text-anchor="{anchor}">{escape(labels[at])}</text>')
    svg = _svg(title, width, below + _AXIS - 8, "".join(parts), "bars")
    rows = tuple(
        (labels[at], *(str(values[at]) for _, values in series))
        for at in range(len(labels))
        if any(values[at] for _, values in series)
    )
    return Picture(svg, title, (head, *(name for name, _ in series)), rows)


def _row(title: str, values: Sequence[int], hints: Sequence[str], ends: tuple[str, str]) -> Markup:
    height, wide = 28, 10
    most = max([*values, 1])
    parts = []
    for at, (value, hint) in enumerate(zip(values, hints, strict=True)):
        tall = max(round(height * value / most), 3) if value else 1
        parts.append(
            f'<rect class="{"bar" if value else "none"}" x="{at * wide}" y="{height - tall}" '
            f'width="{wide - 2}" height="{tall}">{_hint(hint)}</rect>'
        )
    width, y = len(values) * wide, height + 12
    parts.append(f'<text x="0" y="{y}">{ends[0]}</text>')
    parts.append(f'<text x="{width}" y="{y}" text-anchor="end">{ends[1]}</text>')
    return _svg(title, width, height + _AXIS, "".join(parts), "strip")


def _hint(words: str) -> str:
    return f"<title>{escape(words)}</title>"


def _svg(title: str, width: int, height: int, inner: str, name: str, role: str = "img") -> Markup:
    """The drawing; what its marks say is in the table, so that nobody has to hear all of them."""
    return Markup(  # noqa: S704  (numbers, and words that are escaped)
        f'<svg class="picture {name}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="{role}" aria-label="{escape(title)}">{inner}</svg>'
    )
