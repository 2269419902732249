"""Articles that areas of a page's picture lead to: what they are called, by their own pages alone."""

from __future__ import annotations

from datetime import UTC, datetime

from bulletins.model import Source
from tests.support.reader import Poll, path_of

NEWS = "近日，云岭县竹影科普队把小望远镜背进了三个山村，孩子们排着队看月亮上的环形山，看完了都舍不得走。"
TOP = "<title>云岭日报数字报</title><p>2026年11月27日 星期五</p>"
SHEETS = "".join(f"<tr><td><a href=/l.asp?n={n}>第{n}版 要闻</a>" for n in (1, 2))
AREAS = "<area href=/r.asp?id=11><area href=/r.asp?id=12><area href=/r.asp?id=11>"


def article(headline: str) -> str:
    return f"{TOP}<table><tr><td>{headline}</td></tr><tr><td>{NEWS}<br>{NEWS}</td></tr></table>"


def test_the_line_above_a_text_is_its_headline_and_the_newspaper_s_name_is_none() -> None:
    front = f"{TOP}<table>{SHEETS}</table><img src=/1.jpg usemap=#m><map name=m>{AREAS}</map>"
    pages = {
        "/l.asp?n=1": front,
        "/l.asp?n=2": f"{TOP}<table>{SHEETS}</table><img src=/2.jpg>",
        "/r.asp?id=11": article("望远镜进了山村小学"),
        "/r.asp?id=12": article(""),
    }
    source = Source("yl", "云岭日报", "http://yl.example/l.asp?n=1")
    now = datetime(2026, 11, 27, 4, tzinfo=UTC)
    poll = Poll(source, now, lambda url: pages[path_of(url)].encode() if path_of(url) in pages else None)
    assert [item.title for item in poll.reading.items] == ["望远镜进了山村小学"]
    left_out = [(one.reason, path_of(one.url)) for one in poll.reading.rejections]
    assert left_out == [("no title", "/r.asp?id=12")]
