"""A raw resolved case (plain dicts, as the oracle takes it) as the program's own type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from detente.case.resolved import (
    Access,
    After,
    Clause,
    Detect,
    Group,
    Measure,
    Party,
    ResolvedCase,
    Resource,
    Stick,
    StickValue,
    Undo,
    Value,
)

Raw = dict[str, Any]


def resolved(raw: Raw) -> ResolvedCase:
    """The same case, number by number."""
    T = raw["periods"]
    return ResolvedCase(
        period=raw["period"],
        periods=T,
        start=raw["start"],
        discount=Decimal(raw["discount"]),
        no_deal=raw["no_deal"],
        parties={name: _party(one, T) for name, one in raw["parties"].items()},
        measures={name: _measure(one, T) for name, one in raw["measures"].items()},
        sticks=tuple(_stick(one) for one in raw["sticks"]),
        resources={
            name: Resource(_series(r["capacity"], T), {k: Decimal(u) for k, u in r["uses"].items()})
            for name, r in raw["resources"].items()
        },
        principals=tuple(raw["principals"]),
        groups={name: _group(one) for name, one in raw["groups"].items()},
        clauses=tuple(_clause(one) for one in raw["clauses"]),
        comparable=raw["comparable"],
        pocketing_share=Decimal(raw["pocketing_share"]),
    )


def _series(x: Any, T: int) -> tuple[Decimal, ...]:
    if isinstance(x, list):
        given = tuple(Decimal(y) for y in x)
        return (given + given[-1:] * T)[:T]
    return (Decimal(x),) * T


def _party(p: Raw, T: int) -> Party:
    return Party(
        discount=Decimal(p["discount"]),
        status_quo=_series(p["status_quo"], T),
        reserve=None if p["reserve"] is None else Decimal(p["reserve"]),
        response_lag=p["response_lag"],
        exit_cost=Decimal(p["exit_cost"]),
        grace=p["grace"],
    )


def _measure(m: Raw, T: int) -> Measure:
    undo, replaces, detect = m["undo"], m["replaces"], m["detect"]
    return Measure(
        by=None if m["members"] else m["by"],
        takes=m["takes"],
        after=tuple(After(a["measure"], a["wait"]) for a in m["after"]),
        undo=Undo(undo["takes"], Decimal(undo["cost"]), Decimal(undo["chance"])) if undo else None,
        withdrawal=m["withdrawal"],
        residual=Decimal(m["residual"]),
        public=m["public"],
        done=m["done"],
        excludes=tuple(m["excludes"]),
        replaces=After(replaces["measure"], replaces["wait"]) if replaces else None,
        value={
            p: Value(_series(v["flow"], T), Decimal(v["once"]), Decimal(v["during"])) for p, v in m["value"].items()
        },
        detect=Detect(
            Decimal(detect["base"]), tuple(Access(tuple(a["measures"]), Decimal(a["detect"])) for a in detect["with"])
        ),
        members=tuple(m["members"]) if m["members"] else None,
    )


def _stick(s: Raw) -> Stick:
    value = {p: StickValue(Decimal(v["flow"]), Decimal(v["once"])) for p, v in s["value"].items()}
    return Stick(s["id"], s["by"], s["against"], value, s["delay"], s["lasts"], s["committed"])


def _group(g: Raw) -> Group:
    return Group(tuple(g["members"]), g["by"], {k: Decimal(1) for k in g["members"]})


def _clause(c: Raw) -> Clause:
    return Clause(c["id"], c["owner"], c["kind"], c["of"], c["strength"], c["text"], Decimal(c["weight"]))
