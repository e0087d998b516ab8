"""What happens if a party walks out in its weakest period: model §4 written out, measure by measure, in rationals."""

from __future__ import annotations

from fractions import Fraction

from detente.audit.exact import ExactRoadMap
from detente.audit.exact.aftermath import World
from detente.audit.exact.terms import NEVER
from detente.audit.grounds import grounds
from detente.case.resolved import ResolvedCase
from detente.results.audit import Audit, Breach
from detente.results.walk_out import Departure, End, MeasureAfter, State, StickUsed, WalkOut


def walk_out(case: ResolvedCase, audit: Audit) -> WalkOut:
    """Each party's departure in its weakest period, on the road map of an audit of this case."""
    rm = grounds(case).exact.road_map(audit.road_map.starts)
    order = sorted(audit.margin, key=lambda p: p not in case.principals)
    weakest = ((p, _weakest(audit, p)) for p in order)
    departures = tuple(departure(rm, p, t, audit) for p, t in weakest if t is not None)
    return WalkOut(audit.road_map, departures, audit.provenance)


def _weakest(audit: Audit, party: str) -> int | None:
    """The period of the least margin over breaches that are not vacuous; None if all are."""
    counted = [t for t, idle in enumerate(audit.vacuous[party]) if not idle]
    return min(counted, key=lambda t: audit.margin[party][t], default=None)


def departure(rm: ExactRoadMap, party: str, t: int, audit: Audit) -> Departure:
    """One party's open breach in ``t`` and what everybody then does."""
    terms, i = rm.terms, rm.terms.party_index[party]
    world = rm.walk(i, t).world
    after = _After(rm, i, world)
    acting = {term.owner for k, term in enumerate(terms.terms) if term.owner >= 0 and after.there(k)}
    leave = {
        name: float(rm.W(i, t) if j == i else rm.S(j, i, t)) for j, name in enumerate(terms.parties)
    }  # fmt: skip
    stays = World(0, (NEVER,) * terms.P)
    kept = _After(rm, None, stays)
    return Departure(
        party=party,
        period=t,
        best=audit.best_breach[party][t] if party in audit.best_breach else Breach("walk", t),
        margin=audit.margin[party][t],
        stops={name: world.stops[j] for j, name in enumerate(terms.parties) if j in acting},
        measures=tuple(after.measure(k) for k in range(len(terms.terms)) if after.there(k)),
        sticks=tuple(after.sticks()),
        payoff_stay={name: kept.series(j, 0) for j, name in enumerate(terms.parties)},
        payoff_leave={
            name: (*kept.series(j, 0)[:t], *after.series(j, t)) for j, name in enumerate(terms.parties)
        },
        value_stay={name: float(rm.V(j, t)) for j, name in enumerate(terms.parties)},
        value_leave=leave,
    )  # fmt: skip


