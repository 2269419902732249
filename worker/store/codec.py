"""Items, leads, polls and their pages as the columns of a row, and back."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from bulletins.model import Follow, Item, Lead, PageKind, PollStatus
from worker.polls import PageState, PollPage, PollRow, Validators

LISTING, FETCHING, INGESTING, DONE = "listing", "fetching", "ingesting", "done"  # states of a poll
LIVE = "live"  # states of an item
WITHDRAWN = "withdrawn"
HELD, ACCEPTED, REJECTED, SUPERSEDED = (
    "held",
    "accepted",
    "rejected",
    "superseded",
)  # of a quarantined reading

_ITEM = TypeAdapter(Item)
_ITEMS = TypeAdapter(tuple[Item, ...])
_IDS = TypeAdapter(dict[str, str])
_LEAD = TypeAdapter(Lead)
_DIGITS = re.compile(r"[0-9]+")
_SEPARATOR = "\x1f"  # sorts before all that is printed, so "3" stands before "3A"


def page_sort(number: str | None) -> str:
    """A page number (版次) in its natural order, as text: "3" < "10" < "A01"; none stands first."""
    return _DIGITS.sub(lambda digits: digits.group().zfill(6), number or "")


def place(item: Item) -> str:
    """Where an item stands among those of its day: by source, page, position, section, id."""
    page = page_sort(item.page.number if item.page else None)
    return _SEPARATOR.join((item.source, page, f"{item.position:06d}", f"{item.section:06d}", item.id))


def source_of(place: str) -> str:
    """The source of the item at a place."""
    return place.partition(_SEPARATOR)[0]


def edition_key(item: Item) -> str | None:
    """What the items of one edition share."""
    if item.edition is None or (item.edition.number is None and item.edition.date is None):
        return None
    return f"{item.source}/{item.edition.number}/{item.edition.date}"


def item_row(item: Item, state: str) -> dict[str, object]:
    column = item.column
    return {
        "id": item.id,
        "source": item.source,
        "link": item.link,
        "published": item.published,
        "place": place(item),
        "edition": edition_key(item),
        "region": item.region.code if item.region else None,
        "column_name": column.name if column else None,
        "column_slug": column.slug if column else None,
        "column_kind": column.kind if column else None,
        "digest": item.digest,
        "first_seen": item.first_seen,
        "updated": item.updated,
        "state": state,
        "withdrawn_by": None,
        "withdrawn_reason": None,
        "withdrawn_at": None,
        "body": item_body(item),
    }


def item_body(item: Item) -> str:
    """The whole Item as JSON; the same for the same item, and for most, which come without files, the same as
    before there were any."""
    return _ITEM.dump_json(item, exclude=None if item.attachments else {"attachments"}).decode()


def item(body: str) -> Item:
    return _ITEM.validate_json(body)


def items_json(read: tuple[Item, ...]) -> str:
    return _ITEMS.dump_json(read).decode()


def items(body: str) -> tuple[Item, ...]:
    return _ITEMS.validate_json(body)


def ids_json(ids: dict[str, str]) -> str:
    return _IDS.dump_json(ids).decode()


def ids(body: str) -> dict[str, str]:
    return _IDS.validate_json(body)


def lead_json(lead: Lead) -> str:
    return _LEAD.dump_json(lead).decode()


def follow(row: Row[Any]) -> Follow:
    return Follow(row.url, PageKind(row.kind), _LEAD.validate_json(row.lead))


def validators(row: Row[Any]) -> Validators | None:
    if row.sha is None:
        return None
    return Validators(row.sha, row.etag, row.last_modified, row.content_type, row.final_url)


def validator_columns(held: Validators) -> dict[str, str | None]:
    return {
        "sha": held.sha,
        "etag": held.etag,
        "last_modified": held.last_modified,
        "content_type": held.content_type,
        "final_url": held.url,
    }


def poll_page(row: Row[Any]) -> PollPage:
    return PollPage(
        n=row.n,
        follow=follow(row),
        state=row.state,
        validators=validators(row),
        error=row.error,
        http_status=row.http_status,
        retry_after=row.retry_after,
        recheck=row.recheck,
    )


def poll_row(row: Row[Any]) -> PollRow:
    return PollRow(
        id=row.id,
        source=row.source,
        state=row.state,
        started=row.started,
        status=PollStatus(row.status) if row.status else None,
        reason=row.reason,
        pages=row.pages,
        new=row.new,
        corrected=row.corrected,
        withdrawn=row.withdrawn,
        rejected=row.rejected,
        seconds=row.seconds,
        heals=row.heals,
        past=row.past,
    )


def poll_columns(poll: PollRow) -> dict[str, object]:
    return {field.name: getattr(poll, field.name) for field in fields(poll)}


def asked(poll: str, n: int, asked: Follow, recheck: bool) -> dict[str, object]:
    """The row of a page that a poll has just asked for."""
    return {
        "poll": poll,
        "n": n,
        "url": asked.url,
        "kind": asked.kind,
        "lead": lead_json(asked.lead),
        "recheck": recheck,
        "state": PageState.PENDING,
        "error": "",
    }
