"""An issue -> its pages as HTML, in 四川科技报's layout (family J), trait for trait."""

from __future__ import annotations

from datetime import date
from html import escape as _escape

from worker.sample import addresses
from worker.sample.state import Issue
from worker.sample.stories import PAGES, Story, number, stories

NAME = "岷江科普报"
IMPRINT = "样报,人物、机构与事件均属虚构"
_INDENT = "&nbsp;" * 4
_WEEKDAYS = "一二三四五六日"
# The script holds markup in a string, as the real pages' do; a reader must not take it for a paragraph.
_FRAME = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/static/css/paper.css">
<script>var _hmt=_hmt||[];function page(n){{return n>0?"<p>"+n+"</p>":""}}</script></head>
<body><div class="header"><a class="logo" href="/">{name} 数字报</a>\
<div class="date-box" id="calendar" data-day="{iso}">{day}</div></div>
<div class="nav-box"><h4>版面导航</h4><ul class="nav-list">{nav}</ul></div>
{content}
<div class="footer">{imprint} &copy; {year} <span>浏览次数:1024</span></div></body></html>
"""


def edition(issue: Issue, earlier: Issue | None) -> str:
    """The entry of an issue: its pages, and the stories of its first one."""
    back = (
        f'<div class="issue-box"><a href="{addresses.edition(earlier.day)}">上一期</a></div>'
        if earlier
        else ""
    )
    sheet = addresses.page(issue.day, 1)
    content = f'<div class="edition">{number(issue.day)} 期</div>{_picture(sheet)}{_list(issue, 1)}{back}'
    return _framed(issue, 1, f"{NAME} 数字报", content)


def page(issue: Issue, sheet: int) -> str:
    address = addresses.page(issue.day, sheet)
    pdf = f'<div id="detail-pdf"><a href="/upload{address}.pdf">下载PDF</a></div>'
    return _framed(issue, sheet, f"{NAME} 第{sheet}版", f"{_picture(address)}{pdf}{_list(issue, sheet)}")


def article(issue: Issue, story: Story) -> str:
    head = f"{number(issue.day)} 期 / {label(story.page)}"
    content = (
        f'<div class="paper-head">{head}</div><h2 class="paper-title">{escape(story.headline)}</h2>'
        f'<div id="paper-content">\n{_body(story)}\n</div>'
    )
    return _framed(issue, story.page, escape(story.headline), content)


def label(sheet: int) -> str:
    return f"第{sheet}版:{PAGES[sheet]}"


def long_date(day: date) -> str:
    return f"{day.year}年{day.month:02}月{day.day:02}日 星期{_WEEKDAYS[day.weekday()]}"


def escape(text: str) -> str:
    return _escape(text, quote=False)


def _framed(issue: Issue, active: int, title: str, content: str) -> str:
    nav = "".join(
        f"<li{' class=' + chr(34) + 'active' + chr(34) if sheet == active else ''}>"
        f'<a href="{addresses.page(issue.day, sheet)}">{label(sheet)}</a></li>'
        for sheet in PAGES
    )
    return _FRAME.format(
        title=title,
        name=NAME,
        iso=issue.day.isoformat(),
        day=long_date(issue.day),
        nav=nav,
        content=content,
        imprint=IMPRINT,
        year=issue.day.year,
    )


def _picture(address: str) -> str:
    return f'<div id="paper-img"><img src="/upload{address}.jpg" alt="版面图"></div>'


def _list(issue: Issue, sheet: int) -> str:
    """There on every page, and empty where a page carries no story."""
    entries = "".join(
        f'<li><a href="{addresses.article(issue.day, story.key)}"><h3>{escape(story.headline)}</h3></a></li>'
        for story in stories(issue)
        if story.page == sheet
    )
    return f'<ul id="paper-infos">{entries}</ul>'


def _body(story: Story) -> str:
    """Headings in bold and centred; a paragraph that a printed column cuts is two; the shared byline of a
    roundup stands on a line of its own, any other at the end of the last paragraph."""
    lines = [_heading(story.column)] if story.column else []
    for section in story.sections:
        if section.heading:
            lines.append(_heading(section.heading))
        lines += [_INDENT + escape(piece) for pieces in section.paragraphs for piece in pieces]
    if story.opening:
        first = 1 if story.column else 0
        lines[first] = lines[first].replace(_INDENT, f"{_INDENT}<strong>{story.opening}</strong> ", 1)
    if len(story.sections) > 1:
        lines.append(_INDENT + story.byline)
    else:
        lines[-1] += (" " if story.byline.startswith("(") else "") + story.byline
    return "\n".join(line if line.startswith("<p") else f"<p>{line}</p>" for line in lines)


def _heading(text: str) -> str:
    return f'<p style="text-align:center"><strong>{escape(text)}</strong></p>'
