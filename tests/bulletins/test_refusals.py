"""Challenges, logins and error pages with status 200, told from ordinary pages."""

from __future__ import annotations

import pytest

from bulletins.markup import parse
from bulletins.refusals import barrier, hollow, no_page, nothing, refusal

COOKIE = (
    "<script>document.cookie='pass='+[52,17].join('');setTimeout(function(){location.reload()},900)</script>"
)
NEWS = "<p>" + "山里的夜空不花钱，讲究的是把灯关掉。" * 30 + "</p>"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (f"<html><head><title>请稍候</title>{COOKIE}</head><body></body></html>", "a script challenge"),
        (f"{COOKIE}<noscript>请启用脚本后继续访问</noscript><p>正在检查您的浏览器</p>", "a script challenge"),
        ("<script>eval(atob('YQ=='))</script>", "a script challenge"),
        ("<title>Just a moment...</title>", "a challenge (Just a moment)"),
        ("<h1>安全验证</h1><p>请拖动滑块</p>", "a challenge (安全验证)"),
        ("<p>为保证正常访问，请输入验证码</p>", "a challenge (输入验证码)"),
        ("<title>403 Forbidden</title><center>nginx</center>", "an access refusal (Forbidden)"),
        ("<p>您的访问过于频繁，请稍后再试</p>", "an access refusal (访问过于频繁)"),
        ("<p>您的IP已被封禁</p>", "an access refusal (IP已被封)"),
        ("<p>您的请求可能存在威胁，已被拦截</p>", "an access refusal (请求可能存在威胁)"),
        ("<p>您的访问被阻断</p>", "an access refusal (访问被阻断)"),
        ("<title>404</title>", "an error page (404)"),
        ("<p>404错误：您要的网页已搬家</p>", "an error page (404)"),
        ("<p>抱歉，您访问的页面不存在</p>", "an error page (页面不存在)"),
        ("<p>找不到您要的页面</p>", "an error page (找不到您要的页面)"),
        ("<p>系统维护中</p>", "an error page (系统维护)"),
        ("<title>502 Bad Gateway</title>", "an error page (Bad Gateway)"),
        ("<h1>Internal Server Error</h1>", "an error page (Internal Server Error)"),
        ("<form><p>用户名<input><p>密码<input type=password></form>", "a login form"),
    ],
)
def test_what_stands_in_place_of_the_page(page: str, name: str) -> None:
    assert refusal(parse(page)) == name


def test_a_title_says_so_even_over_a_long_page() -> None:
    assert refusal(parse(f"<title>访问验证</title>{NEWS}")) == "a challenge (访问验证)"


@pytest.mark.parametrize(
    "page",
    [
        NEWS,
        f"<title>岷江科普报</title>{NEWS}",
        f"<title>岷江科普报</title>{COOKIE}{NEWS}",  # statistics set cookies too
        f"{NEWS}<p>反诈提醒：不要在陌生页面输入验证码，系统维护不会要你的密码。</p>",
        f"<form><input type=password></form>{NEWS}",
        f"<body><form id=aspnetForm>{COOKIE}{NEWS}</form></body>",
        "<p>电话：028-404-1234</p>",
        "<p>今日无稿</p>",
        "<script>var _hmt=_hmt||[];</script><p>今日无稿</p>",
        "",
    ],
)
def test_ordinary_pages(page: str) -> None:
    assert refusal(parse(page)) is None


