"""How one road map fares in possible worlds (model §8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.audit.grounds import Grounds, grounds
from detente.audit.origin import origin
from detente.audit.standing import standing
from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK, Method
from detente.case.stakes import NEVER, stakes
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
from detente.worlds.matters import drivers
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import Tally, share

Report = Callable[[str], None]
KEPT = 8192
"""Worlds whose numbers are kept to tell what matters; of more, the first ones."""
FEWEST = 64
"""Worlds below which nothing is said of what matters."""


@dataclass(frozen=True)
class Asked:
    """``n`` worlds; ``larger``: how many of those that hold are searched for larger cheats; ``design``: whether to
    draw further worlds for total indices."""

    n: int = 4096
    seed: int = 0
    method: Method = "lhs"
    larger: int = 100
    design: bool = False


@dataclass(eq=False)
class _Kept:
    """Numbers and outcomes of the first worlds."""

    x: list[np.ndarray]
    breaks: list[np.ndarray]
    gains: list[np.ndarray]
    type_: list[np.ndarray]


def worlds(
    case: Case,
    road_map: RoadMap,
    asked: Asked,
    words: Mapping[str, tuple[str, str]],
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Worlds:
    """Judge a road map in many worlds. ``words``: for the paths of numbers what they are called, and their unit.

    Set ``stop`` to end with the worlds judged by then (at least one chunk).
    """
    began = time.monotonic()
    draws = Draws(case, asked.seed, asked.method)
    resolved = case.resolved
    st, plan = stakes(resolved), agreed(resolved, road_map, [term_of(c, resolved) for c in resolved.clauses])
    goals, tally, kept = goals_of(resolved), Tally(st.periods, len(st.parties)), _Kept([], [], [], [])
    cut = None
    for index, _, last in portions(asked.n):
        if stop is not None and stop.is_set() and tally.n:
            cut = "interrupt"
            break
        if report is not None:
            report(f"{tally.n:,} of {asked.n:,} worlds")
        j = judged(draws, plan, index, last)
        tally.add(j, reached(resolved, st, goals, j))
        if tally.n - len(j.holds) < KEPT:
            kept.x.append(table(draws, draws.chunk(index))[:last])
            kept.breaks.append(~j.holds)
            kept.gains.append(j.gains)
    return _Told(case, draws, road_map, plan, asked, words, report, stop).answer(tally, kept, cut, began)


class _Told:
    """Puts counts into an answer."""

    def __init__(
        self, case: Case, draws: Draws, road_map: RoadMap, plan: Agreed, asked: Asked,
        words: Mapping[str, tuple[str, str]], report: Report | None, stop: threading.Event | None,
    ) -> None:  # fmt: skip
        self.case, self.draws, self.road_map, self.plan, self.asked = case, draws, road_map, plan, asked
        self.words, self.report, self.stop = words, report or (lambda _: None), stop
        self.resolved, self.ground = case.resolved, grounds(case.resolved)

    def answer(self, tally: Tally, kept: _Kept, cut: str | None, began: float) -> Worlds:
        """The answer, with what takes longer than counting."""
        found, further, sides, knowing = self._matters(kept)
        return Worlds(
            road_map=self.road_map,
            n=tally.n,
            method=self.asked.method,
            holds=share(tally.holds, tally.n),
            signed=share(tally.signed, tally.n),
            both=share(tally.both, tally.n),
            survival=tally.survival,
            leaves=self._leaves(tally),
            trust=self._trust(tally),
            goals=self._goals(tally),
            deceived=tally.deceived / tally.n,
            larger=self._larger(tally),
            binding=binding(self.ground, self.plan, tally),
            drivers=found,
            influences=further,
            boxes=sides,
            finding_out=knowing,
            provenance=origin(
                self.resolved,
                {"worlds": self.asked.n, "larger": self.asked.larger},
                seconds=time.monotonic() - began,
                cut=cut,
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
                )
            )
        return tuple(told)

    def _goals(self, tally: Tally) -> tuple[GoalShare, ...]:
        owner = {c.of: c.owner for c in self.resolved.clauses if c.kind == "goal"}
        return tuple(
            GoalShare(name, owner[name], share(many, tally.n), tally.paper[name] / tally.n)
            for name, many in tally.goals.items()
        )

    def _larger(self, tally: Tally) -> Larger | None:
        """Whether larger cheats pay in worlds in which nobody leaves: judged one by one, with today's governments."""
        looked = broken = undecided = 0
        index, st = 0, self.ground.stakes
        names = st.measures
        while looked < self.asked.larger and index * CHUNK < tally.n and tally.holds:
            j, drawn = (
                judged(self.draws, self.plan, index, min(CHUNK, tally.n - index * CHUNK)),
                self.draws.chunk(index),
            )
            for row in np.flatnonzero(j.holds).tolist():
                if looked >= self.asked.larger or (self.stop is not None and self.stop.is_set()):
                    break
                self.report(f"larger cheats: {looked} of {self.asked.larger} worlds")
                world = self.draws.resolved(drawn, row)
                starts = {k: s for k, s in zip(names, j.starts[row].tolist(), strict=True) if s < NEVER}
                stands = standing(Grounds(world, stakes(world)), RoadMap(starts), in_order=not self.plan.fixed)
                looked += 1
                broken += not stands.holds and not stands.undecided
                undecided += stands.undecided
            index += 1
        return Larger(looked, share(broken, looked), undecided / looked) if looked else None

    def _matters(
        self, kept: _Kept
    ) -> tuple[tuple[Driver, ...], tuple[Influence, ...], Boxes | None, tuple[FindingOut, ...]]:
        x, breaks = np.concatenate(kept.x), np.concatenate(kept.breaks)
        columns = columns_of(self.draws, self.words)
        if len(x) < FEWEST or not columns:
            return (), (), None, ()
        self.report("what matters")
        found = drivers(x, (~breaks).astype(np.float64), columns, self.asked.seed)
        sides = boxes(x, breaks, columns, self.asked.seed) if breaks.any() and not breaks.all() else None
        gains, st = np.concatenate(kept.gains), self.ground.stakes
        named = self.road_map.name or "the road map"
        knowing = tuple(
            finding_out(x, gains[:, [st.party_index[p]]], columns, p, (named,), self.asked.seed)
            for p in self.resolved.principals
        )
        return found, self._influences(found), sides, knowing

    def _influences(self, found: Sequence[Driver]) -> tuple[Influence, ...]:
        """Total indices from worlds drawn for the purpose."""
        return ()
