"""config.toml and the environment -> settings; every fault names its place and what is allowed."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletins.dates import SHANGHAI
from bulletins.errors import ConfigError
from bulletins.model import Author, Content, Precision, Role
from bulletins.overrides import Override
from tests.support.shared import CONTRACT, needed
from worker.config import Settings, config_path, current, load, sample_stanza
from worker.config.settings import SourceStanza

HOOK = "[[webhooks]]\nid = 'desk'\nurl = 'http://desk.example/in'\nsecret_env = 'KEPU_SECRET'\n"
ROOT = Path(__file__).parents[2]
SOURCE = '[[sources]]\nid = "kepu"\nname = "岷江科普报"\nurl = "http://kepu.example/"\n'


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DIBAO_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def fault(path: Path, text: str) -> ConfigError:
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    return caught.value


def settings(path: Path, text: str = "") -> Settings:
    path.write_text(text, "utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("text", "key", "allowed"),
    [
        # unknown keys, at every level
        (
            "serivce = 1",
            "serivce",
            "columns, fetch, overrides, publish, sample, service, sources, web, webhooks",
        ),
        (
            "_env_file = 'x'",
            "_env_file",
            "columns, fetch, overrides, publish, sample, service, sources, web, webhooks",
        ),
        ("_cli_parse_args = true", "_cli_parse_args", "service"),
        ("[service]\nbase_uri = 'x'", "service.base_uri", "base_url, broker_url, data_dir, database_url"),
        ("[fetch]\nretries = 3", "fetch.retries", "allow_addresses, max_bytes, per_host_interval, timeout"),
        ("[web]\nport = 80", "web.port", "listen"),
        (SOURCE + "evry = '5m'", "sources[0].evry", "columns, cron, enabled, every, expect, id"),
        (SOURCE + "[sources.publish]\nx = 1", "sources[0].publish.x", "content"),
        ("[[columns]]\nname = 'a'\nsulg = 'b'", "columns[0].sulg", "aliases, name, slug"),
        # what later releases know is unknown today, and is not passed over
        (
            "[[overrides]]\nid = 'x'\nwithdrawn = 'a'\nevent_date = 'a'",
            "overrides[0].event_date",
            "authors, column, id, link, published, region, title, withdrawn",
        ),
        (SOURCE + "[sources.selectors]\npage = 'a'", "sources[0].selectors.page", "articles, body, byline"),
        (
            SOURCE + "[sources.selectors]\nbody = 'div['",
            "sources[0].selectors.body",
            "line 6: not a CSS sele",
        ),
        (
            SOURCE + "selectors = { title = 'h1::text' }",
            "sources[0].selectors.title",
            "line 5: not a CSS sel",
        ),
        (SOURCE + "expect = { pages = [8, 4] }", "sources[0].expect.pages", "the least and the most"),
        (SOURCE + "expect = { dates = [0.5, 2] }", "sources[0].expect.dates", "two shares from 0 to 1"),
        (SOURCE + "selectors.next = ''", "sources[0].selectors.next", "line 5: not a CSS selector"),
        # missing keys and wrong types
        ("[[sources]]\nname = 'a'\nurl = 'http://a.example/'", "sources[0].id", "required"),
        ("[[columns]]\nslug = 'a'", "columns[0].name", "required"),
        ("service = 3", "service", "write [service] and its keys below"),
        ("sources = 3", "sources", "write [[sources]] with two brackets"),
        ("[sources]\nid = 'kepu'", "sources", "write [[sources]] with two brackets"),
        ("sources = [3]", "sources[0]", "write [[sources]] and its keys below"),
        (SOURCE + "columns = 3", "sources[0].columns", "write [sources.columns] and its keys below"),
        ("[service]\nbase_url = 3", "service.base_url", 'put the value in quotes: "3"'),
        ("[service]\ndata_dir = 3", "service.data_dir", 'put the value in quotes: "3"'),
        ("[service]\nbase_url = ['x']", "service.base_url", "write one text, in quotes"),
        ("[publish]\nformats = 'rss'", "publish.formats", 'write it in brackets, such as ["rss"]'),
        ("[publish]\nformats = 3", "publish.formats", 'write it in brackets, such as ["…"]'),
        ("[publish]\nwindow_items = 1.5", "publish.window_items", "whole number"),
        ("[fetch]\ntimeout = nan", "fetch.timeout", "a number"),
        ("[fetch]\nper_host_interval = inf", "fetch.per_host_interval", "a number that has an end"),
        ("[fetch]\ntimeout = 'soon'", "fetch.timeout", "number"),
        ("[sample]\nenabled = 'maybe'", "sample.enabled", "true or false"),
        (SOURCE + "region = 510000", "sources[0].region", 'put the value in quotes: "510000"'),
        (SOURCE + "region = 2026-01-02", "sources[0].region", 'put the value in quotes: "2026-01-02"'),
        (SOURCE + "columns = {a = 1}", "sources[0].columns.a", 'put the value in quotes: "1"'),
        # values
        ("[service]\nbase_url = 'kepu.example'", "service.base_url", "http:// or https://"),
        ("[service]\nbase_url = 'ftp://kepu.example'", "service.base_url", "http:// or https://"),
        ("[service]\nbase_url = 'http://a.example:x/'", "service.base_url", "http:// or https://"),
        ("[service]\nbase_url = 'http://a.example/ b'", "service.base_url", "blanks"),
        ("[service]\ntag_authority = 'localhost'", "service.tag_authority", "example.org,2026"),
        ("[service]\ntag_authority = 'localhost,2026-13'", "service.tag_authority", "example.org,2026"),
        ("[service]\ntag_authority = 'localhost,２０２６'", "service.tag_authority", "example.org,2026"),
        ("[service]\ntimezone = 'UTC'", "service.timezone", "Asia/Shanghai"),
        ("[service]\ndatabase_url = 'mysql://a'", "service.database_url", "postgresql+psycopg://"),
        ("[service]\nbroker_url = 'amqp://a'", "service.broker_url", "redis://"),
        ("[fetch]\nuser_agent = ''", "fetch.user_agent", "may not be empty"),
        ("[fetch]\nper_host_interval = -1", "fetch.per_host_interval", "a number from 0 (given: -1)"),
        ("[fetch]\ntimeout = 0", "fetch.timeout", "a number above 0 (given: 0)"),
        ("[fetch]\ntimeout = 301", "fetch.timeout", "a number up to 300 (given: 301)"),
        ("[fetch]\nmax_bytes = 0", "fetch.max_bytes", "a number above 0"),
        ("[fetch]\nallow_addresses = ['127.0.0.1', 'a']", "fetch.allow_addresses[1]", '"IP:port" or "CIDR"'),
        ("[fetch]\nallow_addresses = ['10.0.0.1:']", "fetch.allow_addresses[0]", '"IP:port" or "CIDR"'),
        ("[fetch]\nallow_addresses = ['10.0.0.0/8:80']", "fetch.allow_addresses[0]", '"IP:port" or "CIDR"'),
        ("[fetch]\nallow_addresses = ['10.0.0.1:99999']", "fetch.allow_addresses[0]", "1 to 65535"),
        ("[web]\nlisten = '8000'", "web.listen", "host:port"),
        ("[web]\nlisten = '127.0.0.1:0'", "web.listen", "host:port"),
        ("[web]\nlisten = '127.0.0.1:８０'", "web.listen", "host:port"),
        ("[sample]\nport = 70000", "sample.port", "a number up to 65535"),
        ("[sample]\nport = 0", "sample.port", "a number from 1"),
        ("[publish]\nformats = ['pdf']", "publish.formats[0]", "allowed are rss, atom or json"),
        ("[publish]\nformats = []", "publish.formats", "needs at least one of rss, atom, json"),
        ("[publish]\nwindow_items = 501", "publish.window_items", "a number up to 500"),
        ("[publish]\nwebsub_hubs = ['hub.example']", "publish.websub_hubs[0]", "http:// or https://"),
        ("[publish]\nwebsub_hubs = ['http://me:pw@hub.example/']", "publish.websub_hubs[0]", "user name"),
        ("[publish]\nwebsub_hubs = ['http://h.test/', 'http://h.test/']", "publish.websub_hubs", "twice"),
        (HOOK + "secret = 'x'", "webhooks[0].secret", "column, enabled, id, region, secret_env, source, url"),
        (HOOK.replace("secret_env = 'KEPU_SECRET'", ""), "webhooks[0].secret_env", "required"),
        (HOOK.replace("KEPU_SECRET", "no-name"), "webhooks[0].secret_env", "A-Z, 0-9 and _"),
        (HOOK + "region = '999999'", "webhooks[0].region", "six-digit GB/T 2260 codes"),
        (HOOK + "column = '地方科协'", "webhooks[0].column", "a-z, 0-9 and -"),
        (HOOK.replace("http://desk", "http://u@desk"), "webhooks[0].url", "user name"),
        (SOURCE + "region = '999999'", "sources[0].region", "six-digit GB/T 2260 codes, such as 510000"),
        (SOURCE + "region = '511821'", "sources[0].region", "the division's code today is 511803"),
        (SOURCE + "region = '四川'", "sources[0].region", "six-digit GB/T 2260 codes"),
        (SOURCE + "layout = 'sckjv'", "sources[0].layout", "auto, sckjw"),
        (SOURCE + "every = '5 minutes'", "sources[0].every", "s, m, h or d, such as 30m"),
        (SOURCE + "every = '0s'", "sources[0].every", "above 0"),
        (SOURCE + "every = 30", "sources[0].every", "s, m, h or d"),
        (SOURCE + "every = '99999999999d'", "sources[0].every", "s, m, h or d"),
        (SOURCE + "recheck = ['1h', 'later']", "sources[0].recheck[1]", "s, m, h or d"),
        (SOURCE + "cron = 'at six'", "sources[0].cron", "five fields, such as 0 6 * * 3,5"),
        (SOURCE + "cron = '0 0 6 * * 3'", "sources[0].cron", "five fields"),
        (SOURCE + "cron = '0 0 31 2 *'", "sources[0].cron", "Bad day-of-month"),
        (SOURCE + "every = '5m'\ncron = '0 6 * * *'", "sources[0]", "keep one of them"),
        (
            SOURCE + "[sources.publish]\ncontent = 'all'",
            "sources[0].publish.content",
            "full, summary or link",
        ),
        (SOURCE + SOURCE, "sources", "the id kepu is used twice"),
        (
            "[sample]\nenabled = true\n" + SOURCE.replace("kepu", "sample"),
            "sources",
            "id sample is used twice",
        ),
        (SOURCE.replace('"kepu"', '"Ke Pu"'), "sources[0].id", "a-z, 0-9 and -"),
        (SOURCE.replace("http://kepu.example/", "kepu.example"), "sources[0].url", "http:// or https://"),
        (SOURCE.replace("岷江科普报", ""), "sources[0].name", "may not be empty"),
        ("[[columns]]\nname = 'a'\nslug = '地方'", "columns[0].slug", "a-z, 0-9 and -"),
    ],
)
def test_a_fault_names_its_file_its_key_and_what_is_allowed(
    path: Path, text: str, key: str, allowed: str
) -> None:
    error = fault(path, text)
    assert error.where == f"{path}: {key}" or str(error).startswith(f"{path}: {key}: ")
    assert allowed in str(error)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[web]\nlisten = '127.0.0.1:8001'", "web.listen"),
        ("[web]\nlisten = 'localhost:8001'", "web.listen"),
        ("[web]\nlisten = '0.0.0.0:8001'", "web.listen"),
        ("[web]\nlisten = '[::]:8001'", "web.listen"),
        ("[service]\nbase_url = 'http://127.0.0.1:8001/'", "service.base_url"),
        ("[service]\nbase_url = 'http://localhost'\n[sample]\nport = 80", "service.base_url"),
    ],
)
def test_the_sample_newspaper_s_port_is_nobody_else_s(path: Path, text: str, key: str) -> None:
    enabled = text + "\nenabled = true" if "[sample]" in text else text + "\n[sample]\nenabled = true"
    port = "80" if "[sample]" in text else "8001"
    assert str(fault(path, enabled)) == (
        f"{path}: {key} and sample.port both name port {port} of this machine; give one of them another"
    )
    assert settings(path, text)  # where there is no sample newspaper
    elsewhere = enabled.replace("127.0.0.1", "192.0.2.1").replace("localhost", "kepu.example")
    elsewhere = elsewhere.replace("0.0.0.0", "192.0.2.1").replace("::", "2001:db8::1")
    assert settings(path, elsewhere)


def every_key() -> Iterator[str]:
    """For each key that there is, a configuration in good order but for its value, which is `@`."""
    yield from (f"{table} = @" for table in Settings.model_fields)
    for table in ("service", "fetch", "web", "sample", "publish"):
        keys = getattr(Settings.model_fields[table].annotation, "model_fields", {})
        yield from (f"[{table}]\n{key} = @" for key in keys)
    for key in SourceStanza.model_fields:
        others = "".join(line for line in SOURCE.splitlines(keepends=True) if not line.startswith(f"{key} "))
        yield f"{others}{key} = @"
    yield from (SOURCE + line for line in ("columns = {a = @}", "recheck = [@]", "publish = {content = @}"))
    yield from (
        "[[columns]]\nname = @",
        *(f"[[columns]]\nname = 'a'\n{key} = @" for key in ("slug", "aliases")),
    )


WRONG = ("-1", "inf", "nan", "99999999999999999999", "0.5", "true", "''", "'x'", "2026-01-02", "06:00:00")
LIBRARY = re.compile(r"[Ii]nput|valid|[Tt]uple|instance|should|string|field\b|dictionary|None|True")


@pytest.mark.parametrize("text", list(every_key()))
def test_no_fault_is_told_in_the_words_of_a_library(path: Path, text: str) -> None:
    told = []
    for value in (*WRONG, "[]", "[[1]]", "['x']", "{}", "{a = 1}"):
        path.write_text(text.replace("@", value), "utf-8")
        try:
            load(path)
        except ConfigError as error:
            told.append(str(error))
    assert told
    assert not [message for message in told if LIBRARY.search(message)]


def test_what_was_given_is_shown_unless_it_may_hold_a_password(path: Path) -> None:
    assert '(given: "kepu.example")' in str(fault(path, "[service]\nbase_url = 'kepu.example'"))
    assert "hunter2" not in str(fault(path, "[service]\ndatabase_url = 'mysql://me:hunter2@db/x'"))
    assert "hunter2" not in str(fault(path, "[service]\nbroker_url = 'amqp://me:hunter2@mq/'"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[service", "Expected ']' at the end of a table declaration"),
        (b"a = 1\na = 2\n", "Cannot overwrite a value"),
        (b"\xff\xfe[", "can't decode byte 0xff"),
    ],
)
def test_a_file_that_is_no_toml(path: Path, body: bytes, said: str) -> None:
    path.write_bytes(body)
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: no such file")
    assert "--config" in caught.value.action


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_a_byte_order_mark_does_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + SOURCE.encode())
    assert [stanza.id for stanza in load(path).sources] == ["kepu"]


def test_an_empty_file_is_every_default(path: Path) -> None:
    made = settings(path)
    assert made.service.base_url == "http://127.0.0.1:8000"
    assert made.all_sources == ()
    assert made.allow_addresses == ()
    assert made.sample_address is None
    assert made.database_url == f"sqlite:///{path.parent}/var/dibao.db"
    assert made.broker_url == f"redis+socket://{made.embedded_socket}"
    assert made.redis_url == f"unix://{made.embedded_socket}"
    assert len(bytes(made.embedded_socket)) < 100


def test_relative_paths_count_from_the_file_s_folder(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text('[service]\ndata_dir = "data/var"\npublic_dir = "/srv/public"\n')
    monkeypatch.chdir("/")
    made = load(config_path(path))
    assert made.service.data_dir == tmp_path / "data" / "var"
    assert made.service.public_dir == Path("/srv/public")
    monkeypatch.chdir(tmp_path)
    assert load(config_path(Path("config.toml"))).service.data_dir == tmp_path / "data" / "var"


def test_the_file_is_as_given_else_as_the_environment_says_else_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_path() == tmp_path / "config.toml"
    monkeypatch.setenv("DIBAO_CONFIG", "other.toml")
    assert config_path() == tmp_path / "other.toml"
    assert config_path(Path("/etc/dibao.toml")) == Path("/etc/dibao.toml")


def test_the_settings_of_a_process_are_read_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIBAO_CONFIG", str(path))
    path.write_text(SOURCE)
    current.cache_clear()
    try:
        first = current()
        path.unlink()
        assert current() is first
    finally:
        current.cache_clear()


def test_a_source_in_full(path: Path) -> None:
    text = (
        SOURCE
        + 'layout = "sckjw"\nregion = "510000"\ncron = "0 6 * * 3,5"\ncolumns = {"科协窗口" = "科协之窗"}\n'
        + 'recheck = ["1h", "7d"]\nenabled = false\n[sources.publish]\ncontent = "link"\n'
        + '[[columns]]\nname = "地方科协"\nslug = "difang"\naliases = ["各地科协", "科协窗口"]\n'
    )
    (source,) = settings(path, text).all_sources
    assert (source.layout, source.region) == ("sckjw", "510000")
    assert (source.cron, source.every) == ("0 6 * * 3,5", None)
    assert source.recheck == (timedelta(hours=1), timedelta(days=7))
    # A source's own alias wins over the one of all sources.
    assert dict(source.columns) == {"各地科协": "地方科协", "科协窗口": "科协之窗"}
    assert (source.content, source.enabled) == (Content.LINK, False)


def test_a_source_without_a_rhythm_is_read_as_it_publishes(path: Path) -> None:
    (source,) = settings(path, SOURCE).all_sources
    assert (source.every, source.cron, source.layout) == (None, None, "auto")
    assert source.recheck == tuple(timedelta(hours=hours) for hours in (1, 6, 24, 168))


def test_the_sample_newspaper_comes_first_and_its_address_is_allowed(path: Path) -> None:
    made = settings(path, "[sample]\nenabled = true\nport = 8123\n" + SOURCE)
    assert [source.id for source in made.all_sources] == ["sample", "kepu"]
    assert made.all_sources[0].url == sample_stanza(8123).url == "http://127.0.0.1:8123/"
    assert made.allow_addresses == ("127.0.0.1:8123",)


@pytest.mark.parametrize("form", ["10.0.0.1", "10.0.0.1:80", "10.0.0.0/8", "[::1]:80", "::1", "fd00::/8"])
def test_exceptions_to_the_address_guard(path: Path, form: str) -> None:
    assert settings(path, f"[fetch]\nallow_addresses = ['{form}']").allow_addresses == (form,)


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("DIBAO_SERVICE__BASE_URL", "https://feeds.example", lambda made: made.service.base_url),
        ("DIBAO_SERVICE__BROKER_URL", "redis://db/0", lambda made: made.redis_url),
        ("DIBAO_SERVICE__DATABASE_URL", "postgresql+psycopg://db/x", lambda made: made.database_url),
        ("DIBAO_WEB__LISTEN", "0.0.0.0:80", lambda made: made.web.listen),
        ("DIBAO_SAMPLE__PORT", "8123", lambda made: str(made.sample.port)),
        ("DIBAO_FETCH__ALLOW_ADDRESSES", '["10.0.0.1"]', lambda made: json.dumps(made.allow_addresses)),
    ],
)
def test_every_value_can_be_overridden_by_a_variable(
    path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, read: object
) -> None:
    monkeypatch.setenv(variable, value)
    text = "[service]\nbase_url = 'http://file.example'\n[web]\nlisten = '127.0.0.1:1'\n[sample]\nport = 1\n"
    assert callable(read)
    assert read(settings(path, text)) == value
    assert settings(path, text).publish.window_items == 50


def test_a_variable_leaves_the_rest_of_its_table(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIBAO_SERVICE__DATA_DIR", "elsewhere")
    made = settings(path, "[service]\nbase_url = 'http://file.example'")
    assert made.service.base_url == "http://file.example"
    assert made.service.data_dir == path.parent / "elsewhere"


def test_sources_can_come_from_a_variable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIBAO_SOURCES", '[{"id": "kepu", "name": "报", "url": "http://kepu.example/"}]')
    assert [source.id for source in settings(path).all_sources] == ["kepu"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DIBAO_SERVICE__BASE_URL", "kepu.example", "http:// or https://"),
        ("DIBAO_SERVICE__BASE_URI", "http://a.example", "base_url, broker_url"),
        ("DIBAO_SERVCE__BASE_URL", "http://a.example", "COLUMNS, FETCH, OVERRIDES, PUBLISH"),
        ("DIBAO_SAMPLE__PORT", "x", "whole number"),
        ("DIBAO_SERVICE", "x", "JSON"),
        ("DIBAO_PUBLISH__FORMATS", "rss", 'DIBAO_PUBLISH__FORMATS=["rss"]'),
        ("DIBAO_PUBLISH__FORMATS", '["pdf"]', "rss, atom or json"),
        ("DIBAO_SOURCES", "x", "JSON"),
        ("DIBAO_SOURCES", '[{"id": "kepu"}]', "required"),
    ],
)
def test_a_fault_in_a_variable_names_the_variable(
    path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv("DIBAO_WEB__LISTEN", "127.0.0.1:8000")  # in good order
    monkeypatch.setenv(variable, value)
    error = fault(path, "")
    assert str(error).startswith(f"environment variable {variable}: ")
    assert said in str(error)


def test_variables_that_are_no_settings_are_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIBAO_CONFIG", "DIBAO_LOG_FORMAT", "OTHER_SERVICE__BASE_URL"):
        monkeypatch.setenv(name, "x")
    assert settings(path) is not None


def test_two_webhooks_need_two_ids(path: Path) -> None:
    error = fault(path, HOOK + HOOK)
    assert "the id desk is used twice" in str(error)


def test_a_webhook_follows_a_source_that_there_is(path: Path) -> None:
    error = fault(path, SOURCE + HOOK + "source = 'kepv'")
    assert "follows the source kepv" in str(error)
    assert "allowed are kepu" in str(error)
    (hook,) = settings(path, SOURCE + HOOK + "source = 'kepu'").webhooks
    assert (hook.source, hook.enabled) == ("kepu", True)


def test_hubs_are_addresses(path: Path) -> None:
    made = settings(path, "[publish]\nwebsub_hubs = ['https://hub.example/', 'http://other.example/?key=1']")
    assert made.publish.websub_hubs == ("https://hub.example/", "http://other.example/?key=1")


def test_the_shipped_configuration_loads() -> None:
    made = load(ROOT / "config.toml")
    assert {source.id: source.enabled for source in made.all_sources} == {"sample": True, "sckjb": False}
    assert made.service.data_dir == ROOT / "var"


def test_the_shipped_configuration_shows_every_key() -> None:
    """So that an operator sees what can be changed, defaults included."""
    text = (ROOT / "config.toml").read_text("utf-8")
    shipped = tomllib.loads(text)
    for table in ("service", "fetch", "web", "sample", "publish"):
        keys = getattr(Settings.model_fields[table].annotation, "model_fields", {})
        shown = set(shipped[table]) | set(re.findall(r"^# (\w+) = ", text, re.M))
        assert set(keys) <= shown, table


@needed
def test_the_contract_s_example_loads(path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", CONTRACT.read_text("utf-8"), re.S)
    made = settings(path, re.sub(r"^# (\w+_url = \".*?://).*$", r'\1x"', example, flags=re.M))
    assert [source.id for source in made.all_sources] == ["sample", "sckjb"]
    assert made.database_url == "postgresql+psycopg://x"
    assert made.redis_url == "redis://x"


def test_an_override_names_one_item_or_one_article(path: Path) -> None:
    stanza = '[[overrides]]\nwithdrawn = "not ours"\n'
    path.write_text(
        f'{SOURCE}{stanza}id = "tag:x,2026:kepu/1"\n{stanza}link = "http://kepu.example/2#top"\n', "utf-8"
    )
    assert [one.name for one in load(path).overrides] == ["tag:x,2026:kepu/1", "http://kepu.example/2"]
    for names in ("", 'id = "tag:x,2026:kepu/1"\nlink = "http://kepu.example/2"\n'):
        told = fault(path, f"{SOURCE}{stanza}{names}")
        assert (told.where, "id or with link" in told.what) == (f"{path}: overrides[0]", True)
    told = fault(path, f'{SOURCE}[[overrides]]\nid = "tag:x,2026:kepu/1"\n')
    assert (told.where, "title, region, column" in told.what) == (f"{path}: overrides[0]", True)
    twice = f'{stanza}id = "tag:x,2026:kepu/1"\n' * 2
    assert "named twice" in fault(path, SOURCE + twice).what


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('title = "新题"', Override(title="新题")),
        ('region = "511826"', Override(region="511826")),
        ('column = "科协之窗"', Override(column="科协之窗")),
        (
            'authors = ["本报记者 张小丽 李小明", "芦山县科协", { name = "綦放", role = "correspondent" }]',
            Override(
                authors=(
                    Author("张小丽", Role.REPORTER),
                    Author("李小明", Role.REPORTER),
                    Author("芦山县科协", Role.ORGANISATION),
                    Author("綦放", Role.CORRESPONDENT),
                )
            ),
        ),
        ("authors = []", Override(authors=())),
        ("published = 2024-08-02", Override(published=datetime(2024, 8, 2, tzinfo=SHANGHAI))),
        ('published = "2024-08-02"', Override(published=datetime(2024, 8, 2, tzinfo=SHANGHAI))),
        (
            "published = 2024-08-02T00:30:00Z",
            Override(published=datetime(2024, 8, 2, 8, 30, tzinfo=SHANGHAI), precision=Precision.MINUTE),
        ),
        (
            "published = 2024-08-02T08:30:00",
            Override(published=datetime(2024, 8, 2, 8, 30, tzinfo=SHANGHAI), precision=Precision.MINUTE),
        ),
    ],
)
def test_what_an_override_says(path: Path, said: str, expected: Override) -> None:
    path.write_text(f'{SOURCE}[[overrides]]\nid = "tag:x,2026:kepu/1"\n{said}\n', "utf-8")
    (one,) = load(path).overrides
    assert one.override == expected


@pytest.mark.parametrize(
    ("said", "key", "words"),
    [
        ('region = "519999"', "region", "no division has this code"),
        ('published = "2024-02-30"', "published", "a day such as"),
        ("published = 3", "published", "a day such as"),
        ('authors = "张小丽"', "authors", "it is a list"),
        ('authors = ["（完）"]', "authors", "an author is a byline"),
        ('authors = [{ name = "张小丽", role = "editor" }]', "authors", "reporter, correspondent"),
        ('authors = [{ name = " ", role = "reporter" }]', "authors", "an author is a byline"),
        ("authors = [3]", "authors", "an author is a byline"),
        ('title = ""', "title", "empty"),
    ],
)
def test_what_an_override_may_not_say(path: Path, said: str, key: str, words: str) -> None:
    told = fault(path, f'{SOURCE}[[overrides]]\nid = "tag:x,2026:kepu/1"\n{said}\n')
    assert (told.where, words in told.what) == (f"{path}: overrides[0].{key}", True), told.what
