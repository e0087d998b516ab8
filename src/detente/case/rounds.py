"""The record of offers made, in order: one JSON object a line, each with the hash of the line before.

A record is only ever added to (:mod:`detente.case.rounds_writing`). Because each line holds the hash of the one before,
a line that was changed, taken out or put in between shows when the record is read. What happened at its end shows to
whoever kept the hash of what was its last line then: the *head* of the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from detente.case.calendar import When, parse_when
from detente.case.clause_text import Names, clause_problems, names_of, read_clause
from detente.case.figures import Id, Ids, Listing, Part, Sum, Text
from detente.case.json_text import tree_from_json
from detente.case.load import Case
from detente.case.problems import Loc, Problem, Problems, did_you_mean, stop
from detente.case.quantities import rounded
from detente.case.read import read_text, shipped
from detente.case.resolve import resolver_names
from detente.case.resolved import Clause
from detente.case.tree import Tree
from detente.case.validate import validated
from detente.errors import InputError, Where

FORMAT = "detente/round/1"


class OfferedClause(Part):
    """One clause of an offer."""

    id: Id | None = None
    """Its id; its number in the offer where silent."""
    must: Text | None = None
    """The clause, if it is a must."""
    want: Text | None = None
    """The clause, if it is a wish."""
    weight: Sum | None = None
    """How much a wish counts; 1 where silent."""

    @property
    def text(self) -> str:
        """The words of the clause."""
        return self.must if self.must is not None else self.want or ""


class Offer(Part):
    """What is offered: clauses, and nothing else."""

    called: ClassVar[str] = "offer"

    clauses: Annotated[tuple[OfferedClause, ...], Listing]
    """Its clauses."""


class Line(Part):
    """One line of a record."""

    called: ClassVar[str] = "round"

    format: Literal["detente/round/1"]
    """What the line is."""
    name: Id
    """What the round is called."""
    by: Id
    """The party that made the offer."""
    date: str = ""
    """When it was made: a year, quarter, month or day."""
    of: str = ""
    """The proposal or position of the case that it was taken from."""
    note: Text = ""
    """What should be remembered of it."""
    sources: Ids = ()
    """Where it is reported: sources of the case."""
    clauses: Annotated[tuple[OfferedClause, ...], Listing]
    """What was offered."""
    after: str | None
    """The hash of the line before; null in the first."""


@dataclass(frozen=True)
class Round:
    """An offer of the record. Ids of its clauses begin with its name, so that they are nobody else's."""

    name: str
    by: str
    date: str
    of: str
    note: str
    sources: tuple[str, ...]
    clauses: tuple[Clause, ...]
    hash: str = ""
    """SHA-256 of its line: the head of the record when it was the last."""

    def __repr__(self) -> str:
        return f"<Round {self.name}: {self.by}, {self.date or 'no date'}, {len(self.clauses)} clauses>"

    @property
    def must(self) -> tuple[Clause, ...]:
        """What every road map that it stands for keeps."""
        return tuple(c for c in self.clauses if c.strength == "must")

    @property
    def when(self) -> When | None:
        """Its date; None if it has none."""
        return parse_when(self.date) if self.date else None


@dataclass(frozen=True)
class Record:
    """The offers in the order in which they were made."""

    source: str
    rounds: tuple[Round, ...]

    @property
    def head(self) -> str | None:
        """The hash of the last line; None if there is none."""
        return self.rounds[-1].hash if self.rounds else None

    def unchanged(self, head: str) -> int:
        """How many offers stand as they did when the head was this; raises :class:`InputError` if it never was."""
        known = [r.hash for r in self.rounds]
        if head.strip().lower() in known:
            return known.index(head.strip().lower()) + 1
        raise stop(
            "DET510",
            f"the record {self.source} never had the head {head}",
            why=f"none of its {len(known)} lines has this hash: it is another record, or lines that this head vouches "
            "for were changed, or cut off at the end",
            fix="check the hash, and compare with a copy of the record from when it was noted",
        )


@dataclass(frozen=True)
class Places:
    """Where the record of a case is: ``reads`` (None: there is none yet) and ``writes``.

    A new file at ``writes`` begins with what stands at ``begins``: the record shipped with the case.
    """

    reads: Path | None
    writes: Path
    begins: Path | None = None


