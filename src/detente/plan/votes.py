"""Who decides a vote: those without whom it cannot be carried, and whoever may tip what is left (model §9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.case.resolved import ResolvedCase

WEIGHT_SLACK = 1e-9
"""Weights are compared with this much slack; the auditor decides exactly."""


@dataclass(frozen=True)
class Say:
    """Who decides a vote: all of ``needed`` must be for it, and of the others enough to weigh ``rest``."""

    needed: tuple[str, ...]
    others: Mapping[str, float]
    rest: float

    def carried(self, voices: Mapping[str, bool]) -> bool:
        """Whether these voices carry the vote."""
        favour = sum(w for name, w in self.others.items() if voices[name])
        return all(voices[name] for name in self.needed) and favour >= self.rest * (1 - WEIGHT_SLACK)

    @property
    def deciding(self) -> tuple[str, ...]:
        """All that have a say."""
        return (*self.needed, *self.others)


def say(weight: Mapping[str, Fraction], asked: Fraction, vetoes: Collection[str]) -> Say:
    """Who decides where voices of a weight are asked for."""
    whole = sum(weight.values(), Fraction(0))
    needed = tuple(name for name, w in weight.items() if name in vetoes or whole - w < asked)
    rest = asked - sum((weight[name] for name in needed), Fraction(0))
    if rest <= 0:
        return Say(needed, {}, 0.0)
    return Say(needed, {n: float(w) for n, w in weight.items() if n not in needed and w > 0}, float(rest))


def say_of(case: ResolvedCase, party: str, t: int) -> Say:
    """Which factions of a party decide in a period."""
    own = case.factions_of(party)
    share = case.parties[party].ratify if t == 0 else case.parties[party].sustain
    weight = {name: Fraction(f.weight) for name, f in own.items()}
    return say(weight, Fraction(share) * sum(weight.values()), [name for name, f in own.items() if f.veto])


def say_in(case: ResolvedCase, body: str) -> Say:
    """Which members of a body decide."""
    one = case.bodies[body]
    return say({member: Fraction(n) for member, n in one.votes.items()}, Fraction(one.quota), one.vetoes)
