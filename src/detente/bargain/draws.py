"""In what share of possible worlds road maps are signed, and hold (model §8, §12).

A world is one draw of every number with a range. Each road map is taken as it comes about there (:mod:`slip`) and
judged: by floats where they can tell, else in rationals, so that the answer is the judge's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.audit.exact import TooManyMilestones
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.bargain.slip import Agreed, slipped
from detente.case.draws import draw_cases, draw_values, uncertain_numbers
from detente.case.load import Case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.kept import bystanders, kept
from detente.incentives.steady import Suspect, steadiness
from detente.results.audit import Audit
from detente.results.compare import DrawShares
from detente.results.drivers import Driver

MOST_SUSPECTS = 12
"""Breaches of the case as written that are tried first in every world."""

Outcomes = npt.NDArray[np.bool_]
"""(world, road map, 3): signed, holds, undecided within the limits."""


@dataclass(frozen=True)
class Candidate:
    """A road map to be judged in many worlds; ``suspects``: what tempts in the case as written, worst first."""

    agreed: Agreed
    suspects: tuple[tuple[str, int, tuple[str, ...]], ...] = ()


def suspects(audit: Audit) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Parties, dates and measures of the breaches that come closest to paying, or pay most."""
    found = []
    for party, margins in audit.margin.items():
        for t in np.argsort(margins, kind="stable")[:MOST_SUSPECTS].tolist():
            breach = audit.best_breach[party][t]
            found.append((margins[t], party, t, (*breach.fakes, *breach.undoes)))
    found.sort(key=lambda x: x[0])
    return tuple((party, t, measures) for _, party, t, measures in found[:MOST_SUSPECTS])


def outcomes(case: Case, candidates: Sequence[Candidate], n: int, seed: int, first: int = 0) -> Outcomes:
    """What becomes of each road map in the worlds ``first`` … ``n - 1``."""
    result = np.zeros((n - first, len(candidates), 3), dtype=np.bool_)
    for row, world in enumerate(draw_cases(case, n, seed, first)):
        ground = Grounds(world, stakes(world))
        for column, one in enumerate(candidates):
            road_map = slipped(world, one.agreed)
            result[row, column] = judge(ground, road_map, one.suspects, in_order=not one.agreed.fixed)
    return result


def judge(
    ground: Grounds,
    road_map: RoadMap,
    suspected: Sequence[tuple[str, int, tuple[str, ...]]] = (),
    *,
    in_order: bool = False,
) -> tuple[bool, bool, bool]:
    """Whether a road map is signed, whether it holds, and whether the latter could not be decided.

    ``suspected`` are breaches to try first; ``in_order``: it is known to be in order, within capacity and horizon.
    """
    st, tb, error = ground.stakes, ground.tables, ground.error
    margins = Margins(ground, road_map)
    if not in_order and structural(ground.case, road_map):
        return _signed(margins), False, False
    c = st.completions(road_map)
    V = kept(tb, c)
    players = np.flatnonzero(~bystanders(st, c))
    short = ground.reserve[players] - V[0, players]
    close = bool((np.abs(short) <= 4 * error[players]).any())
    signed = _signed(margins) if close else bool((short < 0).all())
    seen = steadiness(tb, c, error, list(_indexed(ground.case, st.party_index, st.measure_index, suspected)), V=V)
    if seen.tempted:
        return signed, False, False
    signs = [_sign(margins, i, t) for i, t in seen.close]
    if -1 in signs:
        return signed, False, False
    undecided = None in signs or not seen.proved
    return signed, not undecided, undecided


def _sign(margins: Margins, i: int, t: int) -> int | None:
    """The sign of a margin in rationals; None where a limit was reached before it was known."""
    try:
        margin = margins.cell(i, t).margin
    except TooManyMilestones:
        return None
    return -1 if margin < 0 else 1 if margins.settled(i, t) else None


def _signed(margins: Margins) -> bool:
    """In rationals: every party that is no bystander gets at least its reservation value."""
    exact = margins.grounds.exact
    return all(margins.exact.V(i, 0) >= exact.reserve(i) for i in margins.players)


def _indexed(
    case: ResolvedCase, party: dict[str, int], measure: dict[str, int],
    suspected: Sequence[tuple[str, int, tuple[str, ...]]],
) -> Iterator[Suspect]:  # fmt: skip
    for name, t, measures in suspected:
        yield party[name], t, tuple(measure[k] for k in measures)


def shares(found: Outcomes, seed: int) -> tuple[DrawShares, ...]:
    """The shares of each road map."""
    n = len(found)
    signed, holds, undecided = (found[:, :, part].mean(axis=0) for part in range(3))
    both = (found[:, :, 0] & found[:, :, 1]).mean(axis=0)
    return tuple(
        DrawShares(n, seed, float(s), float(h), float(b), float(u))
        for s, h, b, u in zip(signed, holds, both, undecided, strict=True)
    )


def drivers(case: Case, stands: npt.NDArray[np.bool_], n: int, seed: int) -> tuple[Driver, ...]:
    """What moves the share of worlds in which a road map is signed and holds, strongest first.

    ``stands`` (world,): whether it does. First order only: each number by itself, its low half against its high half.
    """
    values = draw_values(case, n, seed)
    found = []
    for column, number in enumerate(uncertain_numbers(case)):
        low = values[:, column] <= np.median(values[:, column])
        if low.all() or not low.any():
            continue
        found.append(Driver(number.path, float(stands[low].mean()), float(stands[~low].mean())))
    return tuple(sorted(found, key=lambda d: (-abs(d.effect), d.path)))
