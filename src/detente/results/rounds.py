"""The offers made so far, how far apart they are, and a single text to table next (format ``detente/rounds/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.results.audit import Audit
from detente.results.plan import NoPlanReason
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

Standing = Literal["always", "never", "depends", "unknown"]
Together = Literal["possible", "contradiction", "unknown"]
Verdict = Literal["concedes", "hardens", "widens", "narrows", "rewords", "repeats", "unknown"]
"""``widens``: leaves room for more to both; ``narrows``: for less to both; ``rewords``: worth the same as before."""


@dataclass(frozen=True)
class OfferClause(Answer):
    """A clause of an offer, with its owner and its words as resolved."""

    id: str
    owner: str
    strength: str
    text: str
    weight: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"id": self.id, "owner": self.owner, "strength": self.strength, "text": self.text,
                "weight": self.weight}  # fmt: skip


@dataclass(frozen=True)
class Reading(Answer):
    """The road map that satisfies an offer and is best for a party."""

    party: str
    starts: Mapping[str, int]
    value: Mapping[str, float]
    """What it is worth to each side, V(0), at its own discount and in its own units."""
    proved: bool
    """Whether none is better for the party."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "starts": dict(self.starts), "value": dict(self.value), "proved": self.proved}


@dataclass(frozen=True)
class MeasureGap(Answer):
    """A measure that two offers want at different times; windows are (first, last) period in force, T: never."""

    measure: str
    windows: Mapping[str, tuple[int, int]]
    distance: int
    """Periods between the windows."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"measure": self.measure, "windows": {p: list(w) for p, w in self.windows.items()},
                "distance": self.distance}  # fmt: skip


@dataclass(frozen=True)
class OrderConflict(Answer):
    """``first`` is to come before ``then`` by one clause, and after it by the other."""

    first: str
    then: str
    clauses: tuple[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"first": self.first, "then": self.then, "clauses": list(self.clauses)}


@dataclass(frozen=True)
class Gap(Answer):
    """How far an offer lies from the other side's latest, the round ``to``."""

    to: str
    together: Together
    """Whether some road map satisfies both offers."""
    standing: Mapping[str, Standing]
    """For each must clause of either offer whether it holds in all road maps of the other offer, in none, or some."""
    measures: tuple[MeasureGap, ...]
    orders: tuple[OrderConflict, ...]
    value: Mapping[str, float]
    """For each side what its own offer can give it, less what the other's can, both as that side would read them."""
    meant: Mapping[str, float]
    """The same with each offer as its owner would read it: the widest that the gap can be."""
    share: Mapping[str, float]
    """``value`` as a part of each side's scale."""

    @property
    def conflicts(self) -> int:
        """Must clauses of either that hold in no road map of the other."""
        return sum(s == "never" for s in self.standing.values())

    @property
    def periods(self) -> int:
        """The distances of all measures together."""
        return sum(m.distance for m in self.measures)

    @property
    def widths(self) -> list[float]:
        """The sides' gaps in value as parts of their scales, the larger first; those that are known."""
        return sorted(self.share.values(), reverse=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "to": self.to, "together": self.together, "conflicts": self.conflicts, "standing": dict(self.standing),
            "periods": self.periods, "measures": [m.to_dict() for m in self.measures],
            "orders": [o.to_dict() for o in self.orders], "value": dict(self.value), "meant": dict(self.meant),
            "share": dict(self.share),
        }  # fmt: skip


@dataclass(frozen=True)
class Change(Answer):
    """What became of one clause from a party's previous offer to this one."""

    kind: Literal["dropped", "added", "moved", "now a wish", "now a must"]
    before: str | None
    """Its words before; None if it is new."""
    after: str | None
    amount: float | None
    """By how much it moved, in its unit; positive is later, more, or longer."""
    unit: Literal["periods", "share", "value", ""]
    towards: Literal["other", "own", "open"]
    """Whom the change favours, by what the measures are worth to the party; ``open`` if that does not tell."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": self.kind, "before": self.before, "after": self.after, "amount": self.amount,
                "unit": self.unit, "towards": self.towards}  # fmt: skip


@dataclass(frozen=True)
class Move(Answer):
    """What a party changed since its previous offer, the round ``since``."""

    since: str
    verdict: Verdict
    changes: tuple[Change, ...]
    value: Mapping[str, float]
    """For each side what this offer can give it, less what the previous one could, as that side would read them."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"since": self.since, "verdict": self.verdict, "changes": [c.to_dict() for c in self.changes],
                "value": dict(self.value)}  # fmt: skip


@dataclass(frozen=True)
class RoundReport(Answer):
    """One offer: what it is worth, how far it is from the other side's latest, what it concedes."""

    name: str
    by: str
    date: str
    of: str
    note: str
    sources: tuple[str, ...]
    clauses: tuple[OfferClause, ...]
    readings: Mapping[str, Reading]
    """For each side, and for whoever made it, the reading best for it; empty if there is none or none was found."""
    contradiction: bool
    """Whether it is proved that no road map satisfies it."""
    gap: Gap | None
    move: Move | None
    hash: str
    """SHA-256 of its line in the record."""

    @property
    def own(self) -> Reading | None:
        """The offer as its owner reads it."""
        return self.readings.get(self.by)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "name": self.name, "by": self.by, "date": self.date, "of": self.of, "note": self.note,
            "sources": list(self.sources), "clauses": [c.to_dict() for c in self.clauses],
            "readings": {p: r.to_dict() for p, r in self.readings.items()}, "contradiction": self.contradiction,
            "gap": self.gap.to_dict() if self.gap else None, "move": self.move.to_dict() if self.move else None,
            "hash": self.hash,
        }  # fmt: skip


