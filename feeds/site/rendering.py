"""A template's name and its values in, the bytes of a page out."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feeds import safe

HTML = "text/html; charset=utf-8"


def _clean(value: object) -> object:
    """Text from outside loses what no page may hold; markup has been through feeds.safe already."""
    return safe.text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_ENVIRONMENT = Environment(
    loader=PackageLoader("feeds.site"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_clean,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: object) -> bytes:
    return _ENVIRONMENT.get_template(template).render(values).encode()
