"""The resolved case: a case with nothing left implicit (format ``detente/resolved-case/1``).

Numbers are :class:`decimal.Decimal`, rounded once, half-even, to 12 significant digits. The resolved case *is* the
case, for float and exact arithmetic alike. Series (flows, status quo, capacities) always have ``periods`` entries here;
JSON writes a constant one as a single number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Series = tuple[Decimal, ...]
"""One number a period, ``periods`` entries; the last one lasts for ever."""

ZERO, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)

PeriodName = Literal["month", "quarter", "year"]
Withdrawal = Literal["if-credible", "automatic", "never"]
NoDeal = Literal["collapse", "as-is"]
ClauseKind = Literal["red-line", "position", "goal", "proposal"]
Strength = Literal["must", "want"]


@dataclass(frozen=True)
class Party:
    """A principal or third party; ``reserve`` None means: what no deal is worth (model §3)."""

    discount: Decimal
    status_quo: Series
    reserve: Decimal | None = None
    response_lag: int = 1
    exit_cost: Decimal = ZERO
    grace: int = 0
    ratify: Decimal = HALF
    """Share of its factions' weight that must support a road map in period 0; means nothing without factions."""
    sustain: Decimal = HALF
    """The same in every later period."""


@dataclass(frozen=True)
class Faction:
    """A part of a party with a mind of its own; what measures are worth to it stands beside its party's values.

    ``reserve`` None means that it asks no more than its party does.
    """

    party: str
    discount: Decimal
    status_quo: Series
    weight: Decimal = ONE
    veto: bool = False
    reserve: Decimal | None = None


@dataclass(frozen=True)
class Body:
    """What decides by vote of parties: it consents when members with ``quota`` votes do, none with a veto against."""

    votes: Mapping[str, Decimal]
    quota: Decimal
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True)
class After:
    """``start >= (in force of measure) + wait``."""

    measure: str
    wait: int = 1


@dataclass(frozen=True)
class Undo:
    """Undoing takes periods, costs its owner once, works with a chance."""

    takes: int = 0
    cost: Decimal = ZERO
    chance: Decimal = Decimal(1)


@dataclass(frozen=True)
class Value:
    """What a measure is worth to one party or faction, in its own units."""

    flow: Series
    once: Decimal = ZERO
    during: Decimal = ZERO


@dataclass(frozen=True)
class Access:
    """While all ``measures`` are in force, detection is at least ``detect``."""

    measures: tuple[str, ...]
    detect: Decimal


@dataclass(frozen=True)
class Detect:
    """Chance per period that a cheat on the measure is found."""

    base: Decimal = ZERO
    with_: tuple[Access, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One thing one party can do, or (with ``members``) a milestone; ``undo`` None means irreversible."""

    by: str | None
    takes: int = 0
    after: tuple[After, ...] = ()
    undo: Undo | None = None
    withdrawal: Withdrawal = "if-credible"
    residual: Decimal = ZERO
    public: bool = False
    done: bool = False
    excludes: tuple[str, ...] = ()
    replaces: After | None = None
    value: Mapping[str, Value] = field(default_factory=dict)
    detect: Detect = Detect()
    members: tuple[str, ...] | None = None
    consent: tuple[str, ...] = ()
    """Bodies and parties without whose consent it cannot be on a road map."""


@dataclass(frozen=True)
class StickValue:
    """What a stick in use is worth to one party."""

    flow: Decimal = ZERO
    once: Decimal = ZERO


@dataclass(frozen=True)
class Stick:
    """Harm by one party on another after its breach; ``lasts`` None means for ever."""

    id: str
    by: str
    against: str
    value: Mapping[str, StickValue]
    delay: int = 0
    lasts: int | None = None
    committed: bool = False


@dataclass(frozen=True)
class Resource:
    """A capacity per period, used by measures while under way."""

    capacity: tuple[Decimal, ...]
    uses: Mapping[str, Decimal]


@dataclass(frozen=True)
class Group:
    """Measures whose share a clause may speak of; ``by`` is ``count`` or an attribute.

    ``weights`` holds each member's weight in the share (1 for ``count``), so that a share needs nothing else.
    """

    members: tuple[str, ...]
    by: str = "count"
    weights: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Clause:
    """One requirement on a road map, in the words of model §9."""

    id: str
    owner: str
    kind: ClauseKind
    of: str
    strength: Strength
    text: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class ResolvedCase:
    """Everything the mathematics needs; ids are the user's own names, in the order of the case."""

    period: PeriodName
    periods: int
    start: str
    """First day of period 0, ISO date."""
    discount: Decimal
    parties: Mapping[str, Party]
    measures: Mapping[str, Measure]
    no_deal: NoDeal = "collapse"
    sticks: tuple[Stick, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    principals: tuple[str, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()
    road_maps: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    comparable: bool = False
    pocketing_share: Decimal = Decimal("0.1")
    factions: Mapping[str, Faction] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    name: str = ""
    """Id of the case (file stem or gallery name); not part of the hash."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Plain words for ids (parties, measures, proposals, …); not part of the hash."""

    def title(self, key: str) -> str:
        """The plain words for an id, or the id itself."""
        return self.titles.get(key, key)

    def factions_of(self, party: str) -> dict[str, Faction]:
        """The factions of a party, in the order of the case."""
        return {name: f for name, f in self.factions.items() if f.party == party}

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """Whose consent is asked for, and for which measures."""
        names = dict.fromkeys(name for m in self.measures.values() for name in m.consent)
        return {name: tuple(k for k, m in self.measures.items() if name in m.consent) for name in names}
