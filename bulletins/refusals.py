"""A page that is not the page: challenges, logins, error pages, files and nothing, told by what they are."""

from __future__ import annotations

import re

from bulletins.markup import Node
from bulletins.model import Page, PollStatus, Problem

_MISSING = r"(?:页面|信息|文章|内容)(?:已)?(?:不存在|被删除)|找不到.{0,8}页面|(?<![\d第-])404(?![\d期号年-])"
# What WeChat shows in place of an article, with status 200.
_TAKEN_DOWN = r"内容已被(?:发布者|作者)?删除|因违规无法查看|该?链接已过期|公众号已(?:迁移|注销)|帐号已被屏蔽"
_SIGNS = (
    (
        r"安全验证|访问验证|人机验证|滑动验证|请完成验证|输入验证码|按住滑块|拖动滑块|环境异常|"
        r"just a moment|checking your browser|(?:开启|启用|打开)\s*JavaScript|enable JavaScript and cookies",
        "a challenge",
    ),
    (
        r"访问过于频繁|访问被(?:拒绝|阻断|拦截)|禁止访问|请求.{0,8}(?:被拒绝|阻断|拦截|威胁)|IP.{0,6}(?:封|拦截)|"
        r"疑似.{0,4}攻击|设置为拦截|access denied|forbidden",
        "an access refusal",
    ),
    (_TAKEN_DOWN, "a notice that the article was taken down"),
    (
        rf"{_MISSING}|系统(?:错误|异常|维护|繁忙)|网站(?:正在)?(?:升级)?维护|未备案或被关闭|网站(?:已|暂时)关闭",
        "an error page",
    ),
    (r"bad gateway|internal server error|service unavailable", "an error page"),
)
# How firewalls of web sites name their scripts and cookies.
_GUARDS = re.compile(r"\$_ts\b|HOY_TR|acw_sc__v2|_clearance|/_guard/|\bWZWS\b|/nc\.js")
_BARRIER = 200  # characters of a page that is nothing but a refusal
_FEW_LINKS = 5
_SENTENCES = 2  # that tell a story: how not to be cheated when one is asked to 输入验证码
_UNSURE = re.compile("系统|网站|备案")  # notices have these too: a page is asked about them when it fails
_SCRIPTED = re.compile(r"document\.cookie|location\.(?:reload|replace|href)|eval\(|\bHOY_TR\b|\$_ts\b", re.I)
_FETCHING = re.compile(r"\bfetch\(|\baxios\b|\$\.(?:ajax|get|post|getJSON)\(|XMLHttpRequest|\$http\b")
# What is asked for with a body, by the address that is asked: $.post("/api/list", …), {url: …, type: "POST"}.
_POSTING = re.compile(
    r"""\.post\(\s*[`"']([^`"'\s]{1,200})|\.open\(\s*["']post["']\s*,\s*[`"']([^`"'\s]{1,200})"""
    r"""|\bfetch\(\s*[`"']([^`"'\s]{1,200})[`"']\s*,\s*\{[^}]{0,200}?\bmethod\s*:\s*[`"']post\b"""
    r"""|\burl\s*:\s*[`"']([^`"'\s]{1,200})[`"'][^{}]{0,200}?\b(?:type|method)\s*:\s*[`"']post\b"""
    r"""|\b(?:type|method)\s*:\s*[`"']post[`"'][^{}]{0,200}?\burl\s*:\s*[`"']([^`"'\s]{1,200})""",
    re.I,
)
_OF_NEWS = re.compile(
    r"paper|news|article|layout|issue|period|edition|content|page|list|plate|banmian|bm", re.I
)
_LOGIN = re.compile(r"登[录陆]|身份认证|login|sign in", re.I)
_BUILT = "#app, #root, #__nuxt, #__next"
_SHORT = 400  # characters of visible text; a page of news has more
# What a file begins with, whatever it is called.
_FILES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
_FILE_TYPE = re.compile(r"(?:image|audio|video|font)/.*|application/(?:pdf|zip|msword|vnd\..*)")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|meta|div)\b", re.I)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_HEAD = 1024  # bytes that tell what a file is
_SHOWN = (
    "img, iframe, frame, object, embed, svg, canvas, video, script"  # without a word, and yet not nothing
)


# What hijackers write; news of the police may name one of these, hardly two.
_SPAM = re.compile(
    "百家乐|老虎机|真人荷官|葡京|威尼斯人娱乐|娱乐城|时时彩|六合彩|体育投注|线上博彩|送彩金|开户送|下注|棋牌游戏平台|"
    "在线发牌|菠菜网|代孕|裸聊|成人视频|一夜情|办证刻章|代开发票|现金网|注册送"
)
_PARKED = re.compile(
    r"(?:this )?domain (?:name )?(?:is |may be )?for sale|buy this domain|domain (?:is )?parked|parked domain"
    r"|sedoparking|parkingcrew|域名.{0,6}(?:出售|转让|停放|已过期|到期)|(?:出售|转让).{0,4}域名",
    re.I,
)


def spam(text: str) -> bool:
    """Whether a text is a hijacker's."""
    return len(set(_SPAM.findall(text))) > 1


