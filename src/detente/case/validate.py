"""From a tree to a typed document: pydantic's complaints become diagnostics, and the rest is still checked.

What is malformed is noted and cut out of a copy, what is required gets a stand-in there, and the copy is validated
again, so that problems of meaning show in the same run, also those of the very thing that is malformed.
"""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.case.figures import ANY_ID, Part
from detente.case.problems import Cuts, Loc, Problems, about, an, closest
from detente.case.problems import shown as shown
from detente.case.tree import Tree, has_ids
from detente.errors import Diagnostic

M = TypeVar("M", bound=Part)
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


def validated(model: type[M], tree: Tree, problems: Problems) -> M | None:
    """The tree as ``model``, without what is malformed (noted in ``problems``); None if too little is left."""
    data, cuts = copy.deepcopy(tree.data), problems.cuts
    pruning = Tree(tree.source, data)
    _cut(pruning, tree.blanks, cuts)
    for round_ in range(_ROUNDS):
        try:
            return model.model_validate(data, context=None if round_ == 0 else ANY_ID)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
        if round_ == 0:
            _tell(model, tree, details, problems)
        if not _prune(model, pruning, details, cuts):
            return None
    return None


def _prune(model: type[BaseModel], tree: Tree, details: list[ErrorDetails], cuts: Cuts) -> bool:
    """Cut out what was complained about and fill what is missing; False if that would leave nothing."""
    cut: list[Loc] = []
    for detail in details:
        loc, path = detail["loc"], tree.path(detail["loc"])
        if loc[-1:] == ("[key]",):
            continue
        if detail["type"] == "missing":
            holder, owner = tree.get(path), _model_at(model, loc[:-1])
            cuts.lose((*path, loc[-1]))
            if isinstance(holder, dict) and owner is not None and loc[-1] in owner.stand_ins:
                holder[str(loc[-1])] = copy.deepcopy(owner.stand_ins[str(loc[-1])])
                continue
        cut.append(path)
    return _cut(tree, cut, cuts)


def _cut(tree: Tree, paths: Iterable[Loc], cuts: Cuts) -> bool:
    """Cut out what stands at these places, deepest and last first; False if that would leave nothing."""
    every = set(paths)
    for path in every:
        cuts.lose(path)
    for path in sorted(every, key=lambda p: (len(p), [str(x).zfill(6) for x in p]), reverse=True):
        if not path:
            return False
        parent = tree.get(path[:-1])
        if isinstance(parent, dict):
            parent.pop(str(path[-1]), None)
        elif isinstance(parent, list) and isinstance(path[-1], int) and path[-1] < len(parent):
            del parent[path[-1]]
            cuts.entry(path)
    return True


def _tell(model: type[Part], tree: Tree, details: list[ErrorDetails], problems: Problems) -> None:
    """Note what pydantic complains about; what an unknown key probably stands for is not called missing as well."""
    for detail in details:
        loc = detail["loc"]
        if detail["type"] == "extra_forbidden":
            meant = closest(loc[-1], keys_at(model, loc[:-1]))[:1]
            for key in meant:
                if tree.get((*tree.path(loc[:-1]), key)) is None:
                    problems.cuts.lose((*tree.path(loc[:-1]), key))
    for detail in details:
        loc = problems.cuts.original(detail["loc"])
        if detail["type"] != "missing" or not problems.cuts.lost((*tree.path(loc[:-1]), loc[-1])):
            _note(model, tree, detail, loc, problems)


def _note(model: type[Part], tree: Tree, detail: ErrorDetails, loc: Loc, problems: Problems) -> None:
    kind, told = detail["type"], detail.get("ctx", {})
    where = tree.where(loc)
    if kind.startswith("DET"):
        if loc and loc[-1] == "[key]":
            where = tree.where_key(loc[:-1])
        problem = about(describe(tree.path(loc), tree), str(told["problem"]))
        diagnostic = Diagnostic(kind, problem, where, str(told["why"]), str(told["fix"]))
    elif kind == "extra_forbidden":
        around = describe(tree.path(loc[:-1]), tree) or an(model.called)
        diagnostic = Diagnostic(
            "DET101",
            f'unknown key "{loc[-1]}" in {around}',
            tree.where_key(loc),
            "a key that is not understood would be ignored without a word",
            problems.spelling(loc[-1], sorted(keys_at(model, loc[:-1]))),
        )
    elif kind == "missing":
        around = describe(tree.path(loc), tree) or f"the {model.called}"
        diagnostic = problems.stranger(tree.path(loc)) or Diagnostic(
            "DET102",
            f'{around} has no "{loc[-1]}"',
            tree.where_key(loc) if tree.path(loc) else where,
            _purpose(model, loc),
            f"add {loc[-1]}: {_only(model, loc)}",
        )
    else:
        diagnostic = _wrong_value(tree, detail, loc, problems)
    problems.note(diagnostic)


