"""Is a road map signed, and does it hold? Only that, fast: for asking it of many versions of a case.

By floats where they can tell, else in rationals, so that the answer is the judge's (:mod:`detente.audit.judge`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from detente.audit.exact import TooManyMilestones
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.incentives.kept import bystanders, kept
from detente.incentives.steady import Suspect, steadiness
from detente.results.audit import Audit

MOST_SUSPECTS = 12
"""Breaches that are tried first in every version of a case."""

Suspicion = tuple[str, int, tuple[str, ...]]
"""A party, a date, and the measures that it may cheat on from then on (none: it may walk out)."""


class Standing(NamedTuple):
    """Whether a road map is signed, whether it holds, and whether the latter could not be decided within limits."""

    signed: bool
    holds: bool
    undecided: bool


def suspects(audit: Audit) -> tuple[Suspicion, ...]:
    """Parties, dates and measures of the breaches that come closest to paying, or pay most."""
    found = []
    for party, margins in audit.margin.items():
        for t in np.argsort(margins, kind="stable")[:MOST_SUSPECTS].tolist():
            breach = audit.best_breach[party][t]
            found.append((margins[t], party, t, (*breach.fakes, *breach.undoes)))
    found.sort(key=lambda x: x[0])
    return tuple((party, t, measures) for _, party, t, measures in found[:MOST_SUSPECTS])


def standing(
    ground: Grounds, road_map: RoadMap, suspected: Sequence[Suspicion] = (), *, in_order: bool = False
) -> Standing:
    """How a road map stands.

    ``suspected`` are breaches to try first; ``in_order``: it is known to be in order, within capacity and horizon.
    """
    st, tb, error = ground.stakes, ground.tables, ground.error
    margins = Margins(ground, road_map)
    if not in_order and structural(ground.case, road_map):
        return Standing(_signed(margins), False, False)
    c = st.completions(road_map)
    V = kept(tb, c)
    players = np.flatnonzero(~bystanders(st, c))
    short = ground.reserve[players] - V[0, players]
    close = bool((np.abs(short) <= 4 * error[players]).any())
    signed = _signed(margins) if close else bool((short < 0).all())
    seen = steadiness(tb, c, error, list(_indexed(ground.case, st.party_index, st.measure_index, suspected)), V=V)
    if seen.tempted:
        return Standing(signed, False, False)
    signs = [_sign(margins, i, t) for i, t in seen.close]
    if -1 in signs:
        return Standing(signed, False, False)
    undecided = None in signs or not seen.proved
    return Standing(signed, not undecided, undecided)


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
    case: ResolvedCase, party: dict[str, int], measure: dict[str, int], suspected: Sequence[Suspicion]
) -> Iterator[Suspect]:
    for name, t, measures in suspected:
        yield party[name], t, tuple(measure[k] for k in measures)
