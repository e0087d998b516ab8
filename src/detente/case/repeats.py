"""Keys that stand twice: the readings that a file allows, and what is wrong in each.

While a file is read, a key that stands again is kept apart from the first (``marked``). A reading is a tree in which
each such key stands once. Repeated sections (``measures:`` twice) hold all that their parts hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from detente.case.problems import Loc, place_order
from detente.case.tree import Tree, has_ids
from detente.errors import Diagnostic, Where

MOST_READINGS = 3
_MARK = re.compile("(.*)\x00[0-9]+", re.DOTALL)
_Part = tuple[Any, Loc]


def marked(key: str, node: dict[str, Any]) -> str:
    """A key under which what stands at a key once more is kept; no text of a file holds its mark."""
    return f"{key}\x00{len(node)}"


def readings(tree: Tree) -> list[Tree]:
    """The trees in which each repeated key stands once: at first its first value, then the later ones."""
    most = max((n for node in _mappings(tree.data) for n in Counter(map(unmarked, node)).values()), default=1)
    return [_Reading(tree, n).read() for n in range(min(most, MOST_READINGS))] if most > 1 else [tree]


def wrong_in_all(found: Sequence[tuple[Tree, Sequence[Diagnostic]]]) -> list[Diagnostic]:
    """What is wrong in every reading, or within a repeated part itself, in the order of the file."""
    shared = set.intersection(*(set(each) for _, each in found))
    own = {d for tree, each in found for d in each if d.where in tree.repeated}
    return sorted(shared | own, key=place_order)


def unmarked(key: str) -> str:
    """The key as it was written."""
    m = _MARK.fullmatch(key)
    return m[1] if m else key


def _mappings(node: Any) -> Iterable[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _mappings(child)


class _Reading:
    """Builds one reading: of each repeated key the value number ``n``, or the last."""

    def __init__(self, tree: Tree, n: int) -> None:
        self.tree, self.n = tree, n
        self.made = Tree(tree.source, None, problems=tree.problems)
        self.within = 0

    def read(self) -> Tree:
        self.made.data = self._whole([(self.tree.data, ())], ())
        return self.made

    def _whole(self, parts: list[_Part], loc: Loc) -> Any:
        """Several parts of one section as one, or a single part."""
        node, source = parts[0]
        self._place(source, loc)
        if isinstance(node, dict):
            groups: dict[str, list[_Part]] = {}
            for part, at in parts:
                for key, value in part.items():
                    groups.setdefault(unmarked(key), []).append((value, (*at, key)))
            return {key: self._one(group, (*loc, key)) for key, group in groups.items()}
        if isinstance(node, list):
            items = [(item, (*at, n)) for part, at in parts for n, item in enumerate(part)]
            return [self._whole([item], (*loc, n)) for n, item in enumerate(items)]
        return node

    def _one(self, group: list[_Part], loc: Loc) -> Any:
        values = [value for value, _ in group]
        if len(loc) == 1 and (all(isinstance(v, dict) for v in values) or all(has_ids(v) for v in values)):
            return self._whole(group, loc)
        self._tell_parted(group, loc)
        chosen = group[min(self.n, len(group) - 1)]
        self.within += len(group) > 1
        made = self._whole([chosen], loc)
        self.within -= len(group) > 1
        return made

    def _tell_parted(self, group: list[_Part], loc: Loc) -> None:
        """Note a key that stands in both parts of a section, which were not told to be one when they were read."""
        first = self.tree.keys.get(group[0][1])
        for _, at in group[1:] if first else ():
            if at[:-1] != group[0][1][:-1] and self.n == 0:
                why = f"only one of them can count; the first is at line {first.line}" if first else ""
                told = f'the key "{loc[-1]}" stands twice'
                self.tree.problems.append(
                    Diagnostic("DET013", told, self.tree.keys.get(at), why, "delete one, or merge them")
                )

    def _place(self, source: Loc, loc: Loc) -> None:
        for mine, theirs in ((self.made.values, self.tree.values), (self.made.keys, self.tree.keys)):
            where: Where | None = theirs.get(source)
            if where is not None:
                mine[loc] = where
                self.made.repeated |= {where} if self.within else set()
        if source in self.tree.blanks:
            self.made.blanks.add(loc)
