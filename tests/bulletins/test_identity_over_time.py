"""Whatever becomes of a source's pages: an unchanged text keeps its id, nothing comes twice or is lost."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bulletins.identity import digest
from bulletins.model import Block, BlockKind, ChangeKind, Item, WithdrawnBy
from tests.bulletins.test_changes import Drawer, item

_SIGNS = "山水田园春秋种收牛羊鱼虫花草树木桥路村镇老少歌舞书画星月风雨晴雪茶酒米面桑麻丝棉锄犁车船灯火"
Words = tuple[tuple[int, int], ...]  # of an item: its pieces of text, each with its version


def piece(number: int, version: int) -> str:
    """A text like no other number's, and much like its other versions."""
    signs = random.Random(number).choices(_SIGNS, k=110 + 7 * number % 40)
    chance = random.Random(f"{number} {version}")
    for at in chance.sample(range(len(signs)), 2 if version else 0):
        signs[at] = chance.choice("甲乙丙丁")
    return "".join(signs)


@dataclass
class Press:
    """A newspaper's pages: at each address an article of one or several items."""

    pages: dict[str, list[Words]] = field(default_factory=dict)
    gone: dict[str, list[Words]] = field(default_factory=dict)
    doubles: dict[str, str] = field(default_factory=dict)  # second address -> first
    numbers: int = 0
    addresses: int = 0

    def address(self) -> str:
        self.addresses += 1
        return f"a{self.addresses}"

    def piece(self) -> Words:
        self.numbers += 1
        return ((self.numbers, 0),)

    def read(self) -> list[Item]:
        pages = list(self.pages.items()) + [
            (second, self.pages[first]) for second, first in self.doubles.items() if first in self.pages
        ]
        return [one for address, words in pages for one in _items(address, words)]

    def act(self, what: str, choice: random.Random) -> None:
        addresses = sorted(self.pages)
        if what == "new" or not addresses:
            self.pages[self.address()] = [self.piece() for _ in range(choice.choice((1, 1, 2, 3)))]
            return
        at = choice.choice(addresses)
        words = self.pages[at]
        n = choice.randrange(len(words))
        if what == "corrected":
            number, version = words[n][0]
            words[n] = ((number, version + 1), *words[n][1:])
        elif what == "moved":
            to = self.address()
            self.pages[to] = self.pages.pop(at)
            self.doubles = {second: to if first == at else first for second, first in self.doubles.items()}
        elif what == "parameters":
            # A counter against caches, behind every address; the first one often comes with an edit.
            stamp = self.address()
            if "?" not in at and choice.random() < 0.5:
                number, last = words[n][0]
                words[n] = ((number, last + 1), *words[n][1:])
            there = {each: f"{each.partition('?')[0]}?v={stamp}" for each in self.pages}
            self.pages = {there[each]: self.pages[each] for each in self.pages}
            self.doubles = {second: there.get(first, first) for second, first in self.doubles.items()}
        elif what == "swapped":
            other = choice.choice(addresses)
            self.pages[at], self.pages[other] = self.pages[other], self.pages[at]
        elif what == "joined":
            self.pages[at] = [tuple(one for each in words for one in each)]
        elif what == "split":
            self.pages[at] = [(one,) for each in words for one in each]
        elif what == "reordered":
            choice.shuffle(words)
        elif what == "longer":
            words.insert(n, self.piece())
        elif what == "gone":
            self.gone[at] = self.pages.pop(at)
        elif what == "returned" and self.gone:
            back = choice.choice(sorted(self.gone))
            self.pages[back] = self.gone.pop(back)
        elif what == "doubled":
            self.doubles[self.address()] = at


def _items(address: str, words: list[Words]) -> list[Item]:
    made = []
    for n, each in enumerate(words, 1):
        section = n if len(words) > 1 else 0
        name = f"{address}/s{n}" if section else address
        blocks = tuple(Block(BlockKind.PARAGRAPH, piece(*one)) for one in each)
        one = replace(item(name), blocks=blocks, section=section, link=f"http://kepu.example/{address}")
        made.append(replace(one, digest=digest(one)))
    return made


ACTS = (
    "new",
    "new",
    "corrected",
    "moved",
    "parameters",
    "swapped",
    "joined",
    "split",
    "reordered",
    "longer",
    "gone",
    "returned",
    "doubled",
)
histories = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2**16)), min_size=1, max_size=14)


@settings(max_examples=250, deadline=None)
@given(histories)
def test_ids_stay_with_their_texts(history: list[tuple[str, int]]) -> None:
    press, kept = Press(), Drawer()
    ids: dict[tuple[str, ...], str] = {}  # every text that was ever read -> its id
    announced: set[str] = set()
    for what, seed in history:
        press.act(what, random.Random(seed))
        read = press.read()
        said = kept.read(*read)
        if what == "gone":
            texts = {one.paragraphs for one in read}
            for name, one in kept.live.items():
                if one.paragraphs not in texts:
                    kept.withdraw(one, WithdrawnBy.ADDRESS)
                    assert name not in said.present
        live = {one.paragraphs: name for name, one in kept.live.items()}
        assert len(live) == len(kept.live), "nothing comes twice"
        assert set(live) == {one.paragraphs for one in read}, "nothing is lost, nothing is left over"
        for text, name in live.items():
            assert ids.setdefault(text, name) == name or what in ("joined", "split"), "an id changed"
            ids[text] = name
        new = {change.item.id for change in said.changes if change.kind == ChangeKind.NEW}
        assert new.isdisjoint(announced), "an id was announced as new twice"
        announced |= new
        assert kept.read(*read).changes == []
        for name, to in kept.aliases.items():
            assert name not in kept.live
            assert to in kept.held
