"""The price of robustness, and what a plan within a budget of errors stands, as text and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.audit.words import how_shortly
from detente.case.resolved import ResolvedCase
from detente.report.numbers import count, number
from detente.report.text import Names, table, wrapped
from detente.results.audit import Breach
from detente.results.plan import Plan
from detente.results.price import Price, PricePoint

MOST_WEAK = 3
"""Weakest moments that are told of one plan."""


def price_text(price: Price, case: ResolvedCase | None = None) -> str:
    """How good a plan can still be for each budget of errors, and where each is weakest."""
    names = Names(case)
    lines = wrapped(f"PRICE OF ROBUSTNESS ({price.objective}): what it costs to stand errors in the numbers", "  ")
    lines += ["", *table(_rows(price, names), "rlrrr"), ""]
    for point in price.points:
        weak = _weakest(point)
        if weak:
            lines += wrapped(f"{_errors(point.errors)}: weakest for {weak_words(weak[0], names)}.", "  ")
    return "\n".join([*lines, "", *wrapped(care(price))])


def price_html(price: Price, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the chart."""
    from detente.report import html
    from detente.report.charts.price import price as drawn
    from detente.report.document import Callout, Column, Figure, Para, Table

    head, *rows = _rows(price, Names(case))
    columns = tuple(Column(text, 1.0, "left" if n == 1 else "right") for n, text in enumerate(head))
    told = f"The best plan for {count(len(price.points), 'budget')} of errors, objective {price.objective}."
    return html.fragment(
        [
            Callout("Price of robustness", told, "open"),
            Figure(drawn(price), "Price of robustness.", told),
            Table("By budget of errors", columns, tuple(tuple(row) for row in rows)),
            Para(care(price)),
        ]
    )


def _rows(price: Price, names: Names) -> list[list[str]]:
    head = ["errors", "answer", "value", "bound", "lost"]
    return [head, *([number(x.errors), *_answer(price, x, names)] for x in price.points)]


def _answer(price: Price, x: PricePoint, names: Names) -> list[str]:
    if not isinstance(x.answer, Plan):
        proved = x.answer.outcome == "none-exists"
        known = "" if proved or x.answer.bound is None else number(x.answer.bound)
        return ["proved: none" if proved else "none found, not known", "", known, ""]
    plan, lost = x.answer, number(x.lost or 0.0)
    if price.objective == "fast":
        bound = names.when(round(plan.bound)) if plan.bound >= 0 else ""
        return [count(len(plan.starts), "measure"), names.when(round(plan.value)), bound, lost]
    value = "without limit" if plan.unlimited and x.errors == 0 else number(plan.value)
    return [count(len(plan.starts), "measure"), value, number(plan.bound), lost]


def _errors(errors: float) -> str:
    return f"{number(errors)} error{'s' * (errors != 1)}"


def _weakest(x: PricePoint) -> Sequence[Mapping[str, Any]]:
    told = x.answer.details.get("budget", {}) if isinstance(x.answer, Plan) else {}
    found: Sequence[Mapping[str, Any]] = told.get("weakest", ())
    return found


def weak_words(weak: Mapping[str, Any], names: Names) -> str:
    """``Plains, 2030: walking out; 0.3 left of 1 if … is 2 instead of 3``."""
    party, when = names.of(str(weak["party"])), names.when(int(weak["period"]))
    if weak["how"] == "not signing":
        way = f"{party}, which would not sign"
    elif names.case is None:
        way = f"{party}, {when}, {weak['how']}"
    else:
        t = int(weak["period"])
        fakes, undoes = (tuple(weak.get(key, ())) for key in ("fakes", "undoes"))
        way = f"{party}, {when}: {how_shortly(names.case, Breach(weak['how'], t, fakes, undoes))}"
    off = [
        f"{x.get('name', x['number'])} is {number(x['at'])} instead of {number(x['central'])}" for x in weak["worst"]
    ]
    left = f"{number(weak['least'])} left of {number(weak['central'])}"
    return f"{way}; {left} if {' and '.join(off)}" if off else f"{way}; {left}, whatever errors are made"


def within_text(told: Mapping[str, Any], names: Names) -> list[str]:
    """What a plan stands, and its weakest moments with the numbers that are off in them."""
    if not told:
        return []
    some = ", ".join(f"{names.of(p)} {n}" for p, n in told["numbers"].items() if n)
    counted = f"numbers that may be wrong: {some}" if some else "no number of the case has a range that counts"
    lines = wrapped(f"Stands {_errors(float(told['errors']))} in the numbers of each party ({counted}). Weakest then:")
    for weak in told["weakest"][:MOST_WEAK]:
        lines += wrapped(f"  {weak_words(weak, names)}.", "    ")
    return [*lines, *wrapped(CARE), ""]


CARE = (
    "Errors in times, discounts, chances and detection are not among them, nor in a fact whose weight may be wrong; "
    "cheats on more than two measures were tried at the worst points only."
)


def care(price: Price) -> str:
    """What was let vary and what was not."""
    numbers = count(price.numbers, "number")
    floors = " Each principal keeps the floor that it has without errors." if price.objective == "robust" else ""
    cut = " A limit cut the search short: what is told as not known may exist." if price.provenance.run.cut else ""
    told = f"Of {numbers} with a range, so many of each party's may be wrong at once as errors are allowed."
    return f"{told} {CARE}{floors}{cut}"
