"""The one module that knows the optimiser (HiGHS): linear models in, candidate solutions and bounds out.

Everything it returns is a claim to be checked: plans count once the auditor has confirmed them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import highspy
import numpy as np

from detente.case.stakes import Floats

INFINITY = highspy.kHighsInf

AGGREGATOR = 1 << 12
"""The presolve rule that substitutes variables through equations. With discount factors near 1 it has lost the optimum
of a small model (two parties, δ = 0.999), so it is left out."""

FEASIBILITY = 1e-7
"""How far the solver may let a row be violated, in the row's own units."""


class Status(Enum):
    """How a solver run ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Row:
    """``low <= Σ coefficient · variable <= high``."""

    terms: Mapping[int, float]
    low: float = -INFINITY
    high: float = INFINITY


@dataclass
class Model:
    """A mixed-integer linear model, always maximised."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    integer: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def variable(self, low: float = -INFINITY, high: float = INFINITY, *, integer: bool = False) -> int:
        """Add a variable; returns its index."""
        self.low.append(low)
        self.high.append(high)
        if integer:
            self.integer.append(len(self.low) - 1)
        return len(self.low) - 1


@dataclass(frozen=True)
class Answer:
    """``bound``: no solution of the model is better; ``x``: the best found, if any; ``nodes`` of the search."""

    status: Status
    x: Floats | None
    value: float
    bound: float
    nodes: int
    seconds: float


@dataclass(frozen=True)
class Limits:
    """When a run must end: a moment of the monotonic clock, a number of nodes, a gap, or a flag that somebody sets."""

    deadline: float | None = None
    nodes: int | None = None
    gap: float = 1e-9
    stop: threading.Event = field(default_factory=threading.Event)

    def left(self) -> float:
        """Seconds left."""
        return INFINITY if self.deadline is None else max(0.0, self.deadline - time.monotonic())


OnSolution = Callable[[Floats, float], bool]
"""Called with each better solution and the bound; returning True ends the run."""


def maximise(
    model: Model,
    objective: Mapping[int, float],
    *,
    limits: Limits,
    start: Mapping[int, float] | None = None,
    on_solution: OnSolution | None = None,
    on_bound: Callable[[float], None] | None = None,
    presolve: bool = True,
) -> Answer:
    """Maximise ``objective`` over ``model``.

    The run takes place in a thread of its own, so that an interrupt reaches the caller at once; the caller's
    ``KeyboardInterrupt`` stops the solver and is raised again. ``presolve`` False: a slower run that shares less with
    the usual one, to confirm its claims.
    """
    began = time.monotonic()
    h = _prepared(model, objective, limits, start, presolve)
    finish = limits.stop
    state = {"bound": INFINITY, "ended": False}

    def improving(event: highspy.highs.HighsCallbackEvent) -> None:
        state["bound"] = min(state["bound"], -event.data_out.mip_dual_bound)
        if on_solution is not None and on_solution(np.array(event.data_out.mip_solution), state["bound"]):
            state["ended"] = True

    def interrupting(event: highspy.highs.HighsCallbackEvent) -> None:
        state["bound"] = min(state["bound"], -event.data_out.mip_dual_bound)
        if on_bound is not None:
            on_bound(state["bound"])
        if state["ended"] or finish.is_set():
            event.interrupt()

    h.cbMipImprovingSolution += improving
    h.cbMipInterrupt += interrupting
    _run(h, lambda: state.update(ended=True))
    return _answer(h, model, time.monotonic() - began)


def relaxed(
    model: Model, objective: Mapping[int, float], rows: Sequence[Row], lows: Sequence[Sequence[float]], limits: Limits
) -> list[float]:
    """What no solution of ``model`` and ``rows`` exceeds, with what ``lows`` has in turn for the lows of the rows.

    Integer variables may take any value between their bounds. Infinite where a limit was reached, minus infinity where
    there is no solution.
    """
    h = _prepared(Model(model.low, model.high, [], [*model.rows, *rows]), objective, limits, None, presolve=True)
    bounds: list[float] = []
    for some in lows:
        for n, low in enumerate(some):
            h.changeRowBounds(len(model.rows) + n, low, rows[n].high)
        if limits.stop.is_set() or limits.left() <= 0:
            bounds.append(INFINITY)
            continue
        h.setOptionValue("time_limit", h.getRunTime() + limits.left())
        _run(h, lambda: None)
        bound = _relaxed_bound(h)
        if bound == INFINITY and limits.left() > 0:  # going on from the last answer can fail: begin anew
            h.clearSolver()
            _run(h, lambda: None)
            bound = _relaxed_bound(h)
        bounds.append(bound)
    return bounds


