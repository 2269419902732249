"""A functional area (功能区), which GB/T 2260 does not list -> the code of the city that runs it."""

from __future__ import annotations

# What any city may have, after its name or stem: 绵阳高新区, 成都市高新区, 苏州经济技术开发区.
KINDS = ("高新区", "高新技术产业开发区", "经开区", "经济技术开发区", "经济开发区")

# Areas with names of their own: Sichuan's new districts and 科技城, in the forms that newspapers use.
# 天府新区 alone is its Chengdu part, for the other one is called Meishan's. Kept by hand.
NAMED = {
    "四川天府新区": "510100",
    "天府新区": "510100",
    "成都天府新区": "510100",
    "成都东部新区": "510100",
    "眉山天府新区": "511400",
    "天府新区眉山片区": "511400",
    "绵阳科技城": "510700",
    "中国科技城": "510700",
    "绵阳科技城新区": "510700",
    "宜宾三江新区": "511500",
    "宜宾市三江新区": "511500",
    "南充临江新区": "511300",
    "泸州长江经济开发区": "510500",
    "宜宾临港经开区": "511500",
    "达州东部经开区": "511700",
    "资阳临空经济区": "512000",
    "攀枝花钒钛高新区": "510400",
}
