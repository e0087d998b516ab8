"""What a party gets by cheating until caught (model §5), for a given set and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from detente.audit.exact.aftermath import Cheat
from detente.audit.exact.leaving import Leaving
from detente.audit.exact.terms import NEVER


@dataclass(frozen=True)
class Step:
    """One period of a cheat: pay in period-0 money (exit cost when found aside), and the chance of being found."""

    t: int
    pay: int
    found: Fraction


@dataclass(frozen=True)
class Outcome:
    """``value`` over ``over`` (besides the ledger's unit), and when it is best to walk out (None: never)."""

    value: int
    over: int
    walks: int | None


@dataclass
class Cheating:
    """Cheats of one party on one road map."""

    leaving: Leaving
    kept: list[int]
    """u_i(t) in period-0 money, t = 0 … reach."""

    def candidates(self, begin: int) -> tuple[list[int], list[int]]:
        """Own measures that can be faked, and that can secretly be undone, from ``begin`` on."""
        course, terms = self.leaving.aftermath.course, self.leaving.aftermath.terms
        own = [k for k, t in enumerate(terms.terms) if t.owner == self.leaving.party and not t.public]
        fakes = [k for k in own if begin <= course.finish[k] < NEVER]
        undoes = [k for k in own if course.force[k] < begin and terms.terms[k].undo_takes is not None]
        return fakes, undoes

    def last(self, cheat: Cheat) -> int:
        """The first period from which nothing changes any more (the cost of undoing falls in ``begin`` alone)."""
        terms = self.leaving.aftermath.terms
        return max([terms.T, *(cheat.begin + max(terms.terms[k].undo_takes or 0, 1) for k in cheat.undoes)])

    def steps(self, cheat: Cheat) -> Iterator[Step]:
        """Pay and detection from the beginning of the cheat to the last period in which anything changes."""
        for t in range(cheat.begin, self.last(cheat) + 1):
            pay = self.kept[t] + sum(self.saved(k, cheat, t) for k in cheat.all)
            pay += sum(self.disbelieved(m, cheat, t) for m in self.leaving.valued)
            yield Step(t, pay, self.detection(cheat, t))

    def saved(self, k: int, cheat: Cheat, t: int) -> int:
        """What cheating on ``k`` adds to the pay of period ``t``."""
        ledger, course = self.leaving.ledger, self.leaving.aftermath.course
        if k in cheat.fakes:
            saved = 0
            if max(cheat.begin, course.start[k]) <= t < min(course.finish[k], self.leaving.aftermath.terms.T):
                saved -= ledger.during.get(k, 0) * ledger.at[t]
            if t == course.force[k]:
                saved -= ledger.once.get(k, 0) * ledger.at[t]
            if t >= course.force[k] and k in ledger.flow:
                saved -= ledger.flow[k][t] - ledger.flow[k][t + 1]
            return saved
        cost = ledger.undo_cost.get(k, 0) * ledger.at[t] if t == cheat.begin else 0
        effect = cheat.begin + (self.leaving.aftermath.terms.terms[k].undo_takes or 0)
        if t < effect or k not in ledger.flow:
            return -cost
        return -cost - (ledger.lost[k][t] - ledger.lost[k][t + 1])

    def disbelieved(self, m: int, cheat: Cheat, t: int) -> int:
        """What a milestone with a cheated member pays less than if it were in force: a harm ends when it truly ends."""
        terms, course, ledger = self.leaving.aftermath.terms, self.leaving.aftermath.course, self.leaving.ledger
        members = cheat.all.intersection(terms.terms[m].members)
        if t < course.force[m] or not members or self._truly(members, cheat, t):
            return 0
        pay = ledger.flow[m][t] - ledger.flow[m][t + 1] if m in ledger.flow else 0
        once = ledger.once.get(m, 0) * ledger.at[t] if t == course.force[m] else 0
        return -min(pay, 0) - min(once, 0)

    def _truly(self, members: frozenset[int], cheat: Cheat, t: int) -> bool:
        """Whether cheated measures are all still truly in force in ``t``."""
        terms = self.leaving.aftermath.terms.terms
        return all(k in cheat.undoes and t < cheat.begin + (terms[k].undo_takes or 0) for k in members)

    def detection(self, cheat: Cheat, t: int) -> Fraction:
        """The chance that the cheat is found in ``t``: ``1 - Π(1 - h_k)`` over what there is to find."""
        course, terms = self.leaving.aftermath.course, self.leaving.aftermath.terms.terms
        hidden = Fraction(1)
        for k in cheat.all:
            if k in cheat.undoes or t >= course.force[k]:
                rates = [rate for access, rate in terms[k].access if self._open(access, cheat, t)]
                hidden *= 1 - max([terms[k].base, *rates])
        return 1 - hidden

    def _open(self, access: tuple[int, ...], cheat: Cheat, t: int) -> bool:
        """Whether all these measures give access in ``t``; one that is cheated on does not once the cheat bites."""
        course, terms = self.leaving.aftermath.course, self.leaving.aftermath.terms.terms
        for a in access:
            members = frozenset(terms[a].members or (a,))
            if t < course.force[a] or not self._truly(members & cheat.all, cheat, t):
                return False
        return True

    def value(self, cheat: Cheat) -> Outcome:
        """C_i(S, t0; t0): backward from the last period, where the fixed point is solved in closed form."""
        steps = list(self.steps(cheat))
        out = self._settled(steps[-1], cheat)
        for step in reversed(steps[:-1]):
            out = self._before(step, out, cheat)
        return out

    def _ends(self, step: Step, cheat: Cheat) -> tuple[int, int, int, int]:
        """(chance p, q; pay plus what being found brings, over q; the value of walking out next period)."""
        x, y = step.found.numerator, step.found.denominator
        ledger, t = self.leaving.ledger, step.t
        base = y * step.pay
        if x:
            base += x * (self.leaving.exit(t + 1, True, cheat).value - ledger.exit_cost * ledger.at[t])
        return x, y, base, self.leaving.exit(t + 1, False, cheat).value

    def _settled(self, step: Step, cheat: Cheat) -> Outcome:
        x, y, base, walk = self._ends(step, cheat)
        p, q = self.leaving.ledger.discount.numerator, self.leaving.ledger.discount.denominator
        over = q * y - p * (y - x)
        stay, leave = base * q, base + (y - x) * walk
        if leave * over > stay * y:
            return Outcome(leave, y, step.t + 1)
        return Outcome(stay, over, None)

    def _before(self, step: Step, later: Outcome, cheat: Cheat) -> Outcome:
        x, y, base, walk = self._ends(step, cheat)
        walk *= later.over
        if walk > later.value:
            return Outcome(base * later.over + (y - x) * walk, later.over * y, step.t + 1)
        return Outcome(base * later.over + (y - x) * later.value, later.over * y, later.walks)
