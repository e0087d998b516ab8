"""What was written, as plain mappings, lists and scalars, with the place of every node.

Scalars are ``str``, ``int``, ``Decimal``, ``bool`` or ``None``; numbers come from their text, never through a binary
float. Keys are always text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from detente.case.problems import Loc, Problem, stop
from detente.errors import Diagnostic, Where

MAX_DEPTH = 40
MAX_NODES = 200_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that no text holds: whoever prints them may be led astray."""


@dataclass
class Tree:
    """Plain data with places: ``values`` says where a node's value stands, ``keys`` where its key does."""

    source: str
    data: Any
    values: dict[Loc, Where] = field(default_factory=dict)
    keys: dict[Loc, Where] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    """What was wrong with the text, and did not keep the rest from being read."""
    blanks: set[Loc] = field(default_factory=set)
    """Where something stands that could not be read: it is among the problems, and nothing can rest on it."""
    repeated: set[Where] = field(default_factory=set)
    """The places within parts of which the file holds several."""
    again: list[Tree] = field(default_factory=list)
    """The other readings of a file in which keys stand twice."""
    added: list[Loc] = field(default_factory=list)
    """The things that overlays name and the case does not."""

    def path(self, loc: Loc) -> Loc:
        """The part of a location that was written: names that only the program knows are skipped."""
        node, known = self.data, []
        for part in loc:
            if isinstance(node, Mapping) and str(part) in node:
                part = str(part)
                node = node[part]
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                node = node[part]
            else:
                continue
            known.append(part)
        return tuple(known)

    def where(self, loc: Loc) -> Where:
        """Where the value at a location stands, or the nearest thing around it that has a place."""
        path = self.path(loc)
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Where(self.source))

    def where_key(self, loc: Loc) -> Where:
        """Where the key at a location stands."""
        return self.keys.get(self.path(loc)) or self.where(loc)

    def get(self, loc: Loc) -> Any:
        """The value at a location as written; None where nothing stands."""
        node = self.data
        for part in loc:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node


def tree_from_python(data: object, source: str) -> Tree:
    """A tree from mappings, lists and scalars of a Python program; a float counts as its shortest text."""
    tree = Tree(source, None)
    budget = [MAX_NODES]

    def copy(node: object, loc: Loc) -> Any:
        budget[0] -= 1
        if len(loc) > MAX_DEPTH or budget[0] < 0:
            raise stop(
                "DET012",
                f"{source} is nested more than {MAX_DEPTH} deep or has more than {MAX_NODES} parts",
                why="no case needs that, and reading it could take for ever",
                fix="check that it does not contain itself",
            )
        tree.values[loc] = Where(source + "".join(f" › {p}" for p in loc))
        if isinstance(node, Mapping):
            return {str(k): copy(v, (*loc, str(k))) for k, v in node.items()}
        if isinstance(node, list | tuple):
            return [copy(v, (*loc, n)) for n, v in enumerate(node)]
        if isinstance(node, float):
            text = repr(float(node))
            return Decimal(text) if "n" not in text else text
        if node is None or isinstance(node, str | int | Decimal):
            return node
        raise stop(
            "DET103",
            f"a value of type {type(node).__name__} stands in {source}",
            where=tree.values[loc],
            why="a case is made of mappings, lists, text and numbers",
            fix="turn it into one of these",
        )

    tree.data = copy(data, ())
    return tree


def merge(base: Tree, over: Tree) -> None:
    """Lay one tree over another, in place: mappings key by key, lists of things with an ``id`` thing by thing."""

    def lay(under: Any, above: Any, loc: Loc, above_loc: Loc) -> Any:
        if isinstance(under, dict) and isinstance(above, dict):
            for key, value in above.items():
                at = (*loc, key)
                if key not in under or not _mergeable(under[key], value):
                    if key not in under and len(at) == 2:
                        base.added.append(at)
                    under[key] = value
                    _move_places(base, over, at, (*above_loc, key))
                else:
                    lay(under[key], value, at, (*above_loc, key))
            return under
        positions = {item["id"]: n for n, item in enumerate(under)}
        for n, item in enumerate(above):
            place = positions.get(item["id"])
            if place is None:
                under.append(item)
                base.added += [(*loc, len(under) - 1)] if len(loc) == 1 else []
                _move_places(base, over, (*loc, len(under) - 1), (*above_loc, n))
            else:
                lay(under[place], item, (*loc, place), (*above_loc, n))
        return under

    if isinstance(base.data, dict) and isinstance(over.data, dict):
        lay(base.data, over.data, (), ())


def _mergeable(under: Any, above: Any) -> bool:
    if isinstance(under, dict) and isinstance(above, dict):
        return True
    return has_ids(under) and has_ids(above)


def has_ids(node: Any) -> bool:
    """Whether something is a list of things that have ids."""
    return (
        isinstance(node, list)
        and bool(node)
        and all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in node)
    )


def _move_places(base: Tree, over: Tree, loc: Loc, over_loc: Loc) -> None:
    for mine, theirs in ((base.values, over.values), (base.keys, over.keys)):
        for old in [p for p in mine if p[: len(loc)] == loc]:
            del mine[old]
        for p, where in theirs.items():
            if p[: len(over_loc)] == over_loc:
                mine[loc + p[len(over_loc) :]] = where
    base.blanks = {p for p in base.blanks if p[: len(loc)] != loc}
    base.blanks |= {loc + p[len(over_loc) :] for p in over.blanks if p[: len(over_loc)] == over_loc}


def set_value(tree: Tree, loc: Loc, value: Any, where: Where) -> None:
    """Put a value at a location; the mappings on the way must exist, the last key need not."""
    node = tree.get(loc[:-1])
    if isinstance(node, dict):
        node[str(loc[-1])] = value
    elif isinstance(node, list) and isinstance(loc[-1], int) and loc[-1] < len(node):
        node[loc[-1]] = value
    else:
        raise Problem("DET022", f"there is nothing at {'.'.join(map(str, loc[:-1]))}")
    for places in (tree.values, tree.keys):
        for old in [p for p in places if p[: len(loc)] == loc]:
            del places[old]
    tree.blanks = {p for p in tree.blanks if p[: len(loc)] != loc}
    tree.values[loc] = where
