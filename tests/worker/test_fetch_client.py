from __future__ import annotations

import gzip
import os
import pickle
import socket
import struct
import threading
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletins.errors import FetchError
from tests.support.fetching import AGENT, fetcher
from tests.support.site import Answer, Asked, Raw, Route, Site, conditional, html, in_turn
from worker.polls import Validators
from worker.ports import Fetched

PAGE = html("<title>芦山县</title>")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": PAGE}) as made:
        yield made


@pytest.fixture
def canary() -> Iterator[Site]:
    """A server that nobody may reach."""
    with Site({"/": html("canary")}) as made:
        yield made
        assert made.connections == 0


def fault(site: Site, path: str = "/", timeout: float = 20.0) -> FetchError:
    with fetcher(site, timeout=timeout) as client, pytest.raises(FetchError) as caught:
        client.get(site.url + path)
    error = caught.value
    assert error.what
    assert error.action
    assert error.where.startswith(site.url)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
    return error


def sending(*pieces: bytes, reset: bool = False) -> Raw:
    """A server that says these bytes, as they stand, and hangs up."""

    def speak(connection: socket.socket, closing: threading.Event) -> None:
        for piece in pieces:
            connection.sendall(piece)
        if reset:
            # Closed here and now, unread bytes and all: the server would say goodbye first.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(connection.detach())

    return Raw(speak)


def dripping(start: bytes, drop: bytes) -> Raw:
    """A server that says `start` and then a little more, time and again, until it closes."""

    def speak(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(start)
        while not closing.wait(0.05):
            connection.sendall(drop)

    return Raw(speak)


# what a healthy page gives


def test_a_page_comes_with_what_the_next_request_needs(site: Site) -> None:
    site.routes["/a"] = (
        200,
        {"Content-Type": "text/html; charset=gb2312", "ETag": 'W/"1"', "Last-Modified": "Fri, 02 Aug 2024"},
        "镕".encode("gb18030"),
    )
    with fetcher(site) as client:
        got = client.get(f"{site.url}/a#part")
    assert got == Fetched(
        url=f"{site.url}/a",
        status=200,
        body="镕".encode("gb18030"),
        content_type="text/html; charset=gb2312",
        etag='W/"1"',
        last_modified="Fri, 02 Aug 2024",
    )


def test_the_request_says_who_asks_and_what_it_takes(site: Site) -> None:
    with fetcher(site) as client:
        client.get(f"{site.url}/")
    headers = site.requests[-1].headers
    assert headers["user-agent"] == AGENT
    assert headers["accept-encoding"] == "gzip"
    assert "if-none-match" not in headers


def test_cookies_are_not_kept(site: Site) -> None:
    site.routes["/"] = (200, {"Set-Cookie": "session=1; Path=/"}, b"x")
    with fetcher(site) as client:
        client.get(f"{site.url}/")
        client.get(f"{site.url}/")
    assert all("cookie" not in asked.headers for asked in site.requests)


def test_proxies_of_the_environment_are_not_used(
    site: Site, canary: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url)
    with fetcher(site, canary) as client:
        assert client.get(f"{site.url}/").status == 200


def test_one_client_serves_several_threads(site: Site) -> None:
    site.routes |= {f"/{n}": html(str(n)) for n in range(20)}
    bodies: dict[int, bytes | None] = {}
    with fetcher(site) as client:

        def work(n: int) -> None:
            bodies[n] = client.get(f"{site.url}/{n}").body

        threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert bodies == {n: str(n).encode() for n in range(20)}


# conditional requests


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [('"strong"', None), ('W/"weak"', None), (None, "Fri, 02 Aug 2024 00:00:00 GMT")],
)
def test_the_second_request_is_conditional(site: Site, etag: str | None, last_modified: str | None) -> None:
    site.routes["/"] = conditional(b"page", etag, last_modified)
    with fetcher(site) as client:
        first = client.get(f"{site.url}/")
        held = Validators(sha="", etag=first.etag, last_modified=first.last_modified, url=first.url)
        second = client.get(f"{site.url}/", held)
    assert (first.status, first.body) == (200, b"page")
    assert (second.status, second.body) == (304, None)


