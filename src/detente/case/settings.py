"""Single changes, ``PATH=VALUE``: a path followed into a tree, and what is written short on the way written out."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from detente.case.figures import Part
from detente.case.problems import Loc, Problem, did_you_mean, stop
from detente.case.read import RESOLVED_FORMAT
from detente.case.resolved_schema import ResolvedDocument
from detente.case.schema import Document
from detente.case.tree import Tree, set_value
from detente.case.validate import keys_at, kind_at
from detente.errors import InputError, Where

_SHORT = {
    "weight": lambda rest: ("parties", rest[0], "weights", *rest[1:]),
    "party": lambda rest: ("parties", *rest),
    "faction": lambda rest: ("parties", *rest),
    "body": lambda rest: ("bodies", *rest),
    "measure": lambda rest: ("measures", *rest),
    "milestone": lambda rest: ("milestones", *rest),
    "stick": lambda rest: ("sticks", *rest),
    "resource": lambda rest: ("resources", *rest),
    "group": lambda rest: ("groups", *rest),
    "case": lambda rest: tuple(rest),
}


def apply_setting(tree: Tree, setting: str) -> None:
    """Apply one ``PATH=VALUE``, in place."""
    path, equals, text = setting.partition("=")
    where = Where(f"--set {setting}")
    if not equals or not all(path.strip().split(".")):
        raise stop(
            "DET021",
            f'"{setting}" is not a setting',
            why="a setting is a path, =, and a value",
            fix="write for instance weight.US.programme=0.5",
        )
    put(tree, path, _setting_value(text, where), where)


def put(tree: Tree, path: str, value: Any, where: Where) -> Loc:
    """Put a value where a setting's path leads, in place; returns that location. The value stands at ``where``."""
    found = location(tree, path, where)
    old = tree.get(found)
    if isinstance(old, dict) and "value" in old and not isinstance(value, dict):
        tree.values[found] = where
        found = (*found, "value")
    try:
        set_value(tree, found, value, where)
    except Problem as problem:
        raise stop("DET022", problem.problem, where=where) from None
    return found


def location(tree: Tree, path: str, where: Where) -> Loc:
    """Where a setting's path leads; what is written short on the way is written out in full, in place.

    ``where`` says in whose name an error is told.
    """
    parts = path.strip().split(".")
    if parts[0] in _SHORT and len(parts) > 1:
        if parts[0] == "weight" and is_resolved(tree):
            raise stop(
                "DET022",
                "a resolved case has no weights",
                where=where,
                why="they were multiplied out when it was resolved",
                fix="set them in the case it came from",
            )
        parts = _to_faction(tree, list(_SHORT[parts[0]](parts[1:])))
    return _Way(tree, parts, where).end()


def _to_faction(tree: Tree, parts: list[str]) -> list[str]:
    """The way to a faction where a way to a party of its name was given."""
    parties, name = tree.get(("parties",)), parts[1] if len(parts) > 1 else ""
    if parts[0] != "parties" or not isinstance(parties, dict) or name in parties:
        return parts
    if is_resolved(tree):
        return ["factions", *parts[1:]]
    own = (p for p, party in parties.items() if isinstance(party, dict) and name in (party.get("factions") or ()))
    return next((["parties", p, "factions", *parts[1:]] for p in own), parts)


def is_resolved(tree: Tree) -> bool:
    """Whether a tree holds a resolved case."""
    return isinstance(tree.data, dict) and tree.data.get("format") == RESOLVED_FORMAT


def schema_of(tree: Tree) -> type[BaseModel]:
    """The schema that a tree is to obey."""
    return ResolvedDocument if is_resolved(tree) else Document


def _setting_value(text: str, where: Where) -> Any:
    from detente.case.yaml_text import tree_from_yaml

    tree = tree_from_yaml(text if text.strip() else "''", where.source)
    if tree.problems:
        raise InputError(tree.problems)
    return tree.data


