"""Mending by steps alone: the fewest changes of a kind, then the least cost among as many."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from detente.case.road_map import RoadMap
from detente.mend.repair_asked import STEP_KINDS
from detente.mend.repair_bench import Bench, Terms
from detente.mend.repair_costs import NEAR, RARELY, Costs, How, Units
from detente.mend.repair_seeds import sow
from detente.plan.stage import Progress
from detente.results.plan import Plan
from detente.results.repair import Attempt, RepairKind

FAVOURED: tuple[RepairKind, ...] = ("suspension", "access")
"""Kinds that are sought for what they save of other changes."""

ROUNDING = 1e-4
"""How far a bound on a number of changes may lie above a whole number and still mean it."""

TOLD = {
    "fewest": "fewest changes", "dates": "other dates only", "measures": "steps added or dropped only",
    "suspension": "suspended instead of lifted", "access": "access first", "escrow": "escrow", "stick": "a stick",
    "automatic": "withdrawal by itself",
}  # fmt: skip
"""What is being looked for, in words."""


@dataclass(frozen=True)
class Recipe:
    """How to mend: what a change of each kind counts."""

    kind: RepairKind
    units: Units
    favours: bool = False
    """Whether its kind counts next to nothing, so that it is used where that saves other changes."""


@dataclass(frozen=True)
class Mended:
    """A certified road map, and what is proved of it (see :class:`detente.results.repair.Alternative`)."""

    road_map: RoadMap
    counted: int
    at_least: int
    least: bool = False


def recipes(allowed: Iterable[str], costs: Costs) -> list[Recipe]:
    """What to try: everything allowed together, then each kind by itself, or where it saves others.

    Of a text in general terms steps are no changes, so that neither dates nor measures are tried by themselves.
    """
    kinds = [k for k in STEP_KINDS if k in set(allowed)]
    if not kinds:
        return []
    every = Units(**dict.fromkeys(kinds, 1.0))
    if len(kinds) == 1:
        return [Recipe(kinds[0], every)]
    found = [Recipe("fewest", every)]
    for kind in kinds:
        if kind in FAVOURED:
            found.append(Recipe(kind, replace(every, **{kind: costs.little}), favours=True))
        elif not costs.text.general:
            found.append(Recipe(kind, Units(**{kind: 1.0})))
    return found


def nothing_to_change(costs: Costs, kind: RepairKind) -> str:
    """Why there is nothing of a kind in the text; empty if there is."""
    ways = set(costs.how[costs.allowed].tolist())
    if kind == "suspension" and not ways & {How.LEFT, How.FREED}:
        return "no step replaces another, or excludes one that could stand in for it"
    if kind == "access" and not ways & {How.EARLIER, How.OPENED}:
        return "no step that gives access could come earlier or be added"
    return ""


def mend(bench: Bench, terms: Terms, costs: Costs, recipe: Recipe, known: Sequence[RoadMap]) -> Mended | Attempt:
    """The fewest changes; then, in the same way, the nearest dates. ``known``: road maps that were certified before."""
    kind, text = recipe.kind, costs.text.road_map
    if bench.late:
        return Attempt(kind, "unknown")
    bench.tell(TOLD[kind])
    sow(
        terms,
        text,
        (*known, *(RoadMap(starts) for starts in terms.case.road_maps.values()), RoadMap()),
        bench.over(0.3),
    )
    loose = recipe.favours or costs.text.general

    def at_least(bound: float | None) -> int:
        if bound is None or not math.isfinite(bound):
            return 0
        return max(0, math.ceil(bound - ROUNDING - (RARELY if loose else 0.0)))

    told = counting(kind, at_least)
    if not costs.text.general and math.isfinite(recipe.units.measures) and not bench.spent:
        bench.closest(terms, costs.fewest(recipe.units, add=False), 0.3, (), told)
    found = bench.closest(terms, costs.fewest(recipe.units), 0.8, (), told)
    if not isinstance(found, Plan):
        if found.outcome == "none-exists":
            return Attempt(kind, "none-exists")
        return Attempt(kind, "unknown", at_least(None if found.bound is None else -found.bound))
    mended = Mended(found.road_map, count(costs, recipe, found), at_least(found.bound))
    if bench.spent:
        return mended
    nearest = costs.least(recipe.units, within=found.road_map)
    nearer = bench.closest(terms, nearest, 0.5, (found.road_map,), lambda p: f"{TOLD[kind]}: nearest dates")
    return replace(mended, road_map=nearer.road_map) if isinstance(nearer, Plan) else mended


def counting(kind: RepairKind, at_least: Callable[[float], int]) -> Callable[[Progress], str]:
    """What is told as the search for the fewest changes goes on."""

    def told(p: Progress) -> str:
        if p.best is None:
            return f"{TOLD[kind]}: none found yet"
        best, least = math.floor(-p.best + ROUNDING), at_least(-p.bound)
        return f"{TOLD[kind]}: {best} found" + (f", at least {least} needed" if 0 < least < best else "")

    return told


def count(costs: Costs, recipe: Recipe, found: Plan) -> int:
    """How many of the changes that the recipe counts a road map has."""
    if costs.text.general:
        held = {c.id: c.holds for c in found.audit.clauses}
        return sum(not held[c.id] for c in costs.text.own)
    return costs.count(recipe.units, found.road_map)


def no_help(kind: RepairKind, found: Mended) -> Attempt:
    """Of a kind of change that the repair with the fewest others does without; not known where that is not proved."""
    if found.counted <= found.at_least:
        return Attempt(kind, "no-help", found.at_least, "it saves no other change")
    return Attempt(kind, "unknown", found.at_least, "a limit was reached, and what was found does without it")


def cheapest(bench: Bench, terms: Terms, costs: Costs, recipe: Recipe, mended: Mended, part: float) -> Mended:
    """With a part of what is left of the limits: among as few changes those of the least cost, wherever they lie."""
    if bench.late:
        return mended
    aim = costs.least(recipe.units)
    found = bench.closest(
        terms, aim, part, (mended.road_map,), lambda p: f"{TOLD[recipe.kind]}: the least cost among as many"
    )
    if not isinstance(found, Plan):
        return mended
    counted, least = count(costs, recipe, found), found.gap <= 2 * NEAR + ROUNDING
    if not math.isfinite(found.bound):
        return Mended(found.road_map, counted, mended.at_least)
    # hardship stays below the cost of a change by one period at least; half of it is left to the solver's tolerance
    at_least = math.ceil((found.bound - costs.change + 0.5) / costs.change)
    return Mended(found.road_map, counted, max(mended.at_least, min(at_least, counted)), least)
