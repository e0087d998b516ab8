"""The checker itself, on examples small enough to work out by hand (the numbers are in the comments).

Unless said otherwise both parties discount by 1/2, so a flow of 1 for ever is worth 2, and lags are 1.
"""

from __future__ import annotations

import json
from fractions import Fraction as F
from typing import Any

import pytest

from tests.making import case, measure, milestone, party, road_map, stick, undo, worth
from tests.oracle import oracle
from tests.oracle.judge import Oracle
from tests.oracle.reading import Schedule, load, read_case
from tests.oracle.worlds import Cheat


def cheat_of(judge: Oracle, i: str, members: set[str], t0: int) -> Cheat:
    """The cheat of i on these measures, begun in t0."""
    fakes, behind = judge.candidates(i, t0)
    return Cheat(i, fakes & members, behind & members, t0)


# numbers


def test_json_numbers_are_read_from_their_text(tmp_path: Any) -> None:
    raw = case({"a": measure("A", {"A": "0.1"})})
    raw["measures"]["a"]["value"]["A"]["flow"] = 0.1
    path = tmp_path / "case.json"
    path.write_text(json.dumps(raw))
    for read in (read_case(load(path)), read_case(raw)):
        assert read.measures["a"].to("A").flow == (F(1, 10),)


def test_absent_keys_have_defaults() -> None:
    raw = {"periods": 2, "parties": {"A": {"discount": "0.5"}}, "measures": {"a": {"by": "A", "value": {}}}}
    read = read_case(raw)
    assert read.parties["A"].lag == 1
    assert read.measures["a"].undo is None
    assert read.principals == ("A",)


def test_an_unknown_measure_or_a_done_one_has_no_start() -> None:
    raw = case({"a": measure("A", {}, done=True)})
    with pytest.raises(KeyError):
        Schedule(raw, road_map(b=0))
    with pytest.raises(ValueError, match="done"):
        Schedule(raw, road_map(a=0))


# kept (§3)


def test_kept_pays_during_once_and_flow() -> None:
    raw = case({"a": measure("A", {"A": worth(-1, -2, -1), "B": 4}, takes=1)})
    # A: -1 | -2 -1 | -1 for ever (worth -2).  V(2) = -2, V(1) = -3 - 1 = -4, V(0) = -1 - 2 = -3.
    # B: 0 | 4 for ever (worth 8).
    assert oracle.kept(raw, road_map(a=0)) == {"A": [-3, -4, -2, -2], "B": [4, 8, 8, 8]}


def test_flows_and_status_quo_may_change_each_period_and_the_last_lasts() -> None:
    parties = {"A": party(status_quo=[1, 2, 0]), "B": party()}
    raw = case({"b": measure("B", {"A": [8, 4, 2]})}, parties)
    # from 1 on: 1 | 2+4 | 0+2 | 2 ...: V(3) = 4, V(2) = 4, V(1) = 6 + 2 = 8, V(0) = 1 + 4 = 5
    assert oracle.kept(raw, road_map(b=1))["A"] == [5, 8, 4, 4]


def test_done_measures_pay_their_flow_but_not_their_once() -> None:
    raw = case({"a": measure("A", {"A": worth(1, 100)}, done=True)})
    assert oracle.kept(raw, road_map())["A"] == [2, 2, 2, 2]


def test_a_milestone_pays_once_when_its_last_member_comes() -> None:
    raw = case({"a": measure("A", {}), "b": measure("B", {}), "m": milestone(["a", "b"], {"A": worth(1, 8)})})
    assert oracle.kept(raw, road_map(a=0, b=1))["A"] == [5, 10, 2, 2]
    assert oracle.kept(raw, road_map(a=0))["A"] == [0, 0, 0, 0]


def test_a_replaced_measure_stops_paying_but_its_once_is_paid_in_the_same_period() -> None:
    raw = case(
        {
            "old": measure("B", {"A": worth(2, 1)}),
            "new": measure("B", {"A": 4}, replaces={"measure": "old", "wait": 0}),
        }
    )
    # 2 + 1 | 4 for ever
    assert oracle.kept(raw, road_map(old=0, new=1))["A"] == [7, 8, 8, 8]
    # once 1 + 4 | 4 for ever
    assert oracle.kept(raw, road_map(old=0, new=0))["A"] == [9, 8, 8, 8]


# reservation values (§3)


def test_no_deal_collapses_or_stays_as_it_is() -> None:
    kept_up = measure("A", {"A": -1, "B": 3}, done=True, undo=undo(1, "0.4"))
    # A saves 1/2 + 1/4 + ... = 1 > 0.4 by undoing: -1 - 0.4, nothing after; B has 3 once.
    raw = case({"a": kept_up})
    assert oracle.reserve(raw) == {"A": F(-7, 5), "B": 3}
    assert oracle.reserve(raw | {"no_deal": "as-is"}) == {"A": -2, "B": 6}


