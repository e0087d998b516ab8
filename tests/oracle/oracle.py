"""What a road map is worth, and when it pays to leave it: a checker written straight from the model.

Everything is laid down period by period in exact fractions (see `worlds.py` and `judge.py`); sets of
cheats, and sets of milestones left alone, are tried one and all. It is slow and literal on purpose, and
shares nothing with the program it checks. Every function takes a resolved case and a road map as dicts (or
what `read_case` and `Schedule` made of them). Arrays per period have T+1 entries, the last for ever after.

Where the model leaves a choice open, this checker takes these readings:

 1. §2  A measure due after T-1 never comes into force; its `during` is paid in the periods below T; it may
        be faked (that saves the rest of `during`), and then there is nothing to find.
 2. §2  Having two measures on the road map that exclude each other is reported as out-of-order.
 3. §2  A replaced measure counts as in force through its replacement once it came into force itself.
 4. §3  Without a deal each owner decides at its own discount what it undoes, also where the result is
        valued at the common one; `automatic` and `never` apply; nothing is left alone.
 5. §4  Of several best sets of milestones of the same size the first in the order of the case counts
        (this matters only for what others get, never for a margin).
 6. §4  `once` of a milestone after a breach is paid times the chance that it is in force in its c.
 7. §5  A measure being secretly undone gives access until t0 + r, a faked one never; a milestone used for
        access gives it while it truly is in force.
 8. §5  Whatever is not public and has c >= t0, or c < t0 and `undo` not null, is a candidate, even where
        cheating on it changes nobody's payoff.
 9. §6  "Something to perform" is a measure of one's own with c >= t, under way or not.
10. §7  Bystanders have no W and no margin, and are left out of pocketing, power-shift and exposure (also
        as the one who leaves).
11. §7  A breach is not vacuous if a stick with any number other than 0 fires, or any exit or undoing cost
        other than 0 is paid. A covert one is vacuous only if all it fakes is due after T-1 and saves no work.
12. §7  `least_margin` is the least of all margins, in the party's own units; `least_relative_margin` the
        least over K_i of breaches that are not vacuous.
13. §9  `never X` is at a distance of T - c_X. What is done has s = c = -1, also as Y of a `before`. A quarter
        that holds several periods ends with its last (`by`) and begins with its first (`not before`).
14. §10 "Of measures that exclude or replace each other the largest only": of each connected family.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.oracle import clauses
from tests.oracle.constants import reserve, scales, structural
from tests.oracle.judge import Courses, Oracle
from tests.oracle.reading import Raw, Schedule
from tests.oracle.worlds import Cheat


def kept(case: Raw, rm: Raw) -> Courses:
    """V_i(t), t = 0..T."""
    return Oracle(case, rm).kept


def open_breach(case: Raw, rm: Raw, i: str, t: int, leave_alone: frozenset[str] | None = None) -> dict[str, Fraction]:
    """Value to every party from t on after i's open breach in t (with i's best choice, or `leave_alone`)."""
    return Oracle(case, rm).open_breach(i, t, leave_alone)


def W(case: Raw, rm: Raw, i: str, t: int) -> Fraction:
    """W_i(t)."""
    return Oracle(case, rm).left(i, t, seen=t)[0]


def S(case: Raw, rm: Raw, j: str, i: str, t: int) -> Fraction:
    """S_ji(t)."""
    return Oracle(case, rm).S(j, i, t)


def B(case: Raw, rm: Raw, j: str, i: str, t: int) -> Fraction:
    """B_ji(t)."""
    return Oracle(case, rm).B(j, i, t)


def covert(case: Raw, rm: Raw, i: str, members: frozenset[str] | set[str], t0: int) -> Fraction:
    """C_i(S,t0); an error if one of `members` is no candidate of i in t0."""
    oracle = Oracle(case, rm)
    fakes, behind = oracle.candidates(i, t0)
    if not members or not members <= fakes | behind:
        raise ValueError(f"{sorted(members)} cannot be cheated on by {i} in {t0}")
    return oracle.covert(Cheat(i, fakes & members, behind & members, t0))


def margins(case: Raw, rm: Raw) -> Courses:
    """margin_i(t) of every party that is no bystander, t = 0..T."""
    return Oracle(case, rm).margins


def best_breach(case: Raw, rm: Raw) -> dict[str, list[list[dict[str, Any]]]]:
    """Per party and period every best breach."""
    oracle = Oracle(case, rm)
    return {i: [[way.told() for way in oracle.best_ways(i, t)] for t in oracle.span] for i in oracle.margins}


def exposure(case: Raw, rm: Raw) -> Courses:
    """E_j(t)."""
    return Oracle(case, rm).exposure


def trust(case: Raw, rm: Raw) -> Courses:
    """p*_j(t)."""
    return Oracle(case, rm).trust


def delay_prone(case: Raw, rm: Raw) -> list[tuple[str, int, Fraction]]:
    """(party, period, gain over its grace period)."""
    return Oracle(case, rm).delay_prone()


def pocketing(case: Raw, rm: Raw) -> list[tuple[str, int, Fraction]]:
    """(principal, period, share)."""
    return Oracle(case, rm).pocketing()


def power_shift(case: Raw, rm: Raw) -> list[tuple[str, int, Fraction]]:
    """(party, period, excess)."""
    return Oracle(case, rm).power_shift()


def vacuous(case: Raw, rm: Raw, i: str, t: int) -> bool:
    """Is i's open breach in t vacuous?"""
    return Oracle(case, rm).vacuous(i, t)


def gains(case: Raw, rm: Raw) -> dict[str, Fraction]:
    """U_i - R_i at the common discount."""
    return Oracle(case, rm).gains()


def clause_holds(case: Raw, rm: Raw, text: str) -> tuple[bool, Fraction]:
    """(true or false, distance)."""
    return clauses.clause_holds(Schedule(case, rm), text)


def audit(case: Raw, rm: Raw) -> dict[str, Any]:
    """Verdict, signed, clauses_kept, certified, and the numbers behind them."""
    return Oracle(case, rm).audit()


__all__ = [
    "B",
    "Oracle",
    "S",
    "W",
    "audit",
    "best_breach",
    "clause_holds",
    "covert",
    "delay_prone",
    "exposure",
    "gains",
    "kept",
    "margins",
    "open_breach",
    "pocketing",
    "power_shift",
    "reserve",
    "scales",
    "structural",
    "trust",
    "vacuous",
]
