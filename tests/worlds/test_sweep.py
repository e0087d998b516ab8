"""Sweeps: the same rows whoever does the work; what is finished is neither lost nor counted twice."""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente as dt
from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.sweep_design import read_design
from detente.errors import Diagnostic
from detente.worlds.judged import judged
from detente.worlds.slip import agreed
from detente.worlds.spread import apart
from detente.worlds.sweeps.cluster import exposed
from detente.worlds.sweeps.judged import OfWorlds
from detente.worlds.sweeps.kinds import Counts, together
from detente.worlds.sweeps.parquet import read_finished, write_finished
from detente.worlds.sweeps.progress import Progress
from detente.worlds.sweeps.run import through
from detente.worlds.sweeps.store import Folder
from detente.worlds.sweeps.tasks import Task, grounds, tasks

DESIGN: dict[str, Any] = {
    "sweep": 1,
    "n": 1500,
    "road_maps": ["in-turn", "plains-draft"],
    "over": [
        {"of": "party.Hills.lag", "values": [1, 2]},
        {"of": "party.Plains.exit_cost", "from": 0, "to": 2, "steps": 2},
    ],
}
TASKS = 2 * 2 * 2 * 2
SMALL = {**DESIGN, "n": 40, "road_maps": ["in-turn"]}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dt.Sweep:
    return dt.sweep("two-steps", DESIGN, tmp_path_factory.mktemp("sweep") / "alone")


def table(told: dt.Sweep) -> bytes:
    return Path(told.table).read_bytes()


# ------------------------------------------------------------------ what rows say


def test_a_row_is_what_worlds_says_of_the_case_at_that_point(alone: dt.Sweep) -> None:
    for row in alone.rows:
        lag, cost = row.at
        case = dt.load("two-steps", settings=[f"party.Hills.lag={lag}", f"party.Plains.exit_cost={cost}"])
        other = dt.worlds(case, row.road_map, alone.n, larger=0)
        assert (row.n, row.found["holds"], row.found["holds_low"]) == (1500, other.holds.value, other.holds.low)
        assert (row.found["signed"], row.found["both"]) == (other.signed.value, other.both.value)
        survival = [x for k, x in row.found.items() if k.startswith("survival:")]
        assert survival == pytest.approx(other.survival, abs=1e-12)
        for goal in other.goals:
            assert row.found[f"goal:{goal.goal}"] == goal.reached.value
    assert len({row.found["holds"] for row in alone.rows}) > 1


def test_gains_and_who_leaves_first_are_those_of_the_worlds() -> None:
    case = load_case("two-steps")
    draws, road_map = Draws(case, 3, "lhs"), RoadMap(case.resolved.road_maps["plains-draft"])
    kind = OfWorlds(1224)
    assert list(kind.parts()) == [(0, 1024), (1, 200)]
    found = kind.told(together([kind.counting(draws, road_map)(*part) for part in kind.parts()]))
    j = [judged(draws, agreed(case.resolved, road_map), chunk, rows) for chunk, rows in ((0, 1024), (1, 200))]
    for i, p in enumerate(case.resolved.parties):
        gains = np.concatenate([x.gains[:, i] for x in j])
        first = np.concatenate([(x.leaves[:, i] == x.leaves.min(axis=1)) & ~x.holds for x in j])
        assert found[f"gain:{p}"] == pytest.approx(gains.mean())
        assert found[f"least_gain:{p}"] == gains.min()
        assert found[f"leaves:{p}"] == first.mean()


def test_an_effect_is_the_mean_over_all_else(alone: dt.Sweep) -> None:
    assert len(alone.effects) == 4
    for effect in alone.effects:
        n = alone.over.index(effect.of)
        for value, mean in effect.means:
            own = [r.found["holds"] for r in alone.rows if r.at[n] == value and r.road_map == effect.road_map]
            assert mean == pytest.approx(np.mean(own))
    spreads = [e.spread for e in alone.effects]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] > 0.3


