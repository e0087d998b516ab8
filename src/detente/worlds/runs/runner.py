"""Runs of a road map in chunks of worlds: what comes of a chunk depends neither on the others nor on who works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.resolved import Group, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK, Method
from detente.case.stakes import Ints, stakes
from detente.worlds.kinds import kinds
from detente.worlds.runs.beliefs import Beliefs
from detente.worlds.runs.conduct import Rates
from detente.worlds.runs.endings import SAMPLE, Endings
from detente.worlds.runs.played import Cast, cast, want_trust
from detente.worlds.runs.run import run_all
from detente.worlds.runs.stage import Told, empty
from detente.worlds.runs.wanted import Wanted
from detente.worlds.slip import agreed

WORLDS = 10 * CHUNK
"""Worlds in which best moments are worked out; more runs go over them again."""
AT_ONCE = 16
"""Most runs over one world that follow each other."""
_RUNS = 1
"""Sets the seeds of runs apart from those of draws."""


@dataclass(frozen=True)
class Asked:
    """``n`` runs in at most ``worlds`` worlds, without some kinds of noise; by threads."""

    n: int = 10_000
    seed: int = 0
    worlds: int = WORLDS
    without: frozenset[str] = frozenset()
    method: Method = "lhs"
    workers: int = 1
    time_limit: float | None = None

    @property
    def among(self) -> int:
        """How many worlds the runs go over."""
        return min(self.n, self.worlds)

    @property
    def chunks(self) -> int:
        """How many chunks those are, the last of them perhaps in part."""
        return -(-self.among // CHUNK)

    def often(self, index: int) -> Ints:
        """(worlds of a chunk,) how many runs go over each."""
        world = np.arange(index * CHUNK, min((index + 1) * CHUNK, self.among))
        return self.n // self.among + (world < self.n % self.among)


@dataclass(eq=False)
class Part:
    """What came of the runs in one chunk of worlds, or in several; and the first of them with what was noted."""

    endings: Endings = field(default_factory=Endings)
    first: Told | None = None
    worlds: Ints | None = None
    """(runs,) in which world of the chunk each of these was."""


class Runner:
    """Runs a road map chunk by chunk. Copies of it in other processes give the same answers."""

    def __init__(self, case: Case, road_map: RoadMap, asked: Asked) -> None:
        self.case, self.road_map, self.asked = case, road_map, asked
        self.draws = Draws(case, asked.seed, asked.method)
        resolved = case.resolved
        self.st = stakes(resolved)
        self.plan = agreed(resolved, road_map, [term_of(c, resolved) for c in resolved.clauses])
        self.groups = {name: g for name, g in resolved.groups.items() if g.members} or _steps_of(resolved, road_map)
        self.rates = Rates(case, asked.without)
        self.wanted = Wanted(resolved)
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Runner], tuple[Case, RoadMap, Asked]]:
        return Runner, (self.case, self.road_map, self.asked)

    def part(self, index: int, ran: Callable[[int], bool] = lambda _: True) -> Part:
        """All runs in a chunk of worlds. ``ran`` hears after each portion of how many, and says whether to go on."""
        often = self.asked.often(index)
        part, casts = Part(Endings(SAMPLE // self.asked.chunks, worlds=len(often))), self._ready(index, len(often))
        for portion, done in enumerate(range(0, int(often.max()), AT_ONCE)):
            worlds = np.repeat(np.arange(len(often)), np.clip(often - done, 0, AT_ONCE))
            told = self._runs(casts, index, portion, worlds)
            part.endings.add(told)
            if index == portion == 0:
                part.first, part.worlds = told, worlds
            if not ran(len(worlds)):
                break
        return part

    def _ready(self, index: int, last: int) -> list[Cast]:
        """The first ``last`` worlds of a chunk, with what the parties believe of each other."""
        with self._lock:
            opening, beliefs = self._opening, self._beliefs
        groups = list(self.groups.values())
        casts = opening
        if index:
            some = kinds(self.draws, index, 0, last)
            casts = [cast(self.draws, kind, self.plan, self.rates, groups) for kind in some]
        if self.rates.trust:
            for c in casts:
                want_trust(c.stage, beliefs.of(c.variant, len(c.stage.begin)))
        return casts

    @cached_property
    def _opening(self) -> list[Cast]:
        """The whole first chunk, on which public beliefs are formed."""
        groups = list(self.groups.values())
        return [cast(self.draws, kind, self.plan, self.rates, groups) for kind in kinds(self.draws, 0)]

    @cached_property
    def _beliefs(self) -> Beliefs:
        return Beliefs(self._opening, self.draws.variants)

    def _runs(self, casts: list[Cast], index: int, portion: int, worlds: Ints) -> Told:
        """Runs in worlds (runs,) of a chunk, in ascending order."""
        parties, goals, notes = len(self.st.parties), len(self.wanted.names), 0 if index or portion else CHUNK
        told = empty(len(worlds), self.st.periods, parties, goals, len(self.groups), min(len(worlds), notes))
        for c in casts:
            places = np.flatnonzero(np.isin(worlds, c.rows))
            seed = np.random.SeedSequence(self.asked.seed, spawn_key=(_RUNS, index, portion, c.variant))
            rng = np.random.Generator(np.random.PCG64(seed))
            rows = np.searchsorted(c.rows, worlds[places])
            run_all(c.world, c.stage, c.purse, self.wanted.atoms, rows, places, rng, told)
        return told


def _steps_of(case: ResolvedCase, road_map: RoadMap) -> dict[str, Group]:
    """Of a case without groups: what each party has done and is to do."""
    found: dict[str, Group] = {}
    for party in case.parties:
        own = (k for k, m in case.measures.items() if m.by == party and (m.done or k in road_map.starts))
        if members := tuple(own):
            found[party] = Group(members)
    return found
