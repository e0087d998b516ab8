"""Numbers and lengths of time as people write them: ``1.2 [0.8, 1.8]``, ``0.12 a year``, ``3 months [2, 12]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Literal, overload

import numpy as np

from detente.case.calendar import MONTHS_IN, Calendar, Rounding, whole_periods
from detente.case.many import Ints, Many
from detente.case.problems import Problem, did_you_mean, shown
from detente.case.shapes import SHAPES, Shape

Kind = Literal["amount", "sum", "chance", "share", "discount", "hazard"]
"""What a number means: ``amount`` a period (may be a rate), ``sum`` paid once or a plain fact, ``chance`` a period
(may be a rate), ``share`` a chance or part that is no rate, ``discount`` and ``hazard`` (may be rates)."""

SIGNIFICANT = 12
_EXACT = Context(prec=60)
_ROUND = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_EVEN)
_LONGEST, _LARGEST = 60, 18

_NUM = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = rf"\[\s*(?P<low>{_NUM})\s*,\s*(?P<high>{_NUM})\s*\]"
_RATE = r"(?:a|an|per|/)\s*"
_NO_SHAPE = rf"(?!(?:{'|'.join(SHAPES)})\b)"
_SHAPE = rf"(?P<shape>{'|'.join(SHAPES)})"
NUMBER = re.compile(
    rf"(?P<central>{_NUM})\s*(?:{_RATE}(?P<unit1>[A-Za-z]+))?\s*(?:{_RANGE})?\s*"
    rf"(?:{_NO_SHAPE}{_RATE}(?P<unit2>[A-Za-z]+))?\s*{_SHAPE}?"
)
DURATION = re.compile(
    rf"(?P<central>{_NUM})\s*(?P<unit1>[A-Za-z]+)?\s*(?:{_RANGE})?\s*(?:{_NO_SHAPE}(?P<unit2>[A-Za-z]+))?\s*{_SHAPE}?"
)
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)
_UNITS = ("day", "week", "month", "quarter", "year", "period")
_RATES = ("period", "month", "quarter", "year")


@dataclass(frozen=True)
class Number:
    """A number with the ends of its range (equal to it where none is given) and the time it is a rate of."""

    text: str
    central: Decimal
    low: Decimal
    high: Decimal
    rate: str | None
    kind: Kind
    shape: Shape | None = None
    """How it is spread over its range; as the case says where None."""

    @property
    def ranged(self) -> bool:
        """Whether it is drawn."""
        return self.low != self.high

    def per_period(self, x: Decimal, calendar: Calendar) -> Decimal:
        """What the value ``x`` of this number is a period (60 digits; rounded later, once)."""
        if self.rate is None or self.rate == "period":
            return x
        ratio = Fraction(calendar.months, MONTHS_IN[self.rate])
        if ratio == 1:
            return x
        above, below = Decimal(ratio.numerator), Decimal(ratio.denominator)
        with localcontext(_EXACT):
            if self.kind == "amount":
                return x * above / below
            if self.kind == "discount":
                return x ** (above / below)
            return 1 - (1 - x) ** (above / below)


@dataclass(frozen=True)
class Duration:
    """A length of time with the ends of its range, in a unit."""

    text: str
    central: Decimal
    low: Decimal
    high: Decimal
    unit: str
    shape: Shape | None = None
    """How it is spread over its range; as the case says where None."""

    @property
    def ranged(self) -> bool:
        """Whether it is drawn."""
        return self.low != self.high

    def exact(self, x: Decimal, calendar: Calendar) -> Fraction:
        """The value ``x`` of this duration in periods, not rounded."""
        return calendar.in_periods(Fraction(x), self.unit)

    @overload
    def periods(self, x: Decimal, calendar: Calendar, rounding: Rounding) -> int: ...
    @overload
    def periods(self, x: Many, calendar: Calendar, rounding: Rounding) -> Ints: ...
    def periods(self, x: Decimal | Many, calendar: Calendar, rounding: Rounding) -> int | Ints:
        """The value ``x`` of this duration in whole periods."""
        if isinstance(x, Many):
            exact = np.round(x.values * float(calendar.in_periods(Fraction(1), self.unit)), SIGNIFICANT - 2)
            return np.ceil(exact if rounding == "up" else exact - 0.5).astype(np.int64)
        return whole_periods(self.exact(x, calendar), rounding)


@overload
def rounded(x: Decimal) -> Decimal: ...
@overload
def rounded(x: Many) -> Many: ...
def rounded(x: Decimal | Many) -> Decimal | Many:
    """Half-even to 12 significant digits, in its shortest form (no trailing zeros, no minus zero).

    Numbers of many worlds are floats and stay as they are.
    """
    if isinstance(x, Many):
        return x
    r = _ROUND.plus(x).normalize(_ROUND)
    return Decimal(0) if r == 0 else r


def written(x: Decimal) -> str:
    """A decimal string without exponent."""
    return format(x, "f")


def decimal_of(text: str) -> Decimal:
    """A decimal number from its text, never by way of a binary float."""
    x = Decimal(text)
    if len(text) > _LONGEST or (x != 0 and abs(x.adjusted()) > _LARGEST):
        shown = text if len(text) <= 24 else text[:20] + "…"
        raise Problem(
            "DET109",
            f"{shown} is out of range",
            f"numbers are kept to {SIGNIFICANT} digits and between 1e-{_LARGEST} and 1e{_LARGEST} in size",
            "choose a unit in which the number is of ordinary size",
        )
    return x


def parse_number(value: object, kind: Kind) -> Number:
    """Read a number, with or without a range, with or without a rate."""
    text = _text(value, "a number")
    m = NUMBER.fullmatch(text)
    if m is None:
        raise _not_a_number(text)
    rate = _unit(m, _RATES, text)
    if rate is not None and kind in ("sum", "share"):
        raise Problem(
            "DET112",
            f'"{text}" is a rate, and this number is none',
            "facts carry their time in their attribute's unit; what is paid once and shares have no time at all",
            "leave out the words after the number",
        )
    central, low, high = _ends(m, text)
    for x in (central, low, high):
        _check_kind(x, kind, text)
    return Number(text, central, low, high, rate, kind, _shape(m, text))


def parse_duration(value: object) -> Duration:
    """Read a length of time: a whole number of periods, or a number with a unit."""
    text = _text(value, "a length of time")
    m = DURATION.fullmatch(text)
    if m is None:
        if _NOT_FINITE.fullmatch(text):
            raise _not_a_number(text)
        raise Problem(
            "DET110",
            f'"{text}" is not a length of time',
            "a time is a whole number of periods, or a number with a unit",
            "write for instance 2, 3 months, or 3 months [2, 12]",
        )
    unit = _unit(m, _UNITS, text) or "period"
    central, low, high = _ends(m, text)
    if low < 0:
        raise Problem("DET208", f'the time "{text}" is below 0', "nothing takes less than no time", "write 0 or more")
    if unit == "period" and central != central.to_integral_value():
        raise Problem(
            "DET110", f"{text} periods are not whole", "periods are not divided", "write a whole number, or a unit"
        )
    return Duration(text, central, low, high, unit, _shape(m, text))


def _shape(m: re.Match[str], text: str) -> Shape | None:
    if m["shape"] is not None and m["low"] is None:
        raise Problem(
            "DET108",
            f'"{text}" names the shape of a range, and has none',
            "a certain number is spread over nothing",
            f"write for instance {m['central']} [low, high] {m['shape']}, or leave out the word",
        )
    return next((s for s in SHAPES if s == m["shape"]), None)


def _text(value: object, wanted: str) -> str:
    if isinstance(value, bool) or value is None or not isinstance(value, int | Decimal | str):
        raise Problem("DET103", f"{shown(value)} stands where {wanted} should", "", f"write {wanted}")
    text = str(value).strip()
    if len(text) > 200:
        raise Problem("DET107", f'"{text[:40]}…" is not {wanted}', "it is too long to be one", f"write {wanted}")
    return text


def _not_a_number(text: str) -> Problem:
    if _NOT_FINITE.fullmatch(text):
        return Problem(
            "DET106", f'"{text}" is not a finite number', "sums with it mean nothing", "write an ordinary number"
        )
    fix = "write for instance 1.2, 1.2 [0.8, 1.8], 1.2 [0.8, 1.8] pert or 0.12 a year"
    if re.fullmatch(r"[-+0-9]*,[0-9]+", text):
        fix = f"write a point: {text.replace(',', '.')}"
    elif re.fullmatch(r"[0-9_ ,]+", text):
        fix = f"write it without separators: {re.sub('[_ ,]', '', text)}"
    return Problem("DET107", f'"{text[:60]}" is not a number', "it is not guessed what was meant", fix)


def _unit(m: re.Match[str], known: tuple[str, ...], text: str) -> str | None:
    words = [w for w in (m["unit1"], m["unit2"]) if w]
    if not words:
        return None
    if len(words) == 2:
        raise Problem("DET110", f'"{text}" names two units', "only one can count", "name the unit once")
    word = words[0].lower()
    word = word[:-1] if word.endswith("s") else word
    if word not in known:
        raise Problem("DET110", f'"{words[0]}" in "{text}" is no unit of time', "", did_you_mean(words[0], known))
    return word


def _ends(m: re.Match[str], text: str) -> tuple[Decimal, Decimal, Decimal]:
    central = decimal_of(m["central"])
    if m["low"] is None:
        return central, central, central
    low, high = decimal_of(m["low"]), decimal_of(m["high"])
    if low > high:
        raise Problem(
            "DET108",
            f'the range of "{text}" runs from {m["low"]} down to {m["high"]}',
            "a range is [low, high]",
            f"write [{m['high']}, {m['low']}]",
        )
    if not low <= central <= high:
        raise Problem(
            "DET108",
            f'the central value of "{text}" lies outside its range',
            "the central value is the likeliest one, so it lies within",
            f"widen the range, or choose a value from {m['low']} to {m['high']}",
        )
    return central, low, high


def _check_kind(x: Decimal, kind: Kind, text: str) -> None:
    if kind == "discount" and not 0 < x < 1:
        raise Problem(
            "DET204",
            f"is {text}; it must lie strictly between 0 and 1",
            "at 1 or above the discounted sums need not converge; at 0 or below the future does not count",
            "give a value such as 0.97, or 0.88 a year",
        )
    if kind in ("chance", "share") and not 0 <= x <= 1:
        raise Problem(
            "DET206", f"is {text}; it must lie between 0 and 1", "it is a chance or a share", "give a value from 0 to 1"
        )
    if kind == "hazard" and not 0 <= x < 1:
        raise Problem(
            "DET206",
            f"is {text}; it must be 0 or more, and below 1",
            "it is the chance that the government or its interest ends within the time stated",
            "give a value such as 0.1 a year",
        )
