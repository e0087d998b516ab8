"""Whether a road map's steps start big or small, for each party that pays for its steps (model §8)."""

from __future__ import annotations

import numpy as np

from detente.audit.grounds import Grounds
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Ints
from detente.results.worlds import Shape


def shapes(ground: Grounds, road_map: RoadMap) -> tuple[int | None, tuple[Shape, ...]]:
    """The period halfway between the first and the last step that comes (None: all come at once), and the shape of each
    party's own steps.

    What a step costs or brings is that of the whole time from its date on, in the party's own units, less what it
    replaces brought. The ratio is that of all own costs to all that the others' steps bring, these a period later.
    """
    st = ground.stakes
    c = st.completions(road_map)
    steps: Ints = np.flatnonzero((c < st.periods) & (c >= 0) & (st.owner >= 0))
    if not len(steps):
        return None, ()
    first, last = int(c[steps].min()), int(c[steps].max())
    halfway = (first + last) // 2
    worth = _worths(ground, c, steps)
    found = []
    for i, party in enumerate(st.parties):
        own = st.owner[steps] == i
        cost = np.maximum(-worth[i, own], 0.0)
        if not cost.sum() > 0:
            continue
        gets = float(np.maximum(worth[i, ~own], 0.0).sum() * st.discount[i])
        front = float(cost[c[steps][own] <= halfway].sum() / cost.sum())
        found.append(Shape(party, front, float(cost.sum()) / gets if gets > 0 else None))
    return halfway if first < last else None, tuple(found)


def _worths(ground: Grounds, c: Ints, steps: Ints) -> Floats:
    """(P, steps) what each step is worth to each party from the date on which it comes into force."""
    st, flows = ground.stakes, ground.tables.worth
    worth: Floats = flows[:, steps, c[steps]] + st.once[:, steps] + st.during[:, steps] * st.takes[steps]
    old = st.replaces[steps]
    worth -= np.where(old >= 0, flows[:, np.maximum(old, 0), c[steps]], 0.0)
    return worth