def test_the_table_holds_the_rows(alone: dt.Sweep) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(alone.table).to_pylist()
    assert len(rows) == len(alone.rows) == 8
    for row, told in zip(rows, alone.rows, strict=True):
        assert (row["road_map"], row["n"], row["holds"]) == (told.road_map, told.n, told.found["holds"])
        assert (row["party.Hills.lag"], row["party.Plains.exit_cost"]) == tuple(float(x) for x in told.at)
    assert json.loads(alone.to_json())["rows"][0]["survival:0"] == rows[0]["survival:0"]


def test_points_that_cannot_be_are_told_and_the_others_done(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    types = "party.Hills.types"
    case = dt.load("two-steps", settings=[f"{types}={{honest: {{}}, late: {{chance: 0.1}}, sly: {{chance: 0.1}}}}"])
    over = [{"of": f"{types}.{name}.chance", "values": [0.2, 0.7]} for name in ("late", "sly")]
    for kind in ("worlds", "simulate"):
        told = dt.sweep(case, {**SMALL, "kind": kind, "over": over}, tmp_path / kind, workers=2)
        assert [row.at for row in told.rows] == [("0.2", "0.2"), ("0.2", "0.7"), ("0.7", "0.2")]
        assert [(r.point, r.at) for r in told.refused] == [(3, ("0.7", "0.7"))]
        assert "their chances sum to 1.4" in told.refused[0].why
        assert told.complete
        rows = pq.read_table(told.table).to_pylist()
        assert [(row["n"], row["refused"] == "", row[told.headline] is None) for row in rows] == [
            *[(40, True, False)] * 3,
            (0, False, True),
        ]
        heard: list[str] = []
        again = dt.sweep(case, {**SMALL, "kind": kind, "over": over}, tmp_path / kind, report=heard.append)
        assert (again.rows, again.refused) == (told.rows, told.refused)
        assert not [text for text in heard if "]" in text], "done before"
    with pytest.raises(dt.InputError, match=r"DET781.*refuses every point.*0.7, 0.7"):
        dt.sweep(case, {**SMALL, "over": [{**o, "values": [0.7]} for o in over]}, tmp_path / "none")


def test_a_worker_with_another_version_stops_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.worlds.sweeps.tasks.__version__", "another")
    real = grounds
    monkeypatch.setattr(
        "detente.worlds.sweeps.sweep.grounds", lambda *args: replace(real(*args), program="detente of today")
    )
    with pytest.raises(dt.InputError, match=r"DET784.*of detente of today, and a worker has detente another"):
        dt.sweep("two-steps", SMALL, tmp_path / "s")
    error = dt.InputError([Diagnostic("DET784", "here", why="so")])
    assert pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics


# ------------------------------------------------------------------ who does the work


@contextmanager
def a_cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers as processes of their own, on loopback; all ended afterwards."""
    pytest.importorskip("distributed")
    found = folder / "scheduler.json"
    source = str(Path(dt.__file__).parents[1])
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")])}
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard", "--scheduler-file", str(found)]
        with (folder / f"{len(begun)}.log").open("wb") as log:
            begun.append(subprocess.Popen(command, env=paths, stdout=log, stderr=log))
        return begun[-1]

    try:
        begin("scheduler", "--host", "127.0.0.1", "--port", "0")
        until = time.monotonic() + 60
        while not found.exists() and time.monotonic() < until:
            time.sleep(0.1)
        one = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        own = [begin("worker", *one) for _ in range(workers)]
        yield json.loads(found.read_text())["address"], own
    finally:
        for process in begun:
            process.kill()
            process.wait()


def test_a_worker_of_a_cluster_is_killed_midway(alone: dt.Sweep, tmp_path: Path) -> None:
    """Nothing is lost and nothing counted twice: the table is that of one process, to the byte."""
    killed: list[str] = []
    with a_cluster(tmp_path, 2) as (address, workers):

        def heard(text: str) -> None:
            if " tasks" in text and "]" in text and not killed:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(text)

        told = dt.sweep("two-steps", DESIGN, tmp_path / "cluster", cluster=address, report=heard)
        assert workers[0].wait(timeout=30) == -signal.SIGKILL
        assert workers[1].poll() is None
    assert killed
    assert f" 1 of {told.tasks} tasks" in killed[0]
    assert told.complete
    assert told.finished == told.tasks == TASKS
    kept = [task for part in (tmp_path / "cluster/finished").iterdir() for task, _ in read_finished(part)]
    assert len(kept) == len(set(kept)) == told.tasks
    assert table(told) == table(alone)


class Dying(Executor):
    """Does two tasks, then its workers die."""

    def __init__(self) -> None:
        self.room = 2

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.room -= 1
        future: Future[Any] = Future()
        if self.room < 0:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("room", [1, 3, 50])
def test_what_dies_with_its_processes_is_done_again(room: int) -> None:
    todo, taken, opened = [Task(0, 0, n) for n in range(11)], list[Task](), list[Executor]()

    def start(executor: Executor, task: Task) -> Future[Any]:
        return executor.submit(lambda: (task, Counts(1, {}, {})))

    def dying() -> AbstractContextManager[Executor]:
        opened.append(Dying())
        return nullcontext(opened[-1])

    through(dying, todo, room, start, lambda task, _: taken.append(task), lambda: False)
    assert sorted(taken) == todo
    assert len(opened) == 6
    with pytest.raises(dt.InputError, match="DET785"):
        through(lambda: nullcontext(_dead()), todo, room, start, lambda *_: None, lambda: False)


def _dead() -> Executor:
    executor = Dying()
    executor.room = 0
    return executor


def test_what_goes_to_another_machine_unencrypted_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("tcp://127.0.0.1:8786", "tcp://[::1]:8786", "localhost:8786", "tls://10.0.0.5:8786"):
        assert exposed(address) is None
    for address in ("tcp://10.0.0.5:8786", "10.0.0.5:8786", "ws://host:8786", "tcp://[::1", "tcp://127.0.0.1.host:1"):
        told = exposed(address)
        assert told is not None
        assert (told.code, told.severity) == ("DET609", "warning")
    monkeypatch.setattr("detente.worlds.sweeps.cluster.PATIENCE", 0.1)
    heard: list[Diagnostic] = []
    with pytest.raises(dt.InputError, match="DET784"):
        dt.sweep("two-steps", SMALL, tmp_path / "x", cluster="nowhere", tell=heard.append)
    assert [d.code for d in heard] == ["DET609"]


def test_no_scheduler_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.worlds.sweeps.cluster.PATIENCE", 0.5)
    with pytest.raises(dt.InputError, match="DET784"):
        dt.sweep("two-steps", SMALL, tmp_path / "x", cluster="tcp://127.0.0.1:9")


# ------------------------------------------------------------------ going on


def test_what_was_finished_is_not_done_again(alone: dt.Sweep, tmp_path: Path) -> None:
    stop, heard = threading.Event(), list[str]()

    def halt(text: str) -> None:
        heard.append(text)
        if " 5 of " in text:
            stop.set()

    first = dt.sweep("two-steps", DESIGN, tmp_path / "s", report=halt, stop=stop)
    assert (first.finished, first.tasks, first.complete) == (5, TASKS, False)
    assert first.provenance.run.cut == "interrupted"
    assert sorted(row.n for row in first.rows) == [1024, 1500, 1500]
    heard.clear()
    second = dt.sweep("two-steps", DESIGN, tmp_path / "s", report=heard.append)
    assert [text.split("]")[1].split()[0] for text in heard if "]" in text] == [str(n) for n in range(6, TASKS + 1)]
    assert table(second) == table(alone)
    heard.clear()
    dt.sweep("two-steps", DESIGN, tmp_path / "s", report=heard.append)
    assert not [text for text in heard if "]" in text]


def test_an_interrupt_leaves_what_is_finished(alone: dt.Sweep, tmp_path: Path) -> None:
    def interrupt(text: str) -> None:
        if " 3 of " in text:
            signal.raise_signal(signal.SIGINT)

    first = dt.sweep("two-steps", DESIGN, tmp_path / "s", report=interrupt)
    assert (first.finished, first.provenance.run.cut) == (3, "interrupted")
    assert table(dt.sweep("two-steps", DESIGN, tmp_path / "s")) == table(alone)


def test_one_worker_leaves_the_main_thread_free() -> None:
    with apart() as worker:
        found = [worker.submit(threading.get_ident), worker.submit(pow, 2, 10), worker.submit(pow, "x", 1)]
        assert found[0].result() != threading.get_ident()
        assert found[1].result() == 1024
        with pytest.raises(TypeError):
            found[2].result()


def test_another_sweep_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    dt.sweep("two-steps", SMALL, tmp_path / "s")
    before = sorted(p.name for p in (tmp_path / "s/finished").iterdir())
    other = dt.load("two-steps", settings=["party.Plains.lag=3"])
    for wrong, what in (
        (lambda: dt.sweep(other, SMALL, tmp_path / "s"), "case"),
        (lambda: dt.sweep("two-steps", {**SMALL, "n": 41}, tmp_path / "s"), "design"),
        (lambda: dt.sweep("two-steps", SMALL, tmp_path / "s", seed=1), "seed"),
    ):
        with pytest.raises(dt.InputError, match=rf"DET782.*not the same {what}"):
            wrong()
    assert sorted(p.name for p in (tmp_path / "s/finished").iterdir()) == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("dear all")
    with pytest.raises(dt.InputError, match=r"DET782.*holds something else"):
        dt.sweep("two-steps", SMALL, tmp_path / "full")


def test_a_part_that_was_damaged_is_told_and_one_kept_twice_counts_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path, {"seed": "0"})
    folder.begin()
    one = (Task(0, 0, 0, 10), Counts(10, {"holds": 4.0}, {"gain:A": -1.5}))
    two = (Task(0, 0, 1, 10), Counts(10, {"holds": 5.0}, {"gain:A": 0.5}))
    folder.add([one])
    folder.add([one])
    write_finished([one, two], folder.parts / "again.parquet")
    assert folder.finished() == dict([one, two])
    assert together([one[1], two[1]]) == Counts(20, {"holds": 9.0}, {"gain:A": -1.5})
    part = folder.parts / "again.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(dt.InputError, match="DET783"):
        folder.finished()


def test_a_disk_that_is_full_loses_nothing_that_was_written(
    alone: dt.Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, whole = [5], os.fsync

    def fsync(file: int) -> None:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        whole(file)

    with monkeypatch.context() as full:
        full.setattr("os.fsync", fsync)
        full.setattr("detente.worlds.sweeps.sweep.SAVED", 0.0)
        with pytest.raises(dt.InputError, match=r"DET711.*No space left on device\n.*is kept"):
            dt.sweep("two-steps", DESIGN, tmp_path / "s")
    kept = list((tmp_path / "s/finished").iterdir())
    assert len(kept) == 5, "a part, or what is left of one that was not written in full"
    heard: list[str] = []
    assert table(dt.sweep("two-steps", DESIGN, tmp_path / "s", report=heard.append)) == table(alone)
    assert f"beginning {TASKS} tasks, 5 of them finished before" in heard


def test_the_time_left_is_right_where_points_take_unequally_long() -> None:
    """Later points of the design take ever longer; told halfway, it is off by less than a tenth."""
    points, whole = range(400), sum(range(400))
    over = {"of": "party.Plains.exit_cost", "from": 0, "to": 4, "steps": len(points)}
    read = read_design({**SMALL, "over": [over]}, load_case("two-steps"), 0)
    order = [task.point for task in tasks(read)]
    assert sorted(order) == list(points)
    progress, now, told = Progress(len(order), 0), 0.0, list[str]()
    for point in order[:200]:
        now += point
        told.append(progress.took(now))
    assert progress.left(now) == pytest.approx(whole - now, rel=0.1)
    assert told[0] == "[                    ] 1 of 400 tasks"
    assert told[-1].startswith("[##########          ] 200 of 400 tasks, 11.")
    assert told[-1].endswith(" h left")
    in_turn = Progress(len(order), 0)
    assert [in_turn.took(sum(points[: n + 1])) for n in points[:200]]
    assert in_turn.left(sum(points[:200])) < 0.4 * sum(points[200:])


def test_without_the_extra_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.errors import MissingExtra

    monkeypatch.setattr("detente.worlds.sweeps.parquet.pq", None)
    with pytest.raises(MissingExtra, match=r"detente\[sweep\]"):
        dt.sweep("two-steps", SMALL, tmp_path / "s")
