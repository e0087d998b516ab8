"""What a clause can say: one small type for each form of model §9, with times as periods."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ByTime:
    """``X by t``: in force in period ``time`` at the latest."""

    measure: str
    time: int


@dataclass(frozen=True)
class NotBefore:
    """``X not before t``: absent, or started in period ``time`` or later."""

    measure: str
    time: int


@dataclass(frozen=True)
class Before:
    """``X before Y by n``: Y absent, or started at least ``wait`` periods after X came into force."""

    first: str
    then: str
    wait: int


@dataclass(frozen=True)
class Never:
    """``never X``: not on the road map, and not done."""

    measure: str


@dataclass(frozen=True)
class ShareAtLeast:
    """``share of G at least p by t``: in period ``time``."""

    group: str
    share: Decimal
    time: int


@dataclass(frozen=True)
class ShareAtMost:
    """``share of G at most p by t``: in every period up to ``time``."""

    group: str
    share: Decimal
    time: int


@dataclass(frozen=True)
class ValueAtLeast:
    """``value of P at least v``: the party's continuation value in period 0."""

    party: str
    value: Decimal


@dataclass(frozen=True)
class AllBeforeAny:
    """``all of G before any of H``: nothing of H, or all of G in force at least one period before work on any of H."""

    first: str
    then: str


Term = ByTime | NotBefore | Before | Never | ShareAtLeast | ShareAtMost | ValueAtLeast | AllBeforeAny
"""A clause, read."""

FORMS = (
    "X by t",
    "X not before t",
    "X before Y [by n]",
    "never X",
    "share of GROUP at least|at most p by t",
    "value of PARTY at least v",
    "all of GROUP before any of GROUP",
)
