"""Clauses of every form over the names of a random case."""

from __future__ import annotations

import random

from tests.making import Raw


def random_clause(rng: random.Random, raw: Raw) -> str:
    """The text of a clause; all forms are equally likely where the case has what they speak of."""
    names, groups, T = list(raw["measures"]), list(raw["groups"]), raw["periods"]
    x, y, t = rng.choice(names), rng.choice(names), rng.randrange(T)
    forms = [
        f"{x} by {t}",
        f"{x} not before {t}",
        f"{x} before {y}",
        f"{x} before {y} by {rng.randrange(3)}",
        f"never {x}",
        f"value of {rng.choice(list(raw['parties']))} at least {rng.choice(('-2', '0', '0.5', '3'))}",
    ]
    if groups:
        g, h, p = rng.choice(groups), rng.choice(groups), rng.choice(("0", "0.25", "0.3", "0.5", "0.75", "1"))
        forms += [
            f"share of {g} at least {p} by {t}",
            f"share of {g} at most {p} by {t}",
            f"all of {g} before any of {h}",
        ]
    return rng.choice(forms)


def clause(id: str, text: str, of: str = "offer", kind: str = "proposal") -> Raw:
    """A clause that must hold."""
    return {"id": id, "owner": "P1", "kind": kind, "of": of, "strength": "must", "weight": "1", "text": text}
