from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.errors import EnvironmentFault
from worker import sample
from worker.config import load
from worker.sample import addresses
from worker.sample.state import Issue, current
from worker.sample.stories import PAGES, Story, number, stories

DAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LATER = timedelta(days=1)
TIMEOUT = 30.0
SERVE = """
import sys
from datetime import date
from pathlib import Path
from worker import log
from worker.sample.server import run
folder = Path(sys.argv[1])
log.setup("sample", "json")
run(folder, 0, lambda: date.fromisoformat((folder / "day").read_text()))
"""
LAYOUT = ("nav-box", "nav-list", "paper-infos", "paper-content", "paper-title", "paper-head", "detail-pdf")


@dataclass
class Newspaper:
    """The real server in a process of its own, whose calendar is a file."""

    folder: Path
    http: httpx.Client = field(init=False)
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.folder)], stderr=subprocess.PIPE, text=True
        )
        try:
            line = read_event(self.process)
            assert line["event"] == "sample.serving", line
        except BaseException:
            self.process.kill()
            finish(self.process)
            raise
        self.http = httpx.Client(base_url=line["url"], trust_env=False, timeout=TIMEOUT)

    def stop(self) -> int:
        self.http.close()
        self.process.terminate()
        return finish(self.process)

    def set_day(self, day: date) -> None:
        (self.folder / "day").write_text(day.isoformat())

    def get(self, address: str) -> str:
        answer = self.http.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text


def read_event(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stderr
    event: dict[str, str] = json.loads(process.stderr.readline())
    return event


def finish(process: subprocess.Popen[str]) -> int:
    """Its exit status; it is not left behind when it does not end."""
    try:
        process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
        process.wait()
    return process.returncode


@contextmanager
def serving(folder: Path, day: date = DAY) -> Iterator[Newspaper]:
    paper = Newspaper(folder)
    paper.set_day(day)
    paper.start()
    try:
        yield paper
    finally:
        status = paper.stop()
    assert status == 0


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Newspaper]:
    with serving(tmp_path) as running:
        yield running


def sheets(text: str) -> dict[str, str]:
    """The pages that an edition leads to: name -> address."""
    [nav] = re.findall(r'<div class="nav-box">.*?<ul class="nav-list">(.*?)</ul></div>', text)
    return {name: href for href, name in re.findall(r'<li[^>]*><a href="(/[^"]+)">([^<]+)</a></li>', nav)}


def headlines(text: str) -> dict[str, str]:
    """The articles that a page leads to: headline -> address."""
    [listed] = re.findall(r'<ul id="paper-infos">(.*?)</ul>', text)
    return {
        title: href for href, title in re.findall(r'<li><a href="([^"]+)"><h3>([^<]+)</h3></a></li>', listed)
    }


def lines(text: str) -> list[str]:
    """The paragraphs of an article's body, inner HTML."""
    [body] = re.findall(r'<div id="paper-content">(.*?)</div>', text, re.S)
    return re.findall(r"<p[^>]*>(.*?)</p>", body)


def everything(paper: Newspaper) -> dict[str, str]:
    """All HTML pages of the newest issue by address."""
    entry = paper.get("/")
    found = {"/": entry}
    for sheet in sheets(entry).values():
        found[sheet] = paper.get(sheet)
        for article in headlines(found[sheet]).values():
            found[article] = paper.get(article)
    return found


def everything_of(issue: Issue) -> set[str]:
    """The same addresses, from the table; they do not depend on the layout in which they are served."""
    listed = {addresses.page(issue.day, sheet) for sheet in PAGES}
    return {"/"} | listed | {addresses.article(issue.day, story.key) for story in stories(issue)}


# the issue as served


def test_the_entry_has_day_number_and_pages(paper: Newspaper) -> None:
    entry = paper.get("/")
    assert 'data-day="2026-03-10">2026年03月10日 星期二</div>' in entry
    assert f'<div class="edition">{number(DAY)} 期</div>' in entry
    assert list(sheets(entry)) == ["第1版:要闻", "第2版:综合新闻", "第3版:科协之窗", "第4版:科普"]
    assert paper.get(addresses.edition(DAY)) == entry


def test_each_page_lists_its_articles_and_each_article_is_there(paper: Newspaper) -> None:
    told = []
    for name, sheet in sheets(paper.get("/")).items():
        page = paper.get(sheet)
        assert f'<li class="active"><a href="{sheet}">{name}</a></li>' in page
        assert f'<div id="detail-pdf"><a href="/upload{sheet}.pdf">' in page
        for headline, address in headlines(page).items():
            article = paper.get(address)
            assert f'<div class="paper-head">{number(DAY)} 期 / {name}</div>' in article
            assert f'<h2 class="paper-title">{headline}</h2>' in article
            assert len(lines(article)) >= 2
            told.append(headline)
    assert told == [story.headline for story in stories(Issue(DAY))]


