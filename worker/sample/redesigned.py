"""An issue -> its pages as HTML in the markup of a relaunched site, no name of the old one left."""

from __future__ import annotations

from worker.sample import addresses
from worker.sample.pages import IMPRINT, NAME, escape, label, long_date
from worker.sample.state import Issue
from worker.sample.stories import PAGES, Story, number, stories

_FRAME = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/static/css/relaunch.css"></head>
<body><header class="masthead"><a href="/">{name}</a><time datetime="{iso}">{day}</time>\
<span class="serial">总第{number}期</span></header>
<nav class="sheets">{nav}</nav>
<main>{content}</main>
<footer>{imprint}</footer></body></html>
"""


def edition(issue: Issue, earlier: Issue | None) -> str:
    back = f'<a class="back" href="{addresses.edition(earlier.day)}">前一天</a>' if earlier else ""
    return _framed(issue, f"{NAME} 全新上线", f"{_cards(issue, 1)}{back}")


def page(issue: Issue, sheet: int) -> str:
    return _framed(issue, f"{NAME} {label(sheet)}", f"<h1>{label(sheet)}</h1>{_cards(issue, sheet)}")


def article(issue: Issue, story: Story) -> str:
    parts = [f"<small>{label(story.page)}</small><h1>{escape(story.headline)}</h1>"]
    for section in story.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>" if section.heading else "")
        parts += [f"<div class='para'>{escape(''.join(pieces))}</div>" for pieces in section.paragraphs]
    parts.append(f'<address class="by">{escape(story.byline)}</address>')
    return _framed(issue, escape(story.headline), f'<article class="story">{"".join(parts)}</article>')


def _framed(issue: Issue, title: str, content: str) -> str:
    nav = "".join(f'<a href="{addresses.page(issue.day, sheet)}">{label(sheet)}</a>' for sheet in PAGES)
    return _FRAME.format(
        title=title,
        name=NAME,
        iso=issue.day.isoformat(),
        day=long_date(issue.day),
        number=number(issue.day),
        nav=nav,
        content=content,
        imprint=IMPRINT,
    )


def _cards(issue: Issue, sheet: int) -> str:
    cards = "".join(
        f'<a class="card" href="{addresses.article(issue.day, story.key)}"><b>{escape(story.headline)}</b>'
        f"<span>{escape(''.join(story.sections[0].paragraphs[0]))}</span></a>"
        for story in stories(issue)
        if story.page == sheet
    )
    return f'<div class="grid">{cards or "<em>本版今日为公益画刊</em>"}</div>'
