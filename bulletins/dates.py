"""A date in any printed form -> the day, the moment or the days of an event, in Asia/Shanghai."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletins.model import Precision

SHANGHAI = ZoneInfo("Asia/Shanghai")

_HALF = r"凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚"
_WEEK = "一二三四五六日"
_ON = rf"(?:\s*[(,，]?\s*(?:星期|周|礼拜)(?P<on>[{_WEEK}天]))"
_DAY = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>(?:19|20)\d\d)年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})(?:日|(?!\d))"
    r"|(?:(?P<y2>(?:19|20)\d\d) ?[-/.] ?(?P<m2>\d{1,2}) ?[-/.] ?(?P<d2>\d{1,2})"
    r"|(?P<y3>(?:19|20)\d\d)(?P<m3>\d\d)/?(?P<d3>\d\d)"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>(?:19|20)\d\d))(?!\d)"
    # The day in a box of its own, above its month: 21, and below it 2024年02月.
    r"|(?P<d5>\d{1,2})\s+(?P<y5>(?:19|20)\d\d)\s?[-年/.]\s?(?P<m5>\d{1,2})月?(?![-/.\d日]))"
)
_TIME = re.compile(
    rf"(?:[\s\-T(),]|星期[一二三四五六日天]|周[一二三四五六日天])*(?P<half>{_HALF})?\s*"
    r"(?:(?P<h1>\d{1,2}):(?P<m1>\d\d)(?!\d)(?::\d\d(?:\.\d+)?)?\s?(?P<zone>Z|[+-]\d\d:?\d\d)?"
    r"|(?P<h2>\d{1,2})[时点](?:(?P<m2>\d{1,2})分|(?P<past>半))?)"
)

_WEEKDAY = re.compile(_ON)
_LEAP_DAY = date(2024, 2, 29)  # of a year that has every day
_AHEAD = timedelta(days=60)  # an event announced; a day further on was last year's
_NEW_YEAR = timedelta(days=31)  # an event of January announced in December
_FAR = timedelta(days=370)  # a date with its own year further off is history, or a plan
_TITLE = re.compile(r"《[^《》]*》?")
_AND = r"(?:至|到|—{1,2}|[-–~―─]|、|和|与|及)"
_DATED = re.compile(
    r"(?<!\d)(?<!\d\.)(?<!农历)(?:(?P<y1>(?:19|20)\d\d)年|(?P<year>[去今明])年)?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})"
    rf"(?:日?(?:(?<=日)(?:\(?(?:星期|周)[{_WEEK}天]\)?)?(?:{_HALF})?)?"
    rf"(?:{_AND}(?:(?P<y2>(?:19|20)\d\d)年)?(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日)+|日)"
    r"|(?<!\d)(?P<y3>20\d\d)(?P<mark>[-/.])(?P<m3>\d{1,2})(?P=mark)(?P<d3>\d{1,2})(?!\d)"
)
_CLAUSE = r"(?:^|(?<=[,。;、:()\s”])|(?<=记者))"
_NEAR = re.compile(
    rf"{_CLAUSE}(?:[昨今前][日天]?\((?P<numbered>\d{{1,2}})日?\)[日天]?"
    r"|(?P<alone>\d{1,2})日(?![内龄均前后游起间])(?:(?:[至到~—–-]{1,2}|[、和及])(?P<last>\d{1,2})日)?"
    r"|(?P<word>[昨今前])(?:[日天](?!头条|说法|[的之(])|(?<=[昨今])[晚夜晨早](?=[,\d]|在))"
    r"|(?P<coming>[明后])[日天](?=[,\d上下晚早中])"
    rf"|(?P<month>[本上])个?月(?P<of>\d{{1,2}})日(?:[至到~—–、和-]{{1,2}}(?P<to>\d{{1,2}})日)?|(?P<week>[本上下])(?:个?周|个?星期)(?P<weekday>[{_WEEK}天]))"
)
_BACK = {"今": 0, "昨": 1, "前": 2, "明": -1, "后": -2}
_WEEKS = {"上": -7, "本": 0, "下": 7}  # days
_HEARD = re.compile(r"[^,。;]{0,20}(?:获悉|了解到|得知)")
_DATELINE = re.compile(r"电(?![\u3400-\u9fff])|讯")
_DATELINE_AHEAD = 10  # days that a report may look ahead of its dateline
_DOCUMENT = re.compile(
    r"[^,。;]{0,16}?(?:印发|下发|颁布|发布|公布|出台|签发|施行|实施|发表|刊发)的"
    r"|(?:刊[文登发载]|[发登载]文|报道|消息)|第?[A-Z\d]{1,3}版"
)
# A day that something else is dated by: until, since, on the eve of, the meeting held on …
_ASIDE = re.compile(
    r"(?:以来|起|至今|前|后|[,，]?(?:正值|正是|是|即|为))|[^,。;]{0,10}(?:之际|来临|到来|前夕|以来)|[^,。;]{0,14}?(?:召开|举行|闭幕|通过|审议)的"
)
_LONG_AGO = re.compile(r"早在$|(?:成立|始建|[创开]办|出生|[诞创]生|[组创兴筹]建|建成|启用|开馆|[始起]源?)于$")
# No day of the event at all: a deadline, a day of every year, a day that only names a festival (5月30日全国
# 科技工作者日).
_UNTIL = re.compile(r"(?:截[至止](?:[到于]|时间|日期)?[为是:]?|每年的?)$")
_DEADLINE = re.compile(r"(?:请|须|务必|务于|应)[^,。;]{0,8}$")
_FEAST = re.compile(
    r"(?:(?!举[办行]|开[展幕放]|启动|迎来|召开|组织|[是为即在])[\u3400-\u9fff·]){1,14}[日节]"
    r"(?=[,，。、;:!”\"』」)\s]|来临|到来|之际|前夕|$)"
)
_LATELY = re.compile(r"近日|日前|近期|连日来")

_DIGITS = "〇一二三四五六七八九"
_AS_DIGITS = str.maketrans(_DIGITS, "0123456789")
_SPELT_YEAR = re.compile(rf"[{_DIGITS}零]{{4}}(?=\s*年)")
_NUMBER = rf"[{_DIGITS[1:]}]?十[{_DIGITS[1:]}]?|[{_DIGITS[1:]}]"
_SPELT_DAY = re.compile(rf"(?<!农历)(?<![{_DIGITS}十])({_NUMBER})\s*月\s*({_NUMBER})\s*日")
_NUMBERED = re.compile(r"(?<=月\d)号|(?<=月\d\d)号")  # 8月1号, as people say it
_SPLIT = re.compile(r"(?<=\d)\s+(?=[年月日时分])|(?<=[年月时])\s+(?=\d)")


@dataclass(frozen=True, slots=True)
class Event:
    """The first day, and of several the last, of what is reported; the words that say so, and why they may
    be wrong."""

    first: date
    last: date | None = None
    text: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Days:
    """Days named in a text: `rank` 0 for an event's own, more for those that other things are dated by, the
    report itself among them."""

    at: int
    end: int
    rank: int
    first: date
    last: date | None = None
    doubt: str = ""


def day(text: str) -> date | None:
    """The first full date in a text, in any printed form (2024-07-29, 2024年7月29日, 二〇二四年七月二十九日,
    20240729, 29.07.2024, with blanks, in a longer text); None without one that is in the calendar."""
    return next((found for found, _ in _full(_plain(text))), None)


def moment(text: str) -> tuple[datetime, Precision] | None:
    """The first full date with the time of day that stands beside it, to the minute, else at 00:00; aware,
    in Asia/Shanghai. A time that names another zone is converted."""
    plain = _plain(text)
    found = next(_full(plain), None)
    if found is None:
        return None
    midnight = datetime.combine(found[0], datetime.min.time(), SHANGHAI)
    time = _TIME.match(plain, found[1])
    if time is None:
        return midnight, Precision.DAY
    hour, minute = int(time["h1"] or time["h2"]), int(time["m1"] or time["m2"] or (30 if time["past"] else 0))
    if hour < 12 and time["half"] in ("下午", "傍晚", "晚上", "晚"):
        hour += 12
    if hour > 23 or minute > 59:
        return midnight, Precision.DAY
    there = midnight.replace(hour=hour, minute=minute)
    if zone := time["zone"]:
        there = there.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo).astimezone(SHANGHAI)
    return there, Precision.MINUTE


def impossible(text: str, printed: date | None = None) -> str:
    """The first date in a text, with or without its year, that no calendar has (2月30日, 13月1日, 昨(35)日;
    2月29日 too on a page `printed` in March 2025), as printed but for blanks; else empty."""
    plain = _plain(text)
    for match in _DAY.finditer(plain):
        if _date(*_numbers(match)) is None:
            return match[0]
    for match in _DATED.finditer(plain):
        if _first(match, printed or _LEAP_DAY) is None:
            return match[0]
    wrong = (match[0] for match in _NEAR.finditer(plain) if not 0 < int(match["numbered"] or 1) <= 31)
    return next(wrong, "")


def contradiction(text: str) -> str:
    """Where a full date stands beside a weekday that it was not: what is said and what it was; else empty."""
    plain = _plain(text)
    for found, end in _full(plain):
        if said := _doubt(found, plain, end):
            return said
    return ""


def event(text: str, printed: date) -> Event | None:
    """What days a paragraph reports on, as seen from the edition's date.

    A day without a year is the nearest one that lies at most 60 days ahead; 今日 and a day without a month
    count from the dateline's day (成都4月19日电) where there is one; 上周五 is Friday of last week.
    Titles in 《》, documents' dates, deadlines (截至…), festivals (5月30日全国科技工作者日) and years far
    from the edition do not count; the dateline's own day (本报舟山7月18日讯) and days that other things are
    dated by (…以来) only where nothing else tells the time, not even 近日.
    """
    plain = _plain(_TITLE.sub(" ", text))
    filed = next(_filed(plain, printed), None)
    near = _near(plain, filed or printed, apart=filed is not None)
    found = sorted([*_dated(plain, printed), *near], key=lambda days: (days.rank, days.at))
    if not found or (found[0].rank and _LATELY.search(plain)):
        return None
    told = found[0]
    doubt = told.doubt or _doubt(told.first, plain, told.end)
    return Event(told.first, told.last, plain[told.at : told.end].strip(), doubt)


def vague(text: str) -> str:
    """The words by which a paragraph says that something is recent, and no more (近日, 日前); else empty."""
    found = _LATELY.search(text)
    return found[0] if found else ""


def _doubt(day: date, plain: str, end: int) -> str:
    """The weekday that is printed after a day, where it was another."""
    on = _WEEKDAY.match(plain, end)
    was = _WEEK[day.weekday()]
    if on is None or on["on"].replace("天", "日") == was:
        return ""
    return f"{day} is 星期{was}, printed as 星期{on['on']}"


def _full(plain: str) -> Iterator[tuple[date, int]]:
    for match in _DAY.finditer(plain):
        if found := _date(*_numbers(match)):
            yield found, match.end()


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    year, month, number = (
        next(int(match[f"{part}{form}"]) for form in "12345" if match[f"{part}{form}"]) for part in "ymd"
    )
    return year, month, number


def _filed(plain: str, printed: date) -> Iterator[date]:
    """The day of a dateline: 成都4月19日电."""
    for match in _DATED.finditer(plain):
        if _DATELINE.match(plain, match.end()) and (filed := _first(match, printed)):
            yield filed


def _dated(plain: str, printed: date) -> Iterator[_Days]:
    for match in _DATED.finditer(plain):
        first = _first(match, printed)
        if first is None or abs(first - printed) > _FAR:
            continue
        before, after = plain[: match.start()], plain[match.end() :]
        if _DATELINE.match(after):
            yield _Days(match.start(), match.end(), 1, first)
            continue
        if _DOCUMENT.match(after) or _FEAST.match(after) or _UNTIL.search(before):
            continue
        if after.startswith(("前", "之前")) and _DEADLINE.search(before):
            continue
        aside = _ASIDE.match(after) or _LONG_AGO.search(before)
        last = _last(match, first)
        doubt = "" if last or match["d2"] is None else f"{match[0]} has no last day after its first"
        yield _Days(match.start(), match.end(), 1 if aside else 0, first, last, doubt)


def _first(match: re.Match[str], printed: date) -> date | None:
    year = match["y1"] or match["y3"]
    own = int(year) if year else None
    if match["year"]:
        own = printed.year + "去今明".index(match["year"]) - 1
    return _nearest(own, int(match["m1"] or match["m3"]), int(match["d1"] or match["d3"]), printed)


def _last(match: re.Match[str], first: date) -> date | None:
    if match["d2"] is None:
        return None
    number = int(match["d2"])
    month = (
        int(match["m2"]) if match["m2"] else (first.month + (number < first.day) - 1) % 12 + 1
    )  # 30日至2日
    year = int(match["y2"]) if match["y2"] else first.year + (month < first.month)
    last = _date(year, month, number)
    return last if last and last > first else None


def _near(plain: str, today: date, *, apart: bool) -> Iterator[_Days]:
    """昨(1)日, 今天(3日), 昨日, and a day of the month alone (29日), counted back from `today`: the edition's
    day or, `apart` from it, the dateline's; from that one also a little onwards (19日电, 20日将…)."""
    ahead = _DATELINE_AHEAD if apart else 0
    for match in _NEAR.finditer(plain):
        heard = 2 if _HEARD.match(plain, match.end()) or plain.endswith("记者", 0, match.start()) else 0
        start, end = match.span()
        if first := _told(match, today, ahead):
            last = _within_a_month(first, match["last"] or match["to"])
            yield _Days(start, end, heard, first, last)