def places(case: Case, record: Path | None = None) -> Places:
    """Where the record of a case is: beside its file, and of a shipped case in the working directory."""
    if record is not None:
        return Places(record if _written(record) else None, record)
    file = Path(case.tree.source)
    if file.is_file():
        own = file.with_name("rounds.jsonl" if file.name == "case.yaml" else f"{file.stem}.rounds.jsonl")
        return Places(own if _written(own) else None, own)
    name = file.parent.name
    gallery = shipped().get(name)
    if gallery is None or case.tree.source != f"{name}/{gallery.name}":
        raise stop(
            "DET506",
            f'it is not known where the record of "{case.name}" is',
            why="the case comes from no file, so that there is no place beside it",
            fix="name the file of the record",
        )
    own, given = Path(f"{name}.rounds.jsonl"), gallery.with_name("rounds.jsonl")
    begins = given if given.is_file() else None
    return Places(own if _written(own) else begins, own, begins)


def _written(path: Path) -> bool:
    """Whether anything stands at a path; the file that the first writer has just made is empty."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def recorded(case: Case, record: Path | None = None) -> Record:
    """The record of a case, from where it is or from the file named; raises :class:`InputError` if there is none."""
    found = places(case, record)
    if found.reads is None:
        raise stop(
            "DET506",
            f"there is no record at {found.writes}",
            why="no offer was added yet",
            fix="detente rounds add CASE --by PARTY --clause … adds the first",
        )
    shown = f"{found.reads.parent.name}/{found.reads.name}" if found.reads == found.begins else ""
    return read_record(case, found.reads, shown)


def read_record(case: Case, path: Path, shown: str = "") -> Record:
    """Read and check a record; raises :class:`InputError` with every problem of every line."""
    return record_of(case, read_text(path, shown or str(path)), shown or str(path))


def record_of(case: Case, text: str, source: str) -> Record:
    """A record from its text."""
    checks, rounds, before, wrong = Checks(case), list[Round](), None, list[InputError]()
    for n, line in enumerate(lines_of(text), 1):
        own = hash_of(line)
        try:
            rounds.append(replace(checks.line(_tree(line, n, source), before, n, rounds), hash=own))
        except InputError as error:
            wrong.append(error)
        before = own
    if wrong:
        raise InputError([d for error in wrong for d in error.diagnostics])
    return Record(source, tuple(rounds))


def lines_of(text: str) -> list[str]:
    """The lines of a record; the end of the last one begins no other."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def hash_of(line: str) -> str:
    """What the next line holds of a line."""
    return hashlib.sha256(line.encode()).hexdigest()


def _tree(line: str, n: int, source: str) -> Tree:
    """One line as a tree that knows its place in the file."""
    if not line.strip():
        raise _unreadable(n, Where(source, n), "it is empty")
    try:
        tree = tree_from_json("\n" * (n - 1) + line, source)
    except InputError as error:
        d = error.diagnostics[-1]
        raise _unreadable(n, d.where or Where(source, n), d.problem.removeprefix("this is not JSON: ")) from None
    if not isinstance(tree.data, dict):
        raise _unreadable(n, Where(source, n), "it holds no { }")
    return tree


def _unreadable(n: int, where: Where, what: str) -> InputError:
    return stop(
        "DET501",
        f"line {n} of the record cannot be read: {what}",
        where=where,
        why="each line of a record is one offer as JSON, as rounds add writes it; nothing of the file was changed",
        fix="restore the file from a copy, or take the line out and add the later offers anew",
    )


