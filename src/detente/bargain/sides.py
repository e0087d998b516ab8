"""The two texts between which a gap is measured: those named, or the latest of the two principals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from detente.case.calendar import When
from detente.case.load import Case
from detente.case.problems import did_you_mean
from detente.case.schema import Document
from detente.errors import Diagnostic, InputError
from detente.results.gap import Side, Text


def sides(case: Case, names: Sequence[str] = ()) -> tuple[Side, Side]:
    """Those ``names``, or of each of the first two principals the latest position, else the latest proposal."""
    known = texts(case)
    if names:
        return _named(known, names)
    chosen = [side for p in case.resolved.principals if (side := _latest(case, p, known)) is not None]
    if len(chosen) < 2:
        raise InputError([
            Diagnostic("DET751", "there are no two principals with a position or a proposal",
                       why="the gap lies between what two sides ask",
                       fix=f"name two texts: {', '.join(known)}" if len(known) > 1 else "add positions to the case")
        ])  # fmt: skip
    return chosen[0], chosen[1]


def texts(case: Case) -> dict[str, Side]:
    """Every position and proposal with clauses that must hold, by name."""
    found: dict[str, Side] = {}
    for c in case.resolved.clauses:
        if c.of and c.kind in ("position", "proposal") and c.strength == "must" and c.of not in found:
            kind: Text = "position" if c.kind == "position" else "proposal"
            found[c.of] = Side(c.of, kind, c.owner, _date(case, c.of), "it was named")
    return found


def _named(known: dict[str, Side], names: Sequence[str]) -> tuple[Side, Side]:
    problems = [
        Diagnostic("DET751", f'there is no position or proposal "{name}" with clauses that must hold',
                   why="the gap lies between what two texts ask", fix=did_you_mean(name, known))
        for name in names if name not in known
    ]  # fmt: skip
    if not problems and len(set(names)) != 2:
        told = ", ".join(names)
        problems = [Diagnostic("DET751", f"a gap lies between two different texts; named were: {told}",
                               why="of one text, or of several, there is no single gap",
                               fix="name two, or none for the latest of the two principals")]  # fmt: skip
    if problems:
        raise InputError(problems)
    return known[names[0]], known[names[1]]


def _latest(case: Case, party: str, known: dict[str, Side]) -> Side | None:
    """A party's latest position; where it has none its latest proposal. Of equally late ones the last in the case."""
    for kind, without in (("position", ""), ("proposal", ", who has no position")):
        own = [s for s in known.values() if s.party == party and s.kind == kind]
        if own:
            last = max(enumerate(own), key=lambda x: (_day(case, x[1].name), x[0]))[1]
            which = "latest" if last.date else "last"
            why = f"the {which} {kind} of its owner{without}" + ("" if last.date else ", as the case has them")
            return Side(last.name, last.kind, last.party, last.date, why)
    return None


def _date(case: Case, name: str) -> str:
    when = _when(case.document, name)
    return "" if when is None else str(when)


def _day(case: Case, name: str) -> date:
    """The first day of a text's date; undated ones come first."""
    when = _when(case.document, name)
    if when is None:
        return date.min
    return when.first or case.calendar.first_day(when.index or 0)


def _when(document: Document | None, name: str) -> When | None:
    if document is None:
        return None
    if name in document.positions:
        return document.positions[name].from_
    return document.proposals[name].date if name in document.proposals else None
