"""What happens to a road map in many runs: best moments once in each of some worlds, then runs over them (issue 4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from detente.audit.origin import origin
from detente.case.clause_terms import ByTime, ShareAtLeast, ShareAtMost, Term
from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK, Method
from detente.case.stakes import NEVER, stakes
from detente.results.estimates import Estimate
from detente.results.simulation import HOWS, LEVELS, Event, Rate, Reached, Simulation, Spread, Story, Way
from detente.worlds.beliefs import Beliefs
from detente.worlds.conduct import Rates
from detente.worlds.endings import Endings, Key
from detente.worlds.kinds import kinds
from detente.worlds.played import Cast, cast
from detente.worlds.runs import AGES, BINS, KEPT, NOTES, UNFOUND, Atoms, Rules, Told, run_all
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import share

Report = Callable[[str], None]
WORLDS = 10 * CHUNK
"""Worlds in which best moments are worked out; more runs go over them again."""
WAYS = 12
"""Most ways that are told one by one."""
_RUNS = 1
"""Sets the seeds of runs apart from those of draws."""
_KINDS = ("put-off", "cheats", "suspected", "cleared", "ends", "incident", "undone", "resumes", "comes")
"""The events noted, in the order of their numbers."""


@dataclass(frozen=True)
class Asked:
    """``n`` runs in at most ``worlds`` worlds, without some kinds of noise; by threads."""

    n: int = 10_000
    seed: int = 0
    worlds: int = WORLDS
    without: frozenset[str] = frozenset()
    method: Method = "lhs"
    workers: int = 1


@dataclass(eq=False)
class _Part:
    """What came of the runs in one chunk of worlds, and the notes of the first of them."""

    endings: Endings = field(default_factory=Endings)
    first: Told | None = None


def simulate(
    case: Case,
    road_map: RoadMap,
    asked: Asked,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Simulation:
    """Run a road map many times. Set ``stop`` to end with the runs made by then."""
    began = time.monotonic()
    work = _Work(case, road_map, asked, report or (lambda _: None), stop or threading.Event())
    endings, first, cut = work.run()
    return _Answer(work, endings, first).told(cut, time.monotonic() - began)


class _Work:
    """Runs chunks of worlds; what comes of it does not depend on by how many threads."""

    def __init__(self, case: Case, road_map: RoadMap, asked: Asked, report: Report, stop: threading.Event) -> None:
        self.case, self.road_map, self.asked, self.report, self.stop = case, road_map, asked, report, stop
        self.draws = Draws(case, asked.seed, asked.method)
        resolved = case.resolved
        self.st = stakes(resolved)
        self.plan: Agreed = agreed(resolved, road_map, [term_of(c, resolved) for c in resolved.clauses])
        self.groups = {name: g for name, g in resolved.groups.items() if g.members}
        self.rates = Rates(case, asked.without)
        self.goals = _Goals(case)
        self.chunks = -(-min(asked.n, max(asked.worlds, 1)) // CHUNK)
        self._done, self._lock = 0, threading.Lock()

    def casts(self, index: int, last: int) -> list[Cast]:
        """The first ``last`` worlds of a chunk."""
        groups = list(self.groups.values())
        return [cast(self.draws, kind, self.plan, self.rates, groups) for kind in kinds(self.draws, index, 0, last)]

    def run(self) -> tuple[Endings, Told, str | None]:
        """All runs."""
        self.report("what the parties would do")
        opening = self.casts(0, CHUNK)
        self.beliefs = Beliefs(opening, self.draws.variants)
        total, first = Endings(), None
        with ThreadPoolExecutor(max(1, self.asked.workers)) as pool:
            for part in pool.map(lambda i: self._chunk(i, opening if i == 0 else None), range(self.chunks)):
                if part.endings.n:
                    total.merge(part.endings)
                    first = first or part.first
        assert first is not None
        return total, first, "interrupted" if total.n < self.asked.n else None

    def _chunk(self, index: int, known: list[Cast] | None) -> _Part:
        part = _Part()
        for j, many in self._portions(index):
            if self.stop.is_set() and (index or part.endings.n):
                break
            known = known or self.casts(index, many)
            told = self._runs(known, j, many)
            part.endings.add(told)
            part.first = part.first or told
            with self._lock:
                self._done += many
                self.report(f"{self._done:,} of {self.asked.n:,} runs")
        return part

    def _portions(self, index: int) -> Iterator[tuple[int, int]]:
        """The chunks of runs over a chunk of worlds, with how many runs each has."""
        for j in range(index, -(-self.asked.n // CHUNK), self.chunks):
            yield j, min(CHUNK, self.asked.n - j * CHUNK)

    def _runs(self, casts: list[Cast], j: int, many: int) -> Told:
        told = empty(many, self.st.periods, len(self.st.parties), len(self.goals.names), len(self.groups))
        for c in casts:
            rows = np.flatnonzero(c.rows < many)
            seed = np.random.SeedSequence(self.asked.seed, spawn_key=(_RUNS, j, c.variant))
            rng = np.random.Generator(np.random.PCG64(seed))
            belief = self.beliefs.of(c.variant, len(c.played.begin))
            rules = Rules(belief, self.rates.trust, self.goals.atoms)
            run_all(c.world, c.played, rules, rows, c.rows[rows], rng, told)
        return told


def empty(r: int, H: int, P: int, goals: int, G: int) -> Told:
    """Room for the answers of ``r`` runs."""
    never = np.full(r, int(AGES))
    return Told(
        how=np.zeros(r, dtype=np.int64), who=np.full(r, -1), on=np.full((r, 2), -1), when=never.copy(),
        where=never.copy(), begun=np.full(r, -1), late=np.zeros(r, dtype=np.int64),
        breaks=np.zeros(r, dtype=np.int64), stands=np.zeros(r, dtype=np.bool_), gain=np.zeros((r, P)),
        cost=np.zeros((r, P)), exposed=np.zeros((r, P)), goals=np.full((r, goals), int(AGES)),
        shares=np.zeros((G, H + 1, BINS + 1), dtype=np.int64), notes=np.zeros((r, NOTES, 4), dtype=np.int64),
        noted=np.zeros(r, dtype=np.int64),
    )  # fmt: skip


class _Goals:
    """The goals of a case, as far as runs look at them."""

    def __init__(self, case: Case) -> None:
        resolved = case.resolved
        place, groups = list(resolved.measures), [g for g, x in resolved.groups.items() if x.members]
        self.names, self.owners = list[str](), dict[str, str]()
        self.left_out, self.due = dict[str, tuple[str, ...]](), dict[str, int | None]()
        rows, first = list[tuple[int, int, float, int]](), [0]
        for goal in dict.fromkeys(c.of for c in resolved.clauses if c.kind == "goal"):
            asks = [c for c in resolved.clauses if c.kind == "goal" and c.of == goal and c.strength == "must"]
            terms = [(c, term_of(c, resolved)) for c in asks]
            seen = [row for _, t in terms if (row := _atom(t, place, groups)) is not None]
            if not any(row[0] < 2 for row in seen):
                continue
            rows += seen
            first.append(len(rows))
            self.names.append(goal)
            self.owners[goal] = asks[0].owner
            self.left_out[goal] = tuple(c.text for c, t in terms if _atom(t, place, groups) is None)
            self.due[goal] = max(t.time for _, t in terms if isinstance(t, ByTime | ShareAtLeast))
        columns = list(zip(*rows, strict=True)) or [()] * 4
        self.atoms = Atoms(
            np.array(first), np.array(columns[0], dtype=np.int64), np.array(columns[1], dtype=np.int64),
            np.array(columns[2], dtype=np.float64), np.array(columns[3], dtype=np.int64),
        )  # fmt: skip


def _atom(term: Term, measures: list[str], groups: list[str]) -> tuple[int, int, float, int] | None:
    match term:
        case ByTime(k, t):
            return 0, measures.index(k), 1.0, t
        case ShareAtLeast(g, x, t):
            return 1, groups.index(g), float(x), t
        case ShareAtMost(g, x, t):
            return 2, groups.index(g), float(x), t
        case _:
            return None


class _Answer:
    """Puts counts into an answer."""

    def __init__(self, work: _Work, endings: Endings, first: Told) -> None:
        self.w, self.e, self.first = work, endings, first
        self.parties, self.measures = work.st.parties, work.st.measures

    def told(self, cut: str | None, seconds: float) -> Simulation:
        """The answer."""
        w, e = self.w, self.e
        ways = self._ways()
        return Simulation(
            road_map=w.road_map,
            n=e.n,
            worlds=self._worlds,
            kept=self._share(sum(many for key, many in e.ways.items() if key[0] == KEPT)),
            stands=self._share(e.stands),
            survival=self._survival(),
            ways=tuple(ways.values()),
            goals=self._goals(),
            shares={name: self._fan(g) for g, name in enumerate(w.groups)},
            gains=self._spread(0, e.n),
            costs=self._spread(1, e.ended),
            exposed=self._spread(2, e.ended),
            late=_spread_of(e.late),
            resumed=e.taken_up / e.ended if e.ended else 0.0,
            conduct={name: Rate(value, why) for name, (value, why) in w.rates.stated().items()},
            trust=w.rates.trust,
            story=self._story(ways),
            provenance=origin(
                w.case.resolved, {"runs": w.asked.n, "worlds": w.asked.worlds, "without": sorted(w.asked.without)},
                seconds=seconds, cut=cut, seed=w.asked.seed,
            ),
        )  # fmt: skip

    @property
    def _worlds(self) -> int:
        return min(self.e.n, self.w.chunks * CHUNK)

    def _share(self, many: int) -> Estimate:
        return share(many / self.e.n * self._worlds, self._worlds)

    def _survival(self) -> tuple[float, ...]:
        ended = np.zeros(self.w.st.periods + 1)
        for (key, t), many in self.e.when.items():
            if key[0] not in (KEPT, UNFOUND):
                ended[t] += many
        return tuple((1 - ended.cumsum() / self.e.n).tolist())

    def _ways(self) -> dict[Key, Way]:
        return {key: self._way(key, many) for key, many in sorted(self.e.ways.items(), key=lambda x: (-x[1], x[0]))}

    def _way(self, key: Key, many: int) -> Way:
        how, who, *on = key
        dates = {t: n for (k, t), n in self.e.when.items() if k == key and t < NEVER}
        return Way(
            HOWS[how],
            self.parties[who] if who >= 0 else None,
            tuple(self.measures[k] for k in on if k >= 0),
            self._share(many),
            tuple(int(_quantile(dates, q)) for q in LEVELS) if dates else (),
            self.e.hidden[key] / many if HOWS[how] == "caught" else None,
        )

    def _goals(self) -> tuple[Reached, ...]:
        told, goals = [], self.w.goals
        for n, name in enumerate(goals.names):
            counts = np.asarray(self.e.goals)[n]
            below, due = counts.cumsum(), goals.due[name]
            last = len(counts) - 1
            when = [int(np.searchsorted(below, q * self.e.n)) for q in LEVELS]
            told.append(
                Reached(
                    name, goals.owners[name], self._share(int(below[last - 1])),
                    None if due is None else self._share(int(below[min(due, last - 1)])),
                    tuple(t if t < last else None for t in when), goals.left_out[name],
                )
            )  # fmt: skip
        return tuple(told)

    def _fan(self, g: int) -> tuple[tuple[float, ...], ...]:
        below = np.asarray(self.e.shares)[g].cumsum(axis=1)
        return tuple(
            tuple(float((below[t] < q * self.e.n).sum()) / BINS for t in range(self.w.st.periods)) for q in LEVELS
        )

    def _spread(self, column: int, n: int) -> dict[str, Spread]:
        """The spread of gains, costs or exposure of each party that has a part in the road map."""
        values, sums = np.concatenate(self.e.sample)[:, column], np.asarray(self.e.sums)[column]
        told = {}
        for i, party in enumerate(self.parties):
            some = values[~np.isnan(values[:, i]), i]
            if n and len(some):
                told[party] = Spread(float(sums[i] / n), tuple(np.quantile(some, LEVELS).tolist()))
        return told

    def _story(self, ways: Mapping[Key, Way]) -> Story | None:
        """One of the first runs, of the commonest way, and of those one that ends at about its usual date."""
        f = self.first
        for key, way in ways.items():
            mine = np.flatnonzero(
                (f.how == key[0]) & (f.who == key[1]) & (np.sort(f.on, axis=1)[:, ::-1] == key[2:]).all(axis=1)
            )
            if len(mine):
                usual = way.when[2] if way.when else int(AGES)
                run = int(mine[np.abs(f.when[mine] - usual).argmin()])
                return self._events(run, way)
        return None

    def _events(self, run: int, way: Way) -> Story:
        variant = self.w.draws.variants[int(self.w.draws.chunk(0).variant[run])]
        came, found = list[tuple[int, str, str]](), dict[tuple[int, int, int], list[int]]()
        for period, options in variant.options:
            for o in options:
                if o.kind == "government" and (o.party, o.name) not in [x[1:] for x in came]:
                    came.append((period, o.party, o.name))
        for t, kind, i, k in self.first.notes[run, : self.first.noted[run]].tolist():
            found.setdefault((t, kind, i), []).append(k)
        events = []
        for (t, kind, i), ks in found.items():
            ends = _KINDS[kind] == "ends"
            name = HOWS[ks[0]] if ends else _KINDS[kind]
            measures = () if ends else tuple(self.measures[k] for k in ks if k >= 0)
            events.append(Event(t, name, self.parties[i] if i >= 0 else None, measures))
        return Story(run, way, dict(variant.types), tuple(came), tuple(events))


def _quantile(counts: Mapping[int, int], q: float) -> float:
    """The least value that at least a share ``q`` of all does not exceed."""
    total, below = sum(counts.values()), 0
    for value, many in sorted(counts.items()):
        below += many
        if below >= q * total:
            return value
    raise ValueError("no values")


def _spread_of(counts: Mapping[int, int]) -> Spread:
    total = sum(counts.values())
    return Spread(
        sum(v * many for v, many in counts.items()) / total, tuple(float(_quantile(counts, q)) for q in LEVELS)
    )