def parked(tree: Node) -> str | None:
    """That a page is put up for a domain that nobody uses."""
    text = tree.text
    found = _PARKED.search(text) if len(text) < _SHORT * 5 else None
    return f"a parked domain ({found[0]})" if found else None


def no_page(body: bytes, content_type: str | None) -> str | None:
    """Bytes that are a file instead of a page, with its type; None when they may be a page. Where the bytes
    say nothing, the Content-Type does, unless markup disproves it."""
    head = body[:_HEAD].lstrip()
    kind = (content_type or "").partition(";")[0].strip().lower()
    found = next((name for magic, name in _FILES if head.startswith(magic)), None)
    if found is None and not _MARKUP.search(head):
        binary = b"\0" in head and not head.startswith(_UTF16)
        if _FILE_TYPE.fullmatch(kind) or (kind == "application/octet-stream" and binary):
            found = kind
    return f"not a web page ({found})" if found else None


def barrier(tree: Node) -> str | None:
    """What stands in place of a page so plainly that nobody need look for lists and texts on it."""
    text = tree.text
    if len(text) > _BARRIER or len(tree.all("a[href]")) > _FEW_LINKS:
        return None
    sources = " ".join(one.attribute("src") for one in tree.all("script[src]"))
    if len(text) < _SHORT // 4 and _GUARDS.search(f"{tree.scripts} {sources}"):
        return "a script challenge"
    found = _told(_said(tree)) if text.count("。") < _SENTENCES else None
    return None if found is None or _UNSURE.search(found) else found


def missing(tree: Node) -> bool:
    """Whether a page says that there is none at its address."""
    return re.search(_MISSING, _said(tree)) is not None


def _told(said: str) -> str | None:
    found = ((re.search(sign, said, re.I), name) for sign, name in _SIGNS)
    return next((f"{name} ({match[0]})" for match, name in found if match), None)


def _said(tree: Node) -> str:
    """The words of a page's title, and its text where that is short: all that may tell of a refusal."""
    title, text = tree.first("title"), tree.text
    return f"{title.text if title else ''} {text if len(text) <= _SHORT else ''}"


def nothing(tree: Node) -> str | None:
    """That a page has nothing to see below its title."""
    page = tree.first("body")
    return None if (page and page.text) or tree.has(_SHOWN) else "an empty page"


def hollow(tree: Node) -> str | None:
    """What a page has in place of lists and texts that could be read: a script that fetches them, or nothing
    but pictures or files of the printed pages."""
    if script := scripted(tree):
        return script
    if tree.has("a[href$='.pdf'], embed[src$='.pdf'], iframe[src*='.pdf'], object[data$='.pdf']"):
        return "the newspaper's pages are there as PDF files alone, without a text"
    if is_picture(tree):
        return "the newspaper's pages are there as pictures alone, without a text"
    return None


def scripted(tree: Node) -> str | None:
    """That a page has a script in place of its lists and texts, which fetches or builds them."""
    text = tree.text
    if posted := _posted(tree, of_news=len(text) >= _SHORT):
        return f"its scripts ask for what stands here by POST ({posted}), and only what GET answers is read"
    if len(text) < _SHORT and (called := _FETCHING.search(tree.scripts)):
        return (
            f"a script fetches what stands here ({called[0].strip('(')}), and no layout reads its interface"
        )
    if len(text) < _SHORT and tree.has(_BUILT) and tree.has("script[src]"):
        return "a script builds what stands here, and no layout reads its interface"
    if tree.has("[v-for], [ng-repeat], [data-ng-repeat]"):
        return "a script fills the template that stands here, and no layout reads its interface"
    return None


def _posted(tree: Node, *, of_news: bool) -> str:
    """The address to which a page's scripts post for what it shows; on a page that says much, where others
    count and search, one that names news."""
    for match in _POSTING.finditer(tree.scripts):
        address: str = next(filter(None, match.groups()))
        if _OF_NEWS.search(address) or not of_news:
            return address
    return ""


def says_little(tree: Node) -> bool:
    return len(tree.text) < _SHORT


def is_picture(tree: Node) -> bool:
    """Whether a page shows a picture and says little more: a cover, a page of advertisements."""
    return len(tree.text) < _SHORT and tree.has("img")


def refusal(tree: Node) -> str | None:
    """What stands in place of the page, in a few words; None when it looks like an ordinary page, or like
    nothing."""
    text = tree.text
    said = _said(tree)
    if found := _told(said):
        return found
    if tree.has("input[type=password]") and (len(text) <= _SHORT or _LOGIN.search(said)):
        return "a login form"
    if sold := parked(tree):
        return sold
    if len(text) < _SHORT // 4 and _SCRIPTED.search(tree.scripts):
        return "a script challenge"
    return None


def problem(tree: Node, fault: str, page: Page, *, further: bool = False) -> Problem:
    """Of a page on which something is missing: whether something stands in its place, or a new design.
    `further`: it is no list's first page."""
    status, reason = PollStatus.LAYOUT_CHANGED, fault
    if refused := barrier(tree) or refusal(tree):
        status, reason = PollStatus.BLOCKED, f"{refused} in place of the page"
    elif empty := nothing(tree):
        status, reason = PollStatus.BLOCKED, empty
    elif script := hollow(tree):
        reason = f"{fault}: {script}"
    return Problem(status, reason, page.asked or page.url, further and missing(tree))
