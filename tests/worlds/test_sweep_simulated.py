"""Sweeps of runs: the same numbers as ``simulate`` at every point, whoever does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet as pq
import pytest

import detente as dt
from detente.case.sweep_schema import Noise
from detente.worlds.runs.conduct import NOISES

OVERLAY = {"overlay": True, "groups": {"works": {"members": ["power", "weir"]}}}
DESIGN: dict[str, Any] = {
    "sweep": 1,
    "kind": "simulate",
    "n": 3500,
    "worlds": 1500,
    "road_maps": ["in-turn", "plains-draft"],
    "over": [{"of": "party.Hills.lag", "values": [1, 2]}],
}


@pytest.fixture(scope="module")
def case() -> dt.Case:
    return dt.load("two-steps", OVERLAY)


@pytest.fixture(scope="module")
def alone(case: dt.Case, tmp_path_factory: pytest.TempPathFactory) -> dt.Sweep:
    return dt.sweep(case, DESIGN, tmp_path_factory.mktemp("sweep") / "alone", seed=2)


def test_a_row_is_what_simulate_says_of_the_case_at_that_point(case: dt.Case, alone: dt.Sweep) -> None:
    assert len(alone.rows) == 4
    for row in alone.rows:
        there = dt.load(case, settings=f"party.Hills.lag={row.at[0]}")
        said = dt.simulate(there, row.road_map, 3500, seed=2, worlds=1500)
        found = row.found
        assert row.n == said.n == 3500
        for name in ("kept", "stands"):
            share = getattr(said, name)
            assert (found[name], found[f"{name}_low"], found[f"{name}_high"]) == (share.value, share.low, share.high)
        assert [x for k, x in found.items() if k.startswith("survival:")] == list(said.survival)
        for name in ("walked", "caught", "blamed", "stopped", "distrust", "unfound"):
            assert found[f"ends:{name}"] == pytest.approx(sum(w.share.value for w in said.ways if w.how == name))
        for party in ("Hills", "Plains"):
            assert found[f"by:{party}"] == pytest.approx(sum(w.share.value for w in said.ways if w.party == party))
            assert found[f"gain:{party}"] == said.gains[party].mean
            assert found.get(f"cost:{party}") == (said.costs[party].mean if party in said.costs else None)
            assert found.get(f"exposed:{party}") == (said.exposed[party].mean if party in said.exposed else None)
        for goal in said.goals:
            assert found[f"goal:{goal.name}"] == pytest.approx(goal.share.value)
            assert found[f"in_time:{goal.name}"] == pytest.approx(goal.in_time.value)
        assert (found["late"], found["still"], found["resumed"]) == (said.late.mean, said.still.mean, said.resumed)
    assert len({row.found["kept"] for row in alone.rows}) > 1
    assert alone.headline == "kept"


@pytest.mark.parametrize("seed", range(4))
def test_of_one_run_the_share_in_force_is_its_own(case: dt.Case, tmp_path: Path, seed: int) -> None:
    one = {**DESIGN, "n": 1, "worlds": 1, "road_maps": ["in-turn"], "over": [{"of": "party.Hills.lag", "values": [1]}]}
    [row] = dt.sweep(case, one, tmp_path / "one", seed=seed).rows
    median = dt.simulate(dt.load(case, settings="party.Hills.lag=1"), "in-turn", 1, seed=seed).shares["works"][2]
    assert [x for k, x in row.found.items() if k.startswith("in_force:works:")] == list(median)
    assert max(median) > 0


def test_runs_go_without_what_the_design_says(case: dt.Case, tmp_path: Path) -> None:
    without = ["incidents", "alarms", "talks"]
    quiet = {**DESIGN, "n": 500, "without": without, "road_maps": ["in-turn"]}
    said = dt.simulate(dt.load(case, settings="party.Hills.lag=1"), "in-turn", 500, without=without)
    row = dt.sweep(case, quiet, tmp_path / "s").rows[0]
    assert row.found["kept"] == said.kept.value
    assert row.found["ends:stopped"] == row.found["ends:blamed"] == 0
    with pytest.raises(dt.InputError, match=r"DET782.*not the same design"):
        dt.sweep(case, {**quiet, "without": ["alarms"]}, tmp_path / "s")
    assert get_args(Noise) == tuple(NOISES)


def test_a_task_is_all_runs_in_a_chunk_of_worlds_and_two_processes_equal_one(
    case: dt.Case, alone: dt.Sweep, tmp_path: Path
) -> None:
    assert alone.tasks == 2 * 2 * 2
    both = dt.sweep(case, DESIGN, tmp_path / "both", seed=2, workers=2)
    assert both.rows == alone.rows
    assert Path(both.table).read_bytes() == Path(alone.table).read_bytes()
    parts = [row for part in (tmp_path / "both/finished").iterdir() for row in pq.read_table(part).to_pylist()]
    assert {row["chunk"]: row["n"] for row in parts} == {0: 2 * 1024 + 500, 1: 2 * 476}
    assert len(parts) == both.tasks


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"without": ["weather"]}, "without"),
        ({"worlds": 0}, "DET781.*worlds is 0"),
        ({"kind": "worlds"}, r"DET781.*worlds is for runs"),
        ({"kind": "worlds", "worlds": None, "without": ["talks"]}, r"DET781.*without is for runs"),
    ],
)
def test_what_runs_cannot_be(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(dt.InputError, match=told):
        dt.sweep("two-steps", {**DESIGN, **change}, tmp_path / "s")
