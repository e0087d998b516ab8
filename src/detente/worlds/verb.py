"""How one road map fares in possible worlds (model §8)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK, MOST_SOBOL, too_many_for_sobol
from detente.case.stakes import Ints, stakes
from detente.errors import Interrupted, OutOfTime
from detente.incentives.many.prospects import at_hand
from detente.results.worlds import Worlds
from detente.worlds.answer import Answering, Asked, Kept
from detente.worlds.columns import Worlds as Columns
from detente.worlds.goals import Reached, goals_of, reached
from detente.worlds.inputs import table
from detente.worlds.judged import Judged, judged_of
from detente.worlds.kinds import portions
from detente.worlds.limits import Limits
from detente.worlds.slip import Agreed, agreed
from detente.worlds.spread import in_threads
from detente.worlds.tally import Tally

Report = Callable[[str], None]
T = TypeVar("T")
SOON = 256
"""Worlds that are judged first, so that soon something is known; the others are judged a chunk at a time, since much
of the work is the same for however many."""
KEPT = 8192
"""Worlds whose numbers are kept to tell what matters; of more, the first ones."""
JUDGING = 0.6
"""Part of the time limit after which no more worlds are judged; the rest is for what is read off them."""


def worlds(
    case: Case,
    road_map: RoadMap,
    asked: Asked,
    words: Mapping[str, tuple[str, str]],
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Worlds:
    """Judge a road map in many worlds. ``words``: for the paths of numbers what they are called, and their unit.

    Set ``stop`` to end with the worlds judged by then. Raises :class:`OutOfTime` or :class:`Interrupted` if none was.
    """
    limits = Limits(asked.time_limit, stop)
    draws, resolved = Draws(case, asked.seed, asked.method), case.resolved
    if asked.totals and (columns := 2 * (1 + len(draws.numbers))) > MOST_SOBOL:
        raise too_many_for_sobol(columns)
    plan = agreed(resolved, road_map, [term_of(c, resolved) for c in resolved.clauses])
    work = _Work(draws, plan, asked, report or (lambda _: None), limits)
    try:
        work.run()
    except KeyboardInterrupt:
        if not work.tally.n:
            raise
        limits.stop.set()
    return Answering(draws, road_map, plan, asked, words, work.report, limits).answer(work.tally, work.kept)


Place = tuple[int, int, int]
"""Chunk, first row, row after the last."""


@dataclass(frozen=True, eq=False)
class _Found:
    """What came of some worlds of a chunk; of those that are kept what was drawn and their variants too."""

    place: Place
    judged: Judged
    reached: dict[str, Reached]
    drawn: tuple[Columns, Ints] | None


class _Work:
    """Judges worlds by threads and counts them in their order: what comes of it does not depend on by how many."""

    def __init__(self, draws: Draws, plan: Agreed, asked: Asked, report: Report, limits: Limits) -> None:
        self.draws, self.plan, self.asked, self.report, self.limits = draws, plan, asked, report, limits
        self.stakes, self.goals = stakes(draws.case.resolved), goals_of(draws.case.resolved)
        self.tally, self.kept = Tally(self.stakes.periods, len(self.stakes.parties)), Kept()
        self.until = Limits(None if asked.time_limit is None else JUDGING * asked.time_limit, limits.stop)

    def run(self) -> None:
        """All worlds, or those judged before time was over, at least the first. An interrupt lets those end that have
        begun."""
        first, *others = self._places()
        self._count(self._first(first))
        with closing(in_threads(self._in_time, others, self.asked.workers)) as found:
            try:
                for some in found:
                    if some is None:
                        self.limits.cut = self.until.cut
                        return
                    self._count(some)
            except KeyboardInterrupt:
                self.limits.stop.set()
                raise

    def _places(self) -> Iterator[Place]:
        for index, _, last in portions(self.asked.n):
            if index == 0 and last > SOON:
                yield index, 0, SOON
            yield index, SOON if index == 0 and last > SOON else 0, last

    def _first(self, place: Place) -> _Found:
        if at_hand():
            self.report(f"0 of {self.asked.n:,} worlds")
            return self._judged(place)
        self.report(f"0 of {self.asked.n:,} worlds (on first use it is translated into machine code: a minute or two)")
        return _or_given_up(partial(self._judged, place), self.limits)

    def _in_time(self, place: Place) -> _Found | None:
        return None if self.until.over() else self._judged(place)

    def _judged(self, place: Place) -> _Found:
        index, first, last = place
        drawn = self.draws.chunk(index)
        j = judged_of(self.draws, self.plan, drawn, last, first=first)
        reach = reached(self.draws.case.resolved, self.stakes, self.goals, j)
        if index * CHUNK >= KEPT:
            return _Found(place, j, reach, None)
        return _Found(place, j, reach, (table(self.draws, drawn)[first:last], drawn.variant[first:last]))

    def _count(self, some: _Found) -> None:
        index, first, _ = some.place
        self.tally.add(some.judged, some.reached)
        self.kept.add(index, first, some.judged, self.asked.larger)
        if some.drawn is not None:
            self.kept.number(*some.drawn, some.judged)
        self.report(f"{self.tally.n:,} of {self.asked.n:,} worlds")


def _or_given_up(work: Callable[[], T], limits: Limits) -> T:
    """Work that cannot be stopped on the way, done in a thread that is left to itself once time is over."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
        if thread.is_alive() and limits.over():
            if limits.cut == "interrupted":
                raise Interrupted("interrupted before any world was judged")
            raise OutOfTime(
                f"the time limit of {limits.time_limit:g} s was over before any world was judged\n"
                "  why: on first use the part that judges them is translated into machine code, which takes a minute "
                "or two\n  fix: give it more time once; later it starts at once"
            )
    if failed:
        raise failed[0]
    return done[0]
