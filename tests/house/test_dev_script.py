"""./dev: a second start is instant, an interrupted one is redone, and what is missing is one clear line."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["sh", "dirname", "cat", "cksum", "grep", "sed", "tail", "rm", "mkdir", "sleep", "env"]
BASE = getattr(sys, "_base_executable", sys.executable)  # the interpreter that this one's venv was made from

# A project in the shape of this one and with nothing to download: its build backend is its own, and its one
# dependency is a wheel in a folder.
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "dibao"
version = "1"
optional-dependencies.test = ["iniconfig"]
scripts.dibao = "worker.cli.__main__:main"
[tool.ruff]
[tool.mypy]
files = ["worker"]
[tool.pytest.ini_options]
markers = ["slow: takes long"]
[tool.importlinter]
root_packages = ["worker"]
[[tool.importlinter.contracts]]
name = "floors"
type = "layers"
layers = ["worker.cli"]
"""
BACKEND = """
import zipfile
def get_requires_for_build_editable(config_settings=None):
    return []
def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name, info = "dibao-1-py3-none-any.whl", "dibao-1.dist-info"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: dibao\\nVersion: 1\\n"
            "Provides-Extra: test\\nRequires-Dist: iniconfig; extra == 'test'\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\ndibao = worker.cli.__main__:main\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
CLI = """
import sys


def main() -> None:
    sys.stdout.write(" ".join(sys.argv[1:]) + "\\n")


main()
"""
TESTS = """
import pytest


def test_fast() -> None:
    assert True


