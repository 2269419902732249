"""The byline that opens or closes a text -> who signed it."""

from bulletins.bylines.edges import Unsigned, unsigned
from bulletins.bylines.signing import Byline, closing, opening

__all__ = ["Byline", "Unsigned", "closing", "opening", "unsigned"]
