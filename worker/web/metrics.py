"""`/metrics`: the store, the broker and this process in, a text for Prometheus out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from prometheus_client import exposition
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.process_collector import ProcessCollector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bulletins.errors import DibaoError
from worker import broker
from worker.archive import Archive
from worker.coding import SMALLEST, encode
from worker.config import Settings
from worker.figures import Figures
from worker.web import replies
from worker.web.blocking import Late, Shared
from worker.web.gauges import of_service
from worker.web.resources import IDENTITY, accepted

_PATIENCE_SECONDS = 4.0  # Prometheus itself waits for ten
# Whoever asks more often is told the same again: it costs the store nothing, and the text of ten thousand
# sources, which takes two seconds to write, no more than a fifth of a processor.
_KEPT_SECONDS = 1.0
_REST = 5
_OPENMETRICS = "application/openmetrics-text"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Families:
    """What the encoders of prometheus_client take for a registry."""

    families: tuple[Metric, ...]

    def collect(self) -> Iterable[Metric]:
        return self.families


class Metrics:
    """Belongs to one event loop. Everything but the process's own figures is looked up where all processes
    look, so that it does not matter which of several web servers is asked."""

    def __init__(self, settings: Settings, store: Archive) -> None:
        self._figures: Shared[Figures] = Shared(lambda: store.figures(datetime.now(UTC)), _PATIENCE_SECONDS)
        self._queues: Shared[Mapping[str, int] | None] = Shared(
            partial(broker.queue_depth, settings), _PATIENCE_SECONDS
        )
        self._process = ProcessCollector(namespace="dibao_web", registry=None)
        self._known: _Families | None = None
        self._young_until = float("-inf")
        self._made: dict[tuple[bool, str], tuple[bytes, str]] = {}
        self._turn = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """200 also where the store or the broker is away: `dibao_store_up` and `dibao_broker_up` say so,
        while a refusal would look like a web server that is gone."""
        openly = _OPENMETRICS in request.headers.get("accept", "")
        coding = accepted(request.headers.get("accept-encoding", "").encode("latin-1"))[0]
        async with self._turn:
            began = time.monotonic()
            if self._known is None or began > self._young_until:
                told = await asyncio.gather(_told(self._figures), _told(self._queues))
                began = time.monotonic()
                self._known, self._made = await run_in_threadpool(self._families, *told), {}
            if (openly, coding) not in self._made:
                made = await run_in_threadpool(_written, self._known, openly, coding)
                self._made[openly, coding] = made
                rest = _REST * (time.monotonic() - began)
                self._young_until = max(self._young_until, began + max(_KEPT_SECONDS, rest))
            body, coding = self._made[openly, coding]
        kind = openmetrics.CONTENT_TYPE_LATEST if openly else exposition.CONTENT_TYPE_PLAIN_0_0_4
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding"}
        if coding != IDENTITY:
            headers["Content-Encoding"] = coding
        return replies.reply(request, HTTPStatus.OK, body, kind, headers)

    def _families(self, figures: Figures | None, queues: Mapping[str, int] | None) -> _Families:
        return _Families((*of_service(figures, queues, datetime.now(UTC)), *self._process.collect()))


async def _told(look: Callable[[], Awaitable[T]]) -> T | None:
    """None where whoever is asked is away or slow; /readyz says which, and why."""
    try:
        return await look()
    except (Late, DibaoError):
        return None


def _written(found: _Families, openly: bool, coding: str) -> tuple[bytes, str]:
    """The text in a coding, and that coding; what is small is sent as it is."""
    body: bytes = (openmetrics if openly else exposition).generate_latest(found)
    return (body, IDENTITY) if coding == IDENTITY or len(body) < SMALLEST else (encode(coding, body), coding)
