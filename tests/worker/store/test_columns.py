"""Each column has one slug that is its own, and feeds once it is more than a one-off headline."""

from __future__ import annotations

from dataclasses import replace

from bulletins.columns import slug_apart
from bulletins.model import Column, ColumnKind
from tests.worker.store import story
from tests.worker.store.story import HEADING, HEADLINE, NOW
from worker.polls import Counts
from worker.store import SqlStore

PAGE = Column("科协之窗", "ke-xie-zhi-chuang", ColumnKind.PAGE)


def _settle(store: SqlStore, *columns: Column, edition: str | None = None) -> dict[str, Column]:
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        editions = {column.name: edition for column in columns if edition}
        settled = txn.settle_columns(columns, editions)
        txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=False, recheck=())
    return settled


def _promoted(store: SqlStore, *names: str) -> set[str]:
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        promoted = txn.promoted(names)
        txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=False, recheck=())
    return promoted


def test_a_slug_is_given_once_and_kept(store: SqlStore) -> None:
    assert _settle(store, HEADING) == {HEADING.name: HEADING}
    assert _settle(store, replace(HEADING, slug="another")) == {HEADING.name: HEADING}
    assert store.column_names() == {HEADING.slug: HEADING.name}


def _own(store: SqlStore, owner: str, column: Column, *shared: str) -> Column:
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        settled = txn.settle_columns([column], {column.name: f"{owner}/1"}, owner, shared)
        txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=False, recheck=())
    return settled[column.name]


def test_one_name_in_two_sources_is_two_columns(store: SqlStore) -> None:
    store.sync_sources([story.PAPER, story.OTHER], NOW)
    first, second, third = (_own(store, owner, HEADING) for owner in ("paper", "other", "third"))
    assert first == HEADING
    assert second.slug == slug_apart(HEADING.name, "other")
    assert len({first.slug, second.slug, third.slug}) == 3
    assert _own(store, "other", HEADING) == second
    assert store.column_names() == {
        first.slug: f"{HEADING.name}（{story.PAPER.name}）",
        second.slug: f"{HEADING.name}（{story.OTHER.name}）",
        third.slug: HEADING.name,
    }


def test_one_name_in_two_sources_is_one_column_where_the_configuration_says_so(store: SqlStore) -> None:
    assert _own(store, "other", HEADING, HEADING.name) == HEADING
    assert _own(store, "paper", HEADING, HEADING.name) == HEADING
    assert _own(store, "paper", HEADING) == HEADING  # what is one stays one
    assert store.column_names() == {HEADING.slug: HEADING.name}


def test_a_column_that_comes_to_be_shared_is_the_one_with_the_plain_slug(store: SqlStore) -> None:
    _own(store, "paper", HEADING)
    second = _own(store, "other", HEADING)
    assert _own(store, "other", HEADING, HEADING.name) == HEADING
    assert _own(store, "third", HEADING) == HEADING
    assert second.slug in store.column_names()


def test_an_umbrella_of_one_source_is_promoted_by_its_own_editions(store: SqlStore) -> None:
    _own(store, "paper", HEADLINE)
    _own(store, "other", HEADLINE)
    with store.edit("test") as txn:
        assert txn.promoted([HEADLINE.name], "paper") == txn.promoted([HEADLINE.name], "other") == set()
        txn.settle_columns([HEADLINE], {HEADLINE.name: "paper/2"}, "paper")
        assert txn.promoted([HEADLINE.name], "paper") == {HEADLINE.name}
        assert txn.promoted([HEADLINE.name], "other") == set()


def test_names_that_sound_alike_get_slugs_apart(store: SqlStore) -> None:
    alike = replace(HEADING, name="香村客堂")
    settled = _settle(store, HEADING, alike)
    assert settled[HEADING.name].slug == HEADING.slug
    assert settled[alike.name].slug == slug_apart(alike.name) != HEADING.slug
    assert _settle(store, alike) == {alike.name: settled[alike.name]}
    assert store.column_names() == {column.slug: name for name, column in settled.items()}


def test_a_kind_rises_and_never_falls(store: SqlStore) -> None:
    def seen_as(kind: ColumnKind) -> ColumnKind:
        return _settle(store, replace(HEADLINE, kind=kind))[HEADLINE.name].kind

    assert seen_as(ColumnKind.UMBRELLA) == ColumnKind.UMBRELLA
    assert seen_as(ColumnKind.PAGE) == ColumnKind.PAGE
    assert seen_as(ColumnKind.UMBRELLA) == ColumnKind.PAGE
    assert seen_as(ColumnKind.HEADING) == ColumnKind.HEADING
    assert seen_as(ColumnKind.PAGE) == ColumnKind.HEADING


def test_headings_and_page_names_have_feeds_at_once(store: SqlStore) -> None:
    _settle(store, HEADING, PAGE, HEADLINE, edition="paper/1")
    assert _promoted(store, HEADING.name, PAGE.name, HEADLINE.name, "未见") == {HEADING.name, PAGE.name}
    assert _promoted(store, PAGE.name) == {PAGE.name}
    assert _promoted(store) == set()


def test_a_headline_has_feeds_once_it_stood_in_two_editions(store: SqlStore) -> None:
    _settle(store, HEADLINE)
    _settle(store, HEADLINE, edition="paper/1")
    _settle(store, HEADLINE, edition="paper/1")
    assert _promoted(store, HEADLINE.name) == set()
    _settle(store, HEADLINE, edition="paper/2")
    assert _promoted(store, HEADLINE.name) == {HEADLINE.name}


def test_the_items_under_a_headline_are_found(store: SqlStore) -> None:
    _settle(store, HEADLINE, HEADING)
    under = [story.item("a", column=HEADLINE, on=1), story.item("b", column=HEADLINE, on=2)]
    as_heading = story.item("c", column=replace(HEADLINE, kind=ColumnKind.HEADING))
    story.bring(store, *under, as_heading, story.item("d", column=HEADING), story.item("e", column=None))
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        assert list(txn.umbrella_items(HEADLINE.name)) == under[::-1]
        assert list(txn.umbrella_items("未见")) == []