def test_no_deal_at_the_common_discount_keeps_the_owners_decision() -> None:
    kept_up = measure("A", {"A": -1}, done=True, undo=undo(1, "2"))
    raw = case({"a": kept_up}, {"A": party("0.5"), "B": party("0.5")}, discount="0.9")
    # at 1/2 undoing saves 1 < 2, so A leaves it, though at 0.9 it would save 9
    assert oracle.reserve(raw)["A"] == -2
    assert oracle.reserve(raw, common=True)["A"] == -10


def test_a_stated_reserve_is_rescaled_for_gains_only() -> None:
    raw = case({"b": measure("B", {"A": 1})}, {"A": party("0.5", reserve=1), "B": party("0.75")}, discount="0.75")
    # at 3/4 the reserve of 1 (1/2 a period) is worth 2; U_A = 4
    assert oracle.reserve(raw)["A"] == 1
    assert oracle.reserve(raw, common=True)["A"] == 2
    assert oracle.gains(raw, road_map(b=0))["A"] == 2


# open breach (§4)


def barter(**given: Any) -> dict[str, Any]:
    """A's a costs A 1 a period and gives B 3; B's b the other way round."""
    return case({"a": measure("A", {"A": -1, "B": 3}), "b": measure("B", {"B": -1, "A": 3})}, **given)


def test_after_an_open_breach_the_other_goes_on_for_its_lag() -> None:
    raw, rm = barter(), road_map(a=0, b=1)
    # A leaves in 1: a is undone at once, b (due in 1 < 1 + 1) still comes and pays 3 once, then B undoes it.
    assert oracle.W(raw, rm, "A", 1) == 3
    assert oracle.S(raw, rm, "B", "A", 1) == -1
    # in 0: b, due in 1 = 0 + 1, does not come
    assert oracle.W(raw, rm, "A", 0) == 0
    # both in 1: nothing is left
    assert oracle.B(raw, rm, "B", "A", 1) == 0
    assert oracle.margins(raw, rm)["A"] == [F(1), 1, 1, 1]


def test_exposure_and_trust() -> None:
    raw, rm = barter(), road_map(a=0, b=1)
    # exposure of B in 1: 0 - (-1); its margin: V = 4, W = 3 (a pays once more), so trust 1 / (1 + 1)
    assert oracle.exposure(raw, rm)["B"][1] == 1
    assert oracle.margins(raw, rm)["B"][1] == 1
    assert oracle.trust(raw, rm)["B"][1] == F(1, 2)


def test_trust_at_and_below_a_margin_of_nothing() -> None:
    one_sided = case({"a": measure("A", {"A": -1}), "b": measure("B", {})})
    # A's margin is negative while b risks nothing
    assert oracle.trust(one_sided, road_map(a=1, b=1))["A"][0] == 1
    assert oracle.trust(one_sided, road_map(b=1))["B"][0] == 0


def test_a_longer_lag_lets_work_go_on() -> None:
    raw = case(
        {"a": measure("A", {}), "b": measure("B", {"A": 1, "B": worth(0, 0, -1)}, takes=1, undo=None)},
        {"A": party(), "B": party(response_lag=2)},
    )
    # A leaves in 0; B works in 1 (a cost of 1), but what is due in 2 = 0 + 2 does not come.
    told = oracle.open_breach(raw, road_map(a=0, b=1), "A", 0)
    assert told == {"A": 0, "B": F(-1, 2)}
    # started in 0 it is due in 1, and stays, as it cannot be undone
    assert oracle.open_breach(raw, road_map(a=0, b=0), "A", 0) == {"A": 1, "B": -1}


@pytest.mark.parametrize(
    ("given", "worth_of_leaving"),
    [
        # undoing takes 1 and works with 1/2: it saves 1/2 * (1/2 + 1/4 + ...) = 1/2, a tie at a cost of 1/2
        ({"undo": undo(1, "0.5", "0.5")}, F(-2)),
        # -1 - 0.4 now, then -1/2 a period: -1.4 - 1/2
        ({"undo": undo(1, "0.4", "0.5")}, F(-19, 10)),
        # a quarter outlasts it: it saves 3/8 < 0.4
        ({"undo": undo(1, "0.4", "0.5"), "residual": "0.25"}, F(-2)),
        # 3/8 > 0.3: -1.3 now, then -(1/2 + 1/8) a period
        ({"undo": undo(1, "0.3", "0.5"), "residual": "0.25"}, F(-77, 40)),
        # automatic: also at a loss; never: not even at a gain; null: it stays
        ({"undo": undo(1, "0.6", "0.5"), "withdrawal": "automatic"}, F(-21, 10)),
        ({"undo": undo(0, "0"), "withdrawal": "never"}, F(-2)),
        ({"undo": None, "withdrawal": "automatic"}, F(-2)),
    ],
)
def test_undoing(given: dict[str, Any], worth_of_leaving: F) -> None:
    raw = case({"a": measure("A", {"A": -1}, **given)})
    assert oracle.W(raw, road_map(a=0), "A", 2) == worth_of_leaving


