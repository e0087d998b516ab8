"""The world in which it is known who the others are: what every party is, who governs when, all numbers central.

Governments that are certain to come are in it. What the parties are, and which of the other governments come, is what
it is in the worlds in which the road map is kept most often and nothing is hidden. That is chosen on half of some
worlds; what part of the breaks it spares is told of the other half, so that luck is not counted as knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.audit.grounds import Grounds, grounds
from detente.audit.standing import Moment, weakest_moments
from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Ints
from detente.case.variants import Option, Variant, types_of, uncertain_governments
from detente.incentives.leaving import leaves
from detente.results.estimates import Estimate
from detente.worlds.give_back import leaves_with_nothing
from detente.worlds.slip import Agreed
from detente.worlds.spared import spared
from detente.worlds.tally import share

Combination = tuple[str, ...]
"""The types of all parties, or the governments that come."""


@dataclass(frozen=True)
class Sampled:
    """Worlds from which it is read what binds: (n,) the variant of each, whether somebody leaves, and whether something
    stays hidden."""

    variant: Ints
    breaks: Bools
    hides: Bools

    def of(self, rows: Ints) -> Sampled:
        """Some of the worlds."""
        return Sampled(self.variant[rows], self.breaks[rows], self.hides[rows])


@dataclass(frozen=True, eq=False)
class Home:
    """Who the parties are and who governs there, and what part of the breaks would not be, were that known.

    ``kind``: the type of each party that has types; ``comes``: the governments that may come, and whether they do.
    Of the breaks ``kind_share`` is spared by the types, ``government_share`` by the governments, ``known_share`` by
    both; None where there is nothing to be known, or too few worlds to tell.
    """

    draws: Draws
    kind: Mapping[str, Option] = field(default_factory=dict)
    comes: Sequence[tuple[Option, bool]] = ()
    kind_share: Estimate | None = None
    government_share: Estimate | None = None
    known_share: Estimate | None = None

    def alike(self, v: Variant) -> bool:
        """Whether the parties are of these types."""
        return all(v.types[party] == option.name for party, option in self.kind.items())

    def governed(self, v: Variant) -> bool:
        """Whether those of the governments come that come here."""
        return all((g.name in v.governments) == comes for g, comes in self.comes)

    def stretches(self) -> list[tuple[slice, Grounds]]:
        """From when until when which case holds."""
        regimes = next(v for v in self.draws.variants if self.alike(v) and self.governed(v)).regimes
        ends = [*(begin for begin, _ in regimes[1:]), None]
        return [(slice(begin, end), grounds(case.resolved)) for (begin, case), end in zip(regimes, ends, strict=True)]


def weakest(stretches: Sequence[tuple[slice, Grounds]], road_map: RoadMap) -> list[tuple[Moment, int]]:
    """The weakest moment of each party under each government, and which government that is.

    One that would gain by leaving, but most by leaving later than it governs, does not leave: that moment is left out.
    """
    c = stretches[0][1].stakes.completions(road_map)
    found = []
    for n, (within, ground) in enumerate(stretches):
        told = weakest_moments(ground, road_map, within)
        if len(stretches) > 1 and any(m.margin < 0 for m in told):
            ever = leaves(ground.tables, c, ground.error)
            goes = np.logical_or.reduce(ever.when[within], axis=0) | np.bool_(not ever.proved)
            told = tuple(m for m in told if m.margin >= 0 or goes[ground.stakes.party_index[m.party]])
        found += [(m, n) for m in told]
    return found


def holds_with_nothing(
    stretches: Sequence[tuple[slice, Grounds]], plan: Agreed, moments: Sequence[tuple[Moment, int]]
) -> bool:  # fmt: skip
    """Whether those who gain by leaving would stay, could they keep nothing that they were given."""
    now = stretches[0][1].case
    for moment, n in moments:
        within, ground = stretches[n]
        i = ground.stakes.party_index[moment.party]
        if moment.margin < 0 and leaves_with_nothing(now, ground.case, plan, i, within):
            return False
    return True


def home(draws: Draws, sampled: Sampled) -> Home:
    """Where it is known who the others are, as some worlds tell it."""
    order = np.random.default_rng(np.random.SeedSequence(draws.seed)).permutation(len(sampled.breaks))
    half = (len(order) + 1) // 2
    chosen, fresh = _chosen(draws, sampled.of(order[:half])), sampled.of(order[half:])
    alike = np.array([chosen.alike(v) for v in draws.variants])[fresh.variant]
    governed = np.array([chosen.governed(v) for v in draws.variants])[fresh.variant]
    return replace(
        chosen,
        kind_share=spared(fresh.breaks, alike) if chosen.kind else None,
        government_share=spared(fresh.breaks, governed) if chosen.comes else None,
        known_share=spared(fresh.breaks, alike & governed) if chosen.kind or chosen.comes else None,
    )


def _chosen(draws: Draws, sampled: Sampled) -> Home:
    """The types with which it is kept most often and nothing is hidden, whoever governs; then the governments.

    What is likeliest of these is given up only for what is clearly kept more often.
    """
    options = types_of(draws.case)
    uncertain = uncertain_governments(draws.case)
    combined = [tuple(v.types.values()) for v in draws.variants]
    kept = _kept(sampled, dict(enumerate(combined)))
    types = max(kept, key=lambda one: kept[one].low)
    unsure = {g.name for g in uncertain}
    coming = {
        n: tuple(name for name in v.governments if name in unsure)
        for n, v in enumerate(draws.variants)
        if combined[n] == types
    }
    kept = _kept(sampled, coming)
    come, likely = max(kept, key=lambda one: kept[one].low), tuple(g.name for g in uncertain if 2 * g.chance > 1)
    if likely in kept and kept[come].low <= kept[likely].high:
        come = likely
    kind = {p: next(o for o in own if o.name == name) for (p, own), name in zip(options.items(), types, strict=True)}
    return Home(draws, kind, tuple((g, g.name in come) for g in uncertain))


def _kept(sampled: Sampled, alike: Mapping[int, Combination]) -> dict[Combination, Estimate]:
    """In what share of the worlds of variants that are ``alike`` in something nobody leaves and nothing is hidden."""
    found = {}
    for one in dict.fromkeys(alike.values()):
        own = np.isin(sampled.variant, [n for n, x in alike.items() if x == one])
        if own.any():
            found[one] = share(int((~sampled.breaks & ~sampled.hides)[own].sum()), int(own.sum()))
    return found