def test_an_article_is_printed_trait_for_trait(paper: Newspaper) -> None:
    issue = Issue(DAY)
    umbrella = next(story for story in stories(issue) if len(story.sections) > 1)
    printed = paper.get(addresses.article(DAY, umbrella.key))
    headings = re.findall(r'<p style="text-align:center"><strong>(\S+)</strong></p>', printed)
    assert headings == [section.heading for section in umbrella.sections]
    assert lines(printed)[-1] == "&nbsp;" * 4 + umbrella.byline
    pieces = [
        piece for section in umbrella.sections for paragraph in section.paragraphs for piece in paragraph
    ]
    assert [line for line in lines(printed) if "<strong>" not in line][:-1] == [
        "&nbsp;" * 4 + p for p in pieces
    ]

    signed = next(story for story in stories(issue) if story.column)
    body = lines(paper.get(addresses.article(DAY, signed.key)))
    assert body[0] == "<strong>地方科协 | DI FANG KE XIE</strong>"
    assert body[1].startswith("&nbsp;" * 4 + "<strong>本报讯</strong> ")
    assert body[-1].endswith("。 " + signed.byline)


def test_nothing_changes_between_two_requests_and_304_says_so(paper: Newspaper) -> None:
    for address in everything(paper):
        first, second = paper.http.get(address), paper.http.get(address)
        etag = first.headers["etag"]
        assert first.content == second.content
        assert second.headers["etag"] == etag
        assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            held = paper.http.get(address, headers={"If-None-Match": known})
            assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", etag)
        assert paper.http.get(address, headers={"If-None-Match": '"other"'}).content == first.content


def test_what_stands_beside_the_pages(paper: Newspaper) -> None:
    assert paper.http.get("/robots.txt").text == "User-agent: *\nAllow: /\n"
    sheet = next(iter(sheets(paper.get("/")).values()))
    pdf, picture = paper.http.get(f"/upload{sheet}.pdf"), paper.http.get(f"/upload{sheet}.jpg")
    assert pdf.headers["content-type"] == "application/pdf"
    start = int(pdf.content.split(b"startxref\n")[1].split()[0])
    assert pdf.content[:8] == b"%PDF-1.4"
    assert pdf.content[start:].startswith(b"xref\n0 5\n")
    for position in re.findall(rb"(\d{10}) 00000 n ", pdf.content):
        assert re.match(rb"\d 0 obj", pdf.content[int(position) :])
    assert (picture.content[:2], picture.content[-2:]) == (b"\xff\xd8", b"\xff\xd9")
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)">', paper.get("/"))[0]
    assert paper.http.get(style).headers["content-type"] == "text/css; charset=utf-8"
    assert paper.http.head("/").headers["etag"] == paper.http.get("/").headers["etag"]


def test_an_address_that_leads_nowhere(paper: Newspaper) -> None:
    for address in ("/nowhere", "/" + "0" * 32, "/?t=" + "0" * 32, "/upload/x.pdf", "/upload/"):
        assert paper.http.get(address).status_code == 404, address


# what an editor does


def test_published_stories_come_last_in_their_column(paper: Newspaper) -> None:
    sheet = sheets(paper.get("/"))["第3版:科协之窗"]
    before = headlines(paper.get(sheet))
    first = sample.publish(paper.folder, NOW)
    second = sample.publish(paper.folder, NOW)
    after = headlines(paper.get(sheet))
    assert first.startswith("芦山县")
    assert not second.startswith("芦山县")
    assert list(after) == [*before, first, second]
    assert {title: after[title] for title in before} == before
    body = lines(paper.get(after[first]))
    assert body[0] == "<strong>地方科协 | DI FANG KE XIE</strong>"
    assert "雅安市芦山县" in body[1]


def test_publishing_never_runs_out(tmp_path: Path) -> None:
    told = [sample.publish(tmp_path, NOW) for _ in range(20)]
    assert len(set(told)) == 20
    regions = [re.split(r"[县市]", headline)[0] for headline in told]
    assert len(set(regions[:8])) == 8


