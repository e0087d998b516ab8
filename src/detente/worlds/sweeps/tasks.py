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
from detente.errors import Diagnostic, InputError
from detente.worlds.sweeps.judged import OfWorlds
from detente.worlds.sweeps.kinds import Counting, Counts, Kind
from detente.worlds.sweeps.simulated import OfRuns

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
    kind: Kind
    seed: int


@dataclass(frozen=True)
class Refused:
    """A point at which the case, or the road map, is not in order."""

    why: str


Outcome = Counts | Refused
Finished = tuple[Task, Outcome]


def tasks(sweeping: Sweeping) -> Iterator[Task]:
    """All tasks of a design, those of a point one after the other.

    Points come in random order, so that what is finished at any time is a fair sample of all.
    """
    seed = np.random.SeedSequence(sweeping.seed, spawn_key=(_ORDER,))
    for point in np.random.Generator(np.random.PCG64(seed)).permutation(len(sweeping.points)).tolist():
        for road_map in range(len(sweeping.road_maps)):
            yield from (Task(point, road_map, chunk, rows) for chunk, rows in kind_of(sweeping).parts())


def kind_of(sweeping: Sweeping) -> Kind:
    """What is done at each point of a design."""
    if sweeping.kind == "worlds":
        return OfWorlds(sweeping.n)
    return OfRuns(sweeping.n, sweeping.worlds, sweeping.without)


def packed(data: Mapping[str, Any]) -> bytes:
    """A case as written, to be sent."""
    return zlib.compress(pickle.dumps(data))


def grounds(sweeping: Sweeping, case: bytes, road_maps: tuple[RoadMap, ...], task: Task) -> Ground:
    """What a task rests on."""
    starts = tuple(sorted(road_maps[task.road_map].starts.items()))
    settings, kind = sweeping.settings(task.point), kind_of(sweeping)
    return Ground(f"detente {__version__}", case, settings, starts, kind, sweeping.seed)


def done(ground: Ground, task: Task) -> Finished:
    """Do a task; this runs in whatever process there is room in. Raises where that has another version."""
    here = f"detente {__version__}"
    if ground.program != here:
        told = f"the sweep is of {ground.program}, and a worker has {here}"
        raise InputError([Diagnostic("DET784", told, fix="install the same version everywhere")])
    try:
        return task, _counting(ground)(task.chunk, task.rows)
    except InputError as error:
        return task, Refused("; ".join(d.problem for d in error.diagnostics))


@lru_cache(maxsize=2)
def _counting(ground: Ground) -> Counting:
    """What counts chunk after chunk; kept, as tasks of a point and road map come one after the other."""
    draws = _draws(ground.case, ground.settings, ground.seed)
    return ground.kind.counting(draws, load_road_map({"starts": dict(ground.road_map)}, draws.case.resolved))


@lru_cache(maxsize=2)
def _draws(case: bytes, settings: tuple[str, ...], seed: int) -> Draws:
    """The worlds of a point, kept for all its road maps."""
    return Draws(load_case(pickle.loads(zlib.decompress(case)), settings=settings), seed, "lhs")
