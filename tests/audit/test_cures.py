"""Cures are judged again before they are offered: what is said to cure does, and a little less does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from detente.audit.cures import trial
from detente.audit.judge import audit
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.results.audit import Audit, Cure
from tests.audit.test_against_oracle import draw
from tests.audit.test_findings import swap
from tests.making import Raw, measure


def cure_of(raw: Raw, **starts: int) -> Cure | None:
    """The cure of the only tempted party."""
    answer = audit(resolved_from_dict(raw), RoadMap(starts))
    return answer.finding("tempted")[0].cure


def tempted(raw: Raw, party: str, starts: dict[str, Any]) -> bool:
    """Whether a party is tempted anywhere."""
    answer: Audit = audit(resolved_from_dict(raw), RoadMap(starts), cures=False)
    return any(f.party == party for f in answer.finding("tempted"))


def test_an_exit_cost_is_solved_for() -> None:
    raw = swap(lag_of_b=2)
    cure = cure_of(raw, give=0, back=0)
    assert cure is not None
    assert (cure.kind, cure.amount) == ("exit-cost", 0.5)
    # harm for ever from two periods on is worth v·(1/4)/(1/2) = v/2
    assert "or commit B to a stick that costs A at least 1 a period for good" in cure.message


def test_a_date_is_moved_before_anything_else() -> None:
    # A gives for two periods before it gets anything: -2 + 3/2, so it would rather not begin
    cure = cure_of(swap(), give=0, back=2)
    assert cure is not None
    assert (cure.kind, cure.measure, cure.amount) == ("earlier", "back", 1.0)
    assert cure.message.startswith('start "back" in 2019-Q3 instead of 2019-Q4 (or give A an exit cost')


def test_an_access_measure_comes_first() -> None:
    raw = swap()
    raw["measures"]["look"] = measure("B", {"B": "-0.1"})
    detect = {"base": "0", "with": [{"measures": ["look"], "detect": "0.9"}]}
    raw["measures"]["give"] |= {"public": False, "detect": detect}
    cure = cure_of(raw, give=0, back=0)
    assert cure is not None
    assert (cure.kind, cure.measure) == ("access-first", "look")
    late = cure_of(raw, give=0, back=0, look=2)
    assert late is not None
    assert (late.kind, late.measure) == ("access-first", "look")


def test_relief_that_ends_by_itself() -> None:
    raw = swap()
    raw["measures"]["back"] |= {"withdrawal": "never"}
    cure = cure_of(raw, give=0, back=0)
    assert cure is not None
    assert (cure.kind, cure.measure) == ("automatic", "back")


def test_no_cure_is_offered_where_none_works() -> None:
    raw = swap()
    raw["measures"]["give"] |= {"public": False}
    assert cure_of(raw, give=0, back=0) is None


@pytest.mark.parametrize("seed", range(60))
def test_amounts_are_enough_and_little_less_is_not(seed: int) -> None:
    raw, road_map = draw(seed, measures=(2, 4), periods=(3, 5))
    starts = {k: v for k, v in road_map["starts"].items() if v is not None}
    answer = audit(resolved_from_dict(raw), RoadMap(starts))
    for finding in answer.finding("tempted"):
        if finding.cure is None or finding.cure.kind != "exit-cost":
            continue
        before, v = Decimal(raw["parties"][finding.party]["exit_cost"]), Decimal(str(finding.cure.amount))
        raw["parties"][finding.party]["exit_cost"] = str(before + v)
        assert not tempted(raw, finding.party, starts)
        raw["parties"][finding.party]["exit_cost"] = str(before + v * Decimal("0.98"))
        assert tempted(raw, finding.party, starts)
        raw["parties"][finding.party]["exit_cost"] = str(before)


def test_the_search_is_bounded_and_says_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    case, heard = resolved_from_dict(swap(lag_of_b=2)), []
    judged = audit(case, RoadMap({"give": 0, "back": 0}), tell=heard.append)
    assert judged.finding("tempted")[0].cure is not None
    assert any(text.startswith("seeking a cure for A: an exit cost") for text in heard)
    monkeypatch.setattr(trial, "MOST_SEARCHES", 0)
    judged = audit(case, RoadMap({"give": 0, "back": 0}))
    assert judged.finding("tempted")[0].cure is None


def test_what_is_known_to_tempt_is_tried_before_any_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every party gains by cheating whatever the dates: each change fails at a breach known from the first search."""
    raw = swap()
    for name in ("give", "back"):
        raw["measures"][name] |= {"public": False, "undo": None}
    searches = []
    learn = trial.Trial._learn
    monkeypatch.setattr(trial.Trial, "_learn", lambda *args: (searches.append(args), learn(*args)))
    judged = audit(resolved_from_dict(raw), RoadMap({"give": 0, "back": 0}))
    assert {f.party for f in judged.finding("tempted")} == {"A", "B"}
    assert len(searches) <= 4
