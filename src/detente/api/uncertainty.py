"""Verbs of uncertainty: how a road map fares where nobody knows the other side for sure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from detente.api.arguments import ROAD_MAPS, SOURCES, Arguments, listed
from detente.api.reading import CaseLike, RoadMapLike, load, load_road_map, resolve
from detente.case.road_map import RoadMap
from detente.case.sampling import METHODS, Method
from detente.results.audit import Audit
from detente.results.plan import Plan
from detente.results.simulation import Simulation
from detente.results.worlds import Worlds


def worlds(
    case: CaseLike,
    road_map: RoadMapLike,
    n: int = 4096,
    *,
    seed: int = 0,
    method: Method = "lhs",
    larger: int = 100,
    totals: bool = False,
    workers: int = 1,
    time_limit: float | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Worlds:
    """How a road map fares in ``n`` possible worlds: who leaves, when and how, trust needed and earned, goals.

    One world is one draw of everything that is uncertain: ranges, types of parties, governments that may come. Drawn
    by ``method``: ``lhs`` (Latin hypercube), ``sobol`` (scrambled) or ``random``; the same for the same ``seed``. Of
    ``sobol`` points neither indices nor boxes nor the worth of finding out are told (``left_out`` names them). In
    every world each party may walk out, or cheat on one or two measures; of the worlds in which nobody leaves so many
    are also searched for ``larger`` cheats. With ``totals`` some 8,000 further worlds are drawn to tell what the
    strongest numbers do by themselves and through others. Where parties have factions, or consents are asked, votes
    are taken in every world. The answer is the same whatever the number of ``workers`` (threads). ``time_limit``
    (seconds) is for all of it: no more worlds are judged after three fifths of it, and what there is no time for is
    named in ``left_out``; so too once ``stop`` is set. ``report`` hears what is being done. Raises
    :class:`InputError`, and :class:`OutOfTime` if no world could be judged.
    """
    from detente.report.from_case import number_words
    from detente.worlds.answer import Asked
    from detente.worlds.verb import worlds as work

    given = Arguments()
    given.kind("road_map", road_map, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    given.number("n", n, 1, whole=True)
    given.number("seed", seed, whole=True)
    given.one_of("method", method, METHODS)
    given.number("larger", larger, whole=True)
    given.number("workers", workers, 1, whole=True)
    given.number("time_limit", time_limit, none=True)
    given.check()
    loaded = load(case)
    chosen = load_road_map(road_map, resolve(loaded))
    asked = Asked(n, seed, method, larger, time_limit, totals, workers)
    return work(loaded, chosen, asked, number_words(loaded), report, stop)


def simulate(
    case: CaseLike,
    road_map: RoadMapLike,
    n: int = 10_000,
    *,
    seed: int = 0,
    worlds: int = 10_240,
    without: str | Sequence[str] = (),
    method: Method = "lhs",
    workers: int = 1,
    time_limit: float | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Simulation:
    """What happens to a road map in ``n`` runs: how they end, when, by whom; what is in force; what it costs whom.

    A run is one possible world (drawn by ``method``; of at most so many ``worlds``, gone over again if there are more
    runs) in which each party follows its own best moment while lateness, alarms, incidents, changes of government and
    want of trust happen at the rates of the case (section ``conduct``). ``without`` turns some off: ``lateness``,
    ``alarms``, ``incidents``, ``talks``, ``trust``. The same for the same ``seed``, whatever the number of ``workers``
    (threads). Dates are periods, gains in each party's own units. ``report`` hears how far it is. After ``time_limit``
    (seconds), or once ``stop`` is set, the runs made by then are told. Raises :class:`InputError`.
    """
    from detente.worlds.runs.conduct import NOISES
    from detente.worlds.runs.runner import Asked
    from detente.worlds.runs.simulate import simulate as work

    given = Arguments()
    given.kind("road_map", road_map, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    for name, number, least in (("n", n, 1), ("seed", seed, 0), ("worlds", worlds, 1), ("workers", workers, 1)):
        given.number(name, number, least, whole=True)
    given.one_of("method", method, METHODS)
    given.number("time_limit", time_limit, none=True)
    given.names("without", without, "names of what to leave out")
    given.check()
    for name in listed(without):
        given.one_of("without", name, tuple(NOISES))
    given.check()
    loaded = load(case)
    chosen = load_road_map(road_map, resolve(loaded))
    asked = Asked(n, seed, worlds, frozenset(listed(without)), method, workers, time_limit)
    return work(loaded, chosen, asked, report, stop)
