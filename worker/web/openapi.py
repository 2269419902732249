"""The JSON API described: nothing in, an OpenAPI 3.1 document out."""

from __future__ import annotations

from typing import Any

from feeds.selection import DEFAULT_LIMIT, MOST

_TEXT = {"type": "string"}
_DATE = "an RFC 3339 date, which begins at 00:00 in Asia/Shanghai, or a date-time with its zone"
_NULLABLE_ITEM = {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Item"}]}
_SEVERAL = "several by comma or by repetition"
_OF_FEED = ("home", "urls", "items", "newest", "updated")
_LISTS = {
    "Feeds": ("key", "title", "region", "column", "source", *_OF_FEED, "state", "reason"),
    "Regions": ("code", "name", "path", *_OF_FEED),
    "Columns": ("slug", "name", *_OF_FEED),
    "Sources": ("id", "name", "url", "enabled", "content", *_OF_FEED, "state", "reason"),
}


def document(base_url: str, *, events: int, most_events: int, longest_wait: int) -> dict[str, Any]:
    """The description of what is answered below /api/v1/. Schemas name the members; docs/schemas/ has them
    in full."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "邸报 Dibao", "version": "1", "description": "Items and their changes, read only."},
        "servers": [{"url": base_url}],
        "paths": {
            "/api/v1/changes": {
                "get": _operation(
                    "What happened after a sequence number, oldest first, without a gap",
                    "Changes",
                    [
                        _whole("since", "the last number that is known; 0 is the beginning", 0, None, 0),
                        _whole("limit", "events of a page", 1, most_events, events),
                        _whole("wait", "seconds to wait where there is nothing new", 0, longest_wait, 0),
                    ],
                    {
                        "400": "A parameter cannot be honoured, or `since` is beyond the newest change.",
                        "410": "`since` is older than what is kept; the problem says how to begin anew.",
                    },
                )
            },
            "/api/v1/items": {
                "get": _operation(
                    "Stored items, newest first, in pages",
                    "Items",
                    [
                        _query("region", f"six-digit codes of GB/T 2260, with all their parts; {_SEVERAL}"),
                        _query("column", f"slugs of columns; {_SEVERAL}"),
                        _query("source", f"ids of sources; {_SEVERAL}"),
                        _query("since", f"published then or later: {_DATE}"),
                        _whole("limit", "items of a page", 1, MOST, DEFAULT_LIMIT),
                        _query("cursor", "as in the `next` of the page before"),
                    ],
                    {"400": "A parameter cannot be honoured."},
                )
            },
            "/api/v1/feeds": _list(
                "The feeds that there are and how fresh each is, by key, in pages",
                "Feeds",
                [
                    _query("region", f"six-digit codes of GB/T 2260, with all their parts; {_SEVERAL}"),
                    _query("column", f"slugs of columns; {_SEVERAL}"),
                    _query("source", f"ids of sources; {_SEVERAL}"),
                ],
            ),
            "/api/v1/regions": _list(
                "The divisions that have feeds, by code, in pages",
                "Regions",
                [_query("region", f"those within these; {_SEVERAL}")],
            ),
            "/api/v1/columns": _list(
                "The columns that have feeds, by slug, in pages",
                "Columns",
                [_query("region", f"those that have a feed in one of these; {_SEVERAL}")],
            ),
            "/api/v1/sources": _list(
                "Who is read, and how that goes, by id, in pages",
                "Sources",
                [],
            ),
            "/api/v1/items/{id}": {
                "get": _operation(
                    "One item as it is now",
                    "Item",
                    [{"name": "id", "in": "path", "required": True, "schema": _TEXT}],
                    {"404": "No item has this id.", "410": "The item has been withdrawn."},
                )
            },
        },
        "components": {"schemas": _schemas()},
    }


def _list(summary: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    paging = [
        _whole("limit", "entries of a page", 1, MOST, DEFAULT_LIMIT),
        _query("cursor", "as in the `next` of the page before"),
    ]
    problems = {"400": "A parameter cannot be honoured."}
    return {"get": _operation(summary, schema, [*parameters, *paging], problems)}


def _operation(
    summary: str, schema: str, parameters: list[dict[str, Any]], problems: dict[str, str]
) -> dict[str, Any]:
    good = {"description": summary, "content": {"application/json": {"schema": _of(schema)}}}
    problem = {"application/problem+json": {"schema": _of("Problem")}}
    told = {**problems, "503": "The store cannot answer just now."}
    bad = {status: {"description": words, "content": problem} for status, words in told.items()}
    return {"summary": summary, "parameters": parameters, "responses": {"200": good, **bad}}


def _of(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _query(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": _TEXT}


def _whole(name: str, words: str, least: int, most: int | None, default: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "default": default}
    if most is not None:
        schema["maximum"] = most
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _schemas() -> dict[str, Any]:
    whole, flag = {"type": "integer"}, {"type": "boolean"}
    kind = {"enum": ["new", "corrected", "withdrawn"]}
    event = _object(seq=whole, kind=kind, id=_TEXT, at=_TEXT, item=_NULLABLE_ITEM)
    return {
        "Item": _object(id=_TEXT, source=_TEXT, title=_TEXT, link=_TEXT, published=_TEXT, updated=_TEXT),
        "Changes": _object(events={"type": "array", "items": event}, next=whole, more=flag),
        "Items": _object(
            items={"type": "array", "items": _of("Item")}, next={"type": ["string", "null"]}, seq=whole
        ),
        **{
            name: _object(
                **{name.lower(): {"type": "array", "items": _object(**{member: {} for member in members})}},
                next={"type": ["string", "null"]},
            )
            for name, members in _LISTS.items()
        },
        "Problem": _object(type=_TEXT, title=_TEXT, status=whole, detail=_TEXT),
    }


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}
