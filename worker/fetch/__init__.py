"""Fetching: pages of other people's sites in, bytes or a reason out; the one room that knows httpx."""

from worker.fetch.client import HttpFetcher
from worker.fetch.guard import parse_allowances
from worker.fetch.pace import Pace, RedisPace
from worker.fetch.poster import HttpPoster

__all__ = ["HttpFetcher", "HttpPoster", "Pace", "RedisPace", "parse_allowances"]