def _wrong_value(tree: Tree, detail: ErrorDetails, loc: Loc, problems: Problems) -> Diagnostic:
    """A value that is not one of the words allowed, or not of the kind wanted."""
    path = tree.path(loc)
    subject, value, where = describe(path, tree), tree.get(path), tree.where(loc)
    if detail["type"] == "literal_error":
        allowed = str(detail.get("ctx", {}).get("expected", ""))
        return Diagnostic(
            "DET104",
            f"{subject} is {shown(value)}; it must be {allowed}",
            where,
            "anything else would have to be guessed",
            problems.spelling(value, [w.strip(" '") for w in allowed.replace(" or ", ",").split(",")]),
        )
    wanted = _KINDS.get(detail["type"], "")
    return Diagnostic(
        "DET103",
        f"{subject or 'the document'} is {shown(value)}"
        + (f"; it must be {wanted}" if wanted else f": {detail['msg']}"),
        where,
        "values are not converted silently",
        'put it in quotes: "…"' if wanted == "text" else (f"write {wanted}" if wanted else ""),
    )


_SINGULAR = {
    "parties": "party",
    "measures": "measure",
    "bodies": "body",
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


def strangers(tree: Tree) -> dict[Loc, Diagnostic]:
    """What overlays add under a name close to one of the case, with what to say of it if it is incomplete."""
    found: dict[Loc, Diagnostic] = {}
    for loc in tree.added:
        section, kind = tree.get(loc[:1]), _SINGULAR.get(str(loc[0]), "")
        every: dict[Loc, str] = {(loc[0], n): x["id"] for n, x in enumerate(section)} if has_ids(section) else {}
        every |= {(loc[0], x): x for x in section} if isinstance(section, dict) else {}
        close = closest(every.get(loc, ""), [name for at, name in every.items() if at not in tree.added])
        if kind and loc in every and close:
            found[loc] = Diagnostic(
                "DET201",
                f'the overlay speaks of {an(kind)} "{every[loc]}" that the case does not have',
                tree.where_key(loc),
                "it says too little for something new",
                "did you mean " + " or ".join(f'"{c}"' for c in close) + "?",
            )
    return found


_WITHIN = {"factions": "faction", "types": "type", "governments": "government", "clauses": "clause"}


def describe(path: Loc, tree: Tree) -> str:
    """A location in words: ``undo.cost of measure "a"``."""
    if len(path) < 2 or path[0] not in _SINGULAR or isinstance(tree.get(path[:1]), str):
        return ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
    whose = f"{_SINGULAR[str(path[0])]} {_named(path[:2], tree)}"
    title = tree.get((*path[:2], "name")) if path[0] in ("positions", "goals", "proposals") else None
    whose += f" ({title})" if isinstance(title, str) and title else ""
    rest, at = path[2:], 2
    for key, kind in _WITHIN.items():
        if len(rest) > 1 and rest[0] == key:
            whose = f"{kind} {_named(path[: at + 2], tree)} of {whose}"
            rest, at = rest[2:], at + 2
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


def keys_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """The keys that may stand at a location of a document of this model."""
    found = _model_at(model, loc)
    return {f.alias or name for name, f in found.model_fields.items()} if found else set()


def _purpose(model: type[BaseModel], loc: Loc) -> str:
    found = _model_at(model, loc[:-1])
    for name, f in found.model_fields.items() if found else ():
        if (f.alias or name) == loc[-1]:
            return (f.description or "").replace("\n", " ").rstrip(".")
    return ""


def _only(model: type[BaseModel], loc: Loc) -> str:
    """The one word or number that may stand at a location, or else an ellipsis."""
    kind = kind_at(model, loc)
    words = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
    return str(words[0]) if len(words) == 1 else "…"


def _model_at(model: type[BaseModel], loc: Loc) -> type[Part] | None:
    kind = kind_at(model, loc)
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def kind_at(model: type[BaseModel], loc: Loc) -> Any:
    """What stands at a location of a document of this model, as its schema has it; None where nothing can stand."""
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
    return _inner(kind)


def _inner(kind: Any) -> Any:
    while True:
        origin = typing.get_origin(kind)
        if origin is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif origin in (typing.Union, types.UnionType):
            kind = next((a for a in typing.get_args(kind) if a is not type(None)), None)
        else:
            return kind
