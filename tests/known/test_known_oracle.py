"""The checker gives the published results (builders and mappings: `cases.py`)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction as F
from itertools import permutations

import pytest

from tests.known import cases
from tests.known.cases import Case
from tests.known.shop_search import Jobs, JobShop, makespan
from tests.oracle import oracle
from tests.oracle.enumeration import BruteForce
from tests.oracle.judge import Oracle
from tests.oracle.reading import Schedule

# 1, 2: safe exchange


def joint_margins(pair: Case) -> list[F]:
    """For each delivery n: the supplier's margin then, plus the buyer's in the next period, discounted.

    What is still to be paid enters the one with plus, the other with minus: the sum does not depend on
    payments. Where it is negative, no payments whatever make both go on.
    """
    judge = Oracle(*pair)
    delta = judge.case.common
    supplier, buyer = judge.margins["supplier"], judge.margins["buyer"]
    count = sum(name.startswith("deliver") for name in judge.schedule.starts)
    return [supplier[2 * n + 1] + delta * buyer[2 * n + 2] for n in range(count)]


def test_the_only_safe_order_is_dearest_first() -> None:
    for order in permutations(cases.SUPPLIES):
        told = oracle.audit(*cases.safe_exchange(order))
        bearable = min(joint_margins(cases.safe_exchange(order))) >= 0
        assert (told["verdict"] == "holds") is bearable is (order == (6, 3, 1))
    assert oracle.audit(*cases.safe_exchange((6, 3, 1)))["certified"]


@pytest.mark.parametrize("exit_cost", ["0.9", "0"])
def test_with_a_smaller_exit_cost_no_order_is_safe(exit_cost: str) -> None:
    for order in permutations(cases.SUPPLIES):
        assert oracle.audit(*cases.safe_exchange(order, exit_cost))["verdict"] == "fails"
        assert min(joint_margins(cases.safe_exchange(order, exit_cost))) < 0


def test_all_road_maps_that_deliver_everything_go_dearest_first() -> None:
    """By trying them all: goods in any periods, also together, payments in any, one after the other."""
    certified = BruteForce(cases.safe_exchange_to_plan(), epsilon=0).all_certified()
    assert certified
    names = BruteForce(cases.safe_exchange_to_plan()).fast.names
    for starts in certified:
        dates = dict(zip(names, starts, strict=True))
        assert dates["deliver-6"] < dates["deliver-3"] < dates["deliver-1"]  # type: ignore[operator]
    for exit_cost in ("0.9", "0"):
        assert not BruteForce(cases.safe_exchange_to_plan(exit_cost), epsilon=0).all_certified()


def test_payments_do_not_matter_for_what_both_can_bear() -> None:
    rng = random.Random(1)
    for order in permutations(cases.SUPPLIES):
        sums = {tuple(joint_margins(cases.safe_exchange(order, "1", _paid(rng)))) for _ in range(5)}
        assert sums == {tuple(joint_margins(cases.safe_exchange(order)))}


def _paid(rng: random.Random) -> list[Decimal]:
    return [Decimal(rng.randint(-50, 150)) / 10 for _ in range(3)]


def test_a_hundred_units_in_seven_instalments() -> None:
    sizes = cases.hundred_in_seven()
    assert sum(sizes) == 100
    assert len(sizes) == 7
    assert oracle.audit(*cases.instalments(sizes))["certified"]


@pytest.mark.parametrize("k", range(1, 8))
def test_k_instalments_deliver_less_than_two_to_the_k(k: int) -> None:
    below, above = (cases.instalments(cases.doubling(k, scale)) for scale in ("0.9999", "1.0001"))
    assert oracle.audit(*below)["verdict"] == "holds"
    assert oracle.audit(*above)["verdict"] == "fails"
    assert min(joint_margins(above)) < 0


def test_six_instalments_cannot_deliver_a_hundred() -> None:
    """What both can bear at an instalment x with R after it is R + 1 - x: so x <= R + 1, whatever is paid.

    Then the totals of k instalments are at most 1, 3, 7, ..., 2^k - 1, and 2^6 - 1 = 63 < 100.
    """
    rng = random.Random(2)
    for _ in range(10):
        sizes = [Decimal(rng.randint(1, 400)) / 10 for _ in range(6)]
        margins = joint_margins(cases.instalments(sizes))
        for n, margin in enumerate(margins):
            expected = F(sum(sizes[n + 1 :], Decimal(1)) - sizes[n])
            assert abs(margin - expected) < F(1, 10**4)
    scaled = [size * 100 / 63 for size in cases.doubling(6)]
    assert min(joint_margins(cases.instalments(scaled))) < 0


# 3: gradualism


def gradual_margins(steps: Sequence[Decimal], exit_cost: str = "1") -> list[F]:
    """The margin of A in each step; B's are the same."""
    found = oracle.margins(*cases.gradualism(steps, exit_cost))
    assert found["A"] == found["B"]
    return found["A"][: len(steps)]


