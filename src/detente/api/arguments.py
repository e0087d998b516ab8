"""What verbs take: their arguments looked at, all problems told at once, and the limits where none is given."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from numbers import Integral, Real

from detente.errors import Diagnostic, InputError

SOURCES = (str, os.PathLike, Mapping)
CASES = "a case: a path, the name of a shipped case, a mapping, or what load returned"
ROAD_MAPS = "a road map: a RoadMap, a plan or an audit, a mapping of starts, a file, or a name in the case"

PLAN_SECONDS, FRONTIER_SECONDS, PRICE_SECONDS = 60.0, 120.0, 180.0
"""How long a plan, a frontier, and plans for the price of robustness may take where neither limit is given."""

THRESHOLD_SECONDS = 300.0
"""How long all plans of a threshold may take together where neither limit is given."""


def listed(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several."""
    return (names,) if isinstance(names, str) else tuple(names)


def clock(time_limit: float | None, work_limit: int | None, usual: float) -> float | None:
    """The time limit (seconds) of a search: the ``usual`` one does not hold where a work limit (steps) is given."""
    return None if work_limit is not None and time_limit == usual else time_limit


class Arguments:
    """Looks at the arguments of a verb, and tells everything that is wrong with them at once."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def kind(self, name: str, value: object, kinds: type | tuple[type, ...], what: str) -> bool:
        """Whether an argument is of its kind; a truth value is no number."""
        right = isinstance(value, kinds) and not isinstance(value, bool)
        if not right:
            told = "None" if value is None else f"{repr(value)[:60]}, of the kind {type(value).__name__}"
            self.problems.append(Diagnostic("DET714", f"{name} is {told}", fix=f"give {what}"))
        return right

    def each(self, name: str, values: object, kinds: type | tuple[type, ...], what: str) -> None:
        """Whether an argument is a sequence of things of a kind."""
        if self.kind(name, values, Sequence, what):
            for n, value in enumerate(values):  # type: ignore[arg-type, var-annotated]
                self.kind(f"{name}[{n}]", value, kinds, what)

    def names(self, name: str, values: object, what: str) -> None:
        """Whether an argument is a name, or a sequence of names."""
        self.each(name, (values,) if isinstance(values, str) else values, str, what)

    def one_of(self, name: str, value: object, known: Sequence[str]) -> None:
        """Whether an argument is one of some words."""
        what = " or ".join(known)
        if self.kind(name, value, str, what) and value not in known:
            self.problems.append(Diagnostic("DET715", f"{name} is {value}", fix=f"give {what}"))

    def number(self, name: str, value: object, least: int = 0, *, whole: bool = False, none: bool = False) -> None:
        """Whether an argument is a number from ``least`` on."""
        if value is None and none:
            return
        what = f"a {'whole ' if whole else ''}number from {least} on" + (", or None" if none else "")
        kinds = Integral if whole else Real
        if self.kind(name, value, kinds, what) and not value >= least:  # type: ignore[operator]
            self.problems.append(Diagnostic("DET715", f"{name} is {value}", fix=f"give {what}"))

    def searching(self, margin: object, time_limit: object, work_limit: object) -> None:
        """What every search takes: the margin asked for, and its limits in seconds and in steps."""
        self.number("margin", margin)
        self.number("time_limit", time_limit, none=True)
        self.number("work_limit", work_limit, whole=True, none=True)

    def drawing(self, draws: object, seed: object, workers: object, **limits: object) -> None:
        """What comparing and the brief take alike."""
        self.number("draws", draws, whole=True)
        self.number("seed", seed, whole=True)
        self.number("workers", workers, 1, whole=True)
        for name, limit in limits.items():
            self.number(name, limit, whole=name == "work_limit", none=True)

    def check(self) -> None:
        """Raise if anything is wrong."""
        if self.problems:
            raise InputError(self.problems)
