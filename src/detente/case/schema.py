"""The case language, version 1: what may stand in a case file, and what it means when it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from detente.case.figures import (
    TIME_SCHEMA,
    Amount,
    AmountSeries,
    Discount,
    FactSeries,
    Hazard,
    Id,
    Ids,
    Listing,
    Part,
    Share,
    Sourced,
    Span,
    Sum,
    Time,
)
from detente.case.problems import UNKNOWN
from detente.case.schema_clauses import Clauses
from detente.case.schema_conduct import Conduct
from detente.case.schema_measures import Measure, Milestone
from detente.case.schema_uncertain import Government, Type, Uncertainty
from detente.case.schema_votes import Body, Faction


class Source(Part):
    """A document that numbers and clauses rest on; text alone is its title."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = ({"type": "string"},)
    stand_ins: ClassVar[Mapping[str, Any]] = {"title": ""}

    title: str
    """What it is, as one would cite it."""
    by: str = ""
    """Author or publisher."""
    date: str = ""
    """When it appeared."""
    url: str = ""
    """Where it can be read."""
    note: str = ""
    """Anything a reader should know."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"title": data} if isinstance(data, str) else data


class Attribute(Part):
    """A kind of fact: what is counted, in which unit; text alone is the unit."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = ({"type": "string"},)
    stand_ins: ClassVar[Mapping[str, Any]] = {"unit": ""}

    unit: str
    """The unit, in words: "points of the programme", "million USD a year"."""
    about: str = ""
    """What it means."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"unit": data} if isinstance(data, str) else data


class Party(Sourced):
    """A principal or third party."""

    name: str = ""
    """Its name in plain words; its id where silent."""
    role: Literal["principal", "third"] | None = None
    """Whether the objectives weigh its gains; where no party has a role, all that have measures are principals."""
    discount: Discount | None = None
    """Its discount factor a period; the case's common one (after its hazard) where silent."""
    hazard: Hazard | None = None
    """Chance a period that its government or its interest ends; its discount is then common x (1 - hazard)."""
    lag: Span | None = None
    """Response lag: periods from seeing a breach to acting on it, at least 1; 1 where silent."""
    exit_cost: Sum | None = None
    """What leaving openly, or being caught, costs it once; 0 where silent."""
    status_quo: AmountSeries | None = None
    """Its payoff a period with no deal and nothing done (drift); 0 where silent."""
    reserve: Sum | None = None
    """What it gets with no deal, if that is stated; otherwise it is computed (see no_deal)."""
    grace: Span | None = None
    """How long the others wait when it is late; 0 where silent."""
    weights: dict[Id, Amount] = Field(default_factory=dict)
    """Judgements: what one unit of an attribute is worth to it a period, in its own units; 0 where silent."""
    factions: dict[Id, Faction] = Field(default_factory=dict)
    """Parts of it with minds of their own, whose support it needs."""
    ratify: Share | None = None
    """Share of its factions' weight that must support a road map before it begins; 0.5 where silent."""
    sustain: Share | None = None
    """Share of its factions' weight that must support going on in every later period; 0.5 where silent."""
    types: dict[Id, Type] = Field(default_factory=dict)
    """What it may be, where the others do not know: one of these, and the case as written where there are none."""
    governments: Annotated[tuple[Government, ...], Listing] = ()
    """Who may come to office in it, and what changes then; of two that came the later one is in office."""


class StickValue(Part):
    """What a stick in use is worth to a party."""

    flow: Amount | None = None
    """A period in use; 0 where silent."""
    once: Sum | None = None
    """When it begins; 0 where silent."""


class Stick(Sourced):
    """Harm by one party on another after its breach."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": UNKNOWN, "by": UNKNOWN, "against": UNKNOWN}

    id: Id
    """Its id."""
    name: str = ""
    """What it is, in plain words."""
    by: Id
    """Who uses it."""
    against: Id
    """On whose breach."""
    delay: Span | None = None
    """From the owner's acting to its effect, rounded up; 0 where silent."""
    lasts: Span | None = None
    """How long, rounded to the nearest period; for ever where silent."""
    committed: bool = False
    """Whether its owner is bound to use it even at a loss."""
    facts: dict[Id, Sum] = Field(default_factory=dict)
    """Facts that hold a period in use, in the units of their attributes."""
    facts_once: dict[Id, Sum] = Field(default_factory=dict)
    """Facts that count once, when it begins."""
    value: dict[Id, StickValue] = Field(default_factory=dict)
    """Corrections for each party, added to weights x facts."""


class Resource(Sourced):
    """Something of which only so much is at hand in a period: teams, crews."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"capacity": 0}

    name: str = ""
    """What it is, in plain words."""
    capacity: FactSeries
    """How much a period; may change over time."""


class Group(Part):
    """Measures whose share a clause may speak of."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"members": ()}

    name: str = ""
    """What it is, in plain words."""
    members: Ids
    """The measures (a tranched one stands for all its tranches)."""
    by: Id = "count"
    """How the share is weighed: by count, or by an attribute of which each member has a fact."""


