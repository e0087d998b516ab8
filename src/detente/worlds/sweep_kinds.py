"""What can be done at each point of a sweep: the work on one chunk, and what the chunks together tell.

A kind of work counts what comes of one chunk of worlds or runs in sums and least values, which are put together in the
order of the chunks: so what a point tells depends neither on who did its chunks, nor when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.case.sweep_schema import SweepKind
from detente.results.estimates import Estimate
from detente.worlds.goals import goals_of, reached
from detente.worlds.judged import judged
from detente.worlds.slip import agreed
from detente.worlds.tally import share


@dataclass(frozen=True)
class Counts:
    """What ``n`` worlds or runs come to, each number under its name."""

    n: int
    sums: Mapping[str, float]
    least: Mapping[str, float]


def together(parts: Sequence[Counts]) -> Counts:
    """The counts of several chunks, which all have the same names, in this order."""
    sums = {k: float(np.sum([p.sums[k] for p in parts])) for k in parts[0].sums}
    return Counts(sum(p.n for p in parts), sums, {k: min(p.least[k] for p in parts) for k in parts[0].least})


Found = dict[str, float]
"""What is told of a point and road map, column by column."""


class Kind(Protocol):
    """A kind of work."""

    headline: str
    """The column by which points are compared; the higher, the better. ``_low`` and ``_high`` are its 95 % interval."""

    def count(self, draws: Draws, road_map: RoadMap, chunk: int, rows: int) -> Counts:
        """The first ``rows`` worlds or runs of a chunk."""
        ...

    def told(self, counts: Counts) -> Found:
        """What the counts of all chunks tell."""
        ...


class OfWorlds:
    """A road map judged in possible worlds, as by ``detente worlds``."""

    headline = "holds"

    def count(self, draws: Draws, road_map: RoadMap, chunk: int, rows: int) -> Counts:
        """The first ``rows`` worlds of a chunk."""
        resolved = draws.case.resolved
        st, order = stakes(resolved), [term_of(c, resolved) for c in resolved.clauses]
        j = judged(draws, agreed(resolved, road_map, order), chunk, rows)
        first = np.bincount(j.first[~j.holds], minlength=st.periods + 1)
        sums = {"holds": j.holds.sum(), "signed": j.signed.sum(), "both": (j.holds & j.signed).sum()}
        sums |= {"deceived": (j.holds & j.hides).sum()}
        sums |= {f"first:{t}": x for t, x in enumerate(first)}
        sums |= {f"goal:{name}": x.sum() for name, x in reached(resolved, st, goals_of(resolved), j).items()}
        least: Found = {}
        for i, p in enumerate(st.parties):
            sums[f"leaves:{p}"] = ((j.leaves[:, i] == j.first) & (j.first < NEVER)).sum()
            sums[f"gain:{p}"], least[f"gain:{p}"] = j.gains[:, i].sum(), float(j.gains[:, i].min())
        return Counts(len(j.holds), {k: float(x) for k, x in sums.items()}, least)

    def told(self, counts: Counts) -> Found:
        """Shares of worlds, with 95 % intervals of the chief ones; survival; goals; who leaves first; gains over no
        deal, on average and at the least."""
        n, sums = counts.n, counts.sums
        found: Found = {}
        for name in ("holds", "signed", "both"):
            found |= _interval(name, share(sums[name], n))
        found["deceived"] = sums["deceived"] / n
        left = np.cumsum([x for k, x in sums.items() if k.startswith("first:")])
        found |= {f"survival:{t}": float(1 - x / n) for t, x in enumerate(left)}
        found |= {k: x / n for k, x in sums.items() if k.startswith(("goal:", "leaves:", "gain:"))}
        return found | {f"least_{k}": x for k, x in counts.least.items()}


def _interval(name: str, x: Estimate) -> Found:
    return {name: x.value, f"{name}_low": x.low, f"{name}_high": x.high}


KINDS: Mapping[SweepKind, Kind] = {"worlds": OfWorlds()}
