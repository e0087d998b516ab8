"""In how many possible worlds a plan stands, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from detente.report.matters_words import spread
from detente.report.numbers import count, number, percent
from detente.results.in_worlds import Anything, InWorlds, Learnt
from detente.results.plan import Plan


def told(plan: Plan, found: InWorlds, of: Callable[[str], str], when: Callable[[int], str]) -> list[str]:
    """Paragraphs. ``of``: what a party is called; ``when``: what a period is called."""
    return [
        f"Signed and kept by all for ever in {spread(found.both)} of {found.n:,} worlds that had no part in choosing "
        f"it; the plan of the objective robust in {spread(found.ordinary)} of the same worlds.",
        _chosen(plan, found),
        _anything(found.anything),
        *(_learnt(x, of, when) for x in found.screening if x.types),
    ]


def _chosen(plan: Plan, found: InWorlds) -> str:
    cut = {"clock": "the time limit was reached", "work-limit": "the work limit was reached",
           "interrupted": "interrupted"}.get(plan.provenance.run.cut or "")  # fmt: skip
    best = "no road map does better in those" if found.complete else f"{cut}; a longer run may find a better one"
    return (
        f"Chosen among {count(found.tried, 'certified road map')} tried in up to {found.trained} other worlds, where "
        f"its share is {percent(found.training)}: {best}. Margin asked for: {number(plan.margin_required)}."
    )


def _anything(x: Anything) -> str:
    if not x.looked:
        return "In how many worlds there is any road map at all was not looked at."
    open_ = f" ({x.unknown} of them counted so because it is not known)" if x.unknown else ""
    return (
        f"Of {count(x.looked, 'world')} looked at one by one, {x.looked - x.none}{open_} may have a road map that does "
        f"something, is signed and holds: no road map can stand in more than {spread(x.share)}."
    )


def _learnt(x: Learnt, of: Callable[[str], str], when: Callable[[int], str]) -> str:
    types = ", ".join(f"“{name}” {percent(a)} before, {percent(b)} after" for name, (a, b) in x.types.items())
    return (
        f"What conduct up to {when(x.period)} tells of {of(x.party)} if no breach is seen: that it goes on for ever, "
        f"{percent(x.before)} before, {percent(x.after)} after; {types}."
    )
