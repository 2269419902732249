"""The query of a request: its raw bytes in, decoded pairs or the reason for refusing it out."""

from __future__ import annotations

from urllib.parse import parse_qsl

from feeds.selection import BadParameter

LONGEST = 4096  # bytes of a query: more than fifty regions and as many words need
LONGEST_LIST = 32_768  # of what somebody ticked, each place a parameter of its own
_MOST = 200  # parameters of so long a query, and as many more of a longer one


def pairs(raw: bytes, longest: int = LONGEST) -> list[tuple[str, str]]:
    """Names and values in order; empty values are kept. Raises BadParameter, before anything is looked at,
    where there is too much of it, and for bytes that are no UTF-8."""
    given, most = raw.count(b"&") + 1, _MOST * longest // LONGEST
    if given > most:
        raise BadParameter("query", f"{given} parameters are too many", f"at most {most} parameters")
    if len(raw) > longest:
        raise BadParameter("query", f"it has {len(raw)} bytes", f"at most {longest} bytes")
    try:
        return parse_qsl(raw.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError:
        raise BadParameter("query", "it is not UTF-8", "UTF-8, percent-encoded") from None
