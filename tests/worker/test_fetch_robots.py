from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from bulletins.errors import FetchError
from tests.support.fetching import fetcher
from tests.support.site import Answer, Raw, Route, Site, html
from worker.fetch.robots import Robots
from worker.ports import Fetched

NO = b"User-agent: *\nDisallow: /\n"


def text(body: bytes) -> Answer:
    return 200, {"Content-Type": "text/plain"}, body


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": html("page"), "/private/a": html("page")}) as made:
        yield made


def hang(connection: object, closing: threading.Event) -> None:
    closing.wait(30)


@pytest.mark.parametrize(
    "robots",
    [
        text(b""),
        text(b"User-agent: *\nDisallow: /private/\n"),
        text(b"\xef\xbb\xbfUser-agent: OtherBot\nDisallow: /\n"),
        text(b"User-agent: *\nDisallow: /\n\nUser-agent: dibaotest\nAllow: /\n"),
        (404, {}, NO),
        (403, {}, NO),
        (401, {}, b""),
        (410, {}, b""),
        (200, {"Content-Type": "text/html"}, b"\n<!DOCTYPE html><pre>\nUser-agent: *\nDisallow: /\n</pre>"),
        (302, {"Location": "/robots.txt"}, b""),
        (302, {}, b""),
    ],
    ids=["empty", "other path", "other agent", "ours", "404", "403", "401", "410", "html", "loop", "nowhere"],
)
def test_a_page_that_is_not_forbidden_is_fetched(site: Site, robots: Route) -> None:
    site.routes["/robots.txt"] = robots
    with fetcher(site) as client:
        assert client.get(f"{site.url}/").body == b"page"


@pytest.mark.parametrize(
    "robots",
    [
        text(NO),
        text(b"\xef\xbb\xbf" + NO),
        text(b"user-AGENT: DIBAOTEST\r\ndisallow: /*a$\r\n"),
        text(NO + b"# filler\n" * 100_000),
        (301, {"Location": "/rules"}, b""),
    ],
    ids=["all", "BOM", "ours, wildcard", "huge", "redirect"],
)
def test_a_forbidden_page_is_not_fetched(site: Site, robots: Route) -> None:
    site.routes |= {"/robots.txt": robots, "/rules": text(NO)}
    with fetcher(site) as client, pytest.raises(FetchError) as caught:
        client.get(f"{site.url}/private/a")
    error = caught.value
    assert (error.what, error.where) == ("robots.txt disallows", f"{site.url}/private/a")
    assert not error.retryable
    assert "/private/a" not in site.paths


