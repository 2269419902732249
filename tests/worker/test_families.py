"""Newspapers of every family on a real site, given by their address alone, polled to items and feeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import pytest

from bulletins.model import PollStatus
from tests.layouts.test_layouts import CASES, expected, stated
from tests.support.flow import EVERY, House, house
from tests.support.reader import as_named, described, path_of
from tests.support.site import Site, conditional
from worker.store import SqlStore, open_store

pytestmark = pytest.mark.slow  # a second for each newspaper

WELL = [case for case in CASES if expected(case).get("items") and not expected(case).get("problem")]


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    """On one kind of database: what is read does not depend on it."""
    opened = open_store(sqlite_url)
    yield opened
    opened.dispose()


@contextmanager
def printed(case: Path, store: SqlStore, folder: Path, root: bool = False) -> Iterator[House]:
    """A fixture on a site of its own, and a house that polls it; `root`: its entry answers with a redirect
    from the site's front page."""
    config = stated(case)
    with Site() as site:
        host = config["entry"].removesuffix(path_of(config["entry"])).encode()
        for path, name in config["pages"].items():
            body = (case / name).read_bytes().replace(host, site.url.encode())
            body = body.replace(host.partition(b":")[2], site.url.partition(":")[2].encode())  # //host/…
            site.routes[path] = conditional(
                body, f'"{name}"', content_type=config.get("content_type", "text/html")
            )
        entry = path_of(config["entry"])
        if root:
            site.routes["/front"] = (302, {"Location": entry}, b"")
            entry = "/front"
        # The day decides how far back a list is read: the fixture's own, as when it is read offline.
        start = config["now"].astimezone(UTC) - 2 * EVERY
        source = {"region": None, **config["source"], "url": site.url + entry}
        with house(store, site, folder, start=start, **source) as made:
            made.tick()
            yield made


@pytest.mark.parametrize("case", WELL, ids=[f"{case.parent.name}-{case.name}" for case in WELL])
def test_a_newspaper_given_by_its_address_becomes_items(case: Path, store: SqlStore, tmp_path: Path) -> None:
    wanted = expected(case)["items"]
    with printed(case, store, tmp_path) as at_work:
        assert at_work.state().state == PollStatus.OK, at_work.lines.of("source.polled")
        # Stored items come by edition, page and position, fixtures as they were read.
        read = {item["title"]: item for item in map(described, at_work.items())}
        assert {each["title"]: as_named(read.get(each["title"]), each) for each in wanted} == {
            each["title"]: each for each in wanted
        }
        assert len(read) == len(wanted)
        at_work.tick()
        assert at_work.lines.of("source.polled")[-1]["status"] == "not_modified"


def test_an_entry_that_redirects_is_read_where_it_leads(store: SqlStore, tmp_path: Path) -> None:
    case = next(case for case in WELL if case.parent.name == "pagenn" and case.name == "whole-issue")
    with printed(case, store, tmp_path, root=True) as at_work:
        assert sorted(item.title for item in at_work.items()) == sorted(
            each["title"] for each in expected(case)["items"]
        )
