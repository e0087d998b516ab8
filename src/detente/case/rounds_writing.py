"""Adding an offer to a record: one line at its end, while nobody else adds one; nothing before it is ever touched."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case.load import Case
from detente.case.problems import Problems, did_you_mean, stop
from detente.case.quantities import written
from detente.case.read import decode, read_text, tree_of
from detente.case.resolved import Clause
from detente.case.rounds import (
    FORMAT,
    Checks,
    Line,
    Offer,
    OfferedClause,
    Places,
    Record,
    Round,
    free_name,
    line_of,
    record_of,
)
from detente.case.tree import Tree, tree_from_python
from detente.case.validate import validated
from detente.errors import InputError, Where


@dataclass(frozen=True)
class Added:
    """What is to be added, besides its clauses."""

    by: str
    name: str = ""
    date: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    of: str = ""
    """The proposal or position of the case that it was taken from."""


def from_file(path: Path) -> Tree:
    """The clauses of a file, YAML or JSON: a list of clauses, or a mapping with the key ``clauses``."""
    tree = tree_of(read_text(path), str(path))
    return _below(tree, ("clauses",)) if isinstance(tree.data, list) else tree


def from_texts(texts: Sequence[str]) -> Tree:
    """Clauses from the command line, each ``must: …`` or ``{want: …, weight: 2}``."""
    from detente.case.yaml_text import tree_from_yaml

    whole = Tree("--clause", {"clauses": []})
    for n, text in enumerate(texts):
        where = Where(f"--clause {text}")
        one = tree_from_yaml(text, where.source)
        if isinstance(one.data, str):
            raise stop(
                "DET503",
                f'"{text}" does not say whether it is a must or a wish',
                where=where,
                why="an offer stands for every road map that keeps its musts; wishes only count",
                fix=f'write "must: {text}" or "want: {text}"',
            )
        whole.data["clauses"].append(one.data)
        placed = _below(one, ("clauses", n))
        whole.values |= placed.values
        whole.keys |= placed.keys
        whole.problems += placed.problems
    return whole


def from_mappings(clauses: Sequence[Mapping[str, Any]]) -> Tree:
    """Clauses from a Python program."""
    return tree_from_python({"clauses": list(clauses)}, "offer")


def from_case(case: Case, name: str) -> Tree:
    """The clauses of a proposal or of a position of the case."""
    kinds = ("proposal", "position")
    clauses = [c for c in case.resolved.clauses if c.kind in kinds and c.of == name]
    if not clauses:
        known = dict.fromkeys(c.of for c in case.resolved.clauses if c.kind in kinds)
        raise stop(
            "DET504",
            f'the case has no clauses of a proposal or position "{name}"',
            why="there would be nothing to record",
            fix=did_you_mean(name, known) or "give the clauses themselves",
        )
    return tree_from_python({"clauses": [_fields(c) for c in clauses]}, name)


def _fields(clause: Clause) -> dict[str, Any]:
    weight = {"weight": clause.weight} if clause.strength == "want" else {}
    return {"id": clause.id, clause.strength: clause.text, **weight}


def _below(tree: Tree, loc: tuple[str | int, ...]) -> Tree:
    """The same tree as the part of another that stands at a location; the data are those of the whole."""
    return Tree(
        tree.source, {"clauses": tree.data},
        {(*loc, *at): where for at, where in tree.values.items()},
        {(*loc, *at): where for at, where in tree.keys.items()}, tree.problems,
    )  # fmt: skip


def add_round(case: Case, offer: Tree, added: Added, to: Places) -> tuple[Round, Record]:
    """Add an offer; the round as recorded, and the record with it.

    Whoever adds at the same time waits; the offer is checked against the record as it then is. Raises
    :class:`InputError`, and adds nothing, if the offer is not in order, or the record is not.
    """
    clauses = _clauses(case, offer)
    checks = Checks(case)
    if to.reads is not None:  # so that no file is made for an offer that is not in order
        _line(checks, added, clauses, record_of(case, read_text(to.reads), str(to.reads)))
    else:
        _line(checks, added, clauses, Record(str(to.writes), ()))
    with _held(to.writes) as file:
        text = _text(file, to)
        fresh = os.fstat(file).st_size == 0
        line = _line(checks, added, clauses, record_of(case, text, str(to.writes)))
        gap = "" if not text or text.endswith("\n") else "\n"
        _append(file, (text if fresh else "") + gap + line + "\n", to.writes)
        record = record_of(case, text + gap + line + "\n", str(to.writes))
    return record.rounds[-1], record


def _clauses(case: Case, tree: Tree) -> tuple[OfferedClause, ...]:
    problems = Problems(tree.where, found=list(tree.problems))
    offer = validated(Offer, tree, problems)
    if offer is not None:
        Checks(case).clauses(offer.clauses, problems)
    problems.raise_errors()
    assert offer is not None
    return offer.clauses


def _line(checks: Checks, added: Added, clauses: Sequence[OfferedClause], record: Record) -> str:
    """The line of an offer that comes after a record, checked."""
    taken = [r.name for r in record.rounds]
    name = added.name or free_name(added.of or f"round-{len(taken) + 1}", taken)
    fields: dict[str, Any] = {"format": FORMAT, "name": name, "by": added.by}
    told = {"date": added.date, "of": added.of, "note": added.note, "sources": list(added.sources)}
    fields |= {key: value for key, value in told.items() if value}
    fields["clauses"] = [_written(c) for c in clauses]
    fields["after"] = record.head
    tree = tree_from_python({k: v for k, v in fields.items() if k != "clauses"}, "offer")
    tree.data["clauses"] = fields["clauses"]
    problems = Problems(lambda loc: None)
    if validated(Line, tree, problems) is not None:
        checks.party(added.by, problems, ("by",))
        checks.name(name, record.rounds, problems, ("name",))
        checks.date(added.date, record.rounds, problems, ("date",))
        checks.sources(added.sources, problems, ("sources",))
    problems.raise_errors()
    return line_of(fields)


def _written(clause: OfferedClause) -> dict[str, str]:
    fields = {"id": clause.id, "must": clause.must, "want": clause.want,
              "weight": None if clause.weight is None else written(clause.weight.value.central)}  # fmt: skip
    return {key: value for key, value in fields.items() if value is not None}


def _text(file: int, to: Places) -> str:
    """What the record holds; of one that is new what it begins with."""
    parts = list(iter(lambda: os.read(file, 1 << 20), b""))
    if parts:
        return decode(b"".join(parts), str(to.writes))
    return read_text(to.begins) if to.begins is not None else ""


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The record, open for reading and adding, while everybody else waits."""
    try:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    except OSError as error:
        raise _cannot(path, error) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _append(file: int, text: str, path: Path) -> None:
    """Add text at the end, or nothing of it."""
    size, data = os.fstat(file).st_size, text.encode()
    try:
        if os.write(file, data) != len(data):
            raise OSError(0, "not all of it was taken")
        os.fsync(file)
    except OSError as error:
        os.ftruncate(file, size)
        raise _cannot(path, error) from None


def _cannot(path: Path, error: OSError) -> InputError:
    return stop(
        "DET508",
        f"the record {path} cannot be written: {error.strerror}",
        why="nothing was added",
        fix="name a file in a folder that exists and may be written to (--record FILE)",
    )
