"""What a plan within a budget of errors stands, told for a reader and for programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.case.stakes import Bools
from detente.incentives.budget.points import settings, worst_point
from detente.incentives.budget.rows import Rows
from detente.incentives.budget.staying import Quantity
from detente.plan.guard import Guard
from detente.plan.scout import Sighting


def told(guard: Guard, seen: Sighting) -> dict[str, Any]:
    """What a plan within a budget of errors stands, and where it comes nearest to not standing it."""
    errors, numbers, st = guard.rows, guard.rows.numbers, guard.rows.numbers.stakes
    turned: Bools = np.logical_or.reduce(errors.open, axis=1)
    return {
        "errors": errors.budget,
        "numbers": {p: int(numbers.for_party[:, i].sum()) for i, p in enumerate(st.parties)},
        "weakest": [_quantity(errors, q) for q in guard.weakest(seen)],
        "left_out": [x.path for x in numbers.left_out],
        "facts_left_out": sorted({x.path for x, _ in numbers.facts_left_out}),
        "undoing_open": [name for name, turns in zip(st.measures, turned.tolist(), strict=True) if turns],
    }


def _quantity(errors: Rows, q: Quantity) -> dict[str, Any]:
    """One quantity at its least: whose, when, how it would leave, how much it keeps, and which numbers are off."""
    st = errors.numbers.stakes
    at = settings(errors, worst_point(errors, q.party, q.values))
    central = {x.path: float(x.central) for x in errors.numbers.counted}
    way: dict[str, Any] = {"how": "not signing" if q.signs else "walk"}
    if q.cheat is not None:
        names = [[st.measures[k] for k in ks] for ks in (q.cheat.fakes, q.cheat.undoes)]
        way = {"how": "covert", "fakes": names[0], "undoes": names[1]}
    return {
        "party": st.parties[q.party], "period": q.period, **way, "central": float(q.values[0]), "least": q.least,
        "relative": q.least / float(errors.K[q.party]) if errors.K[q.party] > 0 else None,
        "worst": [{"number": path, "central": central[path], "at": float(x)} for path, x in at.items()],
    }  # fmt: skip
