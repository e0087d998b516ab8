"""What a case may be besides its numbers: which type each party is of, and which governments come to office.

A variant is one combination of them; its chance is the product of theirs. From a government's date on the whole world
is the case with what it changes; of two governments of one party that came the later one is in office.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any, Literal

from detente.case.load import Case, checked
from detente.case.problems import Loc, stop
from detente.case.schema_uncertain import Hidden, HiddenThing
from detente.case.settings import put
from detente.case.tree import Tree

_OWN = ("types", "governments")
"""What of a party says what it may be."""


@dataclass(frozen=True)
class Option:
    """A type that a party may be of, or a government that may come to office in it."""

    kind: Literal["type", "government"]
    party: str
    name: str
    chance: Decimal
    loc: Loc
    """Where in the case it is written."""
    changes: Mapping[str, Any]
    hidden: tuple[Hidden, ...] = ()
    period: int = 0
    """From when on it counts."""
    title: str = ""
    """What it is called in plain words."""

    def __str__(self) -> str:
        return f'the {self.kind} "{self.name}" of "{self.party}"'


class Cases:
    """A case with types and governments, each combination read once."""

    def __init__(self, case: Case) -> None:
        self._case, self._known = case, dict[tuple[Loc, ...], Case]()

    def __call__(self, options: Sequence[Option]) -> Case:
        """The case as it is with them; raises :class:`InputError` if they make no case together."""
        key = tuple(x.loc for x in options if x.changes or x.hidden)
        if key not in self._known:
            self._known[key] = case_with(self._case, options)
        return self._known[key]


@dataclass(frozen=True)
class Variant:
    """One combination of types and of governments that come."""

    types: Mapping[str, str]
    """The type of each party that has types."""
    governments: tuple[str, ...]
    """The governments that come to office."""
    chance: float
    """Their chance: the chances of all variants sum to 1."""
    options: tuple[tuple[int, tuple[Option, ...]], ...]
    """From each period on what the parties are and who is in office, the first from period 0 on."""
    cases: Cases

    @property
    def regimes(self) -> tuple[tuple[int, Case], ...]:
        """From each period on the case that holds then, the first from period 0 on."""
        return tuple((t, self.cases(options)) for t, options in self.options)

    def case(self, regime: int = 0) -> Case:
        """The case of one regime."""
        return self.cases(self.options[regime][1])

    @property
    def hidden(self) -> tuple[HiddenThing, ...]:
        """What the parties leave out of declarations."""
        return self.case().hidden


def types_of(case: Case) -> dict[str, tuple[Option, ...]]:
    """The types of each party that has any, with their chances; one without a chance takes what the others leave."""
    found: dict[str, tuple[Option, ...]] = {}
    for party, p in case.document.parties.items() if case.document is not None else ():
        stated = {name: t.chance.value.central for name, t in p.types.items() if t.chance is not None}
        rest = 1 - sum(stated.values(), Decimal(0))
        options = tuple(
            Option(
                "type", party, name, stated.get(name, rest), ("parties", party, "types", name), t.changes, t.hidden,
                title=t.name,
            )
            for name, t in p.types.items()
        )  # fmt: skip
        if options:
            found[party] = options
    return found


def governments_of(case: Case) -> tuple[Option, ...]:
    """The governments that may come to office, by their dates."""
    found = [
        Option(
            "government", party, g.id, g.chance.value.central, ("parties", party, "governments", n), g.changes,
            period=case.calendar.period_of(g.from_), title=g.name,
        )
        for party, p in (case.document.parties.items() if case.document is not None else ())
        for n, g in enumerate(p.governments)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda g: g.period))


def uncertain_governments(case: Case) -> list[Option]:
    """Those that may come or not."""
    return [g for g in governments_of(case) if 0 < g.chance < 1]


def case_with(case: Case, options: Sequence[Option]) -> Case:
    """The case as it is with these types and governments, the later ones over the earlier; raises
    :class:`InputError`."""
    options = [x for x in options if x.changes or x.hidden]
    if not options:
        return case
    tree = _without_options(case.tree)
    for option in options:
        for path, value in option.changes.items():
            where = case.tree.where((*option.loc, "set", path))
            loc = put(tree, path, copy.deepcopy(value), where)
            if loc[0] == "uncertainty" or (loc[0] == "parties" and loc[2:3] in [(x,) for x in _OWN]):
                raise stop(
                    "DET227",
                    f"{option} sets {path}",
                    where=where,
                    why="what a party may be is settled before that",
                    fix="set a number of the case",
                )
    hidden = tuple(
        HiddenThing(x.party, (*x.loc, "hidden", n), thing) for x in options for n, thing in enumerate(x.hidden)
    )
    return replace(checked(tree, case.name), hidden=hidden)


def variants(case: Case, cases: Cases) -> tuple[Variant, ...]:
    """Every combination that has a chance, with what holds from when on."""
    types, governments = types_of(case), governments_of(case)
    found = []
    for parties in product(*types.values()):
        for coming in product((False, True), repeat=len(governments)):
            come = tuple(g for g, comes in zip(governments, coming, strict=True) if comes)
            chance = _product(x.chance for x in parties)
            chance *= _product(g.chance if g in come else 1 - g.chance for g in governments)
            if chance > 0:
                options = tuple((t, (*parties, *office)) for t, office in _in_office(come))
                named = {x.party: x.name for x in parties}
                found.append(Variant(named, tuple(g.name for g in come), float(chance), options, cases))
    return tuple(found)


def _in_office(come: Sequence[Option]) -> list[tuple[int, tuple[Option, ...]]]:
    """Who of those that come is in office from when on: in each party the latest."""
    found: list[tuple[int, tuple[Option, ...]]] = [(0, ())]
    office: dict[str, Option] = {}
    for n, government in enumerate(come):
        office.pop(government.party, None)
        office[government.party] = government
        if n + 1 == len(come) or come[n + 1].period > government.period:
            found.append((government.period, tuple(office.values())))
    return found


def _product(chances: Iterable[Decimal]) -> Decimal:
    return math.prod(chances, start=Decimal(1))


def _without_options(tree: Tree) -> Tree:
    """A copy of a case's tree that is to be changed, without what the parties may be and what hangs together."""
    data = copy.deepcopy(tree.data)
    if isinstance(data.get("uncertainty"), dict):
        data["uncertainty"].pop("correlations", None)
    for party in data["parties"].values():
        for key in _OWN if isinstance(party, dict) else ():
            party.pop(key, None)
    return Tree(tree.source, data, dict(tree.values), dict(tree.keys))
