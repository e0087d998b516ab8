"""A point of a sweep at which it is simulated what happens to road maps, as by ``detente simulate``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import isnan
from typing import ClassVar

import numpy as np

from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.results.simulation import HOWS
from detente.worlds.runs.endings import Endings
from detente.worlds.runs.runner import Asked, Runner
from detente.worlds.runs.stage import BINS, KEPT, UNFOUND
from detente.worlds.sweeps.kinds import Counting, Counts, Found, interval
from detente.worlds.tally import share

_WORTHS = ("gain", "cost", "exposed")


@dataclass(frozen=True)
class OfRuns:
    """``n`` runs in at most so many ``worlds``, ``without`` some kinds of noise."""

    headline: ClassVar[str] = "kept"
    n: int
    worlds: int
    without: tuple[str, ...]

    def parts(self) -> Iterator[tuple[int, int]]:
        """The chunks of worlds, with the runs that go over each."""
        asked = self._asked(0)
        for chunk in range(asked.chunks):
            yield chunk, int(asked.often(chunk).sum())

    def counting(self, draws: Draws, road_map: RoadMap) -> Counting:
        """Counts all runs in a chunk of worlds."""
        return partial(_count, Runner(draws.case, road_map, self._asked(draws.seed)))

    def _asked(self, seed: int) -> Asked:
        return Asked(self.n, seed, self.worlds, frozenset(self.without))

    def told(self, counts: Counts) -> Found:
        """Shares of runs, with 95 % intervals of the chief ones; survival; how runs end and by whom; goals; what is in
        force; lateness; gains over no deal, and what the end costs and exposes where there is one: all on average."""
        n, sums, worlds = counts.n, counts.sums, round(counts.sums["worlds"])
        found: Found = {}
        for name in ("kept", "stands"):
            found |= interval(name, share(sums[name] / n * worlds, worlds))
        ended = np.cumsum([x for k, x in sums.items() if k.startswith("ended:")])
        found |= {f"survival:{t}": float(x) for t, x in enumerate(1 - ended / n)}
        of_all = ("ends:", "by:", "goal:", "in_time:", "in_force:", "gain:")
        found |= {k: x / n for k, x in sums.items() if k.startswith(of_all) and not isnan(x)}
        found |= {k: sums[k] / n for k in ("late", "still")}
        if sums["ended"]:
            of_ended = {k: x / sums["ended"] for k, x in sums.items() if k.startswith(("cost:", "exposed:"))}
            found |= {k: x for k, x in of_ended.items() if not isnan(x)}
        return found | {"resumed": sums["taken_up"] / sums["ended"] if sums["ended"] else 0.0}


def _count(runner: Runner, chunk: int, rows: int) -> Counts:
    """All ``rows`` runs in a chunk of worlds."""
    e = runner.part(chunk).endings
    assert e.n == rows
    sums: dict[str, float] = {"worlds": len(runner.asked.often(chunk))}
    sums |= {name: getattr(e, name) for name in ("stands", "ended", "taken_up")}
    sums |= {name: sum(value * many for value, many in getattr(e, name).items()) for name in ("late", "still")}
    sums |= {**_endings(runner, e), **_goals(runner, e), **_in_force(runner, e)}
    for name, row in zip(_WORTHS, np.asarray(e.sums), strict=True):
        sums |= {f"{name}:{party}": x for party, x in zip(runner.st.parties, row.tolist(), strict=True)}
    return Counts(e.n, {k: float(x) for k, x in sums.items()}, {})


def _endings(runner: Runner, e: Endings) -> dict[str, float]:
    """How runs end, by whom, and in which period."""
    how, who, when = Counter[int](), Counter[int](), Counter[int]()
    for (key, t), many in e.when.items():
        how[key[0]] += many
        who[key[1]] += many
        if key[0] not in (KEPT, UNFOUND):
            when[t] += many
    told: dict[str, float] = {"kept": how[int(KEPT)]}
    told |= {f"ends:{name}": how[k] for k, name in enumerate(HOWS) if name != "kept"}
    told |= {f"by:{party}": who[i] for i, party in enumerate(runner.st.parties)}
    return told | {f"ended:{t}": when[t] for t in range(runner.st.periods + 1)}


def _goals(runner: Runner, e: Endings) -> dict[str, float]:
    """Goals reached within the case, and by their dates."""
    told: dict[str, float] = {}
    for n, name in enumerate(runner.wanted.names):
        told[f"goal:{name}"] = np.asarray(e.goals)[n, :-1].sum()
        told[f"in_time:{name}"] = np.asarray(e.in_time)[n]
    return told


def _in_force(runner: Runner, e: Endings) -> dict[str, float]:
    """The share of each group in force in each period, over all runs."""
    sums = np.asarray(e.shares) @ (np.arange(BINS + 1) / BINS)
    return {
        f"in_force:{name}:{t}": x
        for name, row in zip(runner.groups, sums, strict=True)
        for t, x in enumerate(row[: runner.st.periods].tolist())
    }
