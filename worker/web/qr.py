"""A QR code: an address in, an SVG of it out."""

from __future__ import annotations

import io
from functools import lru_cache


@lru_cache(maxsize=256)
def svg(address: str) -> bytes:
    """Dark on light with its quiet zone, whatever the page's colours: cameras expect that."""
    import segno  # for those alone who ask for a code

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=4, dark="#1f1b16", light="#ffffff", omitsize=True
    )
    return out.getvalue()
