"""What is told of many worlds: counts put into words of the answer, and what is read off the worlds after that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.audit.grounds import grounds
from detente.audit.origin import origin
from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.case.sampling import Method
from detente.results.boxes import Boxes
from detente.results.drivers import Driver, Influence
from detente.results.estimates import Estimate
from detente.results.finding_out import FindingOut
from detente.results.provenance import Provenance
from detente.results.worlds import LEVELS, OF_SAMPLES, GoalShare, Larger, Leaving, Trust, Worlds
from detente.worlds.binding import binding
from detente.worlds.boxes import boxes
from detente.worlds.finding_out import finding_out
from detente.worlds.home import Sampled
from detente.worlds.inputs import columns_of, uncertain
from detente.worlds.judged import Judged
from detente.worlds.larger import Holding, larger, room_for_larger
from detente.worlds.limits import Limits
from detente.worlds.matters import drivers
from detente.worlds.slip import Agreed
from detente.worlds.tally import Tally, exactly, share
from detente.worlds.totals import totals

FEWEST = 64
"""Worlds below which nothing is said of what matters."""
MOST_BROKEN = 256
"""Worlds that break of which it is asked what would keep them."""


@dataclass(frozen=True)
class Asked:
    """``n`` worlds; ``larger``: how many of those that hold are searched for larger cheats; ``time_limit``: seconds for
    all of it; ``totals``: whether to draw further worlds for total indices; judged by so many ``workers`` (threads)."""

    n: int = 4096
    seed: int = 0
    method: Method = "lhs"
    larger: int = 100
    time_limit: float | None = None
    totals: bool = False
    workers: int = 1


@dataclass(eq=False)
class Kept:
    """Of the first worlds what was drawn and what came of it; where some are that hold, and some that break."""

    x: list[np.ndarray] = field(default_factory=list)
    variant: list[np.ndarray] = field(default_factory=list)
    breaks: list[np.ndarray] = field(default_factory=list)
    hides: list[np.ndarray] = field(default_factory=list)
    gains: list[np.ndarray] = field(default_factory=list)
    others_sign: list[np.ndarray] = field(default_factory=list)
    holding: list[Holding] = field(default_factory=list)
    broken: list[tuple[int, int]] = field(default_factory=list)

    def number(self, x: np.ndarray, variant: np.ndarray, j: Judged) -> None:
        """Keep the numbers ``x`` (n, column) and variants (n,) of worlds, with what came of them."""
        self.x.append(x)
        self.variant.append(variant)
        self.breaks.append(~j.holds)
        self.hides.append(j.hides)
        self.gains.append(j.gains)
        self.others_sign.append(j.others_sign)

    def add(self, index: int, first: int, j: Judged, most: int) -> None:
        """Remember where worlds are, from row ``first`` of chunk ``index`` on: at most so many that hold."""
        holds, breaks = np.flatnonzero(j.holds).tolist(), np.flatnonzero(~j.holds).tolist()
        self.holding += [(index, first + r, j.starts[r]) for r in holds[: max(most - len(self.holding), 0)]]
        self.broken += [(index, first + r) for r in breaks[: max(MOST_BROKEN - len(self.broken), 0)]]


class Answering:
    """Puts counts into an answer."""

    def __init__(
        self, draws: Draws, road_map: RoadMap, plan: Agreed, asked: Asked, words: Mapping[str, tuple[str, str]],
        report: Callable[[str], None], limits: Limits,
    ) -> None:  # fmt: skip
        self.draws, self.road_map, self.plan, self.asked = draws, road_map, plan, asked
        self.words, self.report, self.limits = words, report, limits
        self.resolved, self.ground = draws.case.resolved, grounds(draws.case.resolved)
        self.uncertain = uncertain(draws)
        self.left_out: list[str] = []

    def answer(self, tally: Tally, kept: Kept) -> Worlds:
        """The answer, with what takes longer than counting."""
        holds = self._share(tally.holds, tally.n)
        found, sides, knowing = self._matters(kept)
        self.report("what binds")
        variant, breaks, hides = (np.concatenate(x) for x in (kept.variant, kept.breaks, kept.hides))
        sampled = Sampled(variant, breaks, hides)
        binds = binding(self.draws, self.plan, tally, sampled, kept.broken, self.limits.over)
        cheats = self._larger(tally, kept, holds)
        influences = self._influences(found)
        told_short = binds.kept_share is None and tally.holds < tally.n
        self.left_out += ["kept_share"] if told_short else []
        return Worlds(
            road_map=self.road_map,
            n=tally.n,
            uncertain=self.uncertain,
            method=self.asked.method,
            holds=holds,
            signed=self._share(tally.signed, tally.n),
            both=self._share(tally.both, tally.n),
            survival=tally.survival,
            leaves=self._leaves(tally),
            trust=self._trust(tally),
            goals=self._goals(tally),
            deceived=tally.deceived / tally.n,
            larger=cheats,
            binding=binds,
            drivers=found,
            influences=influences,
            boxes=sides,
            finding_out=knowing,
            left_out=tuple(self.left_out),
            provenance=self._provenance(),
        )

    def _share(self, part: float, n: int) -> Estimate:
        """A share of the worlds; where nothing is uncertain they are all the case itself, and it is exact."""
        return share(part, n) if self.uncertain else exactly(part / n)

    def _larger(self, tally: Tally, kept: Kept, holds: Estimate) -> Larger | None:
        """What cheats on three measures or more change; nothing where nobody has as many to cheat on."""
        if not tally.holds:
            return None
        if not room_for_larger(self.draws, self.road_map):
            return Larger(tally.holds, exactly(0.0), 0.0, holds)
        holding = kept.holding if self.uncertain else kept.holding[:1]
        found = larger(self.draws, holding, holds, self.report, self.limits.over)
        if found is None or found.worlds < len(holding):
            self.left_out += ["larger"] if holding else []
        if found is None or self.uncertain:
            return found
        broken = exactly(found.broken.value)
        still = exactly(holds.value * (1 - broken.value))
        return replace(found, broken=broken, holds=replace(still, low=0.0) if found.undecided else still)

    def _provenance(self) -> Provenance:
        asked = {"worlds": self.asked.n, "larger": self.asked.larger, "time_limit": self.asked.time_limit}
        limits = self.limits
        return origin(self.resolved, asked, seconds=limits.seconds, cut=limits.cut, seed=self.asked.seed)

    def _leaves(self, tally: Tally) -> tuple[Leaving, ...]:
        names, st = self.ground.stakes.measures, self.ground.stakes
        return tuple(
            Leaving(
                st.parties[i], t, "covert" if ks else "walk", tuple(names[k] for k in ks or ()), many / tally.n,
                first / tally.n,
            )
            for i, t, ks, many, first in tally.commonest()
        )  # fmt: skip

    def _players(self) -> list[int]:
        """Parties that have a part in the road map."""
        st = self.ground.stakes
        c = st.completions(self.road_map)
        return [i for i in range(len(st.parties)) if ((c < st.periods) & (st.owner == i)).any()]

    def _trust(self, tally: Tally) -> tuple[Trust, ...]:
        parties, players = self.ground.stakes.parties, self._players()
        told = []
        for i in players:
            earned, whose = tally.earned(i, [k for k in players if k != i])
            told.append(
                Trust(
                    parties[i],
                    tuple(tally.quantile(q, i) for q in LEVELS),
                    tuple(tally.where_enough(q, i) for q in LEVELS),
                    tuple(earned.tolist()),
                    tuple(None if k is None else parties[k] for k in whose),
                    tally.credible(i, earned),
                    tuple((tally.beyond[:, i] / tally.n).tolist()),
                )
            )
        return tuple(told)

    def _goals(self, tally: Tally) -> tuple[GoalShare, ...]:
        owner = {c.of: c.owner for c in self.resolved.clauses if c.kind == "goal"}
        return tuple(
            GoalShare(name, owner[name], self._share(many, tally.n), tally.paper[name] / tally.n)
            for name, many in tally.goals.items()
        )

    def _influences(self, found: Sequence[Driver]) -> tuple[Influence, ...]:
        """Total indices, if they were asked for and there is time."""
        if not self.asked.totals or not found:
            return ()
        told = totals(self.draws, self.plan, found, self.words, self.report, self.limits.over)
        self.left_out += [] if told else ["influences"]
        return told

    def _matters(self, kept: Kept) -> tuple[tuple[Driver, ...], Boxes | None, tuple[FindingOut, ...]]:
        x, breaks, seed = np.concatenate(kept.x), np.concatenate(kept.breaks), self.asked.seed
        columns = columns_of(self.draws, self.words)
        found: tuple[Driver, ...] = ()
        sides, knowing = None, list[FindingOut]()
        if len(x) < FEWEST or not columns:
            return found, sides, ()
        if self.asked.method == "sobol":
            self.left_out += [part for part in OF_SAMPLES if part != "influences" or self.asked.totals]
            return found, sides, ()
        if self._in_time("drivers", "what it hangs on"):
            found = drivers(x, (~breaks).astype(np.float64), columns, seed)
        gains, comes, st = np.concatenate(kept.gains), np.concatenate(kept.others_sign), self.ground.stakes
        named = self.road_map.name or "the road map"
        for p in (p for p in self.resolved.principals if st.party_index[p] in self._players()):
            if self._in_time("finding_out", "what to find out first"):
                i = [st.party_index[p]]
                knowing.append(finding_out(x, gains[:, i], columns, p, (named,), seed, comes[:, i]))
        if breaks.any() and not breaks.all() and self._in_time("boxes", "when it breaks"):
            sides = boxes(x, breaks, columns, seed)
        return found, sides, tuple(knowing)

    def _in_time(self, part: str, doing: str) -> bool:
        """Whether there is time for a part of the answer; else it is left out."""
        if self.limits.over():
            self.left_out += [part] if part not in self.left_out else []
            return False
        self.report(doing)
        return True
