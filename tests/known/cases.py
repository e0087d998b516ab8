"""Published results as cases and road maps of this model; nothing here computes a value or a verdict.

Numbers follow the table of known results in the model. Each builder says how its source maps into the model.
All numbers are decimal strings; where a result is a limit (no discounting) the discount is `NEARLY_ONE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.making import Raw, case, measure, milestone, party, road_map, worth

Case = tuple[Raw, Raw]
NEARLY_ONE = "0.999999999"
HERE = Path(__file__).parent


def plain(number: Decimal) -> str:
    """A decimal without an exponent."""
    return f"{number:f}"


# 1, 2: safe exchange


def exchange(
    items: Sequence[tuple[Decimal, Decimal]],
    outstanding: Sequence[Decimal],
    prepaid: Decimal,
    exit_cost: str,
    discount: str = NEARLY_ONE,
) -> Case:
    """Goods against money, piece by piece (Sandholm & Lesser 1995, Sandholm & Ferrandon 2000).

    The supplier delivers `items` (its cost, their value to the buyer) in periods 1, 3, 5, ...; the buyer
    pays in periods 0, 2, 4, ...: first `prepaid`, then such sums that `outstanding[n]` is still to be paid
    before delivery n. Everything is a `once` that cannot be undone, public, and takes no time, so that
    breaking the deal is to stop; a lag of one period means that whoever is let down does not do its next
    step. `exit_cost` is the supplier's.
    """
    sums = [
        prepaid,
        *(now - then for now, then in zip(outstanding, [*outstanding[1:], Decimal(0)], strict=True)),
    ]
    fixed: dict[str, Any] = {"undo": None, "public": True}
    measures, starts = {}, {}
    for n, (cost, value) in enumerate(items):
        name, what = f"deliver-{n + 1}", {"supplier": worth(0, plain(-cost)), "buyer": worth(0, plain(value))}
        measures[name], starts[name] = measure("supplier", what, **fixed), 2 * n + 1
    for n, money in enumerate(sums):
        name, what = f"pay-{n}", {"supplier": worth(0, plain(money)), "buyer": worth(0, plain(-money))}
        measures[name], starts[name] = measure("buyer", what, **fixed), 2 * n
    parties = {"supplier": party(discount, exit_cost=exit_cost), "buyer": party(discount)}
    periods = 2 * len(items) + 1
    return case(measures, parties, periods=periods, discount=discount), road_map(**starts)


def safe_payments(items: Sequence[tuple[Decimal, Decimal]], exit_cost: str) -> list[Decimal]:
    """What is to be outstanding before each delivery: the middle of what both can bear.

    The supplier goes on if that is at least its cost still to come less its exit cost, the buyer if it is at
    most the value still to come after this delivery. Where the interval is empty, its middle serves nobody.
    """
    found = []
    for n in range(len(items)):
        low = sum((cost for cost, _ in items[n:]), Decimal(0)) - Decimal(exit_cost)
        high = sum((value for _, value in items[n + 1 :]), Decimal(0))
        found.append((low + high) / 2)
    return found


SUPPLIES = {6: 8, 3: 6, 1: 4}
"""Row 1: what costs the supplier 6, 3, 1 is worth 8, 6, 4."""


def safe_exchange(order: Sequence[int], exit_cost: str = "1", outstanding: Sequence[Decimal] | None = None) -> Case:
    """Row 1: `order` names the items by their cost, such as (6, 3, 1). 4 is paid in advance."""
    items = [(Decimal(cost), Decimal(SUPPLIES[cost])) for cost in order]
    owed = safe_payments(items, exit_cost) if outstanding is None else outstanding
    return exchange(items, owed, Decimal(4), exit_cost)


def safe_exchange_to_plan(exit_cost: str = "1") -> Raw:
    """Row 1 for a planner: all goods must be delivered, for payments of 4, 6 and 3.5 in this order.

    Without a margin asked for (margin 0 at the last delivery) there are road maps, all dearest first.
    """
    fixed: dict[str, Any] = {"undo": None, "public": True}
    measures = {
        f"deliver-{cost}": measure("supplier", {"supplier": worth(0, -cost), "buyer": worth(0, value)}, **fixed)
        for cost, value in SUPPLIES.items()
    }
    before: list[Raw] = []
    for name, money in (("pay-first", "4"), ("pay-more", "6"), ("pay-rest", "3.5")):
        what = {"supplier": worth(0, money), "buyer": worth(0, f"-{money}")}
        measures[name] = measure("buyer", what, after=before, **fixed)
        before = [{"measure": name, "wait": 1}]
    parties = {"supplier": party(NEARLY_ONE, exit_cost=exit_cost), "buyer": party(NEARLY_ONE)}
    lines = [red_line("buyer", f"deliver-{cost} by 5") for cost in SUPPLIES]
    return case(measures, parties, periods=6, discount=NEARLY_ONE, clauses=lines)


def red_line(owner: str, text: str) -> Raw:
    """A clause that binds."""
    name = text.replace(" ", "-")
    return {
        "id": name,
        "owner": owner,
        "kind": "red-line",
        "of": owner,
        "strength": "must",
        "weight": "1",
        "text": text,
    }


def instalments(sizes: Sequence[Decimal], exit_cost: str = "1", outstanding: Sequence[Decimal] | None = None) -> Case:
    """Row 2: one divisible good, a unit costs 1 and is worth 2; half of the total is paid in advance."""
    items = [(size, 2 * size) for size in sizes]
    owed = safe_payments(items, exit_cost) if outstanding is None else outstanding
    return exchange(items, owed, sum(sizes, Decimal(0)) / 2, exit_cost)


def doubling(k: int, scale: str = "1") -> list[Decimal]:
    """Row 2: 2^(k-1), ..., 4, 2, 1 times `scale`: the largest k instalments, which sum to 2^k - 1."""
    return [Decimal(scale) * 2**n for n in range(k - 1, -1, -1)]


def hundred_in_seven() -> list[Decimal]:
    """Row 2: 100 in seven instalments, each less than what remains after it, plus 1."""
    last = [Decimal("0.8") * 2**n for n in range(5, -1, -1)]
    return [100 - sum(last, Decimal(0)), *last]


# 3: gradualism


def gradualism(steps: Sequence[Decimal], exit_cost: str = "1") -> Case:
    """Row 3 (Lockwood & Thomas 2002): both go the same step at the same time, in periods 0, 1, ..., for ever.

    A unit of the other's step is a flow of 3, a unit of one's own a flow of -1; steps cannot be taken back.
    A party that leaves in t still gets the other's step of t (lag 1) and pays the exit cost.
    """
    measures, starts = {}, {}
    for n, size in enumerate(steps):
        for own, other in (("A", "B"), ("B", "A")):
            name = f"{own.lower()}-{n + 1}"
            flows = {own: plain(-size), other: plain(3 * size)}
            measures[name], starts[name] = measure(own, flows, undo=None, public=True), n
    parties = {name: party("0.9", exit_cost=exit_cost) for name in ("A", "B")}
    return case(measures, parties, periods=len(steps), discount="0.9"), road_map(**starts)


REACH = {1: "0.1", 2: "0.38", 3: "1.146", 4: "3.2242", 5: "8.84534"}
"""Row 3: the most that k steps can reach."""


def largest_steps(k: int) -> list[Decimal]:
    """Row 3: counted from the last, 0.1, then 2.7 times the one before plus 0.01; in order of time."""
    found = [Decimal("0.1")]
    while len(found) < k:
        found.append(Decimal("2.7") * found[-1] + Decimal("0.01"))
    return found[::-1]


# 4: repeated dilemma


def dilemma(discount: str, lag: int = 1, found: str | None = None) -> Case:
    """Row 4: T, R, P = 5, 3, 1 (and S = -1): cooperating is a measure that is done and can stop at once.

    It costs 2 and gives the other 4, on top of the 1 that both have without. Openly, one has 5 for `lag`
    periods and 1 for ever after. With `found`, a chance a period, stopping can be hidden until it is found.
    """
    hidden: dict[str, Any] = {"public": found is None, "detect": {"base": found or "0", "with": []}}
    measures = {
        "a": measure("A", {"A": -2, "B": 4}, done=True, **hidden),
        "b": measure("B", {"B": -2, "A": 4}, done=True, **hidden),
    }
    parties = {name: party(discount, status_quo=1, response_lag=lag) for name in ("A", "B")}
    return case(measures, parties, periods=1, discount=discount), road_map()


CRITICAL_DISCOUNTS: list[tuple[int, str | None, str]] = [
    (1, None, "0.5"),
    (1, "0.5", "0.6667"),
    (3, None, "0.7937"),
    (3, "0.5", "0.8351"),
]
"""Row 4: lag, chance of detection, critical discount to four digits."""


# 5: two cheats together


def two_cheats(hidden: Sequence[str] = ("x", "y")) -> Case:
    """Row 5: cheat on one of two duties and it does not pay, cheat on both and it does.

    Each duty costs i 4.9 a period and can secretly be dropped at once, found with chance 1/2 a period. What
    i loses when found is the other's help (19.8 a period) less the duties it is then rid of (9.8): 10 a
    period from the next on, which at a discount of 1/2 is worth 10. So a period of cheating on one gains
    4.9 - 10/2 = -0.1, on both 9.8 - 10 * 3/4 = 2.3. `hidden` names the duties that are not public.
    """
    found = {"base": "0.5", "with": []}
    measures = {
        name: measure("i", {"i": "-4.9", "j": 10}, done=True, public=name not in hidden, detect=dict(found))
        for name in ("x", "y")
    }
    measures["help"] = measure("j", {"j": -1, "i": "19.8"}, done=True)
    return case(measures, {"i": party(), "j": party()}, periods=1), road_map()


# 7: trust


def trust_game() -> Case:
    """Row 7 (Kydd 2005): R, T, P, S = 3, 2, 1, 0, one move each, at the same time (period 0).

    Nobody moving is worth 1 once (a status quo of 1 in period 0). Moving costs 1, the other's move gives 1,
    both moving 2 more (a milestone): S = 1 - 1, T = 1 + 1, R = 1 - 1 + 1 + 2.
    """
    measures = {
        own.lower(): measure(own, {own: worth(0, -1), other: worth(0, 1)}, undo=None)
        for own, other in (("A", "B"), ("B", "A"))
    }
    measures["both"] = milestone(["a", "b"], {name: worth(0, 2) for name in ("A", "B")})
    parties = {name: party(status_quo=[1, 0]) for name in ("A", "B")}
    return case(measures, parties, periods=2), road_map(a=0, b=0)


# 9: job shop


Jobs = list[list[tuple[int, int]]]


def ft06() -> Jobs:
    """Per job its operations in order: (machine, duration) (Fisher & Thompson 1963)."""
    lines = (HERE / "ft06.txt").read_text(encoding="utf-8").splitlines()
    rows = [[int(word) for word in line.split()] for line in lines if line and not line.startswith("#")]
    return [list(zip(row[::2], row[1::2], strict=True)) for row in rows]


def operation(job: int, step: int) -> str:
    """The name of the measure that is one operation."""
    return f"job-{job + 1}-op-{step + 1}"


def job_shop(jobs: Jobs, periods: int) -> Raw:
    """Row 9: operations are measures worth nothing to anybody, each after the one before with a wait of 0.

    Machines are resources of capacity 1. The milestone `finished` has all last operations for members: it
    comes into force in the makespan, so a makespan of m needs m + 1 periods.
    """
    measures: dict[str, Raw] = {}
    for job, steps in enumerate(jobs):
        for step, (_, duration) in enumerate(steps):
            before = [{"measure": operation(job, step - 1), "wait": 0}] if step else []
            owner = ("A", "B")[job % 2]
            measures[operation(job, step)] = measure(owner, {}, takes=duration, after=before, undo=None)
    last = [operation(job, len(steps) - 1) for job, steps in enumerate(jobs)]
    measures["finished"] = milestone(last, {})
    machines = sorted({machine for steps in jobs for machine, _ in steps})
    resources = {f"machine-{one}": {"capacity": 1, "uses": _uses(jobs, one)} for one in machines}
    return case(measures, periods=periods, resources=resources)


def _uses(jobs: Jobs, wanted: int) -> dict[str, int]:
    return {
        operation(job, step): 1
        for job, steps in enumerate(jobs)
        for step, (machine, _) in enumerate(steps)
        if machine == wanted
    }


def job_shop_road_map(starts: Sequence[Sequence[int]]) -> Raw:
    """Starts per job and operation as a road map."""
    return road_map(**{operation(job, step): s for job, row in enumerate(starts) for step, s in enumerate(row)})


# 8: barter

BILL_HAS = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
JACK_HAS = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
"""Row 8: what each good is worth to Bill and to Jack (Nash 1950)."""


def barter() -> Raw:
    """Row 8: each may give any of his goods to the other, all at once, once and for all.

    The source takes it that agreements are kept; here a cost of leaving above all that is at stake sees to that.
    """
    measures = {}
    for giver, sign, goods in (("Bill", -1, BILL_HAS), ("Jack", 1, JACK_HAS)):
        for name, (bill, jack) in goods.items():
            what = {"Bill": worth(0, sign * bill), "Jack": worth(0, -sign * jack)}
            measures[name] = measure(giver, what, undo=None, public=True)
    parties = {name: party("0.5", exit_cost="100") for name in ("Bill", "Jack")}
    return case(measures, parties, periods=1)
