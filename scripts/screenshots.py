"""Every kind of page, light or dark, narrow or wide -> docs/screenshots/*.png, of a made-up country's news.

`python scripts/screenshots.py`, from the root of the repository; needs chromium, and quantises with pngquant
where that is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import ViewportSize, sync_playwright  # noqa: E402  (found from the root)

from feeds import permalinks  # noqa: E402
from tests.browser.conftest import CHROMIUM, SWITCHES  # noqa: E402
from tests.support.country import LONG, Country, country  # noqa: E402
from tests.support.valkey import running_valkey  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 390, "height": 844}


def shots(made: Country) -> list[tuple[str, str, ViewportSize, str]]:
    """Name, path, window and colours of each picture: the first window of a page, as people see it."""
    corrected, odd = made.items[0], next(item for item in made.items if item.title == LONG)
    day = corrected.published.date()
    return [
        ("home-wide-light", "/", WIDE, "light"),
        ("home-narrow-dark", "/", NARROW, "dark"),
        ("county-wide-light", "/region/511826/", WIDE, "light"),
        ("county-narrow-light", "/region/511826/", NARROW, "light"),
        ("edition-wide-light", f"/source/min-jiang/{day}/", WIDE, "light"),
        ("source-wide-dark", "/source/min-jiang/", WIDE, "dark"),
        ("item-wide-light", f"/{permalinks.path(corrected.id)}", WIDE, "light"),
        ("item-odd-narrow-light", f"/{permalinks.path(odd.id)}", NARROW, "light"),
        ("search-wide-light", "/search/?q=茶园&region=511800", WIDE, "light"),
        ("subscribe-wide-light", "/subscribe/?region=511826&region=511803", WIDE, "light"),
        ("status-wide-dark", "/status/", WIDE, "dark"),
        ("status-narrow-light", "/status/", NARROW, "light"),
        ("about-narrow-light", "/about/", NARROW, "light"),
        ("home-english-wide-light", "/en/", WIDE, "light"),
    ]


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("chromium is not installed: apt-get install chromium\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_valkey() as broker,
        country(Path(folder) / "room", broker=broker.url.replace("unix://", "redis+socket://")) as made,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        for name, path, size, scheme in shots(made):
            dark = "dark" if scheme == "dark" else "light"
            page = browser.new_page(base_url=made.url, viewport=size, color_scheme=dark)
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()
    pictures = sorted(FOLDER.glob("*.png"))
    if quantiser := shutil.which("pngquant"):
        subprocess.run([quantiser, "--force", "--ext", ".png", "64", *map(str, pictures)], check=True)
    size = sum(each.stat().st_size for each in pictures) / 1e6
    sys.stdout.write(f"{len(pictures)} pictures, {size:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
