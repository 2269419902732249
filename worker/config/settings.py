"""What config.toml and DIBAO_… variables may say -> typed settings, and the sources that they name."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bulletins import identity
from bulletins.model import Content, Precision, Source
from bulletins.overrides import Override
from worker.config import checks
from worker.config.checks import (
    AlarmAddress,
    Authority,
    Authors,
    Bounds,
    BrokerUrl,
    DatabaseUrl,
    Duration,
    Published,
    ReceiverAddress,
    RegionCode,
    Selector,
    Shares,
    Slug,
    Variable,
    WebAddress,
)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Table):
    base_url: WebAddress = "http://127.0.0.1:8000"
    tag_authority: Authority = "localhost,2026"
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    data_dir: Path = Path("var")
    public_dir: Path = Path("public")
    database_url: DatabaseUrl | None = None
    broker_url: BrokerUrl | None = None
    stuck_after: Duration = timedelta(minutes=2)


class Fetch(_Table):
    user_agent: Annotated[str, Field(min_length=1)] = "Dibao/0.1 (+http://127.0.0.1:8000/)"
    per_host_interval: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    timeout: Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)] = 20.0
    max_bytes: Annotated[int, Field(gt=0)] = 8_000_000
    allow_addresses: tuple[Annotated[str, AfterValidator(checks.allowance)], ...] = ()


class Web(_Table):
    listen: Annotated[str, AfterValidator(checks.listen_address)] = "127.0.0.1:8000"


class Sample(_Table):
    enabled: bool = False
    port: Annotated[int, Field(ge=1, le=65535)] = 8001


class Publish(_Table):
    formats: Annotated[tuple[Literal["rss", "atom", "json"], ...], AfterValidator(checks.some_format)] = (
        "rss",
        "atom",
        "json",
    )
    window_items: Annotated[int, Field(gt=0, le=500)] = 50
    window_days: Annotated[int, Field(ge=0)] = 30
    websub_hubs: Annotated[tuple[ReceiverAddress, ...], AfterValidator(checks.no_repetition)] = ()


class SourcePublish(_Table):
    content: Content = Content.FULL


class Selectors(_Table):
    """CSS selectors of a source's own; what they name wins over every layout."""

    pages: Selector | None = None
    articles: Selector | None = None
    title: Selector | None = None
    date: Selector | None = None
    byline: Selector | None = None
    body: Selector | None = None
    next: Selector | None = None

    @property
    def stated(self) -> dict[str, str]:
        return {name: value for name in type(self).model_fields if (value := getattr(self, name))}


class Expect(_Table):
    """What a good reading of a source is like, each as [least, most]: shares from 0 to 1, counts, the middle
    length of a text in characters; and the hosts that its lists may lead to."""

    pages: Bounds | None = None
    items: Bounds | None = None
    items_per_page: Bounds | None = None
    dates: Shares | None = None
    regions: Shares | None = None
    columns: Shares | None = None
    body: Bounds | None = None
    hosts: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @property
    def stated(self) -> dict[str, tuple[float, float]]:
        bounds = (name for name in type(self).model_fields if name != "hosts")
        return {name: value for name in bounds if (value := getattr(self, name))}


class NamedColumn(_Table):
    name: Annotated[str, Field(min_length=1)]
    slug: Slug | None = None
    aliases: tuple[str, ...] = ()


class OverrideStanza(_Table):
    """What an operator says of one item, or of all items of one article."""

    id: Annotated[str, Field(min_length=1)] | None = None
    link: WebAddress | None = None
    title: Annotated[str, Field(min_length=1)] | None = None
    region: RegionCode | None = None
    column: Annotated[str, Field(min_length=1)] | None = None
    authors: Authors | None = None
    published: Published | None = None
    withdrawn: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_name(self) -> OverrideStanza:
        if (self.id is None) == (self.link is None):
            raise ValueError("an override names its item with id or with link, one of the two")
        said = (self.title, self.region, self.column, self.authors, self.published, self.withdrawn)
        if all(one is None for one in said):
            raise ValueError(
                "an override says something: title, region, column, authors, published or withdrawn"
            )
        return self

    @property
    def name(self) -> str:
        return self.id or identity.link(self.link or "")

    @property
    def override(self) -> Override:
        when, precision = self.published or (None, Precision.DAY)
        return Override(self.title, self.region, self.column, self.authors, when, precision, self.withdrawn)


