"""Settings -> a deployment to work on: folders, tables, sources, and who is told."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bulletins.errors import ConfigError, EnvironmentFault
from feeds.scope import FeedKey
from worker import log
from worker.alarms import Receiver
from worker.config import Settings, checks
from worker.flow import incidents
from worker.incidents import ALARM, CONFIG, HUB, SOURCE, WEBHOOK
from worker.notices import Hook
from worker.store import SqlStore, migrate, open_store

_LEAST_SECRET = 16  # characters


def store(settings: Settings) -> SqlStore:
    return open_store(settings.database_url)


def ready(settings: Settings) -> None:
    """Folders, migrations, sources, webhooks and receivers as the configuration says; of the items, what
    [[overrides]] says waits for `wiring.prepare`. Raises EnvironmentFault."""
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
        enter(kept, settings)
        incidents.forget(kept, log.logger(), CONFIG, (), datetime.now(UTC))  # this one has been read
    finally:
        kept.dispose()


def enter(kept: SqlStore, settings: Settings) -> None:
    """Sources, hubs and receivers, as the configuration names them, into the store."""
    now = datetime.now(UTC)
    kept.sync_sources(settings.all_sources, now)
    publishing = settings.publish
    anew = kept.notices.sync(publishing.websub_hubs, publishing.formats, hooks(settings), now)
    alarmed = {receiver.id for receiver in receivers(settings)}
    kept.alarms.sync(alarmed, now)
    told = {hook.id for hook in settings.webhooks} - set(anew)
    polled = {source.id for source in settings.all_sources if source.enabled}
    hubs = set(publishing.websub_hubs)
    for what, names in ((SOURCE, polled), (WEBHOOK, told), (ALARM, alarmed), (HUB, hubs)):
        incidents.forget(kept, log.logger(), what, names, now)


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
