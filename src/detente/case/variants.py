"""What a case may be besides its numbers: which type each party is of, and which governments come to office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.case.load import Case


@dataclass(frozen=True)
class Variant:
    """One combination of types and of governments that come."""

    types: Mapping[str, str]
    """The type of each party that has types."""
    governments: tuple[str, ...]
    """The governments that come to office."""
    chance: float
    regimes: tuple[tuple[int, Case], ...]
    """From each period on the case that holds then, the first from period 0 on."""


def variants(case: Case) -> tuple[Variant, ...]:
    """The variants of a case."""
    return (Variant({}, (), 1.0, ((0, case),)),)
