"""Conflicts and corrections against trying every road map: minimal, smallest, all of them; limits are told as such."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from detente.audit.grounds import grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.conditions import conditions
from detente.plan.conflict import Corrections, corrections, least, minimal
from detente.plan.held import _stays_exactly, held
from detente.plan.hitting import smallest
from detente.plan.inquiry import Inquiry, Names
from detente.plan.stage import Budget
from tests.bargain.making import clause, random_clause
from tests.depth import examples
from tests.making import Raw
from tests.oracle.enumeration import BruteForce
from tests.oracle.random_cases import random_case, random_road_map

MOST_CONDITIONS = 11


def check_stays(seed: int) -> None:
    """Who stays on a road map is the same by floats where they can tell as in rationals throughout."""
    rng = random.Random(seed)
    raw = random_case(rng, parties=(2, 3), measures=(2, 4), periods=(3, 5))
    own = resolved_from_dict(raw)
    road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
    asked = [c for c in conditions(own) if c.kind == "stays"]
    margins = Margins(grounds(own), road_map)
    exactly = {c.name for c in asked if _stays_exactly(margins, str(c.party), 0.001)}
    assert held(grounds(own), road_map, 0.001, asked) == (exactly if not structural(own, road_map) else set()), seed


@pytest.mark.parametrize("batch", range(examples(2)))
def test_who_stays_by_floats_and_exactly(batch: int) -> None:
    for seed in range(62_000 + 40 * batch, 62_000 + 40 * batch + 40):
        check_stays(seed)


def drawn(seed: int) -> tuple[Raw, ResolvedCase]:
    """A small random case with an offer of a few clauses, which often contradict each other or somebody's interest."""
    rng = random.Random(seed)
    raw = random_case(rng, parties=(2, 2), measures=(2, 4), periods=(3, 4))
    raw["clauses"] = [clause(f"c{n}", random_clause(rng, raw)) for n in range(rng.randrange(2, 6))]
    return raw, resolved_from_dict(raw)


class Tried:
    """Which conditions each road map satisfies, by trying all; and what follows for conflicts and corrections."""

    def __init__(self, raw: Raw, names: Names) -> None:
        self.names = names
        alone = {n: BruteForce(raw, keep=frozenset({"offer"}), waived=names - {n}) for n in names}
        every = list(next(iter(alone.values())).road_maps())
        self.satisfied = {frozenset(n for n, force in alone.items() if force.certified(s)) for s in every}

    def possible(self, some: Names) -> bool:
        """Whether a road map satisfies all of these."""
        return any(some <= s for s in self.satisfied)

    def corrections(self) -> set[Names]:
        """Minimal sets without which there is a road map."""
        missed = {self.names - s for s in self.satisfied}
        return {m for m in missed if not any(other < m for other in missed)}

    def smallest_conflict(self) -> int:
        """How many conditions the smallest conflict has."""
        sizes = range(len(self.names) + 1)
        return next(k for k in sizes if any(not self.possible(frozenset(s)) for s in combinations(self.names, k)))


def check(seed: int) -> bool:
    """Whether the case had a conflict; all that is said of it is checked."""
    raw, case = drawn(seed)
    inquiry, budget = Inquiry(case, ("offer",)), Budget()
    if len(inquiry.every) > MOST_CONDITIONS:
        return False
    tried = Tried(raw, inquiry.every)
    assert all(tried.possible(s) for s in inquiry.held.values())
    outcome = inquiry.ask(inquiry.every, budget).outcome
    assert outcome == ("plan" if tried.possible(inquiry.every) else "none")
    if outcome == "plan":
        return False
    clash = minimal(inquiry, inquiry.every, budget)
    assert not tried.possible(clash.members)
    assert clash.minimal
    assert all(tried.possible(clash.members - {one}) for one in clash.members)
    relaxed = corrections(inquiry, budget)
    assert relaxed.every
    assert all(one.road_map is not None for one in relaxed.found)
    assert {one.waived for one in relaxed.found} == tried.corrections()
    assert [one.at_least for one in relaxed.found] == sorted(len(one.waived) for one in relaxed.found)
    clash = least(inquiry, clash, budget)
    assert not tried.possible(clash.members)
    assert clash.minimal
    assert len(clash.members) == clash.at_least == tried.smallest_conflict()
    return True


@pytest.mark.parametrize("batch", range(examples(4)))
def test_conflicts_and_corrections_agree_with_trying_all(batch: int) -> None:
    conflicts = 0
    for seed in range(70_000 + 12 * batch, 70_000 + 12 * batch + 12):
        try:
            conflicts += check(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    assert conflicts


def test_what_a_limit_cuts_is_not_known() -> None:
    """With no work allowed nothing is proved: no question gets the answer no, no correction is called enough."""
    seen = 0
    for seed in range(70_000, 70_025):
        raw, case = drawn(seed)
        inquiry = Inquiry(case, ("offer",))
        if len(inquiry.every) > MOST_CONDITIONS or Tried(raw, inquiry.every).possible(inquiry.every):
            continue
        seen += 1
        assert inquiry.ask(inquiry.every, Budget(work=0)).outcome == "unknown"
        assert not inquiry.clashes
        assert inquiry.ask(inquiry.every, Budget()).outcome == "none"
        clash = minimal(inquiry, inquiry.every, Budget(work=0))
        assert clash.members == inquiry.every
        assert all(inquiry.held[road_map] >= clash.members - {one} for one, road_map in clash.without.items())
        assert least(inquiry, clash, Budget(work=0)).at_least <= len(inquiry.every)
        assert corrections(inquiry, Budget(work=0)) == Corrections((), False)
    assert seen > 2


@pytest.mark.parametrize("seed", range(examples(60)))
def test_the_smallest_hitting_set(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"n{k}" for k in range(rng.randrange(1, 9))]
    sets = [frozenset(rng.sample(names, rng.randrange(1, len(names) + 1))) for _ in range(rng.randrange(6))]
    banned = [frozenset(rng.sample(names, rng.randrange(1, len(names) + 1))) for _ in range(rng.randrange(3))]
    fits = [
        s
        for k in range(len(names) + 1)
        for s in map(frozenset, combinations(names, k))
        if all(s & x for x in sets) and not any(b <= s for b in banned)
    ]
    hit = smallest(sets, names, banned)
    assert hit.proved
    if not fits:
        assert hit.names is None
    else:
        assert hit.names in fits
        assert len(hit.names) == len(fits[0])


@pytest.mark.parametrize("seed", [71488])
def test_cases_that_were_once_wrong(seed: int) -> None:
    """A party without a measure whose stated reservation value is larger than all that the case has for it."""
    assert check(seed)
