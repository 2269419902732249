"""What families call the box of a text -> the part that reads an article: headline, text, pictures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bulletins.layouts import copies
from bulletins.layouts.density import is_about
from bulletins.layouts.parts import Article, Part
from bulletins.markup import Node, web_address
from bulletins.model import Block, BlockKind
from bulletins.survey import Survey, is_address, survey

# The names of boxes that hold a text and little else, as far as families share them.
_NAMED = re.compile(
    r"o?zoom[-_]?(?:text|body|content)?|numb|old_?contenttext|contenttext|content_?(?:div|text|1|article|news|body)"
    r"|(?:article|artcle|artical|art|news|newspaper|paper|doc|detail|story)[-_]?(?:content|cont|con|text|txt|body|entry)(?:-?\d)?"
    r"|copytext|zhenwenzone|doccontent|acon|neir|c_zw|tc_con|newsdetatext|p2_cont|main-article-content|font6|height-25|framecontent|details|detail-box",
    re.I,
)
# Names that other boxes have too.
_VAGUE = re.compile(
    r"(?:main[-_]?)?(?:content|text|txt|zw|details?|detail-box|media|info|body)(?:-con|_con)?", re.I
)
_ENP_TITLE = re.compile(r"enpproperty.*?<title>(.*?)</title>", re.S)
_ENOUGH = 20  # characters of a text
_MARGIN = 2_000  # characters in which a page says what it is
_SEVERAL = 2  # texts on one page
_CAPTION = 120  # characters of the longest caption
_LEVELS = 6  # of boxes around a picture or a text that still are about it
_CREDIT = re.compile(
    r"(?:^(?:图为|图片说明|图[:：①②③④⑤⑥]|[▲△▼▽◀▶↑↓←→])"
    r"|(?:摄|摄影|摄影报道|供图|制图|绘|图|摄/图|图/文|资料图片|图片|图片由.{1,20}提供)[)）]?\s*$)"
)
_ASIDE = 200  # characters of a box within a text that is no part of it
_PROMOTED = re.compile(  # what such a box is called
    r"(?:^|[-_\s])(?:ads?|adv|advert\w*|promo\w*|sponsor\w*|guanggao|tuiguang|banner)(?:$|[-_\s\d])", re.I
)
_NOTES = re.compile(  # what the box of a caption is called
    r"(?:^|[-_\s])(?:\w*caption|(?:img|pic|photo|image|tu|tp)[-_]?(?:note|desc|text|txt|info|sm|say|shuo|word|title)|figcaption|tushuo|zhushi|note|annotation)(?:$|[-_\s\d])",
    re.I,
)
_HEAD = re.compile(
    r"(?:当前版[:：]\s*|第\s*)(\w{1,4})\s*版(?:[:：]\s*([\u3400-\u9fff][^\s/|,，。<>]{0,11}))?"
)
# What else stands in the line of an author.
_LABEL = "来源|编辑|责编|责任编辑|发布|日期|时间|字[体号数]|阅读|浏览|点击|分享"
_AUTHOR = re.compile(
    rf"(?:作者|记者)\s*[:：]\s*(?!{_LABEL})([\u3400-\u9fff][\u3400-\u9fff·、,， ]{{1,40}}?)"
    rf"(?=\s*(?:{_LABEL}|[^\u3400-\u9fff·、,， ]|$))"
)
_FURNITURE = re.compile(
    r"[【\[]?(?:上一?篇|下一?篇|关闭(?:本页|窗口)?|返回.{0,6}|打印(?:本页)?|放大|缩小|默认|[横竖直]排|[大中小]字|\s)+[】\]]?"
    r"|(?:社址|报社地址|地址|新闻热线|印刷|承印|国内统一刊号)[:：].{0,100}"  # a newspaper's imprint
    r"|(?:上一篇|下一篇)[:：].{0,60}|扫(?:描|一扫).{0,20}二维码.{0,30}"
)
_PICTURES = re.compile(r"pic|photo|img|image|attach|figure|tu", re.I)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp)(?:$|[?#])", re.I)
_HEADINGS = "h1, h2, h3, #title, .title"

_CODE = re.compile(r"(?:扫一?[扫码]|扫描|长按)[^。]{0,40}|[^。]{0,12}二维码")  # what stands beside a QR code


def article(names: str = "") -> Part[Article]:
    """The article, in a box that any family has; `names` are the ids and classes of this one's."""
    own = frozenset(names.lower().split())
    return Part(lambda tree: _sure(tree, own), read)


