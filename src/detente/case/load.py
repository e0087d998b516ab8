"""``load_case``: a path, a shipped name, a mapping or a resolved case → :class:`Case`, checked, with its warnings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from detente.case.calendar import Calendar
from detente.case.check import check_document
from detente.case.problems import Problems, did_you_mean, place_order, stop
from detente.case.read import RESOLVED_FORMAT, lay_over, read_source
from detente.case.repeats import wrong_in_all
from detente.case.resolve import Resolver
from detente.case.resolved import ResolvedCase
from detente.case.schema import Document
from detente.case.schema_uncertain import HiddenThing
from detente.case.settings import apply_setting
from detente.case.tree import Tree
from detente.case.validate import strangers, validated
from detente.errors import Diagnostic, InputError

Source = str | os.PathLike[str] | Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A case that was read and found in order.

    ``document`` is what was written; it is None if a resolved case was given, which has no ranges and no weights.
    """

    name: str
    document: Document | None
    calendar: Calendar
    tree: Tree
    warnings: tuple[Diagnostic, ...] = ()
    given: ResolvedCase | None = None
    hidden: tuple[HiddenThing, ...] = ()
    """What the parties leave out of declarations; only where it is settled which types they are."""

    def __str__(self) -> str:
        r = self.resolved
        title, steps = r.titles.get("case") or self.name, sum(m.members is None for m in r.measures.values())
        return f"{title}: {len(r.parties)} parties, {steps} measures, {r.periods} {r.period}s from {r.start}"

    def __repr__(self) -> str:
        return f"<Case {self}>"

    @cached_property
    def resolver(self) -> Resolver | None:
        """Resolves the document again and again; None if the case was given resolved."""
        if self.document is None:
            return None
        return Resolver(self.document, self.calendar, self.name, tuple(h.written for h in self.hidden))

    @cached_property
    def resolved(self) -> ResolvedCase:
        """The resolved case at central values."""
        if self.given is not None:
            return self.given
        assert self.resolver is not None
        return self.resolver.resolve()


def load_case(source: Source, overlays: Sequence[Source] = (), settings: Sequence[str] = ()) -> Case:
    """Read and check a case; raises :class:`InputError` with every problem found."""
    tree, name = read_source(source)
    for overlay in overlays:
        lay_over(tree, overlay)
    for setting in settings:
        try:
            for reading in (tree, *tree.again):
                apply_setting(reading, setting)
        except InputError as error:
            tree.problems += error.diagnostics
    try:
        return case_from_tree(tree, name)
    except InputError as error:
        if not settings:
            raise
        raise InputError(_traced(error.diagnostics, settings, _wrong(source, overlays))) from None


def _wrong(source: Source, overlays: Sequence[Source]) -> Sequence[Diagnostic]:
    try:
        load_case(source, overlays)
    except InputError as error:
        return error.diagnostics
    return ()


def _traced(found: Sequence[Diagnostic], settings: Sequence[str], before: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The problems, those told of the settings that the case does not have without them."""
    given = "this comes of " + ", ".join(f"--set {s}" for s in settings)

    def traced(d: Diagnostic) -> Diagnostic:
        if d in before or (d.where is not None and d.where.source.startswith("--set")):
            return d
        return replace(d, why=f"{d.why}; {given}" if d.why else given)

    return [traced(d) for d in found]


def resolve(case: Case | Source) -> ResolvedCase:
    """The resolved case (model §11) at central values."""
    return (case if isinstance(case, Case) else load_case(case)).resolved


def case_from_tree(tree: Tree, name: str) -> Case:
    """Check a tree, in every reading that it allows, and type it."""
    try:
        _check_top(tree)
    except InputError as error:
        raise InputError([*tree.problems, *error.diagnostics]) from None
    found: list[tuple[Tree, Sequence[Diagnostic]]] = []
    for reading in (tree, *tree.again):
        try:
            case = checked(reading, name)
        except InputError as error:
            found.append((reading, error.diagnostics))
        else:
            found.append((reading, ()))
    wrong = sorted({*tree.problems, *wrong_in_all(found)}, key=place_order)
    if wrong:
        raise InputError(wrong)
    return case


def checked(tree: Tree, name: str) -> Case:
    """A tree that allows one reading, checked and typed."""
    if tree.data.get("format") == RESOLVED_FORMAT:
        from detente.case.interchange import resolved_from_tree

        given, calendar, warnings = resolved_from_tree(tree, name)
        return Case(name, None, calendar, tree, warnings, given)
    from detente.case.check_variants import check_variants

    problems = Problems(tree.where, strangers=strangers(tree))
    document = validated(Document, tree, problems)
    if document is not None:
        context = check_document(document, tree, problems)
    problems.raise_errors()
    assert document is not None
    case = Case(name, document, context.calendar, tree, tuple(problems.warnings))
    check_variants(case, problems)
    problems.raise_errors()
    return case


def _check_top(tree: Tree) -> None:
    data, where = tree.data, tree.where(())
    if not isinstance(data, dict):
        raise stop(
            "DET018",
            f"{tree.source} is not a case: it holds no mapping",
            where=where,
            why="a case is a mapping that begins with detente: 1",
            fix="detente new NAME writes a template",
        )
    if data.get("overlay") is True:
        raise stop(
            "DET023",
            f"{tree.source} is an overlay, not a case",
            where=where,
            why="it holds only what differs from a case",
            fix="give the case, and --overlay with this file",
        )
    if "format" in data and "detente" not in data:
        if data["format"] != RESOLVED_FORMAT:
            raise stop(
                "DET018",
                f'the format "{data["format"]}" is not that of a case',
                where=tree.where(("format",)),
                fix=did_you_mean(data["format"], [RESOLVED_FORMAT]),
            )
    elif "detente" not in data:
        raise stop(
            "DET018",
            f"{tree.source} is not a case: it does not say detente: 1",
            where=where,
            why="the first line says which version of the language follows",
            fix="begin with detente: 1",
        )
    elif data["detente"] != 1 or data["detente"] is True:
        raise stop(
            "DET019",
            f'version "{data["detente"]}" of the language is not known',
            where=tree.where(("detente",)),
            why="keys may mean other things there",
            fix="write detente: 1, or use a newer program",
        )