@pytest.mark.parametrize("k", range(1, 6))
def test_the_largest_steps_hold_by_nothing(k: int) -> None:
    steps = cases.largest_steps(k)
    assert sum(steps) == Decimal(cases.REACH[k])
    assert gradual_margins(steps) == [0] * k
    assert oracle.audit(*cases.gradualism(steps))["verdict"] == "holds"


@pytest.mark.parametrize("k", range(1, 6))
def test_no_steps_reach_further(k: int) -> None:
    """Linear programming duality, in fractions.

    Margins are linear in the steps: 1 + sum_m A[n][m] x_m (1 is the exit cost). Multipliers y >= 0 with
    sum_n y_n A[n][m] = -1 for every m show that sum_m x_m <= sum_n y_n wherever all margins are >= 0.
    """
    nothing = gradual_margins([Decimal(0)] * k)
    assert nothing == [1] * k
    rows = [[F(0)] * k for _ in range(k)]
    for m in range(k):
        unit = [Decimal(int(n == m)) for n in range(k)]
        for n, margin in enumerate(gradual_margins(unit)):
            rows[n][m] = margin - 1
    # step m does not matter for margins after it, so the system is triangular
    assert all(rows[n][m] == 0 for n in range(k) for m in range(n))
    multipliers: list[F] = []
    for m in range(k):
        gathered = sum((multipliers[n] * rows[n][m] for n in range(m)), F(0))
        multipliers.append((-1 - gathered) / rows[m][m])
    assert min(multipliers) >= 0
    assert sum(multipliers) == F(cases.REACH[k])


@pytest.mark.parametrize("k", range(1, 6))
def test_a_step_that_is_larger_by_a_hair_fails(k: int) -> None:
    for n in range(k):
        steps = cases.largest_steps(k)
        steps[n] += Decimal("1e-12")
        assert gradual_margins(steps)[n] < 0
        assert oracle.audit(*cases.gradualism(steps))["verdict"] == "fails"


def test_without_exit_cost_there_is_no_last_step() -> None:
    assert gradual_margins([Decimal("1e-9")], "0")[0] < 0


# 4: repeated dilemma


def critical(make: Callable[[str], Case]) -> F:
    """The discount at which the verdict flips, by halving down to 10^-9."""
    low, high = 0, 10**9
    while high - low > 1:
        middle = (low + high) // 2
        verdict = oracle.audit(*make(f"0.{middle:09d}"))["verdict"]
        low, high = (low, middle) if verdict == "holds" else (middle, high)
    return F(high, 10**9)


@pytest.mark.parametrize(("lag", "found", "expected"), cases.CRITICAL_DISCOUNTS)
def test_critical_discounts(lag: int, found: str | None, expected: str) -> None:
    flips = critical(lambda discount: cases.dilemma(discount, lag, found))
    assert abs(flips - F(expected)) <= F(1, 2 * 10**4)


def test_critical_discounts_solve_their_equations() -> None:
    """3 a period against 5 for the lag, or until found, and 1 after."""
    equations: list[Callable[[F], F]] = [
        lambda d: 2 * d - 1,
        lambda d: 3 * d - 2,
        lambda d: 2 * d**3 - 1,
        lambda d: 2 * d**3 + d - 2,
    ]
    for (lag, found, _), equation in zip(cases.CRITICAL_DISCOUNTS, equations, strict=True):
        flips = critical(lambda d, lag=lag, found=found: cases.dilemma(d, lag, found))  # type: ignore[misc]
        assert equation(flips - F(2, 10**9)) < 0 <= equation(flips)


