"""What the JSON API lists beside items: lines of the catalogue and states of sources in, JSON objects out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bulletins.model import Source
from bulletins.state import SourceState
from feeds import safe
from feeds.compose import path_of
from feeds.records import stamp

_OF_FEED = ("home", "urls", "items", "newest", "updated")
Line = dict[str, Any]  # a feed as feeds.render.catalogue has it


def regions(feeds: Iterable[Line]) -> list[dict[str, Any]]:
    """The divisions that have feeds (docs/schemas/regions.json), by code."""
    lines = {line["region"]: line for line in feeds if line["region"] and not line["column"]}
    return [
        {"code": code, "name": path_of(code)[-1], "path": list(path_of(code)), **_feed(lines[code])}
        for code in sorted(lines)
    ]


def columns(feeds: Iterable[Line], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The columns 栏目 that have feeds (docs/schemas/columns.json), by slug. `names` are by slug."""
    lines = {line["column"]: line for line in feeds if line["column"] and not line["region"]}
    return [
        {"slug": slug, "name": safe.text(names.get(slug, slug)), **_feed(lines[slug])}
        for slug in sorted(lines)
    ]


def sources(
    feeds: Iterable[Line], configured: Mapping[str, Source], states: Sequence[SourceState]
) -> list[dict[str, Any]]:
    """The sources that are, or once were, configured (docs/schemas/sources.json), by id; how their reading
    goes, and how much of their text is republished. One without a feed has null for its addresses."""
    lines = {line["source"]: line for line in feeds if line["source"]}
    made = []
    for state in sorted(states, key=lambda state: state.source):
        source = configured.get(state.source)
        feed = _feed(lines[state.source]) if state.source in lines else dict.fromkeys(_OF_FEED)
        made.append(
            {
                "id": state.source,
                "name": safe.text(state.name),
                "url": safe.address(state.url),
                "enabled": state.enabled,
                "content": str(source.content) if source else "link",
                **feed,
                "items": feed["items"] or 0,
                "state": str(state.state) if state.state else None,
                "reason": safe.text(state.reason),
                "last_checked": stamp(state.last_poll),
                "last_success": stamp(state.last_success),
                "last_changed": stamp(state.last_changed),
                "next_check": stamp(state.next_check) if state.enabled else None,
                "failures": state.failures,
            }
        )
    return made


def _feed(line: Line) -> dict[str, Any]:
    return {name: line[name] for name in _OF_FEED}
