"""When a cheat begins to matter, and which cheats are alike: sets that need not be searched (model §5).

Whoever walks out before a cheat of its own matters could as well have left it out. So of sets with several cheats only
plans need be looked at that go on until the last of them matters; every other plan belongs to a smaller set as well.
Likewise of measures that are alike in all respects those first in order stand for any others.
"""

from __future__ import annotations

import numpy as np

from detente.case.stakes import NEVER, Bools, Ints, Stakes
from detente.incentives.cheat import Setting


def bites(s: Setting, t0: int, ks: Ints, fake: Bools) -> Ints:
    """(n,) for each measure the period up to which walking out makes it all the same whether it is cheated on.

    A fake matters from ``c_k`` on: until then nothing was to come of it anyway, nobody looks, and what is not in force
    when its owner stops does not come. Work saved matters as soon as it would be under way. Secret undoing matters
    from ``t0`` on. ``NEVER``: it saves nothing, costs nothing, is never found, and nothing else hangs on it.
    """
    stakes, i = s.tb.stakes, s.i
    works = (stakes.during[i, ks] != 0) & (stakes.takes[ks] > 0)
    begin = np.where(works, np.maximum(t0, s.c[ks] - stakes.takes[ks]), s.c[ks])
    matters = np.array([_matters(stakes, i, int(k)) for k in ks], dtype=np.bool_)
    return np.where(matters, np.where(fake, begin, t0), NEVER)


def _matters(stakes: Stakes, i: int, k: int) -> bool:
    """Whether cheating on a measure can change anything for its owner."""
    pays = stakes.flow[:, i, k].any() or stakes.once[i, k] or stakes.during[i, k] or stakes.undo_cost[k]
    seen = stakes.detect_base[k] or any(rule.detect for rule in stakes.access[k])
    return bool(pays or seen or _leant_on(stakes, k))


def _leant_on(stakes: Stakes, k: int) -> bool:
    """Whether a milestone, or access to anything, hangs on a measure."""
    return any(k in members for members in stakes.members) or any(
        k in rule.measures for rules in stakes.access for rule in rules
    )


def twins(s: Setting, ks: Ints, fake: Bools) -> Ints:
    """(n,) for each candidate the position of the last one before it that is like it in all respects, or -1."""
    found: Ints = np.full(len(ks), -1)
    last: dict[object, int] = {}
    for n, k in enumerate(ks.tolist()):
        if _leant_on(s.tb.stakes, k):
            continue
        name = s.tb.stakes.measures[k]
        m, party = s.tb.stakes.case.measures[name], s.tb.stakes.parties[s.i]
        like = bool(fake[n]), int(s.c[k]), m.takes, m.undo, m.withdrawal, m.residual, m.value.get(party), m.detect
        found[n] = last.get(like, -1)
        last[like] = n
    return found