def _told(match: re.Match[str], today: date, ahead: int) -> date | None:
    if word := match["word"] or match["coming"]:
        return today - timedelta(days=_BACK[word])
    if week := match["week"]:
        monday = today + timedelta(days=_WEEKS[week] - today.weekday())
        return monday + timedelta(days=_WEEK.index(match["weekday"].replace("天", "日")))
    if month := match["month"]:
        there = today.replace(day=1) - timedelta(days=1 if month == "上" else 0)
        return _date(there.year, there.month, int(match["of"]))
    number = int(match["numbered"] or match["alone"])
    back = (today + timedelta(days=ahead - n) for n in range(31))
    return next((one for one in back if one.day == number), None)


def _within_a_month(first: date, number: str | None) -> date | None:
    onward = (first + timedelta(days=n) for n in range(1, 31)) if number else ()
    return next((one for one in onward if one.day == int(number or 0)), None)


def _nearest(year: int | None, month: int, number: int, printed: date) -> date | None:
    if year:
        return _date(year, month, number)
    for ahead, limit in ((1, _NEW_YEAR), (0, _AHEAD), (-1, _AHEAD)):
        found = _date(printed.year + ahead, month, number)
        near = found or _date(printed.year + ahead, month, number - 1)  # by 29 February of a common year
        if near and near - printed <= limit:
            return found
    return None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Half-width, with Chinese numerals in dates as digits and no blanks inside a date."""
    text = unicodedata.normalize("NFKC", text.replace("○", "〇"))
    text = _SPELT_YEAR.sub(lambda year: year[0].replace("零", "〇").translate(_AS_DIGITS), text)
    text = _SPELT_DAY.sub(lambda spelt: f"{_number(spelt[1])}月{_number(spelt[2])}日", text)
    return _NUMBERED.sub("日", _SPLIT.sub("", text))


def _number(numeral: str) -> int:
    """一 to 九十九."""
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1 if ten else 0) * 10 + (_DIGITS.index(ones) if ones else 0)
