from __future__ import annotations

from datetime import timedelta

from bulletins.model import PollStatus
from feeds.render.catalogue import Entry, catalogue
from feeds.scope import ALL, FeedKey
from tests.feeds.conftest import BASE, MORNING, NOW, SOURCE, state
from tests.feeds.schemas import check

ENTRIES = (
    Entry(FeedKey("region/511826/column/a"), "芦山县 · 甲 · 邸报", 3, MORNING, MORNING, (state(),)),
    Entry(
        ALL, "全部\x00 · 邸报", 0, None, None, (state(), state("b", state=PollStatus.BLOCKED, reason="WAF"))
    ),
    Entry(FeedKey("source/b"), "b · 邸报", 0, None, None, ()),
)


def test_the_catalogue_holds_to_its_schema() -> None:
    check("feeds", catalogue(ENTRIES, base_url=BASE, formats=["rss", "atom", "json"], now=NOW))
    check("feeds", catalogue((), base_url=BASE, formats=[], now=NOW))


def test_feeds_stand_by_key_with_what_is_known_of_them() -> None:
    made = catalogue(ENTRIES, base_url=BASE + "/", formats=["atom"], now=NOW)
    assert made["base_url"] == BASE
    everything, local, source = made["feeds"]
    assert (everything["key"], everything["title"]) == ("all", "全部 · 邸报")
    assert local == {
        "key": "region/511826/column/a",
        "title": "芦山县 · 甲 · 邸报",
        "home": f"{BASE}/region/511826/",
        "urls": {"atom": f"{BASE}/feeds/region/511826/column/a.atom"},
        "region": "511826",
        "column": "a",
        "source": None,
        "items": 3,
        "newest": "2026-03-06T08:30:00+08:00",
        "updated": "2026-03-06T08:30:00+08:00",
        "state": "ok",
        "reason": "",
        "last_checked": "2026-03-07T11:00:00+08:00",
        "last_changed": "2026-03-06T08:30:00+08:00",
        "next_check": "2026-03-07T13:00:00+08:00",
        "expected": None,
    }
    assert (source["source"], source["last_checked"]) == ("b", None)


def test_freshness_is_that_of_the_moment_of_asking() -> None:
    def states(hours: int) -> list[str]:
        made = catalogue(ENTRIES, base_url=BASE, formats=["atom"], now=NOW + timedelta(hours=hours))
        return [feed["state"] for feed in made["feeds"]]

    assert states(0) == ["quarantined", "ok", "ok"]
    assert states(6) == ["quarantined", "stale", "ok"]
    assert f"{SOURCE.name}: blocked: WAF" in str(
        catalogue(ENTRIES, base_url=BASE, formats=["atom"], now=NOW)["feeds"][0]["reason"]
    )
