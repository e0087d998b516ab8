"""What a frontier says in plain words, for the terminal and for pages alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from detente.report.document import listed
from detente.report.numbers import count, number, percent
from detente.results.frontier import BargainingPoint, Frontier, Placed

Name = Callable[[str], str]

SOLUTIONS = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "Egalitarian",
    "utilitarian": "Utilitarian",
}

_MAXIMISED = {
    "nash": "product of gains {value}",
    "kalai-smorodinsky": "each gets at least {share} of the most it could get",
    "egalitarian": "each gains at least {share} of its scale",
    "utilitarian": "gains as parts of each party's scale add up to {share}",
}

CUTS = {
    "clock": "the time limit was reached",
    "work-limit": "the work limit was reached",
    "interrupted": "it was interrupted",
}


def headline(told: Frontier) -> str:
    """What was found, in a few words."""
    found = count(len(told.points), "point")
    return {
        "complete": f"{found}, proved to be all there are",
        "partial": f"{found}; there may be more",
        "sample": f"{found}, a sample",
        "none-exists": "proved: no road map is certified",
        "unknown": "no certified road map was found; whether one exists is not known",
    }[told.kind]


def standing(told: Frontier, name: Name) -> str:
    """What is proved of the points, and why the search ended, in sentences."""
    cut = CUTS.get(told.provenance.run.cut or "")
    if told.kind == "complete":
        closer = listed([f"{number(v)} for {name(p)}" for p, v in told.resolution.items()])
        return (
            "Complete: it is proved that no other certified road map gives one side more unless the other gets less. "
            f"Gains closer than {closer} are not told apart."
        )
    if not told.points:
        return f"Nothing was found: {cut}." if cut else ""
    proved = sum(p.efficient for p in told.points)
    told_of = f"Proved to be efficient: {proved} of {count(len(told.points), 'point')}; none of them beats another."
    if told.kind == "sample":
        spread = "A sample of what certified road maps give these parties, spread over the range; there are others."
        return f"{spread} {told_of}" + (f" Cut short: {cut}, so that better ones may exist." if cut else "")
    if told.within is not None:
        told_of += (
            " Proved: whatever else holds and is signed, one of these points gives each side as much to within "
            f"{percent(told.within)} of its scale."
        )
    if cut:
        return f"{told_of} Cut short: {cut}. Points may be missing, and better ones may exist up to the bounds proved."
    enough = "As many points as were asked for" if told.asked else "As many points as are sought"
    return f"{told_of} {enough}; between them there may be others."


def solution(told: Frontier, s: BargainingPoint) -> str:
    """What a solution maximises, and whether it is proved."""
    what = _MAXIMISED[s.name].format(value=number(s.value), share=percent(s.value))
    if s.exact:
        return f"{what}, proved to be the largest"
    what = what.replace("it could get", "that was found for it")
    if s.bound is None or not math.isfinite(s.bound):
        return f"{what}; among the points found"
    most = number(s.bound) if s.name == "nash" else percent(s.bound)
    return f"{what}; among the points found, and proved: at most {most}"


def without_nash(told: Frontier) -> str:
    """Why there is no Nash point, where there is none."""
    if not told.points or any(s.name == "nash" for s in told.solutions):
        return ""
    if told.kind == "complete":
        return "There is no Nash point: no certified road map gives everybody a gain at the common discount."
    return "No Nash point was found: none of the points gives everybody a gain at the common discount."


def at_most(bound: float) -> str:
    """A proved bound in a table, or that none is known."""
    return number(bound) if math.isfinite(bound) else "not known"


def form(placed: Placed, name: Name) -> str:
    """Which completion of a proposal it is."""
    kind, _, party = placed.completion.partition(":")
    return f"best for {name(party)}" if kind == "best-for" else "as written"


def verdict(placed: Placed) -> str:
    """Whether it holds and is signed."""
    a = placed.audit
    if a is None:
        return "none"
    return f"{a.verdict}, {'signed' if a.signed else 'not signed'}"


def where(told: Frontier, placed: Placed) -> str:
    """Where a proposal lies among the points, in a clause; empty where there is nothing to say."""
    if placed.audit is None:
        return placed.note
    parts = []
    if placed.dominated_by is not None:
        parts.append(f"point {placed.dominated_by + 1} gives {_everybody(told)} at least as much")
    elif placed.audit.certified:
        same = next((n for n, p in enumerate(told.points) if _alike(told, p.gains, placed.gains)), None)
        parts.append("no point found beats it" if same is None else f"it is as good as point {same + 1}")
    elif placed.out_of_reach:
        parts.append(f"proved: no certified road map gives {_everybody(told)} so much")
    else:
        parts.append(f"no point found gives {_everybody(told)} so much")
    if not placed.audit.clauses_kept:
        parts.append("it breaks a red line")
    return "; ".join([*parts, *([placed.note] if placed.note else [])])


def _everybody(told: Frontier) -> str:
    return "both" if len(told.parties) == 2 else "all"


def _alike(told: Frontier, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return all(abs(one[p] - other[p]) <= r for p, r in told.resolution.items())
