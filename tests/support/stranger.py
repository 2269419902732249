"""A newspaper of no known family for tests, in as much structure as the test gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.site import Site, html

TEXTS = {
    "渡口的灯换成了太阳能": (
        "3月18日,白沙渡口的四十盏灯全部换成了太阳能的,夜里过江的人不用再打手电。"
        "船工说,灯一亮,连江心的浪都看得清楚。"
    ),
    "旧粮仓里搬进了木偶戏": (
        "停用多年的旧粮仓搭起了戏台,每逢集日演一场木偶戏。"
        "看戏的孩子坐在麦秸捆上,戏散了谁也不肯走,要看后台的木偶睡觉。"
    ),
    "村里的水井有了编号": (
        "石门村把四十六口水井一一编号,每口井边立了牌子,写着水深和水温。看井的是三位老人,每天早晚各量一次。"
    ),
}


@dataclass
class Stranger:
    """`plain`: an article is a bare line of text, with nothing that tells what it is."""

    plain: bool = False
    texts: dict[str, str] = field(default_factory=lambda: dict(TEXTS))

    def print_on(self, site: Site) -> None:
        rows = "".join(
            f'<li><a href="/2026/0318/{n}.html">{title}</a></li>'
            for n, title in enumerate(self.texts, start=1)
        )
        site.routes["/"] = html(f'<title>白沙报</title><div class="list"><ul>{rows}</ul></div>')
        for n, (title, text) in enumerate(self.texts.items(), start=1):
            head = f"<title>{title}_白沙报</title><h1>{title}</h1><div>日期:2026-03-18</div>"
            whole = f"{head}<div><p>{text}</p></div>"
            bare = f"<title>白沙报</title><div>{text[:22]}。</div>"
            site.routes[f"/2026/0318/{n}.html"] = html(bare if self.plain else whole)
