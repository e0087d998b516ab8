"""The smallest set that has something in common with every one of several sets, by branch and bound.

Conflicts and corrections are dual: what relieves a case of all its conflicts has something of each of them, and a
conflict has something of every set of conditions without which there is a road map (Reiter 1987).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_NODES = 200_000
"""Sets tried at most."""


@dataclass(frozen=True)
class Hit:
    """The smallest set found (None: there is none); not ``proved``: a limit was reached, there may be a smaller one."""

    names: frozenset[str] | None
    proved: bool


def smallest(sets: Collection[Collection[str]], names: Sequence[str], banned: Collection[Collection[str]] = ()) -> Hit:
    """The smallest set of ``names`` that hits each of ``sets`` and holds none of ``banned`` whole.

    Of equally small ones one with names that stand early, as a rule.
    """
    search = _Search(names, banned)
    search.grow(0, 0, [search.mask(s) for s in sets], (1 << len(names)) - 1)
    found = search.best
    chosen = None if found is None else frozenset(n for k, n in enumerate(names) if found >> k & 1)
    return Hit(chosen, search.nodes <= MOST_NODES)


class _Search:
    """Sets of names are bits of a number."""

    def __init__(self, names: Sequence[str], banned: Collection[Collection[str]]) -> None:
        self.place = {name: k for k, name in enumerate(names)}
        self.banned = [self.mask(b) for b in banned if all(n in self.place for n in b)]
        self.best: int | None = None
        self.most = len(names) + 1
        self.nodes = 0

    def mask(self, names: Collection[str]) -> int:
        return sum(1 << self.place[n] for n in names if n in self.place)

    def grow(self, chosen: int, size: int, left: Sequence[int], free: int) -> None:
        """Add to ``chosen`` what is ``free`` until no set is ``left``; better ones than the best so far are kept."""
        self.nodes += 1
        if self.nodes > MOST_NODES or any(b & chosen == b for b in self.banned):
            return
        if not left:
            self.best, self.most = chosen, size
            return
        if size + _apart(left, free) >= self.most:
            return
        narrow = min((s & free for s in left), key=int.bit_count)
        while narrow:
            one = narrow & -narrow
            narrow ^= one
            free ^= one
            self.grow(chosen | one, size + 1, [s for s in left if not s & one], free)


def _apart(sets: Sequence[int], free: int) -> int:
    """As many of the sets have nothing in common, so no fewer elements hit them all."""
    used, count = 0, 0
    for s in sorted((s & free for s in sets), key=int.bit_count):
        if not s & used:
            used |= s
            count += 1
    return count
