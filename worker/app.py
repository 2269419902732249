"""The Celery app and its beat schedule, configured from config.toml when first used."""

from __future__ import annotations

import sys
from typing import Any

from celery import Celery, signals

from bulletins.errors import ConfigError
from worker import config, log
from worker.queues import QUEUES

TICK = 2.0  # seconds between two looks at what is due
HARD_LIMIT = 600  # seconds; a newspaper of 100 pages at one request a second takes two minutes


def configuration(settings: config.Settings) -> dict[str, Any]:
    """Celery's settings. The measured reasons: late acknowledgement and rejection on a lost child give a
    killed child's task back in under a second; the visibility timeout exceeds the longest task, or long
    tasks run twice; a restore sweep every 5 s, because kombu's default takes 100 s; no result backend."""
    return {
        "broker_url": settings.broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": HARD_LIMIT + 60,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "global_keyprefix": "dibao:",
            "health_check_interval": 10,
            "socket_timeout": 30,
        },
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": HARD_LIMIT,
        "task_soft_time_limit": HARD_LIMIT - 30,
        "task_default_queue": "control",
        # A queue for each step: a crowd of fetches must not keep a tick waiting.
        "task_routes": {f"dibao.{name}": {"queue": name} for name in QUEUES[1:]}
        | {f"dibao.{name}": {"queue": "notify"} for name in ("judge", "alarm")},
        "task_create_missing_queues": True,
        "task_queues": {name: {"exchange": name, "routing_key": name} for name in QUEUES},
        "worker_prefetch_multiplier": 1,
        "worker_redirect_stdouts": False,
        "worker_soft_shutdown_timeout": 3.0,
        "worker_max_tasks_per_child": 2_000,
        "worker_send_task_events": False,
        "timezone": settings.service.timezone,
        # What is due is data in the store; beat remembers nothing, and keeps no file that could break.
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_schedule": {
            # An expired tick is dropped: after an outage one looks, not a hundred.
            "dispatch": {"task": "dibao.dispatch", "schedule": TICK, "options": {"expires": TICK}},
        },
    }


app = Celery("dibao")


@app.on_configure.connect(weak=False)
def _configure(sender: Celery, **_: object) -> None:
    try:
        settings = config.current()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    sender.config_from_object(configuration(settings))


@signals.setup_logging.connect(weak=False)
def _setup_logging(**_: object) -> None:
    log.setup("beat" if "beat" in sys.argv else "worker")