def test_a_correction_keeps_the_address(paper: Newspaper) -> None:
    sheet = sheets(paper.get("/"))["第3版:科协之窗"]
    listed = headlines(paper.get(sheet))
    old = next(story for story in stories(Issue(DAY)) if story.correctable).headline
    bodies = [lines(paper.get(listed[old]))]
    for _ in range(2):
        etag = paper.http.get(listed[old]).headers["etag"]
        new = sample.correct(paper.folder, NOW)
        now = headlines(paper.get(sheet))
        assert now[new] == listed[old]
        assert list(now.values()) == list(listed.values())
        assert paper.http.get(listed[old], headers={"If-None-Match": etag}).status_code == 200
        bodies.append(lines(paper.get(now[new])))
    assert len({tuple(body) for body in bodies}) == 3
    changed = [n for n, (a, b) in enumerate(zip(bodies[0], bodies[1], strict=True)) if a != b]
    assert len(changed) == 1


def test_a_redesign_leaves_no_trace_of_the_layout_and_is_undone(paper: Newspaper) -> None:
    before = everything(paper)
    assert set(before) == everything_of(Issue(DAY))
    sample.redesign(paper.folder)
    for address in before:
        relaunched = paper.get(address)
        assert relaunched != before[address]
        assert not [name for name in LAYOUT if name in relaunched]
    for story in stories(Issue(DAY)):
        text = paper.get(addresses.article(DAY, story.key))
        assert f"<h1>{story.headline}</h1>" in text
        for section in story.sections:
            assert all("".join(pieces) in text for pieces in section.paragraphs)
    sample.restore(paper.folder)
    assert everything(paper) == before


@pytest.mark.slow
def test_editors_at_the_same_time_lose_nothing(paper: Newspaper) -> None:
    code = (
        "import sys; from datetime import datetime; from pathlib import Path; from worker import sample\n"
        "for _ in range(10): print(sample.publish(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(paper.folder), NOW.isoformat()]
    editors = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    while any(editor.poll() is None for editor in editors):
        paper.get("/")  # a reader meets no half-written state
    told = [line for editor in editors for line in editor.communicate(timeout=TIMEOUT)[0].splitlines()]
    assert len(set(told)) == 30
    assert current(paper.folder).newest == Issue(DAY, published=30)


# days


def test_a_new_day_brings_another_issue_and_keeps_the_old_one(paper: Newspaper) -> None:
    sample.publish(paper.folder, NOW)
    old = everything(paper)
    paper.set_day(DAY + LATER)
    entry = paper.get("/")
    assert 'data-day="2026-03-11"' in entry
    assert f'<a href="{addresses.edition(DAY)}">上一期</a>' in entry
    assert paper.get(addresses.edition(DAY)) == old.pop("/")
    assert {address: paper.get(address) for address in old} == old
    assert not set(old) & (set(everything(paper)) - {"/"})


def test_a_restart_on_a_later_day(tmp_path: Path) -> None:
    with serving(tmp_path) as paper:
        first = everything(paper)
    with serving(tmp_path) as paper:
        assert everything(paper) == first
    with serving(tmp_path, DAY + 3 * LATER) as paper:
        assert 'data-day="2026-03-13"' in paper.get("/")
        assert paper.get(addresses.edition(DAY)) == first["/"]
    with serving(tmp_path, DAY + LATER) as paper:  # a clock set back prints nothing anew
        assert 'data-day="2026-03-13"' in paper.get("/")
    assert [issue.day for issue in current(tmp_path).issues] == [DAY, DAY + 3 * LATER]


def test_an_issue_is_dated_in_shanghai(tmp_path: Path) -> None:
    sample.publish(tmp_path, datetime(2026, 3, 9, 16, 0, tzinfo=UTC))
    assert current(tmp_path).issues == (Issue(date(2026, 3, 10), published=1),)


def test_state_is_made_where_there_is_none(tmp_path: Path) -> None:
    sample.redesign(tmp_path / "var")
    assert current(tmp_path / "var").redesigned
    assert len(current(tmp_path / "var").issues) == 1


def test_broken_state_says_where_and_what_to_do(paper: Newspaper) -> None:
    state = paper.folder / "sample" / "state.json"
    for text in ("", "{", "[]", '{"issues": [{"day": "soon"}], "redesigned": false}'):
        state.write_text(text)
        with pytest.raises(
            EnvironmentFault, match=r"state\.json: not the sample newspaper's state .* Delete it"
        ):
            sample.publish(paper.folder, NOW)
        assert state.read_text() == text
        answer = paper.http.get("/")
        assert (answer.status_code, str(state) in answer.text) == (503, True), text
        state.unlink()
        assert paper.get("/")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "sample").write_text("in the way")
    with pytest.raises(EnvironmentFault, match="a file stands where a folder should be"):
        sample.correct(tmp_path, NOW)


