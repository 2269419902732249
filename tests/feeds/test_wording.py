"""Reasons in Chinese: whatever the code can say, the rooms say in Chinese, and nothing is lost on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from feeds.site.wording import worded

ROOT = Path(__file__).parents[2]
# Where reasons and actions are made that the rooms show.
MAKERS = (
    *("bulletins/*.py", "bulletins/layouts/*.py", "feeds/health.py", "feeds/render/checks.py"),
    *("worker/flow/*.py", "worker/fetch/*.py", "worker/siren/*.py", "worker/config/*.py"),
    *("worker/broker.py", "worker/door.py", "worker/store/engine.py", "worker/wiring.py"),
)
# What else is said there: to the command line and the log, in evidence of items, in part, as a sign.
ELSEWHERE = re.compile(r"bulletins/(changes|doubts|markup|proposal)|worker/flow/desk|worker/config/stanza")
UNSEEN = {
    *("first seen", "shared byline", "a byline that names nobody known", "a byline of 7 characters"),
    *(
        "a name that is also a place",
        "a page of pictures",
        "the editors",
        "7 to https://a.example/7",
        "no such port",
    ),
    *("its edition no longer lists it", "its article no longer holds it", "its address answers HTTP 7"),
    *("environment variable 7", "7 has changed, which counts from the next start on", "not an address"),
    *("everything has moved to", "unable to open", "no such table", "does not exist", "no answer within"),
    *("this is not a database address", "7 is not a database that can be used", "closed connection"),
    *("a database in memory cannot be shared by several processes", "unknown reason", "not global"),
    *("Look at the page: it may not be text", ", on public holidays too", "no longer in the configuration"),
    *(
        "See that the address in config.toml is right and that its server runs",
        "详见 7/feeds/health.atom 或 dibao status",
    ),
    "Write sqlite:////absolute/path.db or postgresql+psycopg://…",
}
_STATEMENT = re.compile(r"[A-Z]{3,} |.*redis\.call|.*\|", re.DOTALL)  # or a pattern
_SENTENCE = re.compile(r"\b(?:an?|are|have|is|it|its|of|says|the|they)\b|^\d+ ")  # no list of classes
_PROSE = re.compile(r"[A-Za-z]{2,}(?:'s|s')? [a-z]{2,}")
_PLACE = re.compile(r"\{(\w+)[^}]*\}|%[ds]")
ADDRESS, OTHER, TOLD = "https://a.example/7", "7", "7: 7"  # for whatever a text is filled with
_MANY = 24  # ways of one text that are tried


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _ways(node: ast.AST, bound: dict[str, list[ast.expr]], depth: int = 0) -> list[str]:
    """What a text may be once it is filled."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [_PLACE.sub(lambda place: _filling(place[1] or ""), node.value)]
    if isinstance(node, ast.IfExp):
        return [*_ways(node.body, bound, depth), *_ways(node.orelse, bound, depth)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined([_ways(node.left, bound, depth), _ways(node.right, bound, depth)])
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        return _joined([_ways(part, bound, depth) for part in parts])
    if isinstance(node, ast.Name) and depth < 3:
        values = [one for one in bound.get(node.id, ()) if _is_text(one) or isinstance(one, ast.IfExp)]
        if values:
            return [way or OTHER for value in values for way in _ways(value, bound, depth + 1)]
    return [_filling(ast.unparse(node))]


def _joined(parts: list[list[str]]) -> list[str]:
    return ["".join(way) for way in islice(product(*parts), _MANY)]


def _filling(what: str) -> str:
    name = re.sub(r"\[.*\]", "", what).rpartition(".")[2]
    if name in ("url", "link", "address", "href", "last"):
        return ADDRESS
    return TOLD if name == "told" else OTHER


def _is_told_nobody(node: ast.AST, path: Path) -> bool:
    """A docstring, a pattern, a selector, a line of the log, a mistake of ours (but in the configuration)."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        whose = node.func.value
        name = getattr(whose, "attr", getattr(whose, "id", ""))
        return name in ("log", "re") or node.func.attr in ("all", "first", "has")
    return isinstance(node.func, ast.Name) and node.func.id == "ValueError" and path.parent.name != "config"


def said_by(path: Path) -> Iterator[tuple[int, str]]:
    """The reasons and actions of a module, each by its line."""
    bound: dict[str, list[ast.expr]] = {}
    texts: list[ast.AST] = []
    rest: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while rest:
        node = rest.pop()
        if _is_told_nobody(node, path):
            continue
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            bound.setdefault(node.targets[0].id, []).append(node.value)
        if _is_text(node):
            texts.append(node)
        else:
            rest += ast.iter_child_nodes(node)
    for node in texts:
        for text in _ways(node, bound):
            if not _PROSE.search(text) or _STATEMENT.match(text) or text in UNSEEN:
                continue
            if path.parent.name == "layouts" and not _SENTENCE.search(text):
                continue
            if path.parent.name == "fetch" and text.endswith("."):
                continue  # what to do about a page is told to the log alone
            yield node.lineno, text  # type: ignore[attr-defined]  # an expression


def test_every_reason_that_the_code_makes_has_its_chinese() -> None:
    told = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for pattern in MAKERS
        for path in sorted(ROOT.glob(pattern))
        if not ELSEWHERE.match(str(path.relative_to(ROOT)))
        for line, text in said_by(path)
    ]
    lacking = [f"{where}: {text}" for where, text in told if 'lang="en"' in worded(text.strip(" ;:"))]
    assert lacking == [], "\n".join(["give these words a form in feeds/site/wording.json:", *lacking])
    assert len(told) > 250  # the search still finds what there is


def test_no_template_shows_a_reason_as_it_is_stored() -> None:
    bare = re.compile(r"\{\{[^}|]*\b(?:reason|action)\s*\}\}")
    folder = ROOT / "feeds/site/templates"
    found = [path.name for path in sorted(folder.iterdir()) if bare.search(path.read_text("utf-8"))]
    assert found == ["withdrawn.html"]  # what an operator has written


def test_a_reason_without_a_form_is_told_with_its_line(tmp_path: Path) -> None:
    made = tmp_path / "made.py"
    made.write_text('"""Of no account."""\n\ndef why(n):\n    return f"the sky is {n} miles too low"\n')
    assert list(said_by(made)) == [(4, "the sky is 7 miles too low")]
    assert 'lang="en"' in worded("the sky is 7 miles too low")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("HTTP 503 (http://a.example/x) and 3 more", "HTTP 503（http://a.example/x），另有3处"),
        (
            "none of 3 articles could be read; the first: no title (http://a.example/1)",
            "3篇文章一篇也没有读出来；第一篇：没有标题（http://a.example/1）",
        ),
        (
            "the list at http://a.example/ is read with confidence 0.42 and 2 more: "
            "3 links read like headlines (+0.30); they are several (+0.15)",
            "http://a.example/ 的列表读得不够有把握（0.42），另有2页："
            "3个链接读来像标题（+0.30）；不止一个（+0.15）",
        ),
        (
            "articles with a column: 0.1, before 0.9 to 1; articles on a page: 3, before 12; and 2 more",
            "有栏目的文章：0.1，以前是0.9到1；每版的文章数：3，以前是12；另有2项",
        ),
        (
            "岷江报: blocked: a challenge (安全验证) in place of the page (http://a/); 青衣报: never polled",
            "岷江报：被拦截：本该是版面的地方是人机验证（安全验证）（http://a/）；青衣报：还没有轮询过",
        ),
        (
            "no news since 2026-03-01, expected on 2026-03-04: news come on Mondays, Wednesdays and Fridays, "
            "on public holidays too",
            "2026-03-01以后没有新消息，本该在2026-03-04有：消息在星期一、星期三、星期五来，节假日也不停",
        ),
        (
            "nothing on the page is what sources.selectors.pages (b li) and sources.selectors.body (ul) says",
            "页面上没有 sources.selectors.pages (b li) 和 sources.selectors.body (ul) 所指的内容",
        ),
        (
            "The feeds stay as they were; run dibao quarantine show 4 to see what would be published",
            "订阅源保持原样；运行 dibao quarantine show 4，看看会发布什么",
        ),
        (
            'config.toml: sources[0]: line 3: this key is required (given: "<b>"); what was in force stays',
            'config.toml：sources[0]：第3行：必须有这个键（写的是 "<b>"）；仍用原来的',
        ),
    ],
)
def test_reasons_are_put_together_in_chinese_as_they_were_in_english(english: str, chinese: str) -> None:
    said = html.fragment_fromstring(worded(english), create_parent=True)
    assert said.text_content() == chinese
    assert said.xpath(".//*") == []


def test_what_has_no_form_stays_and_is_marked() -> None:
    assert worded("the moon is down") == '<span lang="en">the moon is down</span>'
    assert worded("the moon is down (http://a.example/)") == (
        '<span lang="en">the moon is down</span>（http://a.example/）'
    )
    assert worded("读到 6 条 <消息>") == "读到 6 条 &lt;消息&gt;"
    assert worded("") == ""


@given(
    st.text(max_size=80), st.lists(st.sampled_from(["; ", ": ", ". ", " and ", " (http://a/)", "7", "x y"]))
)
def test_any_text_comes_out_as_text(words: str, more: list[str]) -> None:
    said = html.fragment_fromstring(worded(words + "".join(more)), create_parent=True)
    assert {one.tag for one in said.iter()} <= {"div", "span"}