@pytest.mark.parametrize("held", [None, Validators(sha="0" * 64)])
def test_304_to_an_unconditional_request_is_a_failure(site: Site, held: Validators | None) -> None:
    site.routes["/"] = (304, {"ETag": '"1"'}, b"")
    with fetcher(site) as client, pytest.raises(FetchError, match="HTTP 304") as caught:
        client.get(f"{site.url}/", held)
    assert caught.value.status == 304


def test_validators_go_to_the_address_that_gave_them(site: Site) -> None:
    site.routes |= {"/": (302, {"Location": "/edition"}, b""), "/edition": conditional(b"page", '"1"')}
    with fetcher(site) as client:
        first = client.get(f"{site.url}/")
        second = client.get(f"{site.url}/", Validators(sha="", etag=first.etag, url=first.url))
        site.routes["/"] = (302, {"Location": "/next"}, b"")
        site.routes["/next"] = conditional(b"another", '"1"')
        third = client.get(f"{site.url}/", Validators(sha="", etag=first.etag, url=first.url))
    assert (second.status, second.url) == (304, f"{site.url}/edition")
    assert (third.status, third.body) == (200, b"another")
    assert [a.path for a in site.requests if "if-none-match" in a.headers] == ["/edition"]


@pytest.mark.parametrize("etag", ['"\xe9"', '"' + "x" * 600 + '"'])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(site: Site, etag: str) -> None:
    site.routes["/"] = (200, {"ETag": etag}, b"page")
    with fetcher(site) as client:
        assert client.get(f"{site.url}/").etag is None


# statuses


@pytest.mark.parametrize("status", [500, 502, 504])
def test_passing_server_errors_are_tried_three_times(site: Site, status: int) -> None:
    site.routes["/"] = (status, {}, b"")
    error = fault(site)
    assert (error.what, error.status, error.retryable) == (f"HTTP {status}", status, True)
    assert site.paths.count("/") == 3


def test_a_flaky_page_is_had_in_the_end(site: Site) -> None:
    site.routes["/"] = in_turn((500, {}, b""), (502, {}, b""), PAGE)
    with fetcher(site) as client:
        assert client.get(f"{site.url}/").body == PAGE[2]


@pytest.mark.parametrize(
    "status", [204, 206, 300, 400, 401, 403, 404, 405, 410, 412, 451, 501, 503, 521, 429]
)
def test_other_statuses_are_not_tried_again(site: Site, status: int) -> None:
    site.routes["/"] = (status, {}, b"")
    error = fault(site)
    assert (error.what, error.status) == (f"HTTP {status}", status)
    assert error.retryable == (status >= 500 or status == 429)
    assert site.paths.count("/") == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_leaves_the_whole_host_alone(site: Site, status: int) -> None:
    site.routes |= {"/": (status, {"Retry-After": "120"}, b""), "/other": PAGE}
    with fetcher(site) as client:
        with pytest.raises(FetchError) as first:
            client.get(f"{site.url}/")
        with pytest.raises(FetchError) as second:
            client.get(f"{site.url}/other")
    assert (first.value.what, first.value.retry_after) == (f"HTTP {status}", 120)
    assert second.value.retry_after is not None
    assert 0 < second.value.retry_after <= 120
    assert second.value.retryable
    assert second.value.where == f"{site.url}/other"
    assert site.paths.count("/") == 1
    assert "/other" not in site.paths


# faults of the wire


