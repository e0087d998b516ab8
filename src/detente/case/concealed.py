"""What parties leave out of their declarations, in many possible worlds at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from detente.case.draws import Draws
from detente.case.figures import Figure
from detente.case.load import Case
from detente.case.quantities import Number
from detente.case.resolved import Group
from detente.case.stakes import Bools, Floats, Ints, Stakes


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
    """What it costs others a period, 0 or more; nothing that they act on has it, since they do not know."""


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


def left_out(things: Sequence[Concealed], st: Stakes, n: int) -> Bools:
    """(n, N) whether a measure leaves out something that is there; it is there whether the measure comes or not."""
    out = np.zeros((n, len(st.measures)), dtype=np.bool_)
    for thing in things:
        sizes = [np.abs(size) for size in thing.facts.values()]
        out[:, st.measure_index[thing.measure]] |= np.sum(sizes, axis=0) > 0 if sizes else True
    return out


def unlisted(things: Sequence[Concealed], groups: Sequence[Group], st: Stakes, n: int) -> Floats:
    """(n, G) by how much groups are larger than they seem, whatever is declared.

    What is hidden belongs to the groups that count what it is counted in and hold a measure of its owner.
    """
    out = np.zeros((n, len(groups)))
    for thing in things:
        for g, group in enumerate(groups):
            owners = {st.owner[st.measure_index[k]] for k in group.members}
            if group.by in thing.facts and st.party_index[thing.owner] in owners:
                out[:, g] += thing.facts[group.by]
    return out


@dataclass(frozen=True, eq=False)
class Deceit:
    """What it costs each party, in ``n`` worlds, that D declarations leave something out.

    What is hidden is there whatever is declared; it costs the others that they are deceived. So a price is due in each
    period in which they take the declaration to be in force: from the period on in which it comes (-1: from the
    beginning), also if it is only pretended, until they see it undone, or see that its owner cheats on it.
    """

    declarations: Ints
    """(D,) the measures that leave something out, each once"""
    price: Floats
    """(n, D, P) what each party loses a period, 0 or more, in its own units; nothing to the owner"""


def deceit(things: Sequence[Concealed], st: Stakes, n: int) -> Deceit:
    """What is left out of each declaration, by measure and party."""
    measures = sorted({st.measure_index[thing.measure] for thing in things})
    price = np.zeros((n, len(measures), len(st.parties)))
    for thing in things:
        at = measures.index(st.measure_index[thing.measure])
        for party, lost in thing.price.items():
            price[:, at, st.party_index[party]] += lost
    return Deceit(np.array(measures, dtype=np.int64), price)
