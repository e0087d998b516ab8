"""Détente: road maps that nobody gains by leaving.

    >>> import detente as dt
    >>> case = dt.load("two-steps")
    >>> dt.audit(case, "in-turn").verdict
    'holds'

Names are loaded when they are first used (their signatures are in ``__init__.pyi``), so that importing costs nothing.
``audit``, ``plan`` and ``worlds`` are rooms of the program and verbs at once: ``dt.audit(case, road_map)`` calls the
verb.
"""

import sys as _sys
from importlib import import_module as _import_module
from types import ModuleType as _ModuleType
from typing import Any as _Any

__version__ = "0.1.0"

_HOMES = {
    "detente.api": (
        "add_round", "afterwards", "audit", "compare", "diff", "explain", "frontier", "gap", "load",
        "load_road_map", "plan", "price", "repair", "resolve", "rounds", "simulate", "sweep", "threshold",
        "verify", "why", "worlds",
    ),
    "detente.briefing": ("brief",),
    "detente.case.load": ("Case",),
    "detente.case.resolved": ("ResolvedCase",),
    "detente.case.road_map": ("RoadMap",),
    "detente.case.rounds": ("Round",),
    "detente.errors": ("DetenteError", "Diagnostic", "InputError", "Interrupted", "OutOfTime"),
    "detente.report.content": ("BriefFiles",),
    "detente.results.afterwards": ("Afterwards", "Leverage", "Prospect"),
    "detente.results.audit": ("Audit", "Breach", "ClauseResult", "Cure", "Finding", "LeastMargin"),
    "detente.results.compare": ("Comparison", "DrawShares", "Row"),
    "detente.results.conflict": ("Conflict", "Relaxation"),
    "detente.results.differences": ("Differences",),
    "detente.results.drivers": ("Driver",),
    "detente.results.explain": ("Explanation",),
    "detente.results.frontier": ("BargainingPoint", "Frontier", "FrontierPoint", "Placed", "Proved"),
    "detente.results.gap": ("Gap",),
    "detente.results.plan": ("NoPlan", "Plan"),
    "detente.results.price": ("Price", "PricePoint"),
    "detente.results.repair": ("Repair",),
    "detente.results.rounds": ("Rounds",),
    "detente.results.simulation": ("Simulation",),
    "detente.results.sweep": ("Effect", "Sweep", "SweepRefusal", "SweepRow"),
    "detente.results.threshold": ("Threshold",),
    "detente.results.verification": ("Verification",),
    "detente.results.walk_out": ("WalkOut",),
    "detente.results.why": ("Why",),
    "detente.results.worlds": ("Worlds",),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_ROOMS = ("audit", "plan", "worlds")

__all__ = ["__version__", *sorted(_HOME)]


class _Room(_ModuleType):
    """A package that bears the name of a verb: calling it calls the verb."""

    def __call__(self, *args: _Any, **kwargs: _Any) -> _Any:
        return _verb(self)(*args, **kwargs)

    @property
    def __signature__(self) -> _Any:
        from inspect import signature

        return signature(_verb(self))


def _verb(room: _ModuleType) -> _Any:
    return getattr(_import_module("detente.api"), room.__name__.rpartition(".")[2])


for _name in _ROOMS:
    _import_module(f"detente.{_name}")
    _sys.modules[f"detente.{_name}"].__class__ = _Room


def __getattr__(name: str) -> _Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    return getattr(_import_module(home), name)


def __dir__() -> list[str]:
    return [*__all__]