@pytest.mark.parametrize(
    ("route", "what"),
    [
        (sending(HEAD + b"Content-Length: 10\r\n\r\nhalf"), "answer cut short"),
        (sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhal"), "answer cut short"),
        (sending(HEAD), "connection closed without an answer"),
        (sending(), "connection closed without an answer"),
        (sending(b"hello\r\n\r\n"), "not a valid HTTP answer"),
        (sending(b"SSH-2.0-OpenSSH_9.2\r\n"), "connection closed without an answer"),
        (sending(HEAD + b"X: " + b"x" * 300_000 + b"\r\n\r\n"), "not a valid HTTP answer"),
        (sending(HEAD + b"Content-Length: 10\r\n\r\nhalf", reset=True), "connection reset"),
    ],
    ids=["length", "chunked", "headers", "nothing", "garbage", "other protocol", "header size", "reset"],
)
def test_a_broken_answer_is_tried_again_and_then_named(site: Site, route: Route, what: str) -> None:
    site.routes["/"] = route
    error = fault(site)
    # A reset may overtake the bytes before it.
    assert error.what in {what, "connection reset"}
    assert error.retryable
    assert error.status is None
    assert site.paths.count("/") == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "route",
    [
        dripping(b"", b""),
        dripping(b"HTTP/1.1 200 OK\r\n", b""),
        dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        dripping(HEAD + b"\r\n", b"x"),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x", mtime=0)[:12], b""),
    ],
    ids=["silent", "in headers", "header drip", "body drip", "chunk drip", "gzip hang"],
)
def test_the_deadline_ends_what_never_ends(site: Site, route: Route) -> None:
    site.routes["/"] = route
    error = fault(site, timeout=1.5)
    assert (error.what, error.retryable, error.status) == ("no answer within 1.5 s", True, None)
    assert site.paths.count("/") == 1


def test_the_deadline_covers_redirects(site: Site) -> None:
    def slow(asked: Asked) -> Answer:
        threading.Event().wait(0.6)
        return 302, {"Location": f"/slow/{len(site.requests)}"}, b""

    site.routes |= {"/slow": slow} | {f"/slow/{n}": slow for n in range(10)}
    assert fault(site, "/slow", timeout=1.5).what == "no answer within 1.5 s"


def test_the_deadline_covers_the_resolver(site: Site) -> None:
    answered = threading.Event()

    def never(host: str, port: int) -> list[str]:
        answered.wait(30)
        return []

    with fetcher(site, timeout=0.3, resolve=never) as client, pytest.raises(FetchError) as caught:
        client.get("http://slow.example/")
    answered.set()
    assert caught.value.what == "no answer within 0.3 s"


def test_nobody_listening_is_named(site: Site) -> None:
    with socket.socket() as bound:  # bound, so that nobody else takes the port, and not listening
        bound.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{bound.getsockname()[1]}"
        with fetcher(site, allow=[place]) as client, pytest.raises(FetchError) as caught:
            client.get(f"http://{place}/")
    assert (caught.value.what, caught.value.retryable) == ("connection refused", True)


def test_the_next_address_of_a_host_is_tried(site: Site) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.2", site.port))

        def both(host: str, port: int) -> list[str]:
            return ["127.0.0.2", "127.0.0.1"]

        with fetcher(site, allow=[f"127.0.0.2:{site.port}"], resolve=both) as client:
            assert client.get(f"http://two.example:{site.port}/").status == 200


@pytest.mark.parametrize(
    ("error", "what", "retryable"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "host name not found", True),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "name server does not answer", True),
        (UnicodeError("label too long"), "host name not possible", False),
    ],
)
def test_a_name_without_an_address_is_named(error: Exception, what: str, retryable: bool) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise error

    with fetcher(resolve=resolve) as client, pytest.raises(FetchError) as caught:
        client.get("http://nowhere.example/")
    assert (caught.value.what, caught.value.retryable) == (what, retryable)


# size and encoding


