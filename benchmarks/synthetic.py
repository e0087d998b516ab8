"""A case of 40 measures and 40 periods, built by rule, with a road map that holds."""

from __future__ import annotations

from typing import Any

from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap

Raw = dict[str, Any]

STEPS = 9
PERIODS = 40
ACCESS = ("inspectors", "cameras", "archive", "seals")


def case() -> ResolvedCase:
    """A gives up 18 things piece by piece, B gives 18 in turn, four measures let B see what A does."""
    measures: dict[str, Raw] = {}
    for name in ACCESS:
        measures[name] = _measure("A", {"A": "-0.05"}, public=True)
    for n in range(STEPS):
        before = [f"part-{n - 1}"] if n else []
        measures[f"part-{n}"] = _measure(
            "A", {"A": "-0.4", "B": "1"}, takes=2, after=before, undo=None, detect=_seen(n)
        )
        measures[f"halt-{n}"] = _measure("A", {"A": "-0.3", "B": "0.8"}, undo=_undo(1, "0.2"), detect=_seen(n + 1))
        relief = {"A": "1", "B": "-0.2"}
        measures[f"relief-{n}"] = _measure("B", relief, after=[f"part-{n}"], public=True, withdrawal="automatic")
        measures[f"aid-{n}"] = _measure("B", {"A": "0.5", "B": "-0.1"}, takes=1, public=True)
    return resolved_from_dict({
        "format": "detente/resolved-case/1", "period": "quarter", "periods": PERIODS, "start": "2030-01-01",
        "discount": "0.97", "no_deal": "collapse", "principals": ["A", "B"], "parties": {"A": _party(), "B": _party()},
        "measures": measures,
        "resources": {"teams": {"capacity": 2, "uses": {f"part-{n}": 1 for n in range(STEPS)}}},
    })  # fmt: skip


def road_map() -> RoadMap:
    """Access first, then a part for a piece of relief, every fourth period."""
    starts = dict.fromkeys(ACCESS, 0)
    for n in range(STEPS):
        t = 4 * n
        starts |= {f"aid-{n}": t, f"halt-{n}": t + 1, f"part-{n}": t + 1, f"relief-{n}": t + 4}
    return RoadMap(starts)


def _party() -> Raw:
    return {
        "discount": "0.95", "reserve": None, "response_lag": 1, "status_quo": "0", "exit_cost": "2", "grace": 1,
    }  # fmt: skip


def _measure(by: str, flows: Raw, *, after: Any = (), **given: Any) -> Raw:
    base: Raw = {
        "by": by, "takes": 0, "after": [{"measure": name, "wait": 1} for name in after], "undo": _undo(0, "0"),
        "withdrawal": "if-credible", "residual": "0", "public": False, "done": False, "excludes": [], "replaces": None,
        "value": {who: {"flow": flow, "once": "0", "during": "0"} for who, flow in flows.items()},
        "detect": {"base": "0", "with": []}, "members": None,
    }  # fmt: skip
    return base | given


def _undo(takes: int, cost: str) -> Raw:
    return {"takes": takes, "cost": cost, "chance": "1"}


def _seen(n: int) -> Raw:
    """Found with a small chance anyway, a better one with one kind of access, a good one with two."""
    one, two = ACCESS[n % len(ACCESS)], ACCESS[(n + 1) % len(ACCESS)]
    return {"base": "0.05", "with": [{"measures": [one], "detect": "0.4"}, {"measures": [one, two], "detect": "0.7"}]}
