"""A template's name, a language and its values in, the bytes of a page out."""

from __future__ import annotations

import json
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feeds import safe
from feeds.site.wording import worded

HTML = "text/html; charset=utf-8"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
# The catalogue: by what a message says in Chinese, what it says in English.
MESSAGES: dict[str, str] = json.loads((files("feeds.site") / "messages.json").read_text("utf-8"))


_NATIVE = Markup(' lang="zh-CN"')  # of names and news, which stay in English pages as they are printed


def say(lang: str, words: str, **values: object) -> str:
    """A message of the house in a language; its Chinese is its name, and stands for what the catalogue
    lacks. `values` go where it says {name}."""
    told = words if lang == "zh" else MESSAGES.get(words, words)
    return told.format(**values) if values else told


def _clean(value: object) -> object:
    """Text from outside loses what no page may hold; markup has been through feeds.safe already."""
    return safe.text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment(lang: str) -> Environment:
    made = Environment(
        loader=PackageLoader("feeds.site"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["worded"] = worded if lang == "zh" else str  # English is how reasons are stored
    made.globals |= {
        "lang": lang,
        "language": LANGUAGES[lang],
        "native": _NATIVE if lang != "zh" else Markup(),
        "t": lambda words, **values: say(lang, words, **values),
    }
    return made


_ENVIRONMENTS = {lang: _environment(lang) for lang in LANGUAGES}


def render(template: str, *, lang: str = "zh", path: str, **values: object) -> bytes:
    """`path` is where the page stands below the root of its language ("" for the front page, "region/1/");
    the ways to that root, `root`, and to the site's own, `base`, follow from it."""
    up = "../" * path.count("/")
    base = up if lang == "zh" else f"../{up}"
    ways = {"root": up or "./", "base": base or "./", "path_here": path}
    return _ENVIRONMENTS[lang].get_template(template).render(ways | values).encode()