def packed(body: bytes, encoding: str = "gzip") -> Answer:
    return 200, {"Content-Encoding": encoding}, body


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_gzip_is_unpacked(site: Site, encoding: str) -> None:
    site.routes["/"] = packed(gzip.compress("邸报".encode()), encoding)
    with fetcher(site) as client:
        assert client.get(f"{site.url}/").body == "邸报".encode()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=2000), max_size=4), st.sampled_from([b"", b"\0" * 7]))
def test_gzip_in_members_is_unpacked_whole(members: list[bytes], padding: bytes) -> None:
    body = b"".join(map(gzip.compress, members)) + (padding if members else b"")
    with Site({"/": packed(body)}) as site, fetcher(site) as client:
        assert client.get(f"{site.url}/").body == b"".join(members)


@pytest.mark.parametrize(
    ("body", "encoding", "what"),
    [
        (gzip.compress(b"x" * 100, mtime=0)[:-12], "gzip", "bad encoding: gzip cut short"),
        (b"this is no gzip", "gzip", "bad encoding: broken gzip"),
        (
            gzip.compress(gzip.compress(b"x", mtime=0), mtime=0),
            "gzip, gzip",
            "bad encoding: 'gzip, gzip', which was not asked for",
        ),
        (b"x", "br", "bad encoding: 'br', which was not asked for"),
    ],
)
def test_a_bad_encoding_is_named(site: Site, body: bytes, encoding: str, what: str) -> None:
    site.routes["/"] = packed(body, encoding)
    assert fault(site).what == what


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, bytes(100_001)),
        (200, {"Content-Length": "9" * 12}, b""),
        packed(bomb(256 << 20)),
        packed(gzip.compress(bytes(100_001))),
        packed(gzip.compress(bytes(60_000)) * 2),
    ],
    ids=["plain", "declared", "bomb", "one over", "members"],
)
def test_a_body_beyond_the_bound_is_not_taken(site: Site, answer: Answer) -> None:
    site.routes["/"] = answer
    error = fault(site)
    assert (error.what, error.retryable) == ("body larger than 100000 bytes", False)
    assert site.paths.count("/") == 1


def test_an_endless_body_stops_at_the_bound(site: Site) -> None:
    site.routes["/"] = dripping(HEAD + b"\r\n", bytes(20_000))
    assert fault(site).what == "body larger than 100000 bytes"


def test_a_body_of_just_the_bound_is_taken(site: Site) -> None:
    site.routes |= {"/": (200, {}, bytes(100_000)), "/packed": packed(gzip.compress(bytes(100_000)))}
    with fetcher(site) as client:
        assert client.get(f"{site.url}/").body == client.get(f"{site.url}/packed").body == bytes(100_000)


# redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_final_address_reported(site: Site, status: int) -> None:
    site.routes |= {"/a": (status, {"Location": "b/?q=芦"}, b""), "/b/": PAGE}
    site.routes["/a"] = (status, {"Location": "b/?q=%E8%8A%A6"}, b"")
    with fetcher(site) as client:
        assert client.get(f"{site.url}/a").url == f"{site.url}/b/?q=%E8%8A%A6"


def test_five_redirects_are_followed_and_no_more(site: Site) -> None:
    site.routes |= {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(50)} | {"/5": PAGE}
    with fetcher(site) as client:
        assert client.get(f"{site.url}/0").url == f"{site.url}/5"
    site.routes["/5"] = (302, {"Location": "/6"}, b"")
    assert fault(site, "/0").what == "more than 5 redirects"


def test_a_redirect_loop_ends(site: Site) -> None:
    site.routes["/"] = (302, {"Location": "/"}, b"")
    error = fault(site)
    assert (error.what, error.status, error.retryable) == ("more than 5 redirects", 302, False)
    assert site.paths.count("/") == 6


