"""`dibao probe`: what would be read from a page, by which layout and why; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from bulletins import judgement, proposal, reading
from bulletins.doubts import doubts
from bulletins.errors import EnvironmentFault
from bulletins.expectations import Learned, loaded
from bulletins.model import Context, Edition, Item, Lead, Page, Reading, Source
from feeds.records import record
from worker import wiring
from worker.cli.common import ConfigOption, JsonOption, app, day, opened, out, print_json, settings_of, table
from worker.config import Settings


@app.command()
def probe(
    target: Annotated[str, typer.Argument(metavar="URL-or-FILE")],
    url: Annotated[str | None, typer.Option(help="The address that a FILE was saved from.")] = None,
    printed: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The edition's date.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Read one page as a poll would, and show what comes of it and why."""
    settings = settings_of(config)
    page = _page(settings, target, url)
    source = _source(settings, page.url)
    read_by, learned = _known(settings, source)
    edition = Edition(date=printed.date()) if printed else None
    context = Context(
        source,
        settings.service.tag_authority,
        datetime.now(UTC),
        Lead(edition=edition),
        read_by=read_by,
    )
    said = reading.read([(page, context, None)])
    unsure = bool(said.problems)  # what is not read may be taken for a page of another kind
    looks = [judgement.likest(learned, look) if unsure else look for look in said.looks]
    differs = judgement.difference(learned, looks)
    if json:
        print_json(_document(said) | {"differs": differs})
    else:
        _show(said)
        _show_difference(source, learned, said, differs)
    if said.problems:
        raise typer.Exit(1)


def _page(settings: Settings, target: str, url: str | None) -> Page:
    if target.startswith(("http://", "https://")):
        with closing(wiring.fetcher(settings)) as fetcher:
            got = fetcher.get(target)
        return Page(got.url, got.body or b"", got.content_type, target)
    try:
        return Page(url or "http://localhost/", Path(target).read_bytes())
    except OSError as error:
        raise EnvironmentFault(
            f"cannot be read: {error.strerror}",
            target,
            "Name a saved page, or an address with http:// or https://",
        ) from None


def _source(settings: Settings, url: str) -> Source:
    """The configured source of that host, whose region and aliases count; else one that knows nothing."""
    host = urlsplit(url).netloc
    for source in settings.all_sources:
        if urlsplit(source.url).netloc == host:
            return source
    return Source(id="probe", name=host, url=url)


def _known(settings: Settings, source: Source) -> tuple[str, Learned]:
    """Who has read this source so far, and how its pages were built, where anything has been stored of it."""
    if settings.service.database_url is None and not (settings.service.data_dir / "dibao.db").exists():
        return "", Learned()
    with opened(settings) as store:
        return store.read_by(source.id), loaded(store.learned(source.id))


def _document(said: Reading) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "layout": said.layout or None,
        "encoding": said.encoding,
        "items": [record(item) for item in said.items],
        "follow": [follow.url for follow in said.follow],
        "rejections": [
            {"reason": rejection.reason, "title": rejection.title} for rejection in said.rejections
        ],
        "confidence": said.confidence,
        "evidence": [f"{doubt.url}: {why}" for doubt in said.doubts for why in doubt.evidence],
        "problem": next(
            (
                {"status": one.status, "reason": one.reason, "action": proposal.advice(one)}
                for one in said.problems
            ),
            None,
        ),
    }


def _show(said: Reading) -> None:
    out.print(f"kind [bold]{said.kind}[/], layout [bold]{said.layout or 'none'}[/], encoding {said.encoding}")
    if said.confidence < 1 and not said.problems:
        waits = ": too little to publish, an operator would be asked" if said.doubts else ""
        out.print(f"read with confidence {said.confidence}{waits}")
    for doubt in said.doubts:
        for why in doubt.evidence:
            out.print(f"  {escape(why)}")
    for problem in said.problems:
        out.print(f"[red]{problem.status}[/]: {escape(problem.reason)}")
        out.print(f"  what to do: {proposal.advice(problem)}")
    if not (said.items or said.follow or said.rejections or said.problems):
        out.print(
            "the list is there and empty: a quiet day, or a script fills it, where a browser shows more"
        )
    for item in said.items:
        show_item(item)
    if said.follow:
        if (edition := said.follow[0].lead.edition) and (edition.date or edition.number):
            number = f", number {edition.number}" if edition.number else ""
            out.print(f"edition of [bold]{edition.date or 'no day that is told'}[/]{number}")
        shown = table("leads to", "kind", "page", "title", folded=("leads to", "page", "title"))
        for follow in said.follow:
            page = follow.lead.page
            where = " ".join(filter(None, (page.number, page.name))) if page else ""
            shown.add_row(follow.url, follow.kind, where, escape(follow.lead.title or ""))
        out.print(shown)
    for rejection in said.rejections:
        out.print(
            f"[yellow]left out[/]: {escape(rejection.title or rejection.url)}: {escape(rejection.reason)}"
        )


def _show_difference(source: Source, learned: Learned, said: Reading, differs: Sequence[str]) -> None:
    """How the page differs from those of its source's last good readings, where any were of its kind."""
    if differs:
        out.print(f"unlike the pages of {escape(source.id)} so far (~ elsewhere, - gone, + new):")
        for line in differs:
            out.print(f"  {escape(line)}")
        return
    for look in said.looks:
        if (build := learned.builds.get(look.kind)) and build.pages:
            out.print(f"built as the {build.pages:g} pages of this kind that {escape(source.id)} had so far")


def show_item(item: Item) -> None:
    """A table of its fields, each with what says so."""
    shown = table("field", "value", "because", folded=("value", "because"))
    why: dict[str, str] = {}
    for evidence in item.evidence:
        said = f"{evidence.how} {evidence.text}".strip() + (f" ({evidence.doubt})" if evidence.doubt else "")
        why[evidence.field] = "; ".join(filter(None, (why.get(evidence.field), said)))
    authors = "、".join(f"{author.name} ({author.role})" for author in item.authors)
    edition = f"{item.edition.number or ''} {item.edition.date or ''}".strip() if item.edition else ""
    page = " ".join(filter(None, (item.page.number, item.page.name))) if item.page else ""
    rows = {
        "title": item.title,
        "region": " ".join(item.region.path) if item.region else "",
        "column": item.column.name if item.column else "",
        "authors": authors,
        "published": day(item.published),
        "event_date": " – ".join(str(day) for day in (item.event_date, item.event_end) if day),
        "edition": edition,
        "page": page,
        "id": item.id,
        "attachments": "、".join(one.name for one in item.attachments),
        "text": f"{len(item.paragraphs)} paragraphs; {item.paragraphs[0][:40] if item.paragraphs else ''}…",
    }
    for name, value in rows.items():
        shown.add_row(name, escape(value), escape(why.get(name, "")))
    out.print(shown)
    for doubt in doubts(item):
        out.print(f"[yellow]look at {doubt.field}[/]: {escape(doubt.reason)} {escape(doubt.text)}".rstrip())
    out.print("")
