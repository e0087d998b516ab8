"""One road map of one case: values kept and broken, ways to break it, margins, verdict (model.md §3-§8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from tests.oracle.clauses import clause_holds
from tests.oracle.constants import reserve, scales, structural
from tests.oracle.reading import ONE, ZERO, Case, Measure, Raw, Schedule, at
from tests.oracle.worlds import KEPT, Breach, Cheat, World

Courses = dict[str, list[Fraction]]


@dataclass(frozen=True)
class Way:
    """One way to break the deal, and what it is worth: openly (`cheat` is None) or covertly."""

    value: Fraction
    cheat: Cheat | None
    vacuous: bool

    def told(self) -> dict[str, Any]:
        """As in the `best_breach` of an audit."""
        if self.cheat is None:
            return {"how": "walk"}
        return {
            "how": "covert",
            "from": self.cheat.begun,
            "fakes": sorted(self.cheat.fakes),
            "undoes": sorted(self.cheat.undoes),
        }


class Oracle:
    """All answers about one road map of one case; remembers what it has worked out."""

    def __init__(self, case: Raw | Case, road_map: Raw | Schedule) -> None:
        self.schedule = road_map if isinstance(road_map, Schedule) else Schedule(case, road_map)
        self.case = self.schedule.case
        self.span = range(self.case.periods + 1)
        self._left: dict[tuple[str, int, int, Cheat | None], tuple[Fraction, World]] = {}

    # kept

    @cached_property
    def kept_world(self) -> World:
        """Everybody goes on."""
        return World(self.schedule, KEPT)

    @cached_property
    def kept(self) -> Courses:
        """V_i(t)."""
        return {name: [self.kept_world.worth(name, t) for t in self.span] for name in self.case.parties}

    # open breach

    def _stops(self, leavers: tuple[str, ...], stop: int, seen: int) -> dict[str, int]:
        """The leavers stop in `stop`, the others a lag after what they saw in `seen`."""
        others = {name: seen + party.lag for name, party in self.case.parties.items()}
        return others | dict.fromkeys(leavers, stop)

    def _breach(self, leavers: tuple[str, ...], stop: int, seen: int) -> Breach:
        """Exit costs are paid in the period in which the breach is seen."""
        paid = tuple((name, seen) for name in leavers)
        return Breach(self._stops(leavers, stop, seen), paid, paid)

    def left(self, i: str, stop: int, *, seen: int, cheat: Cheat | None = None) -> tuple[Fraction, World]:
        """(worth to i from `stop` on, the world) once i performs nothing from `stop` on, seen in `seen`.

        i leaves alone the best set of milestones, of equally good ones the one with the fewest.
        """
        key = (i, stop, seen, cheat)
        if key not in self._left:
            breach = self._breach((i,), stop, seen)
            best: tuple[Fraction, World] | None = None
            for alone in self._ways_to_leave_alone(i, breach, cheat):
                world = World(self.schedule, breach, cheat, alone)
                worth = world.worth(i, stop)
                if best is None or worth > best[0]:
                    best = (worth, world)
            assert best is not None
            self._left[key] = best
        return self._left[key]

    def _ways_to_leave_alone(self, i: str, breach: Breach, cheat: Cheat | None) -> Iterator[frozenset[str]]:
        """Sets of measures, for all sets of milestones, those of the fewest first."""
        world = World(self.schedule, breach, cheat)
        spared = [self._spared_for(world, milestone, i) for milestone in self.case.milestones]
        spared = [one for one in spared if one]
        for size in range(len(spared) + 1):
            for some in combinations(spared, size):
                yield frozenset().union(*some)

    def _spared_for(self, world: World, milestone: Measure, i: str) -> frozenset[str]:
        """What i would undo, but leaves alone for a milestone: members, or what stands for them."""
        last = world.settled
        stand = {world.stands_for(member, last) for member in milestone.members or ()}
        own = {name for name in stand if self.case.measures[name].by == i and name in world.undoings}
        return frozenset(name for name in own if self.case.measures[name].withdrawal != "automatic")

    def open_breach(self, i: str, t: int, leave_alone: frozenset[str] | None = None) -> dict[str, Fraction]:
        """Value to every party from t on after i's open breach in t.

        `leave_alone` names measures that i leaves alone; without it i makes its best choice.
        """
        if leave_alone is None:
            world = self.left(i, t, seen=t)[1]
        else:
            world = World(self.schedule, self._breach((i,), t, t), None, leave_alone)
        return {name: world.worth(name, t) for name in self.case.parties}

    @cached_property
    def W(self) -> Courses:
        """W_i(t), for all who are no bystanders."""
        return {i: [self.left(i, t, seen=t)[0] for t in self.span] for i in self.schedule.players}

    def S(self, j: str, i: str, t: int) -> Fraction:
        """S_ji(t): what j gets from t on after i's open breach in t."""
        return self.left(i, t, seen=t)[1].worth(j, t)

    def B(self, j: str, i: str, t: int) -> Fraction:
        """B_ji(t): what j gets from t on when both breach openly in t."""
        return World(self.schedule, self._breach((i, j), t, t)).worth(j, t)

    # covert breach

    def candidates(self, i: str, t0: int) -> tuple[frozenset[str], frozenset[str]]:
        """What i can begin to fake, and to undo secretly, in t0."""
        own = [one for one in self.case.works if one.by == i and not one.public]
        due = self.schedule.due
        fakes = frozenset(one.name for one in own if due.get(one.name, -2) >= t0)
        behind = (one for one in own if one.undo is not None and one.name in due)
        return fakes, frozenset(one.name for one in behind if due[one.name] < t0)

    def cheats(self, i: str, t0: int) -> Iterator[Cheat]:
        """All non-empty sets of candidates."""
        fakes, behind = self.candidates(i, t0)
        every = [name for name in self.case.measures if name in fakes | behind]
        for size in range(1, len(every) + 1):
            for some in combinations(every, size):
                chosen = frozenset(some)
                yield Cheat(i, chosen & fakes, chosen & behind, t0)

    def found(self, cheat: Cheat, period: int) -> Fraction:
        """The chance h that the cheat is found in a period."""
        world = self._cheating(cheat)
        missed = ONE
        for name in cheat.members:
            if self._shows(cheat, name, period):
                missed *= ONE - self._found_one(world, name, period)
        return ONE - missed

    def _shows(self, cheat: Cheat, name: str, period: int) -> bool:
        """There is something to find: from c when faked, from t0 when being undone."""
        if name in cheat.undoes:
            return period >= cheat.begun
        date = self.schedule.comes[name]
        return date is not None and period >= date

    def _found_one(self, world: World, name: str, period: int) -> Fraction:
        measure = self.case.measures[name]
        chances = [measure.base]
        for access, chance in measure.detect:
            if all(world.chance(one, period) == 1 for one in access):
                chances.append(chance)
        return max(chances)

    def _cheating(self, cheat: Cheat) -> World:
        """The cheat goes on, unseen."""
        if getattr(self, "_last_cheat", None) != cheat:
            self._last_cheat, self._last_world = cheat, World(self.schedule, KEPT, cheat)
        return self._last_world

    def covert(self, cheat: Cheat) -> Fraction:
        """C_i(S,t0): from the date when all is constant backwards to t0."""
        last = max(self.case.periods, cheat.begun + self.case.longest_undoing) + 1
        value = self._cheating_for_ever(cheat, last)
        for t in range(last - 1, cheat.begun - 1, -1):
            now, goes_on, stopped = self._one_period_of(cheat, t)
            walk = self.left(cheat.party, t + 1, seen=t + 1, cheat=cheat)[0]
            value = now + goes_on * max(value, walk) + stopped
        return value

    def _one_period_of(self, cheat: Cheat, t: int) -> tuple[Fraction, Fraction, Fraction]:
        """(pay less expected exit cost, weight of the next period unfound, worth of being found)."""
        party = self.case.parties[cheat.party]
        h = self.found(cheat, t)
        now = self._cheating(cheat).pay(cheat.party, t) - h * party.exit_cost
        if h == 0:
            return now, party.discount, ZERO
        caught = self.left(cheat.party, t + 1, seen=t, cheat=cheat)[0]
        return now, party.discount * (1 - h), party.discount * h * caught

    def _cheating_for_ever(self, cheat: Cheat, t: int) -> Fraction:
        """The value once all is constant: walk in the next period, or never."""
        now, goes_on, stopped = self._one_period_of(cheat, t)
        walk = self.left(cheat.party, t + 1, seen=t + 1, cheat=cheat)[0]
        never = (now + stopped) / (1 - goes_on)
        return max(never, now + stopped + goes_on * walk)

    # ways, margins

    def ways(self, i: str, t: int) -> list[Way]:
        """All ways in which i can break the deal in t, walking first."""
        found = [Way(self.W[i][t], None, self.vacuous(i, t))]
        found += [Way(self.covert(one), one, self._cheat_is_vacuous(one)) for one in self.cheats(i, t)]
        return found

    @cached_property
    def all_ways(self) -> dict[str, list[list[Way]]]:
        """Per party and period."""
        return {i: [self.ways(i, t) for t in self.span] for i in self.schedule.players}

    @cached_property
    def margins(self) -> Courses:
        """margin_i(t) = V_i(t) - the best breach."""
        return {
            i: [self.kept[i][t] - max(way.value for way in ways) for t, ways in enumerate(each)]
            for i, each in self.all_ways.items()
        }

    def best_ways(self, i: str, t: int) -> list[Way]:
        """Every way that attains the best breach."""
        best = max(way.value for way in self.all_ways[i][t])
        return [way for way in self.all_ways[i][t] if way.value == best]

    @cached_property
    def solid_margins(self) -> dict[str, list[Fraction | None]]:
        """Margins over breaches that are not vacuous; None where there is none."""
        return {i: [self._solid_margin(i, t, ways) for t, ways in enumerate(each)] for i, each in self.all_ways.items()}

    def _solid_margin(self, i: str, t: int, ways: list[Way]) -> Fraction | None:
        solid = [way.value for way in ways if not way.vacuous]
        return self.kept[i][t] - max(solid) if solid else None

    def least_relative_margin(self) -> Fraction | None:
        """The least margin over K_i of breaches that are not vacuous; None if there is none."""
        sizes = scales(self.case)
        found = [
            margin / sizes[i]
            for i, each in self.solid_margins.items()
            for margin in each
            if margin is not None and sizes[i] > 0
        ]
        return min(found) if found else None

    def vacuous(self, i: str, t: int) -> bool:
        """i's open breach in t changes the state of no measure from t on and costs nobody anything."""
        world = self.left(i, t, seen=t)[1]
        if self.case.parties[i].exit_cost or any(undoing.cost for undoing in world.undoings.values()):
            return False
        if any(not value.is_nothing for stick, _ in world.blows() for value in stick.value.values()):
            return False
        last = max(world.settled, self.kept_world.settled)
        return all(
            self._same_state(world, name, period) for name in self.case.measures for period in range(t, last + 1)
        )

    def _same_state(self, world: World, name: str, period: int) -> bool:
        kept = self.kept_world
        if world.chance(name, period) != kept.chance(name, period):
            return False
        if self.case.measures[name].is_milestone:
            return True
        own = world.chance_of_one(name, period) == kept.chance_of_one(name, period)
        return own and world.under_way(name, period) == kept.under_way(name, period)

    def _cheat_is_vacuous(self, cheat: Cheat) -> bool:
        """All it touches would never have come into force, and no work is saved."""
        if cheat.undoes:
            return False
        saves = any(
            self.schedule.under_way(name, period)
            for name in cheat.fakes
            for period in range(cheat.begun, self.case.periods)
        )
        return not saves and all(self.schedule.comes[name] is None for name in cheat.fakes)

    # trust, slippage, shifts

    @cached_property
    def exposure(self) -> Courses:
        """E_j(t)."""
        players = self.schedule.players
        return {
            j: [max([ZERO] + [self.B(j, i, t) - self.S(j, i, t) for i in players if i != j]) for t in self.span]
            for j in players
        }

    @cached_property
    def trust(self) -> Courses:
        """p*_j(t)."""
        return {j: [_trust(self.margins[j][t], self.exposure[j][t]) for t in self.span] for j in self.schedule.players}

    def delay_prone(self) -> list[tuple[str, int, Fraction]]:
        """(party, period, gain over its grace period)."""
        found = []
        for i in self.schedule.players:
            party = self.case.parties[i]
            for t in range(self.case.periods) if party.grace else ():
                gain = self._gain_by_delay(i, t)
                if self._has_to_perform(i, t) and gain > 0:
                    found.append((i, t, gain * (1 - party.discount**party.grace)))
        return found

    def _gain_by_delay(self, i: str, t: int) -> Fraction:
        flow = at(self.case.parties[i].status_quo, t)
        for name, measure in self.case.measures.items():
            world = self.kept_world
            there = world.chance(name, t - 1) if measure.is_milestone else world.chance_of_one(name, t - 1)
            flow += at(measure.to(i).flow, t) * there
        return flow / (1 - self.case.parties[i].discount) - self.kept[i][t]

    def _has_to_perform(self, i: str, t: int) -> bool:
        own = (name for name in self.schedule.starts if self.case.measures[name].by == i)
        return any(self.schedule.due[name] >= t for name in own)

    def pocketing(self) -> list[tuple[str, int, Fraction]]:
        """(principal, period, its share of the surplus still to come) where that is too small."""
        found: list[tuple[str, int, Fraction]] = []
        who = [i for i in self.case.principals if i in self.schedule.players]
        for t in self.span if self.case.comparable else ():
            surplus = {i: self.kept[i][t] - self.W[i][t] for i in who}
            whole = sum(surplus.values(), ZERO)
            if whole > 0:
                shares = ((i, t, one / whole) for i, one in surplus.items())
                found += [one for one in shares if one[2] < self.case.pocketing_share]
        return found

    def power_shift(self) -> list[tuple[str, int, Fraction]]:
        """(party, period, by how much its rise of power exceeds its surplus)."""
        found = []
        for i in self.schedule.players:
            for t in range(self.case.periods):
                over = self.W[i][t + 1] - self.W[i][t] - (self.kept[i][t] - self.W[i][t])
                if over > 0:
                    found.append((i, t, over))
        return found

    # verdict

    def gains(self) -> dict[str, Fraction]:
        """U_i - R_i, both at the common discount."""
        common = self.case.common
        low = reserve(self.case, common=True)
        return {i: self.kept_world.worth(i, 0, common) - low[i] for i in self.case.parties}

    def structural(self) -> list[dict[str, Any]]:
        """Out-of-order, over-capacity and past-horizon findings."""
        return structural(self.schedule)

    def signed(self) -> bool:
        """No party but bystanders gets less than without a deal."""
        low = reserve(self.case)
        return all(self.kept[i][0] >= low[i] for i in self.schedule.players)

    def audit(self) -> dict[str, Any]:
        """The parts of an audit that this checker covers, in fractions."""
        findings = self.structural() + self._temptations()
        verdict = "fails" if findings else "holds"
        held = {one.name: clause_holds(self.schedule, one.text) for one in self.case.clauses}
        kept = all(held[one.name][0] for one in self.case.clauses if one.binds)
        signed = self.signed()
        return {
            "verdict": verdict,
            "signed": signed,
            "clauses_kept": kept,
            "certified": verdict == "holds" and signed and kept,
            "V": self.kept,
            "W": self.W,
            "margin": self.margins,
            "reserve": reserve(self.case),
            "least_margin": self.least_margin(),
            "least_relative_margin": self.least_relative_margin(),
            "best_breach": {
                i: [[way.told() for way in self.best_ways(i, t)] for t in self.span] for i in self.schedule.players
            },
            "vacuous": {i: [self.vacuous(i, t) for t in self.span] for i in self.schedule.players},
            "exposure": self.exposure,
            "trust_needed": self.trust,
            "clauses": [{"id": name, "holds": one[0], "distance": one[1]} for name, one in held.items()],
            "findings": findings + self._remarks(held),
        }

    def least_margin(self) -> dict[str, Any] | None:
        """The least margin, absolute; of equal ones the first party's, then the earliest."""
        found = [(margin, i, t) for i, each in self.margins.items() for t, margin in enumerate(each)]
        if not found:
            return None
        margin, i, t = min(found, key=lambda one: one[0])
        size = scales(self.case)[i]
        relative = margin / size if size else None
        return {"party": i, "period": t, "value": margin, "relative": relative}

    def _temptations(self) -> list[dict[str, Any]]:
        return [
            {"kind": "tempted", "party": i, "period": t, "gain": -margin, "losses": self._losses(i, t)}
            for i, each in self.margins.items()
            for t, margin in enumerate(each)
            if margin < 0
        ]

    def _losses(self, i: str, t: int) -> dict[str, Fraction] | None:
        """What an open breach takes from each other party; None where a covert one is better."""
        if self.best_ways(i, t)[0].cheat is not None:
            return None
        return {j: self.kept[j][t] - self.S(j, i, t) for j in self.case.parties if j != i}

    def _remarks(self, held: Mapping[str, tuple[bool, Fraction]]) -> list[dict[str, Any]]:
        low = reserve(self.case)
        short = {i: low[i] - self.kept[i][0] for i in self.schedule.players}
        found: list[dict[str, Any]] = [
            {"kind": "would-not-sign", "party": i, "gain": one} for i, one in short.items() if one > 0
        ]
        found += [{"kind": "hollow-stick", "stick": one.name} for one in self.case.sticks if one.is_hollow]
        found += [{"kind": "clause-broken", "clause": name} for name, one in held.items() if not one[0]]
        for kind in ("delay-prone", "pocketing", "power-shift"):
            rows: list[tuple[str, int, Fraction]] = getattr(self, kind.replace("-", "_"))()
            found += [{"kind": kind, "party": i, "period": t, "gain": one} for i, t, one in rows]
        return found


def _trust(margin: Fraction, exposure: Fraction) -> Fraction:
    if margin > 0:
        return exposure / (margin + exposure)
    return ZERO if margin == 0 and exposure == 0 else ONE
