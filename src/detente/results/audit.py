"""What the judge says of a road map (format ``detente/audit/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

Verdict = Literal["holds", "fails", "unknown"]
FindingKind = Literal[
    "would-not-sign", "tempted", "hollow-stick", "broken-breakdown", "out-of-order", "over-capacity", "past-horizon",
    "clause-broken", "unverifiable", "delay-prone", "pocketing", "power-shift", "not-ratified", "loses-support",
    "no-consent",
]  # fmt: skip


@dataclass(frozen=True)
class Breach(Answer):
    """How a party would leave: openly (``walk``), or covertly, from a period on, on some of its own measures."""

    how: Literal["walk", "covert"]
    start: int
    """The period in which it walks out or begins to cheat."""
    fakes: tuple[str, ...] = ()
    undoes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """``{"how": "walk"}`` or ``{"how": "covert", "from": t, "fakes": [..], "undoes": [..]}``."""
        if self.how == "walk":
            return {"how": "walk"}
        return {"how": "covert", "from": self.start, "fakes": list(self.fakes), "undoes": list(self.undoes)}


@dataclass(frozen=True)
class Cure(Answer):
    """The cheapest single change, found by trying, after which the temptation is gone."""

    kind: str
    """``later``, ``earlier``, ``access-first``, ``stick``, ``exit-cost``, ``automatic``, …"""
    measure: str | None
    amount: float | None
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": self.kind, "measure": self.measure, "amount": self.amount, "message": self.message}


@dataclass(frozen=True)
class Voting(Answer):
    """A vote that is not carried: what the voices for it weigh, what is needed, and who is against, vetoes first."""

    favour: float
    needed: float
    against: tuple[str, ...]
    """Factions, or members of a body."""
    vetoes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "for": self.favour, "needed": self.needed, "against": list(self.against), "vetoes": list(self.vetoes),
        }  # fmt: skip


@dataclass(frozen=True)
class Finding(Answer):
    """One remark of the judge, with its witness."""

    kind: FindingKind
    message: str
    party: str | None = None
    period: int | None = None
    gain: float | None = None
    measures: tuple[str, ...] = ()
    breach: Breach | None = None
    losses: Mapping[str, float] = field(default_factory=dict)
    cure: Cure | None = None
    voting: Voting | None = None
    """Of votes: how it went."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind, "party": self.party, "period": self.period, "gain": self.gain,
            "measures": list(self.measures), "breach": self.breach.to_dict() if self.breach else None,
            "losses": dict(self.losses), "cure": self.cure.to_dict() if self.cure else None, "message": self.message,
            **({"voting": self.voting.to_dict()} if self.voting else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class LeastMargin(Answer):
    """The weakest moment: whose, when, how much, and relative to the party's scale ``K``.

    Over all breaches (vacuous ones included) of parties that can breach; ``relative`` is None where ``K`` is 0.
    """

    party: str
    period: int
    value: float
    relative: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "period": self.period, "value": self.value, "relative": self.relative}


@dataclass(frozen=True)
class ClauseResult(Answer):
    """Whether a clause holds; its distance (periods, share or value) when it does not."""

    id: str
    holds: bool
    distance: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"id": self.id, "holds": self.holds, "distance": self.distance}


