"""From a document to the resolved case: weights x facts plus corrections, tranches, hazards, times in periods.

Every number is computed in 60 digits and rounded once. ``pick`` chooses a value of every number with a range: the
central one to resolve, a drawn one to make a possible world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import cast

import numpy as np

from detente.case import resolved as r
from detente.case.calendar import Calendar, Rounding
from detente.case.clauses import Names, read_clause
from detente.case.context import clauses_of
from detente.case.expand import Link, Piece, Pieces, expand
from detente.case.figures import Amount, Figure, Series, Span, Steps
from detente.case.quantities import Duration, Number, rounded
from detente.case.schema import Document, Group, Stick, StickValue
from detente.case.schema_measures import Value, Worth
from detente.case.schema_uncertain import Hidden
from detente.case.titles import titles_of

Pick = Callable[[Number | Duration], Decimal]
_EXACT = Context(prec=60)
ZERO, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)


def central(x: Number | Duration) -> Decimal:
    """The central value of a number."""
    return x.central


@dataclass(frozen=True)
class _Sums:
    """Flow (one a period, or one for all), once and during of one party, not rounded."""

    flow: tuple[Decimal, ...]
    once: Decimal
    during: Decimal


_NOTHING = _Sums((ZERO,), ZERO, ZERO)


class Resolver:
    """Resolves one document, as often as wanted, each time with another choice of its uncertain numbers."""

    def __init__(self, document: Document, calendar: Calendar, name: str = "", hidden: tuple[Hidden, ...] = ()) -> None:
        self.document, self.calendar, self.name, self.hidden = document, calendar, name, hidden
        self.pieces = expand(document)
        self.T = calendar.periods
        self.factions = {name: (p, f) for p, party in document.parties.items() for name, f in party.factions.items()}
        self.clauses = self._clauses()
        self.road_maps = self._road_maps()
        self.titles = titles_of(document, self.pieces)
        self.excludes = {name: p.excludes for name, p in self.pieces.by_id.items()}

    def resolve(self, pick: Pick = central) -> r.ResolvedCase:
        """The resolved case at the values that ``pick`` chooses."""
        with localcontext(_EXACT):
            return self._resolve(pick)

    def _resolve(self, pick: Pick) -> r.ResolvedCase:
        doc = self.document
        common = self._common(pick)
        parties = {name: self._party(name, common, pick) for name in doc.parties}
        measures = {name: self._measure(p, pick) for name, p in self.pieces.by_id.items()}
        share = doc.pocketing_share
        if common is None:
            common = next(iter(parties.values())).discount
        return r.ResolvedCase(
            period=doc.period,
            periods=self.T,
            start=self.calendar.start.isoformat(),
            discount=rounded(common),
            parties=parties,
            measures=measures,
            factions={name: self._faction(name, parties, common, pick) for name in self.factions},
            bodies=self._bodies(pick),
            no_deal=doc.no_deal,
            sticks=tuple(self._stick(s, pick) for s in doc.sticks),
            resources=self._resources(pick),
            principals=self._principals(),
            groups=self._groups(pick),
            clauses=self.clauses,
            road_maps=self.road_maps,
            comparable=doc.comparable,
            pocketing_share=rounded(share.value.central) if share else Decimal("0.1"),
            name=self.name,
            titles=self.titles,
        )

    def _rate(self, figure: Figure | None, pick: Pick, default: Decimal = ZERO) -> Decimal:
        """A figure's value a period, not rounded."""
        if figure is None:
            return default
        number: Number = figure.value  # type: ignore[attr-defined]
        return number.per_period(pick(number), self.calendar)

    def _time(self, span: Span | None, pick: Pick, default: int = 0, rounding: Rounding = "up") -> int:
        return default if span is None else span.value.periods(pick(span.value), self.calendar, rounding)

    def _common(self, pick: Pick) -> Decimal | None:
        return None if self.document.discount is None else self._rate(self.document.discount, pick)

    def _party(self, name: str, common: Decimal | None, pick: Pick) -> r.Party:
        p = self.document.parties[name]
        if p.discount is not None:
            discount = self._rate(p.discount, pick)
        else:
            assert common is not None
            discount = common * (ONE - self._rate(p.hazard, pick))
        quo = self._steps(p.status_quo, pick)
        return r.Party(
            discount=rounded(discount),
            status_quo=self._series(quo),
            reserve=None if p.reserve is None else rounded(self._rate(p.reserve, pick)),
            response_lag=_at_least_1(self._time(p.lag, pick, 1)),
            exit_cost=rounded(self._rate(p.exit_cost, pick)),
            grace=self._time(p.grace, pick),
            ratify=rounded(self._rate(p.ratify, pick, HALF)),
            sustain=rounded(self._rate(p.sustain, pick, HALF)),
        )

    def _faction(self, name: str, parties: Mapping[str, r.Party], common: Decimal | None, pick: Pick) -> r.Faction:
        party, f = self.factions[name]
        discount = parties[party].discount
        if f.discount is not None:
            discount = rounded(self._rate(f.discount, pick))
        elif f.hazard is not None and common is not None:
            discount = rounded(common * (ONE - self._rate(f.hazard, pick)))
        return r.Faction(
            party=party,
            discount=discount,
            status_quo=parties[party].status_quo
            if f.status_quo is None
            else self._series(self._steps(f.status_quo, pick)),
            weight=rounded(self._rate(f.weight, pick, ONE)),
            veto=f.veto,
            reserve=None if f.reserve is None else rounded(self._rate(f.reserve, pick)),
        )

    def _bodies(self, pick: Pick) -> dict[str, r.Body]:
        return {
            name: r.Body(
                {p: rounded(self._rate(v, pick)) for p, v in body.votes.items()},
                rounded(self._rate(body.quota, pick)),
                body.vetoes,
            )
            for name, body in self.document.bodies.items()
        }

    def _steps(self, figure: Series | None, pick: Pick) -> tuple[Decimal, ...]:
        """A series, one number if it never changes, else T numbers; not rounded."""
        if figure is None:
            return (ZERO,)
        steps: Steps = figure.value
        values = [x.per_period(pick(x), self.calendar) for _, x in steps.entries]
        if len(values) == 1:
            return (values[0],)
        result: list[Decimal] = []
        for n, (when, _) in enumerate(steps.entries):
            start = n if when is None else max(self.calendar.period_of(when), 0)
            result.extend([values[max(n - 1, 0)]] * (start - len(result)))
        return tuple(result + [values[-1]] * (self.T - len(result)))

    def _series(self, values: tuple[Decimal, ...]) -> r.Series:
        return (rounded(values[0]),) * self.T if len(values) == 1 else tuple(rounded(x) for x in values)

    def _worth(self, part: Worth | Stick, pick: Pick) -> dict[str, _Sums]:
        """Weights x facts of every party and faction, with the corrections under ``value``."""
        facts = {
            a: self._steps(f, pick) if isinstance(f, Series) else (self._rate(f, pick),) for a, f in part.facts.items()
        }
        once = {a: self._rate(f, pick) for a, f in part.facts_once.items()}
        during = {a: self._rate(f, pick) for a, f in getattr(part, "facts_during", {}).items()}
        result = {}
        for name, extra, written in self._minds(part):
            weights = {a: self._rate(w, pick) for a, w in written.items()}
            flow: tuple[Decimal, ...] = (ZERO,)
            for a, values in facts.items():
                if a in weights:
                    flow = _plus(flow, _times(values, weights[a]))
            sums = _Sums(
                flow,
                _dot(once, weights),
                _dot(during, weights),
            )
            if extra is not None:
                sums = _Sums(
                    _plus(
                        sums.flow,
                        self._steps(getattr(extra, "flow", None), pick)
                        if isinstance(extra, Value)
                        else (self._rate(extra.flow, pick),),
                    ),
                    sums.once + self._rate(extra.once, pick),
                    sums.during + (self._rate(extra.during, pick) if isinstance(extra, Value) else ZERO),
                )
            if extra is not None or any(sums.flow) or sums.once or sums.during:
                result[name] = sums
        return result

    def _minds(self, part: Worth | Stick) -> Iterator[tuple[str, Value | StickValue | None, Mapping[str, Amount]]]:
        """Each party and faction with its correction and its weights; where a faction is silent its party's."""
        for name, party in self.document.parties.items():
            yield name, part.value.get(name), party.weights
            for faction, f in party.factions.items():
                yield faction, part.value.get(faction, part.value.get(name)), {**party.weights, **f.weights}

    def _value(self, piece: Piece, pick: Pick) -> dict[str, r.Value]:
        factor = ONE
        if piece.share is not None:
            factor = pick(piece.share) * (pick(piece.worth) if piece.worth is not None else ONE)
        worth, kept = self._worth(piece.written, pick), self._kept(piece, pick)
        values = {}
        for party in dict.fromkeys((*worth, *kept)):
            sums = worth.get(party, _NOTHING)
            values[party] = r.Value(
                flow=self._series(_plus(_times(sums.flow, factor), (kept.get(party, ZERO),))),
                once=rounded(sums.once * factor),
                during=rounded(sums.during * factor),
            )
        return values

    def _kept(self, piece: Piece, pick: Pick) -> dict[str, Decimal]:
        """What its owner, and the owner's factions, gain a period while things left out of a measure are hidden."""
        result: dict[str, Decimal] = {}
        for thing in self.hidden:
            if self.pieces.last(thing.left_out_of) != piece.id:
                continue
            for party in self.document.parties:
                for mind in (party, *self.document.parties[party].factions):
                    if (amount := thing.worth.get(mind, thing.worth.get(party))) is not None:
                        result[mind] = result.get(mind, ZERO) + self._rate(amount, pick)
        return result

    def _measure(self, piece: Piece, pick: Pick) -> r.Measure:
        m = piece.measure
        value = self._value(piece, pick)
        if m is None:
            return r.Measure(by=None, value=value, members=piece.members)
        undo = None
        if m.undo is not None:
            share = pick(piece.share) if piece.share is not None else ONE
            undo = r.Undo(
                self._time(m.undo.takes, pick, 0, "nearest"),
                rounded(self._rate(m.undo.cost, pick) * share),
                rounded(self._rate(m.undo.chance, pick, ONE)),
            )
        return r.Measure(
            by=m.by,
            takes=self._time(piece.takes, pick),
            after=tuple(self._link(x, pick) for x in piece.after),
            undo=undo,
            withdrawal=m.withdrawal,
            residual=rounded(self._rate(m.residual, pick)),
            public=m.public,
            done=m.done,
            excludes=piece.excludes,
            replaces=self._link(piece.replaces, pick) if piece.replaces else None,
            value=value,
            detect=self._detect(piece, pick),
            consent=tuple(dict.fromkeys(m.consent)),
        )

    def _link(self, link: Link, pick: Pick) -> r.After:
        return r.After(link.measure, self._time(link.wait, pick, 1))

    def _detect(self, piece: Piece, pick: Pick) -> r.Detect:
        detect = piece.measure.detect if piece.measure else None
        if detect is None:
            return r.Detect()
        with_ = tuple(
            r.Access(tuple(self.pieces.last(x) for x in a.measures), rounded(self._rate(a.detect, pick)))
            for a in detect.with_
        )
        return r.Detect(rounded(self._rate(detect.base, pick)), with_)

    def _stick(self, s: Stick, pick: Pick) -> r.Stick:
        value = {
            party: r.StickValue(rounded(sums.flow[0]), rounded(sums.once))
            for party, sums in self._worth(s, pick).items()
        }
        lasts = None if s.lasts is None else self._time(s.lasts, pick, 0, "nearest")
        return r.Stick(s.id, s.by, s.against, value, self._time(s.delay, pick), lasts, s.committed)

    def _resources(self, pick: Pick) -> dict[str, r.Resource]:
        result = {}
        for name, resource in self.document.resources.items():
            uses = {
                p.id: rounded(self._rate(p.measure.uses[name], pick))
                for p in self.pieces.by_id.values()
                if p.measure is not None and name in p.measure.uses
            }
            result[name] = r.Resource(self._series(self._steps(resource.capacity, pick)), uses)
        return result

    def _principals(self) -> tuple[str, ...]:
        parties = self.document.parties
        if any(p.role for p in parties.values()):
            return tuple(n for n, p in parties.items() if p.role == "principal")
        active = {m.by for m in self.document.measures.values()}
        return tuple(n for n in parties if n in active)

    def _groups(self, pick: Pick) -> dict[str, r.Group]:
        result = {}
        for name, group in self.document.groups.items():
            members = self.pieces.all(group.members)
            weights = {x: self._group_weight(x, group, pick) for x in members}
            result[name] = r.Group(members, group.by, weights)
        for name, tranches in self.pieces.tranches.items():
            weights = {x: rounded(pick(s)) for x in tranches if (s := self.pieces.by_id[x].share) is not None}
            result[name] = r.Group(tranches, "tranches", weights)
        return result

    def _group_weight(self, name: str, group: Group, pick: Pick) -> Decimal:
        if group.by == "count":
            return ONE
        piece = self.pieces.by_id[name]
        written = piece.written
        share = pick(piece.share) if piece.share is not None else ONE
        if group.by in written.facts:
            fact = self._steps(written.facts[group.by], pick)[-1]
        else:
            fact = self._rate(written.facts_once.get(group.by), pick)
        return rounded(fact * share)

    def _clauses(self) -> tuple[r.Clause, ...]:
        names = resolver_names(self.document, self.pieces, self.calendar)
        result = []
        for kind, of, owner, c, _ in clauses_of(self.document):
            strength: r.Strength = "must" if c.must is not None else "want"
            text = read_clause(c.text, names).text
            weight = rounded(c.weight.value.central) if c.weight is not None else ONE
            result.append(r.Clause(c.id, owner, kind, of, strength, text, weight))  # type: ignore[arg-type]
        return tuple(result)

    def _road_maps(self) -> Mapping[str, Mapping[str, int]]:
        doc = self.document
        maps = {name: entry.starts for name, entry in doc.road_maps.items()}
        maps |= {name: p.road_map for name, p in doc.proposals.items() if p.road_map is not None}
        return {
            name: {k: self.calendar.period_of(when) for k, when in starts.items() if when is not None}
            for name, starts in maps.items()
        }


