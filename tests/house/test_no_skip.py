"""The plugin of .ci/run: a skipped test fails, alone and in parallel; an expected failure does not, nor what
lacks only the reference edition."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BODIES = {
    "mark": "import pytest\n\n@pytest.mark.skip(reason='no browser here')\ndef test(): ...\n",
    "call": "import pytest\n\ndef test(): pytest.skip('no browser here')\n",
    "file": "import pytest\n\npytest.skip('no browser here', allow_module_level=True)\n",
    "more": "import pytest\n\n@pytest.mark.skip(reason=ABSENT + '; no browser here')\ndef test(): ...\n",
}
FROM = "from tests.support.shared import ABSENT\n"


def run(folder: Path, body: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(FROM + body)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", "/dev/null", "-p", "no:cacheprovider", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("parallel", [(), ("-n", "1")], ids=["alone", "parallel"])
def test_a_skip_fails(tmp_path: Path, kind: str, parallel: tuple[str, ...]) -> None:
    done = run(tmp_path, BODIES[kind], "-p", "tests.support.no_skip", *parallel)
    assert done.returncode != 0
    assert "skipped, and here nothing may be." in done.stdout
    assert "no browser here" in done.stdout
    assert run(tmp_path, BODIES[kind]).returncode in (0, 5)  # without the plugin it is a skip


def test_an_expected_failure_is_none(tmp_path: Path) -> None:
    body = "import pytest\n\n@pytest.mark.xfail(strict=True)\ndef test(): assert False\n"
    assert run(tmp_path, body, "-p", "tests.support.no_skip").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("parallel", [(), ("-n", "1")], ids=["alone", "parallel"])
def test_what_lacks_the_reference_edition_stays_skipped(tmp_path: Path, parallel: tuple[str, ...]) -> None:
    body = "import pytest\n\n@pytest.mark.skip(reason=ABSENT)\ndef test(): ...\n\ndef test_other(): ...\n"
    done = run(tmp_path, body, "-p", "tests.support.no_skip", *parallel)
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout
