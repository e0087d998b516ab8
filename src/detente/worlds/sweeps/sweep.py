"""Road maps over a design of parameters, spread over processes or a cluster, and gone on with where it was left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from detente import __version__
from detente.audit.origin import origin
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sweep_design import Sweeping, check_values
from detente.errors import Diagnostic, InputError
from detente.incentives.many.prospects import at_hand
from detente.results.sweep import Sweep, SweepRefusal, SweepRow, measured
from detente.worlds.spread import apart, spread
from detente.worlds.sweeps.cluster import cluster
from detente.worlds.sweeps.effects import effects
from detente.worlds.sweeps.kinds import Counts, together
from detente.worlds.sweeps.parquet import Column, check_installed
from detente.worlds.sweeps.progress import Progress
from detente.worlds.sweeps.run import Halted, through
from detente.worlds.sweeps.store import Folder, hashed
from detente.worlds.sweeps.tasks import Finished, Outcome, Refused, Task, done, grounds, kind_of, packed, tasks

Report = Callable[[str], None]
SAVED = 2.0
"""Seconds after which finished tasks are written."""
ON_CLUSTER, AHEAD = 256, 2
"""Tasks under way at a time: on a cluster; for each process of this machine."""


@dataclass(frozen=True)
class Asked:
    """Where what is finished is kept, and who does the work: so many processes, or the cluster at an address."""

    folder: Path
    workers: int = 1
    cluster: str | None = None
    time_limit: float | None = None
    """Seconds; what is finished by then is told."""


def sweep(
    case: Case,
    sweeping: Sweeping,
    road_maps: Sequence[RoadMap],
    titles: Sequence[str],
    asked: Asked,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Sweep:
    """All points of a design for some road maps. ``titles``: what each thing varied is called.

    Set ``stop`` to end with what is finished by then.
    """
    began = time.monotonic()
    check_installed()
    work = _Work(case, sweeping, tuple(road_maps), asked, report or (lambda _: None), stop)
    if not work.folder.begun():
        check_values(case, sweeping, work.report)
        work.folder.begin()
    cut = work.run()
    told = work.told()
    rows, refused = [x for x in told if isinstance(x, SweepRow)], [x for x in told if isinstance(x, SweepRefusal)]
    if refused and not rows and cut is None:
        raise _all_refused(refused[0])
    table = work.folder.tell(_columns(sweeping, told))
    headline = kind_of(sweeping).headline
    return Sweep(
        kind=sweeping.kind,
        headline=headline,
        over=tuple(d.paths for d in sweeping.dimensions),
        titles=tuple(titles),
        road_maps=tuple(work.names),
        n=sweeping.n,
        points=len(sweeping.points),
        tasks=len(work.tasks),
        finished=len(work.finished),
        rows=tuple(rows),
        refused=tuple(refused),
        effects=effects(sweeping, rows, headline),
        table=str(table),
        provenance=origin(
            case.resolved,
            {"n": sweeping.n, "time_limit": asked.time_limit},
            seconds=time.monotonic() - began,
            cut=cut,
            seed=sweeping.seed,
        ),
    )


@dataclass
class _Work:
    """A sweep under way."""

    case: Case
    sweeping: Sweeping
    road_maps: tuple[RoadMap, ...]
    asked: Asked
    report: Report
    stop: threading.Event | None
    finished: dict[Task, Outcome] = field(default_factory=dict)
    unsaved: list[Finished] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = self.saved = time.monotonic()
        self.packed = packed(self.case.tree.data)
        self.tasks = list(tasks(self.sweeping))
        self.names = [r.name or f"road map {n + 1}" for n, r in enumerate(self.road_maps)]
        self.folder = Folder(self.asked.folder, self._identity())

    def _identity(self) -> dict[str, str]:
        s = self.sweeping
        design = {
            "kind": repr(kind_of(s)), "over": [d.paths for d in s.dimensions], "points": s.points,
            "road_maps": [[name, dict(r.starts)] for name, r in zip(self.names, self.road_maps, strict=True)],
        }  # fmt: skip
        return {
            "case": hashed(self.case.tree.data), "design": hashed(design), "seed": str(s.seed),
            "version_of_the_program": __version__,
        }  # fmt: skip

    def run(self) -> str | None:
        """Do what is not finished; what cut it short, if anything did."""
        wanted = set(self.tasks)
        self.finished = {task: outcome for task, outcome in self.folder.finished().items() if task in wanted}
        before, self.began = len(self.finished), time.monotonic()
        self.progress = Progress(len(self.tasks), before, self._first(), self._sample())
        todo = [task for task in self.tasks if task not in self.finished]
        told = f", {before:,} of them finished before" if before else ""
        first_time = "" if at_hand() else " (on first use part of it is translated into machine code: a minute or two)"
        self.report(f"beginning {len(self.tasks):,} tasks{told}{first_time}")
        try:
            through(self._executors, todo, self._room(), self._start, self._take, self._halted)
        except Halted:
            return "interrupted" if self.stop is not None and self.stop.is_set() else "clock"
        except KeyboardInterrupt:
            return "interrupted"
        finally:
            self._save()
        return None

    def _room(self) -> int:
        if self.asked.cluster is not None:
            return ON_CLUSTER
        return 1 if self.asked.workers == 1 else AHEAD * self.asked.workers

    def _first(self) -> int:
        """How many tasks are the first of a worker; of a cluster that is not known."""
        return self.asked.workers if self.asked.cluster is None else 1

    def _sample(self) -> int:
        """Tasks from which the time left can be told: those of a point, or of much of it where points are few."""
        each = len(self.tasks) // len(self.sweeping.points)
        return min(each, max(len(self.names), len(self.tasks) // 10))

    def _executors(self) -> AbstractContextManager[Executor]:
        if self.asked.cluster is not None:
            return cluster(self.asked.cluster)
        return spread(self.asked.workers) if self.asked.workers > 1 else apart()

    def _start(self, executor: Executor, task: Task) -> Future[Finished]:
        return executor.submit(done, grounds(self.sweeping, self.packed, self.road_maps, task), task)

    def _take(self, task: Task, outcome: Outcome) -> None:
        self.finished[task] = outcome
        self.unsaved.append((task, outcome))
        if time.monotonic() - self.saved > SAVED:
            self._save()
        self.report(self.progress.took(time.monotonic()))

    def _save(self) -> None:
        if self.unsaved:
            self.folder.add(self.unsaved)
            self.unsaved.clear()
        self.saved = time.monotonic()

    def _halted(self) -> bool:
        limit = self.asked.time_limit
        over = limit is not None and time.monotonic() - self.began >= limit
        return over or (self.stop is not None and self.stop.is_set())

    def told(self) -> list[SweepRow | SweepRefusal]:
        """A row for each point and road map of which anything is finished, or why there is none."""
        kind, told = kind_of(self.sweeping), list[SweepRow | SweepRefusal]()
        for (point, road_map), group in groupby(sorted(self.finished), key=lambda t: (t.point, t.road_map)):
            came = [self.finished[task] for task in group]
            refused = [x.why for x in came if isinstance(x, Refused)]
            where = point, self.names[road_map], self.sweeping.points[point]
            if refused:
                told.append(SweepRefusal(*where, refused[0]))
            else:
                counts = together([x for x in came if isinstance(x, Counts)])
                told.append(SweepRow(*where, counts.n, kind.told(counts)))
        return told


def _all_refused(one: SweepRefusal) -> InputError:
    told = f"the case refuses every point of the design; for example at {', '.join(one.at)}: {one.why}"
    return InputError([Diagnostic("DET781", told, fix="take other values, or mend the case")])


def _columns(sweeping: Sweeping, rows: Sequence[SweepRow | SweepRefusal]) -> dict[str, Column]:
    """The columns of the table: what is varied as numbers where all its values are in one unit, or else as text."""
    found = [row.found if isinstance(row, SweepRow) else {} for row in rows]
    columns = {"point": Column([row.point for row in rows]), "road_map": Column([row.road_map for row in rows])}
    for n, dimension in enumerate(sweeping.dimensions):
        column = _varied([point[n] for point in sweeping.points], [row.point for row in rows])
        columns |= dict.fromkeys(dimension.paths, column)
    columns["n"] = Column([row.n if isinstance(row, SweepRow) else 0 for row in rows])
    columns["refused"] = Column([row.why if isinstance(row, SweepRefusal) else "" for row in rows])
    names = dict.fromkeys(name for one in found for name in one)
    return columns | {name: Column([one.get(name) for one in found]) for name in names}


def _varied(values: Sequence[str], points: Sequence[int]) -> Column:
    """What is varied, at some of its points."""
    numbers = measured(values)
    if numbers is None:
        return Column([values[point] for point in points])
    return Column([numbers[0][point] for point in points], numbers[1])
