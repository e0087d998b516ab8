"""How answers show themselves: printed, and in a notebook, with the names and dates of their case."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from detente.case.interchange import case_hash
from detente.case.resolved import ResolvedCase
from detente.results.afterwards import Afterwards
from detente.results.audit import Audit
from detente.results.compare import Comparison
from detente.results.explain import Explanation
from detente.results.frontier import Frontier
from detente.results.gap import Gap
from detente.results.plan import NoPlan, Plan
from detente.results.price import Price
from detente.results.repair import Repair
from detente.results.rounds import Rounds
from detente.results.simulation import Simulation
from detente.results.sweep import Sweep
from detente.results.threshold import Threshold
from detente.results.worlds import Worlds

_cases: dict[str, ResolvedCase] = {}
"""The last cases asked about, by hash: an answer carries the hash of its case, and so finds its names and dates."""

MOST_REMEMBERED = 16


def remembered(case: ResolvedCase) -> ResolvedCase:
    """Keep a case, so that answers about it can name what they speak of."""
    _cases[case_hash(case)] = case
    while len(_cases) > MOST_REMEMBERED:
        del _cases[next(iter(_cases))]
    return case


def _case_of(answer: Any) -> ResolvedCase | None:
    return _cases.get(answer.provenance.case_hash)


def _shown_by(answer: type, text: str, html: str = "") -> None:
    """Let answers of a type print by a function of ``report.text``, and show themselves by one of ``notebook``.

    A function of another module of the report is named with it: ``rounds_text.rounds_text``.
    """

    def by(module: str, function: str) -> Callable[[Any], str]:
        def show(one: Any) -> str:
            home, _, name = function.rpartition(".")
            made: str = getattr(import_module(f"detente.report.{home or module}"), name)(one, _case_of(one))
            return made

        return show

    for name, module, function in (("__str__", "text", text), ("_repr_html_", "notebook", html)):
        if function:
            setattr(answer, name, by(module, function))


_shown_by(Audit, "audit_text", "audit_html")
_shown_by(Plan, "plan_text", "plan_html")
_shown_by(NoPlan, "no_plan_text", "no_plan_html")
_shown_by(Comparison, "comparison_text", "comparison_html")
_shown_by(Gap, "gap_text.gap_text", "gap_text.gap_html")
_shown_by(Explanation, "explain_text.explain_text", "explain_text.explain_html")
_shown_by(Rounds, "rounds_text.rounds_text", "rounds_text.rounds_html")
_shown_by(Frontier, "frontier_text.frontier_text", "frontier_text.frontier_html")
_shown_by(Afterwards, "afterwards_text.afterwards_text", "afterwards_text.afterwards_html")
_shown_by(Threshold, "threshold_text.threshold_text", "threshold_text.threshold_html")
_shown_by(Sweep, "sweep_text.sweep_text", "sweep_text.sweep_html")
_shown_by(Price, "price_text.price_text", "price_text.price_html")
_shown_by(Repair, "repair_text.repair_text", "repair_text.repair_html")
_shown_by(Simulation, "simulate_text.simulate_text", "simulate_text.simulate_html")
_shown_by(Worlds, "worlds_text.worlds_text", "worlds_text.worlds_html")
