"""What keeps a road map from holding everywhere: not knowing the other side, or steps that cannot be taken back.

If nobody would leave were every number as in the case, what breaks it in other worlds is not knowing in which one is:
then steps should start small and grow, so that conduct tells who is who before much is at stake. If somebody leaves
even so, what is left of the partner's steps is worth too little beside what its own cost: then steps should start big
and shrink.
"""

from __future__ import annotations

import numpy as np

from detente.audit.grounds import Grounds
from detente.audit.standing import moments
from detente.results.worlds import Binding, Regime
from detente.worlds.slip import Agreed
from detente.worlds.tally import Tally


def binding(ground: Grounds, plan: Agreed, tally: Tally) -> Binding:
    """Which of the two it is, and who comes closest to leaving at the central values."""
    at_home = moments(ground, plan.road_map)
    least = min(at_home.moments, key=lambda m: m.margin if m.relative is None else m.relative, default=None)
    leave = {m.party for m in at_home.moments if m.margin < 0}
    broken = tally.n - tally.holds
    others = sum(many for (i, _, _), many in tally.moments_first.items() if ground.stakes.parties[i] not in leave)
    part = min(others / broken, 1.0) if broken else 0.0
    regime: Regime = "nothing" if not broken else "unknown-type" if part > 0.5 else "irreversibility"
    return Binding(
        regime, least.party if least else None, least.period if least else None,
        least.margin if least else None, float(np.round(part, 12)),
    )  # fmt: skip
