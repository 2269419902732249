"""A made-up country that is read in a real browser: one site and one browser for all tests of a process."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.country import Country, country

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
DESKTOP = {"width": 1440, "height": 900}
READERS = Path(__file__).parents[1] / "readers"


@pytest.fixture(scope="package")
def room() -> Iterator[Country]:
    # In memory where there is such a place: a thousand files that are made durable are not what is tested.
    shared = Path("/dev/shm")  # noqa: S108  (a folder of its own is made there)
    with (
        tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder,
        country(Path(folder) / "room", days=15) as made,
    ):
        yield made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, room: Country, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh window; what the test asks for by an indirect parameter goes to Playwright."""
    made = browser.new_context(base_url=room.url, **{"viewport": DESKTOP, **getattr(request, "param", {})})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, room: Country) -> Iterator[Page]:
    """A page whose console, errors and requests are watched; anything amiss fails the test."""
    opened = context.new_page()
    amiss: list[str] = []
    opened.on("console", lambda message: amiss.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: amiss.append(f"error: {error}"))
    # ERR_ABORTED: the page was left before its icon came, or it turned out to be a download
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
    opened.on("request", lambda asked: None if asked.url.startswith(room.url) else amiss.append(asked.url))
    yield opened
    assert amiss == []


@pytest.fixture(scope="package")
def axe() -> str:
    """The script of axe-core, in the version that package.json pins."""
    script = READERS / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        quietly = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
        subprocess.run(["npm", "install", *quietly], cwd=READERS, check=True, timeout=120)
    return script.read_text("utf-8")
