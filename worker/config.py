"""config.toml and the environment -> Settings; every fault names its file and key."""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import os
import re
import tempfile
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bulletins import layouts, regions
from bulletins.errors import ConfigError
from bulletins.model import Content, Source

ENV_CONFIG = "DIBAO_CONFIG"
_DURATION = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # an expression is judged against any day
_AUTHORITY = re.compile(r"[A-Za-z0-9.@_-]+,\d{4}(-\d\d){0,2}")


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match:
        raise ValueError("a duration is a number with s, m, h or d, such as 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address begins with http:// or https:// and names a host")
    return value


def _region(value: str) -> str:
    if regions.division(value) is None:
        raise ValueError("no division has this code; allowed are six-digit GB/T 2260 codes, such as 510000")
    return value


def _layout(value: str) -> str:
    allowed = ("auto", *layouts.names())
    if value not in allowed:
        raise ValueError(f"no such layout; allowed are {', '.join(allowed)}")
    return value


def _cron(value: str) -> str:
    try:
        CronSim(value, _SOME_DAY)
    except CronSimError as error:
        raise ValueError(f"not a cron expression of five fields: {error}") from None
    return value


def _allowance(value: str) -> str:
    """An exception to the address guard: IP:port, [IPv6]:port, IP or CIDR."""
    host, _, port = (
        value.rpartition(":") if value.count(":") == 1 or value.startswith("[") else (value, "", "")
    )
    try:
        ipaddress.ip_network((host or value).strip("[]"))
    except ValueError:
        raise ValueError('an exception is "IP:port" or "CIDR"') from None
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("a port is a number from 1 to 65535")
    return value


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError('an address to listen on is "host:port"')
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
WebAddress = Annotated[str, AfterValidator(_web_address)]
RegionCode = Annotated[str, AfterValidator(_region)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Table):
    base_url: WebAddress = "http://127.0.0.1:8000"
    tag_authority: Annotated[str, Field(pattern=f"^{_AUTHORITY.pattern}$")] = "localhost,2026"
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    data_dir: Path = Path("var")
    public_dir: Path = Path("public")
    database_url: Annotated[str, Field(pattern=r"^(sqlite:///|postgresql\+psycopg://)")] | None = None
    broker_url: Annotated[str, Field(pattern=r"^(rediss?|redis\+socket)://")] | None = None


class Fetch(_Table):
    user_agent: Annotated[str, Field(min_length=1)] = "Dibao/0.1 (+http://127.0.0.1:8000/)"
    per_host_interval: Annotated[float, Field(ge=0)] = 1.0
    timeout: Annotated[float, Field(gt=0, le=300)] = 20.0
    max_bytes: Annotated[int, Field(gt=0)] = 8_000_000
    allow_addresses: tuple[Annotated[str, AfterValidator(_allowance)], ...] = ()


class Web(_Table):
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8000"


class Sample(_Table):
    enabled: bool = False
    port: Annotated[int, Field(gt=0, lt=65536)] = 8001


class Publish(_Table):
    formats: Annotated[tuple[Literal["rss", "atom", "json"], ...], Field(min_length=1)] = (
        "rss",
        "atom",
        "json",
    )
    window_items: Annotated[int, Field(gt=0, le=500)] = 50
    window_days: Annotated[int, Field(ge=0)] = 30


class SourcePublish(_Table):
    content: Content = Content.FULL


class NamedColumn(_Table):
    name: Annotated[str, Field(min_length=1)]
    slug: Slug | None = None
    aliases: tuple[str, ...] = ()


class SourceStanza(_Table):
    id: Slug
    name: Annotated[str, Field(min_length=1)]
    url: WebAddress
    layout: Annotated[str, AfterValidator(_layout)] = "auto"
    region: RegionCode | None = None
    every: Duration | None = None
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    columns: dict[str, str] = {}
    recheck: tuple[Duration, ...] = (
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=7),
    )
    enabled: bool = True
    publish: SourcePublish = SourcePublish()

    @model_validator(mode="after")
    def _one_rhythm(self) -> SourceStanza:
        if self.every is not None and self.cron is not None:
            raise ValueError("every and cron exclude each other; keep one of them")
        return self

    def source(self, aliases: dict[str, str]) -> Source:
        every = self.every if self.cron or self.every else timedelta(minutes=30)
        return Source(
            id=self.id,
            name=self.name,
            url=self.url,
            layout=self.layout,
            region=self.region,
            every=every,
            cron=self.cron,
            columns=aliases | self.columns,
            recheck=self.recheck,
            content=self.publish.content,
            enabled=self.enabled,
        )


