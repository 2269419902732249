"""Pages of a made-up country's news -> docs/screenshots/: some as people see them first (*.png), and every
kind on a sheet of four, wide and narrow, light and dark, from top to bottom (kinds/*.jpg).

`python scripts/screenshots.py`, from the root of the repository; needs chromium, and quantises with pngquant
where that is installed.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, ViewportSize, sync_playwright  # noqa: E402  (found from the root)

from feeds import permalinks  # noqa: E402
from tests.browser.conftest import CHROMIUM, SWITCHES  # noqa: E402
from tests.browser.test_rooms import kinds  # noqa: E402
from tests.support.country import LONG, Country, country  # noqa: E402
from tests.support.valkey import running_valkey  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 390, "height": 844}
TALLEST = 960  # of a page on a sheet


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


def taken(browser: Browser, url: str, size: ViewportSize, scheme: str, *, whole: bool = False) -> bytes:
    """The first window of a page, or the `whole` page."""
    dark = "dark" if scheme == "dark" else "light"
    page = browser.new_page(viewport=size, color_scheme=dark)
    page.goto(url, wait_until="networkidle")
    made = page.screenshot(full_page=whole)
    page.close()
    return made


def sheet(browser: Browser, url: str) -> bytes:
    """A page in its four looks, side by side; what is longer than a few windows is cut off."""
    looks = [
        (480 if size is WIDE else 175, taken(browser, url, size, scheme, whole=True))
        for scheme in ("light", "dark")
        for size in (WIDE, NARROW)
    ]
    pictures = "".join(
        f"<img width={width} src='data:image/png;base64,{base64.b64encode(one).decode()}'>"
        for width, one in looks
    )
    page = browser.new_page(viewport={"width": 1350, "height": 400})
    page.set_content(
        "<style>body { margin: 8px; background: #999; display: flex; gap: 8px; align-items: start }"
        f" img {{ max-height: {TALLEST}px; object-fit: cover; object-position: top }}</style>" + pictures
    )
    made = page.screenshot(type="jpeg", quality=70, full_page=True)
    page.close()
    return made


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("chromium is not installed: apt-get install chromium\n")
        return 1
    (FOLDER / "kinds").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_valkey() as broker,
        country(Path(folder) / "room", broker=broker.url.replace("unix://", "redis+socket://")) as made,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        for name, path, size, scheme in shots(made):
            (FOLDER / f"{name}.png").write_bytes(taken(browser, made.url + path, size, scheme))
        for name, path in kinds(made).items():
            for role in (
                "beat",
                "worker",
            ):  # they are heard of while pictures are taken, however long that is
                made.store.beat(role, datetime.now(UTC))
            (FOLDER / "kinds" / f"{name.replace(' ', '-')}.jpg").write_bytes(sheet(browser, made.url + path))
        browser.close()
    pictures = sorted(FOLDER.glob("*.png"))
    if quantiser := shutil.which("pngquant"):
        subprocess.run([quantiser, "--force", "--ext", ".png", "64", *map(str, pictures)], check=True)
    pictures += FOLDER.glob("kinds/*.jpg")
    weight = sum(each.stat().st_size for each in pictures) / 1e6
    sys.stdout.write(f"{len(pictures)} pictures, {weight:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
