"""The byline that opens or closes a text -> who signed it, and the text without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulletins.bylines import colophon
from bulletins.bylines.names import is_person, people, surnames
from bulletins.model import Author, Role

_HAN = "\u3400-\u9fff"
_MEDIUM = (
    rf"(?:本[报刊网台站社]|[{_HAN}·]{{0,9}}?"
    r"(?:报|读本|网|在线|融媒体?(?:中心)?|新闻|观察|传媒|频道|客户端|[电央]视|台|[华新]社))"
)
_ROLE = re.compile(
    rf"{_MEDIUM}?(?:新?全媒体?|融媒体?(?:中心)?|特约|特派|实习|见习|首席|资深|职工|高级|驻[{_HAN}]{{1,4}}?|\s)*"
    r"(?P<role>记\s?者|通\s?讯\s?员|评论员|实习生|撰稿人?|作\s?者)\s*[:：｜|丨]?"
)
_ROLES = {"记者": Role.REPORTER, "评论员": Role.REPORTER, "通讯员": Role.CORRESPONDENT}
_SHARED = re.compile(
    r"本(?:栏目?|版|组|专栏)(?:稿件|图文|新闻|消息|文字)?(?:均|皆)?(?:除署名外)?(?:由)?"
    r"(?:组稿|供稿|撰稿|采写|整理|采编)?\s*[:：]?"
)
_GIVEN = re.compile(
    r"(?:参与|联合|协助)?(?:供稿|撰稿|采写|组稿|执笔|整理|口述|采编|文字|图文|文图)(?:单位|人|者)?\s*[:：/／]"
)
_DONE = re.compile(r"\s*(?:联合|综合)?(?P<done>供稿|撰稿|采写|整理|整合|提供|(?<=\s)综合|报道)$")
# Words of text and picture beside the names: 文/图 张三, 张三 文/图, 文丨张三.
_TEXT_MARK = re.compile(
    r"文\s*[/／|｜丨Ⅰ]?\s*图(?![{_HAN}])|图\s*[/／|｜丨]\s*文|图文|撰文\s*[/／|｜丨:：]?|文\s*[/／并]\s*摄影?(?=\s|$)|文\s*[/／|｜丨Ⅰ:：]"
    r"|[/／]\s*文$"
)
# Who wrote, then who took the pictures: 张三/文 李四/图, 张三 文 李四 摄.
_PICTURED = re.compile(rf"(?P<text>.*[{_HAN}])(?:\s*[/／]\s*|\s+)撰?文[\s、,，/／]+[^文]*(?:图|摄影?)")
_PHOTO_PART = re.compile(r"\s*(?:图|摄影?)\s*[/／|｜丨Ⅰ:：].*$")
_NO_BYLINE = re.compile(
    r"摄|责编|编辑(?!部)|编审|审核|审校|校对|美编|组版|来源|供图|制图|配图|图片|资料|^据|^综合"
)
_ORGANISATION = re.compile(
    r"(?:科协|科学技术协会|学会|协会|联合会|商会|委员会|[局委院馆站办所队厂处部会台社团联室]|中心|公司|集团|大学|学院|学校|"
    r"中学|小学|政府|街道|乡|镇|村|社区|医院|分局|支队|供电所|基地|园区|研究所|[支银]行|党组|[农林]场|幼儿园|(?:课题|工作|小)组|专班)"
)
# Parts of a hospital, a school, a body: 骨科, 教务处. Of three characters, some may be a name.
_DEPARTMENT = re.compile(rf"[{_HAN}]{{1,4}}[科处室股系]")
_WORK = ("宣传", "组织", "计财", "安保", "党办", "党政", "广电", "农业", "管理")  # that begin as surnames do
# A line of its own is a signature only with a word that nothing else ends in.
_BODY = re.compile(
    r"[省市州县区旗盟](?:老?科协|妇联|残联|文联|团委|总工会|科技馆|融媒体中心|人民政府|委?(?:办公室|宣传部)|[\u3400-\u9fff]{1,8}局)$|"
    r"(?:科学技术协|[学协]|联合|委员)会$|研究[所院]$"
)
_BODY_AND_NAME = re.compile(rf"(?P<body>[{_HAN}]{{2,}}{_ORGANISATION.pattern})(?P<name>[{_HAN}]{{2,4}})")
_BRACKET = re.compile(
    r"\s*(?:[(（]\s*(?P<inside>[^()（）]+?)\s*[)）]|[\[【〔](?P<square>[^\[\]【】〔〕]+)[\]】〕])[。.]?$"
)
_ENDED = re.compile(r"(?:^|[。！？!?…][”’」』)）》]*|\s)$")
_STOPPED = re.compile(r"[。！？!?…][”’」』)）》]*\s*$")
_TAIL = re.compile(r"(?<=[。！？!?])(?P<quote>[”’」』]?)\s*(?P<tail>[^。！？!?”’」』,，；;]{2,60})$")
_LINE = 60  # characters of a byline that is a paragraph without brackets, or, with labels, twice that
_END = 1_000  # characters of a text that are looked through for the byline at its end
_LONGEST = 400  # characters of a byline; what is longer is a text
_TELLS = re.compile(r"记者|通讯员|评论员|实习生|供稿|撰稿|采写|作者")
_SIGNED_MARKS = ("□", "◇")  # before bare names; ■ and ● stand before headings as well
_MARKS = "■□◆◇●○◎▲△★☆▶ "
_LEAD = f"{_MARKS}—–-"
_NO_REPORT = "(?<![通资快电简喜音闻问审传])"  # 通讯, 资讯, 喜讯, …
_OPENING = re.compile(
    rf"[{_MARKS}]*(?P<set>[【(（\[])?(?:"
    rf"据?{_MEDIUM}[{_HAN}]{{0,6}}?(?:\d{{1,2}}月\d{{1,2}}日)?\s*"
    rf"(?:{_NO_REPORT}[讯訊](?![息号速问])|(?:(?<=日)|(?<=[华新]社))[电電](?![视话力影])|消息(?=\s*[(（:：]|\s))"
    rf"|[{_HAN}]{{2,8}}?{_NO_REPORT}[讯訊](?=\s|[(（])|\d{{1,2}}月\d{{1,2}}日[讯訊电電](?=\s|[(（]))(?(set)[】)）\]])"
)
_OPEN_BYLINE = re.compile(
    rf"\s*[(（]\s*(?P<inside>[^()（）]+?)\s*[)）]"
    rf"|[\s{_MARKS}]*(?P<bare>(?:{_MEDIUM}\s*)?(?:记者|通讯员)[^,，。;；:：()（）]{{2,30}}?)\s*报道(?=[\s:：])"
    rf"|[□■◇]\s*(?P<marked>(?:{_MEDIUM}\s*)?(?:记者|通讯员)\s*(?:[{_HAN}·]{{1,4}}[\s、]+)+)(?=\S)"
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


def closing(text: str, *, below: bool = False) -> Byline | None:
    """The byline that ends a paragraph or is one: (本报记者 苏文保), (新津县科协供稿), 本报记者 毛静.

    Names before 本报记者 are contributors, names after it reporters. In a bracket directly after a sentence's
    end, or alone `below` one, any two to four characters are a name (綦放, 阿尔木呷), elsewhere only those
    with a known surname. None for photo credits, editors, notes (网络赛, 试行) and a sentence's own brackets.
    """
    tidy = _tidy(text)
    if len(tidy) > _END:
        ends = closing(tidy[-_END:], below=below)
        return replace(ends, rest=tidy[:-_END] + ends.rest) if ends and ends.rest else None
    plain = colophon.before_colophon(tidy)
    if bracket := _BRACKET.search(plain):
        before = plain[: bracket.start()]
        stopped = _STOPPED.search(before) is not None or (below and not before)
        signed = _signed(bracket["inside"] or bracket["square"], lenient=stopped)
        placed = stopped or _ENDED.search(before) or plain[bracket.start()].isspace()
        if signed and (signed.told or placed):
            return _byline(tidy, bracket.start(), signed)
        return None
    line = tidy.lstrip(_LEAD)
    if len(line) <= _LINE * (1 + colophon.names_editors(line)) and (signed := _signed(line)):
        marked = plain[:1] in _SIGNED_MARKS and all(len(word) <= 3 for word in line.split())
        if signed.told or marked:
            return _byline(tidy, 0, signed)
    tail = _TAIL.search(plain)
    signed = _signed(tail["tail"].lstrip(_LEAD)) if tail else None
    if tail and signed and all(author.role != Role.ORGANISATION for author in signed.authors):
        return _byline(tidy, tail.start("tail"), signed)
    return None


def unread(text: str) -> str:
    """The bracket or line that ends a text and tells of somebody who signs, where `closing` cannot say whom;
    else empty."""
    plain = colophon.before_colophon(_tidy(text)[-_END:])
    bracket = _BRACKET.search(plain)
    words = colophon.written((bracket["inside"] or bracket["square"]) if bracket else plain)
    if not bracket and (len(plain) > _LINE or re.search("[,，。！？!?]", plain)):
        return ""
    if bracket and not _ENDED.search(plain[: bracket.start()]):
        return ""
    told = _TELLS.match(words) or re.search(r"供稿$", words)
    return words if told and not _NO_BYLINE.search(words) and closing(text) is None else ""


def given(words: str) -> Byline | None:
    """Who is named in words that are known to be a byline: a page's author field, (本栏目组稿:…)."""
    tidy = _tidy(words)
    bracket = _BRACKET.fullmatch(tidy)
    said = (bracket["inside"] or bracket["square"]) if bracket else tidy.lstrip(_LEAD)
    signed = _signed(said, lenient=True)
    return _byline(tidy, 0, signed) if signed else None


