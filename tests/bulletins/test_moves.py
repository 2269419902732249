"""The address that an item has and the one where it was read now -> the one that it is to have."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bulletins.files import Attachment
from bulletins.identity import digest
from bulletins.model import Block, BlockKind, ChangeKind, Item
from tests.bulletins.test_changes import FIRST, LATER, STARS, Drawer, drawer, text

HOSTS = ("http://kepu.example", "http://www.kepu.example", "https://kepu.example")


def read(base: str, path: str = "a", words: str = STARS) -> Item:
    """The article at an address, with a picture, a file and its printed page, which lie beside it."""
    made = replace(text("a", words), id=f"tag:localhost,2026:kepu/{path}", link=f"{base}/{path}")
    picture = Block(BlockKind.IMAGE, "", url=f"{base}/moon.jpg")
    table = Attachment(f"{base}/list.xlsx", "名单", "xlsx")
    made = replace(made, blocks=(*made.blocks, picture), attachments=(table,), pdf=f"{base}/page.pdf")
    return replace(made, digest=digest(made))


def links(kept: Drawer) -> list[str]:
    """The addresses of the live items and of what lies beside them."""
    return [
        url
        for one in kept.live.values()
        for url in (
            one.link,
            *(block.url for block in one.blocks),
            *(f.url for f in one.attachments),
            one.pdf,
        )
        if url
    ]


def beside(base: str) -> list[str]:
    return [f"{base}/{name}" for name in ("a", "moon.jpg", "list.xlsx", "page.pdf")]


def test_a_site_that_answers_under_two_names_is_followed_there_and_back_and_no_further() -> None:
    plain, www = HOSTS[:2]
    kept = drawer(read(plain))
    (change,) = kept.read(read(www)).changes
    assert (change.item.updated, change.at) == (FIRST, LATER)  # no news for subscribers
    assert links(kept) == beside(www)
    assert [len(kept.read(read(base)).changes) for base in (plain, www, plain, www)] == [1, 0, 0, 0]
    assert links(kept) == beside(plain)


def test_two_addresses_read_in_turn_settle_too() -> None:
    kept = drawer(read(HOSTS[0]))
    changes = [len(kept.read(read(HOSTS[0], path)).changes) for path in ("b", "a", "b", "a", "b")]
    assert changes == [1, 1, 0, 0, 0]


def test_a_new_address_is_followed_after_a_return() -> None:
    kept = drawer(read(HOSTS[0]))
    for base in (HOSTS[1], HOSTS[0], HOSTS[1], "http://new.example"):
        kept.read(read(base))
    assert links(kept) == beside("http://new.example")


def test_https_is_not_given_up_for_http() -> None:
    plain, secure = HOSTS[0], HOSTS[2]
    kept = drawer(read(plain))
    assert [len(kept.read(read(base)).changes) for base in (secure, plain, secure, plain)] == [1, 0, 0, 0]
    assert links(kept) == beside(secure)


def test_a_correction_read_at_an_address_of_before_is_one_and_leaves_the_link() -> None:
    plain, secure = HOSTS[0], HOSTS[2]
    kept = drawer(read(secure))
    corrected = STARS.replace("一枚戒指", "一只银环")
    (change,) = kept.read(read(plain, words=corrected)).changes
    assert (change.kind, change.item.updated) == (ChangeKind.CORRECTED, LATER)
    assert links(kept) == beside(secure)
    assert kept.read(read(secure, words=corrected)).changes == []
    assert kept.read(read(plain, words=corrected)).changes == []


def test_a_picture_that_went_elsewhere_alone_is_a_correction() -> None:
    kept = drawer(read(HOSTS[0]))
    made = read(HOSTS[0])
    elsewhere = replace(
        made, blocks=(made.blocks[0], replace(made.blocks[1], url="http://cdn.example/m.jpg"))
    )
    (change,) = kept.read(replace(elsewhere, digest=digest(elsewhere))).changes
    assert change.item.updated == LATER


def test_a_picture_that_its_page_names_without_a_scheme_has_any() -> None:
    """//cdn.example/sun.jpg is read under the scheme of its page."""
    plain, secure = (
        replace(read(base), blocks=(Block(BlockKind.IMAGE, "", url=f"{scheme}://cdn.example/sun.jpg"),))
        for base, scheme in ((HOSTS[0], "http"), (HOSTS[2], "https"))
    )
    kept = drawer(replace(plain, digest=digest(plain)))
    found = [kept.read(replace(one, digest=digest(one))).changes for one in (secure, plain, secure)]
    assert [[change.item.updated for change in changes] for changes in found] == [[FIRST], [], []]
    assert "https://cdn.example/sun.jpg" in links(kept)


@given(st.lists(st.tuples(st.sampled_from(HOSTS), st.sampled_from("ab")), max_size=30))
def test_however_addresses_alternate_an_item_soon_stays_where_it_is(seen: list[tuple[str, str]]) -> None:
    kept = drawer(*(read(*at) for at in seen[:1]))
    names, moves = set(kept.live), 0
    came: Counter[str] = Counter(one.link for one in kept.live.values())
    for at in seen:
        for change in kept.read(read(*at)).changes:
            moves += 1
            came[change.item.link] += 1
            assert change.item.updated == FIRST
        assert set(kept.live) == names  # one item, under one id
    assert max(came.values(), default=0) <= 2
    assert moves <= len(set(seen))  # each address once, and one return
