"""What the checks share: the document with its places, names and calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from detente.case.calendar import Calendar
from detente.case.expand import Pieces
from detente.case.problems import UNKNOWN, Loc, Problems, an
from detente.case.quantities import Duration
from detente.case.schema import Document
from detente.case.schema_clauses import Clause
from detente.case.tree import Tree

SECTIONS = {
    "party": ("parties",),
    "party or faction": ("parties", "factions"),
    "party or body": ("parties", "bodies"),
    "measure": ("measures", "milestones"),
    "group": ("groups", "measures"),
    "attribute": ("attributes",),
    "resource": ("resources",),
    "source": ("sources",),
}
"""In which sections of a file the things of a kind stand."""
NEED_CALENDAR = ("DET212", "DET216", "DET225", "DET303", "DET404", "DET606")
"""Codes of what only a calendar can tell."""


@dataclass
class Context:
    """What the checks share: the document, its pieces, its calendar, and the names that were written."""

    document: Document
    tree: Tree
    problems: Problems
    calendar: Calendar
    pieces: Pieces
    names: dict[str, list[str]] = field(default_factory=dict)

    def known(self, kind: str) -> list[str]:
        """Names of a kind that stand in the file, those of malformed things included."""
        if kind not in self.names:
            raw = self.tree.data.get(kind) if isinstance(self.tree.data, dict) else None
            self.names[kind] = [str(k) for k in raw] if isinstance(raw, dict) else []
        return self.names[kind]

    @cached_property
    def factions(self) -> list[str]:
        """Every faction of every party, those of malformed things included."""
        raw = self.tree.get(("parties",))
        parties = [p.get("factions") for p in raw.values() if isinstance(p, dict)] if isinstance(raw, dict) else []
        return [str(name) for factions in parties if isinstance(factions, dict) for name in factions]

    @cached_property
    def speakers(self) -> list[str]:
        """Whose a clause can be: parties and factions."""
        return [*self.known("parties"), *self.factions]

    @property
    def speaker(self) -> str:
        """What one of them is called."""
        return "party or faction" if self.factions else "party"

    @cached_property
    def measures(self) -> list[str]:
        """Every id that stands for a measure: tranched ones, tranches, whole ones; not milestones."""
        ids = [p.id for p in self.pieces.by_id.values() if p.members is None]
        return list(dict.fromkeys([*self.known("measures"), *ids]))

    @cached_property
    def all_measures(self) -> list[str]:
        """Measures and milestones."""
        return [*self.measures, *self.known("milestones")]

    @cached_property
    def groups(self) -> list[str]:
        """Groups: stated ones, and each tranched measure as the group of its tranches."""
        return [*self.known("groups"), *self.pieces.tranches]

    def written(self, *loc: str | int) -> bool:
        """Whether something other than null stands at a location, malformed or not."""
        return self.tree.get(loc) is not None

    def doubtful(self, name: str, what: str) -> bool:
        """Whether a name may stand for something malformed: of a whole section, or a tranche of a malformed measure."""
        cuts = self.problems.cuts
        whole = name if name in self.known("measures") else name.rpartition("-")[0]
        return any(cuts.lost((section,)) for section in SECTIONS.get(what, ())) or (
            what in ("measure", "group")
            and whole in self.known("measures")
            and cuts.touched(("measures", whole, "tranches"))
        )

    def refer(self, name: str, known: Sequence[str], what: str, loc: Loc, by: str = "") -> bool:
        """Check that a name exists; note it if it does not."""
        if name in known or name == UNKNOWN or self.doubtful(name, what):
            return True
        told = f'{by} refers to {an(what)} "{name}" that does not exist' if by else f'there is no {what} "{name}"'
        self.problems.add(
            "DET201",
            told,
            loc,
            why="a reference to nothing would be dropped without a word",
            fix=self.problems.spelling(name, known) or f"the case has no {what} at all",
        )
        return False


def named(kind: str, name: str, place: str | int) -> str:
    """A thing of a list by its id; one whose id is malformed by its place."""
    return f"{kind} number {int(place) + 1}" if name == UNKNOWN else f'{kind} "{name}"'


def clauses_of(document: Document) -> list[tuple[str, str, str, Clause, Loc]]:
    """Every clause with its kind, the name it belongs to, its owner and its place, in the order of the case."""
    found: list[tuple[str, str, str, Clause, Loc]] = []
    for n, c in enumerate(document.red_lines):
        found.append(("red-line", "", c.owner or "", c, ("red_lines", n)))
    for party, p in document.parties.items():
        for name, faction in p.factions.items():
            for n, c in enumerate(faction.clauses):
                found.append(("position", name, c.owner or name, c, ("parties", party, "factions", name, "clauses", n)))
    for key, kind, parts in (
        ("positions", "position", document.positions),
        ("goals", "goal", document.goals),
    ):
        for name, part in parts.items():
            for n, c in enumerate(part.clauses):
                found.append((kind, name, c.owner or part.party, c, (key, name, "clauses", n)))
    for name, proposal in document.proposals.items():
        for n, c in enumerate(proposal.clauses):
            owner = c.owner or proposal.by or proposal.author
            found.append(("proposal", name, owner, c, ("proposals", name, "clauses", n)))
    return found


def drop_what_needs_a_calendar(problems: Problems) -> None:
    """Unless period, periods and start are in order, drop the problems that rest on them."""
    wrong = any(d.code in ("DET214", "DET215") for d in problems.found)
    if wrong or any(problems.cuts.lost((key,)) for key in ("period", "periods", "start")):
        problems.found = [d for d in problems.found if d.code not in NEED_CALENDAR]


def is_short(duration: Duration, calendar: Calendar, rounding: str) -> bool:
    """Whether rounding moves a time by more than a fifth of it."""
    exact = duration.exact(duration.central, calendar)
    whole = duration.periods(duration.central, calendar, "up" if rounding == "up" else "nearest")
    return exact != 0 and abs(whole - exact) / exact > 1 / 5
