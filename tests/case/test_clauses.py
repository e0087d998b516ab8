"""Clauses: their forms, their messages, and their meaning against the independent checker."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from detente.case.calendar import Calendar
from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Names,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    ValueAtLeast,
    evaluate,
    names_of,
    read_clause,
    term_of,
)
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.problems import Problem
from tests.oracle.oracle import clause_holds
from tests.oracle.random_cases import random_case, random_road_map

NAMES = Names(
    ["declare", "freeze", "lift-1", "lift-2", "never", "all"],
    ["g", "h", "lift"],
    ["US"],
    Calendar("quarter", date(2019, 4, 1), 8),
    first={"lift": "lift-1"},
    last={"lift": "lift-2"},
)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("declare by 4", ByTime("declare", 4)),
        ("declare by 2020", ByTime("declare", 6)),
        ("declare by 2020-Q1", ByTime("declare", 3)),
        ("declare not before 2020", NotBefore("declare", 3)),
        ("declare  before freeze", Before("declare", "freeze", 1)),
        ("declare before freeze by 6 months", Before("declare", "freeze", 2)),
        ("Never declare", Never("declare")),
        ("never by 3", ByTime("never", 3)),
        ("all before declare", Before("all", "declare", 1)),
        ("share of g at least 50% by 2020-12-31", ShareAtLeast("g", Decimal("0.5"), 6)),
        ("share of g at most 0.25 by 7", ShareAtMost("g", Decimal("0.25"), 7)),
        ("value of US at least -1.5", ValueAtLeast("US", Decimal("-1.5"))),
        ("all of g before any of h", AllBeforeAny("g", "h")),
        ("lift by 3", ByTime("lift-2", 3)),
        ("lift before declare", Before("lift-2", "declare", 1)),
        ("declare before lift", Before("declare", "lift-1", 1)),
        ("never lift", Never("lift-1")),
    ],
)
def test_every_form(text: str, term: Term) -> None:
    assert read_clause(text, NAMES).term == term


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "DET301", 1),
        ("declare", "DET301", 8),
        ("declare until 3", "DET301", 9),
        ("declare by", "DET301", 11),
        ("declare by soon", "DET301", 12),
        ("declare by 3 or so", "DET301", 14),
        ("declare not after 3", "DET301", 13),
        ("delcare by 3", "DET302", 1),
        ("declare before fereze", "DET302", 16),
        ("never nothing", "DET302", 7),
        ("share of x at least 0.5 by 3", "DET302", 10),
        ("share of g at least half by 3", "DET301", 21),
        ("share of g at least 2 by 3", "DET304", 21),
        ("share of g at least 0.5", "DET301", 24),
        ("value of USA at least 3", "DET302", 10),
        ("value of US at least 1 [0, 2]", "DET301", 24),
        ("declare by 8", "DET303", 12),
        ("declare by 2018", "DET303", 12),
    ],
)
def test_what_cannot_be_read_says_at_which_column(text: str, code: str, column: int) -> None:
    with pytest.raises(Problem) as caught:
        read_clause(text, NAMES)
    assert (caught.value.code, caught.value.column) == (code, column)


def test_tranches_are_spelled_out_in_the_text() -> None:
    assert read_clause("declare  before lift by 2", NAMES).text == "declare before lift-1 by 2"


def _texts(case: dict[str, Any], rng: random.Random) -> list[str]:
    last = case["periods"] - 1
    measures, groups = list(case["measures"]), list(case["groups"])

    def x() -> str:
        return rng.choice(measures)

    def t() -> int:
        return rng.randint(0, last)

    texts = [
        f"{x()} by {t()}",
        f"{x()} not before {t()}",
        f"{x()} before {x()}",
        f"{x()} before {x()} by {rng.randint(0, 3)}",
        f"never {x()}",
    ]
    if groups:
        g, h = rng.choice(groups), rng.choice(groups)
        p = rng.choice(["0", "0.25", "0.5", "0.75", "1"])
        texts += [f"share of {g} at least {p} by {t()}", f"share of {g} at most {p} by {t()}"]
        texts += [f"all of {g} before any of {h}"]
    return texts


@pytest.mark.parametrize("seed", range(400))
def test_meaning_agrees_with_the_independent_checker(seed: int) -> None:
    rng = random.Random(seed)
    raw = random_case(rng)
    for stick in raw["sticks"]:
        for value in stick["value"].values():
            value["flow"] = value["flow"][0] if isinstance(value["flow"], list) else value["flow"]
    singles = [k for k, m in raw["measures"].items() if m["members"] is None]
    raw["groups"]["some"] = {"members": rng.sample(singles, rng.randint(1, len(singles))), "by": "count"}
    raw["groups"]["more"] = {"members": rng.sample(list(raw["measures"]), 1), "by": "count"}
    case, road_map = resolved_from_dict(raw), random_road_map(rng, raw)
    starts = {k: s for k, s in road_map["starts"].items() if s is not None and s < case.periods}
    for text in _texts(raw, rng):
        term = read_clause(text, names_of(case)).term
        holds, distance = evaluate(term, case, starts)
        kept, miss = clause_holds(raw, {**road_map, "starts": starts}, text)
        if isinstance(term, Never) and not kept:
            miss = max(miss, Fraction(1))  # work that ends after the last period still breaks it, by one period
        assert (holds, distance) == (kept, miss), (text, starts)


def test_a_value_clause_asks_for_the_value() -> None:
    case = resolved_from_dict(random_case(random.Random(3)))
    party = next(iter(case.parties))
    term = ValueAtLeast(party, Decimal("1.5"))
    assert evaluate(term, case, {}, lambda _: Fraction(1)) == (False, Fraction(1, 2))
    assert evaluate(term, case, {}, lambda _: Decimal(2)) == (True, Fraction(0))
    with pytest.raises(ValueError, match="continuation values"):
        evaluate(term, case, {})


def test_the_clauses_of_a_resolved_case_still_read() -> None:
    case = load_case("dprk-2019").resolved
    assert all(term_of(c, case) for c in case.clauses)
