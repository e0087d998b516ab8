"""Numbers on paper: three figures, and nothing that is not zero shown as zero, nor not all as all."""

import math
from decimal import Decimal

import pytest

from detente.report.numbers import number, percent, plain, signed


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1234.5, "1,234"),
        (999.6, "1,000"),
        (218.4, "218"),
        (12.25, "12.2"),
        (-2.5, "−2.5"),
        (0.0187, "0.0187"),
        (0.00001234, "1.23 × 10⁻⁵"),
        (-3e-9, "−3 × 10⁻⁹"),
        (1e13, "1 × 10¹³"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "without limit"),
    ],
)
def test_number(x, shown):
    assert number(x) == shown


def test_signed_marks_gains():
    assert signed(3.0) == "+3"
    assert signed(-3.0) == "−3"
    assert signed(0.0) == "0"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0 %"), (1, "100 %"), (0.4533, "45 %"), (0.0033, "0.3 %"),
        (0.0141, "1.4 %"),
        (0.04, "4 %"), (0.9967, "99.7 %"), (1e-9, "under 0.1 %"),
     (1 - 1e-9, "over 99.9 %"), (None, "–")],
)  # fmt: skip
def test_percent_never_rounds_to_the_ends(share, shown):
    assert percent(share) == shown


def test_what_somebody_wrote_is_shown_as_written():
    assert plain(Decimal("0.450")) == "0.45"
    assert plain(Decimal("-0.0000125")) == "−0.0000125"
    assert plain(Decimal("1E+3")) == "1000"
