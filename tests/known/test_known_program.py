"""The program gives the published results (builders and mappings: `cases.py`; the checker: `test_known_oracle.py`)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction as F
from itertools import permutations

import pytest

from detente.audit.judge import audit
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import Audit
from detente.results.plan import NoPlan, Plan
from tests.known import cases
from tests.known.cases import Case


def judged(pair: Case, *, exact: bool = False) -> Audit:
    """The auditor's answer, without a search for cures."""
    raw, told = pair
    return audit(resolved_from_dict(raw), RoadMap(told["starts"]), exact=exact, cures=False)


def exact_margins(pair: Case) -> Mapping[str, Sequence[F]]:
    """Margins as fractions."""
    found = judged(pair, exact=True).exact_margin
    assert found is not None
    return found


# 1, 2: safe exchange


def joint_margins(pair: Case) -> list[F]:
    """For each delivery: the supplier's margin, plus the buyer's in the next period, discounted; payments cancel."""
    margins, delta = exact_margins(pair), F(cases.NEARLY_ONE)
    count = sum(name.startswith("deliver") for name in pair[1]["starts"])
    return [margins["supplier"][2 * n + 1] + delta * margins["buyer"][2 * n + 2] for n in range(count)]


def test_the_only_safe_order_is_dearest_first() -> None:
    for order in permutations(cases.SUPPLIES):
        told = judged(cases.safe_exchange(order))
        bearable = min(joint_margins(cases.safe_exchange(order))) >= 0
        assert (told.verdict == "holds") is bearable is (order == (6, 3, 1))
        assert told.certified is (order == (6, 3, 1))


@pytest.mark.parametrize("exit_cost", ["0.9", "0"])
def test_with_a_smaller_exit_cost_no_order_is_safe(exit_cost: str) -> None:
    for order in permutations(cases.SUPPLIES):
        assert judged(cases.safe_exchange(order, exit_cost)).verdict == "fails"
        assert min(joint_margins(cases.safe_exchange(order, exit_cost))) < 0


def test_the_planner_finds_the_only_safe_order() -> None:
    """With an exit cost of 1 the last delivery holds by nothing at all, so no margin may be asked for."""
    found = plan(Task(resolved_from_dict(cases.safe_exchange_to_plan("1")), "robust", margin=0.0))
    assert isinstance(found, Plan)
    assert found.starts["deliver-6"] < found.starts["deliver-3"] < found.starts["deliver-1"]
    assert found.audit.certified
    assert found.value == found.gap == 0


@pytest.mark.parametrize(("exit_cost", "margin"), [("0.9", 0.0), ("0", 0.0), ("1", 0.0001)])
def test_the_planner_proves_that_there_is_no_safe_order(exit_cost: str, margin: float) -> None:
    found = plan(Task(resolved_from_dict(cases.safe_exchange_to_plan(exit_cost)), "robust", margin=margin))
    assert isinstance(found, NoPlan)
    assert found.outcome == "none-exists"


def test_a_hundred_units_in_seven_instalments_not_in_six() -> None:
    """What both can bear at an instalment x with R after it is R + 1 - x, whatever is paid: so at most 2^k - 1 in k."""
    sizes = cases.hundred_in_seven()
    assert (sum(sizes), len(sizes)) == (100, 7)
    assert judged(cases.instalments(sizes)).certified
    rng = random.Random(2)
    for _ in range(5):
        some = [Decimal(rng.randint(1, 400)) / 10 for _ in range(6)]
        for n, margin in enumerate(joint_margins(cases.instalments(some))):
            assert abs(margin - F(sum(some[n + 1 :], Decimal(1)) - some[n])) < F(1, 10**4)
    assert min(joint_margins(cases.instalments([size * 100 / 63 for size in cases.doubling(6)]))) < 0


@pytest.mark.parametrize("k", range(1, 8))
def test_k_instalments_deliver_less_than_two_to_the_k(k: int) -> None:
    assert judged(cases.instalments(cases.doubling(k, "0.9999"))).verdict == "holds"
    above = cases.instalments(cases.doubling(k, "1.0001"))
    assert judged(above).verdict == "fails"
    assert min(joint_margins(above)) < 0


# 3: gradualism


