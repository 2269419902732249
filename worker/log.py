"""Events -> one line each on stderr: for a person on a terminal, else JSON."""

from __future__ import annotations

import logging
import os
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

Format = Literal["auto", "console", "json"]
ENV_FORMAT = "DIBAO_LOG_FORMAT"
_FIRST = ("timestamp", "level", "event", "role", "pid", "run_id")
_CHATTER = {
    "celery.beat": logging.WARNING,  # a line a tick
    "celery.worker.strategy": logging.WARNING,  # a line a task received
    "celery.app.trace": logging.WARNING,  # a line a task done
    "celery.worker.request": logging.WARNING,  # a line for each tick that came too late
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}


def setup(role: str, style: Format | None = None) -> None:
    """Send every log record of this process, ours and the libraries', through one handler.

    `style` defaults to DIBAO_LOG_FORMAT, else to what stderr is; it is handed down to child processes.
    """
    style = style or _style(os.environ.get(ENV_FORMAT, "auto"))
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    os.environ[ENV_FORMAT] = "console" if console else "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Process(role),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(console)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name, level in _CHATTER.items():
        logging.getLogger(name).setLevel(level)


def logger() -> FilteringBoundLogger:
    """The product's logger; events are named noun.verb, keys in the order given."""
    log: FilteringBoundLogger = structlog.get_logger("dibao")
    return log


def _style(value: str) -> Format:
    match value:
        case "console" | "json":
            return value
        case _:
            return "auto"


class _Process:
    """Adds who speaks: the role and process id, and the run that the event belongs to."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["role"] = self._role
        event["pid"] = os.getpid()
        event.setdefault("run_id", None)
        return event


def _renderers(console: bool) -> list[Processor]:
    if console:
        return [
            _quiet,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False, pad_event_to=18),
        ]
    return [
        structlog.processors.format_exc_info,
        _ordered,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]


def _ordered(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    rest = {key: value for key, value in event.items() if key not in _FIRST}
    return {key: event.get(key) for key in _FIRST} | rest


def _quiet(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """On a terminal the process id and the run id are noise; the role stays."""
    return {key: value for key, value in event.items() if key not in ("pid", "run_id")}
