"""The queues of the broker, one for each step of the flow."""

from __future__ import annotations

QUEUES = ("control", "poll", "fetch", "ingest", "publish", "notify")
