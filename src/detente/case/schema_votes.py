"""Who has a say besides the parties' governments: factions within a party, and bodies that vote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from detente.case.figures import Amount, AmountSeries, Discount, Hazard, Id, Ids, Sourced, Sum
from detente.case.schema_clauses import Clauses


class Faction(Sourced):
    """A part of a party with a mind of its own; where it is silent, what is said of the party holds."""

    name: str = ""
    """Its name in plain words; its id where silent."""
    weight: Sum | None = None
    """How much its voice counts when its party ratifies a road map or sustains it; 1 where silent."""
    veto: bool = False
    """Whether nothing is ratified or sustained against it."""
    weights: dict[Id, Amount] = Field(default_factory=dict)
    """Judgements: what one unit of an attribute is worth to it a period; its party's where silent."""
    discount: Discount | None = None
    """Its discount factor a period; its party's where silent."""
    hazard: Hazard | None = None
    """Chance a period that its interest ends; its discount is then common x (1 - hazard)."""
    status_quo: AmountSeries | None = None
    """Its payoff a period with no deal and nothing done; its party's where silent."""
    reserve: Sum | None = None
    """What no deal is worth to it: it does not support a road map that is worth less at the beginning."""
    clauses: Clauses = ()
    """What it demands; it supports no road map that breaks one that must be kept."""


class Body(Sourced):
    """Something that decides by vote of parties: the Security Council, a group of donors."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"votes": {}, "quota": 1}

    name: str = ""
    """Its name in plain words; its id where silent."""
    votes: dict[Id, Sum]
    """The votes of each member, a party."""
    quota: Sum
    """Votes needed for its consent."""
    vetoes: Ids = ()
    """Members without which nothing passes."""
