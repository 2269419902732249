"""The product's own manners: no root, no code that can be written, no secret in a line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.street import fast_folder
from tests.support.product import ROOT, Product, product

pytestmark = pytest.mark.slow
NOBODY = 65534
SECRET = "s3cret-of-the-broker"


@pytest.fixture
def deployed() -> Iterator[Product]:
    with fast_folder() as folder, product(folder / "dibao") as made:
        made.configure(sample=True)
        yield made


def reachable(path: Path) -> bool:
    return all(way.stat().st_mode & 0o001 for way in (path, *path.parents))


def test_a_pass_without_root_over_a_tree_that_cannot_be_written(deployed: Product) -> None:
    """In a mount namespace where the code is read-only; as nobody, where that user can get at the
    interpreter, else without any of root's capabilities."""
    drop: tuple[str, ...] = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    nobody = os.getuid() == 0 and all(map(reachable, (ROOT, Path(sys.prefix), Path(sys.base_prefix))))
    if nobody:
        drop = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        for path in (deployed.folder.parent, deployed.folder, Path(deployed.runtime)):
            os.chown(path, NOBODY, NOBODY)
    read_only = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    command = ["unshare", "-m" if os.getuid() == 0 else "-rm", "sh", "-c", read_only, "sh", str(ROOT), *drop]
    done = subprocess.run(
        [*command, sys.executable, "-m", "worker.cli", "run"],
        env=deployed.environment,
        cwd=deployed.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert deployed.published()
    if nobody:
        assert (deployed.feeds / "all.atom").stat().st_uid == NOBODY
    probe = subprocess.run([*command, "touch", str(ROOT / "touched")], capture_output=True, check=False)
    assert probe.returncode != 0  # it really was read-only


def test_no_secret_stands_in_a_line(deployed: Product) -> None:
    """A broker and a database that are not there, with passwords in their addresses; every command that
    speaks of them."""
    config = deployed.folder / "config.toml"
    lines = (
        f'broker_url = "redis://:{SECRET}@127.0.0.1:1/0"\n'
        f'database_url = "postgresql+psycopg://dibao:{SECRET}@127.0.0.1:1/dibao"\n'
    )
    config.write_text(config.read_text().replace("[service]\n", f"[service]\n{lines}", 1))
    said = ""
    for command in (["doctor"], ["status"], ["run"], ["up"]):
        status, out = deployed.do(*command)
        assert status != 0
        said += out
    said += deployed.log()
    assert "127.0.0.1:1" in said
    assert SECRET not in said
