"""Where in the files of a case its clauses and parties stand."""

from __future__ import annotations

from detente.case.context import clauses_of
from detente.case.load import Case
from detente.case.problems import Loc
from detente.errors import Where


def clause_place(case: Case, id: str) -> str:
    """File and line of the words of a clause; empty if it has no place."""
    loc = _clause_loc(case, id)
    return "" if loc is None else _shown(case.tree.where(loc))


def party_place(case: Case, party: str) -> str:
    """File and line at which what is said of a party, or a body that votes, begins."""
    section = "bodies" if party in case.resolved.bodies else "parties"
    return _shown(case.tree.where_key((section, party)))


def _clause_loc(case: Case, id: str) -> Loc | None:
    if case.document is None:
        return next((("clauses", n, "text") for n, c in enumerate(case.resolved.clauses) if c.id == id), None)
    found = ((c, loc) for _, _, _, c, loc in clauses_of(case.document) if c.id == id)
    return next(((*loc, "want" if c.must is None else "must") for c, loc in found), None)


def _shown(where: Where) -> str:
    return where.source if where.line is None else f"{where.source}:{where.line}"
