"""Numbers of a case that can be varied: what a setting's path leads to, and the case at other values of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from detente.case import figures as f
from detente.case.calendar import Rounding
from detente.case.check_more import figures, numbers_in
from detente.case.load import Case, load_case
from detente.case.problems import Loc, did_you_mean, stop
from detente.case.quantities import Duration, Kind, Number, parse_duration, parse_number, written
from detente.case.resolved import ResolvedCase
from detente.case.schema import Document
from detente.case.schema_measures import Detect, Undo
from detente.case.settings import location, schema_of
from detente.case.tree import Tree
from detente.case.validate import keys_at, kind_at
from detente.errors import InputError, Where

ParameterKind = Kind | Literal["time"]
"""What a number means; ``time`` is a whole number of periods."""

_FIGURES: dict[type[BaseModel], ParameterKind] = {
    f.Amount: "amount",
    f.AmountSeries: "amount",
    f.Sum: "sum",
    f.FactSeries: "sum",
    f.Chance: "chance",
    f.Share: "share",
    f.Discount: "discount",
    f.Hazard: "hazard",
    f.Span: "time",
    Detect: "chance",
    Undo: "time",
}
_SHARES = ("chance", "residual", "detect", "base", "pocketing_share")
"""Keys of a resolved case that hold chances or shares."""


@dataclass(frozen=True)
class Parameter:
    """One number of a case: where it stands, what it means, and what the case says of it.

    Its values are counted in the unit in which it is written: per ``rate`` (a year, say), or per period where that is
    None; times in whole periods.
    """

    path: str
    loc: Loc
    kind: ParameterKind
    rate: str | None = None
    stated: Decimal | None = None
    """Its central value in the case; None where the case is silent."""
    low: Decimal | None = None
    high: Decimal | None = None
    """The ends of its range in the case; None where it has none."""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.kind == "time"

    def setting(self, x: Decimal) -> str:
        """The setting that gives it a value."""
        return f"{self.path}={written(x)}" + (f" a {self.rate}" if self.rate else "")


def parameter(case: Case, path: str, where: Where | None = None) -> Parameter:
    """The number that a setting's path leads to; raises :class:`InputError` if it leads to none.

    ``where`` says in whose name an error is told.
    """
    where = where or Where(f"--of {path}")
    tree = Tree(case.tree.source, deepcopy(case.tree.data))
    if not all(path.strip().split(".")):
        raise stop("DET021", f'"{path}" is not a path', where=where, fix="write for instance weight.US.programme")
    loc = location(tree, path, where)
    loc = loc[:-1] if loc[-1] == "value" and _kind(tree, loc[:-1]) is not None else loc
    kind = _kind(tree, loc)
    if kind is None:
        raise _no_number(tree, loc, where)
    found = Parameter(path.strip(), loc, kind)
    if case.document is None:
        return replace(found, stated=_plain_number(tree.get(loc)))
    number = _number(case.document, tree, loc)
    if number is None:
        return replace(found, stated=_plain_number(tree.get(loc)))
    stated, low, high = _in_periods(case, number, loc) if isinstance(number, Duration) else _as_written(number)
    rate = number.rate if isinstance(number, Number) and number.rate != "period" else None
    ends = (low, high) if low != high else (None, None)
    return replace(found, rate=rate, stated=stated, low=ends[0], high=ends[1])


def _as_written(number: Number) -> tuple[Decimal, Decimal, Decimal]:
    return number.central, number.low, number.high


def _in_periods(case: Case, time: Duration, loc: Loc) -> tuple[Decimal, Decimal, Decimal]:
    """A time and the ends of its range in whole periods, rounded as the case has it."""
    rounding: Rounding = "nearest" if loc[-1] == "lasts" or "undo" in loc else "up"
    central, low, high = (time.periods(x, case.calendar, rounding) for x in (time.central, time.low, time.high))
    return Decimal(central), Decimal(low), Decimal(high)


def _no_number(tree: Tree, loc: Loc, where: Where) -> InputError:
    around, last = ".".join(map(str, loc[:-1])), loc[-1]
    known = keys_at(schema_of(tree), loc[:-1])
    if tree.get(loc) is None and known and last not in known:
        fix = did_you_mean(last, sorted(known))
        return stop("DET022", f'there is no "{last}" in {around}', where=where, fix=fix)
    return stop(
        "DET721",
        f"{where.source} leads to no number",
        where=where,
        why="what is varied step by step is a single number",
        fix="end the path at a single number: a weight, a lag, an exit cost, a chance, …",
    )


def _kind(tree: Tree, loc: Loc) -> ParameterKind | None:
    """What a number at a location means; None if there can be none."""
    schema = schema_of(tree)
    kind = kind_at(schema, loc) if loc != ("periods",) else None
    if isinstance(kind, type) and issubclass(kind, f.Series) and isinstance(_inner_value(tree.get(loc)), dict | list):
        return None
    if isinstance(kind, type) and kind in _FIGURES:
        return _FIGURES[kind]
    if kind is int:
        return "time"
    if schema is Document:
        above = kind_at(schema, loc[:-1]) or kind_at(schema, loc[:-2])
        return _FIGURES.get(above) if isinstance(above, type) and issubclass(above, f.Series) else None
    return _resolved_kind(tree, loc, kind)


def _inner_value(node: Any) -> Any:
    """What stands under ``value`` in a number written with its grounds."""
    return node["value"] if isinstance(node, dict) and "value" in node else node


def _resolved_kind(tree: Tree, loc: Loc, kind: Any) -> ParameterKind | None:
    at = loc[:-1] if isinstance(loc[-1], int) else loc
    if at != loc:
        kind = kind_at(schema_of(tree), at)
    if kind is not Decimal and kind is not Any:
        return None
    if at == loc and isinstance(tree.get(loc), list):
        return None
    return "discount" if at[-1] == "discount" else "share" if at[-1] in _SHARES else "sum"


def _plain_number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    return Decimal(str(value))


def _numbers(document: Document) -> Iterator[tuple[Loc, str | int | None, Number | Duration]]:
    """Every number of a document: the place of its figure, its key there if that holds several, and itself."""
    for loc, figure in figures(document):
        several = numbers_in(figure)
        keys: Sequence[str | int | None] = [None]
        if isinstance(figure, f.Series) and not figure.value.constant:
            keys = [n if when is None else when.text for n, (when, _) in enumerate(figure.value.entries)]
        yield from ((loc, key, x) for key, x in zip(keys, several, strict=True))


def _number(document: Document, tree: Tree, loc: Loc) -> Number | Duration | None:
    """The number of a document that was written at a location."""
    for at, key, number in _numbers(document):
        base = tree.path(at)
        if loc in (((*base, key), (*base, "value", key)) if key is not None else (base, (*base, "value"))):
            return number
    return None


class Varied:
    """A case with some of its numbers varied; each group of parameters has one value.

    The ends of the ranges are checked like any case; raises :class:`InputError` if it does not allow them.
    """

    def __init__(self, case: Case, groups: Sequence[Sequence[Parameter]], ends: Sequence[Sequence[Decimal]]) -> None:
        self.case, self.groups = case, groups
        low, high = (self._loaded(values) for values in zip(*ends, strict=True))
        self._numbers = self._found(high)
        self._resolver = high.resolver
        if self._resolver is not None and self.at([x for x, _ in ends]) != low.resolved:
            self._resolver = None  # something that is resolved only once: each value is read anew

    def settings(self, values: Sequence[Decimal]) -> list[str]:
        """The settings that stand for the values, one for each group."""
        return [p.setting(x) for group, x in zip(self.groups, values, strict=True) for p in group]

    def at(self, values: Sequence[Decimal]) -> ResolvedCase:
        """The resolved case at these values."""
        resolver = self._resolver
        if resolver is None or self._numbers is None:
            return self._loaded(values).resolved
        chosen = {id(x): value for numbers, value in zip(self._numbers, values, strict=True) for x in numbers}
        return resolver.resolve(lambda x: chosen.get(id(x), x.central))

    def _loaded(self, values: Sequence[Decimal]) -> Case:
        case = load_case(deepcopy(self.case.tree.data), settings=self.settings(values))
        return replace(case, name=self.case.name)

    def _found(self, case: Case) -> list[list[Number | Duration]] | None:
        """The varied numbers of each group as the document of a case holds them; None if one is no number of it."""
        if case.document is None:
            return None
        found = [[_number(case.document, case.tree, p.loc) for p in group] for group in self.groups]
        if any(x is None for numbers in found for x in numbers):
            return None
        return [[x for x in numbers if x is not None] for numbers in found]


def value_of(text: str, p: Parameter, case: Case) -> tuple[Decimal, str | None]:
    """A value of a parameter as a person gives it, and the time it is a rate of if that was said.

    ``0.1``, ``0.1 a year``, ``3``, ``6 months``; raises :class:`Problem`.
    """
    if p.kind == "time":
        d = parse_duration(text)
        return Decimal(d.periods(d.central, case.calendar, "up")), None
    number = parse_number(text, "amount" if p.kind in ("discount", "hazard", "chance") else p.kind)
    return number.central, number.rate
