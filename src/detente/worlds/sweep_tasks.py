"""One task of a sweep: a point, a road map, a chunk. It brings all it needs, and is done wherever there is room."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from detente import __version__
from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.road_maps import load_road_map
from detente.case.sampling import CHUNK
from detente.case.sweep_design import Sweeping
from detente.case.sweep_schema import SweepKind
from detente.errors import Diagnostic, InputError
from detente.worlds.kinds import portions
from detente.worlds.sweep_kinds import KINDS, Counts

_ORDER = 1
"""Sets the seed of the order of points apart from that of a sample of them."""


@dataclass(frozen=True, order=True)
class Task:
    """A point (by number), a road map (by number), a chunk, and how many of its rows."""

    point: int
    road_map: int
    chunk: int
    rows: int = CHUNK


@dataclass(frozen=True)
class Ground:
    """What tasks of a point and road map have in common, small enough to be sent with each of them."""

    program: str
    case: bytes
    """The case as written, packed."""
    settings: tuple[str, ...]
    road_map: tuple[tuple[str, int], ...]
    kind: SweepKind
    seed: int


@dataclass(frozen=True)
class Refused:
    """A point at which the case, or the road map, is not in order."""

    diagnostics: tuple[Diagnostic, ...]


Outcome = Counts | Refused


def tasks(sweeping: Sweeping) -> Iterator[Task]:
    """All tasks of a design, those of a point one after the other.

    Points come in random order, so that what is finished at any time is a fair sample of all.
    """
    seed = np.random.SeedSequence(sweeping.seed, spawn_key=(_ORDER,))
    for point in np.random.Generator(np.random.PCG64(seed)).permutation(len(sweeping.points)).tolist():
        for road_map in range(len(sweeping.road_maps)):
            for chunk, _, rows in portions(sweeping.n):
                yield Task(point, road_map, chunk, rows)


def packed(data: Mapping[str, Any]) -> bytes:
    """A case as written, to be sent."""
    return zlib.compress(pickle.dumps(data))


def grounds(sweeping: Sweeping, case: bytes, road_maps: tuple[RoadMap, ...], task: Task) -> Ground:
    """What a task rests on."""
    starts = tuple(sorted(road_maps[task.road_map].starts.items()))
    return Ground(f"detente {__version__}", case, sweeping.settings(task.point), starts, sweeping.kind, sweeping.seed)


def done(ground: Ground, task: Task) -> tuple[Task, Outcome]:
    """Do a task; this runs in whatever process there is room in."""
    here = f"detente {__version__}"
    if ground.program != here:
        told = f"the sweep is of {ground.program}, and a worker has {here}"
        return task, Refused((Diagnostic("DET784", told, fix="install the same version everywhere"),))
    try:
        draws = _draws(ground.case, ground.settings, ground.seed)
        road_map = load_road_map({"starts": dict(ground.road_map)}, draws.case.resolved)
    except InputError as error:
        return task, Refused(error.diagnostics)
    return task, KINDS[ground.kind].count(draws, road_map, task.chunk, task.rows)


@lru_cache(maxsize=4)
def _draws(case: bytes, settings: tuple[str, ...], seed: int) -> Draws:
    """The worlds of a point; the last ones are kept, as tasks of a point come one after the other."""
    return Draws(load_case(pickle.loads(zlib.decompress(case)), settings=settings), seed, "lhs")
