"""Settings -> ports: the only place where the flow meets its adapters."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from bulletins.errors import ConfigError, EnvironmentFault
from feeds import fragments, site
from feeds.scope import FeedKey
from worker import config, log
from worker.alarms import Receiver
from worker.app import app
from worker.config import Settings, checks
from worker.config.following import Following, News
from worker.fetch.client import HttpFetcher
from worker.fetch.pace import RedisPace
from worker.fetch.poster import HttpPoster
from worker.fetch.shelf import RedisShelf
from worker.flow import desk, incidents
from worker.incidents import ALARM, CONFIG, SOURCE, WEBHOOK, Cause, Subject
from worker.notices import Hook
from worker.ports import Ports, Rules
from worker.publish import DiskPublisher
from worker.siren import AppriseSiren
from worker.snapshots import DiskSnapshots
from worker.store import SqlStore, migrate, open_store

_GRACE = timedelta(seconds=10)  # a lease outlives one request by this much
_POST_SECONDS = 10.0  # for one POST at most: it holds a worker's slot meanwhile
_LEAST_SECRET = 16  # characters


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class CeleryQueue:
    """Sends tasks by name; Celery hands the root of the run on by itself."""

    def send(self, task: str, *, after: float = 0.0, **arguments: str | int | bool) -> None:
        app.send_task(f"dibao.{task}", kwargs=arguments, countdown=after or None)


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
                _enter(kept, news.settings)
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
        queue=CeleryQueue(),
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


def receivers(settings: Settings) -> tuple[Receiver, ...]:
    """Who is told of incidents. A file that cannot be read has nobody: a worker does not start with it, the
    commands that tell nobody do."""
    try:
        more = addresses(settings)
    except ConfigError:
        more = ()
    return tuple(Receiver.at(url) for url in dict.fromkeys((*settings.alarms.urls, *more)))


def addresses(settings: Settings) -> tuple[str, ...]:
    """Those of alarms that a file of their own has, one a line; lines with # are none. Raises ConfigError."""
    path = settings.alarms.urls_file
    if path is None:
        return ()
    try:
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        return tuple(checks.alarm_address(line) for line in lines if line and not line.startswith("#"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot be read: {error}", str(path), "Make it readable, or take out [alarms] urls_file"
        ) from None
    except ValueError as error:
        raise ConfigError(f"a line is not {error}", str(path), "Write one address a line") from None


def hooks(settings: Settings) -> tuple[Hook, ...]:
    """The webhooks, with the secrets that are in the environment: a worker does not start without them, the
    commands that tell nobody do."""
    return tuple(
        Hook(
            id=webhook.id,
            url=webhook.url,
            secret=os.environ.get(webhook.secret_env, "").encode(),
            keys=_keys(webhook.region, webhook.column, webhook.source),
            enabled=webhook.enabled,
            said=repr(webhook),
        )
        for webhook in settings.webhooks
    )


def _keys(region: str | None, column: str | None, source: str | None) -> frozenset[FeedKey]:
    """The feeds whose items a webhook follows: what it asks for stands in all of them."""
    keys = [FeedKey.of(region=region, column=column)] if region or column else []
    return frozenset([*keys, *([FeedKey.of(source=source)] if source else [])])


def require_secrets(settings: Settings) -> None:
    """Raise ConfigError where a webhook that is enabled could not be signed for, or nobody could be told of
    incidents who should be."""
    addresses(settings)
    for webhook in settings.webhooks:
        if webhook.enabled and len(os.environ.get(webhook.secret_env, "")) < _LEAST_SECRET:
            raise ConfigError(
                f"the webhook {webhook.id} has no secret there of at least {_LEAST_SECRET} characters",
                f"environment variable {webhook.secret_env}",
                "Set it for everything that starts a worker, to what the receiver verifies signatures with",
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


def store(settings: Settings) -> SqlStore:
    return open_store(settings.database_url)


def prepare(settings: Settings) -> None:
    """Folders, migrations, sources and items as the configuration says. Raises EnvironmentFault."""
    ready(settings)
    kept = store(settings)
    try:
        desk.enforce(kept, rules(settings), datetime.now(UTC))
    finally:
        kept.dispose()


def ready(settings: Settings) -> None:
    """The same without the items: what [[overrides]] says of them waits. Raises EnvironmentFault."""
    for key in ("data_dir", "public_dir"):
        folder: Path = getattr(settings.service, key)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise EnvironmentFault(
                f"cannot be written: {error.strerror}",
                str(folder),
                f"Set [service] {key} in config.toml to a folder that this user may write",
            ) from None
    migrate(settings.database_url)
    kept = store(settings)
    try:
        _enter(kept, settings)
        incidents.forget(kept, log.logger(), CONFIG, (), datetime.now(UTC))  # this one has been read
    finally:
        kept.dispose()


def _enter(kept: SqlStore, settings: Settings) -> None:
    """Sources, hubs and receivers, as the configuration names them, into the store."""
    now = datetime.now(UTC)
    kept.sync_sources(settings.all_sources, now)
    publishing = settings.publish
    anew = kept.notices.sync(publishing.websub_hubs, publishing.formats, hooks(settings), now)
    alarmed = {receiver.id for receiver in receivers(settings)}
    kept.alarms.sync(alarmed, now)
    told = {hook.id for hook in settings.webhooks} - set(anew)
    polled = {source.id for source in settings.all_sources if source.enabled}
    for what, names in ((SOURCE, polled), (WEBHOOK, told), (ALARM, alarmed)):
        incidents.forget(kept, log.logger(), what, names, now)