def gradual_margins(steps: Sequence[Decimal], exit_cost: str = "1") -> list[F]:
    """The margin of A in each step; B's are the same."""
    found = exact_margins(cases.gradualism(steps, exit_cost))
    assert found["A"] == found["B"]
    return list(found["A"][: len(steps)])


@pytest.mark.parametrize("k", range(1, 6))
def test_the_largest_steps_hold_by_nothing(k: int) -> None:
    steps = cases.largest_steps(k)
    assert sum(steps) == Decimal(cases.REACH[k])
    assert gradual_margins(steps) == [0] * k
    assert judged(cases.gradualism(steps)).verdict == "holds"


@pytest.mark.parametrize("k", range(1, 6))
def test_a_step_that_is_larger_by_a_hair_fails(k: int) -> None:
    """Margins shrink along the road; 10^-12 is below any solver's tolerance, not below the auditor's."""
    for n in range(k):
        steps = cases.largest_steps(k)
        steps[n] += Decimal("1e-12")
        assert judged(cases.gradualism(steps)).verdict == "fails"


@pytest.mark.parametrize("k", range(1, 6))
def test_no_steps_reach_further(k: int) -> None:
    """By linear programming duality, in fractions; see the checker's test of the same name."""
    rows = [[F(0)] * k for _ in range(k)]
    for m in range(k):
        for n, margin in enumerate(gradual_margins([Decimal(int(n == m)) for n in range(k)])):
            rows[n][m] = margin - 1
    multipliers: list[F] = []
    for m in range(k):
        gathered = sum((multipliers[n] * rows[n][m] for n in range(m)), F(0))
        multipliers.append((-1 - gathered) / rows[m][m])
    assert min(multipliers) >= 0
    assert sum(multipliers) == F(cases.REACH[k])


# 4: repeated dilemma


def critical(make: Callable[[str], Case]) -> F:
    """The discount at which the verdict flips, by halving down to 10^-6."""
    low, high = 0, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if judged(make(f"0.{middle:06d}")).verdict == "holds" else (middle, high)
    return F(high, 10**6)


@pytest.mark.parametrize(("lag", "found", "expected"), cases.CRITICAL_DISCOUNTS)
def test_critical_discounts(lag: int, found: str | None, expected: str) -> None:
    flips = critical(lambda discount: cases.dilemma(discount, lag, found))
    assert abs(flips - F(expected)) <= F(1, 2 * 10**4)


def test_at_the_critical_discount_itself_the_margin_is_nothing() -> None:
    assert exact_margins(cases.dilemma("0.5"))["A"] == (0, 0)


# 5: two cheats together


def test_cheating_on_one_does_not_pay_on_both_it_does() -> None:
    """The signs until caught are those of one period; the sizes are those of one period over what is left unfound."""
    told = judged(cases.two_cheats(), exact=True)
    assert told.verdict == "fails"
    breach = told.best_breach["i"][0]
    assert (breach.how, breach.start, set(breach.undoes)) == ("covert", 0, {"x", "y"})
    assert told.exact_margin is not None
    assert told.exact_margin["i"][0] == -F("2.3") / (1 - F(1, 8))


@pytest.mark.parametrize("hidden", ["x", "y"])
def test_with_one_of_the_duties_public_it_holds(hidden: str) -> None:
    told = judged(cases.two_cheats([hidden]), exact=True)
    assert told.verdict == "holds"
    assert told.exact_margin is not None
    assert told.exact_margin["i"][0] == F("0.1") / (1 - F(1, 4))


# 7: trust


def test_least_trust() -> None:
    told = judged(cases.trust_game())
    assert (told.V["A"][0], told.W["A"][0], told.margin["A"][0]) == (3, 2, 1)
    assert told.exposure["A"][0] == 1
    assert told.trust_needed["A"][0] == 0.5


# 9: job shop


def test_the_planner_needs_55_for_ft06() -> None:
    """Nothing is worth anything to anybody, so incentives never bind: pure scheduling, proved optimal."""
    raw = cases.job_shop(cases.ft06(), 60)
    raw["clauses"] = [cases.red_line("A", "finished by 59") | {"kind": "goal", "of": "all-done"}]
    found = plan(Task(resolved_from_dict(raw), "fast", goal="all-done", time_limit=400.0))
    assert isinstance(found, Plan)
    assert (found.value, found.bound) == (55, 55)
    assert found.audit.certified
