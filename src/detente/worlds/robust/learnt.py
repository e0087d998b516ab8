"""What the first year of a road map tells of each party: who it is, and whether it will go on."""

from __future__ import annotations

import numpy as np

from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, Floats, stakes
from detente.results.in_worlds import Learnt
from detente.worlds.judged import Judged

PERIODS = {"month": 12, "quarter": 4, "year": 1}


def learnt(case: ResolvedCase, draws: Draws, road_map: RoadMap, j: Judged, index: int) -> tuple[Learnt, ...]:
    """By Bayes' rule over the worlds ``j`` of chunk ``index``, of parties with a step on the road map: what it tells
    of each that no breach of its own was seen before the second year."""
    st, n = stakes(case), len(j.holds)
    t = min(PERIODS[case.period], case.periods)
    variant = draws.chunk(index).variant[:n]
    acting = {case.measures[k].by for k in road_map.starts}
    found = []
    for i, party in enumerate(st.parties):
        if party not in acting:
            continue
        unseen, stays = j.unseen[:, t, i], j.leaves[:, i] >= NEVER
        names = [v.types.get(party, "") for v in draws.variants]
        mine = np.array(names, dtype=object)[variant]
        types = {name: _chances(unseen, mine == name) for name in dict.fromkeys(names) if name}
        found.append(Learnt(party, t, *_chances(unseen, stays), types))
    return tuple(found)


def _chances(unseen: Floats, of: np.ndarray) -> tuple[float, float]:
    """The chance of something (n,), before and after nothing was seen (n,)."""
    total = float(unseen.sum())
    return float(of.mean()), float(unseen[of].sum()) / total if total > 0 else 0.0
