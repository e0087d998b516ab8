"""Judging a changed case or road map: is a party cured, and is nothing worse than before?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.audit.findings.signing import binding
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.audit.support import Support
from detente.case.clauses import Term, ValueAtLeast, evaluate, term_of
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, stakes
from detente.incentives.cheat import CheatSet, cheat_path, setting
from detente.results.audit import Finding

MOST_SEARCHES = 24
"""Changes of a kind that are judged in full for a party; most fail at breaches already known, which is soon seen."""

NEAR = 1e-3
"""Share of a party's scale within which a breach has to come to what going on is worth, to be looked at at all."""

Known = tuple[int, CheatSet]
"""A covert breach: the period from which on, and the set."""


class _Gains(Margins):
    """Margins of which only the sign counts: breaches that are worth clearly less than going on are not sought."""

    def _floor(self, i: int) -> Floats:
        room = max(NEAR * float(self.grounds.scale[i]), 1e3 * float(self.grounds.error[i]))
        result: Floats = np.maximum(super()._floor(i), self.V[:, i] - room)
        return result


@dataclass(eq=False)
class Trial:
    """A road map that fails, and what a change must not make worse."""

    margins: Margins
    wrong: Sequence[Finding]
    findings: Sequence[Finding]
    tell: Callable[[str], None] = lambda text: None
    """Hears what is being tried."""
    known: dict[str, dict[Known, None]] = field(default_factory=dict)
    """For each party covert breaches that were the best under some terms; the last that ruled a change out first."""
    trying: str = ""
    looked: int = 0
    searched: int = 0
    """Changes looked at, and those of the present kind that were judged in full."""

    @property
    def case(self) -> ResolvedCase:
        """The case as it stands."""
        return self.margins.grounds.case

    @property
    def road_map(self) -> RoadMap:
        """The road map as it stands."""
        return self.margins.road_map

    @cached_property
    def tempted(self) -> frozenset[str]:
        """Parties tempted before any change."""
        return frozenset(f.party for f in self.findings if f.party)

    @cached_property
    def unsigned(self) -> frozenset[str]:
        """Parties that would not sign before any change."""
        return _unsigned(self.margins)

    @cached_property
    def uncarried(self) -> frozenset[str]:
        """Votes that are not carried before any change."""
        return _uncarried(self.margins)

    @cached_property
    def red_lines(self) -> list[Term]:
        """Red lines that are kept now (those on values are not looked at: they move with every change)."""
        terms = [term_of(c, self.case) for c in binding(self.case, ())]
        return [t for t in terms if not isinstance(t, ValueAtLeast) and evaluate(t, self.case, self.road_map.starts)[0]]

    def could_help(self, party: str, measure: str) -> bool:
        """Whether any other date of a measure could lift the party's worst ``V - W`` to 0 (True where it is not clear).

        A measure that is no member of a milestone adds to ``V - W`` a term that depends on its own date alone.
        """
        g = self.margins.grounds
        i, k, tb = g.stakes.party_index[party], g.stakes.measure_index[measure], g.tables
        gap = self.margins.V[:, i] - self.margins.W[:, i]
        t = int(gap.argmin())
        if gap[t] >= 0 or self.margins.broken or any(k in members for members in g.stakes.members):
            return True
        stopped = tb.stopped_at_once if g.stakes.owner[k] == i else tb.stopped_after_lag
        terms = tb.kept_table[i, k, :, t] - stopped[i, k, :, t]
        now = terms[tb.columns(self.margins.completions)[k]]
        return bool(terms.max() - now + gap[t] + 4 * g.error[i] >= 0)

    def begin(self, party: str, kind: str) -> None:
        """Begin to try changes of a kind."""
        self.trying, self.searched = f"seeking a cure for {self.case.title(party)}: {kind}", 0
        self.tell(self.trying)

    @property
    def exhausted(self) -> bool:
        """Whether as many changes of the kind were judged as are judged at most."""
        return self.searched >= MOST_SEARCHES

    def breaches(self, party: str) -> dict[Known, None]:
        """The covert breaches of a party that are known to be worth a look."""
        if party not in self.known:
            self.known[party] = dict.fromkeys(best_sets(self.margins, self._index(party)))
        return self.known[party]

    def _learn(self, party: str, m: Margins) -> None:
        """Take over what a full search found to be the best."""
        self.known[party] = {**dict.fromkeys(best_sets(m, self._index(party))), **self.breaches(party)}

    def _index(self, party: str) -> int:
        return self.margins.grounds.stakes.party_index[party]

    def _still_tempted(self, party: str, m: Margins) -> bool:
        """Whether a known covert breach still gains, if it is open to the party at all."""
        i, c = self._index(party), m.completions
        known, slack = self.breaches(party), 2 * float(m.grounds.error[i])
        if m.broken or not known:
            return False
        s = setting(m.grounds.tables, m.completions, i)
        for t, cheat in known:
            possible = all(c[k] >= t for k in cheat.fakes) and all(c[k] < t for k in cheat.undoes)
            if possible and cheat_path(s, cheat, t).value > float(m.V[t, i]) + slack:
                self.known[party] = {(t, cheat): None, **known}
                return True
        return False

    def cured_by_dates(self, party: str, road_map: RoadMap) -> bool:
        """Whether another road map of the same case cures the party."""
        m = _Gains(self.margins.grounds, road_map, self.margins.limits)
        gap = m.V - m.W + 2 * m.grounds.error
        names = m.grounds.stakes.parties
        if (gap[:, [i for i in m.players if names[i] == party]] < 0).any():
            return False
        before = {(f.kind, f.measures) for f in self.wrong}
        if not {(f.kind, f.measures) for f in structural(self.case, road_map)} <= before:
            return False
        if not all(evaluate(t, self.case, road_map.starts)[0] for t in self.red_lines):
            return False
        return self._cured(party, m)

    def under(self, changed: ResolvedCase) -> Margins:
        """Margins of the same road map under other terms."""
        return _Gains(Grounds(changed, stakes(changed)), self.road_map, self.margins.limits)

    def cured_by_terms(self, party: str, changed: ResolvedCase) -> bool:
        """Whether other terms cure the party."""
        return self._cured(party, self.under(changed))

    def cured_alone(self, party: str, m: Margins) -> bool:
        """Whether terms that matter to no other party's choices cure the party."""
        return self._cured(party, m, [m.grounds.stakes.party_index[party]])

    def _cured(self, party: str, m: Margins, only: Iterable[int] | None = None) -> bool:
        names, allowed = m.grounds.stakes.parties, self.tempted - {party}
        strict = [i for i in (m.players if only is None else only) if names[i] not in allowed]
        strict.sort(key=lambda i: names[i] != party)
        gap = m.V - m.W + 2 * m.grounds.error
        self.looked += 1
        self.tell(f"{self.trying}, {self.looked} changes looked at")
        if (gap[:, strict] < 0).any() or not _unsigned(m) <= self.unsigned:
            return False
        if self.exhausted or self._still_tempted(party, m):
            return False
        self.searched += 1
        cured = all(m.sign(i, t) in (0, 1) for i in strict for t in range(len(m.V)))
        if not cured:
            self._learn(party, m)
        return cured and _uncarried(m) <= self.uncarried


def best_sets(m: Margins, i: int) -> list[Known]:
    """For each period the best set to cheat on, those that gain most first."""
    found = m.covert(i)
    sets = [(t, s) for t, s in enumerate(found.best) if s is not None]
    return sorted(sets, key=lambda x: float(m.V[x[0], i] - found.C[x[0]]))


def _unsigned(m: Margins) -> frozenset[str]:
    g = m.grounds
    return frozenset(g.stakes.parties[i] for i in m.players if m.V[0, i] < g.reserve[i] - 2 * g.error[i])


def _uncarried(m: Margins) -> frozenset[str]:
    """Votes of factions and on consents that are not surely carried."""
    support = Support(m)
    periods = range(len(m.V))
    votes = {f"{p} in {t}" for p in support.divided for t in periods if support.tally(p, t).passes is not True}
    return frozenset(votes | {name for name in support.asked if support.consents(name) is not True})
