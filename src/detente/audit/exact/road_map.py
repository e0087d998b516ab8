"""A road map's values in rationals: V, W, C, F, S, B, margins, and which breaches change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property, lru_cache

from detente.audit.exact.aftermath import Aftermath, Cheat, World
from detente.audit.exact.cheating import Cheating, Outcome
from detente.audit.exact.course import Course
from detente.audit.exact.leaving import Exit, Leaving
from detente.audit.exact.ledger import Ledger, Ledgers
from detente.audit.exact.terms import NEVER, Terms
from detente.case.resolved import ResolvedCase


class Exact:
    """A case in rationals: constants that no road map changes."""

    def __init__(self, case: ResolvedCase) -> None:
        self.case = case
        self.terms = Terms(case)
        self.ledgers = Ledgers(self.terms, self.terms.discount)

    def road_map(self, starts: Mapping[str, int]) -> ExactRoadMap:
        """One road map of this case."""
        return ExactRoadMap(self, starts)

    @cached_property
    def common(self) -> Ledgers:
        """Every party's ledger at the common discount."""
        return Ledgers(self.terms, (Fraction(self.case.discount),) * self.terms.P)

    def reserve(self, i: int) -> Fraction:
        """R_i at the party's own discount: as stated, or what no deal is worth."""
        stated = self.case.parties[self.terms.parties[i]].reserve
        return Fraction(stated) if stated is not None else self._no_deal(self.ledgers[i])

    def reserve_common(self, i: int) -> Fraction:
        """R_i at the common discount, for gains."""
        stated = self.case.parties[self.terms.parties[i]].reserve
        if stated is None:
            return self._no_deal(self.common[i])
        return Fraction(stated) * (1 - self.terms.discount[i]) / (1 - Fraction(self.case.discount))

    def _no_deal(self, ledger: Ledger) -> Fraction:
        """Nobody performs anything; done measures are undone by the rule from period 0 (``collapse``) or stay."""
        nothing = Aftermath(self.terms, Course(self.terms, {}), self.ledgers)
        stop = 0 if self.case.no_deal == "collapse" else NEVER
        return ledger.money(nothing.value(ledger, World(0, (stop,) * self.terms.P)), 0)

    def scale(self, i: int) -> Fraction:
        """K_i: what all measures worth something to ``i`` would be worth from the start, at the common discount."""
        ledger, worth = self.common[i], {}
        for k, term in enumerate(self.terms.terms):
            amount = ledger.flow[k][0] if k in ledger.flow else 0
            amount += (ledger.once.get(k, 0) + term.takes * ledger.during.get(k, 0)) * ledger.at[0]
            worth[k] = max(ledger.money(amount, 0), Fraction(0))
        return sum((max(worth[k] for k in group) for group in self._rivals), Fraction(0))

    @cached_property
    def _rivals(self) -> list[set[int]]:
        """Measures grouped by excluding or replacing each other."""
        at, groups = self.terms.measure_index, [{k} for k in range(len(self.terms.terms))]
        for name, m in self.case.measures.items():
            for other in (*m.excludes, *((m.replaces.measure,) if m.replaces else ())):
                linked = [g for g in groups if at[name] in g or at[other] in g]
                groups = [g for g in groups if g not in linked] + [set().union(*linked)]
        return groups


