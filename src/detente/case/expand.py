"""Measures as the model sees them: tranches cut apart, milestones among the measures, references made plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from detente.case.figures import Span
from detente.case.problems import Loc
from detente.case.quantities import Number
from detente.case.schema import Document, Stick
from detente.case.schema_measures import Measure, Milestone

ONE = Decimal(1)


@dataclass(frozen=True)
class Link:
    """A reference to a measure with a wait (None: one period), and where it is written."""

    measure: str
    wait: Span | None
    loc: Loc


@dataclass(frozen=True)
class Piece:
    """A measure, a tranche of one, or a milestone."""

    id: str
    origin: str
    loc: Loc
    written: Measure | Milestone
    takes: Span | None = None
    after: tuple[Link, ...] = ()
    replaces: Link | None = None
    excludes: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None
    share: Number | None = None
    worth: Number | None = None
    number: int = 0
    """Which tranche, from 1; 0 for a whole measure."""

    @property
    def measure(self) -> Measure | None:
        """The measure as written; None for a milestone."""
        return self.written if isinstance(self.written, Measure) else None


@dataclass(frozen=True)
class Pieces:
    """All measures and milestones of a case, in its order, and the tranches that stand for a tranched measure."""

    by_id: Mapping[str, Piece]
    tranches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def last(self, name: str) -> str:
        """The measure itself, or its last tranche."""
        return self.tranches[name][-1] if name in self.tranches else name

    def first(self, name: str) -> str:
        """The measure itself, or its first tranche."""
        return self.tranches[name][0] if name in self.tranches else name

    def all(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The measures with every tranched one replaced by all its tranches."""
        return tuple(dict.fromkeys(x for n in names for x in self.tranches.get(n, (n,))))


def expand(document: Document) -> Pieces:
    """Cut the tranched measures apart and list everything in the order of the case."""
    tranches = {
        name: tuple(f"{name}-{n + 1}" for n in range(len(m.tranches.shares)))
        for name, m in document.measures.items()
        if m.tranches is not None and m.tranches.shares
    }
    names = Pieces({}, tranches)
    pieces: dict[str, Piece] = {}
    for name, m in document.measures.items():
        for piece in _pieces(name, m, names):
            pieces.setdefault(piece.id, piece)
    for name, milestone in document.milestones.items():
        pieces.setdefault(
            name, Piece(name, name, ("milestones", name), milestone, members=names.all(milestone.members))
        )
    return Pieces(pieces, tranches)


def _pieces(name: str, m: Measure, names: Pieces) -> list[Piece]:
    loc: Loc = ("measures", name)
    after = tuple(Link(names.last(a.measure), a.wait, (*loc, "after", n)) for n, a in enumerate(m.after))
    replaces = Link(m.replaces.measure, m.replaces.wait, (*loc, "replaces")) if m.replaces else None
    excludes = names.all(m.excludes)
    if m.tranches is None or not m.tranches.shares:
        return [Piece(name, name, loc, m, m.takes, after, replaces, excludes)]
    cut = m.tranches
    result = []
    for n, share in enumerate(cut.shares):
        link = (Link(f"{name}-{n}", cut.wait, (*loc, "tranches")),) if n else after
        takes = cut.takes[n] if cut.takes is not None and n < len(cut.takes) else m.takes
        worth = cut.profile[n].value if cut.profile is not None and n < len(cut.profile) else None
        piece = Piece(
            f"{name}-{n + 1}",
            name,
            loc,
            m,
            takes,
            link,
            replaces if n == 0 else None,
            excludes,
            share=share.value,
            worth=worth,
            number=n + 1,
        )
        result.append(piece)
    return result


def stick_loc(document: Document, stick: Stick) -> Loc:
    """Where a stick is written."""
    return ("sticks", document.sticks.index(stick))
