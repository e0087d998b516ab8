"""What happens to a road map in many runs: best moments once in each of some worlds, then runs over them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.incentives.many.prospects import at_hand
from detente.results.simulation import Simulation
from detente.worlds.limits import Limits
from detente.worlds.runs.runner import Asked, Part, Runner
from detente.worlds.runs.told import told

Report = Callable[[str], None]


def simulate(
    case: Case,
    road_map: RoadMap,
    asked: Asked,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Simulation:
    """Run a road map many times. Set ``stop`` to end with the runs made by then (at least one portion)."""
    limits = Limits(asked.time_limit, stop)
    runner = Runner(case, road_map, asked)
    work = _Work(runner, limits, report or (lambda _: None))
    try:
        work.run()
    except KeyboardInterrupt:
        if not work.total.endings.n:
            raise
    total = work.total
    return told(runner, total, limits.cut if total.endings.n < asked.n else None, limits.seconds)


class _Work:
    """Runs chunks of worlds by threads; what comes of it does not depend on by how many."""

    def __init__(self, runner: Runner, limits: Limits, report: Report) -> None:
        self.runner, self.limits, self.report = runner, limits, report
        self.total = Part()
        self._done, self._lock = 0, threading.Lock()

    def run(self) -> None:
        """All runs. An interrupt lets those end that have begun."""
        first_time = "" if at_hand() else " (on first use it is translated into machine code: a minute or two)"
        self.report(f"what the parties would do{first_time}")
        self.total, asked = self.runner.part(0, self._ran), self.runner.asked
        with ThreadPoolExecutor(asked.workers) as pool:
            try:
                for part in pool.map(self._part, range(1, asked.chunks)):
                    self.total.endings.merge(part.endings)
            except KeyboardInterrupt:
                self.limits.stop.set()
                self.limits.over()
                raise

    def _part(self, index: int) -> Part:
        return Part() if self.limits.over() else self.runner.part(index, self._ran)

    def _ran(self, many: int) -> bool:
        with self._lock:
            self._done += many
            self.report(f"{self._done:,} of {self.runner.asked.n:,} runs")
        return not self.limits.over()
