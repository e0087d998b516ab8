"""In what share of possible worlds road maps are signed, and hold (model §8, §12).

A world is one draw of every number with a range. Each road map is taken as it comes about there
(:mod:`detente.worlds.slip`) and judged (:mod:`detente.audit.standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.audit.grounds import Grounds
from detente.audit.standing import Suspicion, standing
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK, Method
from detente.case.stakes import NEVER, stakes
from detente.results.compare import DrawShares
from detente.results.drivers import Driver
from detente.worlds.kinds import kinds, portions
from detente.worlds.slip import Agreed, slipped

METHOD: Method = "sobol"
Outcomes = npt.NDArray[np.bool_]
"""(world, road map, 3): signed, holds, undecided within the limits."""


@dataclass(frozen=True)
class Candidate:
    """A road map to be judged in many worlds; ``suspects``: what tempts in the case as written, worst first."""

    agreed: Agreed
    suspects: tuple[Suspicion, ...] = ()


def outcomes(case: Case, candidates: Sequence[Candidate], n: int, seed: int, first: int = 0) -> Outcomes:
    """What becomes of each road map in the worlds ``first`` … ``n - 1``, with today's governments."""
    result = np.zeros((n - first, len(candidates), 3), dtype=np.bool_)
    draws = Draws(case, seed, METHOD)
    for index, begin, end in portions(n, first):
        for kind in kinds(draws, index, begin, end):
            worlds, names = kind.batch(), kind.variant.case().resolved.measures
            starts = [slipped(worlds, one.agreed) for one in candidates]
            for at, row in enumerate(kind.rows.tolist()):
                world = draws.resolved(kind.drawn, row)
                ground = Grounds(world, stakes(world))
                for column, one in enumerate(candidates):
                    dates = zip(names, starts[column][at].tolist(), strict=True)
                    road_map = RoadMap({k: s for k, s in dates if s < NEVER}, one.agreed.road_map.name)
                    found = standing(ground, road_map, one.suspects, in_order=not one.agreed.fixed)
                    result[index * CHUNK + row - first, column] = found
    return result


def shares(found: Outcomes, seed: int) -> tuple[DrawShares, ...]:
    """The shares of each road map."""
    n = len(found)
    signed, holds, undecided = (found[:, :, part].mean(axis=0) for part in range(3))
    both = (found[:, :, 0] & found[:, :, 1]).mean(axis=0)
    return tuple(
        DrawShares(n, seed, float(s), float(h), float(b), float(u))
        for s, h, b, u in zip(signed, holds, both, undecided, strict=True)
    )


def drivers(case: Case, stands: npt.NDArray[np.bool_], n: int, seed: int) -> tuple[Driver, ...]:
    """What moves the share of worlds in which a road map is signed and holds, strongest first.

    ``stands`` (world,): whether it does. First order only: each number by itself, its low half against its high half.
    """
    draws = Draws(case, seed, METHOD)
    u = np.concatenate([draws.chunk(index).u for index in range(-(-n // CHUNK))])[:n]
    found = []
    for column, number in enumerate(draws.numbers):
        low = u[:, column] <= np.median(u[:, column])
        if low.all() or not low.any():
            continue
        found.append(Driver(number.path, float(stands[low].mean()), float(stands[~low].mean())))
    return tuple(sorted(found, key=lambda d: (-abs(d.effect), d.path)))
