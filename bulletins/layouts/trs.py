"""TRS (拓尔思 WCM), on which most government sites run: `…/202609/t20260904_88123.html`, `index_1.html`."""

from __future__ import annotations

from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout

_TEXT = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .trs_paper_default, .TRS_PreAppend, .Custom_UnionStyle, "
    ".trs_web, .trs_word"
)

LAYOUT = Layout("trs", article=webpage.part(_TEXT))
