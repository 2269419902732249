"""A source to be added -> its stanza, and the configuration file with it, its own text as it was."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bulletins.errors import ConfigError
from worker.config.loading import load


def stanza(values: Mapping[str, str]) -> str:
    """A [[sources]] table with these keys, in their order. A JSON string is a TOML one, but for DEL."""
    lines = [f"{key} = {_text(value)}" for key, value in values.items()]
    return "\n".join(["[[sources]]", *lines]) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def append(path: Path, text: str) -> None:
    """Put a stanza at the end of a configuration file, whole or not at all: what comes of it is read first.

    Raises ConfigError: the file with it would be wrong, or cannot be written.
    """
    try:
        before = path.read_bytes()
        newline = "\r\n" if b"\r\n" in before else "\n"
        gap = newline if before.endswith(b"\n") or not before else newline * 2
        after = before + (gap + text.replace("\n", newline)).encode()
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        made = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            made.chmod(path.stat().st_mode & 0o777)
            _check(made, path)
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        action = "Make the file writable, or put the stanza that is shown into it by hand"
        raise ConfigError(f"cannot be written: {error.strerror}", str(path), action) from None


def _check(made: Path, path: Path) -> None:
    try:
        load(made)
    except ConfigError as error:
        where = error.where.replace(str(made), str(path))
        action = "Nothing is written; put the stanza that is shown into the file by hand"
        raise ConfigError(f"with the stanza it would be wrong: {error.what}", where, action) from None
