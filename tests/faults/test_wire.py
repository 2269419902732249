"""Rows 1 to 13 and 22 to 26: whatever a site answers, through the whole flow."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.street import Street, lists
from tests.support.newspaper import Story, words
from tests.support.site import Answer, Asked, Raw, Route, Site, html, in_turn
from tests.worker.test_fetch_client import dripping, sending

pytestmark = pytest.mark.slow  # a deadline each, or several rounds of everything

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GZIP = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
CHALLENGE = "<html><head><title>安全验证</title></head><body>请完成验证</body></html>"
LOGIN = '<html><body><form>用户名<input name="u">密码<input type="password" name="p"></form></body></html>'
SCRIPT = "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>"
DEAD = {"unreachable", "blocked"}


def status(code: int, **headers: str) -> Answer:
    return code, {"Content-Type": "text/html", **headers}, b"<html><body>error</body></html>"


def silent(connection: socket.socket, closing: threading.Event) -> None:
    closing.wait(30)


def half_headers(connection: socket.socket, closing: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")
    closing.wait(30)


def bomb(layers: int) -> bytes:
    """A page that unpacks to far more than may be taken."""
    body = bytes(5_000_000)
    for _ in range(layers):
        body = gzip.compress(body)
    return body


ANSWERS: dict[str, tuple[Route, set[str], str]] = {
    "1 500": (status(500), DEAD, "HTTP 500"),
    "1 502": (status(502), DEAD, "HTTP 502"),
    "1 504": (status(504), DEAD, "HTTP 504"),
    "4 403": (status(403), {"blocked"}, "HTTP 403"),
    "4 404": (status(404), {"unreachable"}, "HTTP 404"),
    "4 410": (status(410), {"unreachable"}, "HTTP 410"),
    "5 before the headers": (Raw(silent), DEAD, "no answer within 1 s"),
    "5 inside the headers": (Raw(half_headers), DEAD, "no answer within 1 s"),
    "6 drip": (dripping(HEAD + b"Content-Length: 99999\r\n\r\n", b"."), DEAD, "no answer within 1 s"),
    "6 endless body": (dripping(HEAD + b"\r\n<html>", b"x"), DEAD, "no answer within 1 s"),
    "7 bomb": ((200, GZIP, bomb(1)), DEAD, "larger than"),
    "7 nested": ((200, GZIP | {"Content-Encoding": "gzip, gzip"}, bomb(2)), DEAD, "bad encoding"),
    "7 bad gzip": ((200, GZIP, b"\x1f\x8b\x08" + bytes(40)), DEAD, "bad encoding"),
    "8 a body beyond the bound": (html("<html>" + "x" * 200_000), DEAD, "larger than"),
    "8 300 KB of header": ((200, {"X-Long": "x" * 300_000}, b""), DEAD, "not a valid HTTP answer"),
    "9 short body": (sending(HEAD + b"Content-Length: 99\r\n\r\n<html>"), DEAD, "cut short"),
    "9 truncated chunks": (
        sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\n20\r\n<html>"),
        DEAD,
        "cut short",
    ),
    "9 reset": (sending(HEAD + b"Content-Length: 99\r\n\r\n", reset=True), DEAD, "reset"),
    "9 garbage": (sending(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), DEAD, "not a valid HTTP answer"),
    "10 loop": (status(302, Location="/"), DEAD, "more than 5 redirects"),
    "10 nowhere": (status(302), DEAD, "without Location"),
    "10 bad": (status(302, Location="http://[::1"), DEAD, "redirect"),
    "12 another site": (status(302, Location="http://parked.example/"), DEAD, "another site: parked.example"),
    "12 a file": (status(302, Location="file:///etc/passwd"), DEAD, "not a web address"),
    "13 an error page": (
        html("<html><title>404</title><body>页面不存在</body></html>"),
        {"blocked"},
        "error",
    ),
    "13 a login": (html(LOGIN), {"blocked"}, "a login form"),
    "13 a challenge": (html(CHALLENGE), {"blocked"}, "a challenge"),
    "13 a script": (html(SCRIPT), {"blocked"}, "a script challenge"),
    "13 412": (status(412), {"blocked"}, "HTTP 412"),
    "13 521": (status(521), {"blocked"}, "HTTP 521"),
    "13 405": (status(405), {"blocked"}, "HTTP 405"),
    "13 a PDF": ((200, {"Content-Type": "text/html"}, b"%PDF-1.7"), {"blocked"}, "application/pdf"),
    "13 nothing": (html(""), {"blocked"}, "empty"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_like_this_harms_nobody(old_town: Street, name: str) -> None:
    route, states, word = ANSWERS[name]
    old_town.survives(lambda made: made.site.routes.update({"/": route}), states, word)


@pytest.mark.parametrize("name", [name for name in ANSWERS if name[0] in "56"])
def test_one_article_like_this_costs_its_deadline_and_no_item(town: Street, name: str) -> None:
    before = town.mine()
    town.site.routes[town.paper.address("mingshan")] = ANSWERS[name][0]
    town.round()
    assert town.mine() == before
    assert "no answer within 1 s" in town.house.state().reason
    town.recovers(before)


def test_5_a_site_that_lets_us_wait_again_and_again_is_asked_no_more(town: Street) -> None:
    """Each wait holds a process that others need; the next poll that is answered finds everything."""
    before = town.mine()
    fresh = {
        str(n): Story(f"石棉县科协 看石头第{n}课", (f"近日,雅安市石棉县科协讲{words(n, 60)}。",))
        for n in range(8)
    }
    town.paper.stories |= fresh
    town.paper.print_on(town.site)
    addresses = [town.paper.address(name) for name in fresh]
    for address in addresses:
        town.site.routes[address] = Raw(silent)
    town.round()
    assert sum(path in addresses for path in town.site.paths) == 3
    assert town.mine() == before
    assert "no answer within 1 s" in town.house.state().reason
    town.paper.print_on(town.site)
    town.until_due()
    town.round(timedelta())
    assert len(town.mine()) == len(before) + 8
    assert town.house.state().state == "ok"


def test_2_a_flaky_entry_is_published_once(town: Street) -> None:
    town.paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    town.paper.print_on(town.site)
    good = town.site.routes["/"]
    town.site.routes["/"] = in_turn(status(500), status(500), good)
    published = len(town.house.lines.of("feeds.published"))
    town.round()
    assert town.house.state().state == "ok"
    assert len(town.mine()) == 6
    assert len(town.house.lines.of("feeds.published")) == published + 1


def test_1_three_tries_and_then_the_next_poll(town: Street) -> None:
    town.site.routes["/"] = status(502)
    asked = len(town.site.requests)
    town.round()
    assert town.site.paths[asked:] == ["/"] * 3


@pytest.mark.parametrize("code", [403, 404, 410])
def test_4_no_fast_retry_and_the_items_stay_however_long(town: Street, code: int) -> None:
    before, files = town.mine(), town.own_files()
    town.site.routes["/"] = status(code)
    for n in range(1, 6):
        asked = len(town.site.requests)
        town.until_due()
        town.house.tick(timedelta())
        assert town.site.paths[asked:] == ["/"]
        assert town.house.state().failures == n
    (incident,) = town.house.store.open_incidents("source")
    assert incident.subject.name == "paper"
    assert (town.mine(), town.own_files()) == (before, files)
    town.recovers(before)
    assert town.house.store.open_incidents("source") == []


def soon(seconds: int) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%a, %d %b %Y %H:%M:%S GMT}"


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(("asks", "seconds"), [("3000", 3000), ("a date", 2900), ("9" * 30, 86400)])
def test_3_nothing_is_asked_of_a_host_that_wants_peace(
    town: Street, code: int, asks: str, seconds: int
) -> None:
    """Capped at a day, and said; the neighbour on another host is read."""
    before, stamps = town.mine(), town.house.stamps()
    town.site.routes["/"] = status(code, **{"Retry-After": soon(3000) if asks == "a date" else asks})
    asked = len(town.site.requests)
    town.round()
    assert len(town.site.requests) == asked + 1
    due = town.house.state().next_check
    assert due is not None
    assert seconds <= (due - town.house.clock.now()).total_seconds() <= 86400
    assert "asked to be left alone" in town.house.lines.of("page.failed")[-1]["action"]
    assert town.house.stamps() == stamps
    assert town.mine() == before


def test_a_site_that_stays_away_is_asked_less_and_less_and_never_given_up(town: Street) -> None:
    town.site.routes["/"] = status(500)
    waits = []
    for _ in range(12):
        town.until_due()
        town.house.tick(timedelta())
        due = town.house.state().next_check
        assert due is not None
        waits.append(due - town.house.clock.now())
    assert timedelta(minutes=30) <= waits[0] <= timedelta(minutes=33)
    assert waits[3] > 2 * waits[1]
    assert max(waits) <= timedelta(hours=9)
    assert len(set(waits[-3:])) == 3  # no two alike


LOOPBACK = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[::127.0.0.1]",
    "user@127.0.0.1",
    "127。0。0。1",
    "localhost",
    "0.0.0.0",
    "169.254.169.254",
    "10.0.0.1",
)


def test_11_no_link_leads_to_what_is_not_public(town: Street, canary: Site) -> None:
    before = town.mine()
    links = [f"http://{host}:{canary.port}/" for host in LOOPBACK]
    lists(town, *links, "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x")
    town.round()
    assert canary.connections == 0
    assert town.mine() == before
    assert town.house.state("neighbour").failures == 0


@pytest.mark.parametrize("host", LOOPBACK)
def test_11_no_redirect_leads_to_what_is_not_public(old_town: Street, canary: Site, host: str) -> None:
    location = f"http://{host}:{canary.port}/".encode().decode("latin-1")
    route = status(302, Location=location)
    old_town.survives(lambda made: made.site.routes.update({"/": route}), DEAD)


def moved(code: int) -> Callable[[Street], object]:
    def hurt(made: Street) -> None:
        made.site.routes["/"] = status(code, Location="/login")
        made.site.routes["/login"] = html(LOGIN)

    return hurt


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_12_a_redirect_to_a_login_is_a_login(old_town: Street, code: int) -> None:
    old_town.survives(moved(code), {"blocked"}, "a login form")


def test_12_a_redirect_within_the_site_changes_no_id(town: Street) -> None:
    before = town.mine()
    good = town.site.routes[town.paper.address("mingshan")]
    town.site.routes |= {"/moved": good, town.paper.address("mingshan"): status(301, Location="/moved")}
    town.round()
    assert town.mine() == before


def test_13_no_link_of_a_challenge_becomes_an_item(town: Street) -> None:
    link = '<p><a href="/x">点此继续</a></p>'
    page = f"<html><head><title>安全验证</title></head><body>{link}</body></html>"
    town.survives(
        lambda made: made.site.routes.update({made.paper.address("page 2"): html(page)}), {"blocked"}
    )
    assert "/x" not in town.site.paths


def test_24_the_second_request_is_conditional_and_304_writes_nothing(town: Street) -> None:
    stamps, asked = town.house.stamps(), len(town.site.requests)
    town.round()
    assert all("if-none-match" in request.headers for request in town.site.requests[asked:])
    assert town.house.state().state == "ok"
    assert town.house.stamps() == stamps


def test_24_a_new_tag_for_the_same_bytes_publishes_nothing(town: Street) -> None:
    stamps = town.house.stamps()
    for path, route in list(town.site.routes.items()):
        assert callable(route)
        code, headers, body = route(Asked(path, {}))
        town.site.routes[path] = (code, {**headers, "ETag": '"another"'}, body)
    town.round()
    assert town.house.stamps() == stamps


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ((200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n"), "robots.txt disallows"),
        (status(500), "robots.txt unreachable"),
        (Raw(silent), "robots.txt unreachable"),
    ],
    ids=["disallow", "500", "hang"],
)
def test_25_without_leave_no_page_is_fetched(town: Street, rules: Route, word: str) -> None:
    """What is known of the rules is kept for a day, and of their absence for a minute: both pass here."""
    fetching = town.house.ports.fetcher

    def forget() -> None:
        fetching.inner._robots._known.clear()  # type: ignore[attr-defined]  # no clock of a fetcher to turn

    forget()
    asked = len(town.site.requests)
    town.survives(lambda made: made.site.routes.update({"/robots.txt": rules}), DEAD, word, forget)
    fetched = town.site.paths[asked:]
    assert fetched.index("/") >= 1
    assert set(fetched[: fetched.index("/")]) == {"/robots.txt"}


def test_24_304_to_a_request_that_was_not_conditional_is_no_page(town: Street) -> None:
    before = town.mine()
    town.site.routes["/new"] = status(304)
    lists(town, "/new")
    town.round()
    assert town.mine() == before
    assert "HTTP 304" in town.house.state().reason


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + "深",
        f"<html><title>{'长' * 30_000}</title><body>{'字' * 100}</body></html>",
        f"<html><body><p {' '.join(f'a{n}=1' for n in range(9_000))}>字</p></body></html>",
    ],
    ids=["22 nesting", "8 a title", "8 attributes"],
)
def test_8_22_a_page_made_to_exhaust_a_reader_is_refused_in_time(old_town: Street, page: str) -> None:
    old_town.survives(lambda made: made.site.routes.update({"/": html(page)}), {"layout_changed", "blocked"})
