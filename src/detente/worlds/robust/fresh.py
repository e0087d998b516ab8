"""A road map judged in worlds that had no part in choosing it, beside another one in the same worlds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.case.draws import Draws
from detente.case.stakes import Bools, Stakes, stakes
from detente.case.variants import governments_of, types_of
from detente.results.estimates import Estimate
from detente.results.in_worlds import Failing, Where
from detente.worlds.judged import Judged, judged
from detente.worlds.robust.trial import Trial
from detente.worlds.slip import Agreed
from detente.worlds.tally import SURE_OF, share

INDEX = 1
"""Their chunk; road maps are chosen on worlds of chunk 0."""
How = Literal["not-signing", "walk", "covert"]
MOST_FAILING = 5
"""Ways to fail that are told."""


@dataclass(frozen=True, eq=False)
class Fresh:
    """``n`` worlds; ``mine``: the road map judged, ``other``: the one that it is compared with."""

    draws: Draws
    mine: Judged
    other: Bools
    """(n,) where the other is signed and nobody ever leaves it"""
    refuses: Bools
    """(n, P) who would not sign"""

    @property
    def n(self) -> int:
        """How many worlds."""
        return len(self.other)

    @property
    def stands(self) -> Bools:
        """(n,) where it is signed and nobody ever leaves."""
        return self.mine.holds & self.mine.signed

    def gained(self) -> Estimate:
        """How much larger a share of worlds it stands in than the other; its interval counts worlds as pairs."""
        each = self.stands.astype(np.float64) - self.other
        mean, half = float(each.mean()), SURE_OF * float(each.std()) / math.sqrt(self.n)
        return Estimate(mean, mean - half, mean + half)

    def where(self) -> tuple[Where, ...]:
        """The share by the types that the parties are of, and by the governments that come."""
        variant = self.draws.chunk(INDEX).variant[: self.n]
        found = []
        for option in (
            *(o for some in types_of(self.draws.case).values() for o in some),
            *governments_of(self.draws.case),
        ):
            has = [
                (v.types.get(option.party) == option.name if option.kind == "type" else option.name in v.governments)
                for v in self.draws.variants
            ]
            of = np.array(has)[variant]
            n = int(of.sum())
            if n:
                stands = share(int((self.stands & of).sum()), n)
                found.append(Where(option.party, option.kind, option.name, option.title or option.name, n, stands))
        return tuple(found)

    def fails(self) -> tuple[Failing, ...]:
        """The commonest ways in which it fails."""
        st = stakes(self.draws.case.resolved)
        counted = Counter(self._ways(st))
        return tuple(Failing(*way, many / self.n) for way, many in counted.most_common(MOST_FAILING))

    def _ways(self, st: Stakes) -> Iterator[tuple[str, How, tuple[str, ...]]]:
        for w in np.flatnonzero(~self.stands).tolist():
            refusing = np.flatnonzero(self.refuses[w]).tolist()
            yield from ((st.parties[i], "not-signing", ()) for i in refusing)
            if not refusing and not self.mine.holds[w]:
                i = int(self.mine.leaves[w].argmin())
                measures = tuple(st.measures[k] for k in self.mine.which[w, i] if k >= 0)
                yield st.parties[i], "covert" if measures else "walk", measures


def fresh(draws: Draws, mine: Agreed, other: Agreed, n: int) -> Fresh:
    """Judge one road map, and try another, in the first ``n`` worlds of their chunk."""
    trial = Trial.drawn(draws, INDEX, 0, n)
    found = judged(draws, mine, INDEX, n)
    stands = found.holds & found.signed if mine.road_map == other.road_map else trial.stands(other)
    return Fresh(draws, found, stands, trial.refuses(mine))
