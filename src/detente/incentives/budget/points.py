"""Points within a budget of errors: some of a party's numbers at other values than the central ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from detente.case.draws import numbers_of
from detente.case.quantities import Duration, Number
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Floats, Stakes
from detente.incentives.budget.rows import Rows
from detente.incentives.tables import Tables, kept_terms, owner_lags, stopped_terms


@dataclass(frozen=True)
class Point:
    """How far each of some numbers, by index, lies from its central value; all of them are paid to ``party``."""

    party: int
    steps: tuple[tuple[int, float], ...]


def worst_point(x: Rows, i: int, values: Floats) -> Point:
    """Where within the budget a quantity of party i (rows of i,) is least."""
    losses, mine = x.loss(i, values), x.number[x.of(i)[1:]]
    steps: list[tuple[int, float]] = []
    left = x.budget
    for n in np.argsort(-losses, kind="stable").tolist():
        if left <= 0 or losses[n] <= 0:
            break
        full = x.numbers.up[mine[n]] if values[1 + n] < 0 else -x.numbers.down[mine[n]]
        steps.append((int(mine[n]), float(full * min(left, 1.0))))
        left -= 1
    return Point(i, tuple(sorted(steps)))


def tables_at(x: Rows, point: Point) -> Tables:
    """Tables of the case at a point, as the party of the point is paid; what others are paid is left out."""
    st, i = x.numbers.stakes, point.party
    weight = np.zeros(len(x.party))
    mine = x.of(i)
    weight[mine[0]] = 1.0
    for n, step in point.steps:
        weight[mine[x.number[mine] == n]] = step
    at = _stakes(x, weight, point)
    worth, post, background = (
        _only(i, np.tensordot(weight, y, 1), st) for y in (x.tb.worth, x.tb.post, x.tb.background)
    )
    found = Tables(at, st.discount, x.central.power, worth, x.central.undone, post, background)
    alone = replace(
        found, discount=st.discount[[i]], power=x.central.power[[i]], worth=worth[[i]], post=post[[i]],
        background=background[[i]],
        stakes=replace(at, flow=at.flow[:, [i]], once=at.once[[i]], during=at.during[[i]]),
    )  # fmt: skip
    grid = np.broadcast_to(found.grid, (len(st.measures), len(found.grid)))
    at_once = np.zeros(len(st.measures), dtype=np.int64)
    lags = owner_lags(st)
    known = vars(found)
    known["kept_table"] = _only(i, kept_terms(alone, grid)[0], st)
    known["stopped_at_once"] = _only(i, stopped_terms(alone, grid, at_once)[0], st)
    known["stopped_after_lag"] = _only(i, stopped_terms(alone, grid, lags)[0], st)
    known["stopped_when_found"] = _only(i, stopped_terms(alone, grid, lags - 1)[0], st)
    return found


def _stakes(x: Rows, weight: Floats, point: Point) -> Stakes:
    st, rows, i = x.numbers.stakes, x.tb.stakes, point.party
    flow, once, during, quo, exit_cost = (y.copy() for y in (st.flow, st.once, st.during, st.status_quo, st.exit_cost))
    flow[:, i], once[i] = np.tensordot(rows.flow, weight, (1, 0)), weight @ rows.once
    during[i], quo[:, i], exit_cost[i] = weight @ rows.during, rows.status_quo @ weight, weight @ rows.exit_cost
    undo_cost = st.undo_cost.copy()
    for n, step in point.steps:
        undo_cost += np.where(st.owner == i, step * x.numbers.changes.undo_cost[n], 0.0)
    sticks = []
    for plain, s in zip(st.sticks, rows.sticks, strict=True):
        harm, once_ = plain.flow.copy(), plain.once.copy()
        harm[i], once_[i] = weight @ s.flow, weight @ s.once
        sticks.append(replace(plain, counts=s.counts, flow=harm, once=once_))
    return replace(
        st, flow=flow, once=once, during=during, status_quo=quo, exit_cost=exit_cost, undo_cost=undo_cost,
        sticks=tuple(sticks),
    )  # fmt: skip


def _only(i: int, values: Floats, st: Stakes) -> Floats:
    """(P, …) with nothing for the other parties."""
    out = np.zeros((len(st.parties), *values.shape))
    out[i] = values
    return out


def resolved_at(x: Rows, point: Point) -> ResolvedCase:
    """The case at a point, through the resolver."""
    case = x.numbers.case
    at = settings(x, point)
    chosen = {id(y): at[path] for path, y in numbers_of(case) if path in at}

    def pick(y: Number | Duration) -> Decimal:
        return chosen.get(id(y), y.central)

    resolver = case.resolver
    return case.resolved if resolver is None else resolver.resolve(pick)


def settings(x: Rows, point: Point) -> Mapping[str, Decimal]:
    """What each number that is off is at a point, as it would be written in the case, by its path."""
    found = {}
    for n, step in point.steps:
        number = x.numbers.counted[n]
        end = number.high if step > 0 else number.low
        whole = abs(step) >= float(abs(end - number.central))
        found[number.path] = end if whole else number.central + Decimal(repr(step))
    return found
