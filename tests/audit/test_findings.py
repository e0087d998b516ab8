"""Each kind of finding on a case small enough to be worked out by hand, and beside it one where it is absent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from detente.audit.judge import audit
from detente.audit.margins import Limits
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.errors import InputError
from detente.results.audit import Audit
from tests.making import Raw, case, measure, party, stick, undo, worth


def swap(lag_of_b: int = 1, **given: Any) -> Raw:
    """A gives what costs it 1 and is worth 3 to B, and so does B to A; both discount by a half.

    Kept, each gets 2 a period: V = 4. A walking out loses nothing of what B gives until B acts: with a lag of one
    period W = 3, with two 3 + 3/2.
    """
    measures = {"give": measure("A", {"A": "-1", "B": "3"}), "back": measure("B", {"A": "3", "B": "-1"})}
    parties = {"A": party(), "B": party(response_lag=lag_of_b)}
    return case(measures, parties, **given)


def judged(raw: Raw, cures: bool = False, **starts: int) -> Audit:
    """The audit of a road map given by its starts."""
    return audit(resolved_from_dict(raw), RoadMap(starts), exact=True, cures=cures)


def test_a_swap_holds_by_one() -> None:
    answer = judged(swap(), give=0, back=0)
    assert answer.verdict == "holds"
    assert answer.certified
    assert set(answer.exact_margin["A"]) == {Fraction(1)}
    assert answer.V["A"] == (4.0,) * 4
    assert answer.reason == "Nobody gains by leaving; it is weakest for A in 2019-Q2, with a margin of 1."


def test_tempted_by_a_slow_answer() -> None:
    answer = judged(swap(lag_of_b=2), give=0, back=0)
    (finding,) = answer.finding("tempted")
    assert answer.verdict == "fails"
    assert not answer.certified
    assert (finding.party, finding.period, finding.gain) == ("A", 0, 0.5)
    assert finding.breach.how == "walk"
    assert finding.losses == {"B": 4 - (-1 - 0.5)}
    assert finding.message.startswith("A would gain 0.5 by walking out in 2019-Q2")
    assert answer.exact_margin["A"] == (Fraction(-1, 2),) * 4


@pytest.mark.parametrize(("cost", "verdict"), [("0.5", "holds"), ("0.499999999999", "fails")])
def test_a_sign_is_decided_exactly(cost: str, verdict: str) -> None:
    raw = swap(lag_of_b=2)
    raw["parties"]["A"]["exit_cost"] = cost
    assert judged(raw, give=0, back=0).verdict == verdict


def test_tempted_covertly() -> None:
    raw = swap()
    raw["measures"]["give"] |= {"public": False, "detect": {"base": "0.25", "with": []}}
    (finding,) = judged(raw, give=0, back=0).finding("tempted")
    # C = 3 + (1/2)(3/4) C, so C = 4.8; being found pays nothing, since B acts in the next period
    assert finding.gain == pytest.approx(0.8)
    assert finding.breach.to_dict() == {"how": "covert", "from": 0, "fakes": ["give"], "undoes": []}
    assert finding.losses["B"] == pytest.approx(4 - (-1) / (1 - 0.375))


def test_two_cheats_pay_where_each_alone_does_not() -> None:
    """Model §13, no. 5, until caught: the signs are those of one period."""
    measures = {
        name: measure("A", {"A": "-4.9", "B": "10"}, public=False, detect={"base": "0.5", "with": []}) for name in "xy"
    }
    measures["back"] = measure("B", {"A": "19.8", "B": "-1"}, undo=undo())
    answer = judged(case(measures, periods=2), x=0, y=0, back=0)
    (finding,) = answer.finding("tempted")
    assert finding.breach.fakes == ("x", "y")
    one = judged(case({**measures, "y": measures["y"] | {"public": True}}, periods=2), x=0, y=0, back=0)
    assert not one.finding("tempted")


def test_would_not_sign() -> None:
    raw = swap()
    raw["parties"]["A"]["reserve"] = "4.5"
    answer = judged(raw, give=0, back=0)
    (finding,) = answer.finding("would-not-sign")
    assert (finding.party, finding.gain) == ("A", 0.5)
    assert (answer.verdict, answer.signed, answer.certified) == ("holds", False, False)
    raw["parties"]["A"]["reserve"] = "4"
    assert judged(raw, give=0, back=0).signed


def test_out_of_order_and_never_coming() -> None:
    raw = swap()
    raw["measures"]["give"]["after"] = [{"measure": "back", "wait": 1}]
    (early,) = judged(raw, give=0, back=0).finding("out-of-order")
    assert early.measures == ("give", "back")
    assert "allows it from 2019-Q3 on" in early.message
    (missing,) = judged(raw, give=0).finding("out-of-order")
    assert "never comes into force" in missing.message
    assert not judged(raw, give=1, back=0).finding("out-of-order")


def test_excluding_measures() -> None:
    raw = swap()
    raw["measures"]["give"]["excludes"] = ["back"]
    answer = judged(raw, give=0, back=0)
    assert answer.finding("out-of-order")[0].measures == ("give", "back")
    assert answer.verdict == "fails"


def test_over_capacity() -> None:
    raw = swap()
    for name in ("give", "back"):
        raw["measures"][name]["takes"] = 1
    raw["resources"] = {"teams": {"capacity": "1", "uses": {"give": "1", "back": "1"}}}
    (finding,) = judged(raw, give=0, back=0).finding("over-capacity")
    assert (finding.period, finding.gain, finding.measures) == (0, 1.0, ("give", "back"))
    assert not judged(raw, give=0, back=1).finding("over-capacity")


def test_past_horizon() -> None:
    raw = swap()
    raw["measures"]["give"]["takes"] = 2
    (finding,) = judged(raw, give=2, back=0).finding("past-horizon")
    assert (finding.measures, finding.gain) == (("give",), 2.0)
    assert not judged(raw, give=0, back=0).finding("past-horizon")


@pytest.mark.parametrize(
    ("text", "starts", "told"),
    [
        ("back by 0", {"give": 0}, 'is not kept at any time, since this never happens: "back".'),
        ("back before give", {"give": 0}, 'is not kept at any time, since this never happens: "back".'),
        ("back by 0", {"give": 0, "back": 2}, "is missed by 2 periods."),
        ("never give", {"give": 0}, "is missed by 3 periods."),
    ],
)
def test_what_never_happens_is_not_called_late(text: str, starts: dict[str, int], told: str) -> None:
    raw = swap()
    raw["clauses"] = [
        {"id": "r", "owner": "A", "kind": "red-line", "of": "", "strength": "must", "weight": "1", "text": text}
    ]
    (broken,) = judged(raw, **starts).finding("clause-broken")
    assert broken.message.endswith(told)


def test_clauses_bind_or_are_reported() -> None:
    raw = swap()
    raw["clauses"] = [
        {"id": "r", "owner": "A", "kind": "red-line", "of": "", "strength": "must", "weight": "1", "text": "back by 0"},
        {"id": "p", "owner": "B", "kind": "position", "of": "b-says", "strength": "must", "weight": "1",
         "text": "never back"},
    ]  # fmt: skip
    answer = judged(raw, give=0, back=1)
    red, wish = answer.finding("clause-broken")
    assert (red.gain, wish.party) == (1.0, "B")
    assert "binds" in red.message
    assert "binds" not in wish.message
    assert not answer.clauses_kept
    kept = judged(raw, give=0, back=0)
    assert kept.clauses_kept
    asked = audit(resolved_from_dict(raw), RoadMap({"give": 0, "back": 0}), keep=["b-says"])
    assert not asked.clauses_kept
    assert not asked.certified
    with pytest.raises(InputError, match='no clauses go by the name "c-says"'):
        audit(resolved_from_dict(raw), RoadMap({}), keep=["c-says"])


def test_hollow_stick() -> None:
    raw = swap(lag_of_b=2)
    raw["sticks"] = [stick("B", "A", {"A": "-2", "B": "-1"})]
    answer = judged(raw, give=0, back=0)
    assert answer.finding("hollow-stick")[0].party == "B"
    assert answer.verdict == "fails"
    raw["sticks"][0]["committed"] = True
    committed = judged(raw, give=0, back=0)
    assert not committed.finding("hollow-stick")
    # harm of 2 a period from two periods on is worth 1 at δ = 1/2, twice the temptation
    assert committed.exact_margin["A"][0] == Fraction(1, 2)


def test_broken_breakdown() -> None:
    raw = swap()
    raw["measures"]["gift"] = measure("A", {"A": "0.5", "B": "1"})
    (finding,) = judged(raw, give=0, back=0).finding("broken-breakdown")
    assert (finding.party, finding.measures, finding.gain) == ("A", ("gift",), 1.0)
    assert not judged(swap(), give=0, back=0).finding("broken-breakdown")


def test_unverifiable_until_access_is_on_the_road_map() -> None:
    raw = swap()
    raw["measures"]["look"] = measure("B", {"B": "-0.1"})
    detect = {"base": "0.1", "with": [{"measures": ["look"], "detect": "0.9"}]}
    raw["measures"]["give"] |= {"public": False, "detect": detect}
    (finding,) = judged(raw, give=0, back=0).finding("unverifiable")
    assert finding.measures == ("give",)
    assert 'It could be seen with "look"' in finding.message
    seen = judged(raw, give=0, back=0, look=0)
    assert not seen.finding("unverifiable")
    assert seen.verdict == "holds"


def test_delay_prone() -> None:
    raw = swap(periods=4)
    raw["parties"]["A"]["grace"] = 1
    raw["measures"]["more"] = measure("A", {"A": "-1", "B": "2"})
    (finding,) = judged(raw, give=0, back=0, more=2).finding("delay-prone")
    # in period 2 going on is worth (3-2)·2 = 2, standing still (3-1)·2 = 4; a period's delay gains half of that
    assert (finding.party, finding.period, finding.gain) == ("A", 2, 1.0)
    raw["parties"]["A"]["grace"] = 0
    assert not judged(raw, give=0, back=0, more=2).finding("delay-prone")


def test_pocketing_only_where_units_are_comparable() -> None:
    raw = swap(comparable=True, pocketing_share="0.4")
    raw["measures"]["back"]["value"]["A"] = worth("2.2")
    # A's surplus is 2.4 - 2.2 = 0.2, B's 4 - 3 = 1: a share of one sixth
    findings = judged(raw, give=0, back=0).finding("pocketing")
    assert [(f.party, pytest.approx(1 / 6)) for f in findings] == [("A", findings[0].gain)]
    raw["comparable"] = False
    assert not judged(raw, give=0, back=0).finding("pocketing")


def test_power_shift_names_the_measure() -> None:
    raw = swap(periods=4)
    raw["measures"]["fort"] = measure("B", {"A": "4"}, undo=None)
    answer = judged(raw, give=0, back=0, fort=2)
    found = {(f.party, f.period): f for f in answer.finding("power-shift")}
    assert found["A", 1].measures == ("fort",)
    # in period 2 W is 3 + 8, in period 1 it is 3; V - W is 8 - 3 there
    assert found["A", 1].gain == 3
    assert not judged(swap(), give=0, back=0).finding("power-shift")


def test_bystanders_and_the_empty_road_map() -> None:
    answer = judged(swap())
    assert answer.bystanders == ("A", "B")
    assert (answer.verdict, answer.least_margin, answer.margin) == ("holds", None, {})
    raw = swap()
    raw["measures"]["back"]["done"] = True
    raw["measures"]["back"]["undo"] = None
    done = judged(raw)
    assert done.vacuous == {"B": (True,) * 4}
    assert done.least_counted is None
    assert done.least_margin.value == 0


def test_a_limit_makes_the_verdict_unknown() -> None:
    grave = {"public": False, "detect": {"base": "0.9", "with": []}}
    small = {"public": False, "detect": {"base": "0.05", "with": []}}
    measures = {f"a{n}": measure("A", {"A": "-4", "B": "6"}, **grave) for n in range(3)}
    measures |= {f"c{n}": measure("A", {"A": "-0.1", "B": "1"}, **small) for n in range(3)}
    measures["b"] = measure("B", {"A": "25", "B": "-1"})
    resolved = resolved_from_dict(case(measures, periods=4))
    everything = RoadMap(dict.fromkeys(measures, 0))
    assert audit(resolved, everything).verdict == "holds"
    cut = audit(resolved, everything, limits=Limits(nodes=1))
    assert cut.verdict == "unknown"
    assert not cut.certified
    assert cut.reason.startswith("The search for covert breaches of A in 2019-Q2 passed its limit of 1 nodes")
    assert cut.least_margin.value < 0


def test_a_road_map_of_another_case_is_refused() -> None:
    raw = swap()
    raw["measures"]["give"]["done"] = True
    with pytest.raises(InputError) as refused:
        audit(resolved_from_dict(raw), RoadMap({"give": 0, "bakc": 1, "back": -1}))
    codes = [d.code for d in refused.value.diagnostics]
    assert sorted(codes) == ["DET402", "DET403", "DET404"]
    assert 'did you mean "back"?' in str(refused.value)


def test_terminal_stake() -> None:
    answer = judged(swap(lag_of_b=2), give=0, back=0)
    # A loses -1/2 by leaving after the end; in period 0 it lacks 1/2, which is 4 at the end, three periods later
    assert answer.terminal_stake["A"] == (-0.5, 3.5)
    assert answer.terminal_stake["B"] == (1.0, 0.0)