class Webhook(_Table):
    """Who is told of changes. The secret that signs is in the environment, under the name that is given."""

    id: Slug
    url: ReceiverAddress
    secret_env: Variable
    region: RegionCode | None = None
    column: Slug | None = None
    source: Slug | None = None
    enabled: bool = True


class Alarms(_Table):
    """Who is told of incidents, by addresses of apprise. They hold secrets: only the environment, or a file
    of its own, may have them."""

    urls: Annotated[tuple[AlarmAddress, ...], AfterValidator(checks.no_secret_repetition)] = ()
    urls_file: Path | None = None
    most_per_hour: Annotated[int, Field(gt=0)] = 10
    gather: Duration = timedelta(seconds=30)


class SourceStanza(_Table):
    id: Slug
    name: Annotated[str, Field(min_length=1)]
    url: WebAddress
    layout: Annotated[str, AfterValidator(checks.layout_name)] = "auto"
    region: RegionCode | None = None
    every: Duration | None = None
    cron: Annotated[str, AfterValidator(checks.cron_expression)] | None = None
    columns: dict[str, str] = {}
    recheck: tuple[Duration, ...] = (
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=7),
    )
    enabled: bool = True
    publish: SourcePublish = SourcePublish()
    selectors: Selectors = Selectors()
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _one_rhythm(self) -> SourceStanza:
        if self.every is not None and self.cron is not None:
            raise ValueError("every and cron exclude each other; keep one of them")
        return self

    def source(self, aliases: dict[str, str], slugs: dict[str, str]) -> Source:
        return Source(
            id=self.id,
            name=self.name,
            url=self.url,
            layout=self.layout,
            region=self.region,
            every=self.every,
            cron=self.cron,
            columns=aliases | self.columns,
            slugs=slugs,
            recheck=self.recheck,
            content=self.publish.content,
            enabled=self.enabled,
            selectors=self.selectors.stated,
            expect=self.expect.stated,
            hosts=self.expect.hosts,
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
    overrides: tuple[OverrideStanza, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    alarms: Alarms = Alarms()

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

    @model_validator(mode="after")
    def _overrides_apart(self) -> Settings:
        names = Counter(one.name for one in self.overrides)
        if twice := [name for name, count in names.items() if count > 1]:
            raise ValueError(f"overrides: {twice[0]} is named twice; put what is said of it into one table")
        return self

    @model_validator(mode="after")
    def _webhooks_apart(self) -> Settings:
        ids = Counter(webhook.id for webhook in self.webhooks)
        if twice := [name for name, count in ids.items() if count > 1]:
            raise ValueError(
                f"webhooks: the id {twice[0]} is used twice; each webhook needs an id of its own"
            )
        known = [source.id for source in self.all_sources]
        for webhook in self.webhooks:
            if webhook.source is not None and webhook.source not in known:
                allowed = ", ".join(known) or "none is configured"
                raise ValueError(
                    f"webhooks: {webhook.id} follows the source {webhook.source}, which there is not; "
                    f"allowed are {allowed}"
                )
        return self

    @model_validator(mode="after")
    def _ports_apart(self) -> Settings:
        """The sample newspaper has its port on 127.0.0.1 for itself."""
        for key, address in (("web.listen", self.web.listen), ("service.base_url", self.service.base_url)):
            if self.sample.enabled and checks.takes(address, self.sample.port):
                raise ValueError(
                    f"{key} and sample.port both name port {self.sample.port} of this machine; "
                    "give one of them another"
                )
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
        slugs = {column.name: column.slug for column in self.columns if column.slug}
        stanzas = self.sources
        if self.sample.enabled:
            stanzas = (sample_stanza(self.sample.port), *stanzas)
        return tuple(stanza.source(aliases, slugs) for stanza in stanzas)

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
