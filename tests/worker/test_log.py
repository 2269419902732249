"""One event, one line: JSON for programs, words for a person on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest

SCRIPT = """
import logging, sys, warnings
import structlog
from worker import log

log.setup({role!r}{style})
{body}
"""


def run(body: str, *, role: str = "worker", style: str | None = None, **environ: str) -> str:
    """What a process writes to stderr after setting up its log."""
    option = f", {style!r}" if style else ""
    script = SCRIPT.format(role=role, style=option, body=body)
    env = {name: value for name, value in os.environ.items() if not name.startswith("DIBAO_")} | environ
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, timeout=60)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


def events(body: str, **options: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(body, style="json", **options).splitlines()]


FIRST = ["timestamp", "level", "event", "role", "pid", "run_id"]


def test_the_common_keys_come_first_and_an_event_s_own_in_the_order_given() -> None:
    (event,) = events('log.logger().info("source.polled", source="kepu", status="ok", pages=4, new=0)')
    assert list(event) == [*FIRST, "source", "status", "pages", "new"]
    assert (event["level"], event["event"], event["role"]) == ("info", "source.polled", "worker")
    assert isinstance(event["pid"], int)
    assert event["run_id"] is None
    assert event["timestamp"].endswith("Z")
    assert event["pages"] == 4


def test_a_run_id_joins_the_events_of_a_run() -> None:
    body = """
with structlog.contextvars.bound_contextvars(run_id="r1"):
    log.logger().info("one")
    logging.getLogger("library").warning("two")
log.logger().info("three")
"""
    assert [(event["event"], event["run_id"]) for event in events(body)] == [
        ("one", "r1"),
        ("two", "r1"),
        ("three", None),
    ]


@pytest.mark.parametrize("role", ["beat", "worker", "web", "cli"])
def test_the_role_is_the_process_s(role: str) -> None:
    (event,) = events('log.logger().warning("x")', role=role)
    assert (event["role"], event["level"]) == (role, "warning")


def test_libraries_speak_through_the_same_handler_and_chatter_less() -> None:
    body = """
logging.getLogger("celery.worker").error("lost %s after %d", "child", 3)
logging.getLogger("httpx").info("GET")
logging.getLogger("celery.beat").info("tick")
logging.getLogger("httpx").warning("odd")
logging.getLogger("anything").debug("detail")
log.logger().debug("detail")
"""
    found = events(body)
    assert [(event["event"], event["level"]) for event in found] == [
        ("lost child after 3", "error"),
        ("odd", "warning"),
    ]
    assert all(list(event) == FIRST for event in found)


def test_an_exception_is_one_line_with_its_traceback() -> None:
    body = """
for logger in (log.logger(), logging.getLogger("library")):
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("poll.failed")
"""
    for event in events(body):
        assert (event["event"], event["level"]) == ("poll.failed", "error")
        assert "ZeroDivisionError: division by zero" in event["exception"]
        assert "exc_info" not in event


def test_chinese_stays_readable_and_a_line_stays_a_line() -> None:
    body = 'log.logger().info("item.left_out", title="芦山县\\n观星\\x1b[31m", at=structlog, path={"a": {1}})'
    text = run(body, style="json")
    assert text.count("\n") == 1
    assert "芦山县" in text
    assert "\x1b" not in text
    assert json.loads(text)["title"] == "芦山县\n观星\x1b[31m"


def test_setting_up_twice_says_everything_once() -> None:
    assert (
        len(events('log.setup("web", "json"); log.logger().info("x"); logging.getLogger("y").info("z")')) == 2
    )


def test_in_words_for_a_person() -> None:
    text = run('log.logger().info("source.polled", source="kepu", status="ok")', style="console")
    assert "source.polled" in text
    assert "source=kepu" in text
    assert "role=worker" in text
    assert "run_id" not in text
    assert "pid" not in text
    assert "\x1b" not in text  # stderr is no terminal here
    body = 'log.logger().info("item.left_out", title="芦山县\\n2026 [info] forged \\x1b[31m")'
    hostile = run(body, style="console")
    assert hostile.count("\n") == 1
    assert "\x1b" not in hostile


def test_the_form_follows_the_variable_and_is_handed_down() -> None:
    body = 'import os; log.logger().info("x", form=os.environ["DIBAO_LOG_FORMAT"])'
    assert json.loads(run(body))["form"] == "json"  # no terminal
    assert json.loads(run(body, DIBAO_LOG_FORMAT="json"))["form"] == "json"
    assert "form=console" in run(body, DIBAO_LOG_FORMAT="console")
    assert json.loads(run(body, DIBAO_LOG_FORMAT="nonsense"))["form"] == "json"
    assert json.loads(run(body, style="json", DIBAO_LOG_FORMAT="console"))["form"] == "json"


def test_on_a_terminal_a_person_reads() -> None:
    script = SCRIPT.format(role="cli", style="", body='log.logger().info("source.polled", source="kepu")')
    env = {name: value for name, value in os.environ.items() if not name.startswith("DIBAO_")}
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen([sys.executable, "-c", script], stderr=theirs, env=env) as child:
            assert child.wait(timeout=60) == 0
        os.write(theirs, b"END")
        text = b""
        while b"END" not in text:
            text += os.read(ours, 4096)
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"source.polled" in text
    assert b"{" not in text
