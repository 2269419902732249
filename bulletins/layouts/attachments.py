"""A page's links to files in its article's text or below it (附件) -> attachments, as it names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from bulletins.files import Attachment
from bulletins.layouts.clusters import around, aside
from bulletins.markup import Node
from bulletins.model import Block

_SUFFIXES = "pdf|docx?|xlsx?|pptx?|zip|rar|7z|wps|et|dps|ofd|rtf|csv"
_FILE = re.compile(rf"\.({_SUFFIXES})(?=$|[?#&;])", re.I | re.A)
# An address of a script that sends a file: what file, only the link's words or a parameter say.
_SENT = re.compile(r"down|attach|affix|fujian|file", re.I)
_NAMED = re.compile(rf"[^\s/\\]\.({_SUFFIXES})(?![\w])", re.I | re.A)
_LABEL = re.compile(r"[【\[（(\s]*(?:相关|点击|下载|公告|文件|的)*附\s*件")
_CALLED = re.compile(r"fujian|attach|enclosure|appendix|annex|(?:^|[-_\s])fj", re.I)
_SAYS_NOTHING = re.compile(
    r"[【\[（(\s]*(?:点击|点此|立即|附件|全文)?(?:下载|查看|打开|预览)(?:附件|全文|此处)?[】\])）\s]*|\W*",
    re.I,
)
_QUOTED = re.compile(r"附\s*件\s*\d*\s*[【\[]([^】\]]+)[】\]]")  # 附件【名单.xlsx】已下载3次
_PRINTED = re.compile(
    r"PDF\s*(?:版|下载|阅读)?|(?:下载|查看|阅读|本版)?\s*PDF", re.I
)  # of a newspaper's page
_MOST = 100  # attachments of one article
_LABELLED = 3  # of them that may be the list of attachments, with its label
_LONGEST_LIST = 600  # characters of such a list
_ROOM = 400  # characters that stand in the box around a text beside it: headline, day, buttons
_NAME = 200  # characters of a name


def find(tree: Node, url: str, blocks: Sequence[Block], *, printed: bool = False) -> tuple[Attachment, ...]:
    """The files that an article comes with: linked in its text, below it, or in a list that says 附件. Each
    once, in the order of the page. `printed`: of a newspaper, whose PDF is the page's own."""
    text = _squeezed(max((block.text.split("\n")[0] for block in blocks), key=len, default=""))
    length = sum(len(block.text) for block in blocks)
    found: dict[str, Attachment] = {}
    for link in tree.all("a[href]"):
        if (suffix := _suffix(link)) is None or (printed and suffix in ("", "pdf")):
            continue
        address = link.link(url)
        if address is None or len(found) >= _MOST or not _belongs(link, text, length):
            continue
        name = _name(link, address)  # of a picture and of words beside it the words say it
        if address not in found or found[address].name == _own_name(address):
            found[address] = Attachment(address, name, suffix)
    return tuple(found.values())


def attachment(address: str, name: str) -> Attachment | None:
    """A file that a feed encloses; None for what is no document, such as a picture."""
    found = _FILE.search(unquote(address).partition("#")[0])
    return Attachment(address, name or _own_name(address), found[1].lower()) if found else None


def _suffix(link: Node) -> str | None:
    """The kind of the file, by its address, else by the link's words; "" where neither says; None for what is
    no file."""
    href = unquote(link.attribute("href"))
    if href.startswith(("#", "javascript:", "mailto:")):
        return None
    parts = href.partition("?")
    if found := _FILE.search(parts[0].partition("#")[0]) or _FILE.search(parts[2]):
        return found[1].lower()
    if not _SENT.search(href):
        return None
    said = link.text or link.attribute("title")
    if found := _NAMED.search(said) or _NAMED.search(link.attribute("title")):
        return found[1].lower()
    return "" if _LABEL.match(said) else None


def _belongs(link: Node, text: str, length: int) -> bool:
    """Whether a link stands in a list of attachments, or in the box around the text, not above that."""
    chain = around(link)[1:]
    if any(_is_list(node) for node in chain[:_LABELLED]):
        return True
    for node in chain if text else ():
        said = _squeezed(node.text)
        if (at := said.find(text)) >= 0:
            return said.rfind(_squeezed(link.text)) >= at and len(said) <= 2 * length + _ROOM
        if aside(node):
            return False
    return False


def _is_list(node: Node) -> bool:
    said = node.text
    return len(said) <= _LONGEST_LIST and bool(_LABEL.match(said) or _CALLED.search(node.called))


def _name(link: Node, address: str) -> str:
    """What the page calls a file; its own name where that says nothing."""
    for said in (link.text, link.attribute("title"), link.attribute("download")):
        if not _SAYS_NOTHING.fullmatch(said) and not _PRINTED.fullmatch(said):
            quoted = _QUOTED.match(said)
            return (quoted[1] if quoted else said)[:_NAME]
    return _own_name(address)


def _own_name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])[:_NAME]


def _squeezed(text: str) -> str:
    return "".join(text.split())
