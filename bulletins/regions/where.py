"""What a text is read against -> how a division lies to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bulletins.regions.gazetteer import Division, gazetteer


@dataclass(frozen=True, slots=True)
class Where:
    """What a text is read against: the code of its source's region, the day it was printed, and the words
    around it that may tell homonyms apart."""

    within: str | None = None
    printed: date | None = None
    context: str = ""

    def home(self, one: Division) -> bool:
        """Whether a division is the source's or part of it; to a source without a region, any."""
        return self.within is None or gazetteer().inside(one.code, self.within)

    def around(self, one: Division) -> bool:
        """Whether a division is the source's or around it."""
        return self.within is not None and gazetteer().inside(self.within, one.code)

    def away(self, one: Division) -> bool:
        return not self.home(one) and not self.around(one)
