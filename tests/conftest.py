"""How many examples hypothesis tries: HYPOTHESIS_PROFILE=quick, as ./dev test --quick sets it, or all."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a busy machine is no fault.
settings.register_profile("all", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=15)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "all"))
