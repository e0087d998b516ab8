"""What is varied, from where to where, and how closely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np

from detente.case.load import Case
from detente.case.parameter import Parameter, parameter, value_of
from detente.case.problems import Problem
from detente.case.stakes import stakes
from detente.errors import Diagnostic, InputError
from detente.incentives.kept import scales
from detente.mend.threshold_words import in_words
from detente.results.threshold import Axis

MOST_VALUES = 2_000
"""Of one number to begin with."""

LEAST_SPAN = 12
"""Times are tried up to twice what the case says, and at least up to this many periods."""

HAIR = Decimal("0.001")
"""How far from 0 and 1 chances stay that must lie between them."""

DIGITS = 10
"""Significant digits that a value has at most, so that resolving the case (12 digits) does not round it."""

_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Range:
    """What was asked of one parameter: its paths, the ends as written, values to begin with, and the tolerance."""

    paths: tuple[str, ...]
    low: str | None = None
    high: str | None = None
    points: int | None = None
    tolerance: str | None = None


@dataclass(frozen=True)
class Span:
    """A parameter ready to be varied: what it is, and the values to begin with, in order."""

    group: tuple[Parameter, ...]
    axis: Axis
    values: tuple[Decimal, ...]

    def middle(self, a: Decimal, b: Decimal) -> Decimal | None:
        """A value about halfway, of few digits; None where the two are close enough."""
        if self.axis.whole or b - a <= self.axis.tolerance:
            return None
        found = ((a + b) / 2).quantize(_quantum(self.axis.tolerance), ROUND_HALF_EVEN)
        return found if a < found < b else None


def span(case: Case, asked: Range, points: int, fineness: Decimal, stated: bool) -> Span:
    """The span that was asked for; raises :class:`InputError` with everything that is wrong with it.

    ``points`` and ``fineness`` (tolerance as a part of the range) where nothing is said; ``stated``: whether the value
    that the case states is tried too.
    """
    group = tuple(parameter(case, path) for path in asked.paths)
    first = _alike(group)
    low, high, nominal, rate = _ends(case, asked, group)
    group = tuple(_with_rate(p, rate) for p in group)
    step, values = _grid(first, asked, points, nominal)
    values = [min(max(x, low), high) for x in values]
    told = {p.stated for p in group}
    own = told.pop() if len(told) == 1 and rate == first.rate else None
    if stated and own is not None and low < own < high and not first.whole:
        values.append(own)
    tolerance = Decimal(1) if first.whole else _tolerance(asked, low, high, fineness, step)
    ranges = {(p.low, p.high) for p in group}
    (least, most) = ranges.pop() if len(ranges) == 1 and rate == first.rate else (None, None)
    axis = Axis(
        asked.paths, in_words(case, group), _unit(case, first, rate), first.whole, low, high, step, tolerance, own,
        (least, most) if least is not None and most is not None else None,
    )  # fmt: skip
    return Span(group, axis, tuple(sorted(set(values))))


def _alike(group: Sequence[Parameter]) -> Parameter:
    """The first of them, all being of one kind and in one unit."""
    first = group[0]
    for p in group[1:]:
        if (p.kind, p.rate) != (first.kind, first.rate):
            raise _wrong(
                f"{first.path} and {p.path} cannot be given one value",
                "they are not of the same kind, or not in the same unit of time",
                "ask of each by itself",
            )
    return first


def _with_rate(p: Parameter, rate: str | None) -> Parameter:
    return Parameter(p.path, p.loc, p.kind, rate, p.stated, p.low, p.high)


def _unit(case: Case, p: Parameter, rate: str | None) -> str:
    if p.whole:
        return f"{case.resolved.period}s"
    if rate is not None:
        return f"a {rate}"
    return f"a {case.resolved.period}" if p.kind in ("chance", "discount", "hazard") else ""


Ends = tuple[Decimal, Decimal]


def _ends(case: Case, asked: Range, group: Sequence[Parameter]) -> tuple[Decimal, Decimal, Ends, str | None]:
    """The ends, the ends that the grid is laid between (chances that must lie between 0 and 1 are cut there), and the
    time that values are rates of."""
    first = group[0]
    given = [None if text is None else _given(case, first, text) for text in (asked.low, asked.high)]
    said = {x[1] for x in given if x is not None and x[1] is not None}
    rates: set[str | None] = {*said} or {first.rate}
    ends = [None if x is None else x[0] for x in given]
    if len(rates) > 1 or (rates != {first.rate} and None in ends):
        raise _wrong(f"the ends of {first.path} are in different units of time", "", "write both in the same unit")
    if None in ends:
        default = _default(case, group)
        ends = [d if x is None else x for x, d in zip(ends, default, strict=True)]
    low, high = (x for x in ends if x is not None)
    if not low < high:
        raise _wrong(f"from {low:f} to {high:f} {first.path} has no values", "", "give --from below --to")
    nominal = low, high
    if first.kind == "discount":
        low = max(low, HAIR) if asked.low is None else low
    if first.kind in ("discount", "hazard"):
        high = min(high, 1 - HAIR) if asked.high is None else high
    return low, high, nominal, rates.pop()


def _given(case: Case, p: Parameter, text: str) -> tuple[Decimal, str | None]:
    try:
        return value_of(text, p, case)
    except Problem as problem:
        raise InputError([Diagnostic(problem.code, problem.problem, None, problem.why, problem.fix)]) from None


def _default(case: Case, group: Sequence[Parameter]) -> Ends:
    """From where to where, if nothing is said: chances all the way, else the range that the case states, else from 0
    to twice the value."""
    ends = [_default_of(case, p) for p in group]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _default_of(case: Case, p: Parameter) -> Ends:
    zero, one = Decimal(0), Decimal(1)
    if p.kind in ("chance", "share", "discount", "hazard"):
        return zero, one
    if p.kind == "time":
        low = one if p.loc[-1] in ("lag", "response_lag") else zero
        high = max(2 * (p.stated or zero), p.high or zero, Decimal(LEAST_SPAN))
        return low, min(high, Decimal(case.resolved.periods - 1)) if _is_work(p) else high
    if p.low is not None and p.high is not None:
        return p.low, p.high
    if p.stated:
        return min(zero, 2 * p.stated), max(zero, 2 * p.stated)
    return zero, _scale(case, p)


def _is_work(p: Parameter) -> bool:
    return p.loc[-1] == "takes" and "undo" not in p.loc


def _scale(case: Case, p: Parameter) -> Decimal:
    """Of a sum that is nothing in the case: what all measures together are worth to its party, rounded up."""
    names = list(case.resolved.parties)
    if p.loc[0] == "parties" and p.loc[-1] == "exit_cost":
        scale = float(np.asarray(scales(stakes(case.resolved)))[names.index(str(p.loc[1]))])
        if scale > 0:
            return Decimal(scale).normalize(Context(prec=2, rounding="ROUND_CEILING"))
    raise _wrong(
        f"from where to where {p.path} is to be varied is not clear",
        "the case states no value of it, or 0",
        "give --from and --to",
    )


def _grid(p: Parameter, asked: Range, points: int, ends: Ends) -> tuple[Decimal, list[Decimal]]:
    """The step, and the values to begin with."""
    low, high = ends
    if p.whole:
        if low != low.to_integral_value() or high != high.to_integral_value():
            raise _wrong(f"{p.path} is counted in whole periods", "", "give --from and --to as whole numbers, or times")
        many = int(high - low) + 1
        if many > MOST_VALUES:
            raise _wrong(
                f"{p.path} has {many} values from {low} to {high}", f"at most {MOST_VALUES} are tried", "narrow it"
            )
        return Decimal(1), [low + n for n in range(many)]
    many = asked.points if asked.points is not None else points
    if not 2 <= many <= MOST_VALUES:
        raise _wrong(f"{many} values cannot be tried of {p.path}", "", f"give --points from 2 to {MOST_VALUES}")
    step = _EXACT.divide(high - low, Decimal(many - 1))
    fine = _quantum(step).scaleb(-2)
    inner = [(low + n * step).quantize(fine, ROUND_HALF_EVEN) for n in range(1, many - 1)]
    return step.quantize(fine, ROUND_HALF_EVEN), [low, *inner, high]


def _tolerance(asked: Range, low: Decimal, high: Decimal, fineness: Decimal, step: Decimal) -> Decimal:
    """The tolerance asked for, or a power of ten that is about ``fineness`` of the range."""
    if asked.tolerance is None:
        return _quantum(min((high - low) * fineness, step))
    least = _quantum(max(abs(low), abs(high))).scaleb(1 - DIGITS)
    try:
        found = Decimal(asked.tolerance)
    except ArithmeticError:
        found = Decimal(0)
    if not found.is_finite() or found < least:
        told = f'the tolerance "{asked.tolerance}" of {", ".join(asked.paths)} is out of range'
        raise _wrong(
            told, "values are kept to 12 digits, and finer ones cannot be told apart", f"give {least:f} or more"
        )
    return found


def _quantum(x: Decimal) -> Decimal:
    """The power of ten at or below a number."""
    return Decimal(1).scaleb(x.adjusted())


def _wrong(problem: str, why: str, fix: str) -> InputError:
    return InputError([Diagnostic("DET722", problem, None, why, fix)])
