"""One run of a road map, period by period, in sets of names: what is in force when, given who would leave where.

Chances are 0 or 1: alarms are raised about cheats alone, and what is found depends on the detection of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from detente.case.resolved import ResolvedCase


@dataclass(frozen=True)
class Script:
    """What the parties would do, by period of the road map, and what happens to them."""

    leaves: Callable[[int, str], bool]
    distrusts: Callable[[int, str], bool]
    cheats: Callable[[int, str], tuple[str, ...]]
    """On what a party that leaves then cheats; nothing: it walks out."""
    undoes: Callable[[int, str], bool]
    """Whether a measure is undone by an owner that stops then."""
    talks: bool = False
    missed: bool = False
    incident: bool = False
    clarification: int = 0


@dataclass
class Run:
    """``comes``: from when on each step is in force in this world (no entry: it is not done)."""

    case: ResolvedCase
    comes: Mapping[str, int]
    script: Script
    how: str = "kept"
    who: str | None = None
    on: set[str] = field(default_factory=set)
    at: int = 0
    """The period of the road map."""
    broke: int | None = None
    """Since when its dates go by the calendar because it ended: from the next period if it stood still."""
    still: bool = False
    waits: int = 0
    suspect: str | None = None
    stops: dict[str, int] = field(default_factory=dict)
    cheating: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    back: dict[str, int] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)

    def played(self) -> list[set[str]]:
        """The measures in force in each period, milestones among them; the last entry is for ever after."""
        self.on = {k for k, m in self.case.measures.items() if m.done}
        told = []
        for t in range(self.case.periods + 1):
            if self.broke is not None and self._willing(t):
                self._resume(t)
            self.still = self.broke is None and self.waits > 0
            moves = self.broke is None and not self.still and not self._decided(t)
            if self.broke is None:
                self._disturbed(t)
            if moves or self.broke is not None:
                self._dated(t)
            self._again(t)
            self._undone(t)
            whole = {k for k, m in self.case.measures.items() if m.members and set(m.members) <= self.on}
            told.append(self.on | whole)
            self._closes(t)
            if self.broke is None:
                self.waits = max(self.waits - 1, 0)
                self.at = min(self.at + moves, self.case.periods)
        return told

    def _closes(self, t: int) -> None:
        """The period is over."""

    def _willing(self, t: int) -> bool:
        s = self.script
        gone = [i for i in self.case.parties if s.leaves(self.at, i) or s.distrusts(self.at, i)]
        return s.talks and not gone and all(t > stop for stop in self.stops.values())

    def _resume(self, t: int) -> None:
        lost = [k for k, c in self.comes.items() if c < self.at and k not in self.on and not self._replaced(k)]
        lost += [k for k, m in self.case.measures.items() if m.done and k not in self.on and not self._replaced(k)]
        takes = {k: self.case.measures[k].takes for k in lost}
        self.back = {k: t + d for k, d in takes.items()}
        self.waits, self.broke = max(takes.values(), default=0), None
        self.stops, self.cheating, self.gone = {}, {}, {}
        self.events.add("resumed")

    def _decided(self, t: int) -> bool:
        """Whether somebody walks out, or trusts too little; who would rather cheat begins to."""
        for i in self.case.parties:
            if not self.script.leaves(self.at, i):
                continue
            on = self.script.cheats(self.at, i)
            if not on:
                self._ends(t, "walked", i)
                return True
            if i not in self.cheating:
                self.cheating[i] = (self.at, on)
                for k in on:
                    if k in self.on:
                        self.gone[k] = t + self._undo_takes(k)
        for i in self.case.parties:
            if self.script.distrusts(self.at, i) and i not in self.cheating:
                self._ends(t, "distrust", i)
                return True
        return False

    def _disturbed(self, t: int) -> None:
        s = self.script
        if self.suspect is None and self.waits == 0:
            self.suspect = next((i for i in self.case.parties if i in self.cheating and self._found(i)), None)
            if self.suspect is not None and s.clarification:
                self.waits = s.clarification + 1
        if self.suspect is not None and self.waits <= 1:
            who, self.suspect = self.suspect, None
            if not s.missed:
                self._ends(t, "caught", who)
                return
        if s.incident:
            self._ends(t, "stopped", None)

    def _found(self, i: str) -> bool:
        since, on = self.cheating[i]
        return any(self._seen(k, since, on) for k in on)

    def _seen(self, k: str, since: int, on: tuple[str, ...]) -> bool:
        faked = self._comes(k) >= since
        if self.at < (self._comes(k) if faked else since):
            return False
        detect = self.case.measures[k].detect
        there = [a.detect for a in detect.with_ if all(self._shows(q, since, on) for q in a.measures)]
        return bool(max([detect.base, *there]) == 1)

    def _shows(self, k: str, since: int, on: tuple[str, ...]) -> bool:
        """Whether a measure gives access, as far as the others know and as far as it has not been cheated on."""
        if self._comes(k) > self.at:
            return False
        return k not in on or (self._comes(k) < since and self.at < since + self._undo_takes(k))

    def _comes(self, k: str) -> int:
        return -1 if self.case.measures[k].done else self.comes.get(k, 1 << 20)

    def _undo_takes(self, k: str) -> int:
        undo = self.case.measures[k].undo
        return undo.takes if undo is not None else 0

    def _ends(self, t: int, how: str, who: str | None) -> None:
        if self.how == "kept":
            self.how, self.who = how, who
        self.broke, self.waits, self.suspect = t + self.still, 0, None
        for i, p in self.case.parties.items():
            self.stops[i] = t + (1 if how == "stopped" else p.response_lag)
        if who is not None:
            self.stops[who] = t + (how not in ("walked", "distrust"))
        self.back = {k: when for k, when in self.back.items() if when < self.stops[self._owner(k)]}

    def _owner(self, k: str) -> str:
        by = self.case.measures[k].by
        assert by is not None
        return by

    def _dated(self, t: int) -> None:
        at = self.at if self.broke is None else self.at + t - self.broke
        false = {k for _, on in self.cheating.values() for k in on}
        for k, c in self.comes.items():
            performs = self.broke is None or t < self.stops[self._owner(k)]
            if c == at and k not in false and performs and k not in self.on:
                self.on.add(k)
                self.gone.pop(k, None)

    def _again(self, t: int) -> None:
        for k in [k for k, when in self.back.items() if when == t]:
            self.on.add(k)
            self.gone.pop(k, None)

    def _replaced(self, k: str) -> bool:
        return any(m.replaces and m.replaces.measure == k and n in self.on for n, m in self.case.measures.items())

    def _undone(self, t: int) -> None:
        for k, m in self.case.measures.items():
            if self.broke is not None and k in self.on and m.members is None and k not in self.gone:
                at = min(self.at + t - self.broke, self.case.periods)
                if self.stops[self._owner(k)] == t and self.script.undoes(at, k) and not self._replaced(k):
                    self.gone[k] = t + self._undo_takes(k)
            if k in self.on and self.gone.get(k, t + 1) <= t:
                self.events.add("undone")
                old: str | None = k
                while old is not None:
                    self.on.discard(old)
                    replaces = self.case.measures[old].replaces
                    old = replaces.measure if replaces else None
