"""A configuration file that changes while the service runs: what is right counts, what is wrong is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from bulletins.errors import ConfigError
from tests.support.newspaper import Newspaper
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Site
from tests.worker.test_add import practice
from worker.config import Settings, load
from worker.config.following import Following

STANZA = source("paper", "http://paper.example/")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(STANZA, "utf-8")
    return path


def follow(file: Path) -> Following:
    return Following(file, load(file), lambda _: None)


def test_a_file_that_stays_brings_no_news(file: Path) -> None:
    following = follow(file)
    assert following.look() is None
    file.write_text(STANZA + source("other", "http://other.example/"), "utf-8")
    news = following.look()
    assert news is not None
    assert [each.id for each in news.settings.sources] == ["paper", "other"]
    assert (news.fault, news.waiting, following.look()) == (None, (), None)


def test_a_file_of_the_same_size_and_time_is_another_where_it_was_replaced(file: Path) -> None:
    following, before = follow(file), file.stat()
    other = file.with_name("other.toml")
    other.write_text(STANZA.replace("paper", "pepar"), "utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    news = following.look()
    assert news is not None
    assert [each.id for each in news.settings.sources] == ["pepar"]


def test_a_wrong_file_leaves_what_was_in_force_until_it_is_right(file: Path) -> None:
    following = follow(file)
    before = following.settings
    for wrong in ("[[sources", "[fetch]\ntimeout = -1\n", None):
        file.write_text(wrong, "utf-8") if wrong else file.unlink()
        news = following.look()
        assert news is not None
        assert news.fault is not None
        assert str(file) in news.fault.where
        assert following.settings is before
    file.write_text(STANZA + "[fetch]\ntimeout = 7\n", "utf-8")
    assert following.look() is not None
    assert following.settings.fetch.timeout == 7


def test_what_this_process_cannot_work_by_is_wrong_too(file: Path) -> None:
    def refuse(_: Settings) -> None:
        raise ConfigError("has no secret", "environment variable DESK", "Set it")

    following = Following(file, load(file), refuse)
    file.write_text(STANZA + "\n", "utf-8")
    news = following.look()
    assert news is not None
    assert news.fault is not None
    assert news.fault.action == "Set it"


def test_what_is_fixed_at_the_start_waits_for_the_next(file: Path) -> None:
    following = follow(file)
    file.write_text('[service]\nbase_url = "http://new.example"\n[fetch]\ntimeout = 7\n', "utf-8")
    news = following.look()
    assert news is not None
    assert news.waiting == ("service",)
    assert news.settings.service.base_url == "http://127.0.0.1:8000"
    assert (news.settings.fetch.timeout, news.settings.sources) == (7, ())


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Product]:
    with product(tmp_path / "following") as made:
        yield made


@pytest.mark.slow  # `up` with all its processes, and commands beside it
def test_a_running_service_takes_up_what_is_added_and_tells_of_what_is_wrong(deployed: Product) -> None:
    newspaper = Newspaper()
    with Site() as site, Site(practice()) as county:
        newspaper.print_on(site)
        stanza = source("paper", f"{site.url}/", 'every = "1s"')
        deployed.configure(stanza, allow=[site.address, county.address])
        config = deployed.folder / "config.toml"
        with deployed.up():
            status, said = deployed.do("add", county.url, "--id", "county", "--yes")
            assert status == 0, said
            assert len([item for item in deployed.items() if item["source"] == "county"]) == 4
            page = f"http://127.0.0.1:{deployed.web}/api/v1/sources"
            assert eventually(lambda: b"county" in urlopen(page).read(), 10)  # loopback
            good = config.read_bytes()
            config.write_bytes(good + b"[fetch\n")
            assert eventually(lambda: bool(deployed.events("incident.opened")), 20), deployed.log()
            (told,) = deployed.events("incident.opened")
            assert (told["config"], told["status"]) == ("config.toml", "refused")
            assert "config.toml" in told["reason"]
            assert told["action"]
            config.write_bytes(good)
            assert eventually(lambda: bool(deployed.events("incident.closed")), 20), deployed.log()
            assert not deployed.events("child.died")
