"""What a text says -> which administrative divisions it is about."""

from bulletins.regions.gazetteer import Division, children, division, successor
from bulletins.regions.locating import DOUBTS, Located, locate
from bulletins.regions.naming import candidates, local_stem, named

__all__ = [
    "DOUBTS",
    "Division",
    "Located",
    "candidates",
    "children",
    "division",
    "local_stem",
    "locate",
    "named",
    "successor",
]
