"""Designs of sweeps: what is varied, which points that makes, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.case.load import load_case
from detente.case.sweep_design import read_design
from detente.results.sweep import measured

SMALL: dict[str, Any] = {
    "sweep": 1,
    "n": 40,
    "road_maps": ["in-turn"],
    "over": [
        {"of": "party.Hills.lag", "values": [1, 2]},
        {"of": "party.Plains.exit_cost", "from": 0, "to": 2, "steps": 2},
    ],
}


def test_a_sample_has_one_value_in_each_slice() -> None:
    case = load_case("two-steps")
    design = {
        **SMALL, "sample": 8,
        "over": [{"of": "party.Plains.exit_cost", "from": 0, "to": 8}, {"of": "party.Hills.lag", "values": [1, 2]}],
    }  # fmt: skip
    read = read_design(design, case, 5)
    assert sorted(int(float(cost)) for cost, _ in read.points) == list(range(8))
    assert sorted(lag for _, lag in read.points) == ["1"] * 4 + ["2"] * 4
    assert read.points == read_design(design, case, 5).points != read_design(design, case, 6).points


def test_several_numbers_get_one_value() -> None:
    over = [{"of": ["party.Hills.lag", "party.Plains.lag"], "from": 1, "to": 4, "steps": 4}]
    read = read_design({**SMALL, "over": over}, load_case("two-steps"), 0)
    assert [point[0] for point in read.points] == ["1", "2", "3", "4"]
    assert read.settings(2) == ("party.Hills.lag=3", "party.Plains.lag=3")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"n": 0}, "DET781"),
        ({"road_maps": []}, "DET781"),
        ({"over": []}, "DET781"),
        ({"sample": 1}, "DET781"),
        ({"kind": "dream"}, "kind"),
        ({"over": [{"of": "party.Hills.lag"}]}, "DET781"),
        ({"over": [{"of": "party.Hills.lag", "values": [1], "steps": 3}]}, "DET781"),
        ({"over": [{"of": "party.Hills.lag", "values": [1, 1]}]}, "DET781"),
        ({"over": [{"of": "party.Hills.lag", "from": 3, "to": 1, "steps": 2}]}, "DET781"),
        ({"over": [{"of": "party.Hills.lag", "from": 1, "to": 3}]}, "steps"),
        ({"over": [{"of": "party.Hills.leg", "values": [1, 2]}]}, "leg"),
        ({"over": [{"of": "party.Hills.lag", "values": [1]}, {"of": "party.Hills.lag", "values": [2]}]}, "twice"),
        ({"over": [{"of": "party.Hills.lag", "from": 1, "to": 3, "steps": 3, "by": 2}]}, "by"),
        ({"over": [{"of": "party.Hills.lag", "values": [-1, 2]}]}, "lag at -1: .* is below 0"),
        ({"over": [{"of": "party.Hills.lag", "values": 3}]}, "DET103.*must be a list"),
        ({"over": [{"of": "party.Hills", "from": 1, "to": 2, "steps": 2}]}, "party.Hills leads to no number"),
        ({"over": [{"of": "party.Plains.exit_cost", "from": 0, "to": 1, "steps": 200_000}]}, "points"),
        ({"over": [{"of": [], "values": [1]}]}, "of is empty"),
        ({"over": [{"values": [1]}]}, r'^error\[DET102\]: over.1 has no "of"(?!.*\?)'),
        ({"sweep": 2}, "DET104"),
        ({"road_maps": ["no-such"]}, "no-such"),
    ],
)
def test_a_design_that_cannot_be_used(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(dt.InputError, match=told):
        dt.sweep("two-steps", {**SMALL, **change}, tmp_path / "s")
    assert not (tmp_path / "s/manifest.json").exists()


def test_a_design_without_its_version(tmp_path: Path) -> None:
    with pytest.raises(dt.InputError, match=r'the design has no "sweep"[^$]*fix: add sweep: 1$'):
        dt.sweep("two-steps", {k: v for k, v in SMALL.items() if k != "sweep"}, tmp_path / "s")


def test_every_value_that_the_case_does_not_allow_is_told_where_it_is_written(tmp_path: Path) -> None:
    design = tmp_path / "lags.yaml"
    design.write_text(
        "sweep: 1\nn: 5\nroad_maps: [in-turn]\nover:\n"
        "  - {of: party.Hills.lag, values: [1, -3, soon]}\n"
        "  - of: party.Plains.exit_cost\n    from: -1\n    to: 2\n    steps: 3\n"
    )
    with pytest.raises(dt.InputError) as told:
        dt.sweep("two-steps", design, tmp_path / "s")
    at = [(d.where.line, d.problem.split(":")[0]) for d in told.value.diagnostics if d.where is not None]
    assert at == [
        (5, "with party.Hills.lag at -3"),
        (5, "with party.Hills.lag at soon"),
        (7, "with party.Plains.exit_cost at -1"),
    ]


def test_numbers_in_one_unit_are_numbers_in_the_table(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert measured(["0.5 a year", "1 a year"]) == ((0.5, 1.0), "a year")
    assert measured(["1", "-2.5", "1e3"]) == ((1.0, -2.5, 1000.0), "")
    for mixed in (["1 a year", "1"], ["1 [0, 2]"], ["never"], ["2020-01"]):
        assert measured(mixed) is None
    over = [
        {"of": "party.Hills.lag", "values": ["1 year", "2 years"]},
        {"of": "party.Plains.lag", "values": ["6 months", "18 months"]},
    ]
    told = dt.sweep("two-steps", {**SMALL, "over": over}, tmp_path / "s")
    read = pq.read_table(told.table)
    assert read["party.Hills.lag"].to_pylist() == ["1 year", "1 year", "2 years", "2 years"]
    assert read["party.Plains.lag"].to_pylist() == [6, 18, 6, 18]
    assert read.schema.field("party.Plains.lag").metadata == {b"unit": b"months"}
