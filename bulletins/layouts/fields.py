"""Sites of the age of tables, whose templates enclose every field in comments: <!-- 文章正文 begin -->."""

from __future__ import annotations

from bulletins.facts import facts
from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout, Part

LAYOUT = Layout("fields", article=Part(lambda tree: 1.0 if facts(tree).body else 0.0, webpage.read))
