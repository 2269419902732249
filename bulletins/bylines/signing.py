"""The byline that opens or closes a text -> who signed it, and the text without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bulletins.bylines.names import is_person, people
from bulletins.model import Author, Role

_HAN = "\u3400-\u9fff"
_MEDIUM = (
    rf"(?:本[报刊网台站社]|[{_HAN}]{{0,8}}?(?:日报|晚报|时报|商报|早报|晨报|都市报|科技报|导报|周报|农村报|读本|网|"
    r"在线|融媒体?|新闻|客户端|电视台|新华社|中新社))"
)
_ROLE = re.compile(
    rf"{_MEDIUM}?(?:新?全媒体?|融媒体?(?:中心)?|特约|特派|实习|见习|首席|资深|职工|高级|驻[{_HAN}]{{1,4}}?|\s)*"
    r"(?P<role>记者|通讯员|评论员|实习生|撰稿人?|作者)\s*[:：]?"
)
_ROLES = {"记者": Role.REPORTER, "评论员": Role.REPORTER, "通讯员": Role.CORRESPONDENT}
_SHARED = re.compile(
    r"本(?:栏目?|版|组|专栏)(?:稿件|图文|新闻|消息|文字)?(?:均|皆)?(?:除署名外)?(?:由)?"
    r"(?:组稿|供稿|撰稿|采写|整理|采编)?\s*[:：]?"
)
_GIVEN = re.compile(r"(?:供稿|撰稿|采写|组稿)(?:单位|人)?\s*[:：]")
_DONE = re.compile(r"\s*(?:联合|综合)?(?P<done>供稿|撰稿|采写|整理|整合|提供|报道)$")
# Words of text and picture beside the names: 文/图 张三, 张三 文/图, 文丨张三.
_TEXT_MARK = re.compile(
    r"文\s*[/／|｜丨Ⅰ]?\s*图(?![{_HAN}])|图\s*[/／|｜丨]\s*文|图文|撰文\s*[/／|｜丨:：]?|文\s*[/／|｜丨Ⅰ:：]"
)
# Who wrote, then who took the pictures: 张三/文 李四/图, 张三 文 李四 摄.
_PICTURED = re.compile(rf"(?P<text>.*[{_HAN}])(?:\s*[/／]\s*|\s+)撰?文[\s、,，/／]+[^文]*(?:图|摄影?)")
_PHOTO_PART = re.compile(r"\s*图\s*[/／|｜丨Ⅰ:：].*$")
_NO_BYLINE = re.compile(
    r"摄|责编|编辑|编审|审核|审校|校对|美编|组版|来源|供图|制图|配图|图片|资料|作者[系为单]|^据|^综合"
)
_ORGANISATION = re.compile(
    r"(?:科协|科学技术协会|学会|协会|联合会|商会|委员会|[局委院馆站办所队厂处部会台社团联]|中心|公司|集团|大学|学院|学校|"
    r"中学|小学|政府|街道|乡|镇|村|社区|医院|分局|支队|供电所|基地|园区|研究所)"
)
_BRACKET = re.compile(r"\s*[(（]\s*(?P<inside>[^()（）]+?)\s*[)）][。.]?$")
_FURNITURE = re.compile(r"\s*[(（【\[](?:责任编辑|责编|编辑|审核|校对|来源)[^()（）【】\[\]]*[)）】\]]$")
_ENDED = re.compile(r"(?:^|[。！？!?…][”’」』)）》]*|\s)$")
_STOPPED = re.compile(r"[。！？!?…][”’」』)）》]*\s*$")
_TAIL = re.compile(r"(?<=[。！？!?])(?P<quote>[”’」』]?)\s*(?P<tail>[^。！？!?”’」』,，；;]{2,60})$")
_LINE = 60  # characters of a byline that is a paragraph without brackets
_SIGNED_MARKS = ("□", "◇")  # before bare names; ■ and ● stand before headings as well
_MARKS = "■□◆◇●○◎▲△★☆▶ "
_OPENING = re.compile(
    rf"[{_MARKS}]*据?{_MEDIUM}[{_HAN}]{{0,6}}?(?:\d{{1,2}}月\d{{1,2}}日)?\s*"
    r"(?:(?<![通资快电简喜])[讯訊](?![息号速问])|(?:(?<=日)|(?<=[华新]社))[电電](?![视话力影])|消息(?=\s*[(（:：]|\s))"
)
_OPEN_BYLINE = re.compile(
    r"\s*[(（]\s*(?P<inside>[^()（）]+?)\s*[)）]|\s*(?P<bare>(?:记者|通讯员)[^,，。;；:：()（）]{2,30}?)\s*报道(?=[\s:：])"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """`rest` is the text without the byline, `text` the byline as printed; `shared` ones (本栏目组稿:…) sign
    every item above them in their column."""

    rest: str
    authors: tuple[Author, ...]
    shared: bool
    text: str


@dataclass(frozen=True, slots=True)
class _Signed:
    authors: tuple[Author, ...]
    shared: bool
    told: bool  # a word says that it is a byline (记者, 供稿); bare names need the place of one


def closing(text: str) -> Byline | None:
    """The byline that ends a paragraph or is one: (本报记者 苏文保), (新津县科协供稿), 本报记者 毛静.

    Names before 本报记者 are contributors, names after it reporters. In a bracket directly after a sentence's
    end any two to four characters are a name (綦放, 阿尔木呷), elsewhere only those with a known surname.
    None for photo credits, editors, notes (网络赛, 试行) and the brackets that belong to the sentence.
    """
    plain = tidy = _tidy(text)
    while credit := _FURNITURE.search(plain):
        plain = plain[: credit.start()]
    if bracket := _BRACKET.search(plain):
        stopped = _STOPPED.search(plain[: bracket.start()]) is not None
        signed = _signed(bracket["inside"], lenient=stopped)
        placed = stopped or _ENDED.search(plain[: bracket.start()]) or plain[bracket.start()].isspace()
        if signed and (signed.told or placed):
            return _byline(tidy, bracket.start(), signed)
        return None
    line = plain.lstrip(_MARKS)
    if len(line) <= _LINE and (signed := _signed(line)):
        marked = plain[:1] in _SIGNED_MARKS and all(len(word) <= 3 for word in line.split())
        if signed.told or marked:
            return _byline(tidy, 0, signed)
    tail = _TAIL.search(plain)
    signed = _signed(tail["tail"].lstrip(_MARKS)) if tail else None
    if tail and signed and all(author.role != Role.ORGANISATION for author in signed.authors):
        return _byline(tidy, tail.start("tail"), signed)
    return None


def opening(text: str) -> Byline:
    """The mark that opens a report, with its byline: 本报讯(记者 桂璐), 新华社巴黎12月9日电（记者唐霁）.
    Where there is none, `text` is empty and `rest` the whole."""
    plain = _tidy(text)
    head = _OPENING.match(plain)
    at = head.end() if head else 0
    authors: tuple[Author, ...] = ()
    if bracket := _OPEN_BYLINE.match(plain, at):
        signed = _signed(bracket["inside"] or bracket["bare"])
        if signed and (head or signed.told):
            authors, at = signed.authors, bracket.end()
    return Byline(plain[at:].lstrip(" :：") if at else plain, authors, False, plain[:at].strip())


def _byline(text: str, start: int, signed: _Signed) -> Byline:
    return Byline(text[:start].rstrip(), signed.authors, signed.shared, text[start:].strip())


def _signed(words: str, *, lenient: bool = False) -> _Signed | None:
    """The people and bodies that the words name; None when they are anything else."""
    pictured = _PICTURED.fullmatch(words)
    words = pictured["text"] if pictured else words
    credited = pictured or _TEXT_MARK.match(words)
    words = _PHOTO_PART.sub("", _TEXT_MARK.sub(" ", words)).strip()
    if _NO_BYLINE.search(words):
        return None
    shared = _SHARED.match(words)
    given = shared or _GIVEN.match(words)
    words = words[given.end() :] if given else words
    done = _DONE.search(words)
    words = words[: done.start()] if done else words
    authors: list[Author] = []
    role, at = Role.CONTRIBUTOR, 0
    roles = list(_ROLE.finditer(words))
    for match in [*roles, None]:
        found = _authors(words[at : match.start() if match else len(words)], role, lenient or at > 0)
        if found is None:
            return None
        authors += found
        if match:
            role, at = _ROLES.get(match["role"], Role.CONTRIBUTOR), match.end()
    if not authors:
        return None
    told = bool(given or credited or roles or (done and done["done"] != "报道"))
    return _Signed(tuple(dict.fromkeys(authors)), bool(shared), told)


def _authors(words: str, role: Role, lenient: bool) -> Sequence[Author] | None:
    """Names and bodies in the words after a role word or before any; None when one is neither."""
    found: list[Author] = []
    for part in re.split(r"[、,，;；/／|｜]", words):
        for token in people(part.split()):
            if _is_organisation(token):
                found.append(Author(token, Role.ORGANISATION))
            elif names := is_person(token, lenient=lenient):
                found += [Author(name, role) for name in names]
            else:
                return None
    return found


def _is_organisation(token: str) -> bool:
    match = re.search(rf"{_ORGANISATION.pattern}$", token)
    short = len(token) > 3 or token.endswith("科协") or token[0] in "省市县区州校"
    return match is not None and short


def _tidy(text: str) -> str:
    return " ".join(text.split())
