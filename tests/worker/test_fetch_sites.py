from __future__ import annotations

import pytest

from bulletins.errors import FetchError
from tests.support.fetching import fetcher
from tests.support.site import Site, html
from worker.fetch.sites import akin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paper.example", "paper.example"),
        ("paper.example.com", "www.example.com"),
        ("kjb.sckjw.com.cn", "www.sckjw.com.cn"),
        ("sckjw.com.cn", "www.sckjw.com.cn"),
        ("kx.chengdu.gov.cn", "www.chengdu.gov.cn"),
        ("a.ministry.cn", "b.ministry.cn"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_names_of_one_owner_are_one_site(one: str, other: str) -> None:
    assert akin(one, other)
    assert akin(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sckjw.com.cn", "casino.com.cn"),
        ("kx.gov.cn", "other.gov.cn"),
        ("paper.sc.cn", "casino.sc.cn"),
        ("paper.com", "casino.com"),
        ("paper.com", "paper.com.cn"),
        ("127.0.0.1", "10.0.0.1"),
        ("1.2.3.4", "5.2.3.4"),
        ("[::1]", "[::2]"),
        ("localhost", "paper.example.com"),
    ],
)
def test_names_of_two_owners_are_two(one: str, other: str) -> None:
    assert not akin(one, other)
    assert not akin(other, one)


def test_a_redirect_to_another_site_is_refused() -> None:
    names = {
        "paper.example.com": ["127.0.0.1"],
        "www.example.com": ["127.0.0.1"],
        "casino.test": ["127.0.0.1"],
    }
    with Site({"/good": html("page")}) as site:
        port = site.port
        site.routes["/here"] = (302, {"Location": f"http://www.example.com:{port}/good"}, b"")
        site.routes["/away"] = (302, {"Location": f"http://casino.test:{port}/good"}, b"")
        with fetcher(site, resolve=lambda host, port: names[host]) as client:
            assert client.get(f"http://paper.example.com:{port}/here").body == b"page"
            with pytest.raises(FetchError, match=r"to another site: casino\.test") as caught:
                client.get(f"http://paper.example.com:{port}/away")
    assert "config.toml" in caught.value.action
    assert caught.value.where == f"http://paper.example.com:{port}/away"
