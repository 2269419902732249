from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import dates
from bulletins.model import Precision
from tests.bulletins import reference
from tests.support.shared import needed

PRINTED = date(2024, 8, 2)
DAYS = st.dates(date(1992, 1, 1), date(2099, 12, 31))  # no daylight saving in China since
NUMERALS = "〇一二三四五六七八九"


def spelt(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


def in_words(day: date) -> str:
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{spelt(day.month)}月{spelt(day.day)}日"


FORMS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y.%m.%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%Y-%m}/{d:%d}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d:%m} 月\u3000{d:%d} 日 星期五",
    in_words,
]


@given(DAYS, st.sampled_from(FORMS), st.sampled_from([("", ""), ("出版日期:", " 星期五 第3版"), ("(", ")")]))
def test_every_printed_form_gives_its_day(day: date, form: object, around: tuple[str, str]) -> None:
    assert callable(form)
    assert dates.day(around[0] + form(day) + around[1]) == day


@given(DAYS, st.sampled_from(["{d:%d}\n{d:%Y年%m月}", "{d.day} {d:%Y-%m}", "{d:%d} {d.year}/{d.month}"]))
def test_a_day_in_a_box_above_its_month(day: date, form: str) -> None:
    assert dates.day(form.format(d=day)) == day
    assert dates.day(f"12 {day.isoformat()}") == day


@given(DAYS, st.integers(0, 23), st.integers(0, 59), st.sampled_from(FORMS))
def test_a_time_beside_the_day_gives_the_minute(day: date, hour: int, minute: int, form: object) -> None:
    assert callable(form)
    found = dates.moment(f"发布时间:{form(day)} {hour:02}:{minute:02}:59来源:本网")
    expected = datetime(day.year, day.month, day.day, hour, minute, tzinfo=dates.SHANGHAI)
    assert found == (expected, Precision.MINUTE)
    assert found[0].utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("text", ["", "2024-02-30", "2024年13月1日", "123456789012", "7月29日", "近日"])
