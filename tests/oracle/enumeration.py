"""All structurally feasible road maps of a small case, and which are certified (model.md §2, §7, §10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

from tests.oracle.clauses import clause_holds, parse, share
from tests.oracle.constants import reserve, scales, structural
from tests.oracle.judge import Oracle
from tests.oracle.reading import ZERO, Case, Measure, Raw, Schedule, number, read_case
from tests.oracle.tables import Starts, Tables
from tests.oracle.valued import Valued
from tests.oracle.votes import Votes, keeps_demands, seen_by

CLEAR = 1e-9
"""A float decides a sign if it is further from 0 than this part of the sizes that went into it."""


class BruteForce:
    """All road maps of one case. (Road maps with something due after T-1 are never feasible.)"""

    def __init__(
        self,
        raw: Raw | Case,
        epsilon: Any = "0.001",
        keep: frozenset[str] = frozenset(),
        waived: frozenset[str] = frozenset(),
    ) -> None:
        self.case = read_case(raw)
        self.waived = waived
        self.epsilon = number(epsilon)
        self.red_lines = [
            one
            for one in self.case.clauses
            if (one.binds or (one.strength == "must" and keep & {one.name, one.of})) and one.name not in waived
        ]
        self.fast, self.exact = Tables(self.case, False), Tables(self.case, True)
        self.reserve = reserve(self.case)
        self.reserve_common = reserve(self.case, common=True)
        self.scales = scales(self.case)
        self.size = {i: self._size(i) for i in self.case.parties}
        self.eyes = {name: BruteForce(seen_by(self.case, name)) for name in self.case.factions}
        self.tried = 0

    def _size(self, i: str) -> float:
        """The order of the largest number that goes into a value of i."""
        party = self.case.parties[i]
        once = party.exit_cost + abs(self.reserve[i])
        for_ever = max(abs(one) for one in party.status_quo)
        values = [k.to(i) for k in self.case.measures.values()] + [one.to(i) for one in self.case.sticks]
        for value in values:
            once += abs(value.once) + self.case.periods * abs(value.during)
            for_ever += max(abs(each) for each in value.flow)
        once += sum((k.undo.cost for k in self.case.works if k.undo and k.by == i), ZERO)
        return 1 + float(once + for_ever / (1 - party.discount))

    # enumeration

    def road_maps(self) -> Iterator[Starts]:
        """Starts (in the order of `Tables.names`) of all structurally feasible road maps."""
        free = [k for k in _in_order(self.case) if not k.done]
        due: dict[str, int] = {k.name: -1 for k in self.case.works if k.done}
        yield from self._grow(free, 0, {}, due)

    def _grow(self, free: list[Measure], index: int, starts: dict[str, int], due: dict[str, int]) -> Any:
        if index == len(free):
            if self._feasible(starts):
                yield tuple(starts.get(name) for name in self.fast.names)
            return
        k = free[index]
        yield from self._grow(free, index + 1, starts, due)
        earliest = self._earliest(k, due)
        if earliest is None or any(self._excluded(k, other) for other in due):
            return
        for start in range(earliest, self.case.periods - k.takes):
            starts[k.name], due[k.name] = start, start + k.takes
            yield from self._grow(free, index + 1, starts, due)
            del starts[k.name], due[k.name]

    def _earliest(self, k: Measure, due: Mapping[str, int]) -> int | None:
        """The earliest start after what it needs (milestones are left to `_feasible`)."""
        needed = [one for one in (*k.after, k.replaces) if one and not self._is_milestone(one[0])]
        if any(name not in due for name, _ in needed):
            return None
        return max([0] + [due[name] + wait for name, wait in needed])

    def _is_milestone(self, name: str) -> bool:
        return self.case.measures[name].is_milestone

    def _excluded(self, k: Measure, other: str) -> bool:
        there = self.case.measures[other]
        same = k.replaces and there.replaces and k.replaces[0] == there.replaces[0]
        return bool(k.name in there.excludes or other in k.excludes or same)

    def _feasible(self, starts: Mapping[str, int]) -> bool:
        """Capacities and milestones as prerequisites; the rest was seen to while growing."""
        after_milestone = any(self._is_milestone(name) for k in self.case.works for name, _ in k.after)
        if not self.case.resources and not after_milestone and not self._done_clash():
            return True
        return not structural(Schedule(self.case, starts))

    def _done_clash(self) -> bool:
        done = [k for k in self.case.works if k.done]
        return any(self._excluded(one, other.name) for one, other in combinations(done, 2))

    # certifying

    def certified(self, starts: Starts) -> bool:
        """Certified with margin epsilon, red lines kept."""
        quick = self._certified(Valued(self.fast, starts), starts)
        if quick is None:
            quick = self._certified(Valued(self.exact, starts), starts)
        assert quick is not None
        return quick

    def _certified(self, valued: Valued, starts: Starts) -> bool | None:
        """None: too close to call in floats."""
        sure = True
        for verdict in self._checks(valued, starts):
            if verdict is False:
                return False
            sure = sure and verdict is True
        return True if sure else None

    def _checks(self, valued: Valued, starts: Starts) -> Iterator[bool | None]:
        """Cheap ones first: dated clauses, values, walking, cheating."""
        yield self._keeps_red_lines(starts, valued=False)
        kept = {i: valued.kept(i) for i in valued.players}
        staying = [i for i in valued.players if f"stays:{i}" not in self.waived]
        for i in (one for one in valued.players if f"signs:{one}" not in self.waived):
            yield self._at_least(valued, i, kept[i][0] - valued.tables.num(self.reserve[i]))
        yield self._keeps_red_lines(starts, valued=True)
        for i in staying:
            walk = valued.left(i, False)
            for t in range(self.case.periods + 1):
                yield from self._walk_check(valued, i, t, kept[i][t] - walk[t])
        for i in staying:
            needed = valued.tables.num(self.epsilon * self.scales[i])
            for t0 in range(self.case.periods + 1):
                for members in valued.cheats(i, t0):
                    margin = kept[i][t0] - valued.covert(i, t0, members)
                    yield self._at_least(valued, i, margin - needed)
        yield self._carried(valued)

    def _carried(self, valued: Valued) -> bool:
        """No vote goes against it: of factions, of parties asked, of bodies."""
        if not self.case.factions and not any(k.consent for k in self.case.works):
            return True
        on = [k.name for k, start in valued.on if start is not None]
        votes = Votes(self.case, on, valued.players, self._backing(valued.starts), self._gaining(valued.starts))
        if any(not votes.consents(name) for name in votes.asked() if f"consents:{name}" not in self.waived):
            return False
        span = range(self.case.periods + 1)
        parties = [name for name in votes.divided() if f"supports:{name}" not in self.waived]
        return all(votes.carried(name, t) for name in parties for t in span)

    def _gaining(self, starts: Starts) -> Callable[[str], bool]:
        """Whether it is worth at least what no deal is to a party."""
        return lambda i: bool(Valued(self.exact, starts).kept(i)[0] >= self.reserve[i])

    def _backing(self, starts: Starts) -> Callable[[str, int], bool]:
        """Whether a faction is for it in a period."""

        schedule = self.schedule(starts)

        @cache
        def margins(name: str) -> list[bool]:
            return self.eyes[name].not_tempted(starts, self.case.factions[name].party)

        @cache
        def enough(name: str) -> bool:
            eyes, party = self.eyes[name], self.case.factions[name].party
            return bool(Valued(eyes.exact, starts).kept(party)[0] >= eyes.reserve[party])

        demands = {name: keeps_demands(schedule, name) for name in self.case.factions}

        def backs(name: str, t: int) -> bool:
            own = self.case.factions[name]
            if not demands[name]:
                return False
            if own.party not in schedule.players:
                return enough(name)
            return margins(name)[t] and (t > 0 or own.reserve is None or enough(name))

        return backs

    def not_tempted(self, starts: Starts, i: str) -> list[bool]:
        """For each period whether the margin of a party is not negative."""
        valued = Valued(self.fast, starts)
        found = [self._untempted(valued, i, t) for t in range(self.case.periods + 1)]
        if None in found:
            exact = Valued(self.exact, starts)
            found = [self._untempted(exact, i, t) if sign is None else sign for t, sign in enumerate(found)]
        return [bool(sign) for sign in found]

    def _untempted(self, valued: Valued, i: str, t: int) -> bool | None:
        kept, sure = valued.kept(i)[t], True
        breaches = (kept - valued.covert(i, t, some) for some in valued.cheats(i, t))
        for margin in (kept - valued.left(i, False)[t], *breaches):
            sign = self._at_least(valued, i, margin)
            if sign is False:
                return False
            sure = sure and sign is True
        return True if sure else None

    def _walk_check(self, valued: Valued, i: str, t: int, margin: Any) -> Iterator[bool | None]:
        vacuous = self._vacuous(valued, i, t)
        if vacuous:
            return
        needed = valued.tables.num(self.epsilon * self.scales[i])
        yield self._at_least(valued, i, margin - needed)

    def _vacuous(self, valued: Valued, i: str, t: int) -> bool:
        quick = valued.vacuous(i, t)
        if quick is None:
            named = zip(self.fast.names, valued.starts, strict=True)
            quick = Oracle(self.case, {name: s for name, s in named if s is not None}).vacuous(i, t)
        return quick

    def _at_least(self, valued: Valued, i: str, distance: Any) -> bool | None:
        """Not below 0; None if a float cannot tell."""
        if not valued.tables.exact and abs(distance) < CLEAR * self.size[i]:
            return None
        return bool(distance >= 0)

    def _keeps_red_lines(self, starts: Starts, *, valued: bool) -> bool:
        """All that look at values, or all others."""
        asked = [one for one in self.red_lines if (parse(one.text)[0] == "value") is valued]
        if not asked:
            return True
        schedule = self.schedule(starts)
        return all(clause_holds(schedule, one.text)[0] for one in asked)

    def schedule(self, starts: Starts) -> Schedule:
        """The road map laid on the case."""
        named = zip(self.fast.names, starts, strict=True)
        return Schedule(self.case, {name: start for name, start in named if start is not None})

    def all_certified(self) -> list[Starts]:
        """Every road map that is certified with margin epsilon."""
        found = []
        for starts in self.road_maps():
            self.tried += 1
            if self.certified(starts):
                found.append(starts)
        return found

    # what objectives look at

    def gains(self, starts: Starts) -> dict[str, Fraction]:
        """U_i - R_i of the principals that count."""
        schedule = self.schedule(starts)
        world = Oracle(self.case, schedule).kept_world
        return {i: world.worth(i, 0, self.case.common) - self.reserve_common[i] for i in self.counting}

    @property
    def counting(self) -> list[str]:
        """Principals with K_i > 0."""
        return [i for i in self.case.principals if self.scales[i] > 0]

    def least_relative_margin(self, starts: Starts, tables: Tables) -> Any:
        """Over breaches that are not vacuous; None where there is none."""
        valued, found = Valued(tables, starts), []
        for i in valued.players:
            if self.scales[i] == 0:
                continue
            kept, walk, size = valued.kept(i), valued.left(i, False), tables.num(self.scales[i])
            for t in range(self.case.periods + 1):
                if not self._vacuous(valued, i, t):
                    found.append((kept[t] - walk[t]) / size)
                found += [(kept[t] - valued.covert(i, t, some)) / size for some in valued.cheats(i, t)]
        return min(found) if found else None

    def goal_date(self, starts: Starts, goal: str) -> int | None:
        """When a goal is reached: a measure, a milestone, or a named goal; None if never."""
        schedule = self.schedule(starts)
        if goal in self.case.measures:
            return schedule.comes[goal]
        texts = [one.text for one in self.case.clauses if one.kind == "goal" and goal in (one.of, one.name)]
        dates = [date for text in texts for date in self._clause_dates(schedule, text)]
        known = [date for date in dates if date is not None]
        return max(known) if known and len(known) == len(dates) else None

    def _clause_dates(self, schedule: Schedule, text: str) -> Iterator[int | None]:
        form, parts = parse(text)
        if form == "by":
            yield schedule.comes[str(parts["x"])]
        elif form == "share" and parts["bound"] == "least":
            wanted, group = number(parts["p"]), str(parts["g"])
            periods = range(self.case.periods)
            yield next((t for t in periods if share(schedule, group, t) >= wanted), None)


def _in_order(case: Case) -> list[Measure]:
    """Measures after those they need."""
    found: list[Measure] = []
    waiting = list(case.works)
    while waiting:
        names = {one.name for one in found} | {one.name for one in case.milestones}
        ready = [k for k in waiting if all(one[0] in names for one in (*k.after, k.replaces) if one)]
        if not ready:
            raise ValueError("the prerequisites of the case go in a circle")
        found += ready
        waiting = [k for k in waiting if k not in ready]
    return found
