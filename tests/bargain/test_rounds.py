"""Offers measured: distances by hand, and what must hold of any two offers of random cases."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from detente.audit.grounds import grounds
from detente.bargain.concessions import changes
from detente.bargain.rounds import measured, rounds, sides_of
from detente.bargain.wishes import orders, reversed_orders, windows
from detente.case.load import load_case
from detente.case.resolved import Clause, ResolvedCase
from detente.case.rounds import Record, Round
from detente.errors import InputError
from detente.plan.complete import Completer, Completion
from detente.results.rounds import Change, RoundReport
from tests.bargain.making import random_clause
from tests.depth import examples
from tests.oracle.clauses import clause_holds
from tests.oracle.enumeration import BruteForce
from tests.plan.test_against_brute_force import drawn

TWO = load_case("two-steps").resolved


def offer(name: str, by: str, *texts: str) -> Round:
    """An offer of must clauses; those that begin with ~ are wishes."""
    clauses = tuple(
        Clause(f"{name}/{n}", by, "proposal", name, "want" if t[0] == "~" else "must", t.lstrip("~"), Decimal(1))
        for n, t in enumerate(texts, 1)
    )
    return Round(name, by, "", "", "", (), clauses)


def reports(case: ResolvedCase, *offers: Round) -> tuple[RoundReport, ...]:
    record = Record("test", offers)
    return measured(case, record, sides_of(case, record), lambda text: None)


# ------------------------------------------------------------------ by hand


def test_windows_and_how_far_they_are_apart() -> None:
    mine = windows(TWO, offer("a", "Hills", "water by 1", "power by 0", "never weir").clauses)
    theirs = windows(TWO, offer("b", "Plains", "water not before 3", "weir by 2", "power not before 0").clauses)
    assert [mine[k].apart(theirs[k]) for k in ("water", "weir", "power")] == [2, 2, 0]
    assert [theirs[k].apart(mine[k]) for k in ("water", "weir", "power")] == [2, 2, 0]


def test_orders_that_are_reversed() -> None:
    mine = orders(TWO, offer("a", "Hills", "power before water", "gauge before weir").clauses)
    theirs = orders(TWO, offer("b", "Plains", "water before power").clauses)
    assert reversed_orders(mine, theirs) == [("power", "water", "a/1", "b/1")]
    assert reversed_orders(theirs, mine) == [("water", "power", "b/1", "a/1")]


def test_whom_a_change_favours_follows_from_what_measures_are_worth() -> None:
    before = offer("a", "Hills", "power by 1", "water by 2", "never weir", "weir before power")
    after = offer("b", "Hills", "power by 2", "water by 1", "weir not before 3")
    found = {c.before: (c.kind, c.amount, c.towards) for c in changes(grounds(TWO), before.clauses, after.clauses)}
    assert found == {
        "power by 1": ("moved", 1, "other"),  # it asks for power, and now for less
        "water by 2": ("moved", -1, "other"),  # it gives water, and now more
        "never weir": ("moved", -1, "other"),  # it refuses to take down the weir, and now for less long
        "weir before power": ("dropped", None, "own"),  # it gave the weir before it got power
    }
    back = {c.after: c.towards for c in changes(grounds(TWO), after.clauses, before.clauses)}
    assert back == {"power by 1": "own", "water by 2": "own", "never weir": "own", "weir before power": "other"}


def test_a_must_that_becomes_a_wish() -> None:
    found = changes(grounds(TWO), offer("a", "Hills", "power by 1").clauses, offer("b", "Hills", "~power by 2").clauses)
    assert [(c.kind, c.before, c.after, c.amount, c.towards) for c in found] == [
        ("now a wish", "power by 1", "power by 2", 1, "other")
    ]


def test_talks_that_close_and_then_stall() -> None:
    record = Record(
        "test",
        (
            offer("a1", "Hills", "power by 0", "never weir", "never water"),
            offer("b1", "Plains", "weir by 2", "water by 0", "never power"),
            offer("a2", "Hills", "power by 0", "never weir", "water by 2"),
            offer("b2", "Plains", "weir by 2", "water by 0", "never power"),
        ),
    )
    found = rounds(TWO, record)
    gap = found.rounds[1].gap
    assert gap is not None
    assert gap.together == "contradiction"
    assert gap.conflicts == 6
    assert {m.measure: m.distance for m in gap.measures} == {"weir": 2, "water": 4, "power": 4}
    third, last = found.rounds[2].move, found.rounds[3].move
    assert third is not None
    assert last is not None
    assert third.verdict == "concedes"
    assert third.value["Plains"] > 0
    assert (last.verdict, last.changes) == ("repeats", ())
    assert set(last.value.values()) == {0.0}
    assert found.last_moved is found.rounds[2]
    assert [found.trend(1), found.trend(2)] == ["closes", "stays"]
    assert found.stalled == 1


def test_a_smaller_gap_that_closes_is_no_stalemate() -> None:
    """Plains still misses as much by the offers of Hills; what Hills asks of Plains for itself has come down."""
    named = ("power by 0", "power by 1", "power by 0")
    made = (offer(f"a{n}", "Hills", text) for n, text in enumerate(named))
    found = rounds(TWO, Record("test", (offer("b", "Plains", "weir by 1", "water by 0"), *made)))
    widths = [r.gap.widths for r in found.measured if r.gap is not None]
    assert widths[0][0] == widths[1][0] == widths[2][0]
    assert widths[0][1] > widths[1][1] < widths[2][1]
    assert [found.trend(1), found.trend(2)] == ["closes", "opens"]


def test_an_offer_that_contradicts_itself() -> None:
    first, second = reports(TWO, offer("a", "Hills", "weir by 2", "never weir"), offer("b", "Plains", "weir by 2"))
    assert first.contradiction
    assert not first.readings
    assert second.gap is not None
    assert second.gap.together == "contradiction"
    assert second.gap.widths == []
    assert second.gap.standing["b/1"] == "never"


def test_the_two_sides() -> None:
    case = load_case("dprk-2019").resolved
    record = Record("test", tuple(offer(p, p, "food by 1") for p in ("ROK", "DPRK", "US")))
    assert sides_of(case, record) == ("US", "DPRK")
    assert sides_of(case, record, ("ROK", "US")) == ("ROK", "US")
    for wrong in (("ROK",), ("ROK", "ROK"), ("ROK", "China")):
        with pytest.raises(InputError, match="DET509"):
            sides_of(case, record, wrong)


# ------------------------------------------------------------------ whatever the offers


def random_offer(rng: random.Random, seed: int, name: str, by: str) -> Round:
    raw, _ = drawn(seed)
    texts = [t for t in (random_clause(rng, raw) for _ in range(9)) if not t.startswith("value")]
    return offer(name, by, *texts[: rng.randint(1, 4)])


def mirrored(change: Change) -> tuple[str | None, str | None, float | None, str]:
    """A change as it looks from the other end."""
    towards = {"own": "other", "other": "own", "open": "open"}[change.towards]
    return change.after, change.before, None if change.amount is None else -change.amount, towards


@pytest.mark.parametrize("seed", range(60_000, 60_000 + examples(12)))
def test_conceding_is_the_same_backwards_with_the_sign_turned(seed: int) -> None:
    rng, (_, case) = random.Random(seed), drawn(seed)
    party = next(iter(case.parties))
    one, other = (random_offer(rng, seed, name, party) for name in ("a", "b"))
    _, forth, back, again = reports(case, one, other, replace(one, name="c"), replace(one, name="d"))
    assert forth.move is not None
    assert back.move is not None
    assert again.move is not None
    assert {p: -v for p, v in forth.move.value.items()} == pytest.approx(dict(back.move.value))
    shown = {(c.before, c.after, c.amount, c.towards) for c in back.move.changes}
    assert {mirrored(c) for c in forth.move.changes} == shown
    assert (again.move.verdict, again.move.changes) == ("repeats", ())
    assert all(v == 0 for v in again.move.value.values())


@pytest.mark.parametrize("seed", range(61_000, 61_000 + examples(12)))
def test_between_an_offer_and_itself_there_is_no_gap(seed: int) -> None:
    rng, (_, case) = random.Random(seed), drawn(seed)
    names = list(case.parties)[:2]
    one = random_offer(rng, seed, "a", names[0])
    other = replace(one, name="b", by=names[1], clauses=tuple(replace(c, id=f"b/{c.id}") for c in one.clauses))
    first, second = reports(case, one, other)
    gap = second.gap
    assert gap is not None
    assert not gap.measures
    if first.contradiction:
        assert gap.together == "contradiction"
        return
    assert gap.together == "possible"
    assert gap.conflicts == 0
    assert all(v == pytest.approx(0, abs=1e-9) for v in (*gap.value.values(), *gap.share.values()))


@pytest.mark.parametrize("seed", range(62_000, 62_000 + examples(12)))
def test_the_gap_is_what_trying_all_road_maps_says(seed: int) -> None:
    """Clauses ruled out, whether both can be had, and each side's best value, by enumeration."""
    rng, (raw, case) = random.Random(seed), drawn(seed)
    sides = list(case.parties)[:2]
    one, other = (random_offer(rng, seed, p, p) for p in sides)
    record = Record("test", (one, other))
    _, report = measured(case, record, sides, lambda text: None)
    force, gap = BruteForce(raw), report.gap
    assert gap is not None
    schedules = [force.schedule(s) for s in force.road_maps()]
    allowed = {r.name: [s for s in schedules if all(clause_holds(s, c.text)[0] for c in r.must)] for r in (one, other)}
    for mine, theirs in ((one, other), (other, one)):
        for c in mine.must:
            kept = [clause_holds(s, c.text)[0] for s in allowed[theirs.name]]
            assert gap.standing[c.id] == ("never" if not any(kept) else "always" if all(kept) else "depends")
    both = [s for s in allowed[one.name] if s in allowed[other.name]]
    assert gap.together == ("possible" if both else "contradiction")


def test_what_an_offer_can_give_is_the_best_completion() -> None:
    _, case = drawn(63_000)
    one = random_offer(random.Random(63_000), 63_000, "a", next(iter(case.parties)))
    (report,) = reports(case, one)
    for party, reading in report.readings.items():
        found = Completer(case, one.must).best_for(party)
        assert isinstance(found, Completion)
        assert dict(found.road_map.starts) == dict(reading.starts)
