"""What stands in a newspaper's margins -> issue number (期号), page number (版次) and page name (版名)."""

from __future__ import annotations

import re

from bulletins.model import PageNo

_ISSUE = re.compile(r"(?<![\d.])(\d{1,6})\s*期")
_APART = r"(?<![\w./:：年月-])"  # part of no date and no time
_PAGES = (
    re.compile(r"第\s*([A-Z]{0,3}\d{1,3}|[一二三四五六七八九十]{1,3})\s*版"),  # 第3版:科协之窗
    re.compile(_APART + r"([A-Z]{0,3}\d{1,3})\s*版"),  # A01版：头版, 3版
    re.compile(_APART + r"([一二三四五六七八九十]{1,3})版(?![面本权式次])"),  # 一版 要闻
    re.compile(
        _APART + r"([A-Z]{1,3}\d{1,3}|\d{2})(?=\s*[:：·|｜]\s*\D|\s+[^\s\d期])"
    ),  # A01：头版, 03 要闻, 05·学会
    re.compile(r"^\s*(0\d)(?=[\u3400-\u9fff]{2,6}\s*$)"),  # 01要闻
)
_FRAMED = re.compile(r"[(（【\[《]([^()（）【】\[\]《》]{1,20})[)）】\]》]")
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}


def issue(text: str) -> int | None:
    """The issue number in a line such as `3498 期 / 第3版:科协之窗`."""
    match = _ISSUE.search(text)
    return int(match[1]) if match else None


def page(text: str) -> PageNo | None:
    """The page of a line such as `第03版：要闻`; None where no page is named.

    >>> page("3498 期 / 第3版:科协之窗")
    PageNo(number='3', name='科协之窗')
    """
    match = next(filter(None, (pattern.search(text) for pattern in _PAGES)), None)
    if not match:
        return None
    printed = match[1]
    if printed[0] in "一二三四五六七八九十":
        printed = str(_chinese(printed))
    number = str(int(printed)) if printed.isdigit() else printed
    name = text[match.end() :].strip(" \t\u3000:：-—/|·")
    if (framed := _FRAMED.fullmatch(name)) is not None:  # 第01版（要闻）
        name = framed[1].strip()
    return PageNo(number, name or None)


def _chinese(text: str) -> int:
    """One to ninety-nine in Chinese numerals."""
    tens, ten, units = text.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(units if ten else tens, 0)
