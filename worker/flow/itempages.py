"""Pages of items brought up to date: marked ids in, their documents put in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bulletins.model import Source
from feeds import compose, site
from feeds.render import Document
from worker.feedstore import ItemPage
from worker.ports import Ports

_BATCH = 100


def due(ports: Ports) -> bool:
    """Whether a page awaits publication."""
    return bool(ports.store.item_marks(1))


def publish(ports: Ports, most: int | None = None) -> int:
    """Write the pages that are marked, `most` of them where that is given; how many had other bytes before.
    For the one publisher."""
    written = done = 0
    sources: Mapping[str, Source] | None = None
    while (most is None or done < most) and (marks := ports.store.item_marks(_BATCH)):
        sources = sources or compose.credited(ports.rules.sources, ports.store.sources())
        pages = ports.store.item_pages([mark.name for mark in marks])
        written += ports.publisher.write(_documents(ports, pages, sources))
        ports.store.clear_items(marks)
        done += len(marks)
    return written


def _documents(ports: Ports, pages: Sequence[ItemPage], sources: Mapping[str, Source]) -> Iterator[Document]:
    """The page of each item; a further id's leads to it, and stands no longer than the id does so."""
    rules = ports.rules
    for page in pages:
        if page.to is not None:
            yield site.moved(page.name, page.to, base_url=rules.base_url)
        elif page.held is not None and page.held.withdrawal is not None:
            yield site.withdrawn(page.held, base_url=rules.base_url, sources=sources)
        elif page.held is not None:
            yield site.item(
                page.held.item,
                revisions=page.revisions,
                kin=page.kin,
                listed=page.listed,
                base_url=rules.base_url,
                formats=rules.formats,
                sources=sources,
            )
