"""What is not known of a case: how its ranges are spread and hang together, what a party may be, who may come to
office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.case.figures import Amount, Id, Listing, Part, Share, Sourced, Sum, Text, Time
from detente.case.problems import UNKNOWN, Loc
from detente.case.shapes import Shape


class Correlation(Sourced):
    """Two uncertain numbers that tend to be high together, or one high where the other is low."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"between": (), "rank": 0}

    between: Annotated[tuple[Text, ...], Listing]
    """The paths of two numbers with ranges: parties.US.weights.programme."""
    rank: Sum
    """Their rank correlation (Spearman's), from -1 to 1."""
    why: str = ""
    """The reason, in a line."""


class Uncertainty(Part):
    """How possible worlds are drawn."""

    shape: Shape = "triangular"
    """How ranges that name no shape of their own are spread."""
    correlations: Annotated[tuple[Correlation, ...], Listing] = ()
    """Which numbers hang together; all others are drawn independently."""


class Hidden(Sourced):
    """Something that a declaration leaves out."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"what": "", "left_out_of": UNKNOWN}

    what: str
    """What it is, in plain words."""
    left_out_of: Id
    """The party's own measure that should have told of it; while that is in force it is hidden."""
    facts: dict[Id, Sum] = Field(default_factory=dict)
    """Its size, in the units of attributes."""
    worth: dict[Id, Amount] = Field(default_factory=dict)
    """What it is worth to its owner, or the owner's factions, a period while it is hidden."""
    price: dict[Id, Amount] = Field(default_factory=dict)
    """What it costs the others a period while it is hidden; they do not know it, so they do not act on it."""
    why: str = ""
    """The reason for these numbers, in a line."""


class Type(Sourced):
    """One of the things that a party may be."""

    name: str = ""
    """What it is called; its id where silent."""
    chance: Share | None = None
    """How likely it is; one type may be silent and takes the rest."""
    about: str = ""
    """What it means, in plain words."""
    why: str = ""
    """The reason for its chance and its numbers, in a line."""
    changes: dict[str, Any] = Field(default_factory=dict, alias="set")
    """What is different if it is the one: paths as for --set, with their values."""
    hidden: Annotated[tuple[Hidden, ...], Listing] = ()
    """What it leaves out of declarations."""


class Government(Sourced):
    """A government that may come to office."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": UNKNOWN, "from": "2000", "chance": 0}

    id: Id
    """Its id."""
    name: str = ""
    """What it is called; its id where silent."""
    from_: Time = Field(alias="from")
    """When it would come to office."""
    chance: Share
    """How likely it is to."""
    about: str = ""
    """What it means, in plain words."""
    why: str = ""
    """The reason for its chance and its numbers, in a line."""
    changes: dict[str, Any] = Field(default_factory=dict, alias="set")
    """What is different from then on: paths as for --set, with their values."""


@dataclass(frozen=True)
class HiddenThing:
    """Something that a party of a certain type leaves out of a declaration."""

    owner: str
    loc: Loc
    """Where in the case it is written."""
    written: Hidden