@pytest.mark.parametrize(
    ("body", "label", "name"),
    [
        (b"%PDF-1.4\n%", None, "application/pdf"),
        (b"\r\n%PDF-1.4\n%", "text/html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0", "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", None, "image/jpeg"),
        (b"GIF89a\x01", None, "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", None, "image/webp"),
        (b"PK\x03\x04\x14", "text/html; charset=utf-8", "application/zip"),
        (b"BM\x36", "image/bmp", "image/bmp"),
        (b"no picture", "Image/JPEG; q=1", "image/jpeg"),
        (b"", "application/pdf", "application/pdf"),
        (b"\xd0\xcf\x11\xe0", "application/msword", "application/msword"),
        (b"\0\1\2", "application/octet-stream", "application/octet-stream"),
    ],
)
def test_a_file_is_told_from_a_page(body: bytes, label: str | None, name: str) -> None:
    assert no_page(body, label) == f"not a web page ({name})"


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (b"<p>%PDF-1.4</p>", None),
        (NEWS.encode(), "application/octet-stream"),
        (NEWS.encode(), "text/plain"),
        (NEWS.encode(), "application/xhtml+xml"),
        (b"\n<!DOCTYPE html><title>PK</title>", "application/pdf"),
        (b"<html><body>" + NEWS.encode(), "image/jpeg"),
        (NEWS.encode("utf-16"), "application/octet-stream"),
        (NEWS.encode("utf-16-le"), "application/octet-stream"),
        (b"\0" + NEWS.encode(), "text/html"),
        (b"", None),
        (b"", "text/html"),
    ],
)
def test_what_may_be_a_page_is_left_to_the_layouts(body: bytes, label: str | None) -> None:
    assert no_page(body, label) is None


@pytest.mark.parametrize(
    "page",
    ["", " \n", "<title>岷江科普报</title>", "<!-- 空 --><body><div>　&nbsp;</div><style>p{}</style></body>"],
)
def test_nothing_to_see(page: str) -> None:
    assert nothing(parse(page)) == "an empty page"


@pytest.mark.parametrize(
    "page",
    [
        "<p>一</p>",
        "一",
        "<img src=a>",
        "<frameset><frame src=a></frameset>",
        "<iframe src=a></iframe>",
        COOKIE,
    ],
)
def test_something_to_see(page: str) -> None:
    assert nothing(parse(page)) is None


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (
            "<script>$_ts=window['$_ts'];$_ts.nsd=1</script><script src=/4Qb/c.dfe.js></script>",
            "a script challenge",
        ),
        ("<p>请开启JavaScript并刷新该页。</p><script src=/_guard/auto.js></script>", "a script challenge"),
        ("<h2>环境异常</h2><p>完成验证后即可继续访问。</p><a>去验证</a>", "a challenge (环境异常)"),
        ("<p>请按住滑块，拖动到最右边</p>", "a challenge (按住滑块)"),
        ("<p>当前访问疑似黑客攻击，已被设置为拦截</p>", "an access refusal (疑似黑客攻击)"),
        (
            "<div class=weui-msg>该内容已被发布者删除</div>",
            "a notice that the article was taken down (内容已被发布者删除)",
        ),
        ("<p>您访问的页面不存在或已删除！</p><p>3秒后跳转到首页</p>", "an error page (页面不存在)"),
    ],
)
def test_a_page_that_is_nothing_but_a_refusal_is_looked_at_no_further(page: str, name: str) -> None:
    assert barrier(parse(page)) == name


@pytest.mark.parametrize(
    "page",
    [
        "<h1>反诈提醒</h1><p>不要在陌生页面输入验证码。银行不会这样问。</p>",
        "<h1>关于系统维护的通知</h1><p>3月9日夜间进行系统维护，届时停止服务。</p>",
        "<title>第404期</title><p>今日要闻</p>",
        f"<title>访问验证</title>{NEWS}",
    ],
)
def test_a_short_article_is_no_barrier(page: str) -> None:
    assert barrier(parse(page)) is None


@pytest.mark.parametrize(
    "page",
    [
        "<div id=__nuxt></div><script src=/_nuxt/a.js></script>",
        f"<p>{'政务公开 ' * 90}</p><ul><li v-for='one in list'>{{{{one.title}}}}</li></ul>",
    ],
)
def test_what_a_script_builds_is_named(page: str) -> None:
    assert "script" in (hollow(parse(page)) or "")


def test_a_long_page_of_a_login_is_one() -> None:
    assert refusal(parse(f"<title>用户登录</title><input type=password>{NEWS}")) == "a login form"
