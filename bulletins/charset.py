"""Page bytes -> text, by what the bytes are rather than by what the label says."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from bulletins.errors import UndecodablePage

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I)
# A label of the GB family means GB18030, which holds all of them: names with 镕, 喆 or 堃 are outside GB2312,
# and pages so labelled print them all the same.
_GB = {"gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "hz-gb-2312", "gb18030", "euc-cn"}
_HEAD = 4096  # bytes in which a page names its encoding (the HTML standard asks for the first 1024)
_TOLERATED = 0.002  # share of broken characters in a page that is otherwise sound


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and the encoding by Python's name. U+FFFD stands where single bytes were broken."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: BOM, strict UTF-8, the labels (header, then meta), GB18030, then evidence.

    Strict UTF-8 comes before any label because text in another encoding is hardly ever valid UTF-8, while
    wrong labels are common. Raises UndecodablePage when nothing fits.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding)
    labels = _labels(body, content_type)
    for encoding in ("utf-8", *labels, "gb18030"):
        try:
            return Decoded(body.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    for encoding in (*labels, "utf-8", "gb18030"):
        text = body.decode(encoding, "replace")
        if text.count("\ufffd") <= _TOLERATED * len(text):
            return Decoded(text, encoding)
    guess = from_bytes(body).best()
    if guess is None:
        raise UndecodablePage("no encoding fits the bytes", action="Look at the page: it may not be text")
    return Decoded(str(guess), guess.encoding)


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
    # Latin-1 takes any bytes at all: as a label on a Chinese page it says nothing.
    return None if name in ("utf-8", "iso8859-1", "cp1252", "ascii") else name
