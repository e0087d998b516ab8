"""The best road maps of a small case, by trying them all (model.md §7, §9, §10).

    answer = solve(case, epsilon="0.001", floor="0.5", goal="a1")

tries every structurally feasible road map that keeps the red lines. It decides in floats what is clear by
a wide distance, in fractions what is not (values and margins are those of `judge.py`, by the sums of
`tables.py`). Objectives are then compared in fractions.

Readings where the model is open (see also `oracle.py`):

* U_i* is the best U_i among road maps certified with margin epsilon, red lines kept: the exact optimum.
* Principals with K_i = 0 are left out; so is, from shares, one whose best gain is not positive.
* The shares to which `robust` gives a floor are those of the fair road map that comes first (ties as below).
  Where such a share is negative the floor is the share itself.
* Ties: `fair` (leximin of shares), then earliest dates: the least sum of starts, then the fewest measures,
  then the starts in the order of the case. `ties` lists all that are best before dates are looked at.
* With no breach that is not vacuous the least relative margin is unlimited (`None`), which beats any number.
* A goal is dated by its latest `X by t` or `share ... at least p by t`: the first period in which it is true.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.enumeration import BruteForce
from tests.oracle.reading import ONE, ZERO, Case, Raw, number
from tests.oracle.tables import Starts

Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class Best:
    """The best value of an objective, all road maps that attain it after `fair`, and the first by date."""

    value: Any
    starts: Mapping[str, int]
    ties: tuple[Mapping[str, int], ...]


@dataclass
class Answer:
    """What trying all road maps has shown."""

    tried: int = 0
    certified: list[dict[str, int]] = field(default_factory=list)
    objectives: dict[str, Best | None] = field(default_factory=dict)
    best_gains: dict[str, Fraction] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Some road map is certified with the margin asked for."""
        return bool(self.certified)


def solve(
    raw: Raw | Case,
    *,
    epsilon: Any = "0.001",
    floor: Any = "0.5",
    goal: str | None = None,
    keep: frozenset[str] = frozenset(),
) -> Answer:
    """Tries all road maps; the objectives are fair, nash, welfare, robust, and fast if a goal is named.

    An objective is None where no road map has it (none is certified; for nash, none gives every principal a
    gain; for fast, none reaches the goal).
    """
    force = BruteForce(raw, epsilon, keep)
    found = force.all_certified()
    answer = Answer(force.tried, [_named(force, starts) for starts in found])
    if not found:
        answer.objectives = dict.fromkeys(["fair", "nash", "welfare", "robust", *(["fast"] if goal else [])])
        return answer
    rating = _Rating(force, found)
    answer.best_gains = rating.best
    answer.objectives = {
        "fair": rating.choose({starts: rating.fair[starts] for starts in found}),
        "nash": rating.choose(rating.nash()),
        "welfare": rating.choose(rating.welfare()),
        "robust": rating.robust(number(floor)),
    }
    if goal:
        answer.objectives["fast"] = rating.choose(rating.dates(goal))
    return answer


def _named(force: BruteForce, starts: Starts) -> dict[str, int]:
    return {name: s for name, s in zip(force.fast.names, starts, strict=True) if s is not None}


class _Rating:
    """The certified road maps of a case, compared."""

    def __init__(self, force: BruteForce, found: list[Starts]) -> None:
        self.force, self.found = force, found
        self.gains = {starts: force.gains(starts) for starts in found}
        self.best = {i: max(one[i] for one in self.gains.values()) for i in force.counting}
        self.sharing = [i for i in force.counting if self.best[i] > 0]
        self.shares = {starts: self._shares(one) for starts, one in self.gains.items()}
        self.fair: dict[Starts, Row] = {starts: tuple(sorted(one)) for starts, one in self.shares.items()}

    def _shares(self, gains: Mapping[str, Fraction]) -> Row:
        return tuple(gains[i] / self.best[i] for i in self.sharing)

    def nash(self) -> dict[Starts, Fraction]:
        """Products of gains over K_i (the exponential of the objective), where all are positive."""
        found = {}
        for starts, gains in self.gains.items():
            if all(one > 0 for one in gains.values()):
                product = ONE
                for i, one in gains.items():
                    product *= one / self.force.scales[i]
                found[starts] = product
        return found

    def welfare(self) -> dict[Starts, Fraction]:
        """Sums of gains over K_i."""
        scales_ = self.force.scales
        return {
            starts: sum((one / scales_[i] for i, one in gains.items()), ZERO) for starts, gains in self.gains.items()
        }

    def dates(self, goal: str) -> dict[Starts, Fraction]:
        """Minus the date of the goal, so that more is better."""
        dated = {starts: self.force.goal_date(starts, goal) for starts in self.found}
        return {starts: Fraction(-date) for starts, date in dated.items() if date is not None}

    def robust(self, floor: Fraction) -> Best | None:
        """The largest least relative margin among those above the floor."""
        fair = self._earliest(_attaining(self.fair))
        floors = [min(floor * one, one) for one in self.shares[fair]]
        above = [
            starts
            for starts in self.found
            if all(one >= low for one, low in zip(self.shares[starts], floors, strict=True))
        ]
        rough = {starts: self.force.least_relative_margin(starts, self.force.fast) for starts in above}
        unlimited = [starts for starts, one in rough.items() if one is None]
        if unlimited:
            return self._best(None, unlimited)
        top = max(rough.values())
        near = [starts for starts, one in rough.items() if one >= top - 1e-7 * (1 + abs(top))]
        return self.choose({s: self.force.least_relative_margin(s, self.force.exact) for s in near})

    def choose(self, rated: Mapping[Starts, Any]) -> Best | None:
        """The best rated; ties by `fair`, then by date."""
        if not rated:
            return None
        best = _attaining(rated)
        return self._best(rated[best[0]], best)

    def _best(self, value: Any, best: list[Starts]) -> Best:
        ties = _attaining({starts: self.fair[starts] for starts in best})
        named = tuple(_named(self.force, starts) for starts in ties)
        return Best(value, _named(self.force, self._earliest(ties)), named)

    def _earliest(self, some: list[Starts]) -> Starts:
        return min(some, key=_date_key)


def _date_key(starts: Starts) -> tuple[int, int, tuple[int, ...]]:
    on = [one for one in starts if one is not None]
    return sum(on), len(on), tuple(-1 if one is None else one for one in starts)


def _attaining(rated: Mapping[Starts, Any]) -> list[Starts]:
    top = max(rated.values())
    return [starts for starts, one in rated.items() if one == top]


def told(answer: Answer) -> str:
    """An answer as JSON, fractions as text."""
    objectives = {
        name: None if best is None else {"value": best.value, "starts": best.starts, "ties": best.ties}
        for name, best in answer.objectives.items()
    }
    whole = {
        "tried": answer.tried,
        "certified": answer.certified,
        "objectives": objectives,
        "best_gains": answer.best_gains,
    }
    return json.dumps(whole, default=str, indent=1)
