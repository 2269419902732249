"""A WeChat article of three megabytes: pictures within addresses, scripts, a moment in a variable."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from bulletins import reading
from bulletins.dates import SHANGHAI
from bulletins.model import Context, Page, PageKind, Source

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
TEXT = "近日，芦山县人民医院的义诊队走进山村，为两百多位村民测了血压，讲了用药的常识。"


def test_text_moment_and_the_pictures_that_have_addresses_are_read() -> None:
    picture = base64.b64encode(bytes(range(256)) * 1_000).decode()
    pictures = "".join(
        f'<section><img data-src="data:image/png;base64,{picture}"></section>' for _ in range(6)
    )
    script = f"<script>{'var a=[1,2,3];' * 40_000}</script>"
    page = (
        f'<html><head><meta property="og:title" content="义诊队进了山村">{script}</head><body>'
        '<h1 id="activity-name">义诊队进了山村</h1><a id="js_name">芦山卫健</a><em id="publish_time"></em>'
        f'<div id="js_content" style="visibility:hidden"><section><p>{TEXT}</p></section>{pictures}'
        f'<section><p>{TEXT[3:]}</p><p><img data-src="https://mmbiz.example/1/640"></p></section></div>'
        f'{script}<script>var ct = "1772845200";</script></body></html>'
    ).encode()
    assert len(page) > 3_000_000
    context = Context(Source("w", "芦山卫健", URL), "t,2026", datetime(2026, 3, 8, tzinfo=UTC))
    said = reading.read([(Page(URL, page, "text/html; charset=utf-8"), context, PageKind.ARTICLE)])
    (item,) = said.items
    assert (item.title, list(item.paragraphs)) == ("义诊队进了山村", [TEXT, TEXT[3:]])
    assert item.published.astimezone(SHANGHAI).isoformat() == "2026-03-07T09:00:00+08:00"
    assert [block.url for block in item.blocks if block.url] == ["https://mmbiz.example/1/640"]
