"""What the pages weigh on a telephone, when they stand there, and how Lighthouse judges them.

`python -m benchmarks.rooms`. The country of the browser's tests, served by the real door; headless chromium,
with the line and the processor that Lighthouse takes a telephone to have. Loopback only.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from feeds import permalinks
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.support.country import Country, country
from tests.support.valkey import running_valkey

_ROUNDS = 5
_PHONE: ViewportSize = {"width": 412, "height": 823}
_SLOW = 4  # times: how much slower than this machine a telephone is
_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 204_800,
    "uploadThroughput": 92_160,
}  # ms, B/s
_WATCH = """
window.shifted = 0; window.largest = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.largest = one.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
"""
_READ = """() => {
  const parts = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const [first] = performance.getEntriesByName('first-contentful-paint');
  return {
    bytes: parts.reduce((sum, one) => sum + one.transferSize, 0),
    head: parts[0].transferSize, requests: parts.length,
    first: first.startTime, largest: window.largest, shifted: window.shifted,
  };
}"""
_JUDGED = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it came: bytes of the document and of everything, times in ms, and how much it moved."""

    head: float
    bytes: float
    requests: float
    first: float
    largest: float
    shifted: float


def run() -> str:
    """The section of BENCHMARKS.md."""
    title = "## The rooms on a telephone\n\n"
    if CHROMIUM is None:
        return f"{title}Skipped: chromium is not installed (Debian: apt-get install chromium).\n"
    with (
        tempfile.TemporaryDirectory() as folder,
        running_valkey() as broker,
        country(Path(folder) / "room", broker=broker.url.replace("unix://", "redis+socket://")) as made,
    ):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
            seen = {name: _look(browser, made.url + path) for name, path in _pages(made).items()}
            browser.close()
        judged = _judged(made, Path(folder))
    return title + _words() + _table(seen) + "\n\n" + _verdicts(judged)


def _pages(made: Country) -> dict[str, str]:
    return {
        "home": "/",
        "county": "/region/511826/",
        "province": "/region/510000/",
        "item": f"/{permalinks.path(made.items[0].id)}",
        "search": f"/search/?q={quote('茶园')}",
        "status": "/status/",
    }


def _look(browser: Browser, url: str) -> Seen:
    """The medians of some visits, each as the first."""
    found: list[Mapping[str, float]] = []
    for _ in range(_ROUNDS):
        context = browser.new_context(viewport=_PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.emulateNetworkConditions", _LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW})
        page.add_init_script(_WATCH)
        page.goto(url, wait_until="networkidle")
        found.append(page.evaluate(_READ))
        context.close()
    return Seen(**{name: statistics.median(one[name] for one in found) for name in Seen.__slots__})


def _judged(made: Country, folder: Path) -> dict[str, dict[str, int]]:
    """By page, Lighthouse's scores out of 100; empty where it cannot be had."""
    tool = _lighthouse()
    if tool is None:
        return {}
    switches = " ".join(("--headless=new", *SWITCHES))
    found: dict[str, dict[str, int]] = {}
    for name, path in _pages(made).items():
        report = folder / f"{name}.json"
        asked = [
            str(tool),
            made.url + path,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--output-path={report}",
        ]
        asked.append(f"--chrome-flags={switches}")
        done = subprocess.run(
            asked, env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, check=False, timeout=180
        )
        if done.returncode == 0:
            told = json.loads(report.read_text("utf-8"))["categories"]
            found[name] = {each: round(100 * (told[each]["score"] or 0)) for each in _JUDGED}
    return found


def _lighthouse() -> Path | None:
    """The tool in the version that is pinned beside this file; None without npm or its registry."""
    home = Path(__file__).parent / "lighthouse"
    tool = home / "node_modules" / ".bin" / "lighthouse"
    if not tool.exists() and shutil.which("npm"):
        quietly = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
        subprocess.run(["npm", "install", *quietly], cwd=home, check=False, timeout=300)
    return tool if tool.exists() else None


def _words() -> str:
    return (
        f"Medians of {_ROUNDS} first visits on a line of 1.6 Mbit/s with 150 ms to the server and back, by a"
        f" processor {_SLOW} times slower than ours. The document and the style sheet have to come before the"
        " first text; everything of home and county is to be under 60 KB.\n\n"
    )


def _table(seen: Mapping[str, Seen]) -> str:
    lines = [
        "| page | document | everything | requests | first text | largest text | moved |",
        "|---|" + "---|" * 6,
    ]
    lines += [
        f"| {name} | {one.head / 1000:.1f} KB | {one.bytes / 1000:.1f} KB | {one.requests:.0f} |"
        f" {one.first:.0f} ms | {one.largest:.0f} ms | {one.shifted:.3f} |"
        for name, one in seen.items()
    ]
    return "\n".join(lines)


def _verdicts(judged: Mapping[str, Mapping[str, int]]) -> str:
    if not judged:
        return "Lighthouse was not to be had: it needs npm and a registry.\n"
    lines = ["| Lighthouse, mobile | " + " | ".join(_JUDGED) + " |", "|---|" + "---|" * len(_JUDGED)]
    lines += [
        f"| {name} | " + " | ".join(str(one[each]) for each in _JUDGED) + " |" for name, one in judged.items()
    ]
    asked = "Asked: 95 or more for home and county. Search and status ask search engines to stay away."
    return "\n".join(lines) + f"\n\n{asked}\n"


if __name__ == "__main__":
    sys.stdout.write(run())
