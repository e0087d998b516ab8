"""From weights, facts and corrections to the numbers of the resolved case."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from detente.case.load import load_case
from detente.case.resolved import ResolvedCase

CASE = """\
detente: 1
period: quarter
periods: 6
start: 2019-Q2
discount: 0.8145062499999999 a year
attributes: {points: points, aid: million USD}
parties:
  US:
    hazard: 0.3439 a year
    status_quo: {2019-Q2: 0, 2020: -2 a year}
    weights: {points: 0.5, aid: -0.01}
  DPRK: {discount: 0.9, weights: {points: -1, aid: 0.02}}
measures:
  plant:
    by: DPRK
    takes: 4 months
    facts: {points: [10, 12, 14]}
    facts_once: {aid: 100}
    facts_during: {aid: 3}
    value: {US: {flow: 1, once: 2}}
    undo: {takes: 4 months, cost: 3}
    detect: {base: 0.3439 a year}
  arsenal:
    name: The arsenal
    by: DPRK
    takes: 1
    facts: {points: 40}
    undo: {takes: 1, cost: 8}
    uses: {teams: 2}
    tranches: {shares: [0.25, 0.75], profile: [1, 2], takes: [1, 2], wait: 3 months}
    after: plant
  seal: {by: DPRK, takes: 0, undo: at once, after: arsenal, excludes: arsenal-x}
  arsenal-x: {by: DPRK, takes: 0, undo: at once}
  shown: {by: DPRK, takes: 0, undo: never, done: true}
milestones:
  gone: {members: [arsenal], facts_once: {points: 2}}
sticks:
  - {id: bite, by: US, against: DPRK, delay: 1 month, lasts: 4 months, facts: {aid: -50}, value: {DPRK: {once: -1}}}
resources: {teams: {capacity: [1, 2, 3]}}
groups: {weapons: {members: [arsenal, plant], by: points}}
red_lines: [{id: r, owner: US, must: "arsenal by 5"}, {id: q, owner: US, must: "arsenal not before 1"}]
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> ResolvedCase:
    path: Path = tmp_path_factory.mktemp("resolve") / "c.yaml"
    path.write_text(CASE, encoding="utf-8")
    return load_case(path).resolved


def d(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(t) for t in texts)


def test_discounts_hazards_and_rates(case: ResolvedCase) -> None:
    assert case.discount == Decimal("0.95")
    assert case.parties["US"].discount == Decimal("0.855")
    assert case.parties["DPRK"].discount == Decimal("0.9")
    assert case.measures["plant"].detect.base == Decimal("0.1")
    assert case.parties["US"].status_quo == d("0", "0", "0", "-0.5", "-0.5", "-0.5")


def test_weights_times_facts_plus_corrections(case: ResolvedCase) -> None:
    us, dprk = (case.measures["plant"].value[p] for p in ("US", "DPRK"))
    assert us.flow == d("6", "7", "8", "8", "8", "8")
    assert dprk.flow == d("-10", "-12", "-14", "-14", "-14", "-14")
    assert (us.once, dprk.once) == d("1", "2")
    assert (us.during, dprk.during) == d("-0.03", "0.06")


def test_times_are_whole_periods(case: ResolvedCase) -> None:
    plant = case.measures["plant"]
    assert plant.takes == 2
    assert plant.undo is not None
    assert plant.undo.takes == 1
    assert (case.sticks[0].delay, case.sticks[0].lasts) == (1, 1)


def test_tranches_are_a_chain_with_shares_and_a_profile(case: ResolvedCase) -> None:
    first, second = case.measures["arsenal-1"], case.measures["arsenal-2"]
    assert [a.measure for a in first.after] == ["plant"]
    assert [(a.measure, a.wait) for a in second.after] == [("arsenal-1", 1)]
    assert (first.takes, second.takes) == (1, 2)
    assert (first.value["DPRK"].flow[0], second.value["DPRK"].flow[0]) == d("-10", "-60")
    assert first.undo is not None
    assert second.undo is not None
    assert (first.undo.cost, second.undo.cost) == d("2", "6")
    assert case.resources["teams"].uses == {"arsenal-1": Decimal(2), "arsenal-2": Decimal(2)}
    assert case.title("arsenal-2") == "The arsenal, 2 of 2"


def test_a_tranched_measure_is_named_whole(case: ResolvedCase) -> None:
    assert [a.measure for a in case.measures["seal"].after] == ["arsenal-2"]
    assert case.measures["gone"].members == ("arsenal-1", "arsenal-2")
    assert case.groups["weapons"].weights == {
        "arsenal-1": Decimal(10), "arsenal-2": Decimal(30), "plant": Decimal(14),
    }  # fmt: skip
    assert case.groups["arsenal"].weights == {"arsenal-1": Decimal("0.25"), "arsenal-2": Decimal("0.75")}
    assert [c.text for c in case.clauses] == ["arsenal-2 by 5", "arsenal-1 not before 1"]


def test_sticks_and_milestones_have_values(case: ResolvedCase) -> None:
    assert case.sticks[0].value["DPRK"].flow == Decimal("-1")
    assert case.sticks[0].value["DPRK"].once == Decimal("-1")
    assert case.sticks[0].value["US"].flow == Decimal("0.5")
    assert case.measures["gone"].value["US"].once == Decimal("1")
    assert case.measures["gone"].by is None


def test_capacities_last_and_principals_are_those_with_measures(case: ResolvedCase) -> None:
    assert case.resources["teams"].capacity == d("1", "2", "3", "3", "3", "3")
    assert case.principals == ("DPRK",)


def test_the_template_passes_its_own_check(tmp_path: Path) -> None:
    from detente.case.template import write_template

    path = write_template(tmp_path / "my treaty")
    loaded = load_case(path)
    assert loaded.warnings == ()
    assert loaded.resolved.titles["case"] == "my treaty"