@pytest.mark.slow
def test_slow() -> None:
    assert True
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The small project, in a folder whose name has a space and Chinese characters, with the real ./dev."""
    root = tmp_path / "邸 报"
    (root / "worker/cli").mkdir(parents=True)
    (root / "wheels").mkdir()
    shutil.copy2(ROOT / "dev", root)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "constraints.txt").write_text("# pinned\niniconfig==9.9\n")
    (root / "backend.py").write_text(BACKEND)
    (root / "worker/__init__.py").touch()
    (root / "worker/cli/__init__.py").touch()
    (root / "worker/cli/__main__.py").write_text(CLI)
    with zipfile.ZipFile(root / "wheels/iniconfig-9.9-py3-none-any.whl", "w") as wheel:
        info = "iniconfig-9.9.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: iniconfig\nVersion: 9.9\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return root


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with what every POSIX system has, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, f"no {name} here"
        (folder / name).symlink_to(found)
    return folder


def dev(project: Path, tools: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the project's ./dev from elsewhere, with no HOME, a bare PATH, and pip kept to its wheels."""
    pip = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": (project / "wheels").as_uri(),
    }
    return subprocess.run(
        [project / "dev", *arguments],
        env={"PATH": str(tools), "LC_ALL": "C.UTF-8", **pip, **env},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of standard error, of a run that failed with nothing on standard output."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_setup_is_made_once_redone_when_interrupted_and_when_moved(project: Path, tools: Path) -> None:
    bare = shutil.copytree(tools, tools.with_name("bare"), symlinks=True)
    (tools / "python3").symlink_to(BASE)
    first = dev(project, tools, "up", "--config", "x")
    assert (first.returncode, first.stdout) == (0, "up --config x\n"), first.stderr
    assert "making .venv" in first.stderr
    assert (project / ".venv/bin/dibao").exists()

    again = dev(project, bare, "up")  # a second start needs no search for Python, nor pip, nor an index
    assert (again.returncode, again.stdout, again.stderr) == (0, "up\n", "")

    (project / ".venv/dibao-unfinished").touch()  # as a run leaves it that was killed while it installed
    (project / ".venv/debris").touch()
    redone = dev(project, tools, "setup")
    assert "making .venv" in redone.stderr
    assert not (project / ".venv/debris").exists()

    moved = project.rename(project.with_name("moved"))
    elsewhere = dev(moved, tools, "setup")
    assert "making .venv" in elsewhere.stderr
    assert str(moved) in (moved / ".venv/bin/dibao").read_text()


@pytest.mark.slow
def test_new_pins_are_installed_into_the_venv_that_is_there(project: Path, tools: Path) -> None:
    (tools / "python3").symlink_to(BASE)
    assert dev(project, tools, "setup").returncode == 0
    (project / ".venv/kept").touch()
    wheel = project / "wheels/iniconfig-9.9-py3-none-any.whl"
    with (
        zipfile.ZipFile(wheel) as old,
        zipfile.ZipFile(wheel.with_name("iniconfig-9.10-py3-none-any.whl"), "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name.replace("9.9", "9.10"), old.read(name).replace(b"9.9", b"9.10"))
    (project / "constraints.txt").write_text("iniconfig==9.10\n")
    done = dev(project, tools, "setup")
    assert done.returncode == 0, done.stderr
    assert (project / ".venv/kept").exists()
    assert list((project / ".venv").glob("lib/python3.*/site-packages/iniconfig-9.10.dist-info"))


def test_an_interpreter_that_has_everything_is_used_as_it_is(project: Path, tools: Path) -> None:
    (project / "constraints.txt").write_text(f"pytest=={version('pytest')}\n")
    done = dev(project, tools, "up", PYTHON=sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "up\n", "")
    assert not (project / ".venv").exists()


def test_no_python_is_one_line(project: Path, tools: Path) -> None:
    line = one_line(dev(project, tools, "up"))
    assert line.startswith("dev: needs Python 3.11 or newer; python3 here: none. Install one")
    assert not (project / ".venv").exists()


def test_an_old_python_is_one_line_that_says_its_version(project: Path, tools: Path) -> None:
    program(tools, "python3", 'case "$2" in *version_info*) exit 1 ;; *) echo 3.9.18 ;; esac')
    assert "python3 here: 3.9.18. Install one" in one_line(dev(project, tools, "test"))
    assert "python3.9 is not Python 3.11 or newer (found: 3.9.18)" in one_line(
        dev(project, tools, "test", PYTHON=str(shutil.copy2(tools / "python3", tools / "python3.9")))
    )


def test_a_newer_python_beside_an_old_one_is_found(project: Path, tools: Path) -> None:
    program(tools, "python3", "exit 1")
    (tools / "python3.11").symlink_to(BASE)
    (project / "constraints.txt").write_text(f"pip=={version_in_base('pip')}\n")
    assert dev(project, tools, "up").stdout == "up\n"


def version_in_base(name: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    return subprocess.run([BASE, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_no_venv_module_is_one_line_that_says_what_to_install(project: Path, tools: Path) -> None:
    program(tools, "python3", f'case "$2" in *ensurepip*) exit 1 ;; *) exec "{BASE}" "$@" ;; esac')
    line = one_line(dev(project, tools, "setup"))
    assert "has no venv module" in line
    assert "apt install python3-venv" in line


@pytest.mark.slow
def test_no_package_index_is_one_line_and_the_next_run_starts_afresh(project: Path, tools: Path) -> None:
    (tools / "python3").symlink_to(BASE)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        done = dev(project, tools, "setup", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=index)
    line = one_line(done)
    assert line.startswith("dev: no package index can be reached (pip: ")
    assert "Check the network, or point pip at an index" in line
    assert dev(project, tools, "setup").returncode == 0


@pytest.mark.slow
def test_an_index_that_never_answers_is_given_up(project: Path, tools: Path) -> None:
    (tools / "python3").symlink_to(BASE)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        done = dev(project, tools, "setup", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=index)
    assert "no package index can be reached" in one_line(done)


@pytest.fixture
def unwritable(project: Path) -> Iterator[Path]:
    """The project where another user can read it and nobody but root can write."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = Path(shutil.copytree(project, Path(folder) / "邸 报"))
        copy.chmod(0o555)
        yield copy
        copy.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_one_line(unwritable: Path, tools: Path) -> None:
    python = shutil.which("python3", path="/usr/bin:/bin") or BASE  # one that any user may run
    done = subprocess.run(
        [unwritable / "dev", "setup"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": python},
        user=65534 if os.getuid() == 0 else None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"cannot write in {unwritable}" in one_line(done)


@pytest.mark.slow
def test_quick_leaves_out_the_slow_tests_and_pytest_has_the_last_word(project: Path, tools: Path) -> None:
    (project / "constraints.txt").write_text(f"pytest=={version('pytest')}\n")
    (project / "backend.py").unlink()
    (project / "test_it.py").write_text(TESTS.lstrip())
    (project / "worker/cli/__main__.py").write_text(CLI.lstrip())
    path = f"{tools}:{os.environ['PATH']}"
    quick = dev(project, tools, "test", "--quick", "-p", "no:valkey", PYTHON=sys.executable, PATH=path)
    assert quick.returncode == 0, quick.stdout + quick.stderr
    assert "1 passed in" in quick.stdout.splitlines()[-1]
    whole = dev(project, tools, "test", "-p", "no:valkey", PYTHON=sys.executable, PATH=path)
    assert "2 passed in" in whole.stdout.splitlines()[-1]
    (project / "test_it.py").write_text("import os\n")
    assert "F401" in dev(project, tools, "test", PYTHON=sys.executable, PATH=path).stdout


def test_a_word_that_is_no_command_gets_the_usage(project: Path, tools: Path) -> None:
    done = dev(project, tools, "nonsense")
    assert done.returncode == 2
    assert "./dev test [--quick]" in done.stderr
