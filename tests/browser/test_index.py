"""The reading room in a real browser: the finder, both widths, day and night, without a complaint."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support import newsroom
from tests.support.serving import serving
from worker.config import Settings
from worker.store import open_store
from worker.web import create_app

CHROMIUM = shutil.which("chromium")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


class Quiet:
    """A service that these pages never ask anything of, and which must therefore not answer."""

    def __init__(self, nowhere: Path) -> None:
        self.store = open_store(f"sqlite:///{nowhere}")

    def sources(self) -> Any:
        raise AssertionError

    catalogue = check = sources


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    public = tmp_path_factory.mktemp("public")
    settings = Settings.model_validate({"service": {"public_dir": public}})
    with serving(create_app(settings, Quiet(public / "nothing" / "dibao.db"))) as url:
        for document in newsroom.published(url):
            path = public / document.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.body)
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, base_url: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh window; what the test asks for by an indirect parameter goes to Playwright."""
    made = browser.new_context(base_url=base_url, **{"viewport": DESKTOP, **getattr(request, "param", {})})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, base_url: str) -> Iterator[Page]:
    """A page whose console, errors and requests are watched; anything amiss fails the test."""
    opened = context.new_page()
    amiss: list[str] = []
    opened.on("console", lambda message: amiss.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: amiss.append(f"error: {error}"))
    # ERR_ABORTED: the page was left before its icon came
    opened.on(
        "requestfailed",
        lambda request: (
            None
            if request.failure == "net::ERR_ABORTED"
            else amiss.append(f"failed: {request.url} {request.failure}")
        ),
    )
    opened.on(
        "response", lambda reply: amiss.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None
    )
    opened.on("request", lambda asked: None if asked.url.startswith(base_url) else amiss.append(asked.url))
    yield opened
    assert amiss == []


def visible_places(page: Page) -> list[str]:
    return page.locator(".regions .to:visible").all_text_contents()


@pytest.mark.parametrize(
    "typed", ["芦山", "芦山县", "lushan", "LuShan", "ls", "Lúshān", " ls ", "四川 芦山", "sichuan ls"]
)
def test_a_county_is_found_as_people_type(page: Page, typed: str) -> None:
    page.goto("/")
    page.get_by_label("找一个县、市、省").fill(typed)
    assert visible_places(page) == ["四川省", "雅安市", "芦山县"]
    expect(page.get_by_role("status")).to_have_text("找到 1 个地区")
    expect(page.locator(".hit > .row .to")).to_have_text(["芦山县"])
    expect(page.get_by_role("heading", name="最新消息")).to_be_hidden()


def test_a_prefecture_shows_its_counties(page: Page) -> None:
    page.goto("/")
    page.get_by_label("找一个县、市、省").fill("雅安")
    assert visible_places(page) == ["四川省", "雅安市", "雨城区", "名山区", "芦山县"]


def test_what_is_not_there_is_said_and_clearing_brings_everything_back(page: Page) -> None:
    page.goto("/")
    everything = visible_places(page)
    finder = page.get_by_label("找一个县、市、省")
    finder.fill("atlantis")
    assert visible_places(page) == []
    expect(page.get_by_role("status")).to_contain_text("没有找到")
    finder.fill("")
    assert visible_places(page) == everything
    expect(page.get_by_role("status")).to_have_text("")
    expect(page.get_by_role("heading", name="最新消息")).to_be_visible()


def test_enter_opens_the_county_and_back_returns_to_the_search(page: Page) -> None:
    page.goto("/")
    finder = page.get_by_label("找一个县、市、省")
    finder.fill("ls")
    finder.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("芦山县")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("邸报")


def test_a_headline_opens_its_text_on_the_countys_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="雨城区少年科学院迎来第一批").click()
    article = page.locator("article:target")
    expect(article.get_by_role("heading")).to_contain_text("雨城区少年科学院")
    expect(article.get_by_text("导师不讲答案")).to_be_visible()


def test_an_item_folds_and_unfolds(page: Page) -> None:
    page.goto("/region/510000/")
    folded = page.get_by_text("导师不讲答案")
    expect(folded).to_be_hidden()
    page.locator("summary", has_text="雨城区少年科学院").click()
    expect(folded).to_be_visible()


@pytest.mark.parametrize(
    "context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True, ids=["clipboard"]
)
def test_an_address_is_copied(page: Page, base_url: str) -> None:
    page.goto("/region/511826/")
    button = page.get_by_role("button", name="复制 Atom 地址")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == f"{base_url}/feeds/region/511826.atom"


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_without_scripts_everything_is_there_to_read(page: Page) -> None:
    page.goto("/")
    assert len(visible_places(page)) == 13
    expect(page.locator("input, button.copy").locator("visible=true")).to_have_count(0)
    expect(page.get_by_role("heading", name="最新消息")).to_be_visible()


def test_the_keyboard_reaches_the_news_first(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()


@pytest.mark.parametrize(
    "context",
    [{"viewport": size, "color_scheme": scheme} for size in (DESKTOP, PHONE) for scheme in ("light", "dark")],
    indirect=True,
    ids=["desktop, light", "desktop, dark", "phone, light", "phone, dark"],
)
@pytest.mark.parametrize("path", ["/", "/region/511826/", "/region/510000/", "/column/di-fang-ke-xie/"])
def test_a_page_fits_its_window(page: Page, path: str, tmp_path: Path) -> None:
    page.goto(path)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, "the page scrolls sideways"
    beyond = page.evaluate(
        "[...document.querySelectorAll('main *')]"
        ".filter((e) => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert beyond == []
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(24, 22, 19)" if dark else "rgb(251, 248, 241)")
    assert (
        page.locator("h1")
        .evaluate("(h) => getComputedStyle(h).fontFamily")
        .startswith('"Source Han Serif SC"')
    )


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
