"""Hubs and webhooks through real commands and a real worker, and what an operator sees of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.support.newspaper import Newspaper, Story
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Raw, Site

pytestmark = pytest.mark.slow
VARIABLE, SECRET = "TEST_DESK_SECRET", "a secret of sixteen characters"


@pytest.fixture
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    monkeypatch.setenv(VARIABLE, SECRET)
    with product(tmp_path / "told") as made:
        yield made


def webhook(site: Site, *more: str) -> str:
    lines = ["[[webhooks]]", 'id = "desk"', f'url = "{site.url}/desk"', f'secret_env = "{VARIABLE}"', *more]
    return "\n".join(lines) + "\n"


def hub(site: Site) -> str:
    return f'[publish]\nwebsub_hubs = ["{site.url}/hub"]\n'


def seqs(site: Site) -> list[int]:
    bodies = [json.loads(asked.body) for asked in site.requests if asked.path == "/desk"]
    return [event["seq"] for body in bodies for event in body["events"]]


def topics(site: Site) -> list[str]:
    forms = [parse_qs(asked.body.decode()) for asked in site.requests if asked.path == "/hub"]
    return sorted(form["hub.url"][0] for form in forms)


def test_a_pass_tells_hub_and_webhook_and_the_commands_show_it(
    deployed: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    newspaper = Newspaper()
    with Site() as site, Site() as receiver:
        newspaper.print_on(site)
        receiver.routes.update({"/hub": (202, {}, b""), "/desk": (500, {}, b"")})
        stanzas = [hub(receiver), source("paper", f"{site.url}/"), webhook(receiver)]
        deployed.configure(*stanzas, allow=[site.address, receiver.address])
        assert deployed.do("run")[0] == 0, deployed.log()
        base = f"http://127.0.0.1:{deployed.web}"
        public = deployed.folder / "public"
        found = (path for path in (public / "feeds").rglob("*") if path.suffix in {".rss", ".atom", ".json"})
        # What is past is told to nobody: a month of an archive is read, not subscribed to.
        feeds = [str(path.relative_to(public)) for path in found if path.parent.name != "archive"]
        assert topics(receiver) == sorted(f"{base}/{path}" for path in feeds)
        status = deployed.ask("status")
        assert status["hubs"] == {f"{receiver.url}/hub": 0}
        (hook,) = status["webhooks"]
        assert (hook["id"], hook["state"], hook["behind"], hook["failures"]) == ("desk", "failing", 5, 1)
        assert hook["reason"] == "HTTP 500"
        assert deployed.ask("webhooks", "list")["webhooks"] == [hook]
        shown = deployed.do("status")[1]
        assert "0 pings waiting" in shown
        assert "desk: HTTP 500" in shown
        receiver.routes["/desk"] = (410, {}, b"")
        assert deployed.do("webhooks", "enable", "desk")[1].startswith("desk is told the changes after 0, of")
        assert deployed.do("run")[0] == 0
        assert deployed.ask("webhooks", "list")["webhooks"][0]["state"] == "disabled"
        assert len(deployed.events("incident.opened")) == 1
        asked, out = deployed.do("doctor")
        assert asked == 1
        assert "dibao webhooks enable desk" in out
        receiver.requests.clear()
        receiver.routes["/desk"] = (200, {}, b"")
        assert deployed.do("webhooks", "enable", "desk")[0] == 0
        assert deployed.do("run")[0] == 0
        assert seqs(receiver) == [1, 2, 3, 4, 5]
        assert topics(receiver) == []  # nothing has changed
        assert deployed.do("doctor")[0] == 0, deployed.log()
        assert deployed.do("webhooks", "enable", "desk", "--since", "9")[0] == 2
        assert deployed.do("webhooks", "enable", "nobody")[0] == 2
        assert SECRET not in deployed.log() + deployed.do("webhooks", "list")[1]
        monkeypatch.delenv(VARIABLE)
        assert deployed.do("run")[0] == 2
        assert f"environment variable {VARIABLE}" in deployed.log()
        assert deployed.do("status")[0] == 0


def test_a_silent_hub_holds_up_no_news(deployed: Product) -> None:
    newspaper = Newspaper()

    def silent(_connection: object, closing: threading.Event) -> None:
        closing.wait()

    with Site() as site, Site() as mute, Site() as desk:
        newspaper.print_on(site)
        mute.routes["/hub"] = Raw(silent)
        desk.routes["/desk"] = (200, {}, b"")
        paper = source("paper", f"{site.url}/", 'every = "1s"')
        allowed = [site.address, mute.address, desk.address]
        deployed.configure(hub(mute), paper, webhook(desk), allow=allowed, timeout=5)
        with deployed.up():
            assert eventually(lambda: len(mute.requests) > 0, 30)
            newspaper.stories["more"] = Story(
                "芦山县科协 办起昆虫旅馆", ("近日,雅安市芦山县科协办起昆虫旅馆。",)
            )
            newspaper.print_on(site)
            feed = deployed.feeds / "region/511826.atom"
            assert eventually(lambda: feed.exists() and "昆虫旅馆" in feed.read_text("utf-8"), 30), (
                deployed.log()
            )
            assert eventually(lambda: seqs(desk) == [1, 2, 3, 4, 5, 6], 30), deployed.log()
        assert deployed.events("hub.failed")
        assert not deployed.events("hub.pinged")
