"""Editions of made-up newspapers: a seed, a day and a size in; pages' names and their stories out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

PLACES = (
    *(("雅安市", "芦山县"), ("资阳市", "安岳县"), ("南充市", "顺庆区"), ("乐山市", "夹江县")),
    *(("绵阳市", "三台县"), ("宜宾市", "江安县"), ("达州市", "渠县"), ("成都市", "金堂县")),
    *(("广元市", "剑阁县"), ("泸州市", "合江县"), ("巴中市", "平昌县"), ("遂宁市", "大英县")),
)
_THINGS = (
    *("流动天文台", "柠檬夜校", "老樱桃树档案", "旧电器修理课", "候鸟观察棚", "梯田插秧机", "木偶戏台"),
    *("太阳能渡灯", "土样化验卡", "科普大篷车", "水井编号牌", "城南补衣课", "海带晒架", "豆腐恒温箱"),
    *(
        "三村足球赛",
        "银杏户口本",
        "山口班车",
        "早霜预警",
        "茶厂瞭望塔",
        "盲道铜蟾蜍",
        "摆渡书架",
        "蒙眼闻醋会",
    ),
    *("竹编奖杯", "黄板挂虫灯", "高山蔬菜棚", "竹筒水表", "雨量杆", "老粮仓展馆", "山歌采录队", "石板路图册"),
)
_DEEDS = (
    *(
        "开进三个山村",
        "办到了田埂上",
        "有了新帮手",
        "迎来第一批学员",
        "换上新装",
        "走进乡村小学",
        "忙了一个夏天",
    ),
    *("重新开张", "添了二十件家当", "成了赶集日的热闹", "一年攒下厚厚一本账", "请来退休工程师", "排起长队"),
)
_WHO = ("何小满", "杨知远", "周望舒", "林听雨", "江照野", "白知渔", "苏木晚", "严冬青", "顾晚舟", "唐一勺")
_WORK = ("物理老师", "农技员", "退休木匠", "船工", "志愿者", "看井人", "茶农", "乡村医生", "管理员", "养蜂人")
_SEASONS = ("春耕", "汛期", "秋收", "农闲")
_SENTENCES = (
    "负责{thing}的{who}是当地的一名{work}，{thing}的用处，{who}讲了{n}遍也不嫌多。",
    "“第一次见到{thing}，还以为是哪家的新鲜玩意。”{work}{who}说，如今{n}户人家都离不开。",
    "{season}时节，{place}已有{n}人用上了{thing}，比上年多了{m}人。",
    "{who}给记者算了一笔账：{thing}一年省下{n}元，够添{m}把新工具。",
    "每逢赶场日，{thing}旁边都围着人，最远的要走{n}里山路，{who}总要等到最后一个人离开。",
    "当地计划再用{m}年时间，把{thing}推广到{place}的{n}个村组。",
    "在{place}，{thing}的钥匙挂在{who}家门口，谁要用，登记一下就行，{n}天里没有丢过一回。",
    "{work}{who}把经验写成了{m}条口诀，印在{n}张巴掌大的卡片上。",
    "夜里{n}点，{thing}的灯还亮着，{who}说再过{m}天就轻松了。",
    "村里的老人记得，{m}年前这里还没有{thing}，办一件事要跑{n}趟。",
)
SHEETS = ("要闻", "乡村科普", "科协之窗", "健康生活", "青少年", "农技园地", "文苑", "视点", "周末", "读书")


@dataclass(frozen=True, slots=True)
class Story:
    """`key` is a number of its own; a paragraph that begins with "#" is a heading between the others."""

    key: int
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """`sheets`: the name of each page (版) and what stands on it."""

    day: date
    number: int
    sheets: tuple[tuple[str, tuple[Story, ...]], ...]

    @property
    def stories(self) -> list[Story]:
        return [story for _, stories in self.sheets for story in stories]


def edition(seed: int, day: date, sizes: tuple[int, ...], kinds: str = "nnnbl") -> Edition:
    """An edition with so many stories on each of its pages, of `kinds`: n(ormal), b(rief), l(ong), r(oundup),
    d(igits: notices that differ in numbers)."""
    chance = random.Random(f"{seed} {day}")
    number = 3000 + (day - date(2020, 1, 1)).days
    names = list(SHEETS[:1]) + chance.sample(SHEETS[1:6], k=5) + list(SHEETS[6:])
    sheets = []
    for n, size in enumerate(sizes):
        told = tuple(_story(chance, (n + 1) * 100 + at + 1, day, chance.choice(kinds)) for at in range(size))
        sheets.append((names[n % len(names)], told))
    return Edition(day, number, tuple(sheets))


def _story(chance: random.Random, key: int, day: date, kind: str) -> Story:
    city, county = chance.choice(PLACES)
    thing, deed = chance.choice(_THINGS), chance.choice(_DEEDS)
    if kind == "d":
        number = chance.randrange(10, 99)
        return Story(
            key,
            f"{county}关于{thing}项目用地的公告（第{number}号）",
            (
                f"根据有关规定，{county}拟为{thing}项目划拨土地{chance.randrange(100, 999)}平方米，"
                f"地块编号{number}，四至见附图，现予以公告。",
                "公告期间如有异议，请以书面形式向本局反映，逾期视为没有意见。",
                "特此公告。",
            ),
        )
    head = chance.choice((f"{county}{thing}{deed}", f"{thing}{deed}", f"{county}：{thing}{deed}"))
    title = head if chance.random() < 0.8 else f"{head} {chance.choice(_SEASONS)}有了好帮手"
    when = chance.choice((f"{day.month}月{max(1, day.day - 1)}日", "近日", "连日来", "日前"))
    told = [f"{when}，{city}{county}的{thing}再次{deed}，{chance.randrange(20, 400)}名群众赶来看个究竟。"]
    if kind == "b":
        return Story(key, title, tuple(told))
    if kind == "r":
        for town in chance.sample(PLACES, k=3):
            told += [
                f"#{town[1]}",
                f"近日，{town[0]}{town[1]}的{thing}也{deed}，{_line(chance, thing, town[1])}",
            ]
        return Story(key, title, tuple(told[1:]))
    count = chance.randrange(8, 15) if kind == "l" else chance.randrange(2, 7)
    told += [
        "".join(_line(chance, thing, county) for _ in range(chance.randrange(1, 4))) for _ in range(count)
    ]
    if chance.random() < 0.7:
        told[-1] += f"（本报记者 {chance.choice(_WHO)}）"
    return Story(key, title, tuple(told))


def _line(chance: random.Random, thing: str, place: str) -> str:
    return chance.choice(_SENTENCES).format(
        thing=thing,
        place=place,
        who=chance.choice(_WHO),
        work=chance.choice(_WORK),
        season=chance.choice(_SEASONS),
        n=chance.randrange(12, 980),
        m=chance.randrange(2, 11),
    )
