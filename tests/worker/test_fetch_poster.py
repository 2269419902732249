"""One POST to somebody else's server: what counts as an answer, how long it may take, where it may go."""

from __future__ import annotations

import socket
import threading

import pytest

from bulletins.errors import FetchError
from tests.support.fetching import AGENT, poster
from tests.support.site import Raw, Site
from worker.fetch.guard import parse_allowances, refusal, screen


def test_body_and_headers_arrive() -> None:
    with Site({"/in": (202, {}, b"thanks")}) as site, poster(site) as made:
        made.post(f"{site.url}/in?key=1", b"\x00body", {"Content-Type": "text/plain", "X-Kind": "new"})
    (asked,) = site.requests
    assert (asked.method, asked.path, asked.body) == ("POST", "/in?key=1", b"\x00body")
    assert (asked.headers["user-agent"], asked.headers["x-kind"]) == (AGENT, "new")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_2xx_is_an_answer(status: int) -> None:
    with Site({"/in": (status, {}, b"")}) as site, poster(site) as made:
        made.post(f"{site.url}/in", b"", {})
        made.post(f"{site.url}/in", b"", {})
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("status", "retryable", "what"),
    [
        (301, False, "redirect"),
        (304, False, "redirect"),
        (400, False, "HTTP 400"),
        (408, True, "HTTP 408"),
        (410, False, "HTTP 410"),
        (429, True, "HTTP 429"),
        (500, True, "HTTP 500"),
        (503, True, "HTTP 503"),
    ],
)
def test_other_answers_are_faults(status: int, retryable: bool, what: str) -> None:
    answer = (status, {"Retry-After": "60", "Location": "/elsewhere"}, b"")
    with Site({"/in": answer}) as site, poster(site) as made, pytest.raises(FetchError) as caught:
        made.post(f"{site.url}/in", b"x", {})
    assert what in caught.value.what
    assert (caught.value.status, caught.value.retryable) == (status, retryable)
    assert caught.value.retry_after == (60.0 if status in (429, 503) else None)
    assert site.paths == ["/in"]


def _drips(connection: socket.socket, closing: threading.Event) -> None:
    while not closing.wait(0.05):
        try:
            connection.send(b"H")
        except OSError:
            return


@pytest.mark.parametrize("speak", [lambda connection, closing: closing.wait(), _drips])
def test_silence_and_drips_end_at_the_deadline(speak: object) -> None:
    with (
        Site({"/in": Raw(speak)}) as site,  # type: ignore[arg-type]  # either of the two
        poster(site, timeout=0.3) as made,
        pytest.raises(FetchError, match="no answer within") as caught,
    ):
        made.post(f"{site.url}/in", b"x", {})
    assert caught.value.retryable


def test_a_long_answer_is_not_read() -> None:
    endless = {"Content-Type": "text/plain", "Content-Length": "1000000000"}
    with Site({"/in": (200, endless, b"x" * 1000)}) as site, poster(site) as made:
        made.post(f"{site.url}/in", b"x", {})


def test_a_server_that_is_down_is_a_fault_worth_another_try() -> None:
    with Site() as site:
        port = site.port
    with poster(allow=[f"127.0.0.1:{port}"]) as made, pytest.raises(FetchError, match="refused") as caught:
        made.post(f"http://127.0.0.1:{port}/in", b"x", {})
    assert caught.value.retryable


@pytest.mark.parametrize("name", ["127.0.0.1", "inner.test"])
def test_a_private_address_is_not_dialled(name: str) -> None:
    with Site() as site:
        with (
            poster(resolve=lambda host, port: ["127.0.0.1"]) as made,
            pytest.raises(FetchError, match=r"refused address 127\.0\.0\.1 \(loopback\)") as caught,
        ):
            made.post(f"http://{name}:{site.port}/in", b"x", {})
        assert "allow_addresses" in caught.value.action
        assert site.connections == 0


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"]
)
def test_what_is_private_is_refused_unless_allowed(address: str) -> None:
    assert refusal(address, 443) is not None
    allowed = parse_allowances([f"[{address}]:443" if ":" in address else f"{address}:443"])
    assert screen("hub.test", 443, [address], allowed) == [address]
    assert refusal(address, 80, allowed) is not None


@pytest.mark.parametrize("url", ["http://", "nonsense", "http://a b/", "ftp://hub.test/"])
def test_what_is_no_address_is_a_fault(url: str) -> None:
    with poster() as made, pytest.raises(FetchError):
        made.post(url, b"x", {})
