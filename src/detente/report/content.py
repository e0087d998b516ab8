"""What a brief is made from: answers, and the words and sources behind them. Nothing is computed from it but layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

from detente.case.resolved import ResolvedCase
from detente.report.document import Block
from detente.results.compare import Comparison, Row
from detente.results.drivers import Driver
from detente.results.plan import NoPlan, Plan
from detente.results.walk_out import WalkOut

PLAN_ROW = "plan"
"""Name of the comparison's row that is the planner's own road map."""


@dataclass(frozen=True)
class Assumption:
    """One number of the case: a judgement (``weight``), a fact, or anything else that somebody had to decide."""

    kind: str
    """``weight``, ``party``, ``measure``, ``milestone``, ``stick``, ``resource``, ``clause`` or ``case``."""
    path: str
    """Its place in the case: ``parties.DPRK.weights.programme``; drivers go by the same path."""
    text: str
    """What it is, in plain words; what it is a number of may be left to ``about``."""
    value: Decimal | str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    sources: tuple[str, ...] = ()
    """Ids of sources."""
    confidence: str = ""
    """``H``, ``M``, ``L`` or empty."""
    why: str = ""
    about: str = ""
    """What it is a number of, in plain words: a party, a measure; numbers of one thing stand together."""
    about_note: str = ""
    """A remark on that thing."""


@dataclass(frozen=True)
class Source:
    """Where something is from."""

    id: str
    text: str
    url: str = ""
    """Shown as text; the brief links to nothing."""


@dataclass(frozen=True)
class FactKind:
    """A kind of fact: what is counted, in which unit."""

    name: str
    unit: str
    about: str = ""


@dataclass(frozen=True)
class ProposalNote:
    """Who tabled a proposal, when, and what it says in plain words."""

    by: str = ""
    date: str = ""
    about: str = ""


@dataclass(frozen=True)
class Compared:
    """What the proposals' part of a brief shows."""

    case: ResolvedCase
    comparison: Comparison
    proposals: Mapping[str, ProposalNote] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Plain words for an id."""
        return self.case.title(key)


Place = Literal["talks", "road-map", "beyond"]
"""Where a part stands: after the proposals, with the road map, or after that."""

Section = Callable[[Any, ResolvedCase], Iterable[Block]]
"""From an answer to what a brief shows of it."""

A = TypeVar("A")


@dataclass(frozen=True)
class Shown:
    """A part of a brief that another verb answered."""

    title: str
    """What it is, in plain words: ``the gap between the two sides``."""
    place: Place
    answer: Any
    section: Section

    @property
    def cut(self) -> bool:
        """Whether a limit, or an interrupt, ended the work on it."""
        some = self.answer if isinstance(self.answer, tuple) else (self.answer,)
        return any(one.provenance.run.cut is not None for one in some)


@dataclass(frozen=True)
class Beyond:
    """What is told besides proposals and road map, in reading order, and what is not."""

    parts: tuple[Shown, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    """Parts left out, each with the reason why."""

    def answer(self, kind: type[A]) -> A | None:
        """The first answer of a type, if there is one."""
        return next((p.answer for p in self.parts if isinstance(p.answer, kind)), None)

    def blocks(self, place: Place, case: ResolvedCase) -> Iterator[Block]:
        """What is shown in a place."""
        for part in self.parts:
            if part.place == place:
                yield from part.section(part.answer, case)


@dataclass(frozen=True)
class BriefContent:
    """Everything a brief shows."""

    case: ResolvedCase
    title: str
    about: str
    """What the case is, in plain words; paragraphs are parted by empty lines."""
    plan: Plan | NoPlan
    comparison: Comparison
    walk_out: WalkOut | None = None
    """None where there is no road map."""
    assumptions: tuple[Assumption, ...] = ()
    sources: tuple[Source, ...] = ()
    fact_kinds: tuple[FactKind, ...] = ()
    proposals: Mapping[str, ProposalNote] = field(default_factory=dict)
    abouts: Mapping[str, str] = field(default_factory=dict)
    """For goals and positions what they are, in plain words."""
    drivers: tuple[Driver, ...] = ()
    """Of the planner's road map, strongest first; empty if not computed."""
    units: Mapping[str, str] = field(default_factory=dict)
    """For a party what one unit of its value means, in plain words."""
    date: str = ""
    """Printed on the first page if given; the brief never reads the clock."""
    beyond: Beyond = Beyond()

    def name(self, key: str) -> str:
        """Plain words for an id."""
        return self.case.title(key)

    @property
    def compared(self) -> Compared:
        """The part about proposals."""
        return Compared(self.case, self.comparison, self.proposals)

    def plan_row(self) -> Row | None:
        """The comparison's row for the planner's road map."""
        return next((r for r in self.comparison.rows if r.name == PLAN_ROW), None)

    def proposal_rows(self) -> tuple[Row, ...]:
        """All other rows."""
        return tuple(r for r in self.comparison.rows if r.name != PLAN_ROW)


@dataclass(frozen=True)
class BriefFiles:
    """Where a brief was written."""

    html: Path
    pdf: Path
    summary: str
    """Its first page as plain text, for a terminal."""
    outcome: Literal["plan", "none-exists", "unknown"]
    """As of the plan in it."""
