"""`dibao doctor`: checks what Dibao needs, and says what to do about what it lacks."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from bulletins.errors import DibaoError
from worker import broker, embedded, ground
from worker.cli.common import ConfigOption, JsonOption, app, iso, opened, out, print_json, settings_of, table
from worker.config import Settings
from worker.embedded import machine

_LEAST_DISK = 500_000_000  # bytes; a year of a newspaper's pages, compressed, with their feeds
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # before this product existed: a clock that says so is wrong


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    ok: bool
    found: str
    action: str = ""


@app.command()
def doctor(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Check configuration, folders, database, broker, clock, disk and network."""
    settings = settings_of(config)
    names = ", ".join(source.id for source in settings.all_sources) or "none"
    findings = [Finding("config", True, f"sources: {names}"), *_findings(settings)]
    if json:
        print_json(
            {
                "ok": all(finding.ok for finding in findings),
                "checks": [
                    {"name": f.name, "ok": f.ok, "found": f.found, "action": f.action} for f in findings
                ],
            }
        )
    else:
        shown = table("check", "", "found", folded=("found",))
        for finding in findings:
            mark = "[green]ok[/]" if finding.ok else "[red]fault[/]"
            shown.add_row(finding.name, mark, escape(finding.found))
            if finding.action:
                shown.add_row("", "", f"what to do: {escape(finding.action)}")
        out.print(shown)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    folders = [_folder(settings, key) for key in ("data_dir", "public_dir")]
    yield from folders
    if all(folder.ok for folder in folders):  # else its fault would be the folder's
        yield _try("database", lambda: _database(settings), settings.database_url.split("@")[-1])
    yield _broker(settings)
    yield _clock()
    yield _disk(settings)
    yield from _network(settings)
    yield from _receivers(settings)
    yield _alarms(settings)


def _try(name: str, check: Callable[[], None], found: str) -> Finding:
    try:
        check()
    except DibaoError as error:
        return Finding(name, False, f"{error.where}: {error.what}", error.action)
    return Finding(name, True, found)


def _folder(settings: Settings, key: str) -> Finding:
    path: Path = getattr(settings.service, key)
    return _try(key, lambda: machine.require_folder(path, key), f"{path} can be written")


def _database(settings: Settings) -> None:
    with opened(settings) as store:
        store.check()


def _broker(settings: Settings) -> Finding:
    fault = broker.fault(settings)
    if fault is None and (policy := broker.evicts(settings)):
        action = "Set maxmemory-policy noeviction there: messages that are dropped are sent again late"
        return Finding("broker", False, f"{settings.redis_url.split('@')[-1]} has {policy}", action)
    if fault is None:
        return Finding("broker", True, settings.redis_url.split("@")[-1])
    if settings.service.broker_url:
        return Finding("broker", False, fault, "Start it, or correct [service] broker_url")
    if embedded.running(settings) is None:
        return Finding("broker", True, "embedded; `dibao up` and `dibao run` start it")
    log = settings.service.data_dir / "valkey" / "valkey.log"
    return Finding("broker", False, fault, f"Stop `dibao up` and start it again; {log} may say why")


def _clock() -> Finding:
    now = datetime.now(UTC)
    ok = now > _EARLIEST
    return Finding("clock", ok, iso(now) or "", "" if ok else "Set this machine's clock")


def _disk(settings: Settings) -> Finding:
    data_dir = settings.service.data_dir
    free = shutil.disk_usage(next(path for path in (data_dir, *data_dir.parents) if path.exists())).free
    ok = free >= _LEAST_DISK
    action = "" if ok else "Make room: pages and feeds need about 0.5 GB a year for each newspaper"
    return Finding("disk", ok, f"{free / 1e9:.1f} GB free for data_dir", action)


def _network(settings: Settings) -> Iterator[Finding]:
    """Whether the names of the enabled sources resolve; nothing is fetched from them."""
    for source in settings.all_sources:
        if source.enabled:
            yield _resolves(f"network: {source.id}", source.url)


def _receivers(settings: Settings) -> Iterator[Finding]:
    """Whether hubs and webhooks could be told: their names resolve, the secrets are there, and none of the
    webhooks has been disabled. Nothing is sent to them."""
    for hub in settings.publish.websub_hubs:
        yield _resolves(f"hub: {urlsplit(hub).hostname}", hub)
    if not settings.webhooks:
        return
    yield _try("webhook secrets", lambda: ground.require_secrets(settings), "set")
    for webhook in settings.webhooks:
        if webhook.enabled:
            yield _resolves(f"webhook: {webhook.id}", webhook.url)
    try:
        with opened(settings) as store:
            disabled = [hook for hook in store.notices.hooks() if hook.disabled_at]
    except DibaoError:
        return  # the database's own finding says why
    for hook in disabled:
        found = f"disabled since {iso(hook.disabled_at)}: {hook.reason}"
        action = f"Mend the receiver, then run dibao webhooks enable {hook.id}"
        yield Finding(f"webhook: {hook.id}", False, found, action)


def _alarms(settings: Settings) -> Finding:
    """Whether somebody is told of incidents. Nothing is sent: `dibao alarms test` does."""
    try:
        ground.addresses(settings)
    except DibaoError as error:
        return Finding("alarms", False, f"{error.where}: {error.what}", error.action)
    told, failing = [receiver.id for receiver in ground.receivers(settings)], []
    with (
        contextlib.suppress(DibaoError),
        opened(settings) as store,
    ):  # else the database's own finding says why
        failing = [state for state in store.alarms.receivers() if state.failures]
    if failing:
        first = failing[0]
        action = f"Mend it, then run dibao alarms test {first.id}"
        return Finding("alarms", False, f"{first.id} failed {first.failures} times: {first.reason}", action)
    if not told:
        return Finding("alarms", True, "nobody is told of incidents (docs/operations.md says how)")
    return Finding("alarms", True, f"told are {', '.join(told)}; `dibao alarms test` tries them")


def _resolves(name: str, url: str) -> Finding:
    parts = urlsplit(url)
    try:
        address = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme)[0][4][0]
    except OSError as error:
        return Finding(
            name,
            False,
            f"{parts.hostname}: {error.strerror}",
            "Check the address in config.toml, and this machine's name server",
        )
    found = f"{parts.hostname} is {address}" if address != parts.hostname else str(address)
    return Finding(name, True, found)
