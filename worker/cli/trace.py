"""`dibao trace`: why an item is in a feed, or is not, step by step, from what the store holds."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from bulletins import reading
from bulletins.errors import ConfigError, EnvironmentFault
from bulletins.model import Context, Page
from feeds import permalinks
from feeds.scope import FeedKey
from worker.cli.common import ConfigOption, JsonOption, app, iso, opened, out, print_json, settings_of, when
from worker.cli.traced import Step, in_feed, of_address, of_item, unknown
from worker.config import Settings
from worker.flow.desk import NotFound
from worker.flow.feeds import MOST
from worker.snapshots import DiskSnapshots
from worker.store import SqlStore
from worker.traces import ItemTrace, Trace


@app.command()
def trace(
    name: Annotated[str, typer.Argument(metavar="URL-or-ID", help="An article's address, or an item's id.")],
    feed: Annotated[
        str | None, typer.Option(metavar="PATH", help="Answer for this feed, such as region/511826.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Why an item is in a feed, or is not: every step with its time and its reason."""
    settings = settings_of(config)
    key = _key(feed)
    with opened(settings) as store:
        found = store.trace(name, (settings.publish.window_items, settings.publish.window_days, MOST))
        why = None if found.items else unknown(found)
        steps = of_address(found) + ([] if found.items else _read_again(settings, store, found))
    made = [_item(settings, one, key) for one in found.items]
    if json:
        told = {"asked": name, "why": why, "steps": [_step(one) for one in steps], "items": made}
        print_json(told)
    else:
        _show(why, steps, made)
    if not made:
        raise NotFound("no item has this id or address", name, "What is known of it stands above")


def _key(feed: str | None) -> FeedKey | None:
    """A feed as a person names it: its key, its path or its address."""
    if feed is None:
        return None
    path = feed.rpartition("/feeds/")[2]
    stem, dot, suffix = path.rpartition(".")
    try:
        return FeedKey(stem if dot and suffix in ("rss", "atom", "json") else path)
    except ValueError as error:
        raise ConfigError(
            str(error), "--feed", "Such as all, region/511826, column/ke-pu, source/ID"
        ) from None


def _read_again(settings: Settings, store: SqlStore, found: Trace) -> list[Step]:
    """What today's parser says of the kept pages: rejections are counted and logged when a page is read, and
    not stored."""
    snapshots = DiskSnapshots(settings.service.data_dir / "snapshots")
    sources = {source.id: source for source in settings.all_sources}
    now, steps = datetime.now(UTC), []
    for kept in found.kept:
        source, page = sources.get(kept.source), kept.page
        if source is None:
            continue
        try:
            body = snapshots.get(page.sha)
        except EnvironmentFault as fault:
            steps.append(Step(None, "read again", f"not possible before the next poll: {fault.what}"))
            continue
        context = Context(
            source, settings.service.tag_authority, now, page.follow.lead, read_by=store.read_by(source.id)
        )
        said = reading.read([(Page(page.url, body, page.content_type, page.follow.url), context, None)])
        steps += [Step(None, "rejected", f"{one.reason}: {one.title}") for one in said.rejections]
        steps += [Step(None, "problem", f"{one.status}: {one.reason}") for one in said.problems]
        steps += [Step(None, "doubt", f"{one.url}: {why}") for one in said.doubts for why in one.evidence]
        steps += [Step(None, "read again", f"would be {one.id}: {one.title}") for one in said.items]
    return steps


def _item(settings: Settings, one: ItemTrace, key: FeedKey | None) -> dict[str, Any]:
    item, public = one.held.item, settings.service.public_dir
    page = permalinks.path(item.id) + "index.html"
    return {
        "id": item.id,
        "others": list(one.others),
        "title": item.title,
        "source": item.source,
        "link": item.link,
        "state": "withdrawn" if one.held.withdrawal else "live",
        "answer": in_feed(one, key) if key else None,
        "steps": [_step(step) for step in of_item(one)],
        "feeds": [
            {
                "feed": place.key.path,
                "state": place.state,
                "window": place.window,
                "files": [
                    _file(public, f"feeds/{place.key.path}.{suffix}", item.id)
                    for suffix in settings.publish.formats
                ],
            }
            for place in one.placed
            if key in (None, place.key)
        ],
        "page": _file(public, page, item.id),
    }


def _file(public: Path, path: str, name: str) -> dict[str, Any]:
    """Of a published file: since when it stands there, None where it does not; whether it has the item."""
    try:
        text, stat = (public / path).read_text("utf-8"), (public / path).stat()
    except OSError:
        return {"path": path, "modified": None, "has": False}
    spelt = json.dumps(name, ensure_ascii=False) if path.endswith(".json") else name
    has = spelt in (text if path.endswith(".json") else html.unescape(text))
    return {"path": path, "modified": iso(datetime.fromtimestamp(stat.st_mtime, UTC)), "has": has}


def _step(one: Step) -> dict[str, Any]:
    return {"at": iso(one.at), "step": one.step, "text": one.text}


def _show(why: str | None, steps: Sequence[Step], made: Sequence[dict[str, Any]]) -> None:
    for one in made:
        out.print(f"[bold]{escape(one['title'])}[/], {one['source']}, {one['state']}\n{escape(one['id'])}")
        if one["answer"]:
            out.print(escape(one["answer"]))
    if why:
        out.print(escape(why))
    for step in steps:
        _line(when(step.at), step.step, step.text)
    for one in made:
        out.print()
        for each in one["steps"]:
            at = datetime.fromisoformat(each["at"]) if each["at"] else None
            _line(when(at), each["step"], each["text"])
        for place in one["feeds"]:
            files = ", ".join(
                f"{file['path'].rpartition('.')[2]} {'has it' if file['has'] else 'lacks it'}"
                for file in place["files"]
            )
            where = place["state"] if place["window"] else f"{place['state']}, in its archive"
            _line("feed", place["feed"], f"{where}; {files}")


def _line(at: str, what: str, text: str) -> None:
    out.print(f"  {at:<16}  [bold]{what}[/]  {escape(text)}")
