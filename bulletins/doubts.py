"""An item -> what of it an editor should look at, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bulletins.model import Item


@dataclass(frozen=True, slots=True)
class Doubt:
    """`text` is what is printed, empty where nothing is."""

    field: str
    reason: str
    text: str


def doubts(item: Item) -> tuple[Doubt, ...]:
    """What is unresolved in an item and what speaks against what was read; what an operator has said
    (`[[overrides]]`) is beyond doubt."""
    found = [Doubt(why.field, why.doubt, why.text) for why in item.evidence if why.doubt]
    known = {one.field for one in found}
    how = item.region.how if item.region else None
    if item.region is None and "region" not in known:
        found.append(Doubt("region", "several regions that share none" if item.regions else "no region", ""))
    elif item.section and item.heading and how not in ("heading", "override") and "region" not in known:
        found.append(Doubt("region", "its section's heading is no region", item.heading))
    if item.column is None and "column" not in known:
        found.append(Doubt("column", "neither a column nor a page's name", ""))
    return tuple(dict.fromkeys(found))
