"""Is a road map signed, does it hold, and where is it weakest? Only that, fast: to ask it of many versions of a case.

By floats where they can tell, else in rationals, so that the answer is the judge's (:mod:`detente.audit.judge`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from detente.audit.exact import TooManyMilestones
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.audit.support import Support
from detente.case.clauses import evaluate
from detente.case.resolved import Clause
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats
from detente.incentives.kept import bystanders, kept
from detente.incentives.steady import Suspect, steadiness
from detente.incentives.weakest import Weakest, weakest
from detente.results.audit import Audit, Breach

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
    margins = Margins(ground, road_map)
    return _voted(margins, _without_votes(margins, suspected, in_order=in_order))[0]


def _voted(margins: Margins, alone: Standing) -> tuple[Standing, Support]:
    """How it stands once factions and those whose consent is asked have voted; a vote left open counts as lost."""
    support = Support(margins)
    if not support.needed:
        return alone, support
    signed = alone.signed and not support.refusing()
    deserted = support.deserted() if alone.holds else {}
    return Standing(signed, alone.holds and not deserted, alone.undecided or not all(deserted.values())), support


def _without_votes(margins: Margins, suspected: Sequence[Suspicion], *, in_order: bool) -> Standing:
    ground, road_map = margins.grounds, margins.road_map
    st, tb, error = ground.stakes, ground.tables, ground.error
    if not in_order and structural(ground.case, road_map):
        return Standing(not _refusing(margins), False, False)
    c = st.completions(road_map)
    V = kept(tb, c)
    signed = not _refusing(margins, V[0])
    seen = steadiness(tb, c, error, list(_indexed(ground, suspected)), V=V)
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


def _refusing(margins: Margins, worth: Floats | None = None) -> list[int]:
    """Parties, bystanders apart, that get less than their reservation value; ``worth`` (P,): V in period 0 if known.

    In rationals where floats cannot tell.
    """
    ground = margins.grounds
    players = margins.players if worth is None else np.flatnonzero(~bystanders(ground.stakes, margins.completions))
    found = []
    for i in (int(i) for i in players):
        short: float | Fraction = 0.0 if worth is None else float(ground.reserve[i] - worth[i])
        if worth is None or abs(short) <= 4 * ground.error[i]:
            short = ground.exact.reserve(i) - margins.exact.V(i, 0)
        if short > 0:
            found.append(i)
    return found


def _indexed(ground: Grounds, suspected: Sequence[Suspicion]) -> Iterator[Suspect]:
    party, measure = ground.stakes.party_index, ground.stakes.measure_index
    for name, t, measures in suspected:
        yield party[name], t, tuple(measure[k] for k in measures)


@dataclass(frozen=True)
class Moment:
    """A party's least margin over breaches that are not vacuous, when it is, and the breach that leaves it."""

    party: str
    period: int
    margin: float
    """In the party's own units."""
    relative: float | None
    """As a part of the party's scale; None where that is 0."""
    breach: Breach


@dataclass(frozen=True)
class Moments:
    """How a road map stands, with the weakest moment of each party that can breach.

    ``wrong``: what keeps it from being a road map at all, if anything does; then there are no moments.
    """

    standing: Standing
    clauses_kept: bool
    moments: tuple[Moment, ...] = ()
    refusing: tuple[str, ...] = ()
    """Parties that would not sign or are not ratified by their factions, and whoever refuses a consent it needs."""
    deserted: tuple[str, ...] = ()
    """Parties that lose the support of their factions on the way."""
    wrong: str = ""

    @property
    def certified(self) -> bool:
        """Holds, signed by all that have a part in it, binding clauses kept."""
        return self.standing.holds and self.standing.signed and self.clauses_kept


