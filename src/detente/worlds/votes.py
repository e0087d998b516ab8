"""Votes in many worlds: factions behind each party, and those whose consent is asked (model §9).

As in :mod:`detente.audit.support`, in floats: a faction supports the road map in a period in which leaving would bring
its party nothing by the faction's own values (walking out, and cheats on one or two measures, are looked at), if what
it demands is kept and, at first, no deal is not worth more to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.case.batch import Batch, Real, column, from_resolved
from detente.case.clause_text import term_of
from detente.case.factions import as_faction, demands
from detente.case.stakes import NEVER, Bools, Floats, Ints, stakes
from detente.incentives.many.prospects import Prospects, prospects, reserves
from detente.worlds.keeping import keeping

SURE = 1e-9
"""Votes that weigh so little less than what is asked are enough."""


@dataclass(frozen=True, eq=False)
class Votes:
    """``n`` worlds, T periods, P parties."""

    refused: Bools
    """(n,) a party's factions do not ratify it, or a consent that it needs is not given"""
    deserted: Bools
    """(n, T+1, P) a party's factions do not sustain it in a period after the first"""


def votes(b: Batch, found: Prospects, starts: Ints, c: Ints, *, pairs: bool) -> Votes | None:
    """How the votes go; None where none is taken. ``starts``, ``c`` (n, N): of the steps, as they come about."""
    poll = _Poll(b, found, starts, c, pairs)
    return poll.votes() if poll.divided or poll.asked else None


class _Poll:
    def __init__(self, b: Batch, found: Prospects, starts: Ints, c: Ints, pairs: bool) -> None:
        self.b, self.st, self.case, self.found = b, b.like, b.case, found
        self.starts, self.c, self.pairs = starts, c, pairs
        self.short = found.V[:, 0] - reserves(b) < -found.sure
        self._support: dict[str, Bools] = {}

    @property
    def divided(self) -> list[int]:
        """Parties with a step on the road map in any world, and with factions."""
        return [
            i for i, party in enumerate(self.st.parties)
            if self.case.factions_of(party) and self.found.players[:, i].any()
        ]  # fmt: skip

    @property
    def asked(self) -> dict[str, Bools]:
        """Whose consent is needed, and in which worlds (n,)."""
        there = self.starts < NEVER
        place = self.st.measure_index
        found: dict[str, Bools] = {}
        for name, ks in self.case.asked.items():
            needed: Bools = np.logical_or.reduce(there[:, [place[k] for k in ks]], axis=1)
            if needed.any():
                found[name] = needed
        return found

    def votes(self) -> Votes:
        """All votes."""
        refused = np.zeros(self.b.n, dtype=np.bool_)
        deserted = np.zeros(self.found.V.shape, dtype=np.bool_)
        for i in self.divided:
            passes = self._passes(self.st.parties[i])
            plays = self.found.players[:, i]
            refused |= plays & ~passes[:, 0]
            deserted[:, 1:, i] = plays[:, None] & ~passes[:, 1:]
        for name, needed in self.asked.items():
            refused |= needed & ~self._consents(name)
        return Votes(refused, deserted)

    def _consents(self, name: str) -> Bools:
        """(n,) whether a party or body gives its consent."""
        body = self.case.bodies.get(name)
        if body is not None:
            ballots = {member: self._consents(member) for member in body.votes}
            return self._carried(ballots, body.votes, column(body.quota, self.b.n), body.vetoes)
        willing: Bools = ~self.short[:, self.st.party_index[name]]
        return willing & self._passes(name)[:, 0] if self.case.factions_of(name) else willing

    def _passes(self, party: str) -> Bools:
        """(n, T+1) whether a party's factions are for it: at first to ratify, later to sustain it."""
        own = self.case.factions_of(party)
        weight = {name: f.weight for name, f in own.items()}
        total = sum((column(w, self.b.n) for w in weight.values()), np.zeros(self.b.n))
        quotas = (column(x, self.b.n) for x in (self.case.parties[party].ratify, self.case.parties[party].sustain))
        first, later = (quota * total for quota in quotas)
        vetoes = [name for name, f in own.items() if f.veto]
        ballots = {name: self._supports(name) for name in own}
        needed = np.where(np.arange(self.found.V.shape[1]) == 0, first[:, None], later[:, None])
        return self._carried(ballots, weight, needed, vetoes)

    def _carried(
        self, ballots: Mapping[str, Bools], weight: Mapping[str, Real], needed: Floats, vetoes: Iterable[str]
    ) -> Bools:  # fmt: skip
        """Whether a vote is carried: (n,) or (n, T+1), as the ballots are."""
        favour = np.zeros(needed.shape)
        for name, ballot in ballots.items():
            w = column(weight[name], self.b.n)
            favour += ballot * (w if ballot.ndim == 1 else w[:, None])
        carried: Bools = favour >= needed - SURE * (1 + np.abs(needed))
        for name in vetoes:
            carried &= ballots[name]
        return carried

    def _supports(self, name: str) -> Bools:
        """(n, T+1) whether a faction supports it."""
        if name not in self._support:
            self._support[name] = self._judged_by(name)
        return self._support[name]

    def _judged_by(self, name: str) -> Bools:
        faction = self.case.factions[name]
        i = self.st.party_index[faction.party]
        own = from_resolved(as_faction(self.case, name), self.b.n, stakes(as_faction(self.st.case, name)))
        seen = prospects(own, self.c, pairs=self.pairs)
        sure = seen.sure[:, i]
        short = seen.V[:, 0, i] - reserves(own)[:, i] < -sure
        supports: Bools = seen.margin[:, :, i] >= -sure[:, None]
        supports = np.where(self.found.players[:, i][:, None], supports, ~short[:, None])
        if faction.reserve is not None:
            supports[:, 0] &= ~short
        terms = tuple(term_of(clause, self.st.case) for clause in demands(self.st.case, name))
        kept = keeping(self.st.case, self.st, terms, self.starts, self.c, self.found.V[:, 0])
        result: Bools = supports & kept[:, None]
        return result
