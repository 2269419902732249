"""Papers whose articles are of two sentences, so that what stands around them weighs as much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins.model import PollStatus, Source
from tests.support.reader import Poll, path_of

NOW = datetime(2026, 3, 18, 1, 30, tzinfo=UTC)
TITLE, OTHER = "三台县麦冬进入采收季", "盐亭县的蚕房里有了新温控"
TEXTS = {
    TITLE: ("连日来，三台县的麦冬陆续起土。", "花园镇的合作社备下三十台烘干机，日烘干四十吨。"),
    OTHER: ("盐亭县的蚕农今春不再守着炭盆过夜。", "县农业农村局为八百间蚕房装上温控器，每间补贴三百元。"),
}
HEAD = "<meta charset=utf-8><title>涪城报</title><div class=hd>涪城报 2026年3月18日 星期三 第1023期</div>"
FOOT = "<div class=ft>地址：临园路1号 邮编：621000</div>"
BODIES = {  # what stands around TITLE and TEXT
    "a line about it in a box called info": "<div class=wz><h2>TITLE</h2>"
    "<div class=info><span>作者：何青</span>"
    "<span>2026-03-18</span><span>字号：大</span><span>分享到：</span></div>"
    "<div class=wz-b>TEXT</div></div>",
    "lines about it beside its paragraphs": "<div class=art><h2>TITLE</h2>"
    "<p class=meta>来源：涪城报　日期：2026-03-18　阅读：132次</p>TEXT<p>（责任编辑：王某）</p></div>",
    "a title in no heading": "<div>01版 要闻</div><div id=q><div class=btx>TITLE</div>"
    "<div class=nr>TEXT</div><div class=fx>分享到：微信 微博</div></div>",
    "no box": "<div>01版 要闻</div><h1>TITLE</h1>TEXT<p>【打印】【关闭】</p><p>Copyright©涪城报</p>",
}


def read(pages: dict[str, str]) -> Poll:
    source = Source("paper", "涪城报", "http://paper.example/", region="510700")
    bodies = {path: text.encode() for path, text in pages.items()}
    return Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")


def whole(poll: Poll) -> dict[str, tuple[str, ...]]:
    return {item.title: item.paragraphs for item in poll.reading.items}


@pytest.mark.parametrize("name", BODIES)
def test_a_short_article_is_read_whole_and_surely(name: str) -> None:
    rows = "".join(f"<li><a href=/20260318/a{n}.html>{title}</a></li>" for n, title in enumerate(TEXTS))
    pages = {"/": f"{HEAD}<ul><li><a href=/>第01版：要闻</a></li></ul><ul>{rows}</ul>{FOOT}"}
    for n, (title, paragraphs) in enumerate(TEXTS.items()):
        text = "".join(f"<p>　　{one}</p>" for one in paragraphs)
        body = BODIES[name].replace("TITLE", title).replace("TEXT", text)
        pages[f"/20260318/a{n}.html"] = f"{HEAD}{body}{FOOT}"
    poll = read(pages)
    assert poll.verdict.status == PollStatus.OK, poll.verdict
    assert whole(poll) == TEXTS


def test_the_foot_of_a_whole_issue_is_no_part_of_its_last_article() -> None:
    texts = {title: "".join(f"<p>{one}</p>" for one in TEXTS[title]) for title in TEXTS}
    sheets = "".join(
        f"<section><h2>第{n}版　{name}</h2><h3>{title}</h3>{texts[title]}</section>"
        for n, name, title in ((1, "头版", TITLE), (2, "生活", OTHER))
    )
    foot = "<footer><p>主办单位：桑枣镇人民政府</p><p>内部资料 免费交流</p></footer>"
    poll = read({"/": f"{HEAD}{sheets}{foot}"})
    assert poll.verdict.status == PollStatus.OK, poll.verdict
    assert whole(poll) == TEXTS
