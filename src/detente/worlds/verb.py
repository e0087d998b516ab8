"""How one road map fares in possible worlds (model §8)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import MOST_SOBOL, too_many_for_sobol
from detente.case.stakes import stakes
from detente.errors import Interrupted, OutOfTime
from detente.incentives.many.prospects import at_hand
from detente.results.worlds import Worlds
from detente.worlds.answer import Answering, Asked, Kept
from detente.worlds.goals import goals_of, reached
from detente.worlds.inputs import table
from detente.worlds.judged import judged_of
from detente.worlds.kinds import portions
from detente.worlds.limits import Limits
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import Tally

Report = Callable[[str], None]
T = TypeVar("T")
PORTION = 256
"""Worlds that are judged at once."""
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
    st = stakes(resolved)
    tally, kept, tell = Tally(st.periods, len(st.parties)), Kept(), report or (lambda _: None)
    try:
        _judge(draws, plan, asked, tally, kept, tell, limits)
    except KeyboardInterrupt:
        if not tally.n:
            raise
        limits.stop.set()
    return Answering(draws, road_map, plan, asked, words, tell, limits).answer(tally, kept)


def _judge(
    draws: Draws, plan: Agreed, asked: Asked, tally: Tally, kept: Kept, report: Report, limits: Limits
) -> None:  # fmt: skip
    """Count portion by portion."""
    resolved = draws.case.resolved
    st, goals = stakes(resolved), goals_of(resolved)
    until = Limits(None if asked.time_limit is None else JUDGING * asked.time_limit, limits.stop)
    for index, _, last in portions(asked.n):
        drawn = draws.chunk(index)
        x = table(draws, drawn) if tally.n < KEPT else None
        for row in range(0, last, PORTION):
            if tally.n and until.over():
                limits.cut = until.cut
                return
            end = min(row + PORTION, last)
            if at_hand():
                report(f"{tally.n:,} of {asked.n:,} worlds")
                j = judged_of(draws, plan, drawn, end, first=row)
            else:
                report(f"0 of {asked.n:,} worlds (on first use it is translated into machine code: a minute or two)")
                j = _or_given_up(partial(judged_of, draws, plan, drawn, end, first=row), limits)
            tally.add(j, reached(resolved, st, goals, j))
            kept.add(index, row, j, asked.larger)
            if x is not None:
                kept.number(x[row:end], drawn.variant[row:end], j)


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
