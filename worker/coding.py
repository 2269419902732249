"""Content codings (RFC 9110, 8.4.1): bytes in, fewer bytes that say the same out, and the proof of it."""

from __future__ import annotations

import gzip
import zlib

import brotli

BR, GZIP = "br", "gzip"
CODINGS = (BR, GZIP)  # the better first
SUFFIXES = {BR: ".br", GZIP: ".gz"}  # of the file beside the one that it encodes
SMALLEST = 1024  # bytes; what fits into one packet gains nothing

# For a feed of 200 KB, 3 ms and 5 ms: brotli's 11 takes 155 ms for 8 % less.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6


def encode(coding: str, body: bytes) -> bytes:
    """`body` in a coding; the same bytes for the same body."""
    if coding == BR:
        coded: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
        return coded
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def decodes_to(coding: str, coded: bytes, body: bytes) -> bool:
    """Whether `coded` is exactly `body` in a coding. Damaged, cut and endless data is not; no more than the
    body's length is ever unpacked."""
    try:
        if coding == BR:
            brotli_out = brotli.Decompressor()
            plain = brotli_out.process(coded, output_buffer_limit=len(body) + 1)
            return plain == body and bool(brotli_out.is_finished())
        gzip_out = zlib.decompressobj(wbits=31)
        plain = gzip_out.decompress(coded, len(body) + 1)
    except (brotli.error, zlib.error):
        return False
    return plain == body and gzip_out.eof and not gzip_out.unused_data