@pytest.mark.parametrize(
    ("location", "what"),
    [
        ("", "HTTP 302 without Location"),
        ("http://[", "not a web address: 'http://%5b'"),
        ("http://a:b:c/", "redirect to an unusable address: 'http://a:b:c/'"),
        ("file:///etc/passwd", "not a web address: 'file:/etc/passwd'"),
        ("javascript:alert(1)", "not a web address: 'javascript:alert(1)'"),
        ("ftp://127.0.0.1/", "not a web address: 'ftp://127.0.0.1/'"),
    ],
)
def test_a_redirect_to_nowhere_is_named(site: Site, location: str, what: str) -> None:
    site.routes["/"] = (302, {"Location": location} if location else {}, b"")
    assert fault(site).what == what


# addresses


SPELLINGS = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://127。0。0。1:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}/",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_loopback_reaches_the_canary(site: Site, canary: Site, spelling: str) -> None:
    target = spelling.format(port=canary.port)
    site.routes["/"] = (302, {"Location": target.encode().decode("latin-1")}, b"")
    with fetcher(site) as client:
        with pytest.raises(FetchError) as redirected:
            client.get(f"{site.url}/")
        if target.startswith("http:"):
            with pytest.raises(FetchError) as direct:
                client.get(target)
            assert not direct.value.retryable
    assert redirected.value.what


def test_a_refused_address_is_named_with_the_reason_and_the_way_out(site: Site) -> None:
    with (
        fetcher(site, resolve=lambda host, port: ["10.0.0.1"]) as client,
        pytest.raises(FetchError) as caught,
    ):
        client.get("http://inside.example/")
    assert caught.value.what == "refused address 10.0.0.1 (private)"
    assert caught.value.where.startswith("http://inside.example/")
    assert "allow_addresses" in caught.value.action
    assert not caught.value.retryable


def test_the_address_dialled_is_the_one_that_was_checked(site: Site, canary: Site) -> None:
    """DNS rebinding: the second answer of the name server is another address. There is one question for each
    connection, and its answer is judged and dialled."""
    answers = ["127.0.0.1", "127.0.0.3"]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [answers[min(len(asked), len(answers)) - 1]]

    site.routes["/robots.txt"] = (404, {"Connection": "close"}, b"")
    with fetcher(site, resolve=rebinding) as client, pytest.raises(FetchError) as caught:
        client.get(f"http://two-faced.example:{site.port}/")
    assert caught.value.what == "refused address 127.0.0.3 (loopback)"
    assert asked == ["two-faced.example"] * 2
    assert site.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("file:///etc/passwd", "not a web address: 'file:///etc/passwd'"),
        ("/relative", "not a web address: '/relative'"),
        ("http://user:secret@127.0.0.1/", "address with a user name in it"),
        ("http://[::1/", "not a usable address: 'http://[::1/'"),
        ("http://127.0.0.1:99999999/", "not a web address: 'http://127.0.0.1:99999999/'"),
    ],
)
def test_an_address_that_is_none_is_named(url: str, what: str) -> None:
    with fetcher() as client, pytest.raises(FetchError) as caught:
        client.get(url)
    assert (caught.value.what, caught.value.retryable) == (what, False)


def test_an_allowance_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="'localhost'"), fetcher(allow=["localhost"]):
        pass


# signs of life


def test_a_sign_of_life_is_given_before_each_request(site: Site) -> None:
    site.routes |= {"/": (302, {"Location": "/long"}, b""), "/long": (200, {}, bytes(100_000))}
    seen: list[str] = []

    def alive() -> None:
        seen.append(site.paths[-1] if site.paths else "")

    with fetcher(site) as client:
        client.get(f"{site.url}/", alive=alive)
    assert seen == ["", "/robots.txt", "/"]


def test_whoever_is_told_while_waiting_may_call_the_fetch_off(site: Site) -> None:
    class CalledOffError(Exception):
        pass

    def alive() -> None:
        if "/" in site.paths:
            raise CalledOffError

    site.routes["/"] = dripping(HEAD + b"\r\n", b"x")
    with fetcher(site) as client, pytest.raises(CalledOffError):
        client.get(f"{site.url}/", alive=alive)
