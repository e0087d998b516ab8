"""One exchange in steady state: thresholds in closed form (partner's unit 3, own 1, discount 0.9).

Going on is worth 2 / (1 - δ). Walking out yields 3 for the L periods until the other acts: 3 (1 - δ^L) / (1 - δ), so it
holds while δ^L >= 1/3, up to L = 10. Stopping in secret yields 3 a period until it is found, and then 3 for the L - 1
periods still left: it does not pay from h = (1 - δ) / (δ (3 δ^(L-1) - 1)) on.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import detente as dt

CASE = Path(__file__).parent / "exchange.yaml"
PUBLISHED = [".0556", ".0654", ".0777", ".0936", ".1148", ".1440", ".1870", ".2555", ".3813", ".6848"]


def least_detection(lag: int) -> Fraction:
    """The closed form."""
    d = Fraction(9, 10)
    return (1 - d) / (d * (3 * d ** (lag - 1) - 1))


def test_the_closed_form_is_the_published_one() -> None:
    for lag, told in enumerate(PUBLISHED, 1):
        assert abs(least_detection(lag) - Fraction(told)) < Fraction(6, 10**5), lag


def test_the_longest_lag_is_ten() -> None:
    for of, seen in (("party.A.lag", True), ("party.B.lag", True), ("party.A.lag,party.B.lag", True)):
        settings = ["measure.a.public=true"] if seen else []
        found = dt.threshold(dt.load(CASE, settings=settings), of, {"starts": {}}, low=1, high=20)
        interval, *others = found.holding()
        assert not others
        assert (interval.first, interval.last, interval.begins, interval.ends) == (1, 10, None, (10, 11))
        assert interval.states == ("certified",)
        assert len(found.points) == 20
        failing = [p for p in found.points if p.at[0] > 10]
        assert all(p.tempted[0].breach.how == "walk" for p in failing)
        assert {p.tempted[0].party for p in failing} <= {"A", "B"}


@pytest.mark.parametrize("lag", range(1, 11))
def test_the_least_detection(lag: int) -> None:
    case = dt.load(CASE, settings=[f"party.B.lag={lag}"])
    found = dt.threshold(case, "measure.a.detect.base", {"starts": {}})
    (interval,) = found.holding()
    assert interval.begins is not None
    fails, holds = interval.begins
    assert fails < least_detection(lag) <= holds
    assert holds - fails <= Decimal("0.00001")
    assert abs(holds - Decimal(f"0{PUBLISHED[lag - 1]}")) < Decimal("0.0001")
    worst = next(p for p in found.points if p.at == (fails,))
    assert (worst.tempted[0].party, worst.tempted[0].breach.undoes) == ("A", ("a",))
    assert interval.last == 1


def test_with_a_lag_of_eleven_no_detection_is_enough() -> None:
    case = dt.load(CASE, settings=["party.B.lag=11"])
    found = dt.threshold(case, "measure.a.detect.base", {"starts": {}})
    assert found.outcome == "fails"
    assert not found.holding()


def test_a_map_of_lag_and_detection_has_them_all() -> None:
    found = dt.threshold(
        CASE, ["party.B.lag", "measure.a.detect.base"], {"starts": {}}, low=[1, 0], high=[11, 1], points=[None, 11],
        tolerance=[None, "0.0001"],
    )  # fmt: skip
    by_lag = {c.beside: c for c in found.crossings() if c.axis == 1}
    assert sorted(by_lag) == list(range(1, 11))
    for lag, c in by_lag.items():
        assert (c.before, c.after) == ("fails", "certified")
        assert c.below < least_detection(int(lag)) <= c.above
        assert c.above - c.below <= Decimal("0.0001")
    along = [c for c in found.crossings() if c.axis == 0 and c.beside == 1]
    assert [(c.below, c.above) for c in along] == [(10, 11)]


def test_patience_at_which_the_exchange_holds() -> None:
    """With a lag of L it holds from δ = 3^(-1/L) on."""
    for lag in (1, 3):
        case = dt.load(CASE, settings=[f"party.A.lag={lag}", f"party.B.lag={lag}", "measure.a.public=true"])
        (interval,) = dt.threshold(case, "case.discount", {"starts": {}}).holding()
        assert interval.begins is not None
        low, high = (Fraction(x) for x in interval.begins)
        assert low**lag < Fraction(1, 3) <= high**lag
