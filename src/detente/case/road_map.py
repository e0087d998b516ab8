"""A road map: a start period for each measure that is included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class RoadMap:
    """Start periods by measure; a measure that is absent is not on the road map.

    Done measures and milestones do not appear. Order of keys does not matter: two road maps with the same starts are
    equal and hash alike.
    """

    starts: Mapping[str, int] = field(default_factory=dict)
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", MappingProxyType(dict(sorted(self.starts.items()))))

    def __hash__(self) -> int:
        return hash(tuple(self.starts.items()))

    def __reduce__(self) -> tuple[type[RoadMap], tuple[dict[str, int], str]]:
        return RoadMap, (dict(self.starts), self.name)

    def __contains__(self, measure: object) -> bool:
        return measure in self.starts

    def __iter__(self) -> Iterator[str]:
        return iter(self.starts)

    def __len__(self) -> int:
        return len(self.starts)

    def with_start(self, measure: str, start: int | None) -> RoadMap:
        """The same road map with one measure moved, added, or (None) dropped."""
        starts = dict(self.starts)
        if start is None:
            starts.pop(measure, None)
        else:
            starts[measure] = start
        return RoadMap(starts, self.name)
