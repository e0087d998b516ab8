"""Bounds at little cost: what there would be if measures could be done in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.plan.search import Search
from detente.plan.solver import Limits, Row, relaxed
from detente.plan.stage import Budget


def most_gains(search: Search, party: str, floors: Sequence[Mapping[str, float]], budget: Budget) -> list[float]:
    """For each of ``floors``: no certified road map gives a party more over no deal while others get at least that.

    Floors name the same others each time. In the parties' own units; infinite where it is not known, minus infinity
    where nothing gives the others so much.
    """
    i = search.stakes.party_index[party]
    unit = float(search.values.scale[i])
    objective = search.values.gains[i].times(1 / unit)
    rows = [least_gains(search, least) for least in floors]
    lows = [[row.low for row in some] for some in rows]
    found = relaxed(search.model, objective.terms, rows[0], lows, Limits(budget.deadline, stop=budget.stop))
    return [unit * (bound + objective.constant) for bound in found]


def least_gains(search: Search, least: Mapping[str, float]) -> list[Row]:
    """Rows for what parties must get over no deal at least, in their own units."""
    values, at = search.values, search.stakes.party_index
    scales = {p: float(values.scale[at[p]]) for p in least}
    return [values.gains[at[p]].times(1 / scales[p]).at_least(v / scales[p]) for p, v in least.items()]
