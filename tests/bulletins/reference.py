"""The reference edition as its editor has it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from tests.support.shared import SEED

PRINTED = date(2024, 8, 2)


def items() -> list[dict[str, Any]]:
    """What an editor takes from the edition."""
    expected: list[dict[str, Any]] = json.loads((SEED / "expected.json").read_text("utf-8"))["items"]
    return expected


def paragraphs() -> list[str]:
    """The edition's text, paragraph by paragraph, as set."""
    text = (SEED / "seed.md").read_text("utf-8").replace("**", "")
    return [re.sub("^#+ ", "", part).strip() for part in text.split("\n\n") if part.strip()]
