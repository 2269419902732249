"""An item's files -> the enclosures of its entry: the page as printed, then what the article came with."""

from __future__ import annotations

from dataclasses import dataclass

from bulletins.model import Item
from feeds import safe

_PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# By IANA's registry; those of WPS and OFD (GB/T 33190) have no entry there, and go by the names in use.
_TYPES = {
    "pdf": _PDF,
    "doc": "application/msword",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of an entry: its address in ASCII, its media type by its kind, its name ("" for the page as
    printed). How long it is nobody has asked."""

    url: str
    media_type: str
    name: str = ""


def media_type(suffix: str) -> str:
    return _TYPES.get(suffix, "application/octet-stream")


def enclosures(item: Item) -> tuple[Enclosure, ...]:
    """Those whose addresses may stand in a feed, each once. RSS has room for one: the first."""
    found = [Enclosure(item.pdf, _PDF)] if item.pdf else []
    found += [Enclosure(one.url, media_type(one.suffix), one.name) for one in item.attachments]
    plain = (
        Enclosure(safe.address(one.url), one.media_type, " ".join(safe.text(one.name).split()))
        for one in found
        if safe.is_web(one.url)
    )
    each: dict[str, Enclosure] = {}
    for one in plain:
        each.setdefault(one.url, one)
    return tuple(each.values())
