"""The items held of a source and those read now -> which is which, by id, by text, by address."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bulletins import identity, twins
from bulletins.model import Held, Item, WithdrawnBy
from bulletins.twins import Text


@dataclass(slots=True)
class Matches:
    """Indices are those of the items read. Every item read is matched, a double, or new."""

    matched: dict[int, Held] = field(default_factory=dict)
    doubles: dict[int, int] = field(default_factory=dict)  # a second address -> the item that stands for it
    joined: list[tuple[Held, int]] = field(default_factory=list)  # live ones, and what they are part of now
    missing: tuple[Held, ...] = ()  # live ones of which an article that was read has no trace
    found: dict[int, Sequence[Held]] = field(default_factory=dict)  # what `similar` said of items


def match(
    read: Sequence[Item],
    held: Sequence[Held],
    aliases: Mapping[str, str],
    similar: Callable[[Item], Sequence[Held]],
    accepted: Mapping[str, str],
) -> Matches:
    """Who is who. In this order: what an operator has `accepted`; within an article the same text, then the
    most alike; the same text at another address; and at last the same id, whatever the text says now.

    Text comes before id, since the ids of sections follow their headings and order, which are read
    differently after a correction or a parser's repair; and the text is what a reader knows an item by.
    `aliases` lead from ids as minted now to held ones; `similar` looks in the store.
    """
    pairing = _Pairing(read, held, aliases)
    pairing.force(accepted)
    for article in pairing.articles():
        pairing.within(article)
    pairing.elsewhere(similar)
    pairing.by_id()
    pairing.account()
    return pairing.matches


class _Pairing:
    def __init__(self, read: Sequence[Item], held: Sequence[Held], aliases: Mapping[str, str]) -> None:
        self.read = [Text(item) for item in read]
        self.held = {one.item.id: one for one in held}
        self.texts = {one.item.id: Text(one.item) for one in held}
        self.aliases = aliases
        self.matches = Matches()
        self.taken: dict[str, int] = {}  # held id -> read
        self.by_article: dict[str, list[str]] = {}
        for name, text in self.texts.items():
            self.by_article.setdefault(text.article, []).append(name)
        self.by_bare: dict[str, set[str]] = defaultdict(set)
        for text in self.texts.values():
            self.by_bare[text.bare].add(text.article)
        self.groups: dict[str, list[int]] = {}
        for n, text in enumerate(self.read):
            self.groups.setdefault(text.article, []).append(n)
        self.bare = Counter(self.read[ns[0]].bare for ns in self.groups.values())

    def target(self, n: int) -> str:
        """The id that an item read would have by its address alone."""
        minted = self.read[n].item.id
        return self.aliases.get(minted, minted)

    def take(self, n: int, name: str) -> None:
        self.taken[name] = n
        self.matches.matched[n] = self.held[name]

    def unexplained(self, n: int) -> bool:
        return n not in self.matches.matched and n not in self.matches.doubles

    def force(self, accepted: Mapping[str, str]) -> None:
        for n, text in enumerate(self.read):
            name = accepted.get(text.item.id)
            if name in self.held and name not in self.taken:
                self.take(n, name)

    def articles(self) -> list[list[int]]:
        """The items read, by article; those whose address the held ones have go first, so that of two
        addresses of one article the known one stays."""
        known = sorted(self.groups, key=lambda article: article not in self.by_article)
        return [self.groups[article] for article in known]

    def within(self, article: Sequence[int]) -> None:
        """Match the items of one article among those held of it."""
        names = dict.fromkeys(self._held_of(self.read[article[0]]))
        names |= dict.fromkeys(name for n in article if self._stands_here_alone(name := self.target(n)))
        for n in article:
            name = self.target(n)
            free = self.unexplained(n) and name in names and name not in self.taken
            if free and self.read[n].item.digest == self.held[name].item.digest:
                self.take(n, name)
        if not any(map(self.unexplained, article)):
            return
        pairs = [
            (self._weight(n, name), n, name)
            for n in article
            for name in names
            if self.unexplained(n) and name not in self.taken and self._versions(n, name)
        ]
        for _, n, name in sorted(pairs, key=lambda pair: pair[0], reverse=True):
            if self.unexplained(n) and name not in self.taken:
                self.take(n, name)

    def _held_of(self, text: Text) -> list[str]:
        """The items held of an article; of one that is not known, those of the same address with other
        parameters or none. What was withdrawn stays where it stood, and does not count beside live ones; what
        was joined there may be split off again here."""
        others = [article for article in self.by_bare.get(text.bare, ()) if article not in self.groups]
        if (own := self.by_article.get(text.article)) is not None:
            return own + [name for each in others for name in self.by_article[each] if self._joined(name)]
        others = list(filter(self._lives, others)) or others
        return self.by_article[others[0]] if len(others) == 1 else []

    def _joined(self, name: str) -> bool:
        withdrawal = self.held[name].withdrawal
        return withdrawal is not None and withdrawal.by == WithdrawnBy.JOINED

    def _taken_down(self, name: str) -> bool:
        withdrawal = self.held[name].withdrawal
        return withdrawal is not None and withdrawal.by == WithdrawnBy.OPERATOR

    def _lives(self, article: str) -> bool:
        return any(self.held[name].withdrawal is None for name in self.by_article[article])

    def _stands_here_alone(self, name: str) -> bool:
        """Whether a held item that an id leads to is not to be looked for at an address of its own."""
        return name in self.held and self.texts[name].article not in self.groups

    def _versions(self, n: int, name: str) -> bool:
        """What was withdrawn may return, and is not what its text has become a part of. Where only parameters
        may tell articles apart, the words say which is which; else a headline does too, and has to where
        there are pictures alone."""
        one, other, live = self.read[n], self.texts[name], self.held[name].withdrawal is None
        if one.article != other.article and name != self.target(n):
            if self.bare[one.bare] > 1:
                return twins.same_words(one, other)
            if live and (twins.titled(one, other) or not one.core):
                return one.title == other.title
        return twins.same_words(one, other) or twins.versions(one, other, parts=live)

    def _weight(self, n: int, name: str) -> tuple[bool, int, bool, bool, int]:
        """The same words first; then what shares most; then the same id, the live one, the first."""
        one, other = self.read[n], self.texts[name]
        same = twins.same_words(one, other)
        shared = len(one.shingles & other.shingles)
        return same, shared, self.target(n) == name, self.held[name].withdrawal is None, -n

    def elsewhere(self, similar: Callable[[Item], Sequence[Held]]) -> None:
        """Find items that the articles' own did not explain at other addresses of the source."""
        waiting = [n for article in self.articles() for n in article if self.unexplained(n)]
        if not waiting:
            return
        settled: dict[str, list[int]] = defaultdict(list)  # text -> items that stand for it
        for n in self.matches.matched:
            settled[self.read[n].core].append(n)
        for n in waiting:
            if self._known_double(n):
                continue
            if self._moved(n, similar) or not self._double(n, settled):
                settled[self.read[n].core].append(n)

    def _known_double(self, n: int) -> bool:
        """A second address whose item has been read at the address that it has now, or with other parameters
        than there."""
        text = self.read[n]
        other = known = self.taken.get(self.target(n))
        if other is None:
            plain = identity.before_parameters(text.item)
            other = self.taken.get(self.aliases.get(plain, plain))
        if other is None or self.read[other].article == text.article:
            return False
        alike = twins.same_words if known is None else twins.versions
        if not alike(text, self.read[other]):
            return False
        self.matches.doubles[n] = other
        return True

    def _moved(self, n: int, similar: Callable[[Item], Sequence[Held]]) -> bool:
        """A held item that no other one read is, and that stood elsewhere; or one that an operator has taken
        down, which stays down wherever and whenever it is printed again."""
        found = self.matches.found[n] = similar(self.read[n].item)
        own = [one for one in found if one.item.source == self.read[n].item.source]
        for one in own:
            name = one.item.id
            if name not in self.held:
                self.held[name], self.texts[name] = one, Text(one.item)
            if name not in self.taken and twins.moved(self.texts[name], self.read[n]):
                self.take(n, name)
                return True
        down = (one.item.id for one in own if self._taken_down(one.item.id))
        name = next((each for each in down if twins.reprint(self.texts[each], self.read[n])), "")
        if name in self.taken:
            self.matches.doubles[n] = self.taken[name]
        elif name:
            self.take(n, name)
        return bool(name)

    def _double(self, n: int, settled: Mapping[str, Sequence[int]]) -> bool:
        """A copy of an item that was read too. One that has an id of its own already keeps it."""
        own = self.held.get(self.read[n].item.id)
        if own is not None and own.withdrawal is None and own.item.id not in self.taken:
            return False
        same = settled.get(self.read[n].core, ())
        other = next((m for m in same if twins.copies(self.read[m], self.read[n])), None)
        if other is not None:
            self.matches.doubles[n] = other
        return other is not None

    def by_id(self) -> None:
        """What is left has another text under an id that is held: rewritten, or a second address's own."""
        for n, text in enumerate(self.read):
            name = self.target(n)
            free = self.unexplained(n) and name in self.held and name not in self.taken
            if free and (name == text.item.id or self.texts[name].article == text.article):
                self.take(n, name)

    def account(self) -> None:
        """What became of the live items of these articles that nothing read is."""
        missing = []
        for article, everything in self.groups.items():
            here = [n for n in everything if n not in self.matches.doubles]
            for name in self.by_article.get(article, ()):
                if name in self.taken or self.held[name].withdrawal is not None:
                    continue
                whole = next((n for n in here if twins.part_of(self.texts[name], self.read[n])), None)
                if whole is None:
                    missing.append(self.held[name])
                else:
                    self.matches.joined.append((self.held[name], whole))
        self.matches.missing = tuple(missing)
