"""A page's tree -> what its lists and bodies are told by: ways that lead on, names of boxes, page labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from bulletins import dates
from bulletins.elements import HEADINGS
from bulletins.markup import Node, web_address
from bulletins.scripts import Handlers

# How a page (版) is printed where it is named: 第A01版：要闻, A01：头版, 03版 要闻.
FOLIO = re.compile(
    r"\s*(?:第\s*(?:[A-Z]{0,3}\d{1,3}|[一二三四五六七八九十]{1,3})\s*版|[A-Z]{0,3}\d{1,3}\s*版(?!本)"
    r"|0\d[\u3400-\u9fff]{2,6}\s*$|(?:[A-Z]{1,3}\d{1,3}|0\d)\s+[\u3400-\u9fff]|(?:[A-Z]{1,3}\d{1,3}|\d{2})\s*[:：]\s*\D)"
)
_MOST_FOLIOS = 1_000  # that are looked at; the thickest newspapers print about 100 on a page
_LONGEST_FOLIO = 30  # characters of a page's number with its name

_EXTENSION = r"[\w%~-][\w.%~-]*\.(?:s?html?|aspx?|php|jsp|do|json)(?![\w.])(?:[?#][^\s'\"<>]*)?"
_ADDRESS = re.compile(
    rf"https?://[^\s'\"<>]+|(?:\.{{0,2}}/)?(?:[\w.%~-]+/)*{_EXTENSION}|\.{{0,2}}/[\w.%~/?&=#-]+|\?\w+=[\w%&=.-]*",
    re.A | re.I,
)
_LONGEST_ADDRESS = 2_000  # characters
_QUOTED = re.compile(r"""['"]([^'"]{1,500})['"]""")
_CALL = re.compile(r"""(\w+)\(\s*['"]?([\w-]+)['"]?\s*[,)]""", re.A)
_CALLS = re.compile(r"\w\s*\([^)]|=\s*['\"\w]")
_JS = re.compile(r"^\s*javascript:", re.I)
_ASKS = re.compile(r"\.data\(|\.dataset\b|getAttribute\(|\.attr\(")
_FUNCTION = re.compile(r"function\s+(\w+)\s*\(\s*(\w+)[^)]{0,200}\)\s*\{([^}]{0,2000})", re.A)
_SCRIPTED = ("onclick", "onmousedown", "href")
# Attributes whose addresses are no way that a reader can take.
_NO_WAY = {"src", "data-src", "data-original", "background", "style", "action", "poster", "srcset", "usemap"}
_BUTTONS = {"input", "button"}  # no text of a page, and yet ways on: 下一版
_NAME = re.compile(r"[.#][\w-]+")  # a selector of one class or id
_TABS = {"a", "li", "span", "td", "dt", "button", "div"}
_PARTING = {"p", "div", "dt", "dd"}
_PARTS = "p, div, dt, dd"
_TELLING = {"title", "url", "link", "ref", "name"}
_CUT_SHORT = ("…", "...", "．．．")
_BULLETS = " ·•●■◆▪○□▶►»※★☆"
_MARK = re.compile(r"[\s·•●■◆▪○□▶►»※★☆\[\]【】()（）.、\d-]{1,6}")
_BLANK = re.compile(r"(?:\[?图文?\]?|详细|详情|阅读(?:全文)?|查看(?:详细|详情|全文)?|more|更多|\W*)", re.I)


@dataclass(frozen=True)
class Way:
    """An element that leads somewhere: the address as written, what it says where that is known, and its
    place on the page."""

    node: Node
    written: str
    said: str | None
    at: int

    @cached_property
    def label(self) -> str:
        """What it says; looked for when it is asked for: most ways of an article's page lead elsewhere."""
        return _label(self.node) if self.said is None else self.said

    def address(self, base: str) -> str | None:
        return web_address(self.written, base)


@dataclass(frozen=True, slots=True)
class Survey:
    """One pass over a page. `named` holds elements by each id and class, in small letters; `tags` Founder's
    own elements; `folios` the texts that name a page of the newspaper, with their places and elements, and
    `sheets` the different ones among them in every element that has any; `places` where an element of a name
    begins and ends."""

    ways: tuple[Way, ...]
    named: Mapping[str, tuple[Node, ...]]
    tags: Mapping[str, tuple[Node, ...]]
    folios: tuple[tuple[int, Node, str], ...]
    sheets: Mapping[Node, frozenset[str]]
    places: Mapping[Node, tuple[int, int]]

    def within(self, boxes: list[Node]) -> list[Way]:
        """The ways in any of some named elements, in the order of the page."""
        spans = [self.places[box] for box in boxes]
        return [way for way in self.ways if any(begin <= way.at < end for begin, end in spans)]


@lru_cache(maxsize=1)
def told(tree: Node) -> tuple[frozenset[str], Collection[str]]:
    """The names of a page's elements, in small letters, and whatever addresses may be written on it: all that
    a survey would find and more, for a tenth of its price."""
    names = {name.lower() for called in tree.names for name in (called.strip(), *called.split())}
    values = tree.values
    code = tree.scripts
    if _ASKS.search(code) or any("(" in value or "'" in value or '"' in value for value in values):
        functions, page = dict(_functions(code)), Handlers(code)
        written = {_written(node, node.attributes, functions, page) for node in tree.marked} - {""}
        return frozenset(names), written | {value for _, value in selections(tree, page)}
    return frozenset(names), {value.strip() for value in values}


def lacks(tree: Node, selector: str) -> bool:
    """Whether a page has no element of the class or the id that a selector is; False for any other one."""
    return _NAME.fullmatch(selector) is not None and selector[1:] not in _words(tree)


@lru_cache(maxsize=1)  # families of sites look for their own boxes one after the other
def _words(tree: Node) -> frozenset[str]:
    return frozenset(name for called in tree.names for name in called.split())


@lru_cache(maxsize=2)  # the parts of a layout ask for it one after the other, of a page and of one box on it
def survey(tree: Node) -> Survey:
    ways: list[Way] = []
    named: dict[str, list[Node]] = {}
    tags: dict[str, tuple[Node, ...]] = {}
    places: dict[Node, tuple[int, int]] = {}
    code = tree.scripts
    functions, page = dict(_functions(code)), Handlers(code)
    last = 0
    for node in tree.marked:
        attributes = node.attributes
        said = None
        if (place := tree.span(node)) is None:
            above = node.parent if "onclick" in attributes and node.tag in _BUTTONS else None
            if above is None or (place := tree.span(above)) is None:
                continue
            said = attributes.get("value") or node.text
        names = {attributes.get("id", ""), *attributes.get("class", "").split()} - {""}
        if (tag := node.tag).startswith("founder-"):
            tags[tag] = (*tags.get(tag, ()), node)
        for name in names:
            named.setdefault(name.lower(), []).append(node)
        if names:
            places[node] = place
        last = place[1]
        if written := _written(node, attributes, functions, page):
            ways.append(Way(node, written, said, place[0]))
    chosen = ((one, value) for one, value in selections(tree, page) if FOLIO.match(one.text))
    ways += [Way(one, value, one.text, last + n) for n, (one, value) in enumerate(chosen, start=1)]
    boxes = {name: tuple(nodes) for name, nodes in named.items()}
    folios = [
        (*_shown(at, node, boxes, places), " ".join(text.split()))
        for at, node, text in tree.texts
        if len(text) <= _LONGEST_FOLIO and FOLIO.match(text)
    ]
    folios.sort(key=lambda found: found[0])
    return Survey(tuple(ways), boxes, tags, tuple(folios), _sheets(folios), places)


def selections(tree: Node, page: Handlers | None = None) -> Iterator[tuple[Node, str]]:
    """The options of a page's selections that lead somewhere, and the address of each as written."""
    page = page or Handlers(tree.scripts)
    for box in tree.all("select"):
        handler = box.attribute("onchange")
        for option in box.all("option[value]"):
            value = option.attribute("value")
            written = page.opened(handler, value) if handler and value else ""
            if written or is_address(value) or "/" in value:
                yield option, written or value


def _shown(
    at: int, node: Node, boxes: Mapping[str, Sequence[Node]], places: Mapping[Node, tuple[int, int]]
) -> tuple[int, Node]:
    """Where what a text names stands: in the box whose id its element, or the one around it, has in some
    attribute, as tabs have; else where the text itself does."""
    for one in (node, node.parent):
        for value in one.attributes.values() if one and one.tag in _TABS else ():
            found = boxes.get(value.strip().lstrip("#").lower(), ())
            if len(found) == 1 and found[0].attribute("id") and found[0] not in (node, one):
                return places[found[0]][0], found[0]
    return at, node


def _sheets(folios: list[tuple[int, Node, str]]) -> dict[Node, frozenset[str]]:
    around: dict[Node, frozenset[str]] = {}
    for _, node, text in folios[:_MOST_FOLIOS]:
        above: Node | None = node
        while above is not None and text not in around.get(above, ()):
            around[above] = around.get(above, frozenset()) | {text}
            above = above.parent
    return around


def address(node: Node, base: str) -> str | None:
    """Where one element leads by what is written in it alone."""
    return web_address(_written(node, node.attributes, {}, Handlers("")), base)


def is_whole(label: str) -> bool:
    """Whether a label says what it leads to: neither cut short nor a mere 阅读全文."""
    return not label.endswith(_CUT_SHORT) and not _BLANK.fullmatch(label)


def is_address(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text.strip()) is not None


def day_of(address: str) -> date | None:
    """The day that an address names: 202408/02, 2024-08/02, 20240802, 2024-08-02, 2024/08/02, y=…&m=…&d=…."""
    apart = {name: re.search(rf"[?&]{name}\w*=(\d{{1,4}})(?!\d)", address) for name in "ymd"}
    if all(apart.values()):
        address = "-".join(match[1] for match in apart.values() if match)
    return dates.day(address.partition("://")[2] or address)


def _written(
    node: Node, attributes: Mapping[str, str], functions: Mapping[str, tuple[str, str]], page: Handlers
) -> str:
    """The address in an element's attributes: its href, what a script would open, any that looks like one,
    what a script would make of one."""
    href = attributes.get("href", "")
    if href and not href.startswith("#") and not href.lower().startswith(("javascript:", "mailto:", "tel:")):
        return href if node.tag not in ("link", "base") else ""
    for name in _SCRIPTED:
        if script := attributes.get(name, ""):
            found = next((each for each in _QUOTED.findall(script) if is_address(each)), None)
            if found and "+" not in script:
                return str(found)
            if _CALLS.search(script) and (made := page.opened(_JS.sub("", script))):
                return made
            for called, argument in _CALL.findall(script):
                if called in functions:
                    before, after = functions[called]
                    return f"{before}{argument}{after}"
            if found:
                return str(found)
    for name, value in attributes.items():
        telling = name.startswith("data-") or name in _TELLING
        if telling and name not in _NO_WAY and node.tag not in ("img", "form", "meta") and is_address(value):
            return value
    return _asked(attributes, page)


def _asked(attributes: Mapping[str, str], page: Handlers) -> str:
    """The address that a script makes of an element's data: of `data-id`, for one that asks for it."""
    data = {name[5:]: value for name, value in attributes.items() if name.startswith("data-")}
    if not data or not _ASKS.search(page.code):
        return ""
    made = (f"{before}{data[name]}{after}" for before, name, after in page.asking() if data.get(name))
    return next(made, "")


def _functions(scripts: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Functions that open an address made of their first argument: its parts before and after it."""
    for name, argument, body in _FUNCTION.findall(scripts):
        made = re.search(
            rf"""['"]([^'"]*[/?=][^'"]*)['"]\s*\+\s*{re.escape(argument)}\b(?:\s*\+\s*['"]([^'"]*)['"])?""",
            body,
        )
        if made:
            yield name, (made[1], made[2] or "")


def _label(node: Node) -> str:
    """What a link says: the heading or the first block in it, else all of it, else what its picture is
    called; its title where that is cut short."""
    below = node.below
    if node.tag == "tr":
        return longest_cell(node)
    parts = node.all("h1, h2, h3, h4, h5, h6") if below & HEADINGS else []
    if not parts and not below.isdisjoint(_PARTING):
        parts = [part for part in node.all(_PARTS) if not part.has(_PARTS)]
    text = next(filter(None, (part.text for part in parts)), "") or node.text
    if not text and (picture := node.first("img[alt]")):
        text = picture.attribute("alt")
    title = node.attribute("title")
    if title and not is_address(title) and (not is_whole(text) or undecorated(text, title)):
        return title
    return text.lstrip(_BULLETS) or text


def longest_cell(row: Node) -> str:
    """What a row of a table that leads somewhere says: its other cells have a number, a day."""
    return max((cell.text for cell in row.all("td, th")), key=len, default=row.text)


def undecorated(text: str, title: str) -> bool:
    """Whether a text is a title with nothing but a bullet or a number before it."""
    before = text.removesuffix(title)
    return before != text and _MARK.fullmatch(before) is not None
