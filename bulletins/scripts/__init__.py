"""What a page's scripts say of addresses, told by reading them."""

from bulletins.scripts.program import LOADED, OPENED, WRITTEN, Address, Handlers, addresses
from bulletins.scripts.tokens import tokens

__all__ = ["LOADED", "OPENED", "WRITTEN", "Address", "Handlers", "addresses", "tokens"]
