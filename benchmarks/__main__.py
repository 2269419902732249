"""`python -m benchmarks`: every module here that can `run()` gives its section of BENCHMARKS.md."""

from __future__ import annotations

import importlib
import pkgutil
import time
from pathlib import Path

import benchmarks
from benchmarks import report

REPORT = Path(__file__).parents[1] / "BENCHMARKS.md"


def main() -> None:
    begun = time.monotonic()
    sections: list[str] = []
    for found in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda each: each.name):
        if found.name == "__main__":
            continue
        module = importlib.import_module(f"benchmarks.{found.name}")
        if hasattr(module, "run"):
            print(f"benchmarks.{found.name} …", flush=True)
            section = module.run()
            print(section, flush=True)
            sections.append(section)
            # What was measured stands, whatever ends the rest.
            report.write(sections, REPORT, time.monotonic() - begun)


if __name__ == "__main__":
    main()
