"""Numbers that hang together: stated rank correlations, by a Gaussian copula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.case.schema_uncertain import Correlation
from detente.case.shapes import Floats

_TOLERANCE = 1e-9
_EDGE = 2.0**-40


@dataclass(frozen=True)
class Linked:
    """The columns that are correlated with others."""

    columns: npt.NDArray[np.intp]
    mix: Floats
    """The symmetric root of the matrix of their Gaussian copula."""

    def apply(self, u: Floats) -> Floats:
        """The points (world, column) with these columns correlated: Φ(Φ⁻¹(u)·mix)."""
        from scipy.special import ndtr, ndtri

        result = u.copy()
        result[:, self.columns] = np.clip(ndtr(ndtri(u[:, self.columns]) @ self.mix), _EDGE, 1 - _EDGE)
        return result


def linked(given: Sequence[Correlation], paths: Sequence[str]) -> Linked | None:
    """How the numbers at these paths hang together; None if all are independent. What is not among them is certain, and
    goes along with nothing."""
    given = [c for c in given if set(c.between) <= set(paths)]
    own = [p for p in paths if any(p in c.between for c in given)]
    if not own:
        return None
    values, vectors = np.linalg.eigh(_copula(given, own))
    mix = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return Linked(np.array([paths.index(p) for p in own], dtype=np.intp), mix)


def contradiction(given: Sequence[Correlation]) -> list[int]:
    """The correlations, by number, that cannot all be, none of which could be left out; empty if all can.

    One that is left out is none, so that fewer may be impossible where more are not: each is tried until none is spare.
    """
    if _possible(given):
        return []
    kept = list(range(len(given)))
    while (spare := next((n for n in kept if not _possible([given[k] for k in kept if k != n])), None)) is not None:
        kept.remove(spare)
    return kept


def _possible(given: Sequence[Correlation]) -> bool:
    """Whether the matrix of the copula is positive semidefinite."""
    own = list(dict.fromkeys(p for c in given for p in c.between))
    return not own or float(np.linalg.eigvalsh(_copula(given, own)).min()) >= -_TOLERANCE


def _copula(given: Sequence[Correlation], own: Sequence[str]) -> Floats:
    """The correlations of the Gaussian copula: r = 2 sin(πρ/6) for a rank correlation ρ."""
    place = {path: n for n, path in enumerate(own)}
    matrix = np.eye(len(own))
    for c in given:
        a, b = (place[path] for path in c.between)
        matrix[a, b] = matrix[b, a] = 2 * np.sin(np.pi * float(c.rank.value.central) / 6)
    return matrix
