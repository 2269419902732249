"""/feeds/health: incidents in, a feed with an entry for each that was opened and each that was closed out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

from feeds.render.incidents import Notice, incidents
from worker.archive import Archive
from worker.config import Settings
from worker.incidents import Incident, headline
from worker.web.combining import dated, made_now
from worker.web.resources import Resource

_MOST = 50  # incidents; each is one entry or two


class Troubles:
    """Safe to share between threads; calls may block."""

    def __init__(self, settings: Settings, store: Archive) -> None:
        self._settings = settings
        self._store = store
        self._made: dict[str, Resource] = {}  # the newest, by format
        self._lock = threading.Lock()

    def feed(self, suffix: str) -> Resource | None:
        """The feed in a format; None for one that is not published."""
        service, formats = self._settings.service, self._settings.publish.formats
        if suffix not in formats:
            return None
        names = {source.id: source.name for source in self._settings.all_sources}
        held = self._store.incidents(_MOST)
        made = incidents(
            sorted(
                _notices(held, names, service.tag_authority), key=lambda one: (one.at, one.id), reverse=True
            ),
            suffix,
            base_url=service.base_url.rstrip("/"),
            authority=service.tag_authority,
        )
        if made is None:
            return None
        now = made_now(made.path, made.body)
        with self._lock:
            self._made[suffix] = dated(now, self._made.get(suffix))
            return self._made[suffix]


def _notices(held: Sequence[Incident], names: dict[str, str], authority: str) -> Iterator[Notice]:
    for one in held:
        cause = one.cause
        title = headline(one, names)
        tag, page = f"tag:{authority}:incident/{one.n}", f"status/incidents/{one.n}/"
        words = (
            f"原因：{cause.reason}" if cause.reason else "",
            f"处理：{cause.action}" if cause.action else "",
        )
        yield Notice(f"{tag}/opened", title, words, page, one.opened)
        if one.closed:
            lasted = timedelta(seconds=round((one.closed - one.opened).total_seconds()))
            yield Notice(f"{tag}/closed", f"已恢复 · {title}", (f"历时：{lasted}",), page, one.closed)