def resolver_names(document: Document, pieces: Pieces, calendar: Calendar) -> Names:
    """What clauses of a correct document may speak of."""
    return Names(
        list(pieces.by_id),
        [*document.groups, *pieces.tranches],
        list(document.parties),
        calendar,
        first={n: t[0] for n, t in pieces.tranches.items()},
        last={n: t[-1] for n, t in pieces.tranches.items()},
    )


def stick_worth(document: Document, stick: Stick, calendar: Calendar, pick: Pick) -> dict[str, r.StickValue]:
    """What a stick in use is worth to each party."""
    resolver = Resolver.__new__(Resolver)
    resolver.document, resolver.calendar, resolver.T = document, calendar, calendar.periods
    return {p: r.StickValue(s.flow[0], s.once) for p, s in resolver._worth(stick, pick).items()}


def _at_least_1(x: int) -> int:
    """At least 1; of a time by world in each."""
    return cast(int, np.maximum(x, 1)) if isinstance(x, np.ndarray) else max(x, 1)


def _dot(facts: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    return sum((x * weights[a] for a, x in facts.items() if a in weights), ZERO)


def _times(values: tuple[Decimal, ...], factor: Decimal) -> tuple[Decimal, ...]:
    return tuple(x * factor for x in values)


def _plus(a: tuple[Decimal, ...], b: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if len(a) == 1 and len(b) > 1:
        a = a * len(b)
    elif len(b) == 1 and len(a) > 1:
        b = b * len(a)
    return tuple(x + y for x, y in zip(a, b, strict=True))
