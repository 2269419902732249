"""What a feed's reply says of its hubs: the path of a request in, its Link header out."""

from __future__ import annotations

from collections.abc import Callable

from feeds import safe
from feeds.scope import MERGE, FeedKey
from worker.config import Settings


def discovery(settings: Settings) -> Callable[[str], dict[str, str]]:
    """By path, the header that leads subscribers from a feed to its hubs, and names the feed as they are to
    ask for it (WebSub, W3C Recommendation, 4). Only what hubs are told of has any: no archives, and no feed
    made on request."""
    hubs = "".join(f'<{safe.address(hub)}>; rel="hub", ' for hub in settings.publish.websub_hubs)
    base_url, formats = settings.service.base_url.rstrip("/"), settings.publish.formats

    def headers(path: str) -> dict[str, str]:
        name, _, suffix = path.removeprefix("/feeds/").rpartition(".")
        if not hubs or not path.startswith("/feeds/") or suffix not in formats or not _stored(name):
            return {}
        return {"Link": f'{hubs}<{base_url}{path}>; rel="self"'}

    return headers


def _stored(name: str) -> bool:
    try:
        return FeedKey(name) != MERGE
    except ValueError:
        return False
