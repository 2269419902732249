"""The address that an item has and the one where it was read now -> the one that it is to have."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from bulletins import identity
from bulletins.model import Item

_REMEMBERED = 8  # addresses of an item that it had before


def settled(before: Item, read: Item) -> Item:
    """What was read, at the address that it is to have from now on, and with those that it had.

    A new address is followed, for the old one may be gone soon. To one that it had before an item returns
    once, ever: where a site calls its articles now by one address and now by another, and answers at both, a
    feed would change with every poll. Nor is https given up for http at the same address.
    """
    if read.link == before.link:
        return replace(read, former=before.former)
    if _follows(before, read.link):
        return followed(before, read)
    return replace(at(read, before.link), former=before.former)


def followed(before: Item, read: Item) -> Item:
    """What was read, where it was read."""
    if read.link == before.link:
        return replace(read, former=before.former)
    return replace(read, former=(*before.former, before.link)[-_REMEMBERED:])


def at(item: Item, link: str) -> Item:
    """The item as it would have been read at another address: what lies on the host that it was read from
    lies on that one's."""
    there, here = _host(item.link), _host(link)
    if there == here:
        return replace(item, link=link)

    def moved(url: str) -> str:
        return here + url.removeprefix(there) if url.startswith(f"{there}/") else url

    blocks = tuple(replace(block, url=moved(block.url)) if block.url else block for block in item.blocks)
    files = tuple(replace(file, url=moved(file.url)) for file in item.attachments)
    pdf = moved(item.pdf) if item.pdf else item.pdf
    made = replace(item, link=link, blocks=blocks, attachments=files, pdf=pdf)
    return replace(made, digest=identity.digest(made))


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host under one scheme."""
    return _host(one) == _host(other)


def _follows(before: Item, link: str) -> bool:
    if before.link == link.replace("http://", "https://", 1):
        return False
    had = {*before.former, before.link}
    return link not in had or len(had) > len(before.former)  # as many as there are: it has not returned yet


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
