"""博达 (Visual SiteBuilder), of universities and associations: `info/1001/1234.htm`, lists that count down."""

from __future__ import annotations

from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout

_TEXT = ".v_news_content, [id^='vsb_content']"

LAYOUT = Layout("boda", article=webpage.part(_TEXT))
