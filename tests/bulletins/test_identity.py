"""An article's address -> key, link and entry id."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.identity import digest, key, link, mint
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Evidence,
    Item,
    PageNo,
    Precision,
    Region,
    Role,
)

# RFC 4151, 2.1: tagURI = "tag:" taggingEntity ":" specific; specific = *( pchar / "/" / "?" ).
TAG_URI = re.compile(
    r"tag:[A-Za-z0-9.@_-]+,\d{4}(-\d\d(-\d\d)?)?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-F]{2})*", re.ASCII
)
NOISE = (
    "utm_source=wx",
    "UTM_medium=x",
    "spm=1.2",
    "from=timeline",
    "isappinstalled=0",
    "PHPSESSID=ab12",
    "_=17",
    "rand=0.5512345678",
    "ts=1791000000123",
)

segments = st.text(
    st.characters(codec="utf-8", exclude_characters="/?#%;\\", exclude_categories=("Cc", "Cs")), min_size=1
).filter(lambda text: text not in (".", ".."))
paths = st.lists(segments, min_size=1, max_size=4).map("/".join)
escaped = paths.map(lambda path: quote(path, safe="/"))
values = st.text("abcXYZ019-._~", min_size=1, max_size=8)
queries = st.dictionaries(st.sampled_from(["t", "id", "page", "n"]), values, max_size=3).map(
    lambda pairs: [f"{name}={value}" for name, value in pairs.items()]
)


@given(
    escaped,
    queries,
    st.lists(st.sampled_from(NOISE), max_size=2),
    st.sampled_from(["", "#top", "#:~:text=a"]),
)
def test_the_key_is_independent_of_host_and_visitor(
    path: str, query: list[str], noise: list[str], fragment: str
) -> None:
    plain = f"http://kjb.example/{path}" + ("?" + "&".join(query) if query else "")
    asked = [*reversed(query), *noise]
    other = f"https://www.other.example:8443/{path}" + ("?" + "&".join(asked) if asked else "") + fragment
    assert key(other) == key(plain)


@given(escaped, escaped)
def test_different_paths_never_collide(one: str, other: str) -> None:
    def bytes_of(path: str) -> list[bytes]:
        return [unquote_to_bytes(part) for part in path.strip("/").split("/")]

    same = key(f"http://a.example/{one}") == key(f"http://a.example/{other}")
    assert same == (bytes_of(one) == bytes_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a%2Fb", "/a/b"),
        ("/", "/-"),
        ("/%C4%CF", "/%B3%E4"),  # GBK: neither is UTF-8
        ("/n?q=%C4%CF", "/n?q=%B3%E4"),
        ("/n?q=a%26b=1", "/n?q=a&b=1"),
        ("/n?q=a%2Bb", "/n?q=a+b"),
        ("/a%3Fb=1", "/a?b=1"),
        ("/A", "/a"),
        ("/?t=1", "/?t=2"),
    ],
)
def test_addresses_that_differ_by_what_they_mean(one: str, other: str) -> None:
    assert key(f"http://a.example{one}") != key(f"http://a.example{other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "/"),
        ("/a", "/a/"),
        ("/%61", "/a"),
        ("/x%7ey", "/x~y"),
        ("/%c4%cf", "/%C4%CF"),
        ("/南充", "/%E5%8D%97%E5%85%85"),
        ("/a;jsessionid=0C3F?t=1", "/a?t=1"),
        ("/a;JSESSIONID=0C3F", "/a"),
        ("/a?", "/a"),
        ("/a?&b=1&", "/a?b=1"),
        ("/a?b=1&a=2", "/a?a=2&b=1"),
    ],
)
def test_addresses_that_differ_by_spelling_only(one: str, other: str) -> None:
    assert key(f"http://a.example{one}") == key(f"http://a.example{other}")


@given(paths, queries, st.sampled_from(["", "511826", "s2"]))
def test_ids_are_tag_uris_in_ascii(path: str, query: list[str], section: str) -> None:
    url = f"http://kjb.example/{path}" + ("?" + "&".join(query) if query else "")
    made = mint("localhost,2026", "sckjb", url, section)
    assert made.isascii()
    assert TAG_URI.fullmatch(made)
    assert made.startswith("tag:localhost,2026:sckjb/")
    assert not section or made.endswith(f"/{section}")


def test_ids_are_as_the_contract_spells_them() -> None:
    url = "http://kjb.example/b74012a0fbca4af4bd29f73af7c0fffb"
    assert mint("localhost,2026", "sckjb", url) == "tag:localhost,2026:sckjb/b74012a0fbca4af4bd29f73af7c0fffb"
    assert mint("localhost,2026", "sckjb", url, "511300").endswith("0fffb/511300")
    assert mint("localhost,2026", "sckjb", "http://kjb.example/") == "tag:localhost,2026:sckjb/-"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://a.example/x;jsessionid=9?t=6ec&_=3#f", "http://a.example/x?t=6ec"),
        ("http://a.example", "http://a.example/"),
        ("https://a.example/n.htm?id=3&utm_campaign=x&page=2", "https://a.example/n.htm?id=3&page=2"),
        ("http://a.example/%C4%CF?q=%C4%CF", "http://a.example/%C4%CF?q=%C4%CF"),  # kept as the site escapes
        ("http://a.example/n?u=http://b/c", "http://a.example/n?u=http://b/c"),
        ("http://a.example/南 充?q=南", "http://a.example/%E5%8D%97%20%E5%85%85?q=%E5%8D%97"),
    ],
)
def test_link(url: str, plain: str) -> None:
    assert link(url) == plain
    assert link(plain) == plain


ITEM = Item(
    id="tag:localhost,2026:kepu/a",
    source="kepu",
    title="雨声表",
    link="http://kepu.example/a",
    published=datetime(2026, 6, 9, 16, tzinfo=UTC),
    precision=Precision.DAY,
    first_seen=datetime(2026, 6, 10, tzinfo=UTC),
    updated=datetime(2026, 6, 10, tzinfo=UTC),
    blocks=(
        Block(BlockKind.PARAGRAPH, "听 雨", "<b>听</b> 雨"),
        Block(BlockKind.IMAGE, "", url="http://a/1.jpg"),
    ),
    authors=(Author("林小灶", Role.REPORTER),),
    region=Region("511525", ("四川省", "宜宾市", "高县"), "text"),
    regions=(Region("511525", ("四川省", "宜宾市", "高县"), "text"),),
    column=Column("科协之窗", "ke-xie-zhi-chuang", ColumnKind.PAGE),
    event_date=date(2026, 6, 8),
)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "雨声谱"},
        {"blocks": (Block(BlockKind.PARAGRAPH, "听雪"),)},
        {"blocks": (*ITEM.blocks[:1], Block(BlockKind.IMAGE, "", url="http://a/2.jpg"))},
        {"blocks": ITEM.blocks[:1]},
        {"authors": (Author("林小灶", Role.CORRESPONDENT),)},
        {"authors": ()},
        {"region": None},
        {"regions": ()},
        {"column": None},
        {"event_date": None},
        {"event_end": date(2026, 6, 9)},
    ],
)
def test_the_digest_moves_with_the_meaning(changed: dict[str, object]) -> None:
    assert digest(replace(ITEM, **changed)) != digest(ITEM)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    "changed",
    [
        {"blocks": (Block(BlockKind.PARAGRAPH, "听雨"), ITEM.blocks[1])},
        {"evidence": (Evidence("region", "text", "高县"),)},
        {"position": 4},
        {"page": PageNo("2", "副刊")},
        {"first_seen": ITEM.first_seen + timedelta(days=1)},
        {"updated": ITEM.updated + timedelta(days=1)},
        {"published": ITEM.published + timedelta(days=1)},  # set once: a later reading cannot correct it
    ],
)
def test_the_digest_rests_where_a_reader_sees_no_news(changed: dict[str, object]) -> None:
    assert digest(replace(ITEM, **changed)) == digest(ITEM)  # type: ignore[arg-type]  # fields by name
