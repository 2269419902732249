"""Articles of WeChat accounts (mp.weixin.qq.com): the text in `#js_content`, the moment in a variable."""

from __future__ import annotations

from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout

LAYOUT = Layout(
    "wechat", article=webpage.part("#js_content", lambda tree: tree.has("#activity-name, #js_name"))
)