def moments(
    ground: Grounds, road_map: RoadMap, must: Sequence[Clause] = (), suspected: Sequence[Suspicion] = ()
) -> Moments:
    """How a road map stands, and each party's weakest moment.

    ``must``: clauses that bind; ``suspected``: breaches to try first. Margins are floats; the verdict is exact.
    """
    case, st = ground.case, ground.stakes
    margins = Margins(ground, road_map)

    def worth(party: str) -> Fraction:
        return margins.exact.V(st.party_index[party], 0)

    kept_all = all(evaluate(c, case, road_map.starts, worth)[0] for c in must)
    wrong = structural(case, road_map)
    if wrong:
        return _stands(margins, Standing(False, False, False), kept_all, wrong=wrong[0].message)
    c = st.completions(road_map)
    V = kept(ground.tables, c)
    found = weakest(ground.tables, c, ground.error, list(_indexed(ground, suspected)), V=V)
    told = {i: _moment(ground, i, w) for i, w in found.items()}
    sure = {i: 2 * float(ground.error[i]) for i in found}
    stands = Standing(False, False, False)
    if all(w.proved and w.margin > sure[i] for i, w in found.items()):
        stands = Standing(False, True, False)
    elif not any(w.margin < -sure[i] for i, w in found.items()):
        stands = _without_votes(margins, suspected, in_order=True)
        told = _told_of(margins, found)
    return _stands(margins, stands, kept_all, tuple(told.values()), V[0])


def weakest_moments(ground: Grounds, road_map: RoadMap, within: slice = slice(None)) -> tuple[Moment, ...]:
    """The weakest moment of each party that can breach ``within`` some periods; none where it is no road map at all."""
    if structural(ground.case, road_map):
        return ()
    found = weakest(ground.tables, ground.stakes.completions(road_map), ground.error, within=within)
    return tuple(_told_of(Margins(ground, road_map), found, within).values())


def _told_of(margins: Margins, found: Mapping[int, Weakest], within: slice = slice(None)) -> dict[int, Moment]:
    """Moments, those with a margin too small for floats in rationals."""
    sure = 2 * margins.grounds.error
    return {
        i: _exactly(margins, i, w, within) if abs(w.margin) <= sure[i] else _moment(margins.grounds, i, w)
        for i, w in found.items()
    }


def _stands(
    margins: Margins, stands: Standing, kept_all: bool, told: tuple[Moment, ...] = (), worth: Floats | None = None,
    wrong: str = "",
) -> Moments:  # fmt: skip
    refusing = [margins.grounds.stakes.parties[i] for i in _refusing(margins, worth)]
    voted, support = _voted(margins, stands._replace(signed=not refusing))
    if support.needed and not wrong:
        refusing += [name for name in support.refusing() if name not in refusing]
    deserted = tuple(p for p, sure in support.deserted().items() if sure) if stands.holds and support.needed else ()
    return Moments(voted, kept_all, told, tuple(refusing), deserted, wrong)


def _moment(ground: Grounds, i: int, w: Weakest) -> Moment:
    names = ground.stakes.measures
    breach = Breach("walk", w.period)
    if w.cheat is not None:
        fakes, undoes = (tuple(names[k] for k in ks) for ks in (w.cheat.fakes, w.cheat.undoes))
        breach = Breach("covert", w.period, fakes, undoes)
    return _told(ground, i, w.period, w.margin, breach)


def _told(ground: Grounds, i: int, t: int, margin: float, breach: Breach) -> Moment:
    scale = float(ground.scale[i])
    return Moment(ground.stakes.parties[i], t, margin, margin / scale if scale else None, breach)


def _exactly(margins: Margins, i: int, w: Weakest, within: slice = slice(None)) -> Moment:
    """A weakest moment with a margin too small for floats, in rationals: the least of the periods that are so close."""
    least: tuple[Fraction, int] | None = None
    for t in range(len(margins.V))[within]:
        if margins.interval(i, t)[0] <= w.margin + 2 * float(margins.grounds.error[i]):
            with suppress(TooManyMilestones):
                margin = margins.counted_cell(i, t)
                if margin is not None and (least is None or margin < least[0]):
                    least = margin, t
    if least is None:
        return _moment(margins.grounds, i, w)
    return _told(margins.grounds, i, least[1], float(least[0]), margins.best(i, least[1]))
