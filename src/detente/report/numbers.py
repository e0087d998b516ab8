"""Numbers as people read them: three figures, a true minus sign, and nothing that is not zero shown as zero."""

from __future__ import annotations

import math
from decimal import Decimal

MISSING = "–"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float | Decimal | None) -> str:
    """Three figures; thousands grouped; very small numbers as a power of ten."""
    if x is None:
        return MISSING
    x = float(x)
    if math.isnan(x):
        return MISSING
    if math.isinf(x):
        return "without limit" if x > 0 else "−without limit"
    return ("−" if x < 0 else "") + _magnitude(abs(x))


def signed(x: float | None) -> str:
    """As :func:`number`, with a plus sign where positive."""
    text = number(x)
    return f"+{text}" if x is not None and x > 0 and math.isfinite(x) else text


def plain(x: float | Decimal) -> str:
    """A number somebody wrote, as written: no rounding, no grouping, trailing zeros gone."""
    d = Decimal(str(x)) if not isinstance(x, Decimal) else x
    if not d.is_finite():
        return number(float(d))
    text = format(d, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") or "0"


def percent(share: float | None) -> str:
    """A share as a percentage; what is not all is never shown as all, nor what is not nothing as nothing."""
    if share is None or math.isnan(share):
        return MISSING
    p = 100 * share
    whole = round(p)
    near_end = (0 < p < 1) or (99 < p < 100)
    if not near_end:
        text = f"{abs(p):.1f}".removesuffix(".0") if abs(p) < 10 else str(abs(whole))
        return f"{'−' if p < 0 else ''}{text} %"
    text = f"{p:.1f}"
    if text == "0.0":
        return "under 0.1 %"
    if text == "100.0":
        return "over 99.9 %"
    return f"{text} %"


def count(n: int, one: str, many: str | None = None) -> str:
    """``1 measure``, ``3 measures``."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def _magnitude(x: float) -> str:
    if x == 0:
        return "0"
    if x >= 999.5:
        return f"{x:,.0f}" if x < 1e12 else _power(x)
    if x >= 0.000995:
        return f"{float(f'{x:.3g}'):.10f}".rstrip("0").rstrip(".")
    return _power(x)


def _power(x: float) -> str:
    mantissa, exponent = f"{x:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
