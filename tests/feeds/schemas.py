"""The committed schemas: a value in, an error out when it does not hold to its schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"


@cache
def validator(name: str) -> Draft202012Validator:
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
    resources = [(file, Resource.from_contents(schema)) for file, schema in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    Draft202012Validator.check_schema(schemas[f"{name}.json"])
    return Draft202012Validator({"$ref": f"{name}.json"}, registry=registry)


def check(name: str, value: object) -> None:
    """Raises jsonschema's ValidationError, which says where and why."""
    validator(name).validate(value)
