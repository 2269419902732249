"""A column heading (栏目) as printed -> its name, and a name -> its slug."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from bulletins.model import Column, ColumnKind, Source
from bulletins.pinyin import readings, syllables

_HAN = "\u3400-\u4dff\u4e00-\u4e27\u4e29-\u9fff〇"  # without 丨, which stands for a bar
_BARS = r"|｜/／·•∣丨:：\-—"
_HEADING = re.compile(
    rf"(?P<name>[^A-Za-z]*[{_HAN}][^A-Za-z{_BARS}]*?)[\s{_BARS}]*(?P<latin>[A-Za-z][A-Za-z'’·\s\-]*)"
)
_ENDS = re.compile(r"[A-Za-z'’·\s\-]")  # what a heading ends with: to look at the end is quick
_LABELLED = re.compile(
    rf"[\[【(（]?(?:栏目|专栏)\s*[:：]\s*(?P<name>[{_HAN}\w·]{{2,12}})[\]】)）]?"
)  # 栏目：地方科协
_WORD = re.compile(rf"(?P<han>[{_HAN}]+)|[a-z0-9]+")
_SPACED = re.compile(rf"[{_HAN}](?: [{_HAN}])+")
_BRACKETS = dict(zip("【〖[［〔“《〈「『<＜", "】〗]］〕”》〉」』>＞", strict=True))  # what a name is set in
_MARKS = "■□●○◆◇▌▍▎|｜丨 "
_LONGEST_HEADING = 400  # characters; what is longer is text
_LONGEST = 60  # characters of a slug
_HASH = 8


def heading(text: str) -> str | None:
    """The name in a heading that has its pinyin beside it (地方科协 | DI FANG KE XIE), or that says so
    (栏目：地方科协); else None.

    Between the two may stand a bar, a slash, a dot, a line break or only blanks; the pinyin may be in either
    case, run together and with tone marks. It has to be that name's, in any reading of its characters.
    """
    if label := _LABELLED.fullmatch(text.strip()):
        return _tidy(label["name"])
    if len(text) > _LONGEST_HEADING or not _ENDS.search(_plain(text.strip()[-1:])):
        return None
    match = _HEADING.fullmatch(_plain(text.strip()))
    if match is None:
        return None
    name = _bare(match["name"])
    latin = re.sub("[^a-z]", "", match["latin"].lower())
    return name if _spells(latin, [one for one in name if re.match(f"[{_HAN}]", one)]) else None


def _plain(text: str) -> str:
    """Letters with a tone mark or in full width to plain ones; everything else as it stands."""
    bare = ((one, unicodedata.normalize("NFKD", one)[0]) for one in text)
    return "".join(plain if plain.isascii() and plain.isalpha() else one for one, plain in bare)


def _spells(latin: str, characters: list[str]) -> bool:
    """Whether the letters are a toneless reading of the characters, one after the other; ü is u or v."""
    reached = {0}
    for character in characters:
        spellings = {
            spelt
            for reading in readings(character)
            for spelt in (
                reading,
                reading.replace("ü", "v"),
                reading.replace("ü", "u"),
                reading.replace("v", "u"),
            )
        }
        reached = {at + len(one) for at in reached for one in spellings if latin.startswith(one, at)}
    return bool(characters) and len(latin) in reached


def canonical(name: str, aliases: Mapping[str, str]) -> str:
    """The name that a column goes by: without what it is set in (【县域风采】), blanks cleaned, config.toml's
    aliases (as printed -> name) applied."""
    bare = _bare(name)
    return {_bare(alias): _tidy(known) for alias, known in aliases.items()}.get(bare, bare)


def column(printed: str, kind: ColumnKind, source: Source) -> Column:
    """A column as a source's stanza and [[columns]] name it, with the slug given there or else its pinyin."""
    name = canonical(printed, source.columns)
    return Column(name, source.slugs.get(name) or slug(name), kind)


def slug(name: str) -> str:
    """A name's toneless pinyin, syllables joined by "-", letters and digits kept: [a-z0-9][a-z0-9-]*.

    At most 60 characters; a longer one is cut at a syllable and ends in a short hash of the name, as does, by
    the hash alone, a name that has nothing to spell.
    """
    whole = "-".join(_syllables(name))
    return whole if 0 < len(whole) <= _LONGEST else slug_apart(name)


def slug_apart(name: str, owner: str = "") -> str:
    """The slug with a hash after it, for a name whose plain slug another one has: the name's, or that of the
    name within the source that owns the column, where sources have columns of one name."""
    said = f"{owner}/{_tidy(name)}" if owner else _tidy(name)
    kept: list[str] = []
    for syllable in _syllables(name):
        if len("-".join([*kept, syllable])) > _LONGEST - _HASH - 1:
            break
        kept.append(syllable)
    return "-".join([*kept, hashlib.sha256(said.encode()).hexdigest()[:_HASH]])


def _syllables(name: str) -> list[str]:
    """Read by the phrase, not the character: 重庆 is chong-qing."""
    found: list[str] = []
    for word in _WORD.finditer(unicodedata.normalize("NFKC", _tidy(name)).lower()):
        read = syllables(word["han"]) if word["han"] else [word[0]]
        found += [one for one in read if re.fullmatch("[a-z0-9]+", one)]
    return found


def _bare(name: str) -> str:
    """A name without the marks and the one pair of brackets that it is set in, where anything is left."""
    bare = _tidy(name).strip(_MARKS)
    inside = bare[1:-1].strip()
    if inside and _BRACKETS.get(bare[0]) == bare[-1] and bare[0] not in inside:
        return _tidy(inside)
    return bare or _tidy(name)


def _tidy(name: str) -> str:
    """Runs of blanks to one; the blanks of a letter-spaced name (地 方 科 协) out."""
    tidy = " ".join(name.split())
    return tidy.replace(" ", "") if _SPACED.fullmatch(tidy) else tidy
