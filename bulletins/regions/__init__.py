"""What a text says -> which administrative divisions it is about."""

from bulletins.regions.gazetteer import Division, candidates, children, division, local_stem, named
from bulletins.regions.locating import Located, locate

__all__ = ["Division", "Located", "candidates", "children", "division", "local_stem", "locate", "named"]
