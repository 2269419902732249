"""The rooms in a real browser: what people come for, on all that they come with."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import feedparser
import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from feeds import permalinks
from feeds.site.wording import worded
from tests.browser.conftest import CHROMIUM
from tests.support.country import LONG, Country
from worker.incidents import SILENCE

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
SCRIPTED = pytest.mark.parametrize(
    "context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True, ids=["clipboard"]
)
FINDER = "找一个县、市、省，或者搜消息"


def kinds(room: Country) -> dict[str, str]:
    """Every kind of page, by name."""
    odd = next(item for item in room.items if item.title == LONG)
    corrected, withdrawn = room.items[0], room.items[5]
    day = corrected.published.date()
    return {
        "home": "/",
        "county": "/region/511826/",
        "prefecture": "/region/511800/",
        "columns": "/column/",
        "column": "/column/di-fang-ke-xie/",
        "section": "/region/511800/column/di-fang-ke-xie/",
        "sources": "/source/",
        "source": "/source/min-jiang/",
        "source held back": "/source/jia-ling/",
        "edition": f"/source/min-jiang/{day}/",
        "item corrected": f"/{permalinks.path(corrected.id)}",
        "item odd": f"/{permalinks.path(odd.id)}",
        "item withdrawn": f"/{permalinks.path(withdrawn.id)}",
        "about": "/about/",
        "search": f"/search/?q={quote('茶园')}",
        "search without": f"/search/?q={quote('没有这样的词')}",
        "subscribe": "/subscribe/?region=511826&column=di-fang-ke-xie",
        "status": "/status/",
        "incident": "/status/incidents/1/",
        "home in English": "/en/",
        "item in English": f"/en/{permalinks.path(odd.id)}",
        "status in English": "/en/status/",
    }


# What people come for


@SCRIPTED
@pytest.mark.parametrize("typed", ["芦山", "LuShan", "ls", "Lúshān", "四川 芦山", "sichuan ls"])
def test_find_my_county_and_subscribe(page: Page, room: Country, typed: str) -> None:
    page.goto("/")
    finder = page.get_by_label(FINDER)
    finder.fill(typed)
    expect(page.locator("#hits a").first).to_have_text("四川省雅安市芦山县")
    finder.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("芦山县")
    button = page.get_by_role("button", name="复制 Atom 地址")
    button.click()
    expect(button).to_have_text("已复制")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{room.url}/feeds/region/511826.atom"
    assert feedparser.parse(httpx.get(address).content).entries


@pytest.mark.skipif(
    shutil.which("newsboat") is None, reason="newsboat is not installed (Debian: apt install newsboat)"
)
def test_tick_take_the_list_and_load_it_in_newsboat(page: Page, tmp_path: Path) -> None:
    page.goto("/subscribe/")
    for name in ("芦山县", "名山区", "雨城区", "地方科协"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="它现在有这些")).to_be_visible()
    expect(page.locator(".address").first).to_contain_text(
        "region=511802,511803,511826&column=di-fang-ke-xie"
    )
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载 OPML").click()
    taken.value.save_as(tmp_path / "list.opml")
    files = ("-u", f"{tmp_path}/urls", "-c", f"{tmp_path}/cache.db", "-C", f"{tmp_path}/config")
    (tmp_path / "urls").touch()
    (tmp_path / "config").touch()
    subprocess.run(["newsboat", *files, "-i", f"{tmp_path}/list.opml"], check=True, timeout=30)
    subscribed = (tmp_path / "urls").read_text().split()
    ticked = [f"region/{code}/column/di-fang-ke-xie" for code in ("511802", "511803", "511826")]
    addresses = [each.partition("/feeds/")[2] for each in subscribed if each.startswith("http")]
    assert addresses == [f"{each}.atom" for each in ticked]
    done = ["newsboat", *files, "-x", "reload", "print-unread"]
    said = subprocess.run(done, check=True, timeout=60, capture_output=True, text=True).stdout
    assert int(said.split()[0]) > 0


@SCRIPTED
def test_search_and_follow_the_search(page: Page) -> None:
    page.goto("/")
    page.get_by_label(FINDER).fill("茶园")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("mark").first).to_have_text("茶园")
    assert set(page.locator(".story mark").all_text_contents()) == {"茶园"}
    page.get_by_label("地区").select_option(label="　雅安市")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("select#region option:checked")).to_have_text("　雅安市")
    page.get_by_role("button", name="复制 RSS 地址").click()
    address = page.evaluate("navigator.clipboard.readText()")
    read = feedparser.parse(httpx.get(address).content)
    assert read.entries
    shown = page.locator(".story h3").all_text_contents()
    assert {entry.title for entry in read.entries} >= set(shown)


def test_an_operator_finds_out_why_a_source_is_stale(page: Page, room: Country) -> None:
    page.goto("/status/")
    row = page.get_by_role("row", name="大渡河晚报")
    expect(row.first).to_contain_text("久未更新")
    expect(row.first).not_to_contain_text("正常")
    page.get_by_role("link", name="大渡河晚报 · 久未更新").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("大渡河晚报 · 久未更新")
    (lasting,) = room.store.open_incidents(SILENCE)
    for words in (lasting.cause.reason, lasting.cause.action):
        expect(page.locator("dl.facts")).to_contain_text(re.sub(r"<[^>]+>", "", worded(words)))
    expect(page.locator("dl.facts [lang=en]")).to_have_count(0)
    expect(page.locator(".command code").last).to_have_text("dibao run --source da-du")
    expect(page.locator(".board tbody tr")).to_have_count(1)
    page.locator("dl.facts").get_by_role("link", name="大渡河晚报").click()
    expect(page.locator(".story")).to_have_count(28)


def test_an_operator_finds_out_why_a_source_is_held_back(page: Page) -> None:
    page.goto("/status/")
    expect(page.locator(".verdict")).to_contain_text("要看")
    row = page.get_by_role("row", name="嘉陵农技周刊")
    expect(row).to_contain_text("等人查看")
    held = page.locator("article.held")
    expect(held).to_contain_text("有栏目的文章：0，以前是1")
    expect(held.locator("code").first).to_have_text("dibao quarantine show 1")
    page.get_by_role("link", name="嘉陵农技周刊 · 内容待人工确认").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("嘉陵农技周刊")
    expect(page.locator("dl.facts")).to_contain_text("有栏目的文章：0，以前是1")
    expect(page.locator("dl.facts")).to_contain_text(
        "订阅源保持原样；运行 dibao quarantine show 1，看看会发布什么"
    )
    expect(page.locator("dl.facts [lang=en]")).to_have_count(0)
    expect(page.locator(".board tbody tr").first).to_contain_text("等人查看")


def test_where_there_is_no_clipboard_the_address_is_selected(page: Page, room: Country) -> None:
    """A page that came over plain http from elsewhere than the machine itself has none."""
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/region/511826/")
    button = page.get_by_role("button", name="复制 Atom 地址")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("getSelection().toString()") == f"{room.url}/feeds/region/511826.atom"


# What they come with


@pytest.fixture(scope="module")
def mute(browser: Browser, room: Country) -> Iterator[Page]:
    """A page without scripts."""
    context = browser.new_context(base_url=room.url, java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def test_without_scripts_a_county_is_found_and_its_address_is_there(mute: Page, room: Country) -> None:
    mute.goto("/")
    mute.get_by_label(FINDER).fill("lushan")
    mute.get_by_role("button", name="搜索").click()
    mute.get_by_role("link", name="四川省雅安市芦山县").click()
    expect(mute.locator(".address").first).to_have_text(f"{room.url}/feeds/region/511826.rss")
    expect(mute.locator("button.copy").locator("visible=true")).to_have_count(0)


def test_a_county_is_two_clicks_away(mute: Page) -> None:
    mute.goto("/")
    for name in ("雅安市", "芦山县"):
        mute.locator(".regions").get_by_role("link", name=name, exact=True).click()
    expect(mute.get_by_role("heading", level=1)).to_have_text("芦山县")


def test_the_keyboard_reaches_the_news_first(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()


def test_what_is_not_there_is_said_and_enter_searches(page: Page) -> None:
    page.goto("/")
    finder = page.get_by_label(FINDER)
    finder.fill("atlantis")
    expect(page.locator("#found")).to_contain_text("没有这个名字")
    finder.press("Enter")
    expect(page.locator("p.none")).to_contain_text("没有找到")


def test_every_page_is_fit_for_everyone(browser: Browser, room: Country, axe: str) -> None:
    """axe-core finds nothing, narrow or wide, light or dark (of its rules only that of colours asks which),
    and nothing runs out of the window."""
    colours = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    target = {"target-size": {"enabled": True}}  # which Lighthouse asks for too
    all_rules = {"rules": target, "resultTypes": ["violations"]}
    context = browser.new_context(base_url=room.url, viewport=PHONE)
    page = context.new_page()
    found: list[str] = []
    for name, path in kinds(room).items():
        reply = page.goto(path)
        assert reply is not None
        assert reply.ok, path
        page.evaluate(axe)
        for size, scheme, rules in (
            (PHONE, "light", all_rules),
            (PHONE, "dark", colours),
            (DESKTOP, "dark", colours),
            (DESKTOP, "light", all_rules),
        ):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found.append(f"{name} at {size['width']}: scrolls sideways by {wide}")
            for each in page.evaluate("async (rules) => (await axe.run(rules)).violations", rules):
                nodes = [node["html"][:150] for node in each["nodes"][:3]]
                found.append(f"{name} at {size['width']}, {scheme}: {each['id']}: {nodes}")
    context.close()
    assert found == []


def test_a_huge_picture_comes_from_its_newspaper_and_stays_in_its_column(
    browser: Browser, room: Country
) -> None:
    odd = next(item for item in room.items if item.title == LONG)
    context = browser.new_context(base_url=room.url, viewport=PHONE)
    page = context.new_page()
    page.goto(f"/{permalinks.path(odd.id)}")
    picture = page.locator(".text img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 6000
    box = picture.bounding_box()
    assert box is not None
    assert 0 < box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    asked = [one for one in room.pictures.requests if one.path == "/huge.png"]
    assert asked
    assert all("referer" not in one.headers for one in asked)
    context.close()


def test_home_and_county_weigh_little(browser: Browser, room: Country) -> None:
    """Everything that comes over the wire for them, and nothing moves once it is there."""
    for path in ("/", "/region/511826/", "/region/510000/"):
        context = browser.new_context(base_url=room.url, viewport=PHONE)
        page = context.new_page()
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
            " window.moved += one.value; }).observe({type: 'layout-shift', buffered: true});"
        )
        page.goto(path, wait_until="networkidle")
        sent = page.evaluate(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".reduce((sum, one) => sum + one.transferSize, 0)"
        )
        assert 0 < sent < 60_000, path
        assert page.evaluate("window.moved") == 0, path
        context.close()


def test_scripts_from_elsewhere_do_not_run(context: BrowserContext) -> None:
    """The policy itself, as the browser applies it: what a page must not load is refused."""
    page = context.new_page()
    page.goto("/")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.body.append(s); }"
        )
    assert page.evaluate("window.ran") is None


def test_a_qr_code_is_drawn_where_it_is_asked_for(page: Page) -> None:
    page.goto("/region/511826/")
    page.get_by_text("自建阅读器、扫码").click()
    code = page.locator(".qr img")
    code.scroll_into_view_if_needed()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
