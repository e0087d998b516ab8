"""What every certified road map satisfies, condition by condition, each with a name by which it can be waived.

A condition is a clause that must be kept, that a party signs (no deal is not worth more to it), or that it stays
(it gains by no breach). Order, exclusion, capacity and horizon are what makes a road map one, and cannot be waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.audit.findings.signing import binding
from detente.case.resolved import Clause, ResolvedCase
from detente.case.stakes import Stakes
from detente.results.audit import Audit

Kind = Literal["clause", "signs", "stays"]


@dataclass(frozen=True)
class Condition:
    """One condition; ``name`` is a clause's id, ``signs:PARTY`` or ``stays:PARTY``."""

    name: str
    kind: Kind
    party: str | None = None
    clause: Clause | None = None


def conditions(case: ResolvedCase, keep: Sequence[str] = ()) -> tuple[Condition, ...]:
    """All conditions on a road map of a case: binding clauses first, then signing, then staying.

    Parties without a measure can neither refuse nor leave.
    """
    owners = [p for p in case.parties if any(m.by == p for m in case.measures.values())]
    clauses = [Condition(c.id, "clause", c.owner, c) for c in binding(case, keep)]
    signs = [Condition(f"signs:{p}", "signs", p) for p in owners]
    return (*clauses, *signs, *(Condition(f"stays:{p}", "stays", p) for p in owners))


@dataclass(frozen=True)
class Waived:
    """Conditions that need not hold: clauses by id, parties by index."""

    clauses: frozenset[str] = frozenset()
    signing: frozenset[int] = frozenset()
    staying: frozenset[int] = frozenset()

    @classmethod
    def of(cls, stakes: Stakes, names: Iterable[str]) -> Waived:
        """From the names of conditions."""
        at = stakes.party_index
        told = list(names)

        def parties(kind: str) -> frozenset[int]:
            return frozenset(at[n.removeprefix(kind)] for n in told if n.startswith(kind) and n[len(kind) :] in at)

        return cls(frozenset(told), parties("signs:"), parties("stays:"))


def enough(judged: Audit, margin: float, stakes: Stakes, waived: Waived, must: Sequence[Clause]) -> bool | None:
    """Whether the auditor certifies all that was not waived, and every breach that counts leaves the margin asked for.

    ``judged``: with those that need not stay free to leave. None where the auditor passed
    a limit: it may or may not.
    """
    refused = {stakes.parties[i] for i in waived.signing}
    held = {c.id: c.holds for c in judged.clauses}
    if not all(held[c.id] for c in must if c.id not in waived.clauses):
        return False
    if any(f.party not in refused for f in judged.finding("would-not-sign")):
        return False
    if judged.verdict != "holds":
        return None if judged.verdict == "unknown" else False
    least = judged.least_counted
    return least is None or least.relative is None or least.relative >= margin
