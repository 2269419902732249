"""A page's text -> its tree, by what it is: HTML, data, or what answers a list's script."""

from __future__ import annotations

import re

from bulletins.markup import Node, data, parse
from bulletins.model import Lead

# What JSON or a script begins with.
_DATA = re.compile(
    r"\s*(?:[\[{]|(?:var|let|const|function|async|import|export|class|if|try)\b|[\w.$]+\s*=\s*[^<]|[\w.$]{1,40}\(|//|/\*|[!;(]\s*\(?(?:async|function|\())"
)
# What answers a list's script with records in CDATA, which a tree of HTML would take for comments.
_RECORDS = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:datastore|recordset|nextgroup)\b")


def tree(text: str, lead: Lead) -> Node:
    """A page's tree. Data are read with what the scripts that loaded them would make of them."""
    if _RECORDS.match(text):
        return data(text)
    if not _DATA.match(text):
        return parse(text)
    return data("\n".join([text, *lead.made]))
