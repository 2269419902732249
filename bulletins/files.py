"""The files that an article comes with (附件); imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article comes with (附件): its absolute address, what the page calls it, and its kind as
    file names end with it (pdf, docx; "" where nothing says)."""

    url: str
    name: str
    suffix: str