class _Way:
    """A dotted path being followed: ids may hold dots; lists are entered by the names of their entries or by place."""

    def __init__(self, tree: Tree, parts: list[str], where: Where) -> None:
        self.tree, self.parts, self.where = tree, parts, where
        self.schema = schema_of(tree)
        self.loc: Loc = ()
        self.at = 0

    def end(self) -> Loc:
        """Where the path leads; its last part need not be there yet."""
        while self.at < len(self.parts):
            node = self._spelled_out()
            if isinstance(node, dict):
                self._enter(node)
            elif isinstance(node, list):
                self._pick(node)
            else:
                raise self._no_parts(node)
        return self.loc

    def _spelled_out(self) -> Any:
        """What stands here, in the long form if only that has the next part."""
        node, kind, part = self.tree.get(self.loc), kind_at(self.schema, self.loc), self.parts[self.at]
        full = node
        if typing.get_origin(kind) is tuple and (
            isinstance(node, str) or (isinstance(node, dict) and part not in node)
        ):
            full = [node]
        elif (
            node not in (None, "never") and not isinstance(node, dict | list) and part in keys_at(self.schema, self.loc)
        ):
            full = _in_full(kind, node)
        if full is not node:
            set_value(self.tree, self.loc, full, self.tree.where(self.loc))
        return full

    def _enter(self, node: dict[str, Any]) -> None:
        """Go on in a mapping: by a key it has, by a last one it may be given, or by a part left out in which all else
        may be."""
        for end in range(len(self.parts), self.at, -1):
            key = ".".join(self.parts[self.at : end])
            if key in node:
                self.loc, self.at = (*self.loc, key), end
                return
        here = (*self.loc, self.parts[self.at])
        known = self.at > 0 or self.parts[0] in keys_at(self.schema, ())
        if self.at == len(self.parts) - 1 and known and not _holds_names(self.loc):
            self.loc, self.at = here, self.at + 1
        elif not _holds_names(self.loc) and _may_be_empty(kind_at(self.schema, here)):
            set_value(self.tree, here, {}, self.where)
            self.loc, self.at = here, self.at + 1
        else:
            raise self._nothing(node)

    def _pick(self, node: list[Any]) -> None:
        """Go on in a list."""
        part = self.parts[self.at]
        index = next((n for n, x in enumerate(node) if part in _names(x)), None)
        if index is None and part.isdigit() and int(part) < len(node):
            index = int(part)
        if index is None:
            names = [name for x in node for name in _names(x)]
            raise stop(
                "DET022",
                f'there is no "{part}" in {".".join(map(str, self.loc))}',
                where=self.where,
                fix=did_you_mean(part, names),
            )
        self.loc, self.at = (*self.loc, index), self.at + 1

    def _nothing(self, node: Mapping[str, Any]) -> InputError:
        word = self.parts[self.at]
        known = [*map(str, node), *(_SHORT if not self.loc else ())]
        return stop(
            "DET022",
            f'there is no "{word}"' + (f" in {'.'.join(map(str, self.loc))}" if self.loc else ""),
            where=self.where,
            why="a value set in the wrong place would change nothing, without a word",
            fix=did_you_mean(word, known),
        )

    def _no_parts(self, node: Any) -> InputError:
        told = f"{'.'.join(map(str, self.loc))} has no parts"
        if node == "never" and self.loc[-1] == "undo":
            fix = f'set how it can be undone first: --set measure.{self.loc[1]}.undo="3 months"'
            return stop("DET022", told, where=self.where, why="it can never be undone", fix=fix)
        return stop("DET022", told, where=self.where, why="it is a single value", fix="end the path there")


def _names(entry: Any) -> list[str]:
    """The names by which an entry of a list goes: its id, or the measure or measures that it speaks of."""
    if isinstance(entry, str):
        return [entry]
    told = [entry.get(key) for key in ("id", "measure", "measures")] if isinstance(entry, dict) else []
    single = [x[0] if isinstance(x, list) and len(x) == 1 else x for x in told]
    return [x for x in single if isinstance(x, str)]


def _in_full(kind: type[Part], node: Any) -> Any:
    """The long form of what is written short; as it is if there is none."""
    plain = getattr(kind, "_plain", None)
    return node if plain is None else plain(node)


def _may_be_empty(kind: Any) -> bool:
    """Whether something of this kind may be left out in all its parts, so that it can be begun with nothing."""
    if typing.get_origin(kind) is dict:
        return True
    if not (isinstance(kind, type) and issubclass(kind, Part)):
        return False
    return all(not f.is_required() for f in kind.model_fields.values())


def _holds_names(loc: Loc) -> bool:
    """Whether the mapping at a location is keyed by names of the case, so that a new key would be a new thing."""
    return len(loc) == 1 and loc[0] in ("parties", "measures", "milestones", "groups", "resources", "attributes")
