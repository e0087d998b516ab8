"""What leaving out larger cheats hides: some worlds in which nobody leaves by less, searched one by one.

In every world walking out and cheats on one or two measures are tried; here all sets are, each government by its own
numbers while it is in office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from detente.audit.grounds import Grounds
from detente.case.draws import Drawn, Draws
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, Ints, stakes
from detente.incentives.leaving import leaves
from detente.results.estimates import Estimate
from detente.results.worlds import Larger
from detente.worlds.tally import share

MOST_TRIED = 2
"""Measures of a cheat that is tried in every world."""
Holding = tuple[int, int, Ints]
"""Chunk and row of a world in which nobody leaves, and (N,) the starts of its steps."""


def room_for_larger(draws: Draws, road_map: RoadMap) -> bool:
    """Whether in any world a party has three measures or more on which it could cheat."""
    for case in (case.resolved for variant in draws.variants for _, case in variant.regimes):
        open_to = Counter(
            m.by
            for name, m in case.measures.items()
            if not m.public and m.members is None and (m.done or name in road_map.starts)
        )
        if any(many > MOST_TRIED for party, many in open_to.items() if party is not None):
            return True
    return False


def larger(
    draws: Draws,
    holding: Sequence[Holding],
    holds: Estimate,
    report: Callable[[str], None],
    over: Callable[[], bool],
) -> Larger | None:
    """In how many of those worlds a cheat of any size pays, and what that makes of the share ``holds``.

    None if time is ``over`` before the first, or there is none.
    """
    looked = broken = undecided = 0
    for index, row, starts in holding:
        if over():
            break
        report(f"larger cheats: {looked} of {len(holding)} worlds")
        breaks, proved = _breaks(draws, draws.chunk(index), row, starts)
        looked += 1
        broken += breaks
        undecided += not breaks and not proved
    if not looked:
        return None
    part = share(broken, looked)
    most = share(broken + undecided, looked).high
    still = Estimate(holds.value * (1 - part.value), holds.low * (1 - most), holds.high * (1 - part.low))
    return Larger(looked, part, undecided / looked, still)


def _breaks(draws: Draws, drawn: Drawn, row: int, starts: Ints) -> tuple[bool, bool]:
    """Whether somebody leaves one world, and whether that is known."""
    options = draws.variants[drawn.variant[row]].options
    ends = [begin for begin, _ in options[1:]]
    known = True
    now = stakes(draws.resolved(drawn, row))
    named = {k: int(s) for k, s in zip(now.measures, starts, strict=True) if s < NEVER}
    c = now.completions(RoadMap(named))
    for regime, (begin, _) in enumerate(options):
        world = draws.resolved(drawn, row, regime) if regime else now.case
        ground = Grounds(world, stakes(world) if regime else now)
        found = leaves(ground.tables, c, ground.error)
        end = ends[regime] if regime < len(ends) else None
        if bool(np.any(found.when[begin:end])):
            return True, True
        known &= found.proved
    return False, known
