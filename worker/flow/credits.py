"""Whose text is published, and how much of it may be: the sources, configured and former."""

from __future__ import annotations

from bulletins.model import Content, Source
from worker.ports import Ports


def known_sources(ports: Ports) -> dict[str, Source]:
    """The configured sources, and those that once were: their items stay, credited, but nobody vouches any
    longer that more than a link may be republished."""
    former = {
        state.source: Source(state.source, state.name, state.url, content=Content.LINK, enabled=False)
        for state in ports.store.sources()
    }
    return former | ports.rules.sources
