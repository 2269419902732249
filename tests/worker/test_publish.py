from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.errors import EnvironmentFault
from feeds.render import Document
from worker.publish import DiskPublisher

THEN = datetime(2024, 8, 2, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def publisher(tmp_path: Path, public: Path) -> DiskPublisher:
    return DiskPublisher(public, tmp_path / "var" / "publish.lock")


def document(body: bytes = b"<rss/>", path: str = "feeds/region/511826.rss", at: datetime = THEN) -> Document:
    return Document(path=path, media_type="application/rss+xml", body=body, modified=at)


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if not p.is_dir()}


def test_documents_stand_under_their_paths(publisher: DiskPublisher, public: Path) -> None:
    made = [document(b"one"), document(b"two", "index.html"), document(b"", "a/b/c.json")]
    assert publisher.write(made) == 3
    assert files(public) == {"feeds/region/511826.rss": b"one", "index.html": b"two", "a/b/c.json": b""}


def test_a_file_bears_the_documents_own_time_and_anybody_may_read_it(
    publisher: DiskPublisher, public: Path
) -> None:
    before = os.umask(0o077)
    try:
        publisher.write([document()])
    finally:
        os.umask(before)
    path = public / "feeds/region/511826.rss"
    assert path.stat().st_mtime_ns == int(THEN.timestamp()) * 10**9
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o777 == 0o755


def test_the_same_bytes_are_not_written_again(publisher: DiskPublisher, public: Path) -> None:
    path = public / "feeds/region/511826.rss"
    publisher.write([document()])
    before = path.stat()
    assert publisher.write([document(at=THEN.replace(year=2025))]) == 0
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@given(st.lists(st.tuples(st.binary(max_size=1), st.integers(-3, 3)), min_size=2, max_size=6))
def test_no_two_bytes_in_a_row_bear_the_same_second(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[bytes, int]]
) -> None:
    """To a reader that asks by date alone, whatever dates the documents have."""
    root = tmp_path_factory.mktemp("seconds")
    publisher, path = DiskPublisher(root / "public", root / "lock"), root / "public/feeds/all.rss"
    seconds: list[int] = []
    for body, half in written:
        at = THEN + timedelta(seconds=half / 2)
        if publisher.write([document(body, "feeds/all.rss", at)]):
            seconds.append(int(path.stat().st_mtime))
            assert seconds[-1] >= int(at.timestamp())
    assert seconds == sorted(set(seconds))


def test_other_bytes_of_the_same_length_are_written(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(b"aaaa"), document(b"same", "b.rss")])
    assert publisher.write([document(b"aaab"), document(b"same", "b.rss")]) == 1
    assert files(public) == {"feeds/region/511826.rss": b"aaab", "b.rss": b"same"}


@pytest.mark.parametrize("again", [b"<rss/>", b"<rss>new</rss>"])
def test_what_a_dead_publisher_left_is_taken_away(
    publisher: DiskPublisher, public: Path, again: bytes
) -> None:
    publisher.write([document(b"<rss/>")])
    (public / "feeds/region/.511826.rss.tmp").write_bytes(b"<rss>ha")
    publisher.write([document(again)])
    assert files(public) == {"feeds/region/511826.rss": again}