def test_what_is_no_full_date_gives_none(text: str) -> None:
    assert dates.day(text) is None
    assert dates.moment(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年8月2日(星期五)08:30", "2024-08-02T08:30+08:00"),
        ("2026-09-28-21:50:00", "2026-09-28T21:50+08:00"),
        ("2024-07-29T23:00:00Z", "2024-07-30T07:00+08:00"),
        ("2019年2月27日下午3时5分", "2019-02-27T15:05+08:00"),
        ("2019年2月27日晚上8点半", "2019-02-27T20:30+08:00"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert dates.moment(text) == (datetime.fromisoformat(expected), Precision.MINUTE)


@pytest.mark.parametrize("text", ["2019年2月27日下午", "2019-02-27 24:00", "2019-02-27 编辑:99"])
def test_a_day_without_a_time_stands_at_midnight(text: str) -> None:
    assert dates.moment(text) == (datetime(2019, 2, 27, tzinfo=dates.SHANGHAI), Precision.DAY)


def days(text: str, printed: date) -> tuple[date, date | None] | None:
    found = dates.event(text, printed)
    return (found.first, found.last) if found else None


EVENTS = [
    ("7月29日,云岭县科协召开会议。", "2024-07-29", None),
    ("为弘扬传统,8月1日,县科协开展活动。", "2024-08-01", None),
    ("7月24日至26日,", "2024-07-24", "2024-07-26"),
    ("7月10-12日,", "2024-07-10", "2024-07-12"),
    ("7月10—12日,", "2024-07-10", "2024-07-12"),
    ("7月15日～21日,", "2024-07-15", "2024-07-21"),
    ("7月5日、6日,", "2024-07-05", "2024-07-06"),
    ("7月5日、6日、7日,", "2024-07-05", "2024-07-07"),
    ("7月30日至8月1日,", "2024-07-30", "2024-08-01"),
    ("7月30日至2日,", "2024-07-30", "2024-08-02"),
    ("12月30日至2日,", "2023-12-30", "2024-01-02"),
    ("7 月 29 日下午,", "2024-07-29", None),
    ("七月二十九日,", "2024-07-29", None),
    ("昨(1)日上午,", "2024-08-01", None),
    ("今（2）日,", "2024-08-02", None),
    ("今天(2日),", "2024-08-02", None),
    ("昨日,县科协", "2024-08-01", None),
    ("今日,县科协", "2024-08-02", None),
    ("29日,县科协", "2024-07-29", None),
    ("31日至2日,县科协", "2024-07-31", "2024-08-02"),
    ("记者昨日从县科协获悉,7月29日,", "2024-07-29", None),
    ("2024-07-29,县科协", "2024-07-29", None),
    ("去年12月1日,", "2023-12-01", None),
    ("10月20日,", "2023-10-20", None),
    ("9月20日,", "2024-09-20", None),
    ("1949年10月1日至今,……7月30日,", "2024-07-30", None),
    ("自6月1日起开展以来,7月29日,", "2024-07-29", None),
    ("学习7月18日发布的文件,7月30日,", "2024-07-30", None),
    ("7月30日,县科协开展活动,庆祝5月30日全国科技工作者日。", "2024-07-30", None),
    ("截至7月31日,全县建成12个站点。7月30日,县科协", "2024-07-30", None),
    ("5月30日全国科技工作者日当天,县科协", "2024-05-30", None),
    ("7月29日第五届科技节开幕", "2024-07-29", None),
    ("7月29日是科普日,", "2024-07-29", None),
    ("7月24日,活动启动,26日结束,", "2024-07-24", None),
    ("中新网成都7月19日电(周夏)19日,", "2024-07-19", None),
    ("新华社巴黎12月9日电（记者唐霁）当地时间12月8日下午,", "2023-12-08", None),
    ("本报云岭4月19日讯 今日,", "2024-04-19", None),
    ("本报云岭7月19日讯 林场里开起气象课。", "2024-07-19", None),
    ("某某网云岭7月19日电 林场里开起气象课。", "2024-07-19", None),
    ("本报云岭7月19日讯 自7月1日开放以来,", "2024-07-19", None),
    ("本报云岭4月19日讯 昨日上午,", "2024-04-18", None),
    ("中新网成都4月19日电(周夏)19日至21日,", "2024-04-19", "2024-04-21"),
    ("7月29日电力公司举行开放日,", "2024-07-29", None),
    ("本报云岭5月1日讯 4月30日,", "2024-04-30", None),
    ("本报云岭5月1日讯 30日,", "2024-04-30", None),
    ("中新网成都4月19日电(周夏)20日将", "2024-04-20", None),
    ("8月1日（星期四）至3日（星期六）,", "2024-08-01", "2024-08-03"),
    ("7月29日上午至31日下午,", "2024-07-29", "2024-07-31"),
    ("7月29日—7月31日,", "2024-07-29", "2024-07-31"),
    ("7月29日－31日,", "2024-07-29", "2024-07-31"),
    ("7月29日到8月1日,", "2024-07-29", "2024-08-01"),
    ("7月29号,县科协", "2024-07-29", None),
    ("７月２９日，县科协", "2024-07-29", None),
    ("2024年7月29日上午，", "2024-07-29", None),
    ("昨晚,县科协", "2024-08-01", None),
    ("今晨,县科协", "2024-08-02", None),
    ("前天,县科协", "2024-07-31", None),
    ("上周五,县科协", "2024-07-26", None),
    ("上周日,县科协", "2024-07-28", None),
    ("本周日,科技馆将开馆。", "2024-08-04", None),
    ("下周一,科技馆将开馆。", "2024-08-05", None),
    ("明天上午,科技馆开馆。", "2024-08-03", None),
    ("后天,科技馆开馆。", "2024-08-04", None),
    ("本周三,县科协", "2024-07-31", None),
    ("本月1日,县科协", "2024-08-01", None),
    ("上月28日,县科协", "2024-07-28", None),
    ("上月28日至30日,县科协", "2024-07-28", "2024-07-30"),
    ("29日、30日,县科协", "2024-07-29", "2024-07-30"),
    ("成立于5月8日的科普队,7月29日,", "2024-07-29", None),
    ("7月30日,是星期二。7月29日是科普日", "2024-07-30", None),
    ("“科普日”到了,7月29日晚8时,", "2024-07-29", None),
    ("经过两个月的准备,7月29日（农历六月廿四）,", "2024-07-29", None),
]


@pytest.mark.parametrize(("text", "first", "last"), EVENTS)
def test_events(text: str, first: str, last: str | None) -> None:
    expected = (date.fromisoformat(first), date.fromisoformat(last) if last else None)
    assert days(text, PRINTED) == expected


@pytest.mark.parametrize(
    "text",
    [
        "近日,县科协",
        "到2027年,",
        "1921年7月23日,",
        "学习《在7月1日大会上的讲话》,",
        "近日,传达7月15日至18日召开的会议精神",
        "传达7月18日发布的决定。",
        "农历七月十五日,",
        "一日三餐,",
        "在7月1日建党节来临之际,近日,",
        "今日头条",
        "为庆祝5月30日全国科技工作者日,县科协开展活动。",
        "为迎接“7月11日世界人口日”,县科协开展活动。",
        "每年5月30日,县科协都开展活动。",
        "截至7月31日,全县建成12个站点。",
        "截止2024年7月31日，",
        "报名截止时间为8月31日。",
        "《人民日报》7月1日刊文谈科普。",
        "据《科普报》7月1日报道,",
        "《科普报》(7月1日第3版)",
        "请于7月31日前报名。",
        "明天的太阳,",
        "明天会更好,",
        "上周,县科协",
        "本月底,县科协",
        "今晚的星空,",
        "昨夜星辰",
        "2月30日,县科协",
        "13月1日,县科协",
        "0月0日,县科协",
        "",
    ],
)
def test_no_event(text: str) -> None:
    assert dates.event(text, PRINTED) is None


@pytest.mark.parametrize(
    ("text", "printed", "first", "last"),
    [
        ("12月30日,", date(2025, 1, 3), date(2024, 12, 30), None),
        ("12月30日至1月2日,", date(2025, 1, 3), date(2024, 12, 30), date(2025, 1, 2)),
        ("1月5日,", date(2024, 12, 28), date(2025, 1, 5), None),
        ("昨(31)日,", date(2025, 1, 1), date(2024, 12, 31), None),
    ],
)
def test_years_end(text: str, printed: date, first: date, last: date | None) -> None:
    assert days(text, printed) == (first, last)


@given(DAYS, st.integers(-59, 300))
def test_a_day_without_a_year_is_the_nearest(printed: date, back: int) -> None:
    day = printed - timedelta(days=back)
    if day.year > printed.year and back < -31:
        return  # next year's days count for a month only
    assert days(f"{day.month}月{day.day}日,县科协", printed) == (day, None)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2月30日,县科协", "2月30日"),
        ("13月1日,县科协", "13月1日"),
        ("2023年2月29日", "2023年2月29日"),
        ("发布时间:2024-02-30 10:00", "2024-02-30"),
        ("2024/13/1", "2024/13/1"),
        ("６ 月 31 日", "6月31日"),
        ("2月29日,县科协", ""),
        ("7月29日", ""),
        ("2024-08-02", ""),
        ("13个月", ""),
        ("", ""),
    ],
)
def test_days_that_no_calendar_has(text: str, printed: str) -> None:
    assert dates.impossible(text) == printed


