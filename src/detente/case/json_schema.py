"""The JSON Schema of the case language, for editors that complete, explain and check while one writes."""

from __future__ import annotations

from typing import Any

from detente.case.schema import Document


def case_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a case file, with a description of every key."""
    schema = Document.model_json_schema(by_alias=True)
    for part in (schema, *schema.get("$defs", {}).values()):
        _tidy(part)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A case of Détente",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def _tidy(part: Any) -> None:
    """Drop titles that repeat the key, defaults that say nothing; let ``source`` stand for ``sources``."""
    if isinstance(part, list):
        for entry in part:
            _tidy(entry)
    if not isinstance(part, dict):
        return
    properties = part.get("properties")
    if isinstance(properties, dict):
        part.pop("title", None)
        for value in properties.values():
            if isinstance(value, dict):
                value.pop("title", None)
                if value.get("default") in ("", None, (), [], {}):
                    value.pop("default", None)
                if isinstance(value.get("description"), str):
                    value["description"] = value["description"].replace("\n", " ")
        if "sources" in properties:
            properties["source"] = properties["sources"]
    for key, value in part.items():
        if key != "properties":
            _tidy(value)
    for value in (properties or {}).values() if isinstance(properties, dict) else ():
        _tidy(value)
