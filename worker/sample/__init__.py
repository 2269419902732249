"""The living sample newspaper, 岷江科普报: made-up stories, out daily, as HTTP pages."""

from __future__ import annotations

from worker.sample.newsroom import correct, publish, redesign, restore
from worker.sample.server import address, serve

__all__ = ["address", "correct", "publish", "redesign", "restore", "serve"]
