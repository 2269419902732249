"""The path of base_url: everything is served below it, and still at the root, as a proxy asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import lxml.html
import pytest

from tests.support.serving import serving
from tests.worker.test_web import State, put
from worker.config import Settings
from worker.store import open_store
from worker.web import create_app


@contextmanager
def serve(public: Path, base_url: str) -> Iterator[httpx.Client]:
    put(public / "feeds/all.rss", b"<rss/>")
    put(public / "region/511826/index.html", b"<!doctype html>")
    settings = Settings.model_validate({"service": {"public_dir": public, "base_url": base_url}})
    store = open_store(f"sqlite:///{public / 'nothing' / 'dibao.db'}")  # never asked with success
    with serving(create_app(settings, State(store))) as url, httpx.Client(base_url=url) as client:
        yield client
    store.dispose()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[httpx.Client]:
    with serve(tmp_path, "https://kepu.example/公报/dibao/") as client:
        yield client


PREFIX = "/%E5%85%AC%E6%8A%A5/dibao"


@pytest.mark.parametrize(
    "path", ["/", "/feeds/all.rss", "/feeds.json", "/region/511826/", "/livez", "/readyz"]
)
def test_all_is_served_below_the_path_and_at_the_root(web: httpx.Client, path: str) -> None:
    below, above = web.get(PREFIX + path), web.get(path)
    assert (below.status_code, below.content) == (200, above.content)
    volatile = {"date", "server"}
    assert {name: value for name, value in below.headers.items() if name not in volatile} == {
        name: value for name, value in above.headers.items() if name not in volatile
    }
    assert web.get(PREFIX.lower() + path).content == above.content


@pytest.mark.parametrize("page", ["/", "/nothing", "/no/such/page"])
def test_links_on_a_page_keep_the_path(web: httpx.Client, page: str) -> None:
    shown = web.get(PREFIX + page)
    (style,) = lxml.html.fromstring(shown.content).xpath("//link[@rel='stylesheet']/@href")
    address = urljoin(str(shown.url), style)
    assert httpx.URL(address).raw_path.startswith(PREFIX.encode() + b"/assets/")
    assert web.get(address).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    ("path", "location"),
    [("", "./dibao/"), ("?a=b", "./dibao/?a=b"), ("/region/511826", "./511826/")],
)
def test_redirects_keep_the_path(web: httpx.Client, path: str, location: str) -> None:
    reply = web.get(PREFIX + path)
    assert (reply.status_code, reply.headers["location"]) == (308, location)
    assert web.get(PREFIX + path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/%E5%85%AC%E6%8A%A5/", "/dibao/feeds/all.rss", PREFIX + "x/feeds/all.rss", PREFIX + PREFIX + "/"),
        *(PREFIX.replace("/dibao", "%2Fdibao") + "/", PREFIX + "//feeds/all.rss"),
    ],
)
def test_what_is_not_below_the_path_is_not_there(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 404


def test_a_path_with_the_name_of_a_published_folder_is_a_proxy_s_to_take_off(tmp_path: Path) -> None:
    with serve(tmp_path, "https://kepu.example/feeds/") as web:
        assert web.get("/feeds/all.rss").content == b"<rss/>"
