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


def keys_page() -> str:
    """Tables of every key of the language, part by part, in Markdown (for the reference page)."""
    schema = case_schema()
    written = {name: _written(part) for name, part in schema["$defs"].items()}
    parts = {"Case": schema, **{name: part for name, part in written.items() if part is not None}}
    lines: list[str] = []
    for name, part in parts.items():
        lines += [f"### {_words(name)}", "", str(part.get("description", "")), "", "| key | meaning |", "|---|---|"]
        required = part.get("required", [])
        for key, value in part.get("properties", {}).items():
            if key == "source":
                continue
            told = str(value.get("description") or schema["$defs"].get(_ref(value), {}).get("description", ""))
            words = _allowed(value)
            mark = " **(required)**" if key in required else ""
            lines.append(f"| `{key}`{mark} | {told.replace('|', chr(92) + '|')}{words} |")
        lines.append("")
    return "\n".join(lines)


def _written(part: dict[str, Any]) -> dict[str, Any] | None:
    """The full form of a part; None for plain numbers, which have a section of their own on the page."""
    for option in (part, *part.get("anyOf", ())):
        properties = option.get("properties")
        if isinstance(properties, dict) and not {"value", "why"} <= properties.keys():
            return dict(option)
    return None


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() and n else c for n, c in enumerate(name))


def _ref(value: dict[str, Any]) -> str:
    return str(value.get("$ref", "")).rsplit("/", 1)[-1]


def _allowed(value: dict[str, Any]) -> str:
    for option in (value, *value.get("anyOf", ())):
        if "enum" in option:
            return " One of: " + ", ".join(f"`{x}`" for x in option["enum"]) + "."
    return ""
