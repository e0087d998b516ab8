"""What a party gets by leaving (model §4): openly, or found out, with the best choice of milestones left alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations

from detente.audit.exact.aftermath import Aftermath, Cheat, World
from detente.audit.exact.ledger import Ledger

MOST_MILESTONES = 10
"""All subsets of milestones left alone are tried up to this many that hang together."""


class TooManyMilestones(Exception):
    """More milestones hang together than all subsets of which can be tried."""


@dataclass(frozen=True)
class Exit:
    """A party's value from leaving, in period-0 money, and the milestones it leaves alone (with their measures)."""

    value: int
    milestones: tuple[int, ...]
    world: World


@dataclass
class Leaving:
    """Exits of one party: walking out is W; found out is F (others count one period earlier, exit cost is paid)."""

    aftermath: Aftermath
    party: int
    ledger: Ledger
    _plain: dict[tuple[int, bool], tuple[int, World]] = field(default_factory=dict)
    _exits: dict[tuple[int, bool], Exit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        terms, flow, once = self.aftermath.terms, self.ledger.flow, self.ledger.once
        self.valued = tuple(m for m in terms.milestones if m in flow or m in once)
        self.sensitive = frozenset(x for m in terms.milestones for x in terms.terms[m].members)

    def world(self, t: int, found: bool, cheat: Cheat | None = None) -> World:
        """The world from ``t`` on: the party stops in ``t``, the others a lag after they see it."""
        seen = t - 1 if found else t
        stops = tuple(t if j == self.party else seen + lag for j, lag in enumerate(self.aftermath.terms.lag))
        return World(t, stops, seen, (self.party,), cheat=cheat)

    def exit(self, t: int, found: bool, cheat: Cheat | None = None) -> Exit:
        """The best way out in ``t``."""
        touched = cheat is not None and not self.sensitive.isdisjoint(cheat.all)
        if not touched:
            if (t, found) not in self._exits:
                self._exits[t, found] = self._choose(t, found, None)
            chosen = self._exits[t, found]
            if cheat is None:
                return chosen
            world = replace(chosen.world, cheat=cheat)
            return Exit(chosen.value + self._shift(cheat, world), chosen.milestones, world)
        return self._choose(t, found, cheat)

    def _shift(self, cheat: Cheat, world: World) -> int:
        """By how much the cheated measures pay something else than had they not been cheated on."""
        honest = replace(world, cheat=None, left=frozenset())
        return sum(
            self.aftermath.measure(self.ledger, k, world) - self.aftermath.measure(self.ledger, k, honest)
            for k in sorted(cheat.all)
        )

    def _choose(self, t: int, found: bool, cheat: Cheat | None) -> Exit:
        if (t, found) not in self._plain:
            plain = self.world(t, found)
            value = self.aftermath.linear(self.ledger, plain)
            self._plain[t, found] = value if found else value - self.ledger.exit_cost * self.ledger.at[t], plain
        linear, plain = self._plain[t, found]
        world = plain if cheat is None else replace(plain, cheat=cheat)
        if cheat is not None:
            linear += self._shift(cheat, world)
        value, left_milestones, left = self._leave(world)
        return Exit(linear + value, left_milestones, replace(world, left=left))

    def _leave(self, world: World) -> tuple[int, tuple[int, ...], frozenset[int]]:
        """What milestones pay with the best of them left alone, and which (of equally good choices the fewest)."""
        leavable = {m: self._leavable(m, world) for m in self.aftermath.terms.milestones} if self.valued else {}
        total, chosen, left = 0, [], set[int]()
        for group in self._together({m: ks for m, ks in leavable.items() if ks}):
            value, best = self._best(group, leavable, world)
            total += value
            chosen += best
            left |= {k for m in best for k in leavable[m]}
        loose = [m for m in self.valued if not leavable[m]]
        return total + self.aftermath.milestones(self.ledger, world, loose), tuple(sorted(chosen)), frozenset(left)

    def _leavable(self, m: int, world: World) -> frozenset[int]:
        """Own measures that make up or stand for members of ``m`` and would be undone, though not automatically."""
        after, course, stop = self.aftermath, self.aftermath.course, world.stops[self.party]
        found = set()
        for x in after.terms.terms[m].members:
            if after.terms.terms[x].owner != self.party or (world.cheat is not None and x in world.cheat.all):
                continue
            if course.force[x] < stop:
                e = course.standing(x, stop)
                if after.terms.terms[e].withdrawal != "automatic" and after.withdrawn(e, stop):
                    found.add(e)
        return frozenset(found)

    def _together(self, leavable: dict[int, frozenset[int]]) -> list[list[int]]:
        """Milestones linked by shared measures; groups without any that matters to this party are dropped."""
        groups: list[tuple[set[int], set[int]]] = []
        for m, ks in leavable.items():
            linked = [g for g in groups if g[1] & ks]
            groups = [g for g in groups if not g[1] & ks]
            groups.append(({m}.union(*(g[0] for g in linked)), set(ks).union(*(g[1] for g in linked))))
        return [sorted(ms) for ms, _ in groups if any(m in self.valued for m in ms)]

    def _best(self, group: list[int], leavable: dict[int, frozenset[int]], world: World) -> tuple[int, list[int]]:
        if len(group) > MOST_MILESTONES:
            raise TooManyMilestones(
                f"{len(group)} milestones hang together; all subsets are tried up to {MOST_MILESTONES}"
            )
        valued = [m for m in group if m in self.valued]
        best_value, best = self.aftermath.milestones(self.ledger, world, valued), []
        for size in range(1, len(group) + 1):
            for some in combinations(group, size):
                left = frozenset().union(*(leavable[m] for m in some))
                kept = replace(world, left=left)
                value = sum(self._regret(k, world) for k in left)
                value += self.aftermath.milestones(self.ledger, kept, valued)
                if value > best_value:
                    best_value, best = value, list(some)
        return best_value, best

    def _regret(self, k: int, world: World) -> int:
        """What not undoing ``k`` adds to its own pay (negative: undoing was better)."""
        stop, term = world.stops[self.party], self.aftermath.terms.terms[k]
        lost = self.ledger.lost_by_vote[k][stop + (term.undo_takes or 0)] if k in self.ledger.flow else 0
        return lost + self.ledger.undo_cost.get(k, 0) * self.ledger.at[stop]
