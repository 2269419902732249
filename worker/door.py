"""Settings -> what the web server asks of the service while it runs, with nothing that only tasks need."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bulletins.errors import DibaoError
from bulletins.state import SourceState
from feeds import compose
from feeds.render.catalogue import Entry, catalogue
from worker import broker
from worker.config import Settings
from worker.store import SqlStore, open_store


class LiveState:
    """Implements `worker.web.WebState`."""

    def __init__(self, settings: Settings, kept: SqlStore | None = None) -> None:
        self._settings = settings
        self.store = kept or open_store(settings.database_url)

    def sources(self) -> Sequence[SourceState]:
        return self.store.sources()

    def catalogue(self) -> dict[str, Any]:
        """The body of /feeds.json."""
        states = {state.source: state for state in self.store.sources()}
        sources = {source.id: source for source in self._settings.all_sources}
        names = self.store.column_names()
        feeding, rhythms = self.store.feed_sources(), self.store.rhythms()
        entries = [
            Entry(
                info.key,
                compose.title_of(info.key, columns=names, sources=sources),
                info.items,
                info.newest,
                info.updated,
                tuple(states[source] for source in sorted(feeding.get(info.key, ())) if source in states),
                rhythms.get(info.key.path),
            )
            for info in self.store.catalogue()
        ]
        service = self._settings.service
        return catalogue(
            entries,
            base_url=service.base_url,
            formats=self._settings.publish.formats,
            now=datetime.now(UTC),
        )

    def check(self) -> list[str]:
        """Why the service is not ready, a line each."""
        reasons = []
        try:
            self.store.check()
        except DibaoError as error:
            reasons.append(str(error))
        if fault := broker.fault(self._settings):
            reasons.append(fault)
        if not os.access(self._settings.service.public_dir, os.R_OK | os.X_OK):
            reasons.append(f"{self._settings.service.public_dir}: cannot be read")
        return reasons
