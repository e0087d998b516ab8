"""How one road map fares in possible worlds (model §8)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.audit.grounds import Grounds, grounds
from detente.audit.origin import origin
from detente.audit.standing import standing
from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import Method
from detente.case.stakes import NEVER, Ints, stakes
from detente.incentives.many.prospects import at_hand
from detente.results.boxes import Boxes
from detente.results.drivers import Driver, Influence
from detente.results.finding_out import FindingOut
from detente.results.worlds import LEVELS, GoalShare, Larger, Leaving, Trust, Worlds
from detente.worlds.binding import binding
from detente.worlds.boxes import boxes
from detente.worlds.finding_out import finding_out
from detente.worlds.goals import goals_of, reached
from detente.worlds.inputs import columns_of, table
from detente.worlds.judged import judged
from detente.worlds.kinds import portions
from detente.worlds.limits import Limits
from detente.worlds.matters import drivers
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import Tally, share
from detente.worlds.totals import totals

Report = Callable[[str], None]
PORTION = 256
"""Worlds that are judged at once."""
KEPT = 8192
"""Worlds whose numbers are kept to tell what matters; of more, the first ones."""
FEWEST = 64
"""Worlds below which nothing is said of what matters."""


@dataclass(frozen=True)
class Asked:
    """``n`` worlds; ``larger``: how many of those that hold are searched for larger cheats; ``time_limit``: seconds
    after which no more are judged; ``totals``: whether to draw further worlds for total indices."""

    n: int = 4096
    seed: int = 0
    method: Method = "lhs"
    larger: int = 100
    time_limit: float | None = None
    totals: bool = False


@dataclass(eq=False)
class _Kept:
    """Numbers and outcomes of the first worlds, and those of them that hold: chunk, row and starts of the steps."""

    x: list[np.ndarray] = field(default_factory=list)
    breaks: list[np.ndarray] = field(default_factory=list)
    gains: list[np.ndarray] = field(default_factory=list)
    holding: list[tuple[int, int, Ints]] = field(default_factory=list)


def worlds(
    case: Case,
    road_map: RoadMap,
    asked: Asked,
    words: Mapping[str, tuple[str, str]],
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Worlds:
    """Judge a road map in many worlds. ``words``: for the paths of numbers what they are called, and their unit.

    Set ``stop`` to end with the worlds judged by then (at least one portion).
    """
    limits = Limits(asked.time_limit, stop)
    draws, resolved = Draws(case, asked.seed, asked.method), case.resolved
    plan = agreed(resolved, road_map, [term_of(c, resolved) for c in resolved.clauses])
    st = stakes(resolved)
    tally, kept = Tally(st.periods, len(st.parties)), _Kept()
    try:
        _judge(draws, plan, asked, tally, kept, report or (lambda _: None), limits)
    except KeyboardInterrupt:
        if not tally.n:
            raise
        limits.stop.set()
    return _Told(case, draws, road_map, plan, asked, words, report, limits).answer(tally, kept)


def _judge(
    draws: Draws, plan: Agreed, asked: Asked, tally: Tally, kept: _Kept, report: Report, limits: Limits
) -> None:  # fmt: skip
    """Count portion by portion."""
    resolved = draws.case.resolved
    st, goals = stakes(resolved), goals_of(resolved)
    for index, _, last in portions(asked.n):
        x = table(draws, draws.chunk(index)) if tally.n < KEPT else None
        for row in range(0, last, PORTION):
            if tally.n and limits.over():
                return
            first_time = "" if at_hand() else " (on first use it is translated into machine code: a minute or two)"
            report(f"{tally.n:,} of {asked.n:,} worlds{first_time}")
            end = min(row + PORTION, last)
            j = judged(draws, plan, index, end, first=row)
            tally.add(j, reached(resolved, st, goals, j))
            room = asked.larger - len(kept.holding)
            kept.holding += [(index, row + r, j.starts[r]) for r in np.flatnonzero(j.holds).tolist()[: max(room, 0)]]
            if x is not None:
                kept.x.append(x[row:end])
                kept.breaks.append(~j.holds)
                kept.gains.append(j.gains)


class _Told:
    """Puts counts into an answer."""

    def __init__(
        self, case: Case, draws: Draws, road_map: RoadMap, plan: Agreed, asked: Asked,
        words: Mapping[str, tuple[str, str]], report: Report | None, limits: Limits,
    ) -> None:  # fmt: skip
        self.draws, self.road_map, self.plan, self.asked = draws, road_map, plan, asked
        self.words, self.report, self.limits = words, report or (lambda _: None), limits
        self.resolved, self.ground = case.resolved, grounds(case.resolved)

    def answer(self, tally: Tally, kept: _Kept) -> Worlds:
        """The answer, with what takes longer than counting."""
        found, sides, knowing = self._matters(kept)
        larger = self._larger(kept)
        return Worlds(
            road_map=self.road_map,
            n=tally.n,
            uncertain=len(columns_of(self.draws, self.words)),
            method=self.asked.method,
            holds=share(tally.holds, tally.n),
            signed=share(tally.signed, tally.n),
            both=share(tally.both, tally.n),
            survival=tally.survival,
            leaves=self._leaves(tally),
            trust=self._trust(tally),
            goals=self._goals(tally),
            deceived=tally.deceived / tally.n,
            larger=larger,
            binding=binding(self.ground, self.plan, tally),
            drivers=found,
            influences=self._influences(found),
            boxes=sides,
            finding_out=knowing,
            provenance=origin(
                self.resolved,
                {"worlds": self.asked.n, "larger": self.asked.larger, "time_limit": self.asked.time_limit},
                seconds=self.limits.seconds,
                cut=self.limits.cut,
                seed=self.asked.seed,
            ),
        )

    def _leaves(self, tally: Tally) -> tuple[Leaving, ...]:
        names, st = self.ground.stakes.measures, self.ground.stakes
        return tuple(
            Leaving(
                st.parties[i], t, "covert" if ks else "walk", tuple(names[k] for k in ks or ()), many / tally.n,
                first / tally.n,
            )
            for i, t, ks, many, first in tally.commonest()
        )  # fmt: skip

    def _players(self) -> list[int]:
        """Parties that have a part in the road map."""
        st = self.ground.stakes
        c = st.completions(self.road_map)
        return [i for i in range(len(st.parties)) if ((c < st.periods) & (st.owner == i)).any()]

    def _trust(self, tally: Tally) -> tuple[Trust, ...]:
        parties, players = self.ground.stakes.parties, self._players()
        told = []
        for i in players:
            earned, whose = tally.earned(i, [k for k in players if k != i])
            told.append(
                Trust(
                    parties[i],
                    tuple(tally.quantile(q, i) for q in LEVELS),
                    tuple(earned.tolist()),
                    tuple(None if k is None else parties[k] for k in whose),
                    tally.credible(i, earned),
                    tuple((tally.beyond[:, i] / tally.n).tolist()),
                )
            )
        return tuple(told)

    def _goals(self, tally: Tally) -> tuple[GoalShare, ...]:
        owner = {c.of: c.owner for c in self.resolved.clauses if c.kind == "goal"}
        return tuple(
            GoalShare(name, owner[name], share(many, tally.n), tally.paper[name] / tally.n)
            for name, many in tally.goals.items()
        )

    def _larger(self, kept: _Kept) -> Larger | None:
        """Whether larger cheats pay in worlds in which nobody leaves: judged one by one, with today's governments."""
        looked = broken = undecided = 0
        names = self.ground.stakes.measures
        for index, row, begin in kept.holding:
            if self.limits.over():
                break
            self.report(f"larger cheats: {looked} of {len(kept.holding)} worlds")
            world = self.draws.resolved(self.draws.chunk(index), row)
            starts = {k: s for k, s in zip(names, begin.tolist(), strict=True) if s < NEVER}
            stands = standing(Grounds(world, stakes(world)), RoadMap(starts), in_order=not self.plan.fixed)
            looked += 1
            broken += not stands.holds and not stands.undecided
            undecided += stands.undecided
        return Larger(looked, share(broken, looked), undecided / looked) if looked else None

    def _influences(self, found: Sequence[Driver]) -> tuple[Influence, ...]:
        """Total indices, if they were asked for and there is time."""
        if not self.asked.totals or not found or self.limits.over():
            return ()
        return totals(self.draws, self.plan, found, self.words, self.report, self.limits.over)

    def _matters(self, kept: _Kept) -> tuple[tuple[Driver, ...], Boxes | None, tuple[FindingOut, ...]]:
        x, breaks = np.concatenate(kept.x), np.concatenate(kept.breaks)
        columns = columns_of(self.draws, self.words)
        if len(x) < FEWEST or not columns:
            return (), None, ()
        self.report("what matters")
        found = drivers(x, (~breaks).astype(np.float64), columns, self.asked.seed)
        sides = boxes(x, breaks, columns, self.asked.seed) if breaks.any() and not breaks.all() else None
        gains, st = np.concatenate(kept.gains), self.ground.stakes
        named = self.road_map.name or "the road map"
        knowing = tuple(
            finding_out(x, gains[:, [st.party_index[p]]], columns, p, (named,), self.asked.seed)
            for p in self.resolved.principals
        )
        return found, sides, knowing
