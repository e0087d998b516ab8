"""What many runs come to, as an answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.audit.origin import origin
from detente.case.stakes import NEVER
from detente.results.estimates import Estimate
from detente.results.simulation import HOWS, LEVELS, Event, Rate, Reached, Simulation, Spread, Story, Way
from detente.worlds.runs.endings import Key, key_columns
from detente.worlds.runs.runner import Part, Runner
from detente.worlds.runs.stage import AGES, BINS, KEPT, UNFOUND, Told
from detente.worlds.tally import share

_KINDS = ("put-off", "cheats", "suspected", "cleared", "ends", "incident", "undone", "resumes", "comes")
"""The events noted, in the order of their numbers."""


def told(runner: Runner, part: Part, cut: str | None, seconds: float) -> Simulation:
    """The answer that a part's runs, or all of them, give."""
    return _Answer(runner, part).told(cut, seconds)


class _Answer:
    """Puts counts into an answer."""

    def __init__(self, runner: Runner, part: Part) -> None:
        self.w, self.e, self.first, self.worlds = runner, part.endings, part.first, part.worlds
        self.parties, self.measures = runner.st.parties, runner.st.measures

    def told(self, cut: str | None, seconds: float) -> Simulation:
        """The answer."""
        w, e = self.w, self.e
        ways = self._ways()
        return Simulation(
            road_map=w.road_map,
            n=e.n,
            worlds=e.worlds,
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
            still=_spread_of(e.still),
            resumed=e.taken_up / e.ended if e.ended else 0.0,
            conduct={name: Rate(value, why) for name, (value, why) in w.rates.stated().items()},
            trust=w.rates.trust,
            story=self._story(ways),
            provenance=origin(
                w.case.resolved, {"runs": w.asked.n, "worlds": w.asked.worlds, "without": sorted(w.asked.without)},
                seconds=seconds, cut=cut, seed=w.asked.seed,
            ),
        )  # fmt: skip

    def _share(self, many: int) -> Estimate:
        return share(many / self.e.n * self.e.worlds, self.e.worlds)

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
        told, goals = [], self.w.wanted
        for n, name in enumerate(goals.names):
            counts = np.asarray(self.e.goals)[n]
            below = counts.cumsum()
            last = len(counts) - 1
            when = [int(np.searchsorted(below, q * self.e.n)) for q in LEVELS]
            told.append(
                Reached(
                    name, goals.owners[name], self._share(int(below[last - 1])),
                    self._share(int(np.asarray(self.e.in_time)[n])),
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
        if self.first is None or self.worlds is None:
            return None
        runs = self.first.runs[: len(self.first.notes)]
        for key, way in ways.items():
            mine = np.flatnonzero((np.column_stack(key_columns(runs)) == key).all(axis=1))
            if len(mine):
                usual = way.when[2] if way.when else int(AGES)
                run = int(mine[np.abs(runs["when"][mine] - usual).argmin()])
                return self._events(run, int(self.worlds[run]), way, self.first)
        return None

    def _events(self, run: int, world: int, way: Way, first: Told) -> Story:
        variant = self.w.draws.variants[int(self.w.draws.chunk(0).variant[world])]
        came, found = dict[tuple[str, str], int](), dict[tuple[int, int, int], list[int]]()
        for period, options in variant.options:
            for o in options:
                if o.kind == "government":
                    came.setdefault((o.party, o.title or o.name), period)
        types = {o.party: o.title or o.name for o in variant.options[0][1] if o.kind == "type"}
        for t, kind, i, k in first.notes[run, : first.runs["noted"][run]].tolist():
            found.setdefault((t, kind, i), []).append(k)
        events = []
        for (t, kind, i), ks in found.items():
            ends = _KINDS[kind] == "ends"
            name = HOWS[ks[0]] if ends else _KINDS[kind]
            measures = () if ends else tuple(self.measures[k] for k in ks if k >= 0)
            events.append(Event(t, name, self.parties[i] if i >= 0 else None, measures))
        return Story(run, way, types, tuple((period, *who) for who, period in came.items()), tuple(events))


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