def read(tree: Node, url: str) -> Article:
    body = _body(tree)
    if body is None:
        return Article(_title(tree), (), headings=_headings(tree))
    pictures = _each_picture_once(_pictures_beside(body, url))
    text = captioned(body, url)
    blocks = [block for block in text if not is_furniture(block)]
    above = tree.head(_MARGIN)
    head = _HEAD.search(above)
    known = {block.url for block in blocks if block.url}
    return Article(
        _title(tree),
        (*(block for block in pictures if block.url not in known), *blocks),
        f"第{head[1]}版:{head[2] or ''}" if head else "",
        headings=_headings(tree),
        byline=author(tree, body, above),
    )


def several(tree: Node, url: str) -> tuple[Article, ...]:
    """The articles of a page that has the texts of several, each with its own heading; none where it has
    one."""
    seen = survey(tree)
    boxes = list(seen.tags.get("founder-content", ())) or [
        box for box in _named(tree, _NAMED) if is_text(box)
    ]
    inner = [box for box in boxes if not any(box in other.all(box.tag) for other in boxes if other != box)]
    if len(inner) < _SEVERAL:
        return ()
    found = [_under_heading(box, inner, seen, url, n) for n, box in enumerate(inner, start=1)]
    told = tuple(article for article in found if article is not None)
    different = {(one.title, *(block.text for block in one.blocks)) for one in told}
    return told if len(different) >= _SEVERAL else ()


def _under_heading(box: Node, boxes: list[Node], seen: Survey, url: str, n: int) -> Article | None:
    """A text with the heading that stands with it in the widest box around it that has no other text."""
    around, above, name, sheet = box, box.parent, box.attribute("id"), ""
    for _ in range(_LEVELS):
        if above is None or any(other in above.all(other.tag) for other in boxes if other != box):
            break
        around, above = above, above.parent
        name = name or around.attribute("id")
    titles = [text for one in around.all(f"{_HEADINGS}, h4, founder-title") if (text := one.text)]
    holder: Node | None = around
    while holder is not None and not sheet:
        named = seen.sheets.get(holder, frozenset())
        sheet = next(iter(named)) if len(named) == 1 else ""
        holder = holder.parent if not named else None
    blocks = [block for block in captioned(box, url) if not is_furniture(block)]
    return Article(titles[-1], tuple(blocks), head=sheet, name=name or str(n)) if titles and blocks else None


def _sure(tree: Node, own: frozenset[str]) -> float:
    """1 for Founder's own element and the family's own boxes, less for what others have too."""
    body = _body(tree)
    if body is None:
        return 0.0
    names = {body.attribute("id").lower(), *body.attribute("class").lower().split()}
    if body.tag == "founder-content" or names & own:
        return 1.0
    return 0.6 if all(not _NAMED.fullmatch(name) for name in names) else 0.9


@lru_cache(maxsize=1)  # every family asks for it, of one page at a time
def _body(tree: Node) -> Node | None:
    """The box of the text: Founder's own element, its comment, boxes by names that families use. A box full
    of links is a list."""
    if founder := tree.all("founder-content"):
        return max(founder, key=lambda box: len(box.text))
    for where, comment in tree.comments:
        if comment.strip().lower() == "enpcontent" and len(where.text) >= _ENOUGH:
            return where
    for pattern in (_NAMED, _VAGUE):
        told = [box for box in _named(tree, pattern) if is_text(box)]
        if told := [box for box in told if pattern is _NAMED or "。" in box.text or not is_about(box.text)]:
            return _innermost(told)
    return next((box for box in _named(tree, _NAMED) if not box.has("a, area, [onclick]")), None)


