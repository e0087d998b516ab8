"""Proposals side by side (format ``detente/compare/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.case.road_map import RoadMap
from detente.results.audit import Audit
from detente.results.drivers import Driver
from detente.results.provenance import Provenance
from detente.results.read_only import Answer


@dataclass(frozen=True)
class DrawShares(Answer):
    """In what share of draws of all ranges the road map is signed, holds, and both."""

    n: int
    seed: int
    signed: float
    holds: float
    both: float
    undecided: float = 0.0
    """Share in which a limit was reached before it was known whether it holds; counted as not holding."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "n": self.n, "seed": self.seed, "signed": self.signed, "holds": self.holds, "both": self.both,
            "undecided": self.undecided,
        }  # fmt: skip


@dataclass(frozen=True)
class Row(Answer):
    """One road map of the comparison: a proposal in one of its completions, or the planner's own."""

    name: str
    completion: str
    """``as-written``, ``best-for:PARTY`` or ``best-certified``."""
    road_map: RoadMap | None
    """None where there is no such completion; ``note`` then says why."""
    audit: Audit | None
    shares: Mapping[str, tuple[float, ...]]
    """For each group the share done in each period."""
    undone: tuple[str, ...]
    draws: DrawShares | None
    note: str = ""

    @property
    def first_tempted(self) -> tuple[str, int] | None:
        """The first party to be tempted, and when; None if nobody ever is."""
        margins = self.audit.margin if self.audit else {}
        dated = [(t, p) for p, series in margins.items() for t, margin in enumerate(series) if margin < 0]
        if not dated:
            return None
        period = min(t for t, _ in dated)
        return next((p, t) for t, p in dated if t == period)

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        a, tempted = self.audit, self.first_tempted
        return {
            "name": self.name, "completion": self.completion,
            "starts": dict(self.road_map.starts) if self.road_map is not None else None,
            "verdict": a.verdict if a else None, "signed": a.signed if a else None,
            "least_margin": a.least_margin.to_dict() if a and a.least_margin else None,
            "value": {i: v[0] for i, v in a.V.items()} if a else None, "reserve": dict(a.reserve) if a else None,
            "gains": dict(a.gains) if a else None, "certified": a.certified if a else None,
            "clauses_kept": a.clauses_kept if a else None,
            "first_tempted": {"party": tempted[0], "period": tempted[1]} if tempted else None,
            "clauses": [c.to_dict() for c in a.clauses] if a else [],
            "shares": {g: list(s) for g, s in self.shares.items()}, "undone": list(self.undone),
            "draws": self.draws.to_dict() if self.draws else None, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Comparison(Answer):
    """All proposals of a case beside the planner's road map."""

    rows: tuple[Row, ...]
    general_terms: Mapping[str, Mapping[str, str]]
    """For each proposal: for each clause id whether it holds ``always``, ``never`` or ``depends``.

    ``unknown`` where a limit was reached."""
    provenance: Provenance
    drivers: tuple[Driver, ...] = ()
    """What moves the share of draws in which the planner's road map is signed and holds, strongest first."""

    def __repr__(self) -> str:
        drawn = next((r.draws.n for r in self.rows if r.draws), 0)
        holds = sum(r.audit is not None and r.audit.holds for r in self.rows)
        return f"<Comparison: {len(self.rows)} rows, {holds} of them hold; {drawn} draws>"

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        return {
            "format": "detente/compare/1", **self.provenance.to_dict(), "rows": [r.to_dict() for r in self.rows],
            "general_terms": {p: dict(c) for p, c in self.general_terms.items()},
            "drivers": [d.to_dict() for d in self.drivers],
        }  # fmt: skip

    def to_json(self) -> str:
        """The format of model §11 as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
