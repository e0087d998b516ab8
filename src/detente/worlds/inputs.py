"""What is uncertain in a case, as the columns that indices, boxes and the value of finding out are about.

First the uncertain numbers, then a column for each party that may be of several types, then one for each government
that may come to office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.case.draws import Drawn, Draws
from detente.case.variants import Option, governments_of, types_of, uncertain_governments
from detente.results.drivers import Driver
from detente.worlds.columns import Column, Worlds
from detente.worlds.matters import Design, design, strongest

VARIANT = Column("variant", "what the parties are, and who comes to office")
"""In a design all types and governments are one input: one uniform number picks among their combinations."""


def columns_of(draws: Draws, words: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    """The columns of :func:`table`. ``words``: for the paths of numbers what they are called, and their unit."""
    kinds = []
    document, title = draws.case.document, draws.case.resolved.title
    for party, options in types_of(draws.case).items():
        names = [(document.parties[party].types[o.name].name if document else "") or o.name for o in options]
        levels = tuple(f"of the type “{name}”" for name in names)
        kinds.append(Column(f"parties.{party}.types", title(party), levels=levels))
    for o in governments_of(draws.case):
        path = f"parties.{o.party}.governments.{o.name}"
        kinds.append(Column(path, _government(draws, o), levels=("not in office", "in office")))
    return (*_numbers(draws, words), *kinds)


def uncertain(draws: Draws) -> int:
    """How many numbers, types and governments are not the same in all worlds."""
    types = zip(*(v.types.values() for v in draws.variants), strict=True)
    return len(draws.numbers) + sum(len(set(own)) > 1 for own in types) + len(uncertain_governments(draws.case))


def _numbers(draws: Draws, words: Mapping[str, tuple[str, str]]) -> list[Column]:
    known = {**_hidden_words(draws), **words}
    return [Column(x.path, *known.get(x.path, ("", ""))) for x in draws.numbers]


def _hidden_words(draws: Draws) -> dict[str, tuple[str, str]]:
    """What the numbers of things are called that a party leaves out of a declaration."""
    title = draws.case.resolved.title
    found: dict[str, tuple[str, str]] = {}
    for thing in (thing for variant in draws.variants for thing in variant.hidden):
        path, what = ".".join(str(p) for p in thing.loc), f"{thing.written.what} that {title(thing.owner)} hides"
        found |= {f"{path}.facts.{attribute}": (f"{what}: {attribute}", "") for attribute in thing.written.facts}
        found |= {f"{path}.worth.{p}": (f"{what}: worth to {title(p)}, a period", "") for p in thing.written.worth}
        found |= {f"{path}.price.{p}": (f"{what}: cost to {title(p)}, a period", "") for p in thing.written.price}
    return found


def _government(draws: Draws, o: Option) -> str:
    own = draws.case.document.parties[o.party].governments if draws.case.document is not None else ()
    called = next((g.name for g in own if g.id == o.name), "") or o.name
    return f"“{called}” ({draws.case.resolved.title(o.party)})"


def table(draws: Draws, drawn: Drawn) -> Worlds:
    """The worlds of a chunk: (world, column), numbers as they are in each world with today's governments.

    A number that a world does not have, such as the size of a plant that is not there, stands as it is drawn where
    there is one.
    """
    values = np.full(drawn.u.shape, np.nan)
    for v, variant in enumerate(draws.variants):
        rows = drawn.variant == v
        values[rows] = draws.values(variant.case(), drawn.u[rows])
    for case in (case for variant in draws.variants for _, case in variant.regimes):
        if not np.isnan(values).any():
            break
        values = np.where(np.isnan(values), draws.values(case, drawn.u), values)
    return np.column_stack([values, *_kinds(draws, drawn)])


def _kinds(draws: Draws, drawn: Drawn) -> list[Worlds]:
    """The columns of types and governments."""
    places = {party: [o.name for o in options] for party, options in types_of(draws.case).items()}
    types = [[names.index(v.types[party]) for v in draws.variants] for party, names in places.items()]
    come = [[o.name in v.governments for v in draws.variants] for o in governments_of(draws.case)]
    return [np.array(of_variant, dtype=np.float64)[drawn.variant] for of_variant in (*types, *come)]


# ------------------------------------------------------------------ a design over a case


def design_of(
    draws: Draws,
    found: Sequence[Driver],
    words: Mapping[str, tuple[str, str]],
    most: int = 8,
    n: int = 1024,
    replicates: int = 16,
) -> Design:
    """A design that looks at the strongest of what was found in a sample one by one; its rows are for
    :meth:`~detente.case.draws.Draws.at`."""
    columns = (VARIANT, *_numbers(draws, words))
    numbers = {c.path for c in columns}
    ours = [d if d.path in numbers else replace(d, path=VARIANT.path) for d in found]
    linked = [tuple(1 + c for c in block) for block in linked_columns(draws)]
    return design(columns, strongest(ours, columns, most, linked), n, replicates, draws.seed)


def linked_columns(draws: Draws) -> list[tuple[int, ...]]:
    """The columns of numbers that are correlated with one another, by number."""
    given = draws.case.document.uncertainty.correlations if draws.case.document is not None else ()
    place = {x.path: c for c, x in enumerate(draws.numbers)}
    blocks: list[set[int]] = []
    for correlation in given:
        own = {place[p] for p in correlation.between if p in place}
        if len(own) < 2:
            continue
        touching = [b for b in blocks if b & own]
        blocks = [b for b in blocks if not b & own] + [own.union(*touching)]
    return [tuple(sorted(b)) for b in blocks]
