"""Incidents told through apprise to real receivers on loopback: once each, throttled, and once over."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner

from bulletins.errors import ConfigError
from tests.support.flow import House, house
from tests.support.product import free_ports
from tests.support.site import Answer, Raw, Site
from tests.support.tunnel import tunnel
from tests.worker.test_fetch_tls import certified
from worker import config, ground
from worker.alarms import Receiver
from worker.cli.common import app
from worker.flow import alarms, dispatch, incidents
from worker.flow.alarms import LISTED, SINGLY, UNHEARD, message
from worker.incidents import SOURCE, Cause, Incident, Subject
from worker.siren import AppriseSiren
from worker.store import SqlStore

MINUTE = timedelta(minutes=1)
BROKEN = Cause("layout_changed", "no list", "run dibao probe http://paper.test/")
TAKEN: Answer = (200, {}, b"{}")
DOWN: Answer = (500, {}, b"")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/in": TAKEN, "/also": TAKEN}) as made:
        yield made


def at(site: Site, path: str = "/in") -> Receiver:
    return Receiver.at(f"json://{site.address}{path}?rto=1&cto=1")


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path, alarms=[at(site)], enabled=False) as made:
        yield made


def wrong(at_work: House, *names: str, cause: Cause | None = BROKEN) -> None:
    for name in names:
        incidents.blame(at_work.ports, Subject(SOURCE, name), cause)


def heard(site: Site, path: str = "/in") -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in site.requests if asked.path.startswith(path)]


def titles(site: Site, path: str = "/in") -> list[str]:
    return [said["title"] for said in heard(site, path)]


def test_an_incident_is_told_once_and_once_more_when_it_is_over(at_work: House, site: Site) -> None:
    wrong(at_work, "paper")
    at_work.tick(timedelta())
    assert heard(site) == []  # what else comes is waited for
    at_work.tick(MINUTE)
    (said,) = heard(site)
    assert (said["title"], said["type"]) == ("岷江科普报：版式有变，读不出内容", "failure")
    assert "原因：no list\n处理：run dibao probe http://paper.test/" in said["message"]
    wrong(at_work, "paper")  # the next poll says the same
    for _ in range(3):
        at_work.tick(MINUTE)
    assert len(heard(site)) == 1
    wrong(at_work, "paper", cause=None)
    at_work.tick(MINUTE)
    assert titles(site)[1:] == ["已解除 · 岷江科普报：版式有变，读不出内容"]
    assert heard(site)[1]["type"] == "success"
    at_work.tick(MINUTE)
    assert len(heard(site)) == 2
    assert [line["incidents"] for line in at_work.lines.of("alarm.sent")] == [1, 1]


def test_what_passes_by_itself_is_nothing_to_tell(at_work: House, site: Site) -> None:
    wrong(at_work, "paper")
    wrong(at_work, "paper", cause=None)
    at_work.tick(MINUTE)
    assert heard(site) == []


def test_many_at_once_are_one_digest(at_work: House, site: Site) -> None:
    wrong(at_work, *(f"s{n}" for n in range(LISTED + 5)))
    at_work.tick(MINUTE)
    (said,) = heard(site)
    assert said["title"] == "25 项故障"
    assert said["message"].count("· ") == LISTED
    assert "另有 5 项" in said["message"]
    wrong(at_work, *(f"s{n}" for n in range(LISTED + 5)), cause=None)
    at_work.tick(MINUTE)
    assert titles(site)[1:] == ["25 项已解除"]


def test_an_hour_has_so_many_messages_and_then_a_digest(at_work: House, site: Site) -> None:
    for n in range(12):
        wrong(at_work, f"s{n}")
        at_work.tick(MINUTE)
    assert len(heard(site)) == at_work.ports.rules.most_per_hour == 6
    at_work.tick(50 * MINUTE)
    assert titles(site)[6:] == ["6 项故障"]
    assert not at_work.ports.alarms.due(at_work.clock.at, at_work.clock.at)


def test_who_does_not_take_it_is_asked_again_and_keeps_nobody_waiting(
    store: SqlStore, site: Site, tmp_path: Path
) -> None:
    site.routes["/in"] = DOWN
    first, second = at(site), at(site, "/also")
    with house(store, site, tmp_path, alarms=[first, second], enabled=False) as made:
        wrong(made, "paper")
        made.tick(MINUTE)
        assert titles(site, "/also") == ["岷江科普报：版式有变，读不出内容"]
        for _ in range(2 * UNHEARD):
            made.tick(20 * MINUTE)
        failed = made.lines.of("alarm.failed")
        assert [line["failures"] for line in failed[:3]] == [1, 2, 3]
        assert failed[0]["again_in"] < failed[3]["again_in"]
        assert not any(site.address in str(line) for line in made.lines.events)  # addresses are secret
        assert titles(site, "/also")[1:] == [f"告警 {first.id}：收不到告警"]
        site.routes["/in"] = TAKEN
        site.requests.clear()
        made.tick(2 * 60 * MINUTE)
        assert titles(site)[0] == "岷江科普报：版式有变，读不出内容"
        assert [one.subject.name for one in store.open_incidents()] == ["paper"]
        made.tick(MINUTE)
        assert titles(site, "/also")[-1:] == [f"已解除 · 告警 {first.id}：收不到告警"]


def _hang(connection: socket.socket, closing: threading.Event) -> None:
    closing.wait(30)


def test_a_receiver_that_hangs_costs_its_timeout(at_work: House, site: Site) -> None:
    site.routes["/in"] = Raw(_hang)
    wrong(at_work, "paper")
    at_work.tick(MINUTE)
    (failed,) = at_work.lines.of("alarm.failed")
    assert failed["reason"]


def test_a_restart_tells_nobody_again_and_a_new_receiver_what_lasts(
    store: SqlStore, site: Site, tmp_path: Path
) -> None:
    first, second = at(site), at(site, "/also")
    with house(store, site, tmp_path / "1", alarms=[first], enabled=False) as made:
        wrong(made, "paper")
        made.tick(MINUTE)
    with house(store, site, tmp_path / "2", alarms=[first, second], enabled=False) as made:
        made.tick(2 * MINUTE)
    assert (len(heard(site)), len(heard(site, "/also"))) == (1, 1)
    store.alarms.sync([second.id], made.clock.at)
    assert [state.id for state in store.alarms.receivers()] == [second.id]


def test_one_tells_at_a_time(at_work: House, site: Site) -> None:
    wrong(at_work, "paper")
    now = at_work.clock.at
    token = at_work.store.alarms.lease(now, now + 2 * MINUTE)
    assert token is not None
    at_work.clock.at += MINUTE
    assert not alarms.due(at_work.ports)
    alarms.sound(at_work.ports)
    assert heard(site) == []
    at_work.store.alarms.release(token)
    dispatch.dispatch(at_work.ports)
    assert ("alarm", {}) in at_work.messages.waiting


FORMS = {
    "wecombot://0123456789ab-key": "qyapi.weixin.qq.com:443",
    "dingtalk://SECabcdef0123456789@abcdef0123456789/": "oapi.dingtalk.com:443",
    "feishu://0123456789-token": "open.feishu.cn:443",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/": "hooks.slack.com:443",
}


def test_the_services_take_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their hosts, by a proxy, are a server here that trusts nobody else's certificate."""
    names = ",".join(f"DNS:{host.partition(':')[0]}" for host in FORMS.values())
    trusted, context = certified(tmp_path, names, "-days", "2")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    well = b'{"errcode": 0, "code": 0, "StatusCode": 0}'
    with Site(tls=context) as site, tunnel(site.port) as (proxy, hosts):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        for url in FORMS:
            receiver = Receiver.at(url)
            site.routes = _Any((200, {}, b"ok" if url.startswith("slack") else well))
            assert AppriseSiren().sound(receiver, "岷江科普报：缺期", "第 2315 期", over=False) == "", url
            assert "缺期" in json.dumps(json.loads(site.requests[-1].body), ensure_ascii=False)
            assert url.partition("://")[2].strip("/") not in receiver.id
            refusal = b'{"errcode": 93000, "errmsg": "invalid", "code": 9499, "msg": "invalid"}'
            answers: list[Answer] = [(403, {}, b""), (200, {}, refusal)]
            for refused in answers:
                site.routes = _Any(refused)
                reason = AppriseSiren().sound(receiver, "x", "y", over=False)
                assert reason
                assert url.partition("://")[2].strip("/") not in reason
        assert set(hosts) == set(FORMS.values())


