"""The configuration file and the environment -> Settings, or the fault with its place and what is allowed."""

from __future__ import annotations

import functools
import json
import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from bulletins.errors import ConfigError
from worker.config import wording
from worker.config.lines import line_of
from worker.config.settings import Settings

ENV_CONFIG = "DIBAO_CONFIG"
_SECRET = {"database_url", "broker_url", "urls"}  # never shown: they hold passwords


def config_path(option: Path | None = None) -> Path:
    """The configuration file: as given, else DIBAO_CONFIG, else config.toml here."""
    return (option or Path(os.environ.get(ENV_CONFIG, "config.toml"))).absolute()


def load(path: Path) -> Settings:
    """Read and check the configuration. Raises ConfigError."""
    try:
        text = path.read_text("utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(
            "no such file", str(path), "Name one with --config PATH, or run where config.toml is"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"cannot be read: {error}", str(path)) from None
    _only_known(path, values)
    alarms = values.get("alarms")
    if isinstance(alarms, dict) and "urls" in alarms:
        raise ConfigError(
            "the addresses of alarms hold secrets, which do not belong into this file",
            f"{path}: alarms.urls",
            'Set DIBAO_ALARMS__URLS=["…"], or name a file that has them, one a line, with urls_file',
        )
    try:
        settings = Settings(**values)
    except SettingsError:
        raise _unreadable_variable() from None
    except ValidationError as error:
        raise _fault(path, text, error.errors()[0]) from None
    root = path.parent
    paths = {name: root / getattr(settings.service, name) for name in ("data_dir", "public_dir")}
    moved: dict[str, object] = {"service": settings.service.model_copy(update=paths)}
    if settings.alarms.urls_file is not None:
        there = {"urls_file": root / settings.alarms.urls_file}
        moved["alarms"] = settings.alarms.model_copy(update=there)
    return settings.model_copy(update=moved)


@functools.cache
def current() -> Settings:
    """The settings of this process, read once from where DIBAO_CONFIG says. Raises ConfigError."""
    return load(config_path())


def _only_known(path: Path, values: Iterable[str]) -> None:
    """No table that is none: neither in the file, where pydantic-settings would take `_env_file` for an
    option of its own, nor in the environment, where it would overlook one."""
    tables = {name.upper() for name in Settings.model_fields}
    for name in values:
        if name.upper() not in tables:
            raise ConfigError("unknown key", f"{path}: {name}", f"Allowed here: {', '.join(_allowed(()))}")
    for name in sorted(os.environ):
        table, nested, _ = name.removeprefix("DIBAO_").partition("__")
        if name.startswith("DIBAO_") and nested and table not in tables:
            action = f"Allowed after DIBAO_: {', '.join(sorted(tables))}"
            raise ConfigError("unknown key", f"environment variable {name}", action)


def _unreadable_variable() -> ConfigError:
    """A variable whose value should be a list or a table, and is no JSON."""
    names = [name for name in sorted(os.environ) if name.upper().startswith("DIBAO_") and _is_no_json(name)]
    action = 'Lists and tables are written as JSON, such as DIBAO_PUBLISH__FORMATS=["rss"]'
    return ConfigError("not JSON", f"environment variable {' or '.join(names)}", action)


def _is_no_json(variable: str) -> bool:
    *tables, name = variable.lower().removeprefix("dibao_").split("__")
    model: Any = {"": Settings} | {table: field.annotation for table, field in Settings.model_fields.items()}
    field = getattr(model.get("".join(tables)), "model_fields", {}).get(name)
    if field is None or not isinstance(field.default, tuple | BaseModel):
        return False
    try:
        json.loads(os.environ[variable])
    except ValueError:
        return True
    return False


def _fault(path: Path, text: str, error: ErrorDetails) -> ConfigError:
    """The first fault, as file, key, line, what is wrong and what is allowed."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    variables = ["DIBAO_" + "__".join(map(str, error["loc"][:n])).upper() for n in (2, 1)]
    variable = next((name for name in variables if name in os.environ), None)
    where = f"environment variable {variable}" if variable else f"{path}: {key}".rstrip(": ")
    if error["type"] == "extra_forbidden":
        return ConfigError("unknown key", where, f"Allowed here: {', '.join(_allowed(error['loc']))}")
    given = wording.shown(error["input"]) if _SECRET.isdisjoint(error["loc"]) else None
    line = None if variable else line_of(text, error["loc"])
    said = wording.words(error) + (f" (given: {given})" if given else "")
    return ConfigError(f"line {line}: {said}" if line else said, where)


def _allowed(loc: Sequence[int | str]) -> list[str]:
    """The keys of the table in which a key stands."""
    model: Any = Settings
    for part in loc[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            arguments = [a for a in getattr(annotation, "__args__", ()) if hasattr(a, "model_fields")]
            model = arguments[0] if arguments else annotation
    return sorted(model.model_fields)