def opening(text: str) -> Byline:
    """The mark that opens a report, with its byline: 本报讯(记者 桂璐), 新华社巴黎12月9日电（记者唐霁）.
    Where there is none, `text` is empty and `rest` the whole."""
    plain = _tidy(text)
    head = _OPENING.match(plain)
    at = head.end() if head else 0
    authors: tuple[Author, ...] = ()
    if bracket := _OPEN_BYLINE.match(plain, at):
        signed = _signed(bracket["inside"] or bracket["bare"] or bracket["marked"])
        if signed and (head or signed.told):
            authors, at = signed.authors, bracket.end()
    return Byline(plain[at:].lstrip(" :：—–-") if at else plain, authors, False, plain[:at].strip())


def is_body(line: str) -> bool:
    """Whether a line is the name of a body (云岭县科协, 云岭县农业农村局), whole and alone."""
    return re.fullmatch(rf"[{_HAN}]{{4,20}}", line) is not None and _BODY.search(line) is not None


def _byline(text: str, start: int, signed: _Signed) -> Byline:
    return Byline(text[:start].rstrip(), signed.authors, signed.shared, text[start:].strip())


def _signed(words: str, *, lenient: bool = False) -> _Signed | None:
    """The people and bodies that the words name; None when they are anything else."""
    if len(words) > _LONGEST:
        return None
    shared = _SHARED.match(words)
    words = words[shared.end() :] if shared else colophon.written(words)
    pictured = _PICTURED.fullmatch(words)
    words = pictured["text"] if pictured else words
    credited = pictured or _TEXT_MARK.search(words)
    labelled = _GIVEN.search(words)
    words = _PHOTO_PART.sub("", _TEXT_MARK.sub(" ", _GIVEN.sub(" ", words))).strip()
    if not words or _NO_BYLINE.search(words):
        return None
    done = _DONE.search(words)
    words = words[: done.start()] if done else words
    authors: list[Author] = []
    role, at = Role.CONTRIBUTOR, 0
    roles = list(_ROLE.finditer(words))
    for match in [*roles, None]:
        # 记者：为什么 is a question in an interview.
        named = lenient or (at > 0 and words[at - 1] not in ":：")
        found = _authors(words[at : match.start() if match else len(words)], role, named)
        if found is None:
            return None
        authors += found
        if match:
            role, at = _ROLES.get("".join(match["role"].split()), Role.CONTRIBUTOR), match.end()
    if not authors:
        return None
    told = bool(shared or labelled or credited or roles or (done and done["done"] not in ("报道", "综合")))
    return _Signed(tuple(dict.fromkeys(authors)), bool(shared), told)


