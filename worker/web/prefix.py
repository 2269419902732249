"""A request below the path of base_url -> the same request without it, as a proxy in front would make it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from worker.web import replies

# With a path of such a name only a proxy knows whether it belongs to base_url or to what is published.
_PUBLISHED = {"feeds", "region", "column", "source", "items", "status", "opml", "api", "assets", "search"}
_PUBLISHED |= {"subscribe", "about", "en"}


def prefix_of(base_url: str) -> str:
    """The path of base_url without its final slash, decoded; empty where there is nothing to take off."""
    path = unquote(urlsplit(base_url).path).rstrip("/")
    return "" if path[1:].partition("/")[0] in _PUBLISHED else path


class Unprefixed:
    """Everything is served below the prefix as it is at the root. The scope is changed in place, so that an
    error page finds its style from there too."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path", b"").split(b"/")  # other scopes than requests have none
        depth = self._prefix.count("/") + 1
        if unquote(b"/".join(raw[:depth])) == self._prefix:
            if len(raw) == depth:  # from here the links on the page would miss the prefix
                await replies.redirect_to_folder(Request(scope))(scope, receive, send)
                return
            scope["raw_path"] = b"/" + b"/".join(raw[depth:])
            scope["path"] = scope["path"][len(self._prefix) :]
        await self._app(scope, receive, send)