class Position(Sourced):
    """What a party demands, at a date."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"party": UNKNOWN, "clauses": ()}

    name: str = ""
    """What it is, in plain words."""
    party: Id
    """Whose position it is: a party's or a faction's."""
    from_: Time | None = Field(default=None, alias="from")
    """Since when it is held."""
    about: str = ""
    """What it says, in plain words."""
    clauses: Clauses
    """Its clauses."""


class Goal(Sourced):
    """What lets a leader say that he won."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"party": UNKNOWN, "clauses": ()}

    name: str = ""
    """What it is, in plain words."""
    party: Id
    """Whose goal it is: a party's or a faction's."""
    date: Time | None = None
    """Since when it is known."""
    about: str = ""
    """What it says, in plain words."""
    clauses: Clauses
    """Its clauses."""


class Proposal(Sourced):
    """Clauses somebody has tabled."""

    name: str = ""
    """What it is, in plain words."""
    by: Id | None = None
    """The party or faction that made it; or see author."""
    author: str = ""
    """Who made it, if that is no party."""
    date: Time | None = None
    """When it was made."""
    about: str = ""
    """What it says, in plain words."""
    clauses: Clauses = ()
    """Its clauses; it stands for every road map that keeps them."""
    road_map: dict[Id, Time | None] | None = None
    """Start periods, where it is fully specified."""


class RoadMapEntry(Part):
    """A road map in the case; start periods alone are short for it."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (
        {"type": "object", "additionalProperties": {"anyOf": [TIME_SCHEMA, {"type": "null"}]}},
    )
    stand_ins: ClassVar[Mapping[str, Any]] = {"starts": {}}

    name: str = ""
    """What it is, in plain words."""
    about: str = ""
    """Where it comes from."""
    starts: dict[Id, Time | None]
    """When work on each measure starts; null or absent: it is not on the road map."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data.get("starts"), dict | list | bool):
            return {"starts": data}
        return data


class Document(Part):
    """A case: what is known before a deal."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"period": "quarter", "periods": 400, "start": "2000-01-01", "parties": {}}

    detente: Literal[1]
    """Version of the language."""
    title: str = ""
    """What the case is called; its id where silent."""
    about: str = ""
    """What it is about, in plain words."""
    period: Literal["month", "quarter", "year"]
    """Length of a period."""
    periods: int
    """Number of periods, at most 400; after the last one the state stays for ever."""
    start: Time
    """First day of period 0: a year, quarter, month, or the first day of a month."""
    discount: Discount | None = None
    """Common discount factor a period; may be left out only if all parties have the same one."""
    no_deal: Literal["collapse", "as-is"] = "collapse"
    """No deal, for a party without a stated reserve: each undoes what it is better off undoing, or all stays."""
    comparable: bool = False
    """Whether the parties' units are comparable."""
    pocketing_share: Share | None = None
    """A share of the surplus still to come below this invites reopening; 0.1 where silent."""
    uncertainty: Uncertainty = Field(default_factory=Uncertainty)
    """How possible worlds are drawn from the ranges."""
    conduct: Conduct = Field(default_factory=Conduct)
    """How often runs of a road map meet lateness, alarms, incidents and renewed talks."""
    sources: dict[Id, Source] = Field(default_factory=dict)
    """What the numbers and clauses rest on."""
    attributes: dict[Id, Attribute] = Field(default_factory=dict)
    """Kinds of facts, with their units."""
    parties: dict[Id, Party]
    """Who can do, gain or lose something."""
    measures: dict[Id, Measure] = Field(default_factory=dict)
    """What can be done."""
    bodies: dict[Id, Body] = Field(default_factory=dict)
    """Whose consent measures may need, by vote of parties."""
    milestones: dict[Id, Milestone] = Field(default_factory=dict)
    """What is reached when several measures are in force."""
    sticks: Annotated[tuple[Stick, ...], Listing] = ()
    """Harm that a party threatens after a breach."""
    resources: dict[Id, Resource] = Field(default_factory=dict)
    """What is scarce in a period."""
    groups: dict[Id, Group] = Field(default_factory=dict)
    """Sets of measures that clauses may speak of."""
    red_lines: Clauses = ()
    """Clauses that bind the planner; each needs an owner."""
    positions: dict[Id, Position] = Field(default_factory=dict)
    """What parties demand, with dates."""
    goals: dict[Id, Goal] = Field(default_factory=dict)
    """What leaders want to be able to say."""
    proposals: dict[Id, Proposal] = Field(default_factory=dict)
    """What has been tabled."""
    road_maps: dict[Id, RoadMapEntry] = Field(default_factory=dict)
    """Road maps with names."""
