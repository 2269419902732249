"""The byline that opens or closes a text -> who signed it."""

from bulletins.bylines.signing import Byline, closing, opening

__all__ = ["Byline", "closing", "opening"]
