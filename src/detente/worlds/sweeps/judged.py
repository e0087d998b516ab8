"""A point of a sweep at which road maps are judged in possible worlds, as by ``detente worlds``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.worlds.goals import goals_of, reached
from detente.worlds.inputs import uncertain
from detente.worlds.judged import judged
from detente.worlds.kinds import portions
from detente.worlds.slip import agreed
from detente.worlds.sweeps.kinds import Counting, Counts, Found, interval
from detente.worlds.tally import exactly, share


@dataclass(frozen=True)
class OfWorlds:
    """Judged in ``n`` possible worlds."""

    headline: ClassVar[str] = "holds"
    n: int

    def parts(self) -> Iterator[tuple[int, int]]:
        """The chunks of worlds."""
        yield from ((chunk, rows) for chunk, _, rows in portions(self.n))

    def counting(self, draws: Draws, road_map: RoadMap) -> Counting:
        """Counts the first so many worlds of a chunk."""
        return partial(_count, draws, road_map)

    def told(self, counts: Counts) -> Found:
        """Shares of worlds, with 95 % intervals of the chief ones (exact where nothing is uncertain); survival; goals;
        who leaves first, alone or with another; gains over no deal, on average and at the least."""
        n, sums = counts.n, counts.sums
        found: Found = {}
        for name in ("holds", "signed", "both"):
            found |= interval(name, share(sums[name], n) if sums["uncertain"] else exactly(sums[name] / n))
        found["deceived"] = sums["deceived"] / n
        left = np.cumsum([x for k, x in sums.items() if k.startswith("first:")])
        found |= {f"survival:{t}": float(1 - x / n) for t, x in enumerate(left)}
        found |= {k: x / n for k, x in sums.items() if k.startswith(("goal:", "leaves:", "gain:"))}
        return found | {f"least_{k}": x for k, x in counts.least.items()}


def _count(draws: Draws, road_map: RoadMap, chunk: int, rows: int) -> Counts:
    resolved = draws.case.resolved
    st, order = stakes(resolved), [term_of(c, resolved) for c in resolved.clauses]
    j = judged(draws, agreed(resolved, road_map, order), chunk, rows)
    first = np.bincount(j.first[~j.holds], minlength=st.periods + 1)
    sums = {"holds": j.holds.sum(), "signed": j.signed.sum(), "both": (j.holds & j.signed).sum()}
    sums |= {"deceived": (j.holds & j.deceives).sum(), "uncertain": uncertain(draws)}
    sums |= {f"first:{t}": x for t, x in enumerate(first)}
    sums |= {f"goal:{name}": x.told.sum() for name, x in reached(resolved, st, goals_of(resolved), j).items()}
    least: Found = {}
    for i, p in enumerate(st.parties):
        sums[f"leaves:{p}"] = ((j.leaves[:, i] == j.first) & (j.first < NEVER)).sum()
        sums[f"gain:{p}"], least[f"gain:{p}"] = j.gains[:, i].sum(), float(j.gains[:, i].min())
    return Counts(len(j.holds), {k: float(x) for k, x in sums.items()}, least)