def _authors(words: str, role: Role, lenient: bool) -> Sequence[Author] | None:
    """Names and bodies in the words after a role word or before any; None when one is neither."""
    found: list[Author] = []
    for part in re.split(r"[、,，;；/／|｜丨:：]", words):
        for token in people(part.split()):
            name = token.removesuffix("等") if len(token) > 2 else token
            if _is_organisation(name):
                found.append(Author(name, Role.ORGANISATION))
            elif names := is_person(name, lenient=lenient):
                found += [Author(one, role) for one in names]
            elif both := _body_and_names(name):
                found.append(Author(both[0], Role.ORGANISATION))
                found += [Author(one, role) for one in both[1]]
            elif name != "等":
                return None
    return found


def _body_and_names(token: str) -> tuple[str, list[str]] | None:
    """新津县科协张三: a body and who wrote there, without a blank between them."""
    for match in _BODY_AND_NAME.finditer(token):
        if match.span() == (0, len(token)) and (names := is_person(match["name"], lenient=False)):
            return match["body"], names
    return None


def _is_organisation(token: str) -> bool:
    if _DEPARTMENT.fullmatch(token) and (len(token) > 3 or token[0] not in surnames() or token[:2] in _WORK):
        return True
    match = re.search(rf"{_ORGANISATION.pattern}$", token)
    short = len(token) > 3 or token.endswith(("科协", "团", "队")) or token[0] in "省市县区州旗校"
    return match is not None and short


def _tidy(text: str) -> str:
    return " ".join(text.split())