def test_a_tie_undoes_nothing() -> None:
    raw = case({"a": measure("A", {"A": -1, "B": 3}, undo=undo(1, 1))})
    # undoing saves 1/2 + 1/4 + ... = 1, its cost: it is the same to A, not to B
    assert oracle.open_breach(raw, road_map(a=0), "A", 1) == {"A": -2, "B": 6}
    cheaper = case({"a": measure("A", {"A": -1, "B": 3}, undo=undo(1, "0.9"))})
    assert oracle.open_breach(cheaper, road_map(a=0), "A", 1) == {"A": F(-19, 10), "B": 3}


def test_the_rule_of_undoing_looks_at_the_flows_to_come() -> None:
    raw = case({"a": measure("A", {"A": [-5, 1, 1]}, undo=undo(1))})
    # in 0 it would be undone from 1 on, when it is worth 1: so it is not
    assert oracle.W(raw, road_map(a=0), "A", 1) == 2
    raw = case({"a": measure("A", {"A": [-5, -5, 1]}, done=True, undo=undo(1))})
    # seen from 0: -5/2 + 2/4 < 0, so it is: -5 once; seen from 1: 2/2 > 0, so it is not
    assert oracle.W(raw, road_map(), "A", 0) == -5
    assert oracle.W(raw, road_map(), "A", 1) == -4


def test_exit_costs() -> None:
    raw = case({"a": measure("A", {})}, {"A": party(exit_cost=1), "B": party()})
    assert oracle.W(raw, road_map(a=0), "A", 2) == -1


@pytest.mark.parametrize(
    ("given", "harm"),
    [
        # seen in 0, lag 1, delay 1: from 2 on. -1 and -2 in 2, -2 in 3: -3/4 - 1/4
        ({}, F(-1)),
        ({"lasts": None}, F(-5, 4)),
        # costs its owner something: hollow unless committed
        ({"value": {"A": worth(-2, -1), "B": worth("-0.3")}}, F(0)),
        ({"value": {"A": worth(-2, -1), "B": worth(0, "-0.3")}}, F(0)),
        ({"value": {"A": worth(-2, -1), "B": worth("-0.3")}, "committed": True}, F(-1)),
    ],
)
def test_sticks(given: dict[str, Any], harm: F) -> None:
    base = stick("B", "A", {"A": worth(-2, -1)}, delay=1, lasts=2)
    raw = case({"a": measure("A", {}), "b": measure("B", {})}, sticks=[base | given])
    assert oracle.W(raw, road_map(a=0, b=0), "A", 0) == harm
    assert oracle.W(raw, road_map(a=0, b=0), "B", 0) == 0


def test_both_breaching_fires_the_sticks_of_each_on_the_other() -> None:
    sticks = [stick("B", "A", {"A": worth(0, -4)}), stick("A", "B", {"B": worth(0, -8)}, id="other", delay=1)]
    parties = {"A": party(exit_cost=1), "B": party(exit_cost=2)}
    raw = case({"a": measure("A", {}), "b": measure("B", {})}, parties, sticks=sticks)
    # A: -1 - 4/2; B: -2 - 8/4
    assert oracle.B(raw, road_map(a=0, b=0), "A", "B", 0) == -3
    assert oracle.B(raw, road_map(a=0, b=0), "B", "A", 0) == -4


def test_no_deal_fires_no_stick_and_costs_no_exit() -> None:
    parties = {"A": party(exit_cost=1), "B": party()}
    raw = case({"a": measure("A", {})}, parties, sticks=[stick("B", "A", {"A": -1})])
    assert oracle.reserve(raw) == {"A": 0, "B": 0}


# milestones after a breach (§4)


def joint(flow: Any, once: Any, **given: Any) -> dict[str, Any]:
    """A's a costs A 1 and can be undone; B's b gives A 3 and cannot; the milestone has both."""
    return case(
        {
            "a": measure("A", {"A": -1}, **given),
            "b": measure("B", {"A": 3}, undo=None),
            "m": milestone(["a", "b"], {"A": worth(flow, once)}),
        }
    )


