"""Settings -> ports: the only place where the flow meets its adapters."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from feeds import fragments, site
from worker import broker, config, log
from worker.app import app
from worker.config import Settings
from worker.config.following import Following, News
from worker.fetch.client import HttpFetcher
from worker.fetch.pace import RedisPace
from worker.fetch.poster import HttpPoster
from worker.fetch.seats import RedisSeats
from worker.fetch.shelf import RedisShelf
from worker.flow import desk, incidents
from worker.ground import enter, hooks, ready, receivers, require_secrets, store
from worker.incidents import CONFIG, Cause, Subject
from worker.ports import Ports, Rules
from worker.publish import DiskPublisher
from worker.siren import AppriseSiren
from worker.snapshots import DiskSnapshots

_GRACE = timedelta(seconds=10)  # a lease outlives one request by this much
_POST_SECONDS = 10.0  # for one POST at most: it holds a worker's slot meanwhile


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class CeleryQueue:
    """Sends tasks by name; Celery hands the root of the run on by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, task: str, *, after: float = 0.0, **arguments: str | int | bool) -> None:
        app.send_task(f"dibao.{task}", kwargs=arguments, countdown=after or None)

    def depth(self) -> int:
        return sum((broker.queue_depth(self._settings) or {}).values())


def ports() -> Ports:
    """The ports of this process, by the configuration as it is: made anew after a fork, for connections are
    not shared."""
    return _process(os.getpid()).ports()


def follow() -> None:
    """Take up the configuration where its file has changed, in the store too, and tell what came of it: a
    file that is wrong changes nothing and opens an incident, until it is right."""
    _process(os.getpid()).follow()


@functools.lru_cache(maxsize=1)
def _process(_pid: int) -> _Process:
    return _Process(config.current())


class _Process:
    """What one process works by, from its start on; its threads share it."""

    def __init__(self, settings: Settings) -> None:
        self._following = Following(config.config_path(), settings, require_secrets)
        self._fetch = settings.fetch
        self._ports = make_ports(settings)
        self._untold: News | None = None
        self._lock = threading.Lock()

    def ports(self) -> Ports:
        with self._lock:
            if news := self._following.look():
                self._untold = news
                if news.fault is None:
                    self._take_up(news.settings)
            return self._ports

    def follow(self) -> None:
        held = self.ports()
        news, self._untold = self._untold, None
        if news is None:
            return
        if news.fault is None:
            kept = store(news.settings)
            try:
                enter(kept, news.settings)
                desk.enforce(kept, held.rules, held.clock.now())
            finally:
                kept.dispose()
        _tell(held, news)

    def _take_up(self, settings: Settings) -> None:
        """The store and its connections stay: where they lead is fixed while a process runs."""
        self._ports = replace(self._ports, rules=rules(settings))
        if settings.fetch != self._fetch:
            self._fetch = settings.fetch
            self._ports = replace(self._ports, fetcher=fetcher(settings), poster=poster(settings))


def _tell(held: Ports, news: News) -> None:
    cause = None
    if fault := news.fault:
        action = fault.action or "Correct it: it is read again when it changes"
        cause = Cause("refused", f"{fault.where}: {fault.what}; what was in force stays", action)
    else:
        held.log.info("config.taken_up", path=str(config.config_path()), sources=len(held.rules.sources))
    incidents.blame(held, Subject(CONFIG, config.config_path().name), cause)
    if news.waiting:
        tables = " ".join(f"[{name}]" for name in news.waiting)
        reason = f"{tables} has changed, which counts from the next start on"
        held.log.warning("config.waits", reason=reason, action="Start the service again")


def make_ports(settings: Settings) -> Ports:
    kept = store(settings)
    return Ports(
        rules=rules(settings),
        store=kept,
        fetcher=fetcher(settings),
        snapshots=DiskSnapshots(settings.service.data_dir / "snapshots"),
        publisher=DiskPublisher(settings.service.public_dir, settings.service.data_dir / "publish.lock"),
        queue=CeleryQueue(settings),
        clock=SystemClock(),
        log=log.logger(),
        notices=kept.notices,
        poster=poster(settings),
        alarms=kept.alarms,
        siren=AppriseSiren(),
    )


def fetcher(settings: Settings) -> HttpFetcher:
    """The sample newspaper is ours, on loopback: it needs no manners."""
    unpaced = [settings.sample_address] if settings.sample_address else []
    return HttpFetcher(
        user_agent=settings.fetch.user_agent,
        timeout=settings.fetch.timeout,
        max_bytes=settings.fetch.max_bytes,
        allow_addresses=settings.allow_addresses,
        pace=RedisPace(settings.redis_url, "dibao:pace:", unpaced),
        per_host_interval=settings.fetch.per_host_interval,
        shelf=RedisShelf(settings.redis_url, "dibao:robots:"),
        seats=RedisSeats(settings.redis_url, "dibao:seats:", unpaced),
    )


def poster(settings: Settings) -> HttpPoster:
    return HttpPoster(
        user_agent=settings.fetch.user_agent,
        timeout=min(settings.fetch.timeout, _POST_SECONDS),
        allow_addresses=settings.allow_addresses,
    )


def rules(settings: Settings) -> Rules:
    return Rules(
        sources={source.id: source for source in settings.all_sources},
        authority=settings.service.tag_authority,
        base_url=settings.service.base_url.rstrip("/"),
        formats=settings.publish.formats,
        window_items=settings.publish.window_items,
        window_days=settings.publish.window_days,
        lease=timedelta(seconds=settings.fetch.timeout) + _GRACE,
        named_columns=frozenset(column.name for column in settings.columns),
        interval=settings.fetch.per_host_interval,
        unpaced=frozenset({"sample"} if settings.sample.enabled else ()),
        fingerprint=_fingerprint(settings),
        overrides={one.name: one.override for one in settings.overrides},
        hubs=settings.publish.websub_hubs,
        hooks=hooks(settings),
        receivers=receivers(settings),
        most_per_hour=settings.alarms.most_per_hour,
        gather=settings.alarms.gather,
    )


def _fingerprint(settings: Settings) -> str:
    """Of all that published documents depend on beside the items."""
    sources = [(source.id, source.name, source.url, str(source.content)) for source in settings.all_sources]
    said = (
        version("dibao"),
        fragments.RENDERER,
        site.VERSION,
        settings.service.base_url,
        settings.publish,
        sources,
        settings.columns,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def prepare(settings: Settings) -> None:
    """All that `ground.ready` does, and the items as the configuration says. Raises EnvironmentFault."""
    ready(settings)
    kept = store(settings)
    try:
        desk.enforce(kept, rules(settings), datetime.now(UTC))
    finally:
        kept.dispose()