@given(DAYS, st.integers(0, 6), st.sampled_from(["{} 星期{}", "{}（周{}）", "{}，星期{}", "{}礼拜{}"]))
def test_a_weekday_that_it_was_not_contradicts(day: date, printed: int, form: str) -> None:
    said = form.format(f"{day.year}年{day.month}月{day.day}日", "一二三四五六日"[printed])
    assert bool(dates.contradiction(said)) == (printed != day.weekday())
    found = dates.event(f"{day.month}月{day.day}日（星期{'一二三四五六天'[printed]}）,县科协", day)
    assert found is not None
    assert (found.first, bool(found.doubt)) == (day, printed != day.weekday())
    assert found.text == f"{day.month}月{day.day}日"


DATEABLE = st.text("0123456789年月日号周星期上下本今昨前一二十至到、-—~～()（）:：./ 电讯截至", max_size=30)


@given(st.text() | DATEABLE, DAYS)
def test_any_text_is_survived(text: str, printed: date) -> None:
    dates.event(text, printed)
    dates.moment(text)
    dates.impossible(text)
    dates.contradiction(text)


@needed
def test_the_reference_edition() -> None:
    for item in reference.items():
        found = days(item["paragraphs"][0], reference.PRINTED)
        assert (found[0].isoformat() if found else None) == item["event_date"]
        assert not found or found[1] is None


@pytest.mark.parametrize(
    ("printed", "first", "wrong"),
    [
        (date(2024, 3, 6), date(2024, 2, 29), ""),
        (date(2025, 3, 5), None, "2月29日"),
        (date(2025, 1, 3), None, "2月29日"),
        (date(2024, 12, 20), date(2024, 2, 29), ""),
    ],
)
def test_a_leap_day_is_no_other_year_s(printed: date, first: date | None, wrong: str) -> None:
    found = dates.event("2月29日，云岭县科协开会。", printed)
    assert (found.first if found else None) == first
    assert dates.impossible("2月29日，云岭县科协开会。", printed) == wrong


@pytest.mark.parametrize("text", ["7月29日至7月35日,", "7月29日至28日、40日,", "7月29日至6月31日,"])
def test_a_last_day_that_cannot_be_is_doubtful(text: str) -> None:
    found = dates.event(f"{text}云岭县科协开会。", date(2024, 8, 2))
    assert found is not None
    assert (found.first, found.last) == (date(2024, 7, 29), None)
    assert "no last day" in found.doubt


@pytest.mark.parametrize("text", ["昨(35)日,", "今（32）日,", "昨(0)日,"])
def test_a_numbered_day_that_no_month_has(text: str) -> None:
    assert dates.event(f"{text}云岭县科协开会。", date(2024, 8, 2)) is None
    assert dates.impossible(f"{text}云岭县科协开会。")


@given(st.integers(0, 14), st.integers(0, 40), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_is_read_or_told_to_be_impossible(month: int, number: int, printed: date) -> None:
    text = f"{month}月{number}日，云岭县科协开会。"
    assert (dates.event(text, printed) is None) == bool(dates.impossible(text, printed))