@dataclass(frozen=True)
class TextClause(Answer):
    """A clause of a last offer, kept or broken by the single text; ``distance`` as in model §9."""

    clause: OfferClause
    round: str
    kept: bool
    distance: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {**self.clause.to_dict(), "round": self.round, "kept": self.kept, "distance": self.distance}


@dataclass(frozen=True)
class SingleText(Answer):
    """The certified road map closest to the last offers, or none with the reason."""

    outcome: Literal["found", "none-exists", "unknown"]
    offers: tuple[str, ...]
    """The rounds that it is to be close to."""
    starts: Mapping[str, int]
    audit: Audit | None
    clauses: tuple[TextClause, ...]
    broken: Mapping[str, float]
    """For each side the share of the must clauses of its last offer that are broken."""
    bound: float | None
    """Proved: no certified road map breaks a smaller share of one side's offer or other; None where nothing is."""
    proved: bool
    """Whether it is proved that none has a smaller larger share, nor with the same one a smaller sum."""
    nearest: bool
    """Whether it is proved that none which breaks no other clauses misses them by less."""
    fairest: bool
    """Whether it is proved that none that is as close is fairer."""
    own_offer: Mapping[str, float]
    """What each side's own last offer is worth to it, as it reads it."""
    reason: NoPlanReason | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "outcome": self.outcome, "offers": list(self.offers),
            "starts": dict(self.starts) if self.outcome == "found" else None,
            "audit": self.audit.to_dict() if self.audit else None, "clauses": [c.to_dict() for c in self.clauses],
            "broken": dict(self.broken), "bound": self.bound, "proved": self.proved, "nearest": self.nearest,
            "fairest": self.fairest,
            "own_offer": dict(self.own_offer), "reason": self.reason.to_dict() if self.reason else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Rounds(Answer):
    """The record of offers, measured, and the single text."""

    record: str
    """Where the record stands."""
    sides: tuple[str, ...]
    """The two parties between whom the gap is; fewer if fewer have made offers."""
    reserve: Mapping[str, float]
    """What no deal is worth to each side, at its own discount."""
    scale: Mapping[str, float]
    """K of each side (model §10): what a gap is a part of."""
    rounds: tuple[RoundReport, ...]
    text: SingleText | None
    """None if it was not asked for."""
    provenance: Provenance
    unchanged: int | None = None
    """How many offers stand as they did when the head that was given was noted; None if none was given."""

    @property
    def head(self) -> str:
        """The hash of the last line of the record: whoever keeps it can tell later whether all of it still stands."""
        return self.rounds[-1].hash

    def __repr__(self) -> str:
        text = "not sought" if self.text is None else self.text.outcome
        return f"<Rounds: {len(self.rounds)} between {' and '.join(self.sides)}; single text {text}>"

    @property
    def measured(self) -> tuple[RoundReport, ...]:
        """The rounds for which there is a gap."""
        return tuple(r for r in self.rounds if r.gap is not None)

    @property
    def last_moved(self) -> RoundReport | None:
        """The last round in which a party conceded something; None if none has."""
        return next((r for r in reversed(self.rounds) if r.move and r.move.verdict in ("concedes", "widens")), None)

    def trend(self, n: int) -> Literal["closes", "opens", "stays", "unknown"]:
        """What the ``n``-th measured round did to the gap.

        By value: the larger of the two sides' gaps, or if that stays the smaller; if both stay, by clauses in conflict.
        """
        before, after = self.measured[n - 1].gap, self.measured[n].gap
        assert before is not None
        assert after is not None
        if not before.share or set(before.share) != set(after.share):
            return "unknown"
        pairs = zip(before.widths, after.widths, strict=True)
        changes = [after - before for before, after in pairs if abs(after - before) >= LEAST_CHANGE]
        change = next(iter(changes), after.conflicts - before.conflicts)
        return "stays" if change == 0 else "opens" if change > 0 else "closes"

    @property
    def stalled(self) -> int:
        """How many of the last measured rounds have not closed the gap."""
        n = 0
        while n < len(self.measured) - 1 and self.trend(len(self.measured) - 1 - n) in ("opens", "stays"):
            n += 1
        return n

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/rounds/1``."""
        moved = self.last_moved
        return {
            "format": "detente/rounds/1", **self.provenance.to_dict(), "record": self.record,
            "head": self.head, "unchanged": self.unchanged,
            "sides": list(self.sides), "reserve": dict(self.reserve), "scale": dict(self.scale),
            "rounds": [r.to_dict() for r in self.rounds], "last_moved": moved.name if moved else None,
            "stalled": self.stalled, "text": self.text.to_dict() if self.text else None,
        }  # fmt: skip

    def to_json(self) -> str:
        """The format ``detente/rounds/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


LEAST_CHANGE = 1e-6
"""Gaps in value closer than this part of a scale count as the same."""