def test_a_planted_link_is_not_followed(publisher: DiskPublisher, public: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    public.mkdir()
    (public / ".index.html.tmp").symlink_to(victim)
    with pytest.raises(EnvironmentFault):
        publisher.write([document(path="index.html")])
    assert victim.read_text() == "precious"
    assert publisher.write([document(path="index.html")]) == 1


@pytest.mark.parametrize(
    "path", ["", ".", "..", "/etc/passwd", "../x", "a/../../x", "a/..", "a//b", "./a", "a/", "a/./b", "a\0b"]
)
def test_no_path_leads_out(publisher: DiskPublisher, tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no document can stand"):
        publisher.write([document(path=path)])
    assert files(tmp_path) == {}


@given(
    st.lists(st.sampled_from(["..", ".", "", "a", "/", "\\", "~", "…", "%2e%2e"]), max_size=6).map("/".join)
)
def test_any_path_stays_inside_or_is_refused(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    root = tmp_path_factory.mktemp("any")
    try:
        DiskPublisher(root / "public", root / "lock").write([document(path=path)])
    except (ValueError, EnvironmentFault):
        assert files(root) == {}
    else:
        assert files(root) == {f"public/{path}": b"<rss/>"}


# faults


def test_a_file_where_a_folder_should_be(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(b"old", "feeds")])
    with pytest.raises(EnvironmentFault, match="a file stands where a folder should be") as caught:
        publisher.write([document()])
    assert str(public / "feeds") in caught.value.where
    assert caught.value.action
    assert files(public) == {"feeds": b"old"}


def test_a_folder_where_a_file_should_be(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(path="feeds/all.rss/x")])
    with pytest.raises(EnvironmentFault, match="a folder stands where a file should be"):
        publisher.write([document(path="feeds/all.rss")])
    assert files(public) == {"feeds/all.rss/x": b"<rss/>"}


def test_a_full_disk_leaves_the_old_bytes_and_no_other_file(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(b"old"), document(b"old", "b.rss")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # EFBIG; Python ignores SIGXFSZ
    try:
        with pytest.raises(EnvironmentFault, match="limit") as caught:
            publisher.write([document(b"new", "b.rss"), document(bytes(100_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.where == str(public / "feeds/region/511826.rss")
    assert files(public) == {"feeds/region/511826.rss": b"old", "b.rss": b"new"}
    assert publisher.write([document(bytes(100_000))]) == 1


def in_namespace(script: str, folder: Path) -> None:
    """Run a Python program as the root of a mount namespace of its own, with `folder` to mount on."""
    probe = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("no mount namespaces here: " + probe.stderr.decode().strip())
    prelude = (
        "import subprocess, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from bulletins.errors import EnvironmentFault\nfrom feeds.render import Document\n"
        "from worker.publish import DiskPublisher\n"
        "public = Path(sys.argv[1])\n"
        "def mount(*words): subprocess.run(['mount', *words, str(public)], check=True)\n"
        "def put(body, path='feeds/all.rss'):\n"
        "    made = Document(path, 'application/rss+xml', body, datetime(2024, 8, 2, tzinfo=UTC))\n"
        "    return DiskPublisher(public, public.parent / 'lock').write([made])\n"
        "def fault(body):\n"
        "    try: put(body)\n"
        "    except EnvironmentFault as error: return error.what, error.where\n"
        "def names(): return sorted(p.name for p in public.rglob('*') if p.is_file())\n"
    )
    command = ["unshare", "-rm", sys.executable, "-c", prelude + script, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    in_namespace(
        "mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs')\n"
        "put(b'old')\n"
        "assert fault(bytes(1 << 20)) == ('the disk is full', str(public / 'feeds/all.rss'))\n"
        "assert (public / 'feeds/all.rss').read_bytes() == b'old'\n"
        "assert names() == ['all.rss'], names()\n"
        "assert put(b'new') == 1\n",
        tmp_path / "public",
    )


def test_a_public_dir_that_is_read_only(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    in_namespace(
        "mount('-t', 'tmpfs', 'tmpfs')\n"
        "put(b'old')\n"
        "mount('-o', 'remount,ro')\n"
        "assert fault(b'new') == ('read-only file system', str(public / 'feeds/all.rss'))\n"
        "assert put(b'old') == 0\n"
        "assert (public / 'feeds/all.rss').read_bytes() == b'old'\n"
        "assert names() == ['all.rss']\n",
        tmp_path / "public",
    )


# one publisher at a time


def test_one_publisher_at_a_time(publisher: DiskPublisher, public: Path, tmp_path: Path) -> None:
    other = DiskPublisher(public, tmp_path / "var" / "publish.lock")
    with publisher.exclusive() as mine:
        assert mine
        with other.exclusive() as second:
            assert not second
        with other.exclusive() as third:  # the one that was turned away has let nothing go
            assert not third
    with other.exclusive() as free:
        assert free


def test_the_lock_is_free_after_an_error(publisher: DiskPublisher) -> None:
    with pytest.raises(RuntimeError), publisher.exclusive():
        raise RuntimeError
    with publisher.exclusive() as mine:
        assert mine


def test_a_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    publisher = DiskPublisher(tmp_path, tmp_path / "var" / "publish.lock")
    with pytest.raises(EnvironmentFault, match="a file stands where a folder should be"):
        publisher.exclusive().__enter__()


@pytest.fixture
def endless(tmp_path: Path, public: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that publishes two versions of a feed in turn, for ever."""
    program = (
        "import sys, itertools; from pathlib import Path; from datetime import UTC, datetime\n"
        "from feeds.render import Document; from worker.publish import DiskPublisher\n"
        "publisher = DiskPublisher(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "with publisher.exclusive() as mine:\n"
        "    assert mine\n"
        "    for n in itertools.count():\n"
        "        body = bytes([97 + n % 2]) * 300000\n"
        "        publisher.write([Document('all.rss', '', body, datetime(2024, 8, 2, tzinfo=UTC))])\n"
        "        if n == 1: print('going', flush=True)\n"
    )
    arguments = [sys.executable, "-c", program, str(public), str(tmp_path / "var" / "publish.lock")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"going\n"
        yield process
        process.kill()


def test_a_reader_sees_whole_files_and_a_killed_publisher_leaves_the_lock(
    publisher: DiskPublisher, public: Path, endless: subprocess.Popen[bytes]
) -> None:
    whole = {b"a" * 300_000, b"b" * 300_000}
    with publisher.exclusive() as mine:
        assert not mine
    killer = threading.Timer(0.3, endless.send_signal, [signal.SIGKILL])
    killer.start()
    while endless.poll() is None:
        assert (public / "all.rss").read_bytes() in whole
    killer.join()
    assert (public / "all.rss").read_bytes() in whole
    with publisher.exclusive() as mine:
        assert mine
        publisher.write([document(b"c", "all.rss")])
    assert files(public) == {"all.rss": b"c"}


# coded forms

LONG = "芦山县把科普课开进茶园。".encode() * 200


def test_coded_forms_stand_beside_a_document_with_its_date(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(LONG)])
    path = public / "feeds/region/511826.rss"
    for suffix, decode in ((".gz", gzip.decompress), (".br", brotli.decompress)):
        beside = path.with_name(path.name + suffix)
        assert decode(beside.read_bytes()) == LONG
        assert beside.stat().st_mtime_ns == path.stat().st_mtime_ns
        assert beside.stat().st_mode & 0o777 == 0o644
    assert len(files(public)) == 3


def test_only_changed_bytes_are_coded_again(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(LONG), document(LONG, "b.rss")])
    coded = [name for name in files(public) if name.endswith((".gz", ".br"))]
    for name in coded:
        (public / name).write_bytes(b"as it was")
    publisher.write([document(LONG + b"."), document(LONG, "b.rss")])
    assert {name for name in coded if files(public)[name] == b"as it was"} == {"b.rss.gz", "b.rss.br"}
    assert gzip.decompress((public / "feeds/region/511826.rss.gz").read_bytes()) == LONG + b"."


def test_what_became_short_has_no_coded_form(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(LONG)])
    publisher.write([document(b"short")])
    assert files(public) == {"feeds/region/511826.rss": b"short"}


def test_what_a_dead_publisher_did_not_come_to_is_made_up_for(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(LONG)])
    path = public / "feeds/region/511826.rss"
    path.with_name(f"{path.name}.br").unlink()
    path.with_name(f".{path.name}.br.tmp").write_bytes(b"half")
    assert publisher.write([document(LONG)]) == 0
    assert set(files(public)) == {f"feeds/region/511826.rss{suffix}" for suffix in ("", ".gz", ".br")}


def test_what_is_taken_away_takes_its_coded_forms_along(publisher: DiskPublisher, public: Path) -> None:
    publisher.write([document(LONG), document(LONG, "b.rss")])
    assert publisher.remove(["feeds/region/511826.rss"]) == 1
    assert set(files(public)) == {"b.rss", "b.rss.gz", "b.rss.br"}
