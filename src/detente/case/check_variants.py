"""Checks on the cases that types and governments make, and on correlations between the numbers of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.case.correlations import contradiction
from detente.case.draws import columns_of, numbers_of
from detente.case.load import Case
from detente.case.problems import Problems
from detente.case.variants import Option, case_with, governments_of, types_of
from detente.errors import InputError


def check_variants(case: Case, problems: Problems) -> None:
    """Note what is wrong with a case as it is with each of its types and governments, and with its correlations."""
    if case.document is None:
        return
    cases = [case]
    for option in (*(x for options in types_of(case).values() for x in options), *governments_of(case)):
        if not option.changes:
            continue
        try:
            changed = case_with(case, [option])
        except InputError as error:
            for d in error.diagnostics:
                problems.note(
                    replace(d, why=f"{d.why}; this comes of {option}" if d.why else f"this comes of {option}")
                )
            continue
        cases.append(changed)
        _check_same_shape(case, changed, option, problems)
    _check_correlations(case, cases, problems)


def _check_same_shape(case: Case, changed: Case, option: Option, problems: Problems) -> None:
    before, after = _made_of(case), _made_of(changed)
    told = [what for what in before if before[what] != after[what]]
    if told:
        problems.add(
            "DET227",
            f"{option} changes {' and '.join(told)}",
            (*option.loc, "set"),
            why="worlds are compared measure by measure and period by period, so all have the same ones",
            fix="set numbers; for another list of measures write another case",
        )


def _made_of(case: Case) -> dict[str, object]:
    """What all possible worlds of a case have in common."""
    document, resolver = case.document, case.resolver
    assert document is not None
    assert resolver is not None
    return {
        "the periods": case.calendar,
        "the measures": [
            (p.id, p.measure and (p.measure.by, p.measure.done), p.members) for p in resolver.pieces.by_id.values()
        ],
        "the sticks": [(s.id, s.by, s.against) for s in document.sticks],
        "the clauses": resolver.clauses,
    }


def _check_correlations(case: Case, cases: Sequence[Case], problems: Problems) -> None:
    """Every correlation is between numbers that there are, and all of them can be true together.

    A number that has no range, maybe because somebody set it to a value, goes along with nothing.
    """
    assert case.document is not None
    given = case.document.uncertainty.correlations
    known = [x.path for x in columns_of(cases)]
    every = {path for one in cases for path, _ in numbers_of(one)}
    for n, c in enumerate(given):
        for place, path in enumerate(c.between):
            if path not in every:
                problems.add(
                    "DET201",
                    f'there is no number "{path}"',
                    ("uncertainty", "correlations", n, "between", place),
                    why="a correlation of nothing would be dropped without a word",
                    fix=problems.spelling(path, known),
                )
    conflict = contradiction(given)
    if conflict:
        pairs = "; ".join(f"{' and '.join(given[n].between)} ({given[n].rank.value.text})" for n in conflict)
        problems.add(
            "DET228",
            f"these rank correlations cannot all be: {pairs}",
            ("uncertainty", "correlations", conflict[-1]),
            why="what goes along closely with one number cannot go against another that does so too; pairs not named "
            "are drawn independently",
            fix="bring them closer to 0, or name the pairs between them too",
        )