class ExactRoadMap:
    """Values of one road map; parties and measures by index, periods 0 … T."""

    def __init__(self, exact: Exact, starts: Mapping[str, int]) -> None:
        self.exact = exact
        self.terms = exact.terms
        self.course = Course(exact.terms, starts)
        self.aftermath = Aftermath(exact.terms, self.course, exact.ledgers)
        self._leaving = lru_cache(None)(lambda i: Leaving(self.aftermath, i, exact.ledgers[i]))
        self._kept = lru_cache(None)(self._kept_stream)
        self._cheating = lru_cache(None)(self._cheats)

    def _kept_stream(self, i: int) -> list[int]:
        """V_i in period-0 money for every period a table reaches."""
        ledger = self.exact.ledgers[i]
        never = (NEVER,) * self.terms.P
        return [self.aftermath.value(ledger, World(t, never)) for t in range(self.terms.T + 1)]

    def _cheats(self, i: int) -> Cheating:
        ledger, kept = self.exact.ledgers[i], self._kept(i)
        last = self.terms.T
        steady, per = kept[last], ledger.since[last]
        pays = [kept[t] - kept[t + 1] for t in range(last)]
        pays += [steady * ledger.at[t] // per for t in range(last, self.terms.reach + 1)]
        return Cheating(self._leaving(i), pays)

    def V(self, i: int, t: int) -> Fraction:
        """Continuation value."""
        return self.exact.ledgers[i].money(self._kept(i)[t], t)

    def walk(self, i: int, t: int) -> Exit:
        """The best way of walking out in ``t``."""
        return self._leaving(i).exit(t, False)

    def W(self, i: int, t: int) -> Fraction:
        """Value from ``t`` on after the party's own open breach in ``t``."""
        return self.exact.ledgers[i].money(self.walk(i, t).value, t)

    def F(self, i: int, t: int, cheat: Cheat) -> Fraction:
        """Value from ``t`` on after being found in ``t - 1``."""
        return self.exact.ledgers[i].money(self._leaving(i).exit(t, True, cheat).value, t)

    def candidates(self, i: int, begin: int) -> tuple[list[int], list[int]]:
        """Measures that ``i`` can fake, and that it can secretly undo, from ``begin`` on."""
        return self._cheating(i).candidates(begin)

    def cheating(self, i: int) -> Cheating:
        """Everything about cheats of ``i``."""
        return self._cheating(i)

    def outcome(self, i: int, cheat: Cheat) -> Outcome:
        """What a cheat brings, in period-0 money, and when the cheat walks out."""
        return self._cheating(i).value(cheat)

    def C(self, i: int, cheat: Cheat) -> Fraction:
        """C_i(S, t0; t0): value from the beginning of the cheat on."""
        out = self.outcome(i, cheat)
        return self.exact.ledgers[i].money(out.value, cheat.begin, out.over)

    def margin(self, i: int, t: int, cheats: Iterable[Cheat] = ()) -> Fraction:
        """V - max(W, C over the given cheats)."""
        return self.V(i, t) - max([self.W(i, t), *(self.C(i, s) for s in cheats)])

    def S(self, j: int, i: int, t: int) -> Fraction:
        """Value to ``j`` from ``t`` on after ``i``'s open breach in ``t``."""
        ledger = self.exact.ledgers[j]
        return ledger.money(self.aftermath.value(ledger, self.walk(i, t).world), t)

    def B(self, j: int, i: int, t: int) -> Fraction:
        """Value to ``j`` from ``t`` on when both ``i`` and ``j`` breach openly in ``t``."""
        ledger = self.exact.ledgers[j]
        stops = tuple(t if x in (i, j) else t + lag for x, lag in enumerate(self.terms.lag))
        value = self.aftermath.value(ledger, World(t, stops, t, (i, j)))
        return ledger.money(value - ledger.exit_cost * ledger.at[t], t)

    def lateness(self, i: int, t: int) -> Fraction:
        """f_i(t-1) / (1-δ_i): the flows of period ``t`` in the state reached by ``t - 1``, for ever (model §6)."""
        ledger, force, gone = self.exact.ledgers[i], self.course.force, self.course.gone
        flow = ledger.status_quo[t] - ledger.status_quo[t + 1]
        flow += sum(s[t] - s[t + 1] for k, s in ledger.flow.items() if force[k] < t <= gone[k])
        return ledger.money(flow, t) / (1 - ledger.discount)

    def U(self, i: int) -> Fraction:
        """Value of the road map at the common discount."""
        ledger = self.exact.common[i]
        return ledger.money(self.aftermath.value(ledger, World(0, (NEVER,) * self.terms.P)), 0)

    def vacuous(self, i: int, t: int) -> bool:
        """Whether walking out in ``t`` changes the state of no measure later and costs nobody anything."""
        world, after = self.walk(i, t).world, self.aftermath
        if self.exact.ledgers[i].exit_cost or self._hurt(world):
            return False
        for k, term in enumerate(self.terms.terms):
            if term.owner < 0:
                continue
            stop = world.stops[term.owner]
            if self._cut_short(k, stop):
                return False
            undone = k not in world.left and after.withdrawn(k, stop)
            if undone and (term.chance > 0 or term.undo_cost > 0):
                return False
        return True

    def _cut_short(self, k: int, stop: int) -> bool:
        """Whether stopping in ``stop`` ends work on ``k`` or keeps it from coming into force."""
        start, finish = self.course.start[k], self.course.finish[k]
        if finish < self.terms.T:
            return stop <= finish
        return start < NEVER and max(start, stop) < self.terms.T

    def _hurt(self, world: World) -> bool:
        """Whether a stick is used that pays anybody anything."""
        return any(
            s.against in world.against and any(flow or once for flow, once in s.value.values())
            for s in self.terms.sticks
        )

    def honest(self, i: int, t: int) -> World:
        """The world after walking out in ``t`` with nothing left alone."""
        return replace(self.walk(i, t).world, left=frozenset())
