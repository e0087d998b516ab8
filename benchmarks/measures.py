"""What is measured. Seconds depend on the machine, so short times are also given in units of a fixed matrix product."""

from __future__ import annotations

import math
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

import detente
from benchmarks import synthetic
from detente.audit.judge import audit
from detente.case.batch import from_resolved
from detente.case.load import load_case
from detente.case.sampling import CHUNK
from detente.case.stakes import stakes
from detente.incentives.kept import kept
from detente.incentives.many.prospects import prospects
from detente.incentives.tables import tables
from detente.incentives.walk import exposure, others, walk
from detente.plan.stage import Progress
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Objective, Plan

Line = tuple[str, str, str]
"""What, figure, aim."""

SIDE = 256
"""The unit: a product of two square matrices of this side, in doubles."""

LIMIT = 120.0
"""Seconds after which the planner is stopped."""


def best_of(work: Callable[[], object], times: int) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def unit() -> float:
    """Seconds of the matrix product on this machine, now."""
    matrix = np.random.default_rng(0).random((SIDE, SIDE))
    return best_of(lambda: matrix @ matrix, 50)


def float_audit() -> list[Line]:
    """Values, open breaches and exposure of one road map, with the case's tables built once."""
    case, road_map = synthetic.case(), synthetic.road_map()
    s = stakes(case)
    built = best_of(lambda: tables(s), 3)
    tb, c = tables(s), s.completions(road_map)

    def work() -> None:
        out = walk(tb, c)
        kept(tb, c)
        exposure(others(tb, c, out))

    work()
    took, product = best_of(work, 100), unit()
    return [
        ("40 x 40, float audit without covert sets", f"{took * 1e3:.2f} ms", "aim 1 ms"),
        (f"  in products of {SIDE} x {SIDE} matrices", f"{took / product:.1f}", ""),
        ("  the case's tables, once", f"{built * 1e3:.1f} ms", ""),
    ]


def exact_verdict() -> list[Line]:
    """The whole judgment; then with every margin in fractions; then the search for cures where it fails."""
    road_map = synthetic.road_map()
    times, told = [], []
    for exact in (False, True):
        case = synthetic.case()
        began = time.perf_counter()
        told.append(audit(case, road_map, exact=exact, cures=False))
        times.append(time.perf_counter() - began)
    weak = told[0].least_margin
    where = f"{told[0].verdict}, least margin {weak.value:.3g}" if weak else told[0].verdict
    return [
        ("40 x 40, verdict decided exactly, covert sets included", f"{times[0]:.2f} s", f"aim 5 s ({where})"),
        ("  with every margin as a fraction", f"{times[1]:.2f} s", ""),
    ]


Times = tuple[float, float]
Near = Callable[[float, float], bool]
"""Whether a value and its bound are close."""


class Watch:
    """Notes when a plan was first at hand, and when a stage first came as close to its bound as is asked.

    Times are pairs: seconds of the clock, and of the processor, which other work on the machine does not lengthen.
    """

    def __init__(self, stage: str = "", **near: Near) -> None:
        self.stage, self.near = stage, near
        self.first: Times | None = None
        self.within: dict[str, Times] = {}
        self.start()

    def start(self) -> None:
        """Count from now."""
        self.began = time.perf_counter(), time.process_time()

    def __call__(self, progress: Progress) -> None:
        """Called by the planner as it goes on."""
        now = time.perf_counter() - self.began[0], time.process_time() - self.began[1]
        if progress.best is None:
            return
        if self.first is None:
            self.first = now
        if progress.stage == self.stage and math.isfinite(progress.bound):
            for name, near in self.near.items():
                if name not in self.within and near(progress.best, progress.bound):
                    self.within[name] = now


def _planned(objective: Objective, watch: Watch, limit: float = LIMIT) -> Plan | NoPlan:
    case = load_case("dprk-2019").resolved
    watch.start()
    return plan(Task(case, objective, time_limit=limit), report=watch)


def first_plan() -> list[Line]:
    """The first road map at hand that the planner would hand over, and its certification by the judge."""
    watch = Watch()
    case = load_case("dprk-2019").resolved
    watch.start()
    found = plan(Task(case, "welfare", time_limit=10.0), report=watch)
    lines = [("dprk-2019, first plan at hand (welfare)", _seconds(watch.first), "aim 5 s")]
    if isinstance(found, Plan):
        began = time.perf_counter()
        audit(case, found.road_map, cures=False)
        lines.append(("  and its certification", f"{time.perf_counter() - began:.2f} s", ""))
    return lines


def plan_fair() -> list[Line]:
    """Least share within 0.01 of the bound, and within 1 % of it."""
    watch = Watch("fair", near=lambda v, bound: bound - v <= 0.01, nearer=lambda v, bound: bound - v <= 0.01 * bound)
    found = _planned("fair", watch)
    return [
        ("dprk-2019, fair: first plan at hand", _seconds(watch.first), "aim 5 s"),
        ("  within 0.01 of the bound", _seconds(watch.within.get("near")), "aim 60 s"),
        ("  within 1 % of the bound", _seconds(watch.within.get("nearer")), "aim 60 s"),
        _end(found),
    ]