class Settings(BaseSettings):
    """Everything that config.toml and DIBAO_… variables say; paths are absolute."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="DIBAO_", env_nested_delimiter="__"
    )

    service: Service = Service()
    fetch: Fetch = Fetch()
    web: Web = Web()
    sample: Sample = Sample()
    publish: Publish = Publish()
    sources: tuple[SourceStanza, ...] = ()
    columns: tuple[NamedColumn, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @model_validator(mode="after")
    def _no_duplicates(self) -> Settings:
        ids = [stanza.id for stanza in self.sources] + (["sample"] if self.sample.enabled else [])
        if twice := [name for name, count in Counter(ids).items() if count > 1]:
            raise ValueError(f"sources: the id {twice[0]} is used twice; each source needs an id of its own")
        return self

    @property
    def database_url(self) -> str:
        return self.service.database_url or f"sqlite:///{self.service.data_dir / 'dibao.db'}"

    @property
    def embedded_socket(self) -> Path:
        """Where the embedded Valkey listens: a short path (a socket's has at most about 100 bytes), the same
        for every command on this data_dir."""
        owner = f"{os.getuid()}-{hashlib.sha256(bytes(self.service.data_dir)).hexdigest()[:10]}"
        return Path(tempfile.gettempdir()) / f"dibao-{owner}" / "valkey.sock"

    @property
    def broker_url(self) -> str:
        """As Celery and kombu spell it."""
        return self.service.broker_url or f"redis+socket://{self.embedded_socket}"

    @property
    def redis_url(self) -> str:
        """As redis-py spells it."""
        return self.broker_url.replace("redis+socket://", "unix://")

    @property
    def all_sources(self) -> tuple[Source, ...]:
        """The configured sources, after the sample newspaper where it is enabled."""
        aliases = {alias: column.name for column in self.columns for alias in column.aliases}
        stanzas = self.sources
        if self.sample.enabled:
            stanzas = (sample_stanza(self.sample.port), *stanzas)
        return tuple(stanza.source(aliases) for stanza in stanzas)

    @property
    def sample_address(self) -> str | None:
        return f"127.0.0.1:{self.sample.port}" if self.sample.enabled else None

    @property
    def allow_addresses(self) -> tuple[str, ...]:
        extra = (self.sample_address,) if self.sample_address else ()
        return (*self.fetch.allow_addresses, *extra)


def sample_stanza(port: int) -> SourceStanza:
    """The sample newspaper as a source; polled often, so that a change to it shows within seconds."""
    return SourceStanza(
        id="sample",
        name="岷江科普报",
        url=f"http://127.0.0.1:{port}/",
        region="510000",
        every=timedelta(seconds=6),
        recheck=(),
    )


def config_path(option: Path | None = None) -> Path:
    """The configuration file: as given, else DIBAO_CONFIG, else config.toml here."""
    return (option or Path(os.environ.get(ENV_CONFIG, "config.toml"))).absolute()


def load(path: Path) -> Settings:
    """Read and check the configuration. Raises ConfigError."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "no such file", str(path), "Name one with --config PATH, or run where config.toml is"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"cannot be read: {error}", str(path)) from None
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise _fault(path, error.errors()[0]) from None
    root = path.parent
    paths = {name: root / getattr(settings.service, name) for name in ("data_dir", "public_dir")}
    return settings.model_copy(update={"service": settings.service.model_copy(update=paths)})


@functools.cache
def current() -> Settings:
    """The settings of this process, read once from where DIBAO_CONFIG says. Raises ConfigError."""
    return load(config_path())


def _fault(path: Path, error: ErrorDetails) -> ConfigError:
    """The first fault, as file, key, what is wrong and what is allowed."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    variable = "DIBAO_" + "__".join(str(part) for part in error["loc"][:2]).upper()
    where = f"environment variable {variable}" if variable in os.environ else f"{path}: {key}".rstrip(": ")
    if error["type"] == "extra_forbidden":
        return ConfigError("unknown key", where, f"Allowed here: {', '.join(_allowed(error['loc']))}")
    what = error["msg"].removeprefix("Value error, ")
    given = error["input"]
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
    return ConfigError(what + shown, where)


def _allowed(loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the table in which a key stands."""
    model: Any = Settings
    for part in loc[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            arguments = [a for a in getattr(annotation, "__args__", ()) if hasattr(a, "model_fields")]
            model = arguments[0] if arguments else annotation
    return sorted(model.model_fields)
