"""Single changes by path: what is written short, or left out, can be entered all the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from detente.case.load import load_case
from detente.case.resolved import Access, Measure
from detente.errors import InputError

CASE = "two-steps"


def measure(name: str, *settings: str) -> Measure:
    """A measure of the shipped case under settings."""
    return load_case(CASE, settings=settings).resolved.measures[name]


def test_parts_of_what_is_written_short() -> None:
    assert measure("gauge", "measure.gauge.detect=0.2", "measure.gauge.detect.base=0.3").detect.base == Decimal("0.3")
    undone = measure("gauge", 'measure.gauge.undo="2 years"', "measure.gauge.undo.chance=0.5").undo
    assert undone is not None
    assert (undone.takes, undone.chance) == (2, Decimal("0.5"))
    at_once = measure("gauge", "measure.gauge.undo=at once", "measure.gauge.undo.cost=3").undo
    assert at_once is not None
    assert (at_once.takes, at_once.cost) == (0, 3)
    after = ("measure.power.after=gauge", "measure.power.after.gauge.wait=2")
    assert [(a.measure, a.wait) for a in measure("power", *after).after] == [("gauge", 2)]
    assert load_case(CASE, settings=["party.Hills.lag.value=3"]).resolved.parties["Hills"].response_lag == 3


def test_parts_of_what_was_left_out() -> None:
    assert measure("power", "measure.power.detect.base=0.3").detect.base == Decimal("0.3")
    assert measure("gauge", "measure.gauge.value.Hills.flow=2").value["Hills"].flow == (Decimal(2),) * 4


def test_keys_of_the_case_itself() -> None:
    for path in ("discount", "case.discount"):
        assert load_case(CASE, settings=[f"{path}=0.6"]).resolved.discount == Decimal("0.6")
    assert load_case(CASE, settings=["case.pocketing_share=0.2"]).resolved.pocketing_share == Decimal("0.2")


def test_entries_of_lists_go_by_what_they_speak_of() -> None:
    by_name = measure("water", "measure.water.detect.with.gauge.detect=0.7").detect
    assert by_name == measure("water", "measure.water.detect.with.0.detect=0.7").detect
    assert by_name.with_ == (Access(("gauge",), Decimal("0.7")),)
    written_alone = "measure.water.detect={base: 0, with: {measures: gauge, detect: 0.5}}"
    for path in ("with.detect", "with.gauge.detect", "with.0.detect"):
        assert measure("water", written_alone, f"measure.water.detect.{path}=0.7").detect == by_name


@pytest.mark.parametrize(
    ("setting", "code", "told"),
    [
        ("measure.weir.undo.chance=0.5", "DET022", "can never be undone"),
        ("measure.gauge.value.Hill.flow=2", "DET201", 'did you mean "Hills"'),
        ("measure.water.detct.base=0.5", "DET022", 'did you mean "detect"'),
        ("party.Hill.weights.points=2", "DET022", 'did you mean "Hills"'),
        ("measure.water.detect.with.gage.detect=1", "DET022", 'did you mean "gauge"'),
        ("case.pocketing=0.2", "DET022", "pocketing"),
        ("measure.water.undo.x=2", "DET101", "chance, cost, takes"),
        ("measure.water.takes.x=2", "DET022", "has no parts"),
    ],
)
def test_what_leads_nowhere(setting: str, code: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        load_case(CASE, settings=[setting])
    assert caught.value.diagnostics[0].code == code
    assert told in str(caught.value)
