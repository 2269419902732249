"""Page bytes -> text: by what the bytes are, not by what the label says."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.charset import decode
from bulletins.errors import UndecodablePage

BODY = "<p>朱镕和喆堃来到通江县银耳山，把月相讲给孩子们听。</p>"
META = '<html><head><meta charset="{}"><title>月相</title></head><body>' + BODY
HTTP_EQUIV = '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; CHARSET={}">' + BODY
LABELS = ("gb2312", "GB2312", "gbk", "x-gbk", "gb18030", "utf-8", "UTF8", "iso-8859-1", "windows-1252", "")
# Codecs of Python that are no encodings of pages, and names that are nothing at all.
NOT_ENCODINGS = ("base64", "hex", "zlib", "rot13", "idna", "punycode", "undefined", "utf-7", "unicode_escape")


@pytest.mark.parametrize("label", [*LABELS, *NOT_ENCODINGS, "koi8-r", "latin5", "x-none-such", "'"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("page", [META, HTTP_EQUIV])
def test_the_bytes_decide_whatever_the_labels_say(label: str, encoding: str, page: str) -> None:
    text = page.format(label)
    for header in (None, f"text/html; charset={label}", f'text/html;charset="{label}"', "text/html"):
        decoded = decode(text.encode(encoding), header)
        assert decoded.text == text
        assert decoded.encoding == encoding


def test_a_gb2312_label_means_gb18030() -> None:
    text = META.format("gb2312").replace("朱镕", "朱镕㛃𠮷")  # outside GB 2312, GBK and the BMP
    decoded = decode(text.encode("gb18030"), "text/html; charset=gb2312")
    assert (decoded.text, decoded.encoding) == (text, "gb18030")


@pytest.mark.parametrize("label", ["big5", "Big5-HKSCS", "euc-kr"])
def test_other_labels_count_where_they_rule_something_out(label: str) -> None:
    text = "<p>今日天氣晴朗, 大家上山看星.</p>" if "ig5" in label else "<p>연변의 과학 소식을 전합니다.</p>"
    decoded = decode(text.encode(label), f"text/html; charset={label}")
    assert decoded.text == text


def test_the_label_in_the_header_comes_before_the_one_in_the_page() -> None:
    text = '<meta charset="euc-kr"><p>今日天氣晴朗</p>'
    assert decode(text.encode("big5"), "text/html; charset=big5").text == text


def test_a_label_is_looked_for_at_the_head_of_a_page_only() -> None:
    text = "<p>" + "天" * 5000 + '<meta charset="big5">'
    assert decode(text.encode("gbk")).encoding == "gb18030"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_by_its_mark_or_its_first_tag(encoding: str) -> None:
    text = META.format("gb2312")
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    for body in (text.encode(encoding), mark + text.encode(encoding)):
        assert decode(body, "text/html; charset=utf-8").text == text


def test_a_mark_of_utf_8_is_taken_off_and_believed_only_if_true() -> None:
    assert decode(codecs.BOM_UTF8 + BODY.encode()).text == BODY
    mixed = decode(codecs.BOM_UTF8 + BODY.encode("gbk"), "text/html; charset=gbk")
    assert (mixed.text, mixed.encoding) == (BODY, "gb18030")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_byte_costs_its_character_and_no_more(encoding: str) -> None:
    body = (BODY * 3).encode(encoding)
    at = body.index("孩".encode(encoding))
    for broken in (body[:at] + b"\xff" + body[at + 1 :], body[:at] + b"\xff" + body[at:]):
        decoded = decode(broken)
        assert decoded.encoding == encoding
        assert 1 <= decoded.text.count("\ufffd") <= 3
        assert decoded.text.endswith(BODY * 2)


def test_a_broken_utf_8_page_is_not_taken_for_gb18030() -> None:
    """Any even run of its bytes is valid GB18030 as well, and nonsense."""
    text = "会议" * 40
    assert text.encode().decode("gb18030") != text
    broken = text.encode()[:-1]
    assert decode(broken, "text/html; charset=gb2312").text.startswith("会议" * 39)


def test_few_characters_in_much_markup_are_read_as_they_are() -> None:
    text = '<html><head><meta charset="gb2312">' + "<link href=/a.css>" * 300 + "<p>联通</p>"
    assert decode(text.encode("gbk")).text == text
    assert decode("<p>© 2026 Dibao</p>".encode()).text == "<p>© 2026 Dibao</p>"


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(4000),
        b"\xff\xd8\xff\xe0" + random.Random(2).randbytes(4000),
        b"PK\x03\x04" + random.Random(3).randbytes(400),
        random.Random(4).randbytes(12),
    ],
    ids=["png", "jpeg", "zip", "twelve bytes"],
)
def test_what_is_no_text_is_refused_and_not_guessed_into_nonsense(body: bytes) -> None:
    with pytest.raises(UndecodablePage, match="no encoding fits") as caught:
        decode(body, "text/html; charset=gb2312")
    assert caught.value.action


def test_an_empty_page_is_an_empty_text() -> None:
    assert decode(b"").text == ""


CHINESE = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
    | st.sampled_from("，。《》、：a1 \n镕喆堃㛃〇"),
    min_size=8,
    max_size=400,
)


@given(CHINESE, st.sampled_from(["utf-8", "utf-16"]), st.sampled_from([None, *LABELS]))
def test_unicode_comes_back_under_any_label(text: str, encoding: str, label: str | None) -> None:
    header = None if label is None else f"text/html; charset={label}"
    assert decode(text.encode(encoding), header).text == text


@given(CHINESE, st.sampled_from(["gb2312", "gbk", "gb18030"]))
def test_gb18030_comes_back_under_the_labels_of_its_family(text: str, label: str) -> None:
    page = f'<meta charset="{label}"><p>近日，{text}'
    assert decode(page.encode("gb18030")).text == page


SIMPLIFIED = "".join(
    bytes((lead, trail)).decode("gb2312", "ignore")
    for lead in range(0xB0, 0xD8)
    for trail in range(0xA1, 0xFF)
)
TRADITIONAL = "".join(
    bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA4, 0xC7) for trail in range(0x40, 0x7F)
)
STATED = [
    "utf-8",
    "gb2312",
    "gbk",
    "GB18030",
    "big5",
    "iso-8859-1",
    "windows-1252",
    "x-unheard-of",
    "utf-16",
    "",
]


def written(text: str, label: str) -> str:
    return (
        f"<html><head><meta charset='{label}'><title>{text}</title></head><body><p>{text}</p></body></html>"
    )


def varied(characters: str) -> st.SearchStrategy[str]:
    """A text as texts are: a few characters alone can be valid in any encoding."""
    return st.text(characters, min_size=30, max_size=200).filter(lambda text: len(set(text)) > 12)


@given(varied(SIMPLIFIED), st.sampled_from(STATED), st.sampled_from(STATED))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_no_label_makes_a_page_unreadable(encoding: str, text: str, meta: str, header: str) -> None:
    page = written(text, meta)
    assert decode(page.encode(encoding), f"text/html; charset={header}").text == page


@given(varied(TRADITIONAL), st.sampled_from(STATED))
def test_big5_is_told_by_its_characters(text: str, label: str) -> None:
    page = written(text, label)
    assert decode(page.encode("big5"), None).text == page


@given(varied(SIMPLIFIED))
@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 3), ("gb18030", 2), ("utf-16-le", 2)])
def test_a_character_that_the_end_cuts_is_left_out(encoding: str, width: int, text: str) -> None:
    whole = f"<meta charset=gbk><p>{text}"
    for cut in range(1, width):
        assert decode(whole.encode(encoding)[:-cut], None).text == whole[:-1]
