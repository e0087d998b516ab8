"""What parties leave out of their declarations, in many possible worlds at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from detente.case.draws import Draws
from detente.case.figures import Figure
from detente.case.load import Case
from detente.case.quantities import Number
from detente.case.shapes import Floats


@dataclass(frozen=True)
class Concealed:
    """One thing that is hidden while a measure is in force; numbers by world: (world,)."""

    owner: str
    what: str
    measure: str
    """The measure that should have told of it; of one cut in tranches the last."""
    facts: Mapping[str, Floats]
    """Its size, in the units of attributes."""
    worth: Mapping[str, Floats]
    """What it is worth to its owner and the owner's factions a period; the flow of the measure has it already."""
    price: Mapping[str, Floats]
    """What it costs others a period, above 0; nothing else has it, since they do not know."""


def concealed(draws: Draws, case: Case, u: Floats) -> tuple[Concealed, ...]:
    """What is hidden in a regime's case, in the worlds drawn at quantiles ``u`` (world, column)."""
    if case.resolver is None or not case.hidden:
        return ()
    values, place, last = draws.values(case, u), draws.places(case), case.resolver.pieces.last

    def column(figure: Figure) -> Floats:
        number: Number = figure.value  # type: ignore[attr-defined]
        at = place(number)
        drawn = np.full(len(u), float(number.central)) if at is None else values[:, at]
        return drawn * float(number.per_period(Decimal(1), case.calendar))

    return tuple(
        Concealed(
            thing.owner,
            thing.written.what,
            last(thing.written.left_out_of),
            {a: column(f) for a, f in thing.written.facts.items()},
            {p: column(f) for p, f in thing.written.worth.items()},
            {p: column(f) for p, f in thing.written.price.items()},
        )
        for thing in case.hidden
    )