class _Any(dict[str, Any]):
    """Every path has the same answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def get(self, key: str, default: object = None) -> Any:
        return self._answer


@pytest.mark.parametrize("url", ["nothing://here", "wecombot://", "dingtalk://%20/"])
def test_an_address_of_no_service_is_told(url: str) -> None:
    assert "no service" in AppriseSiren().sound(Receiver.at(url), "x", "y", over=False)


def test_mail_arrives() -> None:
    class Kept:
        mails: list[bytes] = []  # noqa: RUF012  # of this one server

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # its name
            self.mails.append(envelope.content)
            return "250 OK"

    (port,) = free_ports(1)
    controller = Controller(Kept(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        url = f"mailto://127.0.0.1:{port}?from=dibao@paper.example&to=desk@paper.example&mode=insecure"
        assert AppriseSiren().sound(Receiver.at(url), "岷江科普报：缺期", "第 2315 期", over=False) == ""
    finally:
        controller.stop()
    (mail,) = Kept.mails
    read = message_from_bytes(mail, policy=policy.default)
    assert (read["subject"], read["to"]) == ("岷江科普报：缺期", "desk@paper.example")
    body = read.get_body(("plain", "html"))
    assert body is not None
    assert "第 2315 期" in body.get_content()


def test_a_message_says_what_who_and_when() -> None:
    one = Incident(7, Subject("issue", "paper 2315"), Cause("missing_issue", "2315", "dibao backfill"), NOON)
    title, text = message([one], {"paper": "岷江报"}, "http://feeds.test")
    assert title == "岷江报：缺期"
    assert text.splitlines()[:3] == ["原因：2315", "处理：dibao backfill", "始于：2026-10-14 12:00"]
    assert text.endswith("http://feeds.test/feeds/health.atom 或 dibao status")
    assert SINGLY < LISTED


NOON = datetime.fromisoformat("2026-10-14T12:00:00+08:00")


def settings(folder: Path, text: str = "") -> config.Settings:
    path = folder / "config.toml"
    path.write_text(text)
    return config.load(path)


def test_addresses_are_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, '[alarms]\nurls = ["wecombot://secret"]')
    assert "DIBAO_ALARMS__URLS" in str(caught.value)
    assert "secret" not in str(caught.value).replace("secrets", "")
    monkeypatch.setenv("DIBAO_ALARMS__URLS", '["no address with a secret"]')
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path)
    assert "apprise" in str(caught.value)
    assert "no address" not in str(caught.value)
    monkeypatch.setenv("DIBAO_ALARMS__URLS", '["json://127.0.0.1:9/"]')
    (tmp_path / "alarms").write_text("# whom to tell\nfeishu://token\n\njson://127.0.0.1:9/\n")
    told = ground.receivers(made := settings(tmp_path, '[alarms]\nurls_file = "alarms"'))
    assert [one.url for one in told] == ["json://127.0.0.1:9/", "feishu://token"]
    assert "token" not in repr(told)
    ground.require_secrets(made)
    (tmp_path / "alarms").unlink()
    with pytest.raises(ConfigError, match="urls_file"):
        ground.require_secrets(made)
    assert [one.url for one in ground.receivers(made)] == ["json://127.0.0.1:9/"]


def test_the_command_tries_them_and_says_how_it_goes(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/also"] = DOWN
    first, second = at(site), at(site, "/also")
    path = tmp_path / "config.toml"
    path.write_text("")
    monkeypatch.setenv(config.ENV_CONFIG, str(path))
    run = CliRunner().invoke
    assert "DIBAO_ALARMS__URLS" in run(app, ["alarms", "list", "--config", str(path)]).output
    monkeypatch.setenv("DIBAO_ALARMS__URLS", json.dumps([first.url, second.url]))
    tried = run(app, ["alarms", "test", "--config", str(path)])
    assert tried.exit_code == 1
    assert f"{first.id}: took it" in tried.output
    assert f"{second.id}: Failed to send JSON" in tried.output
    assert titles(site) == ["邸报告警测试"]
    listed = json.loads(run(app, ["alarms", "list", "--json", "--config", str(path)]).output)
    assert {one["id"]: bool(one["last_message"]) for one in listed["receivers"]} == {
        first.id: True,
        second.id: False,
    }
    checked = json.loads(run(app, ["doctor", "--json", "--config", str(path)]).output)
    (found,) = [check for check in checked["checks"] if check["name"] == "alarms"]
    assert (found["ok"], first.id in found["found"]) == (True, True)
