"""What every judgment on a case rests on: constants that no road map changes, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.audit.exact import Exact
from detente.case.factions import as_faction
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Floats, Stakes, stakes
from detente.incentives.kept import reserves, scales
from detente.incentives.rounding import float_error
from detente.incentives.tables import Tables, tables

SMALL = 1e-6
"""A scale below this may be nothing but rounding."""


@dataclass(frozen=True, eq=False)
class Grounds:
    """A case, its arrays and tables, and the bound on what floats get wrong."""

    case: ResolvedCase
    stakes: Stakes

    @cached_property
    def tables(self) -> Tables:
        """Constants at each party's own discount."""
        return tables(self.stakes)

    @cached_property
    def common(self) -> Tables:
        """Constants at the common discount."""
        return tables(self.stakes, common=True)

    @cached_property
    def error(self) -> Floats:
        """(P,) bound on |float - exact| of any value of each party."""
        return float_error(self.stakes)

    @cached_property
    def scale(self) -> Floats:
        """(P,) K_i; a small one is worked out in rationals, so that one that is 0 is 0."""
        found = scales(self.stakes).copy()
        for i in np.flatnonzero(found <= SMALL * (1 + self.error)):
            found[i] = float(self.exact.scale(int(i)))
        return found

    @cached_property
    def reserve(self) -> Floats:
        """(P,) R_i at each party's own discount."""
        return reserves(self.stakes, self.tables)

    def seen_by(self, faction: str) -> Grounds:
        """The grounds of the case as a faction sees it, worked out once."""
        if faction not in self._factions:
            case = as_faction(self.case, faction)
            self._factions[faction] = Grounds(case, stakes(case))
        return self._factions[faction]

    @cached_property
    def _factions(self) -> dict[str, Grounds]:
        return {}

    @cached_property
    def exact(self) -> Exact:
        """The case in rationals."""
        return Exact(self.case)


_recent: list[Grounds] = []


def grounds(case: ResolvedCase, given: Stakes | None = None) -> Grounds:
    """The grounds of a case; those of the last few cases are remembered."""
    for known in _recent:
        if known.case is case:
            return known
    made = Grounds(case, given if given is not None and given.case is case else stakes(case))
    _recent.insert(0, made)
    del _recent[4:]
    return made
