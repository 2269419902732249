"""Which feeds there are and which of them an item touches: item in, feed keys out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulletins.model import Column, Item
from bulletins.regions import division

_SLUG = "[a-z0-9][a-z0-9-]*"
_REGION = "region/[0-9]{6}"
_PATH = re.compile(f"all|unclassified|merge|health|source/{_SLUG}|{_REGION}|(?:{_REGION}/)?column/{_SLUG}")


@dataclass(frozen=True, slots=True, order=True)
class FeedKey:
    """A feed's name, and its path below /feeds/ without the extension.

    >>> FeedKey.of(region="511826", column="di-fang-ke-xie").path
    'region/511826/column/di-fang-ke-xie'

    Raises ValueError for a path that no feed can have.
    """

    path: str

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise ValueError(
                f"no feed has the path {self.path!r}: it is all, unclassified, merge, health, source/<id>, "
                "region/<six digits>, column/<slug> or region/<six digits>/column/<slug>"
            )

    @classmethod
    def of(
        cls, *, region: str | None = None, column: str | None = None, source: str | None = None
    ) -> FeedKey:
        parts = (("source", source), ("region", region), ("column", column))
        return cls("/".join(f"{name}/{value}" for name, value in parts if value is not None))

    @property
    def region(self) -> str | None:
        return self._parts().get("region")

    @property
    def column(self) -> str | None:
        return self._parts().get("column")

    @property
    def source(self) -> str | None:
        return self._parts().get("source")

    def _parts(self) -> dict[str, str]:
        steps = self.path.split("/")
        return dict(zip(steps[::2], steps[1::2], strict=False))  # "all" stands alone and pairs with nothing


ALL = FeedKey("all")
UNCLASSIFIED = FeedKey("unclassified")
MERGE = FeedKey("merge")  # made on request, from what a query selects


def roll_up(code: str) -> tuple[str, ...]:
    """A region's code after those of the regions that it is part of, province first.

    GB/T 2260 has two digits a level; a level that is no division (110100 of Beijing, 429000 of Hubei) is
    passed over.

    >>> roll_up("511826")
    ('510000', '511800', '511826')
    >>> roll_up("110105")
    ('110000', '110105')
    """
    levels = (code[:2] + "0000", code[:4] + "00")
    return (*(level for level in levels if level != code and division(level)), code)


def keys_of(item: Item, column: Column | None) -> frozenset[FeedKey]:
    """The feeds that an item belongs to.

    `column` is the column whose feeds it goes to: the item's own, or its page's name in place of an umbrella
    headline that has no feeds yet. A region brings the regions above it. An item without a region or
    without a column is in `unclassified` as well, where an editor finds it.
    """
    about = [region for region in (item.region, *item.regions) if region is not None]
    codes = {code for region in about for code in roll_up(region.code)}
    keys = {ALL, FeedKey.of(source=item.source)} | {FeedKey.of(region=code) for code in codes}
    if column is not None:
        keys |= {FeedKey.of(column=column.slug)}
        keys |= {FeedKey.of(region=code, column=column.slug) for code in codes}
    if item.region is None or column is None:
        keys.add(UNCLASSIFIED)
    return frozenset(keys)