def _relaxed_bound(h: highspy.Highs) -> float:
    status = h.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return float(-h.getInfo().objective_function_value)
    return -INFINITY if status == highspy.HighsModelStatus.kInfeasible else INFINITY


def _run(h: Any, interrupted: Callable[[], None]) -> None:
    """Run in a thread of its own; an interrupt is told and raised again."""
    worker = threading.Thread(target=h.run, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.05)
    except KeyboardInterrupt:
        interrupted()
        worker.join(5)
        raise


def contradiction(model: Model, limits: Limits) -> list[int]:
    """Rows that already contradict each other where integer variables may take any value; none if that is not so.

    By the solver's word: a claim to be checked.
    """
    h = _prepared(Model(model.low, model.high, [], model.rows), {}, limits, None, presolve=False)
    h.run()
    _, there, ray = h.getDualRay()
    if not there:
        return []
    weight = np.abs(np.array(ray))
    return [int(row) for row in np.flatnonzero(weight > NOTHING * weight.max())]


NOTHING = 1e-7
"""Multipliers of rows below this part of the largest are rounding."""


def _prepared(
    model: Model,
    objective: Mapping[int, float],
    limits: Limits,
    start: Mapping[int, float] | None,
    presolve: bool,
) -> Any:
    h: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.setOptionValue("random_seed", 0)
    h.setOptionValue("presolve_rule_off", AGGREGATOR if presolve else 0)
    h.setOptionValue("presolve", "choose" if presolve else "off")
    h.setOptionValue("mip_rel_gap", 0.0)
    h.setOptionValue("mip_abs_gap", limits.gap)
    h.setOptionValue("mip_feasibility_tolerance", FEASIBILITY)
    h.setOptionValue("primal_feasibility_tolerance", FEASIBILITY)
    if limits.deadline is not None:
        h.setOptionValue("time_limit", limits.left())
    if limits.nodes is not None:
        h.setOptionValue("mip_max_nodes", max(0, limits.nodes))
    h.passModel(_lp(model, objective))
    if start:
        columns = np.array(sorted(start), dtype=np.int32)
        h.setSolution(len(columns), columns, np.array([start[int(c)] for c in columns], dtype=np.float64))
    return h


def _lp(model: Model, objective: Mapping[int, float]) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    n = len(model.low)
    lp.num_col_, lp.num_row_ = n, len(model.rows)
    cost = np.zeros(n)
    for column, value in objective.items():
        cost[column] = -value
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.array(model.low), np.array(model.high)
    lp.row_lower_ = np.array([row.low for row in model.rows])
    lp.row_upper_ = np.array([row.high for row in model.rows])
    counts = np.array([len(row.terms) for row in model.rows], dtype=np.int32)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    lp.a_matrix_.index_ = np.fromiter((c for row in model.rows for c in row.terms), dtype=np.int32)
    lp.a_matrix_.value_ = np.fromiter((v for row in model.rows for v in row.terms.values()), dtype=np.float64)
    kinds = [highspy.HighsVarType.kContinuous] * n
    for column in model.integer:
        kinds[column] = highspy.HighsVarType.kInteger
    lp.integrality_ = kinds
    return lp


def _answer(h: highspy.Highs, model: Model, seconds: float) -> Answer:
    status, info = h.getModelStatus(), h.getInfo()
    nodes = max(int(info.mip_node_count), 0)
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer(Status.INFEASIBLE, None, -INFINITY, -INFINITY, nodes, seconds)
    x = np.array(h.getSolution().col_value) if info.primal_solution_status == highspy.kSolutionStatusFeasible else None
    value = -info.objective_function_value if x is not None else -INFINITY
    is_mip = bool(model.integer)
    bound = -info.mip_dual_bound if is_mip else value
    if status == highspy.HighsModelStatus.kOptimal:
        return Answer(Status.OPTIMAL, x, value, max(bound, value), nodes, seconds)
    return Answer(Status.STOPPED, x, value, bound, nodes, seconds)
