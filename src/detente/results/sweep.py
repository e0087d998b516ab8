"""How road maps fare over a design of parameters (``detente/sweep/1``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.results.provenance import Provenance
from detente.results.read_only import Answer

_MEASURED = re.compile(r"([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) ?([^\W\d_]+(?: [^\W\d_]+)*|%)?")


def measured(values: Sequence[str]) -> tuple[tuple[float, ...], str] | None:
    """Values as numbers, and their unit (``0.5 a year``); None if some are no number, or not in the same unit.

    Nothing is nothing in every unit.
    """
    found = [_MEASURED.fullmatch(value.strip()) for value in values]
    numbers = [(float(f[1]), f[2] or "") for f in found if f is not None]
    units = {unit for x, unit in numbers if x or unit} or {""}
    if None in found or len(units) != 1:
        return None
    return tuple(x for x, _ in numbers), units.pop()


@dataclass(frozen=True)
class SweepRow(Answer):
    """A road map at a point."""

    point: int
    road_map: str
    at: tuple[str, ...]
    """For each thing varied its value, as written in a setting."""
    n: int
    """Worlds or runs; fewer than asked for where the sweep was cut short."""
    found: Mapping[str, float]
    """What was found, as in the columns of the table."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"point": self.point, "road_map": self.road_map, "at": list(self.at), "n": self.n, **self.found}


@dataclass(frozen=True)
class SweepRefusal(Answer):
    """A point at which a road map could not be judged, though each value by itself is one that the case allows."""

    point: int
    road_map: str
    at: tuple[str, ...]
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"point": self.point, "road_map": self.road_map, "at": list(self.at), "why": self.why}


@dataclass(frozen=True)
class Effect(Answer):
    """What one of the things varied does to the headline of a road map, whatever the others are."""

    of: tuple[str, ...]
    road_map: str
    means: tuple[tuple[str, float], ...]
    """The mean at each of its values, in order; in a sample over ranges of values with as many points in each."""

    @property
    def spread(self) -> float:
        """From the lowest to the highest mean."""
        means = [x for _, x in self.means]
        return max(means) - min(means)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"of": list(self.of), "road_map": self.road_map, "spread": self.spread,
                "means": [{"at": at, "mean": x} for at, x in self.means]}  # fmt: skip


@dataclass(frozen=True)
class Sweep(Answer):
    """Road maps over a design: a row for each point and road map, or why there is none."""

    kind: str
    headline: str
    """The column by which points are compared; the higher, the better."""
    over: tuple[tuple[str, ...], ...]
    """The paths of each thing varied."""
    titles: tuple[str, ...]
    """What each is called."""
    road_maps: tuple[str, ...]
    n: int
    """Worlds or runs asked for at each point and road map."""
    points: int
    tasks: int
    finished: int
    rows: tuple[SweepRow, ...]
    refused: tuple[SweepRefusal, ...]
    effects: tuple[Effect, ...]
    """The largest spread first."""
    table: str
    """The file with all rows."""
    provenance: Provenance

    def __repr__(self) -> str:
        cut = "" if self.complete else f", {self.finished} of {self.tasks} tasks finished"
        return f"<Sweep: {len(self.road_maps)} road maps at {self.points} points{cut}>"

    @property
    def complete(self) -> bool:
        """Whether everything asked for was done."""
        return self.finished == self.tasks

    def best_first(self, road_map: str | None = None) -> tuple[SweepRow, ...]:
        """Rows by their headline, of one road map or of all."""
        rows = [r for r in self.rows if road_map in (None, r.road_map)]
        return tuple(sorted(rows, key=lambda r: (-r.found[self.headline], r.point, r.road_map)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; the format is documented in ``docs/reference/json-formats.md``."""
        return {
            "format": "detente/sweep/1", **self.provenance.to_dict(), "kind": self.kind, "headline": self.headline,
            "over": [{"paths": list(p), "title": title} for p, title in zip(self.over, self.titles, strict=True)],
            "road_maps": list(self.road_maps), "n": self.n,
            "points": self.points, "tasks": self.tasks, "finished": self.finished, "complete": self.complete,
            "table": self.table, "effects": [e.to_dict() for e in self.effects],
            "rows": [r.to_dict() for r in self.rows], "refused": [r.to_dict() for r in self.refused],
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)
