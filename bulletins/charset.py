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
_CHINESE = "\u0800"  # from here on UTF-8 takes three bytes, as it does for all that is Chinese


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and the encoding by Python's name. U+FFFD stands where single bytes were broken."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: UTF-16 by its first bytes, UTF-8, the labels (header, then meta), GB18030, evidence.

    UTF-8 comes before any label because text in another encoding is hardly ever valid UTF-8, while wrong
    labels are common; a page of it with single broken bytes is still nearer to it than to anything else.
    Raises UndecodablePage when nothing fits.
    """
    for mark, encoding, length in _UTF16:
        if body.startswith(mark):
            return Decoded(body[length:].decode(encoding, "replace"), encoding)
    body = body.removeprefix(_UTF8_BOM)  # no proof: a template's mark stands before GBK pages too
    labels = _labels(body, content_type)
    if decoded := _utf8(body, labels):
        return decoded
    for fits in (_strict, _nearly):
        for encoding in (*labels, "gb18030"):
            if decoded := fits(body, encoding):
                return decoded
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
        return Decoded(body.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _nearly(body: bytes, encoding: str) -> Decoded | None:
    text = body.decode(encoding, "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return Decoded(text, encoding) if text.count("\ufffd") <= _TOLERATED * beyond else None


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
