"""A line of a page -> whether it is furniture around an article: buttons, counters, neighbours, colophons."""

from __future__ import annotations

import re

from bulletins.bylines import colophon

_LINE = 120  # characters of a line of furniture
_NEIGHBOUR = re.compile(
    r"[【\[(（<«←→»>\s]*(?:上|下)[一1](?:篇|条|页|版|期|则|个)(?:文章|新闻|稿件)?\s*[】\])）]?\s*(?:[:：>»←→\s].*|$)"
)
_BUTTON = (
    r"分享(?:到|至|本文)?|(?:微信|朋友圈|新浪微博|腾讯微博|微博|QQ空间|QQ好友|QQ|豆瓣|人人网|钉钉|复制链接|更多)|"
    r"打印(?:本[页文稿])?|关闭(?:窗口|本页|页面)?|收藏(?:本[页文])?|返回(?:顶部|首页|列表|上[一]?[级页]|目录)?|回到顶部|TOP|"
    r"放大|缩小|默认|大|中|小|字体|字号|点赞|评论|举报|纠错|我要纠错|手机(?:看|阅读|版)|扫[一]?[扫码].{0,20}|"
    r"(?:扫描|长按|识别)[^。！？]{0,12}二维码[^。！？]{0,24}|(?:下载|打开|关注)[^。！？，]{0,12}(?:客户端|公众号|APP)|二维码|朗读|语音播报|"
    r"标题导航|版面导航|展开通版|收缩通版|通版阅读请点击|复制|转发|邮件推荐|阅读全文|查看原文|A[+-]?|T[+-]|\d+"
)
_BUTTONS = re.compile(rf"(?!\d+$)(?:[【\[(（\s|｜/:：·>»]*(?:{_BUTTON})[】\])）\s|｜/:：·>»]*)+")
_COUNTER = re.compile(
    r"(?:[【\[(（\s]*(?:本文|已被?|共)?(?:浏览|阅读|点击|访问|点赞|评论)(?:次数|人数|总数|量|数|率)?\s*[:：]?\s*[\d,.]+\s*万?\+?\s*人?次?"
    r"[】\])）]?\s*)+|[\d,]+\s*(?:点击|浏览|阅读|次浏览|人阅读)"
)
_LABELLED = re.compile(
    r"[【\[(（]?\s*(?:相关(?:链接|阅读|新闻|文章)|推荐阅读|延伸阅读|热门(?:新闻|文章|推荐)|标签|关键[词字]|Tags?|文章字数|当前版|"
    r"版权声明|免责声明|本文(?:链接|地址|网址)|原文链接)\s*[:：\d].*|版权所有.*|.{0,6}ICP备.*"
)
# date author hits, as some systems print them in one line: 2020-09-25 08:56 张三 2531 点击
_STAMPED = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s+(?P<name>[\u3400-\u9fff·]{2,8})\s+\d+\s*(?:次)?(?:点击|浏览|阅读)"
)
_SOURCE = re.compile(r"[【\[(（]?\s*(?:来源于?|信息来源|稿件来源|文章来源|转载?自|摘自)\s*[:：][^。！？]*")
_WHEN = (
    r"(?P<when>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?[-\sT]*"
    r"(?:\d{1,2}[:：时]\d{1,2}[\d:：分秒]*)?)"
)
_DATED = re.compile(rf"(?:(?:发布|发表|发稿|发文|更新)?(?:日期|时间))\s*[:：]\s*{_WHEN}")


def is_furniture(text: str) -> bool:
    """Whether a line only dates, counts or edits an article, or leads away from it. Of where it comes from
    (来源) see `is_source`."""
    if not text or len(text) > _LINE:
        return False
    if _NEIGHBOUR.fullmatch(text) or _LABELLED.fullmatch(text):
        return True
    if _BUTTONS.fullmatch(text) or _COUNTER.fullmatch(text) or _STAMPED.fullmatch(text):
        return True
    if is_source(text) and not colophon.names_editors(text):
        return False
    dated = _DATED.match(text)
    return (colophon.is_colophon(text) or dated is not None) and not re.search(r"[。！？]", text)


def is_source(text: str) -> bool:
    return len(text) <= _LINE and _SOURCE.fullmatch(text) is not None


def stamped_name(text: str) -> str:
    """The author in a line of date, author and hits; empty where there is none."""
    found = _STAMPED.fullmatch(text)
    return found["name"] if found else ""


def stamp(text: str) -> str:
    """When a line says that the article was published, as printed; empty where it does not."""
    stamped = _STAMPED.fullmatch(text)
    if stamped:
        return text[: stamped.start("name")].strip()
    found = _DATED.search(text) if len(text) <= _LINE else None
    return found["when"].strip() if found else ""
