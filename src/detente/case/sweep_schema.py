"""What a design of a sweep says: over which numbers, for which road maps, how many worlds at each point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from detente.case.figures import Ids, Listing, Part, Text
from detente.case.problems import UNKNOWN

SweepKind = Literal["worlds", "simulate"]
Noise = Literal["lateness", "alarms", "incidents", "talks", "trust"]
"""What runs can do without."""


class Varying(Part):
    """One thing that is varied: a list of values, or a range of a number."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"of": UNKNOWN}

    of: Ids
    """The path of a setting, as for --set; of several, all get the same value."""
    values: Annotated[tuple[Any, ...], Listing] = ()
    """The values, as for --set."""
    from_: Any = Field(default=None, alias="from")
    """Instead of values: the lowest value of a number, with its unit."""
    to: Any = None
    """The highest."""
    steps: int | None = None
    """How many values from the lowest to the highest, evenly spaced; not with a sample."""


class Design(Part):
    """A design of a sweep."""

    called: ClassVar[str] = "design"
    stand_ins: ClassVar[Mapping[str, Any]] = {"sweep": 1, "road_maps": (), "over": (), "n": 1}

    sweep: Literal[1]
    """Version of the language of designs."""
    kind: SweepKind = "worlds"
    """What is done at each point: a road map is judged in possible worlds, or it is simulated what happens to it."""
    n: int
    """Worlds, or runs, for each point and road map."""
    worlds: int | None = None
    """Of runs: in how many possible worlds at most; more runs go over them again."""
    without: Annotated[tuple[Noise, ...], Listing] = ()
    """Of runs: what they do without, as for simulate."""
    road_maps: Annotated[tuple[Text, ...], Listing]
    """Names of road maps or proposals of the case, or files, sought beside the design."""
    over: Annotated[tuple[Varying, ...], Listing]
    """What is varied; the points are all combinations, unless a sample is asked for."""
    sample: int | None = None
    """So many points of a Latin hypercube instead of all combinations."""
