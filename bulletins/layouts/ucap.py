"""开普云 (ucap): a box `#UCAP-CONTENT`, lists that a script fetches from `/es-search/` as JSON."""

from __future__ import annotations

from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout

_TEXT = "#UCAP-CONTENT, ucapcontent"

LAYOUT = Layout("ucap", article=webpage.part(_TEXT))
