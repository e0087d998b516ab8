"""From a tree to a typed document: pydantic's complaints become diagnostics, and the rest is still checked.

What is malformed is noted, cut out of a copy, and the copy validated again, so that problems of meaning elsewhere in
the file show in the same run.
"""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.case.problems import Loc, Problems, about
from detente.case.tree import Tree
from detente.errors import Diagnostic

M = TypeVar("M", bound=BaseModel)
_ROUNDS = 12

_KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "list_type": "a list",
}


class Cuts:
    """List entries that were cut out, so that a location in what is left leads back to the file."""

    def __init__(self) -> None:
        self.paths: list[Loc] = []

    def original(self, loc: Loc) -> Loc:
        """The location, as it was before the cuts."""
        for path in reversed(self.paths):
            n = len(path) - 1
            index, cut = loc[n] if len(loc) > n else None, path[n]
            if loc[:n] == path[:n] and isinstance(index, int) and isinstance(cut, int) and index >= cut:
                loc = (*loc[:n], index + 1, *loc[n + 1 :])
        return loc


STAND_INS: Mapping[str, Any] = {"period": "quarter", "periods": 400, "start": "2000-01-01", "parties": {}}
"""What stands in for a required key of a case that is missing or malformed, so that the rest can be checked."""


def validated(model: type[M], tree: Tree, problems: Problems, cuts: Cuts) -> M | None:
    """The tree as ``model``, without what is malformed (noted in ``problems``); None if too little is left."""
    data = copy.deepcopy(tree.data)
    for round_ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
        pruning = Tree(tree.source, data)
        for detail in details:
            if round_ == 0:
                _note(model, tree, detail, problems)
        if not _prune(pruning, details, cuts):
            return None
    return None


def _prune(tree: Tree, details: list[ErrorDetails], cuts: Cuts) -> bool:
    """Cut out what was complained about, deepest first; False if that would leave nothing."""
    cut: list[Loc] = []
    for detail in details:
        path = tree.path(detail["loc"])
        if detail["type"] == "missing" and not path:
            key = str(detail["loc"][0])
            if key not in STAND_INS or not isinstance(tree.data, dict):
                return False
            tree.data[key] = STAND_INS[key]
            continue
        cut.append(path)
    for path in sorted(set(cut), key=lambda p: (len(p), [str(x).zfill(6) for x in p]), reverse=True):
        if not path:
            return False
        parent = tree.get(path[:-1])
        if isinstance(parent, dict):
            parent.pop(str(path[-1]), None)
        elif isinstance(parent, list) and isinstance(path[-1], int) and path[-1] < len(parent):
            del parent[path[-1]]
            cuts.paths.append(path)
    return True


def _note(model: type[BaseModel], tree: Tree, detail: ErrorDetails, problems: Problems) -> None:
    loc, kind = detail["loc"], detail["type"]
    told = detail.get("ctx", {})
    subject = describe(tree.path(loc), tree)
    where = tree.where(loc)
    if kind.startswith("DET"):
        if loc and loc[-1] == "[key]":
            where = tree.where_key(loc[:-1])
        problem = about(subject, str(told["problem"]))
        diagnostic = Diagnostic(kind, problem, where, str(told["why"]), str(told["fix"]))
    elif kind == "extra_forbidden":
        known = sorted(keys_at(model, tree, loc[:-1]))
        around = describe(tree.path(loc[:-1]), tree) or "a case"
        diagnostic = Diagnostic(
            "DET101",
            f'unknown key "{loc[-1]}" in {around}',
            tree.where_key(loc),
            "a key that is not understood would be ignored without a word",
            problems.spelling(loc[-1], known),
        )
    elif kind == "missing":
        around = describe(tree.path(loc), tree) or "the case"
        diagnostic = Diagnostic(
            "DET102",
            f'{around} has no "{loc[-1]}"',
            tree.where_key(loc) if tree.path(loc) else where,
            _purpose(model, tree, loc),
            f"add {loc[-1]}: …",
        )
    elif kind == "literal_error":
        allowed = str(told.get("expected", ""))
        diagnostic = Diagnostic(
            "DET104",
            f"{subject} is {shown(tree.get(tree.path(loc)))}; it must be {allowed}",
            where,
            "anything else would have to be guessed",
            problems.spelling(
                tree.get(tree.path(loc)), [w.strip(" '") for w in allowed.replace(" or ", ",").split(",")]
            ),
        )
    else:
        wanted = _KINDS.get(kind, "")
        diagnostic = Diagnostic(
            "DET103",
            f"{subject or 'the document'} is {shown(tree.get(tree.path(loc)))}"
            + (f"; it must be {wanted}" if wanted else f": {detail['msg']}"),
            where,
            "values are not converted silently",
            'put it in quotes: "…"' if wanted == "text" else (f"write {wanted}" if wanted else ""),
        )
    problems.note(diagnostic)


_SINGULAR = {
    "parties": "party",
    "measures": "measure",
    "milestones": "milestone",
    "sticks": "stick",
    "resources": "resource",
    "groups": "group",
    "attributes": "attribute",
    "sources": "source",
    "red_lines": "red line",
    "positions": "position",
    "goals": "goal",
    "proposals": "proposal",
    "road_maps": "road map",
    "clauses": "clause",
}


def describe(path: Loc, tree: Tree) -> str:
    """A location in words: ``undo.cost of measure "a"``."""
    if len(path) < 2 or path[0] not in _SINGULAR or isinstance(tree.get(path[:1]), str):
        return ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
    whose = f"{_SINGULAR[str(path[0])]} {_named(path[:2], tree)}"
    rest = path[2:]
    if len(rest) > 1 and rest[0] == "clauses":
        whose = f"clause {_named(path[:4], tree)} of {whose}"
        rest = rest[2:]
    if not rest:
        return whose
    return ".".join(str(p + 1) if isinstance(p, int) else p for p in rest) + f" of {whose}"


def _named(path: Loc, tree: Tree) -> str:
    """A thing by its id; an entry of a list without one by its number."""
    if isinstance(path[-1], str):
        return f'"{path[-1]}"'
    entry = tree.get(path)
    named = entry.get("id") if isinstance(entry, dict) else None
    return f'"{named}"' if isinstance(named, str) else f"number {path[-1] + 1}"


def shown(value: Any) -> str:
    """An offending value, short."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def keys_at(model: type[BaseModel], tree: Tree, loc: Loc) -> set[str]:
    """The keys that may stand at a location of a document of this model."""
    found = _model_at(model, tree, loc)
    return {f.alias or name for name, f in found.model_fields.items()} if found else set()


def _purpose(model: type[BaseModel], tree: Tree, loc: Loc) -> str:
    found = _model_at(model, tree, loc[:-1])
    for name, f in found.model_fields.items() if found else ():
        if (f.alias or name) == loc[-1]:
            return (f.description or "").replace("\n", " ").rstrip(".")
    return ""


def _model_at(model: type[BaseModel], tree: Tree, loc: Loc) -> type[BaseModel] | None:
    kind: Any = model
    for part in loc:
        kind = _inner(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {f.alias or name: f.annotation for name, f in kind.model_fields.items()}
            if part not in fields:
                return None
            kind = fields[str(part)]
        elif typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        elif typing.get_origin(kind) is tuple:
            kind = typing.get_args(kind)[0]
        else:
            return None
    kind = _inner(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _inner(kind: Any) -> Any:
    while True:
        origin = typing.get_origin(kind)
        if origin is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif origin in (typing.Union, types.UnionType):
            kind = next((a for a in typing.get_args(kind) if a is not type(None)), None)
        else:
            return kind