def test_the_breacher_leaves_a_milestone_alone_if_that_is_worth_more() -> None:
    rm = road_map(a=0, b=1)
    # A leaves in 1. Undone: 3 a period, 6. Left alone: -1 + 3 + flow a period.
    assert oracle.W(joint(2, 8), rm, "A", 1) == 16
    assert oracle.W(joint("0.5", 0), rm, "A", 1) == 6
    # a tie leaves nothing alone: then a is gone
    judge = Oracle(joint(1, 0), rm)
    assert judge.left("A", 1, seen=1)[0] == 6
    assert judge.left("A", 1, seen=1)[1].chance("a", 1) == 0
    # what is automatic cannot be left alone
    assert oracle.W(joint(2, 8, withdrawal="automatic"), rm, "A", 1) == 6
    # both leaving, nothing is left alone, and b, due in 1, does not come
    assert oracle.B(joint(2, 8), rm, "A", "B", 1) == 0


def test_the_best_set_of_milestones_is_left_alone() -> None:
    raw = case(
        {
            "a": measure("A", {"A": -1}),
            "a2": measure("A", {"A": -3}),
            "m": milestone(["a"], {"A": 2}),
            "m2": milestone(["a2"], {"A": 2}),
            "m3": milestone(["a", "a2"], {"A": "1.5"}),
        }
    )
    # none 0; m: 1; m2: -1; both: 2 + 2 + 1.5 - 4 = 1.5 a period, so 3
    assert oracle.W(raw, road_map(a=0, a2=0), "A", 1) == 3
    # without m3's 1.5 only m is left alone: 1 a period
    raw["measures"]["m3"]["value"]["A"]["flow"] = "0"
    assert oracle.W(raw, road_map(a=0, a2=0), "A", 1) == 2


def test_chances_of_members_multiply_and_once_is_paid_with_the_chance() -> None:
    raw = joint(2, 8, undo=undo(0, 0, "0.5"), withdrawal="automatic")
    # from 1 on: -1/2 + 3 + 2/2 = 3.5 a period, 7; once 8/2
    assert oracle.W(raw, road_map(a=0, b=1), "A", 1) == 11


def test_a_part_of_flow_that_outlasts_an_undoing_keeps_no_milestone() -> None:
    raw = joint(2, 0, residual="0.5", withdrawal="automatic")
    # from 1 on: -1/2 + 3, no milestone
    assert oracle.W(raw, road_map(a=0, b=0), "A", 1) == 5


def lifting(members: list[str], **given: Any) -> dict[str, Any]:
    """B suspends, then lifts in place of suspending; a milestone is worth 8 a period to A."""
    return case(
        {
            "suspend": measure("B", {"A": 2, "B": -1}),
            "lift": measure("B", {"A": 4, "B": -2}, replaces={"measure": "suspend", "wait": 1}, **given),
            "m": milestone(members, {"A": 8}),
        }
    )


def test_a_replaced_measure_cannot_be_undone_and_counts_through_its_replacement() -> None:
    raw, rm = lifting(["suspend"], undo=None), road_map(suspend=0, lift=1)
    # B leaves in 1: lift does not come, suspend is undone.  In 2: lift stays for ever.
    assert oracle.W(raw, rm, "B", 1) == 0
    assert oracle.W(raw, rm, "B", 2) == -4
    assert oracle.S(raw, rm, "A", "B", 2) == 24
    assert oracle.kept(raw, rm)["A"][2] == 24


def test_what_was_replaced_costs_nothing_more_to_undo() -> None:
    raw = lifting(["suspend"], undo=None)
    raw["measures"]["suspend"] |= {"undo": undo(0, 5), "withdrawal": "automatic"}
    rm = road_map(suspend=0, lift=1)
    assert oracle.W(raw, rm, "B", 1) == -5
    assert oracle.W(raw, rm, "B", 2) == -4


@pytest.mark.parametrize("members", [["suspend"], ["lift"], ["suspend", "lift"]])
def test_replaced_and_replacement_are_one_event(members: list[str]) -> None:
    raw = lifting(members, undo=undo(0, 0, "0.5"))
    # from 2 on, after B's leaving in 2: 4/2 + 8/2 a period, not 8/4
    assert oracle.S(raw, road_map(suspend=0, lift=1), "A", "B", 2) == 12


def test_the_breacher_may_leave_a_replacement_alone_for_the_sake_of_a_milestone() -> None:
    raw = lifting(["suspend"])
    raw["measures"]["m"]["value"] = {"B": worth(3)}
    # lift costs B 2 a period, the milestone of suspend is worth 3 to it
    assert oracle.W(raw, road_map(suspend=0, lift=1), "B", 2) == 2


# covert breach (§5)


def deal(**given: Any) -> dict[str, Any]:
    """A's hidden a (a period of work; found with chance 1/2 a period) against B's b: 3 a period to A."""
    a = measure("A", {"A": worth(-2, 0, -1), "B": 5}, takes=1, public=False, undo=None) | {
        "detect": {"base": "0.5", "with": []}
    }
    return case({"a": a | given, "b": measure("B", {"A": 3, "B": -1})})


