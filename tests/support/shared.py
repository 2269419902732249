"""The reference edition and the contract, where they lie beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
SEED = SHARED / "data" / "seed"
CONTRACT = SHARED / "design" / "CONTRACT.md"
ABSENT = "the reference edition and the contract (../shared) are not beside this repository"

needed = pytest.mark.skipif(not (SEED.is_dir() and CONTRACT.is_file()), reason=ABSENT)
