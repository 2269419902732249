"""Page bytes -> text, by what the bytes are rather than by what the label says."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from bulletins.errors import UndecodablePage

_UTF8_BOM = codecs.BOM_UTF8
# A byte order mark, or the "<" that every page begins with (XML 1.0, appendix F); how much of it is no text.
_UTF16 = (
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
    (b"<\0", "utf-16-le", 0),
    (b"\0<", "utf-16-be", 0),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I)
# A label of the GB family means GB18030, which holds all of them: names with 镕, 喆 or 堃 are outside GB2312,
# and pages so labelled print them all the same.
_GB = {"gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "hz-gb-2312", "gb18030", "euc-cn"}
# Other labels that rule something out. One-byte encodings take any bytes at all, so that their names say
# nothing on a Chinese page, and what else Python calls a codec (base64, idna) is no encoding of pages.
_MULTIBYTE = {"big5", "big5hkscs", "cp950", "euc_kr", "cp949", "euc_jp", "shift_jis", "cp932"}
_HEAD = 4096  # bytes in which a page names its encoding (the HTML standard asks for the first 1024)
# Broken share of the characters beyond ASCII. Measured: GB18030 read as UTF-8 has 0.6 and more, random bytes
# read as GB18030 0.23 and more; one broken byte is up to three of them.
_TOLERATED = 0.15
# What GB2312 and Big5 hold at their first level: nine in ten characters of any text, where it is one.
_COMMON = {
    "gb18030": frozenset(
        bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)
    ),
    "big5": frozenset(
        bytes((a, b)).decode("big5", "ignore")
        for a in range(0xA4, 0xC7)
        for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    ),
}
_BIG5 = {"big5", "big5hkscs", "cp950"}
_RIVAL_SHARE = 0.2  # by which a text has to be likelier than what the label says
_SAMPLE = 4_000  # characters that tell
_CHINESE = "\u0800"  # from here on UTF-8 takes three bytes, as it does for all that is Chinese


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and the encoding by Python's name. U+FFFD stands where single bytes were broken."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: UTF-16 by its first bytes, UTF-8, the labels (header, then meta), GB18030, evidence; a
    character that the end cuts in two is left out.

    UTF-8 comes before any label because text in another encoding is hardly ever valid UTF-8, while wrong
    labels are common; a page of it with single broken bytes is still nearer to it than to anything else.
    Raises UndecodablePage when nothing fits.
    """
    for mark, encoding, length in _UTF16:
        if body.startswith(mark):
            return Decoded(_decoded(body[length:], encoding, "replace"), encoding)
    body = body.removeprefix(_UTF8_BOM)  # no proof: a template's mark stands before GBK pages too
    labels = _labels(body, content_type)
    if decoded := _utf8(body, labels):
        return decoded
    for fits in (_strict, _nearly):
        for encoding in (*labels, "gb18030"):
            if decoded := fits(body, encoding):
                return _likelier(body, decoded)
    guess = from_bytes(body).best()
    if guess is None or "<" not in str(guess):
        raise UndecodablePage("no encoding fits the bytes", action="Look at the page: it may not be text")
    return Decoded(str(guess), codecs.lookup(guess.encoding).name)


def _utf8(body: bytes, labels: tuple[str, ...]) -> Decoded | None:
    """A short GB page can be valid UTF-8, its few characters all of two bytes and none of them Chinese."""
    decoded = _strict(body, "utf-8") or _nearly(body, "utf-8")
    if decoded and "gb18030" in labels and not decoded.text.isascii() and max(decoded.text) < _CHINESE:
        return _strict(body, "gb18030") or decoded
    return decoded


def _strict(body: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(_decoded(body, encoding), encoding)
    except UnicodeDecodeError:
        return None


def _nearly(body: bytes, encoding: str) -> Decoded | None:
    text = _decoded(body, encoding, "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return Decoded(text, encoding) if text.count("\ufffd") <= _TOLERATED * beyond else None


def _likelier(body: bytes, decoded: Decoded) -> Decoded:
    """GB18030 and Big5 take most of each other's bytes, and make of them what nobody writes."""
    rival = "gb18030" if decoded.encoding in _BIG5 else "big5" if decoded.encoding == "gb18030" else ""
    other = _strict(body, rival) or _nearly(body, rival) if rival else None
    if other and _common(other, rival) > _common(decoded, decoded.encoding) + _RIVAL_SHARE:
        return other
    return decoded


def _common(decoded: Decoded, encoding: str) -> float:
    """The share of a text's Chinese characters that are common ones."""
    chinese = [
        one
        for one in decoded.text
        if "\u3400" <= one <= "\u9fff" or one == "\ufffd" or "\ue000" <= one <= "\uf8ff"
    ]
    common = _COMMON["big5" if encoding in _BIG5 else encoding]
    return sum(one in common for one in chinese[:_SAMPLE]) / max(1, min(len(chinese), _SAMPLE))


def _decoded(body: bytes, encoding: str, errors: str = "strict") -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(body)


def _labels(body: bytes, content_type: str | None) -> tuple[str, ...]:
    found = [match[1] for match in [_PARAMETER.search(content_type or "")] if match]
    found += [match[1].decode("ascii") for match in [_META.search(body[:_HEAD])] if match]
    return tuple(dict.fromkeys(name for label in found if (name := _python_name(label))))


def _python_name(label: str) -> str | None:
    if label.lower() in _GB:
        return "gb18030"
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return name if name in _MULTIBYTE else None
