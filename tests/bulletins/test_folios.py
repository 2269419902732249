"""A newspaper's margins: issue number, page number and page name."""

from __future__ import annotations

import pytest

from bulletins.folios import issue, page
from bulletins.model import PageNo


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("3498 期 / 第3版:科协之窗", 3498),
        ("总第3498期", 3498),
        ("第 12 期(总第3498期)", 12),
        ("2026年1月2日 星期五 第3654期 今日四版", 3654),
        ("第３６５４期", 3654),
        ("2026年01月02日 星期五", None),
        ("20260102期", None),  # a date, not a number
        ("下一期 星期五出版", None),
        ("", None),
    ],
)
def test_issue(line: str, number: int | None) -> None:
    assert issue(line) == number


@pytest.mark.parametrize(
    ("line", "number", "name"),
    [
        ("3498 期 / 第3版:科协之窗", "3", "科协之窗"),
        ("98 期 / 第3版:科协之窗", "3", "科协之窗"),
        ("第03版：要闻", "3", "要闻"),
        ("第 05 版 市州", "5", "市州"),
        ("第A01版:头版", "A01", "头版"),
        ("A01：头版", "A01", "头版"),
        ("A01 头版", "A01", "头版"),
        ("B12版·副刊", "B12", "副刊"),
        ("03 要闻", "3", "要闻"),
        ("07·副刊", "7", "副刊"),
        ("A07 | 副刊", "A07", "副刊"),
        ("03:要闻", "3", "要闻"),
        ("4版：科普", "4", "科普"),
        ("第3版", "3", None),
        ("第 3 版 —", "3", None),
        ("第三版：综合", "3", "综合"),
        ("第十版：文苑", "10", "文苑"),
        ("第十二版：文苑", "12", "文苑"),
        ("第二十一版", "21", None),
        ("第100版：特刊", "100", "特刊"),
    ],
)
def test_page(line: str, number: str, name: str | None) -> None:
    assert page(line) == PageNo(number, name)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "要闻",
        "2026-01-02 要闻",
        "2026年01月02日 星期五",
        "3654 期",
        "54 期 要闻",
        "10:30 更新",
        "上午09:30",
        "第3期",
        "出版单位:科协",
    ],
)
def test_no_page(line: str) -> None:
    assert page(line) is None