def _named(tree: Node, pattern: re.Pattern[str]) -> list[Node]:
    """The boxes with an id or a class of that form. No survey: an article's text is all that is asked for."""
    return [
        box
        for box in tree.all("[id], [class]")
        if box.tag not in ("a", "li", "img", "body", "html")
        and any(map(pattern.fullmatch, [box.attribute("id"), *box.attribute("class").split()]))
    ]


def is_text(box: Node) -> bool:
    """Whether a box says something, and by more than its links."""
    text = len(box.text)
    return text >= _ENOUGH and sum(len(link.text) for link in box.all("a, area, [onclick]")) * 2 < text


def _innermost(boxes: list[Node]) -> Node:
    """Of boxes in each other the smallest that still has nearly all of the text."""
    most = max(len(box.text) for box in boxes)
    return min((box for box in boxes if len(box.text) >= most * 0.8), key=lambda box: len(box.text))


def _title(tree: Node) -> str:
    """The headline on the page; a first founder-title may be the paper's name, so the last one that says
    something."""
    if told := [box.text for box in tree.all("founder-title") if box.text]:
        return told[-1]
    for _, comment in tree.comments:
        if (match := _ENP_TITLE.search(comment)) and match[1].strip():
            return match[1].strip()
    return ""


def author(tree: Node, body: Node, above: str | None = None) -> str:
    """Who a page says wrote the article, above its text: in Founder's own element, or behind 作者 or 记者.
    `above` is the page's margin where it is known."""
    if told := [box.text for box in tree.all("founder-author") if box.text]:
        return told[-1]
    above = (tree.head(_MARGIN) if above is None else above).partition(body.text[:_ENOUGH] or "\0")[0]
    match = _AUTHOR.search(above)
    return match[1].strip() if match else ""


def _headings(tree: Node) -> tuple[str, ...]:
    return tuple(text for box in tree.all(_HEADINGS) if 1 < len(text := box.text) <= _CAPTION)


def is_furniture(block: Block) -> bool:
    """Whether a block is none of the article's: a line of the page's, or a code to be scanned."""
    if block.kind == BlockKind.IMAGE:
        return _CODE.fullmatch(block.text) is not None
    if block.kind == BlockKind.LIST:
        return all(map(_FURNITURE.fullmatch, block.text.split("\n")))
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        return False
    return bool(_FURNITURE.fullmatch(block.text)) or (is_address(block.text) and "://" not in block.text)


def _captions(root: Node, url: str) -> Iterator[tuple[str, str]]:
    """The addresses of pictures with the words in their own boxes."""
    for image in root.all("img"):
        box, above = image, image.parent
        for _ in range(_LEVELS):
            if above is None or above == root or len(above.text) > _CAPTION:
                break
            if len([one for one in above.blocks(url) if one.text and one.kind != BlockKind.IMAGE]) > 1:
                break
            box, above = above, above.parent
        for block in image.blocks(url) or box.blocks(url):
            if block.url and box.text:
                yield block.url, box.text


def captioned(body: Node, url: str) -> list[Block]:
    """The blocks of a text, each picture once. Captions and credits go to the pictures before them, as many
    as these are, and are no paragraphs."""
    captions = dict(_captions(body, url))
    beside = _beside(body, url)
    noted = {box.text for box in body.all("[class]") if _NOTES.search(box.attribute("class"))}
    found: list[Block] = []
    run: list[int] = []  # pictures without words of their own that stand side by side, by their places
    notes: list[str] = []  # what stands below those
    for block in body.blocks(url):
        if (block.text or block.url) in beside:
            continue
        if block.kind == BlockKind.IMAGE:
            run = [*run, len(found)] if not (block.text or notes) else [len(found)]
            notes = []
        elif len(notes) < len(run) and _is_note(block, found[run[-1]], captions, noted, notes):
            notes.append(block.text)
            for n, note in zip(run[-len(notes) :], notes, strict=True):
                found[n] = replace(found[n], text=note)
            continue
        else:
            run = []
        found.append(block)
    text = _each_picture_once(found)
    told = [(n, block) for n, block in enumerate(text) if block.text and block.kind != BlockKind.IMAGE]
    again = copies.places([(n, block.text) for n, block in told if not is_furniture(block)])
    return [block for n, block in enumerate(text) if n not in again] if again and copies.boxed(body) else text