class _After:
    """One world after a breach (or, with no leaver, the road map kept), period by period."""

    def __init__(self, rm: ExactRoadMap, leaver: int | None, world: World) -> None:
        self.rm, self.leaver, self.world = rm, leaver, world
        self.terms, self.course, self.T = rm.terms, rm.course, rm.terms.T
        self.case = rm.exact.case
        self.far = rm.terms.reach
        """A period from which on nothing changes any more."""

    def there(self, k: int) -> bool:
        """Whether a measure is on the road map or done; of a milestone, whether it comes at all."""
        term = self.terms.terms[k]
        return self.course.force[k] < NEVER if term.owner < 0 else term.done or self.course.start[k] < NEVER

    # ---------------------------------------------------------------- states

    def measure(self, k: int) -> MeasureAfter:
        """A measure, kept and after the breach."""
        term, force = self.terms.terms[k], self.course.force[k]
        stop, end, undone, chance = self._fate(k)
        moments = [*range(self.T), self.far]
        kept = tuple(self._kept(k, s) for s in moments)
        after = tuple(
            known if s < self.world.t else self._state(k, s, end, stop, undone)
            for s, known in zip(moments, kept, strict=True)
        )
        lost = None
        if end == "undone" and undone is not None:
            lost = min(max(undone, force), self.T)
        elif end in ("never-begins", "work-stops") and force < NEVER:
            lost = force
        return MeasureAfter(term.name, kept, after, end, None if term.owner < 0 else stop, lost, chance)

    def _fate(self, k: int) -> tuple[int, End, int | None, float]:
        """When its owner stops, what becomes of it, from when it is undone (if that works), with what chance."""
        term, force = self.terms.terms[k], self.course.force[k]
        if term.owner < 0:
            return NEVER, *self._milestone(k)
        stop = self.world.stops[term.owner]
        if force >= stop:
            begun = self.course.start[k] < min(stop, NEVER)
            return stop, "work-stops" if begun else "never-begins", None, 1.0
        if self.rm.aftermath.withdrawn(k, stop) and k not in self.world.left:
            return stop, "undone", stop + (term.undo_takes or 0), float(term.chance)
        return stop, "goes-on" if force >= self.world.t else "stays", None, 1.0

    def _milestone(self, m: int) -> tuple[End, int | None, float]:
        ends, force = self.rm.aftermath.ends(m, self.world), self.course.force[m]
        if ends is None:
            return "never-begins", None, 1.0
        if not ends:
            return "goes-on" if force >= self.world.t else "stays", None, 1.0
        survives = Fraction(1)
        for _, p, q in ends:
            survives *= 1 - Fraction(p, q)
        return "undone", min(end for end, _, _ in ends), float(1 - survives)

    def _kept(self, k: int, s: int) -> State:
        """Its state in ``s`` if everybody goes on."""
        if self.course.gone[k] <= s:
            return "replaced"
        if self.course.force[k] <= s:
            return "in-force"
        return "under-way" if self.course.start[k] <= s < min(self.course.finish[k], self.T) else "absent"

    def _state(self, k: int, s: int, end: End, stop: int, undone: int | None) -> State:
        """Its state in ``s`` after the breach."""
        if end == "never-begins":
            return "absent"
        if end == "work-stops":
            return "under-way" if self.course.start[k] <= s < stop else "absent"
        if end != "undone" or undone is None:
            # what would have replaced it may no longer come
            return "in-force" if self._kept(k, s) == "replaced" and self.course.gone[k] >= stop else self._kept(k, s)
        if s >= undone:
            return "undone" if self.course.force[k] <= s else "absent"
        return self._kept(k, s) if s < stop else "being-undone"

    def sticks(self) -> list[StickUsed]:
        """Sticks that fire, and when."""
        found = []
        for s in self.terms.sticks:
            if s.against in self.world.against:
                first = self.world.seen + self.terms.lag[s.by] + s.delay
                until = None if s.lasts is None else first + s.lasts
                found.append(StickUsed(s.id, self.terms.parties[s.by], self.terms.parties[s.against], first, until))
        return found

    # ---------------------------------------------------------------- payoffs

    def series(self, j: int, first: int) -> tuple[float, ...]:
        """Payoffs of party j in the periods from ``first`` on; the last entry is worth as much as all after."""
        delta, far = self.terms.discount[j], self.far
        u = [self._payoff(j, s) for s in range(first, far + 1)]
        last = max(self.T, first)
        rest = sum((x * delta**n for n, x in enumerate(u[last - first : -1])), Fraction(0)) * (1 - delta)
        rest += u[-1] * delta ** (far - last)
        return (*(float(x) for x in u[: last - first]), float(rest))

    def _payoff(self, j: int, s: int) -> Fraction:
        """Expected payoff of party j in period ``s``."""
        name = self.terms.parties[j]
        total = Fraction(self.case.parties[name].status_quo[min(s, self.T - 1)])
        if j == self.leaver and s == self.world.t:
            total -= self.terms.exit_cost[j]
        for k, term in enumerate(self.terms.terms):
            value = self.case.measures[term.name].value.get(name)
            pays = self._milestone_payoff(k, j, s) if term.owner < 0 else self._measure_payoff(k, j, s)
            total += pays if value is not None or term.owner == j else 0
        for stick in self.terms.sticks:
            total += self._stick_payoff(stick.id, j, s)
        return total

    def _measure_payoff(self, k: int, j: int, s: int) -> Fraction:
        term, course, total = self.terms.terms[k], self.course, Fraction(0)
        stop = self.world.stops[term.owner]
        value = self.case.measures[term.name].value.get(self.terms.parties[j])
        if value is not None and course.start[k] <= s < min(course.finish[k], stop, self.T):
            total += Fraction(value.during)
        if course.force[k] >= stop:
            return total
        undone = stop < NEVER and self.rm.aftermath.withdrawn(k, stop) and k not in self.world.left
        if undone and term.owner == j and s == stop:
            total -= term.undo_cost
        if value is None or s < course.force[k]:
            return total
        if s == course.force[k]:
            total += Fraction(value.once)
        if course.gone[k] < stop and s >= course.gone[k]:
            return total
        flow = Fraction(value.flow[min(s, self.T - 1)])
        if undone and s >= stop + (term.undo_takes or 0):
            flow *= 1 - term.chance * (1 - term.residual)
        return total + flow

    def _milestone_payoff(self, m: int, j: int, s: int) -> Fraction:
        value = self.case.measures[self.terms.measures[m]].value.get(self.terms.parties[j])
        force, ends = self.course.force[m], self.rm.aftermath.ends(m, self.world)
        if value is None or ends is None or s < force:
            return Fraction(0)
        chance = Fraction(1)
        for end, p, q in ends:
            chance *= 1 - Fraction(p, q) if end <= s else 1
        once = Fraction(value.once) if s == force else Fraction(0)
        return chance * (Fraction(value.flow[min(s, self.T - 1)]) + once)

    def _stick_payoff(self, stick: str, j: int, s: int) -> Fraction:
        term = next(x for x in self.terms.sticks if x.id == stick)
        if term.against not in self.world.against or j not in term.value:
            return Fraction(0)
        first = self.world.seen + self.terms.lag[term.by] + term.delay
        flow, once = term.value[j]
        lasting = s >= first and (term.lasts is None or s < first + term.lasts)
        return (flow if lasting else Fraction(0)) + (once if s == first else Fraction(0))
