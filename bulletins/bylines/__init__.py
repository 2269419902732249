"""The byline that opens or closes a text -> who signed it."""

from bulletins.bylines.edges import Unsigned, each_once, unsigned
from bulletins.bylines.signing import Byline, closing, given, opening, unread

__all__ = ["Byline", "Unsigned", "closing", "each_once", "given", "opening", "unread", "unsigned"]