@dataclass(frozen=True)
class FactionView(Answer):
    """How a faction sees a road map; of a party without a part in it only what is so at the beginning."""

    party: str
    supports: tuple[bool | None, ...]
    """For each period whether it supports the road map; None where a limit left that open."""
    margin: tuple[float, ...]
    """For each period what leaving would cost its party by the faction's numbers; empty if it has no part."""
    gain: float
    """What the road map is worth to it at the beginning beyond no deal, at its own discount."""
    broken: tuple[str, ...]
    """Its demands that are not kept, by the ids of the clauses."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "supports": list(self.supports), "margin": list(self.margin), "gain": self.gain,
            "broken": list(self.broken),
        }  # fmt: skip


Series = Mapping[str, tuple[float, ...]]
"""For each party one number a period, ``periods + 1`` entries, the last for ever after."""


@dataclass(frozen=True)
class Audit(Answer):
    """The judge's answer for one road map of one case."""

    road_map: RoadMap
    verdict: Verdict
    reason: str
    """For *fails* the witness, for *unknown* the limit, in one sentence; for *holds* the weakest moment."""
    signed: bool
    clauses_kept: bool
    certified: bool
    V: Series
    W: Series
    margin: Series
    reserve: Mapping[str, float]
    """R_i at the party's own discount."""
    least_margin: LeastMargin | None
    """None if nobody can breach."""
    best_breach: Mapping[str, tuple[Breach, ...]]
    """For each party its best breach begun in each period."""
    vacuous: Mapping[str, tuple[bool, ...]]
    """Whether that margin rests on vacuous breaches alone (every breach then open to the party changes nothing)."""
    least_counted: LeastMargin | None
    """As ``least_margin`` over breaches that are not vacuous, parties with K > 0: what objectives and ε count."""
    exposure: Series
    trust_needed: Series
    terminal_stake: Mapping[str, tuple[float, float]]
    """(has, needs) for each party."""
    bystanders: tuple[str, ...]
    gains: Mapping[str, float]
    """U_i - R_i at the common discount."""
    clauses: tuple[ClauseResult, ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    factions: Mapping[str, FactionView] = field(default_factory=dict)
    """How the factions of the case see it."""
    consents: Mapping[str, bool | None] = field(default_factory=dict)
    """Whose consent its measures need, and whether it is given; None where a limit left that open."""
    exact_margin: Mapping[str, tuple[Fraction | None, ...]] | None = None
    """Margins as fractions; None where a limit was reached first: ``left_out`` in the limits of the run says which."""

    def __repr__(self) -> str:
        name = f' of "{self.road_map.name}"' if self.road_map.name else ""
        least = self.least_margin
        weakest = f"; least margin {least.value:.3g} ({least.party}, period {least.period})" if least else ""
        return f"<Audit{name}: {self.verdict}, {'' if self.certified else 'not '}certified{weakest}>"

    @property
    def holds(self) -> bool:
        """Whether the verdict is *holds*."""
        return self.verdict == "holds"

    def finding(self, kind: FindingKind) -> tuple[Finding, ...]:
        """All findings of a kind."""
        return tuple(f for f in self.findings if f.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        out: dict[str, Any] = {
            "format": "detente/audit/1",
            **self.provenance.to_dict(),
            "name": self.road_map.name,
            "starts": dict(self.road_map.starts),
            "verdict": self.verdict,
            "reason": self.reason,
            "signed": self.signed,
            "clauses_kept": self.clauses_kept,
            "certified": self.certified,
            "V": _lists(self.V),
            "W": _lists(self.W),
            "margin": _lists(self.margin),
            "reserve": dict(self.reserve),
            "gains": dict(self.gains),
            "least_margin": self.least_margin.to_dict() if self.least_margin else None,
            "least_counted": self.least_counted.to_dict() if self.least_counted else None,
            "best_breach": {i: [b.to_dict() for b in bs] for i, bs in self.best_breach.items()},
            "vacuous": {i: list(v) for i, v in self.vacuous.items()},
            "exposure": _lists(self.exposure),
            "trust_needed": _lists(self.trust_needed),
            "terminal_stake": {i: {"has": h, "needs": n} for i, (h, n) in self.terminal_stake.items()},
            "bystanders": list(self.bystanders),
            "clauses": [c.to_dict() for c in self.clauses],
            "findings": [f.to_dict() for f in self.findings],
        }
        if self.factions:
            out["factions"] = {name: f.to_dict() for name, f in self.factions.items()}
        if self.consents:
            out["consents"] = dict(self.consents)
        if self.exact_margin is not None:
            out["exact"] = {"margin": {i: [_fraction(m) for m in ms] for i, ms in self.exact_margin.items()}}
        return out

    def to_json(self) -> str:
        """The format of model §11 as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def str_fraction(x: Fraction) -> str:
    """``p/q``, also for whole numbers."""
    return f"{x.numerator}/{x.denominator}"


def _fraction(x: Fraction | None) -> str | None:
    return None if x is None else str_fraction(x)


def _lists(series: Series) -> dict[str, list[float]]:
    return {i: list(values) for i, values in series.items()}
