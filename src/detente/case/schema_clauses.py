"""Clauses in the case language (model §9): what is required of a road map, or wished for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from detente.case.figures import Id, Listing, Sourced, Sum, Text
from detente.case.problems import UNKNOWN


class Clause(Sourced):
    """One requirement on a road map."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": UNKNOWN}

    id: Id
    """Its id."""
    owner: Id | None = None
    """Whose it is; in positions and goals their party, in proposals who made them, where silent."""
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


Clauses = Annotated[tuple[Clause, ...], Listing]
