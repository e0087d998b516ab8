"""A design of a sweep, read and turned into points: what each thing varied is at each of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.load import Case, load_case
from detente.case.parameter import Parameter, parameter, value_of
from detente.case.problems import UNKNOWN, Loc, Problem, Problems
from detente.case.quantities import written
from detente.case.read import read_text, tree_of
from detente.case.settings import location
from detente.case.sweep_schema import Design, Noise, SweepKind, Varying
from detente.case.tree import Tree, tree_from_python
from detente.case.validate import validated
from detente.errors import Diagnostic, InputError, Where

MOST_POINTS = 100_000
MOST_WORLDS = 10_240
"""Possible worlds over which runs go, where a design is silent."""
DIGITS = Context(prec=6, rounding=ROUND_HALF_EVEN)
"""Significant digits of a value within a range."""

At = tuple[str, ...]
"""For each thing varied its value, as written in a setting."""


@dataclass(frozen=True)
class Dimension:
    """One thing that is varied: its paths, and its values as a list or as the ends of a range."""

    paths: tuple[str, ...]
    values: At = ()
    ends: tuple[Decimal, Decimal] | None = None
    steps: int = 0
    number: Parameter | None = None
    """What the range is of."""
    where: tuple[Where, ...] = ()
    """Where each value, or each end of the range, was written."""

    def grid(self) -> At:
        """All values, in order; of whole numbers those of the range that are nearest to the steps, once each."""
        if self.ends is None:
            return self.values
        low, high = self.ends
        shares = [Decimal(n) / (self.steps - 1) for n in range(self.steps)]
        return tuple(dict.fromkeys(self._written(low + x * (high - low)) for x in shares))

    def at(self, u: float) -> str:
        """The value at a quantile in [0, 1)."""
        if self.ends is None:
            return self.values[int(u * len(self.values))]
        low, high = self.ends
        if self.number is not None and self.number.whole:
            return self._written(low + int(Decimal(u) * (high - low + 1)))
        return self._written(low + Decimal(u) * (high - low))

    def extremes(self) -> At:
        """The values that speak for all: each of a list, or both ends of a range."""
        if self.ends is None:
            return self.values
        return self.at(0.0), self.grid()[-1] if self.steps else self.at(1 - 2**-40)

    def _written(self, x: Decimal) -> str:
        assert self.number is not None
        if self.number.whole:
            return written(x.to_integral_value(ROUND_HALF_EVEN))
        rate = f" a {self.number.rate}" if self.number.rate else ""
        return written(DIGITS.plus(x).normalize(DIGITS) + 0) + rate


@dataclass(frozen=True)
class Sweeping:
    """A design that was found in order."""

    kind: SweepKind
    n: int
    road_maps: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    sample: int | None
    seed: int
    points: tuple[At, ...]
    worlds: int = MOST_WORLDS
    """Of runs: in how many possible worlds at most."""
    without: tuple[Noise, ...] = ()
    """Of runs: the kinds of noise left out."""

    def settings(self, point: int) -> tuple[str, ...]:
        """The settings that make the case what it is at a point."""
        pairs = zip(self.dimensions, self.points[point], strict=True)
        return tuple(f"{path}={value}" for dimension, value in pairs for path in dimension.paths)


def read_design(source: str | os.PathLike[str] | Mapping[str, Any], case: Case, seed: int) -> Sweeping:
    """The design in a file (YAML or JSON) or a mapping, for a case; raises :class:`InputError` with every problem."""
    if isinstance(source, Mapping):
        tree, beside = tree_from_python(source, "design"), Path()
    else:
        tree, beside = tree_of(read_text(Path(source)), str(source)), Path(source).parent
    problems = Problems(tree.where)
    for diagnostic in tree.problems:
        problems.note(diagnostic)
    design = validated(Design, tree, problems)
    dimensions = [] if design is None else _checked(design, case, tree, problems)
    problems.raise_errors()
    assert design is not None
    named = tuple(str(beside / name) if (beside / name).is_file() else name for name in design.road_maps)
    points = (
        _sampled(dimensions, design.sample, seed) if design.sample else tuple(product(*(d.grid() for d in dimensions)))
    )
    return Sweeping(
        design.kind, design.n, named, tuple(dimensions), design.sample, seed, points, design.worlds or MOST_WORLDS,
        tuple(sorted(set(design.without))),
    )  # fmt: skip


def check_values(case: Case, sweeping: Sweeping, report: Callable[[str], None]) -> None:
    """Refuse every value that the case does not allow: each of a list, and both ends of a range, by itself."""
    wrong: dict[tuple[Where, str], Diagnostic] = {}
    for n, dimension in enumerate(sweeping.dimensions):
        paths = ", ".join(dimension.paths)
        report(f"checking the values of {paths} ({n + 1} of {len(sweeping.dimensions)})")
        for value, where in zip(dimension.extremes(), dimension.where, strict=True):
            try:
                load_case(case.tree.data, settings=[f"{path}={value}" for path in dimension.paths])
            except InputError as error:
                for d in error.diagnostics:
                    told = replace(d, problem=f"with {paths} at {value}: {d.problem}", where=where)
                    wrong.setdefault((where, d.problem), told)
    if wrong:
        raise InputError(list(wrong.values()))


def _sampled(dimensions: Sequence[Dimension], many: int, seed: int) -> tuple[At, ...]:
    """A Latin hypercube: of each dimension one value from each of so many slices, the slices in random order."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    u = np.stack([(rng.permutation(many) + rng.random(many)) / many for _ in dimensions], axis=1)
    return tuple(tuple(d.at(x) for d, x in zip(dimensions, row, strict=True)) for row in u.tolist())


