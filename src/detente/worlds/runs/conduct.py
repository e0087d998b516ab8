"""How often what nobody means happens: the rates of a case, and those that hold where it states none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.quantities import Duration, Number, parse_duration, parse_number
from detente.case.stakes import Floats
from detente.worlds.kinds import Kind
from detente.worlds.runs.stage import numbered

PUNCTUAL, ALARM, CLARIFIES, WRONG, MISSED, INCIDENT, STOPS, TALKS = numbered(8)
"""Columns of the rates of a world."""


@dataclass(frozen=True)
class Usual:
    """What holds where a case is silent."""

    value: Number | Duration
    why: str


def _chance(text: str, why: str) -> Usual:
    return Usual(parse_number(text, "chance"), why)


def _share(text: str, why: str) -> Usual:
    return Usual(parse_number(text, "share"), why)


USUAL: Mapping[str, Usual] = {
    "punctual": _chance(
        "0.5 a quarter",
        "A mean delay of three months a step: in 2007-08 the shutdown came 3 months late, the declaration 6, the "
        "delisting 2; chemical weapons left Syria 4.5 months late (medians in other cases 0 to 5).",
    ),
    "false_alarm": _chance("0.02 a year", "A judgement: one in fifty measure-years, as after Kumchang-ri in 1998-99."),
    "clarification": Usual(
        parse_duration("3 months"),
        "Kumchang-ri took from August 1998 to May 1999, a disputed sample or site usually a few months.",
    ),
    "wrongly_confirmed": _share("0.1", "A judgement."),
    "wrongly_cleared": _share("0.2", "A judgement."),
    "incident": _chance(
        "0.3 a year",
        "North Korea flight-tested missiles in 1998, 2012 and 2019 in some eleven years in which an accord stood.",
    ),
    "stopped_by_incident": _share(
        "0.25",
        "A judgement: with 0.3 a year it ends 7 in 100 in a year, about half of the 15.7 per cent of 216 peace "
        "agreements that are known to have ended within a year of whatever cause (UCDP Peace Agreement Dataset 2.0).",
    ),
    "renewed_talks": _chance(
        "0.25 a year",
        "After the breaks of 2002, 2008 and 2012 it took 3, 3 and 6 years to the next text with steps in it.",
    ),
}
"""In the order of the columns."""

NOISES: Mapping[str, tuple[str, ...]] = {
    "lateness": ("punctual",),
    "alarms": ("false_alarm", "wrongly_cleared", "clarification"),
    "incidents": ("incident",),
    "talks": ("renewed_talks",),
    "trust": (),
}
"""What a run can do without, and which rates that turns off."""


@dataclass(frozen=True)
class Rates:
    """Which rates hold: those of the case and the usual ones, but for what is turned off."""

    case: Case
    without: frozenset[str] = frozenset()

    @property
    def trust(self) -> bool:
        """Whether parties go on only while trust earned covers trust needed."""
        document = self.case.document
        return "trust" not in self.without and (document is None or document.conduct.trust)

    @property
    def late(self) -> bool:
        """Whether steps may be put off."""
        return "lateness" not in self.without

    def written(self, case: Case, name: str) -> Number | Duration | None:
        """What a regime's case says of a rate."""
        figure = getattr(case.document.conduct, name) if case.document is not None else None
        return None if figure is None else figure.value

    def off(self, name: str) -> float | None:
        """What it is if it is turned off."""
        gone = any(name in NOISES[n] for n in self.without)
        return (1.0 if name == "punctual" else 0.0) if gone else None

    def stated(self) -> dict[str, tuple[float, str]]:
        """For each rate what it is a period (clarification: periods) at its central value, and why."""
        document, told = self.case.document, {}
        for name, usual in USUAL.items():
            figure = getattr(document.conduct, name) if document is not None else None
            value = usual.value if figure is None else figure.value
            why = usual.why if figure is None else (figure.why or "stated in the case")
            gone = self.off(name)
            told[name] = (_periods(self.case, value, value.central), why) if gone is None else (gone, "turned off")
        return told


def _periods(case: Case, x: Number | Duration, value: Decimal) -> float:
    if isinstance(x, Duration):
        return float(x.periods(value, case.calendar, "up"))
    return float(x.per_period(value, case.calendar))


def rates_of(rates: Rates, draws: Draws, kind: Kind) -> Floats:
    """(n, rate) the rates in each world of a kind, as of period 0."""
    case, n = kind.variant.case(), len(kind.rows)
    out = np.empty((n, len(USUAL)))
    values, place = None, draws.places(case) if case.document is not None else None
    for column, (name, usual) in enumerate(USUAL.items()):
        x, gone = rates.written(case, name) or usual.value, rates.off(name)
        at = None if place is None else place(x)
        if gone is not None or at is None:
            out[:, column] = _periods(case, x, x.central) if gone is None else gone
            continue
        if values is None:
            values = draws.values(case, kind.drawn.u[kind.rows])
        out[:, column] = [_periods(case, x, Decimal(repr(v))) for v in values[:, at].tolist()]
    return out