# the pool of stories


def region_of(story: Story) -> list[str]:
    return [section.heading for section in story.sections if section.heading]


@pytest.mark.parametrize("later", range(3))
def test_every_issue_has_every_trait(later: int) -> None:
    told = stories(Issue(DAY + later * LATER))
    umbrella = [story for story in told if len(story.sections) > 1]
    assert len(umbrella) == 1
    assert 6 <= len(region_of(umbrella[0])) <= 8
    assert "芦山县" in region_of(umbrella[0])
    assert any("阿坝州" in "".join(section.paragraphs[0]) for section in umbrella[0].sections)
    assert umbrella[0].byline.startswith("(本栏目组稿:")
    assert 12 <= sum(len(story.sections) for story in told) <= 14
    column = [story for story in told if story.column]
    assert [bool(re.fullmatch(r"\(本报记者 \w+\)|\(\w+\)", story.byline)) for story in column] == [True, True]
    assert any("（" in story.byline and "通讯员" in story.byline for story in told)
    assert any(story.headline.startswith("四川省") for story in told)
    assert any(re.match(r"..州", story.headline) for story in told)
    assert {story.page for story in told} < set(PAGES)  # one page is empty
    assert sum(story.correctable for story in told) == 1
    assert len({story.key for story in told}) == len(told)


def test_a_paragraph_is_cut_in_mid_sentence_only() -> None:
    cut = [
        pieces
        for later in range(3)
        for story in stories(Issue(DAY + later * LATER, published=8))
        for section in story.sections
        for pieces in section.paragraphs
        if len(pieces) > 1
    ]
    assert len(cut) > 20
    for pieces in cut:
        assert not re.search(r"[。!?！？:：;；”)）]$", pieces[0])
        assert re.search(r"[。”]$", pieces[-1])


def test_three_days_have_no_headline_in_common() -> None:
    days = [{story.headline for story in stories(Issue(DAY + n * LATER))} for n in range(3)]
    assert not days[0] & days[1] | days[1] & days[2] | days[0] & days[2]


@given(st.dates(date(2016, 1, 2), date(2100, 1, 1)), st.integers(0, 12), st.integers(0, 99))
def test_any_issue_is_whole(day: date, published: int, corrections: int) -> None:
    issue = Issue(day, published, corrections)
    told = stories(issue)
    text = "".join(
        story.headline
        + "".join(piece for section in story.sections for p in section.paragraphs for piece in p)
        for story in told
    )
    assert not re.search(r"[{}¦�]", text)
    yesterday = day - LATER
    assert f"{yesterday.month}月{yesterday.day}日" in text
    places = [addresses.edition(day), *(addresses.page(day, n) for n in PAGES)]
    places += [addresses.article(day, story.key) for story in told]
    assert len(set(places)) == len(places)
    for place in places:
        assert re.fullmatch(r"/(\?t=)?[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", place)
        found = addresses.find((Issue(day - LATER), issue), place)
        assert found is not None
        assert found.issue == issue


# the process


def configured(folder: Path, port: int, more: str = "") -> dict[str, str]:
    config = folder / "config.toml"
    config.write_text(f'[service]\ndata_dir = "var"\n[sample]\nenabled = true\nport = {port}\n{more}')
    return {**os.environ, "DIBAO_CONFIG": str(config), "DIBAO_LOG_FORMAT": "json"}


def start(env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "worker.sample"]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def test_the_process_serves_as_configured_and_ends_with_0(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = configured(tmp_path, port)
    for stop in (signal.SIGTERM, signal.SIGINT):
        process = start(env)
        url = sample.address(load(Path(env["DIBAO_CONFIG"])))
        assert read_event(process)["url"] == url
        with httpx.Client(trust_env=False, timeout=TIMEOUT) as http:  # its connection is open at the signal
            assert "岷江科普报" in http.get(url).text
            process.send_signal(stop)
            assert finish(process) == 0
    assert (tmp_path / "var" / "sample" / "state.json").is_file()


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(configured(tmp_path, port))
        _, said = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    [line] = said.splitlines()
    event = json.loads(line)
    assert f"127.0.0.1:{port}" in event["reason"]
    assert "[sample] port" in event["action"]


def test_a_faulty_configuration_is_one_clear_line(tmp_path: Path) -> None:
    process = start(configured(tmp_path, 8001, "prot = 1\n"))
    _, said = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 2
    [line] = said.splitlines()
    assert "sample.prot: unknown key" in json.loads(line)["reason"]
