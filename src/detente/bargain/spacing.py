"""Numbers that fill an interval evenly, however many of them are taken."""

from __future__ import annotations

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)
"""Bases whose sequences together fill a cube evenly (Halton 1960)."""


def radical_inverse(n: int, base: int = 2) -> float:
    """The digits of n in a base, mirrored at the point: 1/2, 1/4, 3/4, 1/8, … in base 2 (van der Corput 1935)."""
    value, part = 0.0, 1.0 / base
    while n:
        value, n, part = value + part * (n % base), n // base, part / base
    return value
