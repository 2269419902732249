"""What is held and what was read -> what is new, corrected and withdrawn, and under which id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulletins.changes import MOST_CORRECTIONS, Comparison, compare
from bulletins.identity import bare, before_parameters, digest, key
from bulletins.likeness import sketch
from bulletins.model import (
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Edition,
    Held,
    Item,
    PageNo,
    Precision,
    Region,
    Withdrawal,
    WithdrawnBy,
)

FIRST = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
LATER = FIRST + timedelta(hours=6)
PRINTED = datetime(2026, 1, 1, 16, 0, tzinfo=UTC)
STARS = (
    "近日，芦山县的科普志愿者走进山里的小学，架起望远镜，请孩子们看月亮上的环形山，也看土星的光环。"
    "孩子们排着队，一个接一个地看，看完了都舍不得走，有人说那是挂在天上的一枚戒指。老师们也跟着学，"
    "把星座的名字写在黑板上，约好下个月再来，一起等一场流星雨。"
)
ORANGES = (
    "安岳县的果农围在柠檬树下听课，专家讲修枝要留几个芽，讲虫子在哪一片叶子背面过冬。听完课，大家拿起"
    "剪刀就在自家园子里试，谁剪得好，就请谁上前说一说为什么这样剪。到了下午，果园里一地的枝条。"
)
BUGS = (
    "名山区的茶园里办起了课堂，茶农跟着老师辨认茶小绿叶蝉，学着用黄板和灯光把虫子引开，少打一遍药。"
    "有人带来了自家叶子，老师拿放大镜一片一片地看，看出了红蜘蛛，当场讲怎么办。"
)
TEXTS = (STARS, ORANGES, BUGS)


def item(
    name: str,
    title: str = "观星",
    seen: datetime = FIRST,
    published: datetime = PRINTED,
    *texts: str,
    section: int = 0,
    link: str | None = None,
    region: str | None = None,
) -> Item:
    made = Item(
        id=f"tag:localhost,2026:kepu/{name}",
        source="kepu",
        title=title,
        link=link or f"http://kepu.example/{name}",
        published=published,
        precision=Precision.DAY,
        first_seen=seen,
        updated=seen,
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in texts or ("近日，科普社开张。",)),
        section=section,
        region=Region(region, (), "heading") if region else None,
    )
    return replace(made, digest=digest(made))


def text(name: str, *texts: str, title: str = "观星", section: int = 0, seen: datetime = FIRST) -> Item:
    """An item whose text matters; a section of the article `page` where it has a number."""
    link = "http://kepu.example/page" if section else None
    return item(name, title, seen, PRINTED, *texts, section=section, link=link)


@dataclass
class Drawer:
    """What is stored, kept as the store keeps it."""

    held: dict[str, Held] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)

    def similar(self, item: Item) -> Sequence[Held]:
        drawn = set(sketch("\n".join(item.paragraphs)))
        return [one for one in self.held.values() if drawn & set(sketch("\n".join(one.item.paragraphs)))]

    def known(self, name: str) -> bool:
        return name in self.held or name in self.aliases

    def corrections(self, item: str, since: datetime) -> int:
        return self.corrected.get(item, 0)

    def read(self, *items: Item, now: datetime = LATER, **more: frozenset[str]) -> Comparison:
        """A reading compared and kept; by default, every article that was read stands on the lists."""
        named = {name for one in items for name in (one.id, before_parameters(one))}
        aliases = {name: to for name, to in self.aliases.items() if name in named}
        keys = {key(at) for one in items for at in (one.link, bare(one.link))}
        names = named | set(aliases.values())
        near = [one for one in self.held.values() if one.item.id in names or key(one.item.link) in keys]
        there = keys | {key(one.item.link) for one in near}
        near = [one for one in self.held.values() if one.item.id in names or key(one.item.link) in there]
        listed = more.get("listed", frozenset(keys))
        said = compare(near, items, self, now, aliases=aliases, listed=listed)
        for change in said.changes:
            self.keep(change)
        self.aliases |= said.aliases
        return said

    def keep(self, change: Change) -> None:
        name, before = change.item.id, self.held.get(change.item.id)
        if change.kind == ChangeKind.WITHDRAWN:
            assert change.withdrawal
        else:
            self.aliases.pop(name, None)
            if before and change.announced and before.item.digest != change.item.digest:
                self.corrected[name] = self.corrected.get(name, 0) + 1
        restless = None if change.announced else change.at
        self.held[name] = Held(change.item, change.withdrawal, restless)

    def withdraw(self, one: Item, by: WithdrawnBy) -> None:
        self.held[one.id] = Held(one, Withdrawal(by, "it is gone", LATER))

    @property
    def live(self) -> dict[str, Item]:
        return {name: one.item for name, one in self.held.items() if one.withdrawal is None}


def drawer(*items: Item) -> Drawer:
    kept = Drawer()
    kept.read(*items, now=FIRST)
    return kept


def kinds(said: Comparison) -> list[tuple[str, ChangeKind]]:
    return [(change.item.id.rpartition("kepu/")[2], change.kind) for change in said.changes]


def test_what_was_not_held_is_new_in_the_order_read() -> None:
    kept = Drawer()
    said = kept.read(item("b", "看月亮"), item("a"))
    assert kinds(said) == [("b", ChangeKind.NEW), ("a", ChangeKind.NEW)]


def test_an_item_that_means_the_same_is_no_change_whenever_it_is_read() -> None:
    later = FIRST + timedelta(days=3)
    # Without a date on the page, the day of reading stands in for it: another one at each reading.
    assert drawer(item("a")).read(item("a", seen=later, published=later)).changes == []


def test_a_correction_keeps_what_was_set_once() -> None:
    kept = drawer(item("a"))
    read = replace(item("a", "把月亮请下山", LATER, PRINTED + timedelta(days=1)), precision=Precision.MINUTE)
    (change,) = kept.read(read).changes
    assert change.kind == ChangeKind.CORRECTED
    assert (change.item.id, change.item.title) == (item("a").id, "把月亮请下山")
    assert (change.item.first_seen, change.item.updated) == (FIRST, LATER)
    assert (change.item.published, change.item.precision) == (PRINTED, Precision.DAY)


def test_what_is_not_in_the_reading_is_left_alone() -> None:
    kept = drawer(item("a"), item("b", "看月亮"))
    assert kept.read(item("b", "看月亮")).changes == []
    assert kept.read().changes == []


def test_blanks_counters_and_clocks_are_no_correction() -> None:
    kept = drawer(text("a", STARS, "阅读：12"))
    assert kept.read(text("a", STARS.replace("，", "， "), "阅读： 13 次")).changes == []
    assert kept.live[text("a").id].paragraphs == (STARS, "阅读：12")


def test_a_moved_address_keeps_the_id_and_the_link_follows() -> None:
    kept = drawer(text("old", STARS))
    new = text("new", STARS, seen=LATER)
    (change,) = kept.read(new).changes
    assert (change.item.id, change.item.link) == (text("old").id, new.link)
    assert (change.kind, change.item.updated, change.at) == (ChangeKind.CORRECTED, FIRST, LATER)
    assert kept.aliases == {new.id: text("old").id}
    assert kept.read(new).changes == []
    corrected = text("new", STARS.replace("一枚戒指", "一只银环"))
    (change,) = kept.read(corrected).changes
    assert (change.item.id, change.item.updated) == (text("old").id, LATER)


def test_a_moved_article_stands_in_the_edition_that_lists_it_now() -> None:
    old, new = text("old", STARS), text("new", STARS)
    before, after = Edition(3599, date(2026, 1, 1)), Edition(3600, date(2026, 1, 2))
    kept = drawer(replace(old, edition=before, page=PageNo("2"), position=4))
    (change,) = kept.read(replace(new, edition=after, page=PageNo("3"), position=1)).changes
    assert (change.item.edition, change.item.page, change.item.position) == (after, PageNo("3"), 1)
    assert (change.item.published, change.item.updated) == (old.published, old.updated)


def test_https_in_place_of_http_keeps_the_id() -> None:
    kept = drawer(text("a", STARS))
    secure = replace(text("a", STARS), link="https://kepu.example/a")
    (change,) = kept.read(secure).changes
    assert (change.item.id, change.item.link) == (secure.id, secure.link)


def at(path: str, *texts: str, title: str = "观星", picture: str = "") -> Item:
    """An article at a path, with its picture."""
    made = item(path, title, FIRST, PRINTED, *texts, link=f"http://kepu.example/{path}")
    pictures = (Block(BlockKind.IMAGE, "", url=f"http://kepu.example/{picture}"),) if picture else ()
    made = replace(made, blocks=(*(made.blocks if texts else ()), *pictures))
    return replace(made, digest=digest(made))


def test_parameters_that_a_site_adds_keep_the_id_whatever_else_is_edited() -> None:
    """A counter for caches behind every address: few words, none, a new headline, another number."""
    first = (
        at("1.htm", "孩子们在看星星。", title="图片"),
        at("2.htm", picture="2.jpg"),
        at("3.htm", STARS + "来了12人。"),
        at("4.htm", ORANGES, title="果园"),
        at("5.htm", "明天开课。", title="通知"),
    )
    kept = drawer(*first)
    for n in (1, 2):
        said = kept.read(
            at(f"1.htm?v={n}", "孩子们在看星星。", title=f"看星{n}"),
            at(f"2.htm?v={n}", picture=f"2.jpg?v={n}"),
            at(f"3.htm?v={n}", STARS + f"来了{n}人。"),
            at(f"4.htm?v={n}&from=list", BUGS),  # nothing speaks for it: another article
            at(f"5.htm?v={n}", f"改为{n + 8}月开课。", title="通知"),
        )
        assert {name for name, kind in kinds(said) if kind == ChangeKind.NEW} == (
            {"4.htm?v=1&from=list"} if n == 1 else set()
        )
    assert set(kept.live) >= {one.id for one in first}


def test_articles_that_only_parameters_tell_apart_stay_apart() -> None:
    kept = drawer(at("show.asp", picture="0.jpg"))
    said = kept.read(*(at(f"show.asp?id={n}", picture=f"{n}.jpg") for n in (1, 2)))
    assert [kind for _, kind in kinds(said)] == [ChangeKind.NEW, ChangeKind.NEW]


def test_an_article_under_two_addresses_is_one_item() -> None:
    one, other = text("a", STARS), text("b", STARS)
    kept = Drawer()
    assert kinds(kept.read(one, other)) == [("a", ChangeKind.NEW)]
    assert kept.aliases == {other.id: one.id}
    for reading in ([other, one], [one, other], [other, one]):
        assert kept.read(*reading).changes == []  # the address never goes back and forth
    corrected = STARS.replace("一枚戒指", "一只银环")
    (change,) = kept.read(text("a", corrected), text("b", STARS)).changes
    assert (change.item.id, change.item.link) == (one.id, one.link)


def test_a_second_address_found_later_is_no_second_item() -> None:
    kept = drawer(text("a", STARS))
    assert kept.read(text("a", STARS), text("b", STARS)).changes == []
    assert kept.aliases == {text("b").id: text("a").id}


def test_an_item_that_was_read_at_its_second_address_alone_is_not_lost_at_the_first() -> None:
    kept = drawer(text("a", STARS))
    kept.read(text("b", STARS))  # the first could not be had this time
    assert kept.read(text("a", STARS), text("b", STARS)).changes == []
    assert list(kept.live) == [text("a").id]


def test_an_address_that_is_given_to_another_article_does_not_take_its_id_along() -> None:
    kept = drawer(text("a", STARS))
    said = kept.read(text("a", ORANGES, title="修枝"), text("b", STARS))
    assert kept.live[text("a").id].paragraphs == (STARS,)
    assert sorted(kinds(said)) == [("a", ChangeKind.CORRECTED), ("a~2", ChangeKind.NEW)]
    assert kept.read(text("a", ORANGES, title="修枝"), text("b", STARS)).changes == []


def test_notices_from_one_pattern_are_different_news() -> None:
    pattern = "因管道检修，某街将于1月5日停水八小时，请居民提前储水，给您带来的不便敬请谅解。" * 3
    one, other = (
        text(name, pattern.replace("某街", street), title="停水通知")
        for name, street in (("a", "锦江路"), ("b", "锦绣路"))
    )
    assert len(Drawer().read(one, other).changes) == 2
    short = [text(name, "详见图片。", title="公示") for name in "cd"]
    short = [
        replace(one, blocks=(*one.blocks, Block(BlockKind.IMAGE, "", "", f"http://kepu.example/{n}.jpg")))
        for n, one in enumerate(short)
    ]
    assert len(Drawer().read(*short).changes) == 2


def test_sections_read_in_another_order_keep_their_ids() -> None:
    kept = drawer(*(text(f"page/s{n}", one, section=n) for n, one in enumerate(TEXTS, 1)))
    before = {one.paragraphs: name for name, one in kept.live.items()}
    for order in (
        (BUGS, STARS, ORANGES),
        (ORANGES, BUGS, STARS),
        (STARS, "全新的一节，讲的是蘑菇怎样分辨。", BUGS, ORANGES),
    ):
        kept.read(*(text(f"page/s{n}", one, section=n) for n, one in enumerate(order, 1)))
        assert {one.paragraphs: name for name, one in kept.live.items()}.items() >= before.items()
    assert len(kept.live) == 4


def test_a_heading_that_is_read_differently_leaves_the_id_with_the_text() -> None:
    kept = drawer(text("page/511826", STARS, section=1), text("page/512021", ORANGES, section=2))
    said = kept.read(text("page/513221", STARS, section=1), text("page/512021", ORANGES, section=2))
    assert said.changes == []
    assert said.missing == ()


def test_of_a_split_article_the_larger_part_keeps_the_id() -> None:
    kept = drawer(text("page", ORANGES, STARS, title="两县科普"))
    whole = kept.live[text("page").id]
    parts = [text("page/s1", ORANGES, section=1), text("page/s2", STARS, section=2)]
    assert sorted(kinds(kept.read(*parts))) == [("page", ChangeKind.CORRECTED), ("page/s1", ChangeKind.NEW)]
    assert kept.live[whole.id].paragraphs == (STARS,)
    assert kept.read(*parts).changes == []


def test_of_joined_items_the_larger_gives_its_id_and_the_others_become_aliases() -> None:
    parts = [text("page/s1", ORANGES, section=1), text("page/s2", STARS, section=2)]
    kept = drawer(*parts)
    joined = replace(text("page", ORANGES, STARS, title="两县科普"), link=parts[0].link)
    said = kept.read(joined)
    assert kinds(said) == [("page/s2", ChangeKind.CORRECTED), ("page/s1", ChangeKind.WITHDRAWN)]
    assert said.aliases == {parts[0].id: parts[1].id}
    assert said.changes[1].withdrawal is not None
    assert said.changes[1].withdrawal.by == WithdrawnBy.JOINED
    assert kept.read(joined).changes == []
    assert sorted(kinds(kept.read(*parts))) == [
        ("page/s1", ChangeKind.CORRECTED),
        ("page/s2", ChangeKind.CORRECTED),
    ]
    assert sorted(kept.live) == [one.id for one in parts]


def test_a_section_that_its_article_lacks_is_missing() -> None:
    kept = drawer(text("page/s1", ORANGES, section=1), text("page/s2", STARS, section=2))
    said = kept.read(text("page/s1", ORANGES, section=1))
    assert [one.item.id for one in said.missing] == [text("page/s2").id]


def test_what_was_withdrawn_returns_by_what_said_that_it_was_gone() -> None:
    one = text("a", STARS)
    for by, listed, returns in (
        (WithdrawnBy.ADDRESS, True, True),
        (WithdrawnBy.ADDRESS, False, True),
        (WithdrawnBy.LIST, True, True),
        (WithdrawnBy.LIST, False, False),
        (WithdrawnBy.OPERATOR, True, False),
    ):
        kept = Drawer()
        kept.withdraw(one, by)
        said = kept.read(one, listed=frozenset({"a"} if listed else ()))
        assert kinds(said) == ([("a", ChangeKind.CORRECTED)] if returns else [])
        assert (one.id in kept.live) == returns
        assert said.present == {one.id}
        if returns:
            assert said.changes[0].item.updated == LATER


def test_what_an_operator_took_down_stays_down_at_another_address_too() -> None:
    kept = Drawer()
    kept.withdraw(text("a", STARS), WithdrawnBy.OPERATOR)
    assert kept.read(text("b", STARS)).changes == []
    assert kept.read(text("b", STARS), text("a", STARS)).changes == []
    assert kept.live == {}


def test_what_an_operator_took_down_stays_down_when_it_is_printed_again_on_another_day() -> None:
    kept = Drawer()
    kept.withdraw(text("a", STARS), WithdrawnBy.OPERATOR)
    again, once_more = (
        replace(text(name, STARS, title="又见星空"), published=PRINTED + timedelta(days=days))
        for name, days in (("b", 1), ("c", 90))
    )
    assert kept.read(again).changes == []
    assert kept.aliases == {again.id: text("a").id}  # its address leads to what says that it is gone
    assert kept.read(once_more, text("a", STARS), again).changes == []
    # Few words are printed again and again; other words are another article.
    kept.withdraw(text("d", "明天停水。"), WithdrawnBy.OPERATOR)
    fresh = (text("e", "明天停水。"), text("f", STARS.replace("一枚戒指", "一只银环")))
    said = kept.read(*(replace(one, published=again.published) for one in fresh))
    assert kinds(said) == [("e", ChangeKind.NEW), ("f", ChangeKind.NEW)]


def test_an_item_that_keeps_changing_is_no_longer_announced() -> None:
    kept = drawer(text("a", STARS))
    name = text("a").id
    for n in range(MOST_CORRECTIONS):
        (change,) = kept.read(text("a", f"{STARS}第{n}回。"), now=LATER + timedelta(hours=n)).changes
        assert change.announced
    updated = kept.live[name].updated
    now = LATER + timedelta(days=1)
    said = kept.read(text("a", STARS), now=now)
    (change,) = said.changes
    assert (change.announced, change.item.updated, change.at) == (False, updated, now)
    assert [one.id for one in said.restless] == [name]
    assert kept.live[name].paragraphs == (STARS,)
    assert kept.read(text("a", ORANGES), now=now).restless == []  # said once
    kept.corrected.clear()  # it rested for as long as the window lasts
    (change,) = kept.read(text("a", BUGS), now=now).changes
    assert change.announced
    assert kept.held[name].restless is None


def test_the_same_text_of_another_day_is_new_and_known_as_a_twin() -> None:
    kept = drawer(text("a", STARS))
    again = replace(text("b", STARS), published=PRINTED + timedelta(days=7))
    said = kept.read(again)
    assert kinds(said) == [("b", ChangeKind.NEW)]
    assert {name: one.item.id for name, one in said.twins.items()} == {again.id: text("a").id}


def test_an_accepted_id_map_is_followed_and_kept_as_aliases() -> None:
    kept = drawer(text("a", STARS))
    again = replace(text("b", STARS.replace("孩子", "学生")), published=PRINTED + timedelta(days=7))
    held = list(kept.held.values())
    said = compare(held, [again], kept, LATER, accepted={again.id: text("a").id})
    assert kinds(said) == [("a", ChangeKind.CORRECTED)]
    assert said.changes[0].item.published == PRINTED
    assert said.aliases == {again.id: text("a").id}


def test_the_same_notice_in_another_source_is_kin() -> None:
    kept = drawer(text("a", STARS))
    theirs = replace(text("b", STARS), id="tag:localhost,2026:other/b", source="other")
    said = compare([], [theirs], kept, LATER)
    assert [change.kind for change in said.changes] == [ChangeKind.NEW]
    assert {name: one.item.id for name, one in said.kin.items()} == {theirs.id: text("a").id}


readings = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["一", "二", "三"]), st.integers(0, 9)),
    max_size=6,
).map(
    lambda made: [
        item(name, f"{name}{title}", FIRST + timedelta(days=days), PRINTED + timedelta(days=days))
        for name, (title, days) in made.items()
    ]
)


@given(readings, readings)
def test_applied_once_a_reading_brings_nothing_more(held: list[Item], read: list[Item]) -> None:
    kept = drawer(*held)
    before = kept.live
    kept.read(*read)
    after = kept.live
    assert kept.read(*read).changes == []
    assert set(after) == {each.id for each in [*held, *read]}
    for name, each in before.items():
        assert (after[name].id, after[name].first_seen) == (each.id, each.first_seen)
        assert after[name].published == each.published