def test_at_the_critical_discount_itself_the_margin_is_nothing() -> None:
    assert oracle.margins(*cases.dilemma("0.5"))["A"] == [0, 0]


# 5: two cheats together


def test_cheating_on_one_does_not_pay_on_both_it_does() -> None:
    pair = cases.two_cheats()
    kept = oracle.kept(*pair)["i"][0]
    gain = {some: oracle.covert(*pair, "i", set(some), 0) - kept for some in ("x", "y", "xy")}
    # until caught: the gain of a period, over 1 less the weight of a next one, unfound
    assert gain == {
        "x": F("-0.1") / (1 - F(1, 4)),
        "y": F("-0.1") / (1 - F(1, 4)),
        "xy": F("2.3") / (1 - F(1, 8)),
    }
    told = oracle.audit(*pair)
    assert told["verdict"] == "fails"
    assert told["best_breach"]["i"][0] == [{"how": "covert", "from": 0, "fakes": [], "undoes": ["x", "y"]}]


@pytest.mark.parametrize("hidden", ["x", "y"])
def test_with_one_of_the_duties_public_it_holds(hidden: str) -> None:
    assert oracle.audit(*cases.two_cheats([hidden]))["verdict"] == "holds"


# 7: trust


def test_least_trust() -> None:
    pair = cases.trust_game()
    assert oracle.kept(*pair)["A"][0] == 3
    assert oracle.W(*pair, "A", 0) == 2
    assert oracle.B(*pair, "A", "B", 0) == 1
    assert oracle.S(*pair, "A", "B", 0) == 0
    assert oracle.exposure(*pair)["A"][0] == 1
    assert oracle.margins(*pair)["A"][0] == 1
    assert oracle.trust(*pair)["A"][0] == F(1, 2)


# 9: job shop


def test_the_least_makespan_of_ft06_is_55() -> None:
    jobs = cases.ft06()
    starts = JobShop(jobs, 56).solve()
    assert starts is not None
    assert makespan(jobs, starts) == 55
    assert JobShop(jobs, 55).solve() is None


def test_the_schedule_of_55_is_a_road_map() -> None:
    jobs = cases.ft06()
    starts = JobShop(jobs, 56).solve()
    assert starts is not None
    rm = cases.job_shop_road_map(starts)
    raw = cases.job_shop(jobs, 56)
    schedule = Schedule(raw, rm)
    assert oracle.structural(schedule) == []
    assert schedule.comes["finished"] == 55
    assert oracle.clause_holds(raw, rm, "finished by 54") == (False, 1)
    late = oracle.structural(Schedule(cases.job_shop(jobs, 55), rm))
    assert {one["kind"] for one in late} == {"past-horizon"}


def test_two_operations_on_one_machine_at_once_are_over_capacity() -> None:
    jobs: Jobs = [[(0, 2)], [(0, 2)]]
    raw = cases.job_shop(jobs, 5)
    told = oracle.structural(Schedule(raw, cases.job_shop_road_map([[0], [1]])))
    assert [(one["kind"], one["period"]) for one in told] == [("over-capacity", 1)]
    assert oracle.structural(Schedule(raw, cases.job_shop_road_map([[0], [2]]))) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_search_for_makespans_is_right_on_small_shops(seed: int) -> None:
    """Against all orders in which the operations of three jobs can be started."""
    rng = random.Random(seed)
    jobs: Jobs = [[(m, rng.randint(1, 5)) for m in rng.sample(range(3), 2)] for _ in range(3)]
    every = set(permutations([0, 0, 1, 1, 2, 2]))
    assert JobShop(jobs, 100).solve() is not None
    search = JobShop(jobs, 100)
    search.solve()
    assert search.limit == min(_packed(jobs, order) for order in every)


def _packed(jobs: Jobs, order: tuple[int, ...]) -> int:
    """The makespan when operations start as early as they can, in this order."""
    ready, free, steps = [0] * len(jobs), [0] * 3, [0] * len(jobs)
    for job in order:
        machine, duration = jobs[job][steps[job]]
        ready[job] = free[machine] = max(ready[job], free[machine]) + duration
        steps[job] += 1
    return max(ready)
