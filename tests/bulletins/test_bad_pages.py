"""Pages that are built, or broken, to exhaust or mislead a reader: a named reason, or what stands on them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bulletins.model import Context, Lead, Page, PageKind, PollStatus, Reading, Source
from bulletins.reading import read

NEWS = (
    "近日，雅安市芦山县竹影科普队把小望远镜背进了三个山村，孩子们排着队看月亮上的环形山，看完了都舍不得走。"
)
CONTEXT = Context(
    Source("kepu", "岷江科普报", "http://kepu.example/"), "localhost,2026", datetime(2026, 3, 18, tzinfo=UTC)
)
KINDS = [PageKind.EDITION, PageKind.PAGE, PageKind.ARTICLE, None]
FAMILY = "<h2 class=paper-title>望远镜</h2><div id=paper-content>"
BAD = {
    "deep": "<div>" * 10_000 + f"<p>{NEWS}</p>",
    "deep links": "<ul><li><a href=/1.html>望远镜进了三个山村</a>" * 4_000,
    "unclosed": f"<html><body><table><tr><td><ul><li><a href=/1.html>望远镜<p><b><font>{NEWS}<i><table><td>",
    "two pages": f"<html><body><p>{NEWS}</p></body></html>" * 2,
    "blank title": f"<title>  &nbsp;　</title><h1> </h1><div><p>{NEWS}</p></div>",
    "no tag": NEWS * 20,
    "a thousand titles": "<title>望远镜</title>" * 1000 + "<h1>望远镜</h1>" * 1000 + f"<p>{NEWS}</p>",
    "one page under every link": "".join(
        f"<li><a href=/1.html>望远镜进了第{n}个山村</a></li>" for n in range(30)
    ),
    "only links": "".join(f"<a href=/{n}.html>{n}</a>" for n in range(300)),
    "broken addresses": "".join(
        f"<li><a href='http://[{n}'>望远镜进了第{n}个山村</a></li>" for n in range(30)
    ),
    "comments": f"<!-- {NEWS} " + "<!--" * 1000,
    "cut in a tag": f"<div><p>{NEWS}</p><p>{NEWS}</p><a href='/",
    "controls": f"<h1>望\x0b远\x00镜</h1><p>{NEWS}\x1f\ufffe</p>",
    "family, deep": FAMILY + "<div>" * 10_000 + NEWS,
    "family, unclosed": f"{FAMILY}<table><tr><td><ul><li><p><b>{NEWS}",
    "family, nothing": FAMILY,
}
LARGE = {
    "two megabytes of one line": f"<div>{NEWS * 15_000}</div>",
    "two megabytes of paragraphs": f"<div>{f'<p>{NEWS}</p>' * 15_000}</div>",
    "a family's, of one line": FAMILY + NEWS * 15_000,
    "thirty thousand links": "".join(
        f"<li><a href=/{n}.html>望远镜进了第{n}个山村</a></li>" for n in range(30_000)
    ),
}
LARGEST = f"<div>{NEWS * 52_000}</div>"  # as large as a page may be, eight megabytes


def _read(text: str, kind: PageKind | None, title: str | None = None) -> Reading:
    context = Context(CONTEXT.source, CONTEXT.authority, CONTEXT.now, Lead(title=title))
    return read([(Page("http://kepu.example/a/2.html", text.encode()), context, kind)])


def _sound(reading: Reading) -> None:
    assert all(item.title.strip() and item.paragraphs for item in reading.items)
    assert all(one.reason and one.url for one in reading.rejections)
    assert all(problem.reason and problem.status != PollStatus.OK for problem in reading.problems)
    assert all(doubt.confidence < 0.6 and doubt.evidence for doubt in reading.doubts)
    assert reading.items or reading.rejections or reading.problems or reading.follow or reading.lists


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_is_read_or_refused_with_a_reason(name: str, kind: PageKind | None) -> None:
    titles = (None, "  ", "望远镜进山村")
    for title in titles if len(BAD[name]) < 100_000 else titles[:1]:  # what a title changes, any page shows
        _sound(_read(BAD[name], kind, title))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", LARGE)
def test_a_large_page_is_read_or_refused_with_a_reason(name: str, kind: PageKind | None) -> None:
    _sound(_read(LARGE[name], kind, "望远镜进山村"))


@pytest.mark.slow
def test_the_largest_page_is_read() -> None:
    assert 7_900_000 < len(LARGEST.encode()) < 8_000_000
    (item,) = _read(LARGEST, PageKind.ARTICLE, "望远镜进山村").items
    assert sum(map(len, item.paragraphs)) == len(NEWS) * 52_000


@pytest.mark.parametrize(
    "name", ["deep", "two pages", "blank title", "cut in a tag", "controls", "family, deep"]
)
def test_what_stands_on_a_bad_page_is_not_lost(name: str) -> None:
    reading = _read(BAD[name], PageKind.ARTICLE, "望远镜进山村")
    (item,) = reading.items
    assert NEWS in item.paragraphs


def test_a_title_of_blanks_is_none() -> None:
    reading = _read(BAD["blank title"], PageKind.ARTICLE, "　 ")
    assert [one.reason for one in reading.rejections] == ["no title"]


_MEMORY = """
import sys
from datetime import UTC, datetime
from bulletins.model import Context, Page, PageKind, Source
from bulletins.reading import read
text = sys.stdin.buffer.read()
context = Context(Source("kepu", "报", "http://kepu.example/"), "localhost,2026", datetime.now(UTC))
read([(Page("http://kepu.example/a/2.html", text), context, PageKind(sys.argv[1]))])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
_MARKED = f"<p><span class=a>{NEWS[:20]}</span><b>{NEWS[:9]}</b></p>" * 40_000
_OF_5_MB = {
    "text": f"<h1>望远镜</h1><div>{NEWS * 32_000}</div>",
    "paragraphs": f"<h1>望远镜</h1><div>{f'<p>{NEWS}</p>' * 30_000}</div>",
    "markup": f"<h1>望远镜</h1><div>{_MARKED}</div>",
    "of a family": f"{FAMILY}{_MARKED}</div>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", _OF_5_MB)
def test_a_page_of_5_mb_is_read_within_bounds_of_memory(name: str) -> None:
    text = _OF_5_MB[name].encode()[:5_000_000]
    assert len(text) > 4_500_000
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, "article"], input=text, capture_output=True, check=True
    )
    assert int(done.stdout) / 1024 < 150