@pytest.mark.parametrize(
    ("robots", "what"),
    [
        ((500, {}, b""), "robots.txt unreachable: HTTP 500"),
        ((503, {}, b""), "robots.txt unreachable: HTTP 503"),
        ((429, {}, b""), "robots.txt unreachable: HTTP 429"),
        (Raw(hang), "robots.txt unreachable: no answer within 0.4 s"),
        (
            (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
            "robots.txt unreachable: bad encoding: broken gzip",
        ),
    ],
    ids=["500", "503", "429", "hang", "gzip"],
)
def test_without_the_rules_nothing_is_fetched(site: Site, robots: Route, what: str) -> None:
    site.routes["/robots.txt"] = robots
    with fetcher(site, timeout=0.4 if isinstance(robots, Raw) else 20.0) as client:
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                client.get(f"{site.url}/")
            assert (caught.value.what, caught.value.retryable) == (what, True)
        asked = len(site.paths)
        with pytest.raises(FetchError):
            client.get(f"{site.url}/private/a")
    assert set(site.paths) == {"/robots.txt"}
    assert len(site.paths) == asked  # and the pages of one poll do not ask again


def test_a_host_that_cannot_be_reached_is_named_plainly(site: Site) -> None:
    with (
        fetcher(site, resolve=lambda host, port: ["10.0.0.1"]) as client,
        pytest.raises(FetchError) as caught,
    ):
        client.get("http://inside.example/page")
    assert caught.value.what == "refused address 10.0.0.1 (private)"
    assert caught.value.where == "http://inside.example/page"


def test_a_redirect_obeys_the_rules_of_where_it_leads(site: Site) -> None:
    with Site({"/": html("other"), "/robots.txt": text(NO)}) as other:
        site.routes["/"] = (302, {"Location": f"{other.url}/"}, b"")
        with fetcher(site, other) as client, pytest.raises(FetchError, match=r"robots\.txt disallows"):
            client.get(f"{site.url}/")
        assert other.paths == ["/robots.txt"]


def test_the_rules_are_asked_for_once_for_each_host(site: Site) -> None:
    with fetcher(site) as client:
        client.get(f"{site.url}/")
        client.get(f"{site.url}/?q=1")
        client.get(f"{site.url}/private/a")
    assert site.paths == ["/robots.txt", "/", "/?q=1", "/private/a"]


class Served:
    """What a robots.txt says from moment to moment, and how often it was asked for."""

    def __init__(self) -> None:
        self.body: bytes | FetchError = b""
        self.asked: list[str] = []
        self.now = 0.0
        self.robots = Robots(self._fetch, "DibaoTest/1.0", lambda: self.now)

    def _fetch(self, url: str, alive: Callable[[], None]) -> Fetched:
        self.asked.append(url)
        if isinstance(self.body, FetchError):
            raise self.body
        return Fetched(url, 200, self.body)

    def delay(self, url: str = "http://paper.example/a") -> float:
        return self.robots.delay(httpx.URL(url), lambda: None)


def test_rules_are_kept_for_a_day_at_most() -> None:
    served = Served()
    served.delay()
    served.body = NO
    served.now = 86399
    served.delay()
    served.now = 86400
    with pytest.raises(FetchError, match="disallows"):
        served.delay()
    assert served.asked == ["http://paper.example/robots.txt"] * 2


def test_a_failure_is_kept_for_a_minute_at_most() -> None:
    served = Served()
    served.body = FetchError("HTTP 500", "", "", retryable=True, status=500)
    with pytest.raises(FetchError):
        served.delay()
    served.body = b""
    served.now = 59
    with pytest.raises(FetchError):
        served.delay()
    served.now = 60
    assert served.delay() == 0
    assert len(served.asked) == 2


def test_the_cache_is_bounded() -> None:
    served = Served()
    for n in range(600):
        served.delay(f"http://{n}.example/")
    served.delay("http://599.example/")
    assert len(served.asked) == 600
    served.delay("http://0.example/")
    assert len(served.asked) == 601


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        (b"User-agent: *\nCrawl-delay: 2.5\n", 2.5),
        (b"User-agent: *\nCrawl-delay: 2\n\nUser-agent: DibaoTest\nCrawl-delay: 7\n", 7),
        (b"User-agent: *\nCrawl-delay: 100000\n", 60),
        (b"User-agent: *\nCrawl-delay: soon\n", 0),
        (b"User-agent: *\nCrawl-delay: -5\n", 0),
    ],
)
def test_a_crawl_delay_is_read(rules: bytes, delay: float) -> None:
    served = Served()
    served.body = rules
    assert served.delay() == delay


@pytest.mark.parametrize(("wanted", "interval"), [(b"3", 3.0), (b"0.5", 1.0)])
def test_the_larger_of_crawl_delay_and_interval_is_waited(site: Site, wanted: bytes, interval: float) -> None:
    class Counting:
        def __init__(self) -> None:
            self.turns: list[tuple[str, float]] = []

        def wait(
            self, host: str, interval: float, alive: Callable[[], None], patience: float | None = None
        ) -> None:
            self.turns.append((host, interval))

        def rest(self, host: str, seconds: float) -> None:
            raise AssertionError(host)

    site.routes["/robots.txt"] = text(b"User-agent: *\nCrawl-delay: " + wanted)
    pace = Counting()
    with fetcher(site, pace=pace, interval=1.0) as client:
        client.get(f"{site.url}/")
    assert pace.turns == [(site.address, 1.0), (site.address, interval)]
