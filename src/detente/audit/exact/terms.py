"""A resolved case in rationals: what exact arithmetic reads, straight from the case (model §2-§5)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from detente.case.resolved import Measure, ResolvedCase, Stick
from detente.case.stakes import stick_counts

NEVER = 1 << 20
"""A period later than any horizon: of a measure that never comes, of a party that never stops."""


@dataclass(frozen=True)
class Term:
    """One measure or milestone; ``owner`` is -1 for a milestone, ``undo_takes`` None if irreversible."""

    name: str
    owner: int
    takes: int
    done: bool
    public: bool
    undo_takes: int | None
    undo_cost: Fraction
    chance: Fraction
    withdrawal: str
    residual: Fraction
    replaces: int
    members: tuple[int, ...]
    base: Fraction
    access: tuple[tuple[tuple[int, ...], Fraction], ...]


@dataclass(frozen=True)
class StickTerm:
    """A stick that counts; ``flow`` and ``once`` by party index (parties without a value are absent)."""

    id: str
    by: int
    against: int
    delay: int
    lasts: int | None
    value: dict[int, tuple[Fraction, Fraction]]


class Terms:
    """The case by index, in rationals. ``T`` periods, ``P`` parties; no array, no float."""

    def __init__(self, case: ResolvedCase) -> None:
        self.case = case
        self.T = case.periods
        self.P = len(case.parties)
        self.parties = tuple(case.parties)
        self.measures = tuple(case.measures)
        self.party_index = {name: i for i, name in enumerate(self.parties)}
        self.measure_index = {name: k for k, name in enumerate(self.measures)}
        self.terms = tuple(self._term(name, m) for name, m in case.measures.items())
        self.lag = tuple(p.response_lag for p in case.parties.values())
        self.discount = tuple(Fraction(p.discount) for p in case.parties.values())
        self.exit_cost = tuple(Fraction(p.exit_cost) for p in case.parties.values())
        self.sticks = tuple(self._stick(s) for s in case.sticks if stick_counts(case, s.id))
        self.milestones = tuple(k for k, term in enumerate(self.terms) if term.members)
        self.successors = self._successors()
        self.reach = self._reach()
        self.chance_scale = self._chance_scale()

    def _term(self, name: str, m: Measure) -> Term:
        at = {other: k for k, other in enumerate(self.case.measures)}
        owner = -1 if m.members is not None or m.by is None else self.party_index[m.by]
        return Term(
            name=name, owner=owner, takes=m.takes, done=m.done, public=m.public,
            undo_takes=m.undo.takes if m.undo is not None and owner >= 0 else None,
            undo_cost=Fraction(m.undo.cost) if m.undo else Fraction(0),
            chance=Fraction(m.undo.chance) if m.undo else Fraction(0),
            withdrawal=m.withdrawal, residual=Fraction(m.residual),
            replaces=at[m.replaces.measure] if m.replaces else -1,
            members=tuple(at[x] for x in m.members or ()),
            base=Fraction(m.detect.base),
            access=tuple((tuple(at[x] for x in rule.measures), Fraction(rule.detect)) for rule in m.detect.with_),
        )  # fmt: skip

    def _stick(self, s: Stick) -> StickTerm:
        value = {
            self.party_index[i]: (Fraction(v.flow), Fraction(v.once))
            for i, v in s.value.items()
            if i in self.party_index
        }
        return StickTerm(s.id, self.party_index[s.by], self.party_index[s.against], s.delay, s.lasts, value)

    def _successors(self) -> tuple[tuple[int, ...], ...]:
        """For each measure those that replace it."""
        found: list[list[int]] = [[] for _ in self.terms]
        for k, term in enumerate(self.terms):
            if term.replaces >= 0:
                found[term.replaces].append(k)
        return tuple(tuple(ks) for ks in found)

    def _reach(self) -> int:
        """The last period that any table must know: cheats begun at the end, walking out, lags, undoing, sticks."""
        undoing = max([1, *(t.undo_takes or 0 for t in self.terms)])
        lag = max(self.lag, default=1)
        sticks = max((s.delay + (s.lasts or 0) for s in self.sticks), default=0)
        return self.T + undoing + 2 + lag + max(undoing, sticks) + 1

    def _chance_scale(self) -> int:
        """A number divisible by every denominator that chances and residuals can produce."""
        chances = prod(t.chance.denominator for t in self.terms)
        return chances * lcm(*(t.residual.denominator for t in self.terms), 1)
