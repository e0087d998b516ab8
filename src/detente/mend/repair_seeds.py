"""Road maps to begin with: certified ones led towards the text, one step after the other, while nobody is tempted.

What the planner's scout lets pass the search keeps as a candidate; whether it is certified the auditor says later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from detente.audit.structure import structural
from detente.case.clauses import ValueAtLeast, evaluate, term_of
from detente.case.road_map import RoadMap
from detente.mend.repair_bench import Terms


def sow(terms: Terms, text: RoadMap, known: Iterable[RoadMap], over: Callable[[], bool]) -> None:
    """Lead each road map that passes towards the text, early steps first or late ones; ``over`` says when to stop."""
    must = [term_of(c, terms.case) for c in terms.search.must]
    if any(isinstance(x, ValueAtLeast) for x in must):
        return

    def passes(road_map: RoadMap) -> bool:
        if structural(terms.case, road_map) or not all(evaluate(x, terms.case, road_map.starts)[0] for x in must):
            return False
        return terms.search.look(road_map, terms.margin).passes(terms.margin)

    dates = sorted(terms.case.measures, key=lambda k: text.starts.get(k, terms.case.periods))
    for road_map in known:
        if not over() and passes(road_map):
            for order in (dates, dates[::-1]):
                _lead(road_map, text, order, passes, over)


def _lead(
    road_map: RoadMap, text: RoadMap, order: Sequence[str], passes: Callable[[RoadMap], bool], over: Callable[[], bool]
) -> None:
    """Put steps where the text has them, as often as any can be."""
    nearer = True
    while nearer:
        nearer = False
        for k in order:
            if road_map.starts.get(k) == text.starts.get(k):
                continue
            trial = road_map.with_start(k, text.starts.get(k))
            if over() or not passes(trial):
                continue
            road_map, nearer = trial, True