# ------------------------------------------------------------------ checking


def _checked(design: Design, case: Case, tree: Tree, problems: Problems) -> list[Dimension]:
    for key, least in (("n", 1), ("sample", 2), ("worlds", 1)):
        value = getattr(design, key)
        if value is not None and value < least:
            problems.add("DET781", f"{key} is {value}", (key,), fix=f"write {least} or more")
    for key, what in (("road_maps", "at least one road map"), ("over", "at least one thing that is varied")):
        if not getattr(design, key):
            problems.add("DET781", f"{key} is empty", (key,), fix=f"name {what}")
    for key in ("worlds", "without"):
        if design.kind != "simulate" and getattr(design, key):
            problems.add("DET781", f"{key} is for runs", (key,), fix="write kind: simulate, or leave it out")
    found = [
        replace(d, where=_places(d, tree, n))
        for n, v in enumerate(design.over)
        if (d := _dimension(design, v, ("over", n), case, problems)) is not None
    ]
    paths = [path for d in found for path in d.paths]
    for path in sorted({p for p in paths if paths.count(p) > 1}):
        problems.add("DET781", f"{path} is varied twice", ("over",), why="which value it had would not be clear")
    many = design.sample or (prod(len(d.grid()) for d in found) if not problems.errors else 0)
    if many > MOST_POINTS:
        problems.add(
            "DET781", f"the design has {many:,} points; at most {MOST_POINTS:,} are taken", ("over",),
            fix="take fewer values, or a sample",
        )  # fmt: skip
    return found


def _places(dimension: Dimension, tree: Tree, n: int) -> tuple[Where, ...]:
    """Where each value, or each end of a range, of the thing varied in this place is written."""
    if dimension.ends is not None:
        return tree.where(("over", n, "from")), tree.where(("over", n, "to"))
    return tuple(tree.where(("over", n, "values", k)) for k in range(len(dimension.values)))


def _dimension(design: Design, v: Varying, loc: Loc, case: Case, problems: Problems) -> Dimension | None:
    """The dimension as written; None if it is not in order."""
    known = len(problems.errors)
    if not v.of:
        problems.add("DET781", "of is empty", (*loc, "of"), fix="name the path of a setting, as for --set")
        return None
    if UNKNOWN in v.of:
        return None
    ranged = v.from_ is not None or v.to is not None or v.steps is not None
    if ranged == bool(v.values):
        problems.add(
            "DET781", f"{', '.join(v.of)} needs either values or a range", loc,
            fix="write values: [1, 2, 3], or from: 1, to: 3, steps: 5", rests_on=[(*loc, "values")],
        )  # fmt: skip
        return None
    try:
        made = _range(design, v, loc, case, problems) if ranged else Dimension(v.of, _values(v, case))
    except Problem as problem:
        problems.take(problem, loc)
        return None
    except InputError as error:
        for d in error.diagnostics:
            problems.note(replace(d, where=problems.locate((*loc, "of"))))
        return None
    return made if len(problems.errors) == known else None


def _values(v: Varying, case: Case) -> At:
    """The values of a list as settings have them."""
    texts = tuple(dict.fromkeys(_text(x) for x in v.values))
    if len(texts) < len(v.values):
        raise Problem("DET781", f"{', '.join(v.of)} has a value twice", "it would be done twice", "name each once")
    for path in v.of:
        _check_path(case, path)
    return texts


def _check_path(case: Case, path: str) -> None:
    """Refuse a path that leads nowhere in a case."""
    location(Tree(case.tree.source, deepcopy(case.tree.data)), path, Where(path))


def _text(x: Any) -> str:
    """A value as it is written in a setting."""
    if isinstance(x, bool) or x is None:
        return {True: "true", False: "false", None: "null"}[x]
    if isinstance(x, int | Decimal):
        return written(Decimal(x))
    if isinstance(x, str):
        return x
    raise Problem("DET781", "a value is neither a number nor a text", "", "write each value as in --set")


def _range(design: Design, v: Varying, loc: Loc, case: Case, problems: Problems) -> Dimension | None:
    missing = [key for key, x in (("from", v.from_), ("to", v.to)) if x is None]
    if design.sample is None and v.steps is None:
        missing.append("steps")
    if missing:
        problems.add("DET781", f"the range of {', '.join(v.of)} lacks {' and '.join(missing)}", loc, fix="add it")
        return None
    if v.steps is not None and design.sample is not None:
        problems.add(
            "DET781", f"the range of {', '.join(v.of)} has steps, and a sample is taken", (*loc, "steps"),
            fix="leave out steps, or sample",
        )  # fmt: skip
        return None
    if v.steps is not None and v.steps < 2:
        problems.add(
            "DET781", f"the range of {', '.join(v.of)} has {v.steps} steps", (*loc, "steps"), fix="write 2 or more"
        )
        return None
    numbers = [parameter(case, path, Where(path)) for path in v.of]
    first = numbers[0]
    (low, one), (high, other) = (value_of(_text(x), first, case) for x in (v.from_, v.to))
    rates = {one, other} - {None} or {first.rate}
    if len(rates) > 1 or any(p.kind != first.kind for p in numbers) or not low < high:
        problems.add(
            "DET781", f"{', '.join(v.of)} has no values from {_text(v.from_)} to {_text(v.to)}", loc,
            why="a range runs from a lower to a higher value in one unit; what gets one value is of one kind",
            fix="write both ends in the same unit, the lower one first",
        )  # fmt: skip
        return None
    return Dimension(v.of, (), (low, high), 0 if design.sample else v.steps or 0, replace(first, rate=rates.pop()))
