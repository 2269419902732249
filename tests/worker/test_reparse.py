"""The kept pages read again: shown first, then written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bulletins.model import Author, Block, BlockKind, Change, ChangeKind, Item, Role
from bulletins.reading import VERSION
from feeds.scope import keys_of
from tests.support.flow import House, house
from tests.support.newspaper import MINGSHAN, ROUNDUP, WENCHUAN, Newspaper
from tests.support.site import Site
from worker.cli.common import app
from worker.edit import KeptPage
from worker.flow.reparse import reparse
from worker.store import SqlStore, open_store


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    linked = replace(WENCHUAN, body=(*WENCHUAN.body, "大家都说<a href=/more>好</a>。"))
    Newspaper(stories={"roundup": ROUNDUP, "mingshan": MINGSHAN, "wenchuan": linked}).print_on(site)
    with house(store, site, tmp_path) as made:
        made.tick()
        yield made


def _store(at_work: House, item: Item) -> None:
    """As another parser left it."""
    with at_work.store.edit("test") as txn:
        txn.apply(Change(item, ChangeKind.CORRECTED), keys_of(item, item.column))


def _of(at_work: House, title: str) -> Item:
    (item,) = [item for item in at_work.items() if item.title == title]
    return item


def test_what_reads_as_before_changes_nothing(at_work: House) -> None:
    before, stamps = at_work.items(), at_work.stamps()
    done = reparse(at_work.ports, "paper", write=True)
    assert (done.pages, done.added, done.changed, done.lost, done.fresh) == (3, [], [], [], 0)
    at_work.tick()
    assert at_work.items() == before
    assert at_work.stamps() == stamps


def test_it_shows_and_then_writes_what_is_read_otherwise(at_work: House) -> None:
    good = _of(at_work, MINGSHAN.headline)
    bad = replace(good, authors=(Author("林 听雨", Role.CONTRIBUTOR),), digest="other")
    _store(at_work, bad)
    shown = reparse(at_work.ports, "paper", write=False)
    assert [item.id for item in shown.changed] == [good.id]
    assert _of(at_work, MINGSHAN.headline) == bad
    done = reparse(at_work.ports, "paper", write=True)
    assert [item.id for item in done.changed] == [good.id]
    after = _of(at_work, MINGSHAN.headline)
    assert (after.authors, after.published, after.id) == (good.authors, good.published, good.id)
    assert after.provenance is not None
    assert after.provenance.parser.endswith(f"/{VERSION}")
    assert reparse(at_work.ports, "paper", write=True).changed == []


def test_markup_and_evidence_are_refreshed_and_nobody_is_told(at_work: House) -> None:
    good = _of(at_work, WENCHUAN.headline)
    bare = replace(good, evidence=(), blocks=tuple(replace(block, html="") for block in good.blocks))
    _store(at_work, bare)
    newest = at_work.store.newest().change
    assert reparse(at_work.ports, "paper", write=False).fresh == 1
    assert reparse(at_work.ports, "paper", write=True).changed == []
    after = _of(at_work, WENCHUAN.headline)
    assert (after.blocks, after.evidence, after.updated) == (good.blocks, good.evidence, bare.updated)
    assert at_work.store.newest().change == newest
    assert "/more" in "".join(block.html for block in after.blocks)
    at_work.tick()
    assert "/more" in at_work.files()["feeds/all.atom"].decode()


def test_an_item_that_its_article_no_longer_gives_is_told_and_kept(at_work: House) -> None:
    good = _of(at_work, MINGSHAN.headline)
    other = (Block(BlockKind.PARAGRAPH, "别的县的科普志愿者走进了山里的另一所小学，孩子们学会了认星座。"),)
    gone = replace(good, id=f"{good.id}/s9", title="旧解析器的一条", blocks=other, digest="gone")
    _store(at_work, gone)
    done = reparse(at_work.ports, "paper", write=True)
    assert [item.id for item in done.lost] == [gone.id]
    assert _of(at_work, gone.title) == gone


@dataclass
class Lent:
    """A store with the kept pages of another."""

    inner: Any
    pages: Sequence[KeptPage]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def kept_pages(self, source: str) -> Sequence[KeptPage]:
        return self.pages


def test_a_reading_that_repeats_what_is_held_is_refused(
    store: SqlStore, site: Site, tmp_path: Path, sqlite_template: Path
) -> None:
    texts = {f"s{n}": replace(MINGSHAN, headline=f"第{n}课", body=(_long(n),)) for n in range(6)}
    paper = Newspaper(stories=texts)
    paper.print_on(site)
    shutil.copyfile(sqlite_template, tmp_path / "other.db")
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    with house(store, site, tmp_path / "one") as one, house(other, site, tmp_path / "two") as two:
        one.tick()
        paper.day += timedelta(days=1)
        paper.print_on(site)  # the same edition, dated and addressed anew
        two.tick()
        lent: Any = Lent(one.store, two.store.kept_pages("paper"))
        ports = replace(one.ports, store=lent, snapshots=two.ports.snapshots)
        before = one.items()
        done = reparse(ports, "paper", write=True)
        assert done.reason == "6 of 6 new items are already held under other ids"
        assert one.items() == before
    other.dispose()


def _long(n: int) -> str:
    lesson = f"教茶农辨认第{n}种病虫害，说听得懂，用得上。"
    return f"近日，雅安市名山区科协在第{n}座茶园里开讲，" + lesson * (n + 5)


def test_only_the_newest(at_work: House) -> None:
    assert reparse(at_work.ports, "paper", write=False, newest=1).pages == 1


def test_a_page_whose_bytes_are_gone_is_told(at_work: House, tmp_path: Path) -> None:
    for path in (tmp_path / "data" / "snapshots").rglob("*.gz"):
        path.unlink()
    done = reparse(at_work.ports, "paper", write=True)
    assert (done.missing, done.lost) == (3, [])


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[sources]]\nid = "paper"\nname = "山乡科普报"\nurl = "http://paper.test/"\n')
    said = CliRunner().invoke(app, ["reparse", "--dry-run", "--json", "--config", str(path)])
    assert json.loads(said.stdout) == {
        "written": False,
        "overridden": [],
        "sources": [
            {
                "source": "paper",
                "pages": 0,
                "pages_missing": 0,
                "added": [],
                "changed": [],
                "lost": [],
                "refreshed": 0,
                "rejections": [],
                "refused": None,
            }
        ],
    }
    path.write_text(path.read_text() + '[[overrides]]\nid = "tag:nobody"\nregion = "511826"\n')
    unknown = CliRunner().invoke(app, ["reparse", "--dry-run", "--config", str(path)])
    assert "no item has the id or the link tag:nobody" in " ".join(unknown.stdout.split())
    shown = CliRunner().invoke(app, ["reparse", "--source", "paper", "--config", str(path)])
    assert "of 0 kept articles 0 items added" in shown.stdout
    wrong = CliRunner().invoke(app, ["reparse", "--source", "other", "--config", str(path)])
    assert "Known: paper" in str(wrong.exception)