def _beside(body: Node, url: str) -> set[str]:
    """What small boxes within a text have that are no part of it: those called advertisements, and asides all
    of links. An aside with words of its own, as a box of facts has, is the author's."""
    most = min(_ASIDE, len(body.text) // 2)
    found: set[str] = set()
    for box in body.all("aside, [class], [id]"):
        told = _PROMOTED.search(f"{box.attribute('class')} {box.attribute('id')}")
        if not (told or box.tag == "aside") or box == body or not 0 < len(text := box.text) <= most:
            continue
        if told or sum(len(link.text) for link in box.all("a")) >= len(text):
            found |= {block.text or block.url or "" for block in box.blocks(url)}
    return found - {""}


def _is_note(
    block: Block, last: Block, captions: Mapping[str, str], noted: Collection[str], notes: Sequence[str]
) -> bool:
    """Whether a block is the caption of the picture before it, or the next of several."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or not last.url:
        return False
    own = captions.get(last.url) == block.text
    bare = not last.text or bool(notes)
    credit = len(block.text) <= _CAPTION and _CREDIT.search(block.text) is not None
    return (own and not notes) or (bare and (credit or block.text in noted))


def _each_picture_once(blocks: Iterable[Block]) -> list[Block]:
    """A picture that stands twice, small and large say, is one, with the words of either."""
    found: list[Block] = []
    at: dict[str, int] = {}
    for block in blocks:
        pictured = block.kind == BlockKind.IMAGE and block.url
        n = at.setdefault(pictured, len(found)) if pictured else len(found)
        if n == len(found):
            found.append(block)
        elif not found[n].text:
            found[n] = block
    return found


def _leads_away(image: Node) -> bool:
    """Whether a picture is a link to something else than itself in full size: a thumbnail of the page."""
    link, levels = image.parent, 0
    while link is not None and link.tag != "a" and levels < _LEVELS:
        link, levels = link.parent, levels + 1
    href = link.attribute("href") if link and link.tag == "a" else ""
    return bool(href) and not _PICTURE_FILE.search(href) and not href.startswith(("#", "javascript:"))


def _pictures_beside(body: Node, url: str) -> Iterator[Block]:
    """Pictures of the article that stand outside its text, with their captions: in the boxes around it, up to
    where other text begins."""
    length = len(body.text)
    around, above = body, body.parent
    for _ in range(_LEVELS):
        if above is None or above.tag in ("body", "html") or len(above.text) > length + 2 * _CAPTION:
            break
        around, above = above, above.parent
    inside = set(body.all("img"))
    boxes: dict[Node, list[Node]] = {}
    for image in around.all("img"):
        if image not in inside and not _leads_away(image):
            boxes.setdefault(_with_its_words(image, around, length), []).append(image)
    for box, images in boxes.items():
        called = " ".join(f"{one.called} {box.called}" for one in images)
        if box.text or _PICTURES.search(called):
            yield from (block for block in _shown(box, images, url) if not is_furniture(block))


def _with_its_words(image: Node, around: Node, length: int) -> Node:
    """The box of a picture and its caption; of several where they have no words each for itself."""
    box, holder = image, image.parent
    for _ in range(_LEVELS):
        if holder is None or holder == around:
            break
        images = len(holder.all("img"))
        words = len(holder.text)
        if words > _CAPTION * max(1, images) or words >= length or (box.text and images > _images(box)):
            break
        box, holder = holder, holder.parent
    return box


def _images(box: Node) -> int:
    return len(box.all("img")) or 1


def _shown(box: Node, images: Sequence[Node], url: str) -> Iterator[Block]:
    """The pictures of a box, with their captions: the words of the box where it is one."""
    own = {web_address(one.attribute("data-src") or one.attribute("src"), url) for one in images}
    blocks = [block for block in captioned(box, url) if block.kind == BlockKind.IMAGE and block.url in own]
    alone = _images(box) == 1
    for block in blocks:
        yield replace(block, text=box.text or block.text) if alone else block
