"""The web server over a store of made-up items: a database in, a client of a real server out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.serving import serving
from tests.worker.store import story
from worker.config import Settings
from worker.door import LiveState
from worker.store import SqlStore
from worker.web import create_app


@dataclass(frozen=True)
class Opened:
    client: httpx.Client
    store: SqlStore
    public: Path
    settings: Settings


def name_columns(store: SqlStore) -> None:
    """The story's columns become known, as by the first poll that reads them."""
    poll = story.begin(store)
    with store.ingest(poll) as txn:
        assert txn is not None
        txn.settle_columns([story.HEADING], {})
    story.finish(store, poll)


@contextmanager
def opened(database_url: str, folder: Path, sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Opened]:
    """`sources` gives, by id, what a stanza says beside the id."""
    stanzas = tuple(
        {"id": name, "name": name, "url": f"http://{name}.test/", **more} for name, more in sources.items()
    )
    settings = Settings.model_validate(
        {
            "service": {
                "base_url": "http://dibao.test",
                "public_dir": folder / "public",
                "data_dir": folder,
                "database_url": database_url,
            },
            "sources": stanzas,
        }
    )
    state = LiveState(settings)
    door = create_app(settings, state)
    try:
        with serving(door) as url, httpx.Client(base_url=url, timeout=30) as client:
            yield Opened(client, state.store, folder / "public", settings)
            door.close()
    finally:
        state.store.dispose()
