"""A reading -> what it amounts to; pages over which judging it fails are left out by name, not the source.

Reading a page may kill its worker (care); judging what was read runs over all pages together, and what it
raises would stop the poll, each time it is taken up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletins import contract, identity, judgement
from bulletins.contract import Failure
from bulletins.expectations import Learned
from bulletins.judgement import Breach
from bulletins.model import PollStatus, Reading, Rejection, Source, Verdict

_ACTION = (
    "The feeds stay as they were; report this line and the address of the source. The next poll that finds "
    "other pages, or a new release, judges anew"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading without what could not be judged, what it amounts to, and how it is unlike what is expected
    of its source; `odd`: the pages left out, by their addresses, and what judging them raised."""

    said: Reading
    verdict: Verdict
    breach: Breach | None = None
    odd: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a poll's reading is judged by; `known`: what its source is expected to be like, None where nothing
    is asked of it, as of a past edition."""

    source: Source
    failures: Sequence[Failure]
    now: datetime
    known: Learned | None = None

    def judge(self, said: Reading) -> Judged:
        try:
            return self._judge(said)
        except Exception as fault:  # whatever it is: nobody else would say over which page
            first = fault
        odd = {url: found for url in _addresses(said) if (found := self._raised(_only(said, url)))}
        try:
            return replace(self._judge(_without(said, odd)), odd=odd)
        except Exception as fault:
            reason = f"judging it failed: {_words(fault if odd else first)}"
            verdict = Verdict(PollStatus.QUARANTINED, reason, _ACTION, publish=False)
            return Judged(said, verdict, odd=odd)

    def _judge(self, said: Reading) -> Judged:
        verdict = contract.judge(said, self.failures, self.now)
        breach = None
        if self.known is not None and said.kind is not None and (verdict.publish or verdict.doubtful):
            source = self.source
            breach = judgement.judged(self.known, said, self.now, source.expect, source.hosts)
        return Judged(said, verdict, breach)

    def _raised(self, said: Reading) -> str:
        try:
            self._judge(said)
        except Exception as fault:
            return f"judging it failed: {_words(fault)}"
        return ""


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


def _addresses(said: Reading) -> list[str]:
    """Of the pages whose items or looks a reading has."""
    pages = [item.link for item in said.items] + [identity.link(look.url) for look in said.looks]
    return list(dict.fromkeys(pages))


def _only(said: Reading, url: str) -> Reading:
    return replace(
        said,
        items=tuple(item for item in said.items if item.link == url),
        looks=tuple(look for look in said.looks if identity.link(look.url) == url),
        follow=tuple(one for one in said.follow if identity.link(one.url) == url),
        rejections=(),
        problems=(),
        doubts=(),
    )


def _without(said: Reading, odd: Mapping[str, str]) -> Reading:
    titles = {item.link: item.title for item in reversed(said.items) if item.link in odd}
    return replace(
        said,
        items=tuple(item for item in said.items if item.link not in odd),
        looks=tuple(look for look in said.looks if identity.link(look.url) not in odd),
        rejections=said.rejections + tuple(Rejection(odd[url], titles[url], url) for url in titles),
    )