DEAL = road_map(a=0, b=0)


def test_faking() -> None:
    raw = deal()
    # From 1 on: 3 a period until found, then nothing: C = 3 + 1/2 * 1/2 * C = 4 (walking on is worth 3).
    # In 0 there is nothing to find, and 1 of work is saved: C(0) = 3 + 4/2 = 5.  V = (3 - 1) + 1/2 * 2 = 3.
    assert oracle.covert(raw, DEAL, "A", {"a"}, 0) == 5
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == 4
    assert oracle.kept(raw, DEAL)["A"] == [3, 2, 2, 2]
    # in 2 it is there for ever: only walking is left, 1 now and -2 for ever after
    assert oracle.margins(raw, DEAL)["A"] == [-2, -2, 3, 3]
    assert oracle.best_breach(raw, DEAL)["A"][0] == [{"how": "covert", "from": 0, "fakes": ["a"], "undoes": []}]


def test_an_exit_cost_is_paid_when_found() -> None:
    raw = deal()
    raw["parties"]["A"]["exit_cost"] = "4"
    # C = 3 - 4/2 + C/4 = 4/3; walking is worth 3 - 4
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == F(4, 3)


def test_a_cheat_walks_out_when_that_is_better_than_being_found() -> None:
    raw = deal()
    # Found for sure: 3 now, nothing after. In 0 nothing is found, then it walks, or is found: 3 either way.
    raw["measures"]["a"]["detect"]["base"] = "1"
    assert oracle.covert(raw, DEAL, "A", {"a"}, 0) == F(9, 2)
    # With a stick whose harm wanes by itself walking later does not help; with one that hits the
    # cheat's discovery no differently, W and F differ by the lag only: B's answer comes a period later.
    raw["parties"]["B"]["response_lag"] = 2
    # found in s: b lasts until s + 1: F = 3; walking in s + 1: b lasts until s + 2: 3 + 3/2.
    # h = 1: C(1) = 3 + 1/2 * 3 = 4.5; C(0) = 3 + 1/2 * max(C(1), W(1) = 4.5) = 5.25
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == F(9, 2)
    assert oracle.covert(raw, DEAL, "A", {"a"}, 0) == F(21, 4)


def test_walking_out_in_the_middle_of_a_cheat() -> None:
    raw = deal()
    # b turns sour in 2: from then on it costs A 9 a period, and B likes it (so nobody ends it) unless A
    # leaves openly, which lets A's own a2 (worth -9 to it) go.
    raw["measures"]["a2"] = measure("A", {"A": [0, 0, -9]}, done=True)
    # From 2 on the cheat gets 3 - 9 a period, or walks: 3 (b for one lag), a2 gone at once.
    # C(1) = 3 + 1/2 * (1/2 * W(2) + 1/2 * F(2)) with W(2) = 3, F(2) = 0: 3.75; C(0) = 3 + 3.75/2
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == F(15, 4)
    assert oracle.covert(raw, DEAL, "A", {"a"}, 0) == F(39, 8)


def test_secret_undoing() -> None:
    raw = deal(undo=undo(1, 1, 0), withdrawal="never")
    # In 2: 3 - 2 - 1 = 0 now; gone from 3 on, whatever votes say. If found in 2 (1/2), nothing from 3 on;
    # else C(3) = 3 + C(3)/4 = 4.  C(2) = 1/2 * 1/2 * 4 = 1.
    assert oracle.covert(raw, DEAL, "A", {"a"}, 2) == 1
    # half of its flow outlasts it: C(3) = 3 - 1 + C(3)/4 + (-2)/4 = 2, F = -2: C(2) = 2/4 - 2/4
    assert oracle.covert(raw | _with(raw, residual="0.5"), DEAL, "A", {"a"}, 2) == 0


