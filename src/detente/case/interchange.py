"""The resolved case as JSON (``detente/resolved-case/1``, model §11), its checks, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from detente.case import resolved as r
from detente.case.calendar import Calendar
from detente.case.problems import Problems
from detente.case.read import RESOLVED_FORMAT
from detente.case.resolved_check import check_resolved
from detente.case.resolved_schema import ResolvedDocument, ResolvedMeasure, group_weight
from detente.case.tree import Tree, tree_from_python
from detente.case.validate import validated
from detente.errors import Diagnostic

_EXACT = Context(prec=100)


def text_of(x: Decimal) -> str:
    """A decimal string in its shortest form, without exponent."""
    plain = x.normalize(_EXACT)
    return "0" if plain == 0 else format(plain, "f")


def _series(values: r.Series) -> str | list[str]:
    return text_of(values[0]) if all(x == values[0] for x in values) else [text_of(x) for x in values]


def resolved_to_dict(case: r.ResolvedCase) -> dict[str, Any]:
    """A resolved case in the format of model §11; a series that never changes is a single string."""
    return {
        "format": RESOLVED_FORMAT,
        "name": case.name,
        "titles": dict(case.titles),
        "period": case.period,
        "periods": case.periods,
        "start": case.start,
        "discount": text_of(case.discount),
        "no_deal": case.no_deal,
        "parties": {name: _party(p, bool(case.factions_of(name))) for name, p in case.parties.items()},
        "measures": {name: _measure(case, name) for name in case.measures},
        "sticks": [_stick(s) for s in case.sticks],
        "resources": {
            name: {"capacity": _series(x.capacity), "uses": {k: text_of(u) for k, u in x.uses.items()}}
            for name, x in case.resources.items()
        },
        "principals": list(case.principals),
        "groups": {name: _group(g) for name, g in case.groups.items()},
        "clauses": [_clause(c) for c in case.clauses],
        "road_maps": {name: dict(starts) for name, starts in case.road_maps.items()},
        "comparable": case.comparable,
        "pocketing_share": text_of(case.pocketing_share),
        **({"factions": {name: _faction(f) for name, f in case.factions.items()}} if case.factions else {}),
        **({"bodies": {name: _body(b) for name, b in case.bodies.items()}} if case.bodies else {}),
    }


def _party(p: r.Party, divided: bool) -> dict[str, Any]:
    return {
        "discount": text_of(p.discount),
        "reserve": None if p.reserve is None else text_of(p.reserve),
        "response_lag": p.response_lag,
        "status_quo": _series(p.status_quo),
        "exit_cost": text_of(p.exit_cost),
        "grace": p.grace,
        **({"ratify": text_of(p.ratify), "sustain": text_of(p.sustain)} if divided else {}),
    }


def _faction(f: r.Faction) -> dict[str, Any]:
    return {
        "party": f.party,
        "weight": text_of(f.weight),
        "veto": f.veto,
        "discount": text_of(f.discount),
        "reserve": None if f.reserve is None else text_of(f.reserve),
        "status_quo": _series(f.status_quo),
    }


def _body(b: r.Body) -> dict[str, Any]:
    votes = {member: text_of(n) for member, n in b.votes.items()}
    return {"votes": votes, "quota": text_of(b.quota), "vetoes": list(b.vetoes)}


def _measure(case: r.ResolvedCase, k: str) -> dict[str, Any]:
    m = case.measures[k]
    undo, attributes = m.undo, _attributes(case, k)
    return {
        "by": m.by,
        "takes": m.takes,
        "after": [{"measure": a.measure, "wait": a.wait} for a in m.after],
        "undo": None
        if undo is None
        else {"takes": undo.takes, "cost": text_of(undo.cost), "chance": text_of(undo.chance)},
        "withdrawal": m.withdrawal,
        "residual": text_of(m.residual),
        "public": m.public,
        "done": m.done,
        "excludes": list(m.excludes),
        "replaces": None if m.replaces is None else {"measure": m.replaces.measure, "wait": m.replaces.wait},
        "value": {
            party: {"flow": _series(v.flow), "once": text_of(v.once), "during": text_of(v.during)}
            for party, v in m.value.items()
        },
        "detect": {
            "base": text_of(m.detect.base),
            "with": [{"measures": list(a.measures), "detect": text_of(a.detect)} for a in m.detect.with_],
        },
        "members": None if m.members is None else list(m.members),
        **({"attributes": attributes} if attributes else {}),
        **({"consent": list(m.consent)} if m.consent else {}),
    }


def _stick(s: r.Stick) -> dict[str, Any]:
    return {
        "id": s.id,
        "by": s.by,
        "against": s.against,
        "delay": s.delay,
        "lasts": s.lasts,
        "committed": s.committed,
        "value": {party: {"flow": text_of(v.flow), "once": text_of(v.once)} for party, v in s.value.items()},
    }


def _attributes(case: r.ResolvedCase, k: str) -> dict[str, str]:
    """The attributes of a measure by which groups are weighed."""
    return {g.by: text_of(g.weights[k]) for g in case.groups.values() if g.by != "count" and k in g.members}


def _group(g: r.Group) -> dict[str, Any]:
    return {"members": list(g.members), "by": g.by}


def _clause(c: r.Clause) -> dict[str, Any]:
    return {
        "id": c.id,
        "owner": c.owner,
        "kind": c.kind,
        "of": c.of,
        "strength": c.strength,
        "weight": text_of(c.weight),
        "text": c.text,
    }


def resolved_from_dict(data: Mapping[str, Any]) -> r.ResolvedCase:
    """A resolved case from its JSON form; raises :class:`InputError` with every problem found."""
    return resolved_from_tree(tree_from_python(data, "resolved case"))[0]


def resolved_from_tree(tree: Tree, name: str = "") -> tuple[r.ResolvedCase, Calendar, tuple[Diagnostic, ...]]:
    """A resolved case, its calendar and its warnings, from what was written."""
    problems = Problems(tree.where)
    document = validated(ResolvedDocument, tree, problems)
    if document is not None:
        calendar = check_resolved(document, tree, problems)
    problems.raise_errors()
    assert document is not None
    return _case(document, calendar, name), calendar, tuple(problems.warnings)


def _long(values: Decimal | tuple[Decimal, ...], periods: int) -> r.Series:
    return values if isinstance(values, tuple) else (values,) * periods


def _case(d: ResolvedDocument, calendar: Calendar, name: str) -> r.ResolvedCase:
    T = d.periods
    active = {m.by for m in d.measures.values() if m.members is None}
    return r.ResolvedCase(
        period=d.period,
        periods=T,
        start=calendar.start.isoformat(),
        discount=d.discount,
        parties={
            n: r.Party(
                p.discount, _long(p.status_quo, T), p.reserve, p.response_lag, p.exit_cost, p.grace, p.ratify, p.sustain
            )
            for n, p in d.parties.items()
        },
        measures={n: _measure_of(m, T) for n, m in d.measures.items()},
        no_deal=d.no_deal,
        sticks=tuple(
            r.Stick(
                s.id,
                s.by,
                s.against,
                {p: r.StickValue(v.flow, v.once) for p, v in s.value.items()},
                s.delay,
                s.lasts,
                s.committed,
            )
            for s in d.sticks
        ),
        resources={n: r.Resource(_long(x.capacity, T), dict(x.uses)) for n, x in d.resources.items()},
        principals=d.principals if d.principals is not None else tuple(p for p in d.parties if p in active),
        groups={
            n: r.Group(g.members, g.by, {k: group_weight(d.measures[k], g.by) for k in g.members})
            for n, g in d.groups.items()
        },
        clauses=tuple(r.Clause(c.id, c.owner, c.kind, c.of, c.strength, c.text, c.weight) for c in d.clauses),
        road_maps={n: {k: s for k, s in starts.items() if s is not None} for n, starts in d.road_maps.items()},
        comparable=d.comparable,
        pocketing_share=d.pocketing_share,
        factions={
            n: r.Faction(f.party, f.discount, _long(f.status_quo, T), f.weight, f.veto, f.reserve)
            for n, f in d.factions.items()
        },
        bodies={n: r.Body(dict(b.votes), b.quota, b.vetoes) for n, b in d.bodies.items()},
        name=d.name or name,
        titles=dict(d.titles),
    )


def _measure_of(m: ResolvedMeasure, T: int) -> r.Measure:
    return r.Measure(
        by=m.by if m.members is None else None,
        takes=m.takes,
        after=tuple(r.After(a.measure, a.wait) for a in m.after),
        undo=None if m.undo is None else r.Undo(m.undo.takes, m.undo.cost, m.undo.chance),
        withdrawal=m.withdrawal,
        residual=m.residual,
        public=m.public,
        done=m.done,
        excludes=m.excludes,
        replaces=None if m.replaces is None else r.After(m.replaces.measure, m.replaces.wait),
        value={p: r.Value(_long(v.flow, T), v.once, v.during) for p, v in m.value.items()},
        detect=r.Detect(m.detect.base, tuple(r.Access(a.measures, a.detect) for a in m.detect.with_)),
        members=m.members,
        consent=m.consent,
    )


def case_hash(case: r.ResolvedCase) -> str:
    """SHA-256 of the canonical JSON of a resolved case without name and titles; order of keys does not matter."""
    data = resolved_to_dict(case)
    del data["name"], data["titles"]
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
