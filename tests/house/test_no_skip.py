"""The plugin of .ci/run: a skipped test fails, alone and in parallel; an expected failure does not, nor what
lacks only the reference edition."""

from __future__ import annotations

import re
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


def run(folder: Path, *options: str, **bodies: str) -> subprocess.CompletedProcess[str]:
    """pytest over these files, each named by its kind."""
    for name, body in bodies.items():
        (folder / f"test_{name}.py").write_text(FROM + body)
    command = [sys.executable, "-m", "pytest", *options, "-c", "/dev/null", "-p", "no:cacheprovider", "-rA"]
    return subprocess.run(
        [*command, "--continue-on-collection-errors", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("parallel", [(), ("-n", "1")], ids=["alone", "parallel"])
def test_a_skip_fails_and_what_lacks_the_reference_edition_stays_skipped(
    tmp_path: Path, parallel: tuple[str, ...]
) -> None:
    absent = "import pytest\n\n@pytest.mark.skip(reason=ABSENT)\ndef test(): ...\n"
    well = "def test(): ...\n"
    done = run(tmp_path, "-p", "tests.support.no_skip", *parallel, **BODIES, absent=absent, well=well)
    assert done.returncode != 0
    for kind in BODIES:
        (said,) = re.findall(rf"test_{kind}\.py\S*: skipped, and here nothing may be\. (.*)", done.stdout)[:1]
        assert "no browser here" in said, kind
    assert re.search(r"\b1 failed, 1 passed, 1 skipped, 3 errors\b", done.stdout), done.stdout


@pytest.mark.slow
def test_without_the_plugin_they_are_skips_and_an_expected_failure_is_none(tmp_path: Path) -> None:
    (tmp_path / "skips").mkdir()
    assert run(tmp_path / "skips", **BODIES).returncode == 0
    (tmp_path / "xfail").mkdir()
    body = "import pytest\n\n@pytest.mark.xfail(strict=True)\ndef test(): assert False\n"
    assert run(tmp_path / "xfail", "-p", "tests.support.no_skip", xfail=body).returncode == 0
