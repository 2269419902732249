"""A pytest plugin, `-p tests.support.no_skip`: where all is installed, a skipped test is a failed one.

Nothing installs what lies beside the repository: a test that lacks only that stays skipped."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.support.shared import ABSENT


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and not _allowed(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped, and here nothing may be. {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file or class that takes itself out while it is collected."""
    report = yield
    if report.skipped and not _allowed(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: skipped, and here nothing may be. {_reason(report.longrepr)}"
    return report


def _allowed(skipped: object) -> bool:
    return _reason(skipped) == f"Skipped: {ABSENT}"


def _reason(skipped: object) -> str:
    return str(skipped[2]) if isinstance(skipped, tuple) else str(skipped)
