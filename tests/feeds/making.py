"""Items of any text at all, for hypothesis; and the worst ones that pages have held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bulletins.files import Attachment
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Item,
    Provenance,
    Region,
    Role,
)
from tests.feeds.conftest import LUSHAN, MORNING, SOURCE, item, paragraph

EARLY = datetime(2001, 1, 1, tzinfo=UTC)
any_text = st.text(st.characters(exclude_categories=()), max_size=40) | st.text(
    st.sampled_from("<>&\"'/]=\x00\x0b\r\n\ud800\ufffe\u202e\u2066ap;#x 邸entryitm{}[],:"), max_size=40
)
_blocks = st.lists(
    st.builds(
        Block,
        st.sampled_from(BlockKind),
        any_text,
        any_text,
        st.none() | st.just("http://paper.example/1.jpg") | any_text,
    ),
    max_size=4,
)
_regions = st.none() | st.builds(lambda name: Region("511826", ("四川省", name), "heading"), any_text)
_columns = st.none() | st.builds(lambda name: Column(name, "lan-mu", ColumnKind.HEADING), any_text)
_sources = st.sampled_from([SOURCE.id, "gone"])
_moments = st.integers(0, 3_000_000_000_000_000).map(lambda n: EARLY + timedelta(microseconds=n))


def _item(number: int, **said: object) -> Item:
    return item(number, id=f"tag:dibao.example,2026:{said['source']}/a{number:04d}", **said)


items = st.lists(
    st.builds(
        _item,
        st.integers(1, 9999),
        source=_sources,
        title=any_text,
        blocks=_blocks.map(tuple),
        authors=st.lists(st.builds(Author, any_text, st.sampled_from(Role)), max_size=3).map(tuple),
        region=_regions,
        column=_columns,
        heading=st.none() | any_text,
        section=st.integers(0, 2),
        pdf=st.none() | st.builds("http://paper.example/{}".format, any_text) | any_text,
        attachments=st.lists(
            st.builds(Attachment, st.just("http://paper.example/1.ofd") | any_text, any_text, any_text),
            max_size=2,
        ).map(tuple),
        published=_moments,
        updated=_moments,
    ),
    max_size=5,
    unique_by=lambda made: made.id,
)

ILLEGAL = "".join(map(chr, [*range(32), 0x7F, *range(0x80, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1FFFE]))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NESTED = "<table><tr><td>" * 60 + "底" + "</td></tr></table>" * 60
WORST: dict[str, Item] = {
    "illegal": item(1, title=f"甲{ILLEGAL}乙", blocks=(paragraph(f"丙{ILLEGAL}丁"),)),
    "bidi": item(2, title=f"文{BIDI}件", blocks=(paragraph("x", f"<b>a{BIDI}&#x202e;&#8294;b</b>"),)),
    "huge": item(3, blocks=(paragraph("长" * 700_000),)),
    "markup title": item(4, title="<script>alert(1)</script><b>红头</b>]]> &lt;x&gt; &amp;amp;"),
    "blanks": item(
        5,
        link="http://paper.example/a b/中文.html?标题=科 协",
        pdf="http://paper.example/版 面/三.pdf",
        heading="芦山县 - 一、",
        section=1,
    ),
    "schemes": item(
        6,
        pdf="javascript:alert(1)",
        blocks=(
            paragraph(
                "链接",
                '<a href="javascript:alert(1)">一</a><a href="data:text/html,x">二</a><a '
                'href=" jAvAscript:x">三</a>'
                '<img src="data:image/svg+xml,<svg onload=alert(1)>"><a href="中 文.html">四</a>',
            ),
            Block(BlockKind.IMAGE, "图", url="data:image/png;base64,AAAA"),
        ),
    ),
    "nested": item(7, blocks=(Block(BlockKind.TABLE, "底", NESTED),)),
    "images": item(
        8,
        blocks=tuple(
            Block(BlockKind.IMAGE, f"图{n}", url=f"http://paper.example/{n}.jpg") for n in range(1000)
        ),
    ),
    "picture": item(9, blocks=(Block(BlockKind.IMAGE, "", url="http://paper.example/p.jpg"),), authors=()),
    "empty": item(10, title="", blocks=(), authors=(), region=None, regions=(), column=None),
    "named nothing": item(
        11,
        authors=(Author(" \u202e", Role.REPORTER),),
        region=Region("511826", ("四川省", " ", "\x01"), "heading"),
        column=Column(" \x02", "lan-mu", ColumnKind.HEADING),
    ),
    "sourced": item(
        12,
        region=LUSHAN,
        provenance=Provenance("http://paper.example/a", MORNING + timedelta(hours=1), "0f" * 32, "sckjw/1"),
    ),
}