def plan_robust() -> list[Line]:
    """Least relative margin within 0.02 of the bound."""
    watch = Watch("robust", near=lambda v, bound: bound - v <= 0.02)
    found = _planned("robust", watch)
    return [
        ("dprk-2019, robust: first plan at hand", _seconds(watch.first), "aim 5 s"),
        ("  within 0.02 of the bound", _seconds(watch.within.get("near")), "aim 60 s"),
        _end(found),
    ]


def _end(found: Plan | NoPlan) -> Line:
    told = f"{found.value:.4f}, bound {found.bound:.4f}" if isinstance(found, Plan) else found.outcome
    return (f"  value at the end, after {found.provenance.run.seconds:.0f} s", told, "")


def _seconds(found: Times | None) -> str:
    return f"not within {LIMIT:.0f} s" if found is None else f"{found[0]:.1f} s ({found[1]:.1f} s CPU)"


WORLDS = 20_480
"""Worlds that are judged; the figures are told for a million."""


def many_worlds() -> list[Line]:
    """Walking out and cheats on one measure in every world, beside a product that sums up as many payments: for each
    world and party those of all measures in all periods."""
    case, road_map = synthetic.case(), synthetic.road_map()
    s = stakes(case)
    T, P, N = s.periods, len(s.parties), len(s.measures)
    rng = np.random.default_rng(0)
    portion = from_resolved(case, CHUNK)
    portion = replace(portion, flow=portion.flow * rng.uniform(0.8, 1.2, portion.flow.shape))
    c = np.tile(s.completions(road_map), (CHUNK, 1))
    prospects(portion, c, pairs=False)

    def work(*, pairs: bool) -> float:
        began, chunks = time.process_time(), WORLDS // CHUNK if not pairs else 1
        for _ in range(chunks):
            prospects(portion, c, pairs=pairs)
        return (time.process_time() - began) / (chunks * CHUNK) * 1e6

    flows, dates = rng.random((CHUNK * P, N)), rng.random((N, T + 1))
    product = best_of(lambda: flows @ dates, 500) / CHUNK * 1e6
    walks, paired = work(pairs=False), work(pairs=True)
    return [
        ("a million worlds, 40 x 40, walks and single cheats", f"{walks:.0f} s CPU", f"measured on {WORLDS:,} worlds"),
        ("  in matrix products of the same size", f"{walks / product:.0f}", f"{product:.2f} s each"),
        ("  with paired cheats", f"{paired:.0f} s CPU", f"measured on {CHUNK:,} worlds"),
    ]


RUNS = 1_000_000
WORLDS_OF_RUNS = 10_240
"""Worlds that runs go over, as many as ``simulate`` takes unless told otherwise."""


def many_runs() -> list[Line]:
    """A million runs of the shipped case by one thread: best moments in ten thousand worlds, then runs over them."""
    case = detente.load("dprk-2019")
    detente.simulate(case, "step-for-step", 1)
    times = []
    for n in (WORLDS_OF_RUNS, RUNS):
        began = time.perf_counter(), time.process_time()
        detente.simulate(case, "step-for-step", n)
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    each = (times[1][1] - times[0][1]) / (RUNS - WORLDS_OF_RUNS) * 1e6
    return [
        (f"dprk-2019, {RUNS:,} runs in {WORLDS_OF_RUNS:,} worlds", _seconds(times[1]), "aim: seconds"),
        (f"  of these, best moments and the first {WORLDS_OF_RUNS:,} runs", _seconds(times[0]), ""),
        ("  each further run", f"{each:.0f} µs CPU", ""),
    ]


RANGES = ('measure.weir.value.Plains.flow="2 [1, 3]"', 'measure.water.value.Plains.flow="3 [2, 4]"')
"""What is uncertain in the small case when its memory is measured."""


def memory() -> list[Line]:
    """The most memory that many worlds and many runs take does not grow with how many there are."""
    lines = []
    for what, work, n in (("worlds", _worlds, 20_480), ("runs", _runs, 100_000)):
        few, many = _peak(work, n), _peak(work, 10 * n)
        lines.append((f"two-steps, most memory of {n:,} {what}", f"{few:.0f} MB", ""))
        lines.append((f"  of {10 * n:,}", f"{many:.0f} MB", "aim: as much"))
    return lines


def _worlds(n: int) -> object:
    return detente.worlds(detente.load("two-steps", settings=RANGES), "in-turn", n)


def _runs(n: int) -> object:
    return detente.simulate(detente.load("two-steps", settings=RANGES), "in-turn", n)


def _peak(work: Callable[[int], object], n: int) -> float:
    """The most memory of a process that does nothing else, in MB; machine code is at hand by then."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as first:
        first.submit(work, 1).result()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        alone.submit(work, n).result()
        return alone.submit(_held).result()


def _held() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


BENCHMARKS: dict[str, Callable[[], list[Line]]] = {
    "float-audit": float_audit,
    "exact-verdict": exact_verdict,
    "first-plan": first_plan,
    "plan-fair": plan_fair,
    "plan-robust": plan_robust,
    "many-worlds": many_worlds,
    "many-runs": many_runs,
    "memory": memory,
}


def run(name: str) -> list[Line]:
    """One benchmark and the most memory its process held."""
    lines = BENCHMARKS[name]()
    return [*lines, ("  peak memory", f"{_held():.0f} MB", "")]
