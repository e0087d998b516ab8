"""Whether a written answer agrees with its case (format ``detente/verification/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from detente.results.provenance import Provenance
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Disagreement(Answer):
    """One thing that a written answer says otherwise than its case."""

    where: str
    """Path in the answer, such as ``margin.DPRK[3]``."""
    written: str
    found: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"where": self.where, "written": self.written, "found": self.found}


@dataclass(frozen=True)
class Verification(Answer):
    """What was checked from scratch, and what differs."""

    kind: str
    """``audit`` or ``plan``."""
    disagreements: tuple[Disagreement, ...]
    checked: tuple[str, ...]
    unchecked: tuple[str, ...]
    """What cannot be checked by judging a road map, in plain words."""
    provenance: Provenance
    outcome: str = "audit"
    """``plan``, ``none-exists`` or ``unknown``, as a plan says; ``audit`` for an audit."""
    same_case: bool = True
    """Whether the answer was written for this very case."""

    def __repr__(self) -> str:
        differ = len(self.disagreements)
        return f"<Verification of {self.kind}: {f'{differ} disagreements' if differ else 'agrees'}>"

    @property
    def agrees(self) -> bool:
        """Whether nothing differs; what could not be checked stands in ``unchecked``."""
        return not self.disagreements

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "format": "detente/verification/1", **self.provenance.to_dict(), "kind": self.kind,
            "outcome": self.outcome, "same_case": self.same_case, "agrees": self.agrees,
            "disagreements": [d.to_dict() for d in self.disagreements], "checked": list(self.checked),
            "unchecked": list(self.unchecked),
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
