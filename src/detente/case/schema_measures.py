"""The part of the case language that speaks of measures and milestones."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from detente.case.figures import (
    DURATION_SCHEMA,
    ID_SCHEMA,
    NUMBER_SCHEMA,
    Amount,
    AmountSeries,
    Chance,
    FactSeries,
    Id,
    Ids,
    Listing,
    Part,
    Share,
    Sourced,
    Span,
    Sum,
)
from detente.case.problems import UNKNOWN
from detente.case.quantities import rounded


class OneOrMore:
    """Marks a list of which a single entry may be written without brackets."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def listed(value: Any) -> Any:
            return (value,) if isinstance(value, str | dict) else tuple(value) if isinstance(value, list) else value

        return core_schema.no_info_before_validator_function(listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        array = handler(schema)
        return {"anyOf": [array["items"], array]}


class After(Part):
    """A prerequisite: the measure is in force before work starts."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (ID_SCHEMA,)
    stand_ins: ClassVar[Mapping[str, Any]] = {"measure": UNKNOWN}

    measure: Id
    """The measure that must be in force first."""
    wait: Span | None = None
    """Time it must have been in force; 1 period where silent, 0 is plain finish-to-start."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"measure": data} if isinstance(data, str) else data


class Undo(Part):
    """What it takes to undo a measure in force; a time alone, "at once" and never are short for it."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = ({"enum": ["never", "at once"]}, DURATION_SCHEMA)

    takes: Span | None = None
    """Time until the undoing has effect, rounded to the nearest period; 0 where silent."""
    cost: Sum | None = None
    """What undoing costs its owner, once; 0 where silent."""
    chance: Share | None = None
    """Chance that it works; 1 where silent."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if data == "at once":
            return {}
        return data if isinstance(data, dict) else {"takes": data}


def _undo(value: Any) -> Any:
    return None if value == "never" else value


class Value(Part):
    """What a measure is worth to a party beyond its facts, in the party's own units."""

    flow: AmountSeries | None = None
    """A period in force; may change over time; 0 where silent."""
    once: Sum | None = None
    """In the period in which it comes into force; 0 where silent."""
    during: Amount | None = None
    """A period under way; 0 where silent."""


class Access(Part):
    """Detection while other measures are in force."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"measures": (), "detect": 0}

    measures: Ids
    """The measures that must all be in force: inspectors, access, a declaration."""
    detect: Chance
    """Chance a period that a cheat is found then."""


class Detect(Part):
    """Chance a period that a cheat on the measure is found; a number alone is its base."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (NUMBER_SCHEMA,)

    base: Chance | None = None
    """With no access at all (satellites, defectors); 0 where silent."""
    with_: Annotated[tuple[Access, ...], OneOrMore()] = Field(default=(), alias="with")
    """With access; the largest value whose measures are all in force counts."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"base": data}


class Tranches(Part):
    """A measure cut into a chain id-1, id-2, …, each after the one before; a number alone makes equal shares."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (
        {"type": "integer", "minimum": 2, "maximum": 50},
        {"type": "array", "items": NUMBER_SCHEMA},
    )
    stand_ins: ClassVar[Mapping[str, Any]] = {"shares": ()}

    shares: Annotated[tuple[Sum, ...], Listing]
    """Each tranche's share of the facts, the corrections and the cost of undoing; they sum to 1."""
    profile: Annotated[tuple[Sum, ...], Listing] | None = None
    """What a unit in each tranche is worth, as a factor; 1 each where silent."""
    takes: Annotated[tuple[Span, ...], Listing] | None = None
    """Work of each tranche; the measure's ``takes`` each where silent."""
    wait: Span | None = None
    """Time between a tranche in force and work on the next; 1 period where silent."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return data
        if isinstance(data, int) and not isinstance(data, bool) and 1 < data <= 50:
            return {"shares": [rounded(Decimal(1) / data)] * data}
        return {"shares": data}


class Worth(Sourced):
    """Facts and corrections: what a measure, milestone or stick is worth."""

    facts: dict[Id, FactSeries] = Field(default_factory=dict)
    """Facts that hold a period in force, in the units of their attributes; may change over time."""
    facts_once: dict[Id, Sum] = Field(default_factory=dict)
    """Facts that count once, when it comes into force."""
    value: dict[Id, Value] = Field(default_factory=dict)
    """Corrections for each party, added to weights x facts; one for a faction stands in place of its party's."""


class Measure(Worth):
    """One thing one party can do, at most once."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"by": UNKNOWN, "undo": "never"}

    name: str = ""
    """What it is, in plain words; its id where silent."""
    by: Id
    """The party that does it."""
    takes: Span | None = None
    """Periods of work, rounded up; must be stated unless the measure is done."""
    after: Annotated[tuple[After, ...], OneOrMore()] = ()
    """Prerequisites."""
    facts_during: dict[Id, Sum] = Field(default_factory=dict)
    """Facts that hold a period under way."""
    undo: Annotated[Undo | None, BeforeValidator(_undo)]
    """What undoing takes: a time, "at once", {takes, cost, chance}, or never. Must be stated."""
    withdrawal: Literal["if-credible", "automatic", "never"] = "if-credible"
    """Once the deal is off: undone where its owner is better off so, without asking, or never."""
    residual: Share | None = None
    """Share of the flow that outlasts undoing; 0 where silent."""
    public: bool = False
    """Whether it can be neither faked nor secretly undone."""
    done: bool = False
    """Whether it is in force from the start of every road map."""
    excludes: Ids = ()
    """Measures that cannot be on one road map with it."""
    replaces: After | None = None
    """A measure of the same party whose place it takes; both must be public."""
    consent: Ids = ()
    """Whose permission or money it needs besides: bodies, or parties."""
    detect: Detect | None = None
    """How well a cheat on it is found; never, where silent."""
    uses: dict[Id, Sum] = Field(default_factory=dict)
    """What it uses of each resource, a period under way."""
    tranches: Tranches | None = None
    """Cut it into a chain."""


class Milestone(Worth):
    """What no single measure has: in force once all members are."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"members": ()}

    name: str = ""
    """What it is, in plain words; its id where silent."""
    members: Ids
    """The measures that make it up (not milestones)."""
