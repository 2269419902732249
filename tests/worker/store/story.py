"""What the tests of the store tell of: items of a made-up newspaper, and the polls that bring them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from bulletins.errors import FetchError
from bulletins.model import (
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Column,
    ColumnKind,
    Edition,
    Follow,
    Item,
    Lead,
    PageKind,
    PageNo,
    PollStatus,
    Precision,
    Region,
    Source,
    Verdict,
)
from feeds.scope import ALL, UNCLASSIFIED, FeedKey, keys_of
from worker.polls import Counts, PageState, Validators
from worker.store import SqlStore

NOW = datetime(2026, 8, 2, 1, 2, 3, 456789, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RECHECK = (HOUR, 6 * HOUR, DAY)
PAPER = Source("paper", "山乡科普报", "http://paper.test/", every=30 * MINUTE, region="510000")
OTHER = Source("other", "河谷科普报", "http://other.test/", cron="0 6 * * 3,5", region="510000")
HEADLINE = Column("丰收季里说科普", "feng-shou-ji-li-shuo-ke-pu", ColumnKind.UMBRELLA)
HEADING = Column("乡村课堂", "xiang-cun-ke-tang", ColumnKind.HEADING)
STANDING = frozenset({ALL, UNCLASSIFIED, FeedKey.of(source="paper"), FeedKey.of(source="other")})  # always
OK = Verdict(PollStatus.OK)


def day(n: int) -> datetime:
    """The n-th day's newspaper; a day is 00:00 in China."""
    return datetime(2026, 7, 1, tzinfo=CHINA) + n * DAY


def item(
    name: str,
    *,
    source: str = "paper",
    on: int = 0,
    page: str | None = "1",
    position: int = 0,
    section: int = 0,
    column: Column | None = HEADING,
    region: str | None = "511826",
    edition: bool = True,
    link: str | None = None,
) -> Item:
    return Item(
        id=f"tag:paper.test,2026:{source}/{name}",
        source=source,
        title=f"{name}:种子站开门了",
        link=link or f"http://{source}.test/{name}.html",
        published=day(on),
        precision=Precision.DAY,
        first_seen=NOW,
        updated=NOW,
        blocks=(Block(BlockKind.PARAGRAPH, "一早就有人来问。"),),
        region=Region(region, ("四川省",), "heading") if region else None,
        column=column,
        edition=Edition(100 + on, date(2026, 7, 1) + on * DAY) if edition else None,
        page=PageNo(page, "综合"),
        position=position,
        section=section,
        digest=f"digest of {name}",
    )


def feeds(item: Item) -> frozenset[FeedKey]:
    return keys_of(item, item.column)


def follow(url: str, kind: PageKind = PageKind.ARTICLE, title: str | None = None) -> Follow:
    return Follow(url, kind, Lead(title=title))


def validators(word: str) -> Validators:
    return Validators(f"sha of {word}", f'"{word}"', None, "text/html", f"http://final.test/{word}")


def begin(store: SqlStore, source: str = "paper", now: datetime = NOW) -> str:
    """A poll that has its row; the sources are those of the story."""
    store.sync_sources([PAPER, OTHER], now)
    poll = store.lease_named(source, now, now + HOUR)
    assert poll is not None
    assert store.open_poll(poll, source, now, now + HOUR).state == "listing"
    return poll


def answer(store: SqlStore, poll: str, faults: Sequence[str] = ()) -> None:
    """Every page that is pending is fetched; those of `faults` fail."""
    for page in store.pages(poll):
        if page.follow.url in faults:
            store.record(poll, page.n, PageState.FAILED, fault=FetchError("HTTP 500", status=500))
        else:
            store.record(poll, page.n, PageState.FETCHED, validators(page.follow.url))


def finish(
    store: SqlStore,
    poll: str,
    items: Iterable[Item] = (),
    *,
    kind: ChangeKind = ChangeKind.NEW,
    verdict: Verdict = OK,
    now: datetime = NOW,
    keep: bool = True,
    recheck: Sequence[timedelta] = RECHECK,
) -> list[int]:
    """End a poll with changes of one kind; their sequence numbers."""
    with store.ingest(poll) as txn:
        assert txn is not None
        numbers = [txn.apply(Change(one, kind), feeds(one)) for one in items]
        counts = Counts(new=len(numbers))
        txn.finish(verdict, counts, now, now + HOUR, keep_validators=keep, recheck=recheck)
    return numbers


def bring(store: SqlStore, *items: Item, kind: ChangeKind = ChangeKind.NEW) -> list[int]:
    """A whole poll of the items' source."""
    return finish(store, begin(store, items[0].source), items, kind=kind)
