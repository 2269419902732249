"""Scripts are read and never run: the addresses in them, and what a hostile one can do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.scripts import LOADED, OPENED, Handlers, addresses

NOW = datetime(2026, 10, 4, 9, tzinfo=UTC)
PAD = "function pad(n){return n<10?'0'+n:n} "


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("var m=new Date().getMonth()+3; if (m<10) m='0'+m; location='/2026'+m+'/'", "/202612/"),
        (PAD + "const d=new Date(); location.replace(`h/${pad(d.getDate())}/`)", "h/04/"),
        ("var d=new Date(); d.setDate(d.getDate()-1); f.src=d.toISOString().slice(0,10)+'/'", "2026-10-03/"),
        ("var d=('0'+(new Date().getMonth()+1)).slice(-2); top.location.href='/'+d+'/i.htm'", "/10/i.htm"),
        ("const p=n=>String(n).padStart(3,'0'); window.open('/v/'+p(7)+'.htm')", "/v/007.htm"),
        ("function go(d){location.href='/'+d.substr(0,4)+'/'+d.substr(4,2)+'/'} go('20261014')", "/2026/10/"),
        ("var C={base:'/pc/', day:'202610/14'}; location.href=C.base+C.day+'/'", "/pc/202610/14/"),
        ("var l=['20261001','20261010']; location='/'+l.filter(x=>x<='20261004').pop()+'/'", "/20261001/"),
        ("location.href=location.protocol+'//'+location.host+'/now/'", "/now/"),
        ("document.write('<frame src=\"/e/'+'1.htm\">')", "/e/1.htm"),
        ("setTimeout(\"location.replace('i.htm')\", 300)", "i.htm"),
        ("function go(){location='/'+'now/'} window.setTimeout('go()', 9)", "/now/"),
        ("if (1 > 2) { location.href='/never/' } location.href='/ever/'", "/ever/"),
    ],
)  # fmt: skip
def test_what_a_script_opens(script: str, written: str) -> None:
    assert [one.written for one in addresses(script, NOW) if one.whole] == [written]


def test_what_is_not_known_before_has_its_name() -> None:
    script = "fetch('/i.json').then(l => { location.href='/issue/'+l[0].id+'.html' })"
    found = [(one.how, one.written, one.whole) for one in addresses(script)]
    assert found == [(LOADED, "/i.json", True), (OPENED, "/issue/\0id\0.html", False)]


def test_what_is_sent_by_post_is_no_address() -> None:
    assert (
        addresses("$.ajax({type:'POST', url:'/api/list'}); $.post('/x/y', f); fetch('/z', {method:'POST'})")
        == ()
    )


def test_elements_open_what_the_functions_of_their_page_make() -> None:
    page = Handlers("function go(d, p) { location.href = '/' + d.replace('-', '') + '/' + p + '.htm' }")
    assert page.opened("go('2026-10', 'A01')") == "/202610/A01.htm"
    assert page.opened("location.href='?id='+this.value", "7") == "?id=7"


@pytest.mark.parametrize(
    "part",
    [
        "(",
        "{a:",
        "a=>",
        "'a'+",
        "f(g(",
        "function a(){",
        "if(a)",
        "x?",
        "`${",
        "/*",
        "'",
        "var f=function(){",
        "s=s+s;",
    ],
)
def test_a_hostile_script_is_left_off(part: str) -> None:
    assert len(addresses("function f(a){return f(a)+f(a)} var s='a';" + part * 20_000)) <= 1


@given(st.text("'\"`(){}[]+=.,;:?<>/\\ab1 $\n", max_size=80))
def test_any_text_is_a_script(text: str) -> None:
    assert all(one.written for one in addresses(text, NOW))
