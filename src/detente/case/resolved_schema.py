"""The shape of ``detente/resolved-case/1`` (model §11): what may stand in it, and what it means when left out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from detente.case.figures import Id, Ids, Listing, Part, Text, each, guarded
from detente.case.problems import UNKNOWN, Problem
from detente.case.quantities import Kind, parse_number

_EXACT_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "number"}],
    "description": "A decimal string, or a JSON number.",
}
_PERIODS_SCHEMA = {"anyOf": [*_EXACT_SCHEMA["anyOf"], {"type": "array", "items": _EXACT_SCHEMA}]}


def _exact(kind: Kind) -> Any:
    def parse(value: Any) -> Decimal:
        number = parse_number(value, kind)
        if number.ranged or number.rate:
            raise Problem(
                "DET107",
                f'"{number.text}" is not a plain number',
                "a resolved case leaves nothing to draw or convert",
                "write one number",
            )
        return number.central

    return PlainValidator(guarded(parse))


def _series(value: Any) -> tuple[Decimal, ...] | Decimal:
    if isinstance(value, list | tuple):
        return each(enumerate(value), lambda _, x: parse_number(x, "sum").central)
    return parse_number(value, "sum").central


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Problem("DET103", f'"{value}" stands where a whole number of periods should', "", "write 0, 1, 2, …")
    if not 0 <= value <= 100_000:
        raise Problem("DET208", f"{value} periods are out of range", "times are 0 or more", "write 0, 1, 2, …")
    return value


Exact = Annotated[Decimal, _exact("sum"), WithJsonSchema(_EXACT_SCHEMA)]
Share = Annotated[Decimal, _exact("share"), WithJsonSchema(_EXACT_SCHEMA)]
Discount = Annotated[Decimal, _exact("discount"), WithJsonSchema(_EXACT_SCHEMA)]
PerPeriod = Annotated[Any, PlainValidator(guarded(_series)), WithJsonSchema(_PERIODS_SCHEMA)]
Count = Annotated[int, PlainValidator(guarded(_count)), WithJsonSchema({"type": "integer", "minimum": 0})]

ZERO = Decimal(0)


class ResolvedParty(Part):
    """A party."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"discount": "0.5"}

    discount: Discount
    reserve: Exact | None = None
    response_lag: Count = 1
    status_quo: PerPeriod = ZERO
    exit_cost: Exact = ZERO
    grace: Count = 0
    ratify: Share = Decimal("0.5")
    sustain: Share = Decimal("0.5")


class ResolvedFaction(Part):
    """A faction of a party."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"party": UNKNOWN, "discount": "0.5"}

    party: Id
    weight: Exact = Decimal(1)
    veto: bool = False
    discount: Discount
    reserve: Exact | None = None
    status_quo: PerPeriod = ZERO


class ResolvedBody(Part):
    """A body that votes."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"votes": {}, "quota": "1"}

    votes: dict[Id, Exact]
    quota: Exact
    vetoes: Ids = ()


class ResolvedAfter(Part):
    """A prerequisite."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"measure": UNKNOWN}

    measure: Id
    wait: Count = 1


class ResolvedUndo(Part):
    """What undoing takes."""

    takes: Count = 0
    cost: Exact = ZERO
    chance: Share = Decimal(1)


class ResolvedValue(Part):
    """What a measure is worth to a party or faction."""

    flow: PerPeriod = ZERO
    once: Exact = ZERO
    during: Exact = ZERO


class ResolvedAccess(Part):
    """Detection while other measures are in force."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"measures": (), "detect": 0}

    measures: Ids
    detect: Share


class ResolvedDetect(Part):
    """Chance a period that a cheat is found."""

    base: Share = ZERO
    with_: Annotated[tuple[ResolvedAccess, ...], Listing] = Field(default=(), alias="with")


class ResolvedMeasure(Part):
    """A measure, or (with members) a milestone."""

    by: Id | None = None
    takes: Count = 0
    after: Annotated[tuple[ResolvedAfter, ...], Listing] = ()
    undo: ResolvedUndo | None = None
    withdrawal: Literal["if-credible", "automatic", "never"] = "if-credible"
    residual: Share = ZERO
    public: bool = False
    done: bool = False
    excludes: Ids = ()
    replaces: ResolvedAfter | None = None
    value: dict[Id, ResolvedValue] = Field(default_factory=dict)
    detect: ResolvedDetect = ResolvedDetect()
    members: Ids | None = None
    attributes: dict[Id, Exact] = Field(default_factory=dict)
    consent: Ids = ()


def group_weight(m: ResolvedMeasure, by: str) -> Decimal:
    """A measure's weight in a group that goes by ``count`` or by an attribute (0 where the measure has none)."""
    return Decimal(1) if by == "count" else m.attributes.get(by, ZERO)


class ResolvedStickValue(Part):
    """What a stick in use is worth to a party."""

    flow: Exact = ZERO
    once: Exact = ZERO


class ResolvedStick(Part):
    """A stick."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": UNKNOWN, "by": UNKNOWN, "against": UNKNOWN}

    id: Id
    by: Id
    against: Id
    delay: Count = 0
    lasts: Count | None = None
    committed: bool = False
    value: dict[Id, ResolvedStickValue] = Field(default_factory=dict)


class ResolvedResource(Part):
    """A resource and what uses it."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"capacity": 0}

    capacity: PerPeriod
    uses: dict[Id, Exact] = Field(default_factory=dict)


class ResolvedGroup(Part):
    """A group; unless it goes by count, members weigh what they have of the attribute."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"members": ()}

    members: Ids
    by: Id = "count"


class ResolvedClause(Part):
    """A clause."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": UNKNOWN, "kind": "proposal", "strength": "must", "text": UNKNOWN}

    id: Id
    owner: str = ""
    kind: Literal["red-line", "position", "goal", "proposal"]
    of: str = ""
    strength: Literal["must", "want"]
    weight: Exact = Decimal(1)
    text: Text


class ResolvedDocument(Part):
    """A resolved case."""

    stand_ins: ClassVar[Mapping[str, Any]] = {
        "format": "detente/resolved-case/1",
        "period": "quarter",
        "periods": 400,
        "start": "2000-01-01",
        "discount": "0.5",
        "parties": {},
        "measures": {},
    }

    format: Literal["detente/resolved-case/1"]
    name: str = ""
    titles: dict[str, str] = Field(default_factory=dict)
    period: Literal["month", "quarter", "year"]
    periods: int
    start: str
    discount: Discount
    no_deal: Literal["collapse", "as-is"] = "collapse"
    parties: dict[Id, ResolvedParty]
    measures: dict[Id, ResolvedMeasure]
    sticks: Annotated[tuple[ResolvedStick, ...], Listing] = ()
    resources: dict[Id, ResolvedResource] = Field(default_factory=dict)
    principals: Ids | None = None
    groups: dict[Id, ResolvedGroup] = Field(default_factory=dict)
    clauses: Annotated[tuple[ResolvedClause, ...], Listing] = ()
    road_maps: dict[Id, Annotated[dict[Id, Count | None], BeforeValidator(lambda v: v)]] = Field(default_factory=dict)
    comparable: bool = False
    pocketing_share: Share = Decimal("0.1")
    factions: dict[Id, ResolvedFaction] = Field(default_factory=dict)
    bodies: dict[Id, ResolvedBody] = Field(default_factory=dict)