class Checks:
    """The checks on offers, which are those on clauses of the case itself."""

    def __init__(self, case: Case) -> None:
        self.case = case
        resolver = case.resolver
        self.names: Names = (
            names_of(case.resolved)
            if resolver is None
            else resolver_names(resolver.document, resolver.pieces, resolver.calendar)
        )

    def line(self, tree: Tree, before: str | None, n: int, rounds: Sequence[Round]) -> Round:
        """The round of a line that follows a line with the hash ``before``, after the given rounds."""
        problems = Problems(tree.where, found=list(tree.problems))
        line = validated(Line, tree, problems)
        if line is not None:
            self.party(line.by, problems, ("by",))
            self.name(line.name, rounds, problems, ("name",))
            self.date(line.date, rounds, problems, ("date",))
            self.sources(line.sources, problems, ("sources",))
            self.clauses(line.clauses, problems)
            if line.after != before:
                self._broken(n, problems)
        problems.raise_errors()
        assert line is not None
        return self.round(line)

    def _broken(self, n: int, problems: Problems) -> None:
        told = (
            f"line {n} does not follow from line {n - 1}" if n > 1 else "line 1 follows from a line that is not there"
        )
        problems.add(
            "DET502",
            f"the record was changed: {told}",
            ("after",),
            why="each line holds the hash of the one before; that one was changed, or lines were taken out or put in",
            fix="restore the file from a copy; if the change was meant, add the offers anew to another record",
        )

    def party(self, by: str, problems: Problems, loc: Loc) -> None:
        """Whoever makes an offer is a party."""
        parties = self.case.resolved.parties
        if by not in parties:
            problems.add(
                "DET201",
                f'the offer is by "{by}", and there is no such party',
                loc,
                why="an offer is somebody's",
                fix=did_you_mean(by, parties),
            )

    def name(self, name: str, rounds: Sequence[Round], problems: Problems, loc: Loc) -> None:
        """No two rounds have one name."""
        if any(r.name == name for r in rounds):
            problems.add(
                "DET507",
                f'there is a round "{name}" already',
                loc,
                why="results name rounds by their names",
                fix=f"choose another, such as {free_name(name, [r.name for r in rounds])}",
            )

    def date(self, text: str, rounds: Sequence[Round], problems: Problems, loc: Loc) -> None:
        """A date is one of the calendar, and none lies before that of an earlier round."""
        if not text:
            return
        try:
            when = parse_when(text)
        except Problem as problem:
            problems.take(problem, loc, "the date of the offer")
            return
        if when.last is None:
            told = "is the number of a period, not a date"
            problems.add("DET505", f'"{text}" {told}', loc, why="offers may be older than the case",
                         fix="write for instance 2019, 2019-Q1, 2019-02 or 2019-02-28")  # fmt: skip
            return
        earlier = next((r for r in reversed(rounds) if r.when is not None), None)
        if earlier is None or earlier.when is None or earlier.when.first is None or when.last >= earlier.when.first:
            return
        problems.add(
            "DET505",
            f'the offer is dated {text}, before the round "{earlier.name}" of {earlier.date}',
            loc,
            why="a record holds offers in the order in which they were made, and is only added to",
            fix="check the date; to put an older offer in between, begin a new record with --record",
        )

    def sources(self, sources: Sequence[str], problems: Problems, loc: Loc) -> None:
        """Sources are those of the case; one that was given resolved has none to compare with."""
        known = self.case.document.sources if self.case.document is not None else sources
        for n, source in enumerate(sources):
            if source not in known:
                problems.add("DET201", f'the offer rests on a source "{source}" that does not exist', (*loc, n),
                             why="a reference to nothing helps nobody", fix=did_you_mean(source, known))  # fmt: skip

    def clauses(self, clauses: Sequence[OfferedClause], problems: Problems) -> None:
        """Every clause can be read, as in a case."""
        if not clauses:
            problems.add("DET503", "the offer has no clauses", ("clauses",), why="there would be nothing to compare",
                         fix='write at least one, such as must: "declare by 2020-Q4"')  # fmt: skip
        ids: list[str] = []
        for n, clause in enumerate(clauses):
            loc: Loc = ("clauses", n)
            told = f'clause "{clause.id}"' if clause.id else f"clause number {n + 1}"
            self._words(clause, loc, told, problems)
            if clause.id in ids:
                problems.add("DET202", f'the clause id "{clause.id}" is used twice', (*loc, "id"),
                             why="results name clauses by their ids", fix="choose another id")  # fmt: skip
            ids += [clause.id] if clause.id else []

    def _words(self, clause: OfferedClause, loc: Loc, told: str, problems: Problems) -> None:
        if (clause.must is None) == (clause.want is None):
            problems.add("DET217", f"{told} needs exactly one of must and want", loc,
                         why="a clause is either required or wished for",
                         fix='write for instance must: "declare by 2020-Q4"',
                         rests_on=[(*loc, "must"), (*loc, "want")])  # fmt: skip
        if clause.weight is not None and (clause.must is not None or clause.weight.value.low < 0):
            problems.add("DET217", f"{told} has a weight that cannot count", (*loc, "weight"),
                         why="only wishes (want) have weights, of 0 or more",
                         fix="drop the weight, or use want")  # fmt: skip
        for key, text in (("must", clause.must), ("want", clause.want)):
            for problem in clause_problems(text, self.names) if text is not None else ():
                problems.take(problem, (*loc, key), told)

    def round(self, line: Line) -> Round:
        """A line that is in order, with its clauses as those of a resolved case."""
        clauses = tuple(
            Clause(
                f"{line.name}/{c.id or n}", line.by, "proposal", line.name, "must" if c.must is not None else "want",
                read_clause(c.text, self.names).text,
                rounded(c.weight.value.central) if c.weight is not None else Decimal(1),
            )
            for n, c in enumerate(line.clauses, 1)
        )  # fmt: skip
        return Round(line.name, line.by, line.date, line.of, line.note, line.sources, clauses)


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """A name, with a number behind it if it is taken."""
    names: Iterator[str] = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(name for name in names if name not in taken)


def line_of(fields: Mapping[str, Any]) -> str:
    """A line of a record as text."""
    return json.dumps(fields, ensure_ascii=False, separators=(", ", ": "))
