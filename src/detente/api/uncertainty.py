"""Verbs of uncertainty: how a road map fares where nobody knows the other side for sure."""

from __future__ import annotations

import threading
from collections.abc import Callable

from detente.api.arguments import ROAD_MAPS, SOURCES, Arguments
from detente.api.reading import CaseLike, RoadMapLike, load, load_road_map, resolve
from detente.case.road_map import RoadMap
from detente.case.sampling import METHODS, Method
from detente.results.audit import Audit
from detente.results.plan import Plan
from detente.results.worlds import Worlds


def worlds(
    case: CaseLike,
    road_map: RoadMapLike,
    n: int = 4096,
    *,
    seed: int = 0,
    method: Method = "lhs",
    larger: int = 100,
    time_limit: float | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Worlds:
    """How a road map fares in ``n`` possible worlds: who leaves, when and how, trust needed and earned, goals.

    One world is one draw of everything that is uncertain: ranges, types of parties, governments that may come. Drawn
    by ``method``: ``lhs`` (Latin hypercube), ``sobol`` (scrambled) or ``random``; the same for the same ``seed``. In
    every world each party may walk out, or cheat on one or two measures; of the worlds in which nobody leaves so many
    are also searched for ``larger`` cheats. After ``time_limit`` (seconds), or once ``stop`` is set, the worlds judged
    by then are told. ``report`` hears what is being done. Raises :class:`InputError`.
    """
    from detente.report.from_case import number_words
    from detente.worlds.verb import Asked
    from detente.worlds.verb import worlds as work

    given = Arguments()
    given.kind("road_map", road_map, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    given.number("n", n, 1, whole=True)
    given.number("seed", seed, whole=True)
    given.one_of("method", method, METHODS)
    given.number("larger", larger, whole=True)
    given.number("time_limit", time_limit, none=True)
    given.check()
    loaded = load(case)
    chosen = load_road_map(road_map, resolve(loaded))
    return work(loaded, chosen, Asked(n, seed, method, larger, time_limit), number_words(loaded), report, stop)
