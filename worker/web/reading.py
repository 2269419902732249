"""The reading room on request: the shelf as it is now, and any page of it in another language."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from bulletins.errors import DibaoError
from bulletins.regions import division
from feeds import compose, site
from feeds.render import Document
from feeds.site import Shelf
from worker import sitepages
from worker.archive import Archive
from worker.config import Settings

_SECONDS = 20.0  # how long a shelf is good for while no item changes: how sources fare moves without items
_PAGES = 200  # that are remembered until an item changes, or how a source fares


# What a page follows from: the newest change, and what is wrong with which source.
_From = tuple[int, Mapping[str, str]]


class Reading:
    """Safe to share between threads; every call may block."""

    def __init__(self, settings: Settings, store: Archive) -> None:
        self.store = store
        self._settings = settings
        self._configured = {source.id: source for source in settings.all_sources}
        self._held: tuple[int, float, dict[str, Shelf]] | None = None
        self._made: OrderedDict[tuple[str, str], tuple[_From, Document | None]] = OrderedDict()
        self._lock = threading.Lock()

    def shelf(self, lang: str = "zh") -> Shelf:
        """The feeds there are, and what they are about, as pages share it."""
        return self._shelves()[1][lang]

    def page(self, lang: str, path: str) -> Document | None:
        """A page by its path below the root of its language; None where there is none."""
        change, shelves = self._shelves()
        shelf = shelves[lang]
        since: _From = change, shelf.troubled
        with self._lock:
            held = self._made.get((lang, path))
        if held is not None and held[0] == since:
            return held[1]
        if path.startswith("items/"):
            made = self._item(shelf, path)
        else:
            made = sitepages.page(self.store, shelf, path)
        with self._lock:
            self._made[lang, path] = since, made
            while len(self._made) > _PAGES:
                self._made.popitem(last=False)
        return made

    def troubled(self, source: str) -> bool:
        """Whether something keeps a source from being published. What cannot be known now is not so: its page
        is there all the same."""
        try:
            return source in self.shelf().troubled
        except DibaoError:
            return False

    def without(self, code: str) -> bool:
        """Whether this is a division that has no page."""
        return division(code) is not None and not self.shelf().region_page(code)

    def _item(self, shelf: Shelf, path: str) -> Document | None:
        name = self.store.rooms.named(path.removeprefix("items/").removesuffix("/"))
        if name is None:
            return None
        (page,) = self.store.item_pages([name])
        if page.held is None or page.held.withdrawal is not None:
            return None
        return site.item(
            page.held.item,
            revisions=page.revisions,
            kin=page.kin,
            listed=page.listed,
            base_url=shelf.base_url,
            formats=shelf.formats,
            sources=compose.credited(self._configured, self.store.sources()),
            lang=shelf.lang,
        )

    def _shelves(self) -> tuple[int, dict[str, Shelf]]:
        """The newest change, and the shelf in each language: each remembers what it has worked out."""
        change, now = self.store.newest().mark, time.monotonic()
        held = self._held
        if held is None or held[0] != change or now - held[1] > _SECONDS:
            made = sitepages.shelf(
                self.store,
                self._configured,
                base_url=self._settings.service.base_url,
                formats=self._settings.publish.formats,
                live=True,
            )
            held = self._held = change, now, {lang: replace(made, lang=lang) for lang in site.LANGUAGES}
        return held[0], held[2]