def _with(raw: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The measures of a case with something of a changed."""
    return {"measures": raw["measures"] | {"a": raw["measures"]["a"] | given}}


def test_secret_undoing_runs_to_its_end_after_walking_out() -> None:
    raw = deal(undo=undo(2, 0), takes=0, detect={"base": "1", "with": []})
    # begun in 1, found in 1: F(2) = -2 in period 2 (b is gone), nothing from 3 on.  C(1) = 3 - 2 - 2/2 = 0
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == 0


def test_public_measures_milestones_and_strangers_are_no_candidates() -> None:
    raw = deal()
    judge = Oracle(raw, DEAL)
    assert judge.candidates("A", 1) == ({"a"}, frozenset())
    assert judge.candidates("A", 2) == (frozenset(), frozenset())
    assert judge.candidates("B", 0) == (frozenset(), frozenset())
    undoable = Oracle(deal(undo=undo()), DEAL)
    assert undoable.candidates("A", 1) == ({"a"}, frozenset())
    assert undoable.candidates("A", 2) == (frozenset(), {"a"})
    assert Oracle(raw, road_map(b=0)).candidates("A", 0) == (frozenset(), frozenset())
    with pytest.raises(ValueError, match="cannot be cheated on"):
        oracle.covert(raw, DEAL, "A", {"b"}, 0)


def test_a_milestone_is_believed_in_while_that_helps_the_cheat() -> None:
    raw = deal()
    raw["measures"]["m"] = milestone(["a"], {"A": worth(1, 2)})
    # from 1 on unseen: 3 + 1 a period, C(2) = 4 / (3/4) = 16/3; in 1 also once 2: 6 + 4/3
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == F(22, 3)
    raw["measures"]["m"] = milestone(["a"], {"A": worth(-1, -2)})
    assert oracle.covert(raw, DEAL, "A", {"a"}, 1) == 4


def test_a_negative_milestone_counts_until_the_secret_undoing_bites() -> None:
    raw = deal(undo=undo(1, 1))
    raw["measures"]["m"] = milestone(["a"], {"A": -1})
    # as in `test_secret_undoing`, but -1 more in period 2
    assert oracle.covert(raw, DEAL, "A", {"a"}, 2) == 0
    raw["measures"]["m"] = milestone(["a"], {"A": 1})
    # +1 in 2, and C(3) = 4 / (3/4): 1 + 4/3
    assert oracle.covert(raw, DEAL, "A", {"a"}, 2) == F(7, 3)


def watched(**given: Any) -> dict[str, Any]:
    """a is found with chance 1/10, with 1/2 once A has admitted inspectors and B has sent them."""
    raw = deal(detect={"base": "0.1", "with": [{"measures": ["admit", "send"], "detect": "0.5"}]})
    raw["measures"]["admit"] = measure("A", {}, public=False, undo=undo(1)) | given
    raw["measures"]["send"] = measure("B", {})
    return raw


def test_detection_needs_all_its_access() -> None:
    judge = Oracle(watched(), road_map(a=0, b=0, admit=0, send=2))
    fake = cheat_of(judge, "A", {"a"}, 0)
    assert [judge.found(fake, t) for t in range(4)] == [0, F(1, 10), F(1, 2), F(1, 2)]


def test_cheating_on_the_access_itself() -> None:
    judge = Oracle(watched(), road_map(a=0, b=0, admit=0, send=0))
    # both faked from 0 on: no access; nothing finds admit (its own base is 0)
    assert judge.found(cheat_of(judge, "A", {"a", "admit"}, 0), 1) == F(1, 10)
    # in 1 admit is there, and being undone: it gives access until 2
    both = cheat_of(judge, "A", {"a", "admit"}, 1)
    assert (both.fakes, both.undoes) == ({"a"}, {"admit"})
    assert [judge.found(both, t) for t in (1, 2)] == [F(1, 2), F(1, 10)]


def test_detections_combine() -> None:
    judge = Oracle(watched(detect={"base": "0.5", "with": []}), road_map(a=0, b=0, admit=0, send=0))
    both = cheat_of(judge, "A", {"a", "admit"}, 1)
    # 1 - (1 - 1/2)(1 - 1/2), then without access 1 - (1 - 1/10)(1 - 1/2)
    assert [judge.found(both, t) for t in (1, 2)] == [F(3, 4), F(11, 20)]


def test_a_replaced_access_measure_gives_access_through_its_replacement() -> None:
    raw = watched()
    raw["measures"]["stay"] = measure("B", {}, replaces={"measure": "send", "wait": 1})
    judge = Oracle(raw, road_map(a=0, b=0, admit=0, send=0, stay=1))
    assert judge.found(cheat_of(judge, "A", {"a"}, 0), 2) == F(1, 2)


# verdict, vacuous breaches, remarks (§6, §7)


def test_a_road_map_of_nothing_holds_and_has_no_margins() -> None:
    told = oracle.audit(barter(), road_map())
    assert (told["verdict"], told["margin"], told["signed"]) == ("holds", {}, True)
    assert told["least_margin"] is None


def test_a_breach_with_nothing_left_to_do_or_to_lose_is_vacuous() -> None:
    raw = case({"a": measure("A", {"A": 1}, undo=None), "b": measure("B", {"A": 1})})
    judge = Oracle(raw, road_map(a=1))
    assert [judge.vacuous("A", t) for t in range(4)] == [False, False, True, True]
    assert judge.margins["A"][2:] == [0, 0]
    assert judge.solid_margins["A"] == [1, 2, None, None]
    # K_A: both measures from the start, 2 + 2; least relative margin 1/4
    assert judge.least_relative_margin() == F(1, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"parties": {"A": party(exit_cost=1), "B": party()}},
        {"sticks": [stick("B", "A", {"A": -1})]},
        {"sticks": [stick("B", "A", {"B": 1})]},
    ],
)
def test_a_breach_that_costs_somebody_is_not_vacuous(change: dict[str, Any]) -> None:
    raw = case({"a": measure("A", {"A": 1}, undo=None)}, **change)
    assert not oracle.vacuous(raw, road_map(a=0), "A", 2)


def test_a_breach_that_lets_another_undo_something_is_not_vacuous() -> None:
    raw = case({"a": measure("A", {}, undo=None), "b": measure("B", {"B": -1, "A": 1}, done=True)})
    assert not oracle.vacuous(raw, road_map(a=0), "A", 2)


def test_who_is_tempted_and_what_others_lose() -> None:
    raw, rm = case({"a": measure("A", {"A": -1, "B": 3})}), road_map(a=1)
    told = oracle.audit(raw, rm)
    assert (told["verdict"], told["certified"], told["signed"]) == ("fails", False, False)
    assert told["findings"][0] == {
        "kind": "tempted",
        "party": "A",
        "period": 0,
        "gain": F(1),
        "losses": {"B": F(3)},
    }
    assert told["least_margin"] == {"party": "A", "period": 1, "value": F(-2), "relative": None}


def test_delay() -> None:
    raw = barter()
    raw["parties"]["A"] = party(grace=2)
    # In 0 nothing is there: f = 0 < V, no delay. In 1 b is there: f = 3, worth 6, V_A(1) = 4.
    told = oracle.delay_prone(raw, road_map(b=0, a=1))
    # gain (1 - 1/4) * (6 - 4)
    assert told == [("A", 1, F(3, 2))]
    assert oracle.delay_prone(raw, road_map(b=0, a=0)) == []


def test_pocketing() -> None:
    measures = {"a": measure("A", {"A": -1, "B": 9}), "b": measure("B", {"B": -1, "A": "1.6"})}
    raw, rm = case(measures, comparable=True), road_map(a=0, b=0)
    # in 1, of flows 0.6 and 8: surplus of A 1.2 - 1.6 = -0.4, of B 16 - 9 = 7, so A has -0.4/6.6
    assert ("A", 1, F(-2, 33)) in oracle.pocketing(raw, rm)
    assert oracle.pocketing(raw | {"comparable": False}, rm) == []
    assert oracle.pocketing(raw | {"pocketing_share": "-0.1"}, rm) == []


def test_power_shift() -> None:
    raw = case({"b": measure("B", {"B": worth(2, -3)}, undo=None)})
    # b comes in 1: W = 0, 0, 4, 4 and V = 1/2, 1, 4, 4.  From 1 to 2 power rises by 4, the surplus is 1.
    assert oracle.power_shift(raw, road_map(b=1)) == [("B", 1, F(3))]


def test_scales_take_the_largest_of_a_family() -> None:
    raw = case(
        {
            "a": measure("A", {"A": worth(1, 1, 1)}, takes=3),
            "b": measure("B", {"A": 5}, excludes=["c"]),
            "c": measure("B", {"A": 7}),
            "d": measure("B", {"A": -7}),
            "e": measure("B", {"A": 9}, replaces={"measure": "b", "wait": 1}),
        }
    )
    # a: 1 + 3 + 2 = 6; the family b, c, e: 18
    assert oracle.scales(raw) == {"A": 24, "B": 0}


# order, capacity, horizon (§2)


def test_order() -> None:
    raw = case(
        {
            "p": measure("A", {}, takes=1),
            "k": measure("B", {}, after=[{"measure": "p", "wait": 1}]),
            "x": measure("B", {}, excludes=["k"]),
            "m": milestone(["p"], {}),
            "z": measure("B", {}, after=[{"measure": "m", "wait": 0}]),
        }
    )
    assert oracle.structural(Schedule(raw, road_map(p=0, k=2, z=1))) == []
    kinds = [
        (oracle.structural(Schedule(raw, rm)) or [{}])[0].get("why")
        for rm in (road_map(p=0, k=1), road_map(k=2), road_map(p=0, k=2, x=0), road_map(p=0, z=0))
    ]
    assert kinds == ["too early", "too early", "excluded", "too early"]


def test_two_that_replace_the_same_exclude_each_other() -> None:
    new = {"replaces": {"measure": "old", "wait": 1}}
    raw = case({"old": measure("B", {}), "n1": measure("B", {}, **new), "n2": measure("B", {}, **new)})
    told = oracle.structural(Schedule(raw, road_map(old=0, n1=1, n2=2)))
    assert [one["why"] for one in told] == ["excluded"]
    assert oracle.structural(Schedule(raw, road_map(n1=1)))[0]["why"] == "too early"


def test_capacity_and_horizon() -> None:
    raw = case(
        {"a": measure("A", {"A": worth(0, 0, -1)}, takes=2), "b": measure("B", {}, takes=2)},
        resources={"teams": {"capacity": [1, 1, 2], "uses": {"a": 1, "b": 1}}},
    )
    assert oracle.structural(Schedule(raw, road_map(a=0, b=0)))[0]["period"] == 0
    late = Schedule(raw, road_map(a=0, b=2))
    assert [one["kind"] for one in oracle.structural(late)] == ["past-horizon"]
    # a started in 2 is due in 4: work is paid in period 2 only, faking it saves that and nothing finds it
    judge = Oracle(raw | _with(raw, public=False), road_map(a=2))
    assert judge.kept["A"] == [F(-1, 4), F(-1, 2), -1, 0]
    assert judge.covert(cheat_of(judge, "A", {"a"}, 0)) == 0


# clauses (§9)


def paper() -> dict[str, Any]:
    """Three measures of A (one done), one of B, and a milestone."""
    attributes = {"attributes": {"points": "3"}}
    return case(
        {
            "a1": measure("A", {"A": 1}, takes=1) | attributes,
            "a2": measure("A", {}) | {"attributes": {"points": "1"}},
            "a0": measure("A", {}, done=True),
            "b": measure("B", {}),
            "m": milestone(["a1", "a2"], {}),
        },
        periods=5,
        groups={
            "all": {"members": ["a1", "a2"], "by": "points"},
            "each": {"members": ["a0", "a1", "a2"], "by": "count"},
            "bs": {"members": ["b"], "by": "count"},
        },
    )


@pytest.mark.parametrize(
    ("clause", "holds", "distance"),
    [
        ("a1 by 2", True, 0),  # s = 1, c = 2
        ("a1 by 1", False, 1),
        ("a1 by 2019-Q4", True, 0),  # from April 2019 on, period 2 is the last quarter
        ("a1 by 2019-09", False, 1),
        ("a1 by 2019-10-01", True, 0),
        ("b by 3", False, 2),  # missing counts as 5
        ("a0 by 0", True, 0),
        ("m by 3", True, 0),  # the later member comes in 3
        ("m by 2", False, 1),
        ("a1 not before 1", True, 0),
        ("a1 not before 3", False, 2),
        ("b not before 4", True, 0),
        ("a0 not before 0", False, 1),
        ("a1 before a2", True, 0),
        ("a1 before a2 by 2", False, 1),
        ("a2 before a1", False, 3),  # 3 + 1 - 1
        ("a1 before b", True, 0),
        ("b before a1", False, 5),  # 5 + 1 - 1
        ("never b", True, 0),
        ("never a1", False, 3),  # 5 - 2
        ("share of all at least 0.75 by 2", True, 0),
        ("share of all at least 0.8 by 2", False, F(1, 20)),
        ("share of each at most 0.4 by 1", True, 0),
        ("share of each at most 0.4 by 2", False, F(2, 3) - F(2, 5)),
        ("value of A at least 0.5", True, 0),  # 1 a period from 2 on: 2/4
        ("value of A at least 2", False, F(3, 2)),
        ("all of all before any of bs", True, 0),
        ("all of each before any of each", False, 5),  # 3 + 1 - (-1)
    ],
)
def test_clauses(clause: str, holds: bool, distance: F) -> None:
    assert oracle.clause_holds(paper(), road_map(a1=1, a2=3), clause) == (holds, distance)


def test_all_before_any_with_both_there() -> None:
    assert oracle.clause_holds(paper(), road_map(a1=1, a2=3, b=4), "all of all before any of bs")[0]
    told = oracle.clause_holds(paper(), road_map(a1=1, a2=3, b=2), "all of all before any of bs")
    assert told == (False, 2)
    # a2 is missing: 5 + 1 - 4
    assert oracle.clause_holds(paper(), road_map(a1=1, b=4), "all of all before any of bs") == (False, 2)


def test_only_red_lines_bind() -> None:
    raw = paper()
    broken = {"id": "c", "owner": "A", "of": "", "strength": "must", "weight": "1", "text": "never a1"}
    for kind, kept in (("position", True), ("red-line", False)):
        told = oracle.audit(raw | {"clauses": [broken | {"kind": kind}]}, road_map(a1=1))
        assert told["clauses_kept"] is kept
        assert told["clauses"] == [{"id": "c", "holds": False, "distance": F(3)}]


def test_a_text_that_is_no_clause() -> None:
    with pytest.raises(ValueError, match="not a clause"):
        oracle.clause_holds(paper(), road_map(), "a1 soon")
