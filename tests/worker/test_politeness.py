"""One request a second to one site, while every other source is on time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.support.newspaper import Newspaper, Story, words
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Raw, Site

pytestmark = pytest.mark.slow
ARTICLES = 30  # at one a second: longer than a slow machine takes for a command


def test_a_site_that_is_read_slowly_keeps_nobody_waiting(tmp_path: Path) -> None:
    """A newspaper of 25 articles at the shipped pace takes half a minute; the sample newspaper's news are
    published meanwhile, and nothing is given up."""
    stories = {
        str(n): Story(f"芦山县科协 第{n}课", (f"近日,雅安市芦山县科协讲第{n}课。",)) for n in range(ARTICLES)
    }
    with Site() as site, product(tmp_path) as deployed:
        Newspaper(stories=stories).print_on(site)
        deployed.configure(source("slow", f"{site.url}/"), sample=True, allow=[site.address])
        path = deployed.folder / "config.toml"
        path.write_text(path.read_text().replace("per_host_interval = 0", "per_host_interval = 1.0"))
        with deployed.up():
            assert eventually(lambda: len(site.requests) > 8, 40), deployed.log()
            assert deployed.do("sample", "publish")[0] == 0
            assert eventually(
                lambda: any(event["source"] == "sample" and event["new"] == 1 for event in _polled(deployed)),
                15,
            ), deployed.log()
            assert len(site.requests) < ARTICLES  # the slow one is still being read
            assert eventually(lambda: any(event["source"] == "slow" for event in _polled(deployed)), 90)
        (slow,) = [event for event in _polled(deployed) if event["source"] == "slow"]
        assert (slow["status"], slow["new"]) == ("ok", ARTICLES)
        assert deployed.events("poll.resumed") == []
        pages = [path for path in site.paths if path != "/robots.txt"]  # that, once for each process
        assert len(pages) == len(set(pages)) == ARTICLES + 3


def test_a_site_that_answers_at_first_and_hangs_later_keeps_nobody_waiting(tmp_path: Path) -> None:
    """One article is had, all others hang: the sample newspaper has news while the first of them
    still has most of its deadline before it."""
    told = {str(n): Story(f"芦山县科协 第{n}课", (f"近日,芦山县科协讲{words(n, 60)}。",)) for n in range(8)}
    paper = Newspaper(stories=told)

    def hangs(_: object, over: threading.Event) -> None:
        over.wait(120)

    with Site() as site, product(tmp_path) as deployed:
        paper.print_on(site)
        addresses = [paper.address(str(n)) for n in range(1, 8)]
        site.routes |= dict.fromkeys(addresses, Raw(hangs))
        deployed.configure(source("mixed", f"{site.url}/"), sample=True, allow=[site.address], timeout=60)
        path = deployed.folder / "config.toml"
        path.write_text(path.read_text().replace("per_host_interval = 0", "per_host_interval = 0.3"))
        with deployed.up():
            hanging = set(addresses)
            assert eventually(lambda: len([p for p in site.paths if p in hanging]) > 1, 60), deployed.log()
            assert deployed.do("sample", "publish")[0] == 0
            assert eventually(
                lambda: any(event["source"] == "sample" and event["new"] == 1 for event in _polled(deployed)),
                50,
            ), deployed.log()
            assert deployed.events("page.failed") == []  # the first that hangs is still waited for
            assert not [event for event in _polled(deployed) if event["source"] == "mixed"]


def _polled(deployed: Product) -> list[dict[str, Any]]:
    return deployed.events("source.polled")
