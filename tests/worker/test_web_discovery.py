"""Hubs in the headers of feeds: discovery as WebSub has it, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.serving import serving
from worker.config import Settings
from worker.door import LiveState
from worker.web import create_app

HUBS = ("https://hub.example/", "https://hub.example/中文?a=b")
ATOM = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>'
TOPIC = "/feeds/region/511826.atom"
SAID = (
    '<https://hub.example/>; rel="hub", <https://hub.example/%E4%B8%AD%E6%96%87?a=b>; rel="hub", '
    f'<http://dibao.test/reading{TOPIC}>; rel="self"'
)


@contextmanager
def opened(url: str, folder: Path, hubs: tuple[str, ...]) -> Iterator[httpx.Client]:
    for path in (TOPIC, "/feeds/region/511826/archive/2026-03.atom", "/opml.xml", "/items/0a/index.html"):
        place = folder / "public" / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(ATOM)
    service: dict[str, Any] = {
        "base_url": "http://dibao.test/reading/",
        "public_dir": folder / "public",
        "data_dir": folder,
        "database_url": url,
    }
    settings = Settings.model_validate({"service": service, "publish": {"websub_hubs": hubs}})
    state = LiveState(settings)
    door = create_app(settings, state)
    try:
        with serving(door) as address, httpx.Client(base_url=address) as client:
            yield client
            door.close()
    finally:
        state.store.dispose()


def test_a_feed_leads_to_its_hubs_and_names_itself(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, HUBS) as client:
        for _ in range(2):  # read from the disk, and from memory
            assert client.get(TOPIC).headers["link"] == SAID
            assert client.head(TOPIC).headers["link"] == SAID
            assert client.get(f"/reading{TOPIC}").headers["link"] == SAID
        unchanged = client.get(TOPIC, headers={"If-None-Match": client.get(TOPIC).headers["etag"]})
        assert (unchanged.status_code, "link" in unchanged.headers) == (304, False)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/region/511826/archive/2026-03.atom",
        "/feeds/merge.atom",
        "/opml.xml",
        "/items/0a/",
        "/feeds.json",
    ],
)
def test_what_no_hub_is_told_of_leads_to_none(sqlite_url: str, tmp_path: Path, path: str) -> None:
    with opened(sqlite_url, tmp_path, HUBS) as client:
        reply = client.get(path)
        assert (reply.status_code, "link" in reply.headers) == (200, False)


def test_without_hubs_there_is_no_such_header(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, ()) as client:
        assert "link" not in client.get(TOPIC).headers
