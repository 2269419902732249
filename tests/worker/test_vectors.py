"""Scripts that pages hold, published and read in a real browser: none of them runs, and the text is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Dialog, sync_playwright

from tests.feeds.validity import ATOM, CONTENT, parsed
from tests.support.nasty import Served
from tests.support.vectors import VECTORS

CHROMIUM = shutil.which("chromium")
READER = "http://reader.test/"
# Every element of an entry is pointed at, focused and used, as a reader may.
_TOUCH = """() => {
  for (const element of document.querySelectorAll("article *")) {
    for (const kind of ["mouseover", "pointerdown", "focus", "click", "toggle", "animationstart", "start"]) {
      element.dispatchEvent(new Event(kind, {bubbles: false}));
    }
  }
}"""
_SHOWN = "Object.fromEntries([...document.querySelectorAll('article')].map(e => [e.id, e.innerText]))"
_SCHEMES = """() => [...document.querySelectorAll("article *")]
  .flatMap(element => ["href", "src", "action", "data"].map(name => element.getAttribute(name)))
  .filter(Boolean)
  .map(address => URL.canParse(address) ? new URL(address).protocol : address)"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield launched
        launched.close()


def show(browser: Browser, entries: Mapping[str, str]) -> tuple[list[str], dict[str, str], list[str]]:
    """A page of these entries, each pasted as HTML: in which of them a script ran, what each shows, and the
    schemes of all addresses. No request leaves the browser."""
    page = browser.new_page()
    articles = "".join(f'<article id="{name}">{markup}</article>' for name, markup in entries.items())
    script = "window.hits = []; window.hit = () => hits.push(1);"
    html = f'<!doctype html><meta charset="utf-8"><script>{script}</script><body>{articles}</body>'
    page.route("**/*", lambda route: route.abort())
    page.route(READER, lambda route: route.fulfill(body=html, content_type="text/html"))
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.goto(READER, wait_until="load")
    page.evaluate(_TOUCH)
    page.wait_for_load_state("networkidle")
    hits = ["hit"] * int(page.evaluate("window.hits.length"))
    shown = page.evaluate(_SHOWN)
    schemes = page.evaluate(_SCHEMES)
    page.close()
    return hits + dialogs, shown, sorted(set(schemes))


def contents(worst: Served) -> Iterator[tuple[str, dict[str, str]]]:
    """By format and part, the markup of every entry of a vector, by its title."""
    documents = worst.documents()
    rss = list(parsed(documents["/feeds/all.rss"]).iter("item"))
    atom = list(parsed(documents["/feeds/all.atom"]).iter(f"{ATOM}entry"))
    items = json.loads(documents["/feeds/all.json"])["items"]
    yield "rss", {one.findtext("title"): one.findtext(CONTENT) for one in rss}
    yield "rss description", {one.findtext("title"): one.findtext("description") for one in rss}
    yield "atom", {one.findtext(f"{ATOM}title"): one.findtext(f"{ATOM}content") for one in atom}
    yield "json", {one["title"]: one["content_html"] for one in items}


def test_the_vectors_run_where_nothing_is_cleaned(browser: Browser) -> None:
    """So that the test below could fail: many of them work in today's browsers, side by side on one page."""
    hits, _, schemes = show(browser, {str(n): vector for n, vector in enumerate(VECTORS)})
    assert len(hits) > 20
    assert "javascript:" in schemes


def test_no_script_runs_and_the_text_is_read(browser: Browser, worst: Served) -> None:
    for part, found in contents(worst):
        entries = {title: markup for title, markup in found.items() if title.startswith("试验")}
        assert len(entries) == len(VECTORS)
        hits, shown, schemes = show(browser, entries)
        assert hits == [], part
        assert set(schemes) <= {"http:", "https:"}, part
        for title, text in shown.items():
            assert "这里是前文。" in text, (part, title)
            if part != "rss description":
                assert "这里是后文。" in text, (part, title)


def test_a_title_runs_nothing_where_it_is_taken_for_html(browser: Browser, worst: Served) -> None:
    for suffix in ("rss", "atom"):
        tree = parsed(worst.documents()[f"/feeds/all.{suffix}"])
        titles = [title.text for title in tree.iter("title", f"{ATOM}title")]
        hits, shown, _ = show(browser, {str(n): title for n, title in enumerate(titles)})
        assert hits == []
        assert list(shown.values()) == titles
