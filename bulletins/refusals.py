"""A page that is not the page: challenges, logins and error pages, told by what they say."""

from __future__ import annotations

import re

from bulletins.markup import Node

_SIGNS = (
    (
        r"安全验证|访问验证|人机验证|滑动验证|请完成验证|输入验证码|just a moment|checking your browser",
        "a challenge",
    ),
    (
        r"访问过于频繁|访问被(?:拒绝|阻断|拦截)|禁止访问|请求.{0,8}(?:被拒绝|阻断|拦截|威胁)|IP.{0,6}(?:封|拦截)|"
        r"access denied|forbidden",
        "an access refusal",
    ),
    (r"页面不存在|找不到.{0,8}页面|(?<![\d-])404(?![\d-])|系统(?:错误|异常|维护)|网站维护", "an error page"),
    (r"bad gateway|internal server error|service unavailable", "an error page"),
)
_SCRIPTED = re.compile(r"document\.cookie|location\.(?:reload|replace|href)|eval\(|\bHOY_TR\b|\$_ts\b", re.I)
_SHORT = 400  # characters of visible text; a page of news has more


def refusal(tree: Node) -> str | None:
    """What stands in place of the page, in a few words; None when it looks like an ordinary page."""
    title = tree.first("title")
    text = tree.text
    if len(text) <= _SHORT or title:
        said = f"{title.text if title else ''} {text if len(text) <= _SHORT else ''}"
        for sign, name in _SIGNS:
            if match := re.search(sign, said, re.I):
                return f"{name} ({match[0]})"
    if tree.has("input[type=password]") and len(text) <= _SHORT:
        return "a login form"
    if len(text) < _SHORT // 4 and _SCRIPTED.search(tree.scripts):
        return "a script challenge"
    return None
