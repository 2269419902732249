"""Two weeks of a newspaper in the shapes of several families: its editions, each under its own address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5

from tests.support.newspaper import words
from tests.support.site import Answer, Site, html

NEWEST = date(2026, 10, 14)
# A fortnight, without its Saturdays, Sundays and National Day.
DAYS = [day for n in range(14) if (day := NEWEST - timedelta(n)).weekday() < 5 and day != date(2026, 10, 1)]
_TOWNS = ("芦山县", "汶川县", "安岳县", "名山区")


@dataclass
class Gazette:
    """`shape`: "new" and "old" are Founder's trees, with the day in every address; "calendar" and "previous"
    have tokens for addresses, as 四川科技报 has, and name their past issues so."""

    shape: str
    days: list[date] = field(default_factory=lambda: list(DAYS))
    stories: int = 1

    def print_on(self, site: Site) -> None:
        for day in self.days:
            site.routes[self.edition(day)] = html(self._lists(day))
            for n in range(self.stories):
                site.routes[self.article(day, n)] = html(self._article(day, n))
        newest = self.edition(self.days[0])
        site.routes["/"] = self._entry(newest, site)

    def edition(self, day: date) -> str:
        if self.shape == "new":
            return f"/pc/layout/{day:%Y%m}/{day:%d}/node_01.html"
        if self.shape == "old":
            return f"/html/{day:%Y-%m}/{day:%d}/node_1.htm"
        return f"/?t={_token(day)}"

    def article(self, day: date, n: int) -> str:
        if self.shape == "new":
            return f"/pc/content/{day:%Y%m}/{day:%d}/content_{day:%d}{n}.html"
        if self.shape == "old":
            return f"/html/{day:%Y-%m}/{day:%d}/content_{day:%d}{n}.htm"
        return f"/{_token(day, n)}"

    def title(self, day: date, n: int) -> str:
        return f"{_TOWNS[n % len(_TOWNS)]}科协{day.month}月{day.day}日开讲第{n + 1}课"

    @property
    def titles(self) -> set[str]:
        return {self.title(day, n) for day in self.days for n in range(self.stories)}

    def _entry(self, newest: str, site: Site) -> Answer:
        if self.shape in ("new", "old"):
            return html(f'<meta http-equiv="refresh" content="0;url={newest}">')
        answer = site.routes[newest]
        assert isinstance(answer, tuple)
        return answer

    def _lists(self, day: date) -> str:
        links = [(self.article(day, n), self.title(day, n)) for n in range(self.stories)]
        if self.shape == "new":
            named = "".join(f'<li class="resultList"><a href="{a}"><h4>{t}</h4></a></li>' for a, t in links)
            return (
                "<title>平湖日报</title><div class='nav-list'><ul><li><a class='btn btn-block' "
                f"href='node_01.html'>第01版：要闻</a></li></ul></div><ul>{named}</ul>"
            )
        if self.shape == "old":
            rows = "".join(
                f'<tr><td class="default">·</td><td class="default"><a href="{a}"><div>{t}</div></a></td>'
                for a, t in links
            )
            return (
                "<title>平湖日报</title><table><tr><td class='default'><a id='pageLink' href='./node_1.htm'>"
                f"第01版：要闻</a></td></tr></table><table><tbody>{rows}</tbody></table>"
            )
        named = "".join(f'<li><a href="{a}"><h3>{t}</h3></a></li>' for a, t in links)
        return self._framed(day, f'{self._issues(day)}<ul id="paper-infos">{named}</ul>')

    def _issues(self, day: date) -> str:
        """A calendar of the issues about this one, or the one before it."""
        at = self.days.index(day)
        if self.shape == "calendar":
            near = [each for each in self.days[max(0, at - 3) : at + 4] if each != day]
            cells = (f'<td><a href="{self.edition(d)}" data-day="{d}">{d.day}</a></td>' for d in near)
            return f"<table><tr>{''.join(cells)}</tr></table>"
        if at + 1 == len(self.days):
            return ""
        return f'<a href="{self.edition(self.days[at + 1])}">上一期</a>'

    def _framed(self, day: date, inner: str) -> str:
        return (
            f"<title>岷江科普报</title><div class='date-box' data-day='{day}'>{day:%Y年%m月%d日}</div>"
            "<div class='nav-box'><ul class='nav-list'><li class='active'>"
            f"<a href='{self.edition(day)}'>第1版:要闻</a></li></ul></div>{inner}"
        )

    def _article(self, day: date, n: int) -> str:
        title = self.title(day, n)
        text = f"近日,{title[:3]}科协{words(day.toordinal() * 10 + n, 60)}。"
        if self.shape in ("new", "old"):
            return (
                f"<title>{title}</title><h1>{title}</h1><div id='ozoom'><founder-content><p>{text}</p>"
                "</founder-content></div>"
            )
        return self._framed(
            day, f"<h2 class='paper-title'>{title}</h2><div id='paper-content'><p>{text}</p></div>"
        )


def _token(day: date, n: int | None = None) -> str:
    return md5(f"{day} {n}".encode(), usedforsecurity=False).hexdigest()
