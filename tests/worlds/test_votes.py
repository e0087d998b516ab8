"""Factions and consents in many worlds: as the judge counts their votes."""

from __future__ import annotations

from detente.audit.grounds import Grounds
from detente.audit.standing import standing
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.worlds.answer import Asked
from detente.worlds.verb import worlds
from tests.audit.test_votes import drawn
from tests.depth import examples


def test_votes_are_those_of_the_judge() -> None:
    """With at most four steps there is hardly room for cheats on more than two that pay where no smaller one does."""
    seen = dict.fromkeys(("holds", "lost", "unsigned", "signed"), 0)
    for seed in range(60_000, 60_000 + examples(60)):
        raw, road_map = drawn(seed)
        case = resolved_from_dict(raw)
        starts = RoadMap({k: s for k, s in road_map["starts"].items() if s is not None})
        alone = standing(Grounds(case, stakes(case)), starts)
        if alone.undecided:
            continue
        found = worlds(load_case(raw), starts, Asked(1, larger=0), {})
        assert bool(found.holds.value) == alone.holds, f"seed {seed}"
        assert bool(found.signed.value) == alone.signed, f"seed {seed}"
        seen["holds" if alone.holds else "lost"] += 1
        seen["signed" if alone.signed else "unsigned"] += 1
    assert min(seen.values()) > 3, seen


def test_a_party_that_its_factions_no_longer_sustain_walks_out_then() -> None:
    """By hand, at one half: staying is worth to the hawks what B pays from next year on, less 0.2 for what A does.

    That is 1.425 in 2030, 0.05 in 2031 and -0.7 in 2032; the government itself would always stay.
    """
    hawks = {"weight": 1, "veto": True}
    case = load_case({
        "detente": 1, "period": "year", "periods": 5, "start": "2030", "discount": 0.5,
        "parties": {"A": {"factions": {"doves": {"weight": 1}, "hawks": hawks}}, "B": {}},
        "measures": {
            "pay": {"by": "B", "takes": 0, "undo": "at once", "public": True,
                    "value": {"B": {"flow": -1}, "A": {"flow": 3}, "hawks": {"flow": [3, 3, 1, -0.5, -0.5]}}},
            "stop": {"by": "A", "takes": 0, "undo": "at once", "public": True,
                     "value": {"A": {"flow": -0.1}, "B": {"flow": 4}, "hawks": {"flow": -0.1}}},
        },
    })  # fmt: skip
    found = worlds(case, RoadMap({"pay": 0, "stop": 0}), Asked(4, larger=0), {})
    assert [(x.party, x.period, x.how, x.first) for x in found.leaves] == [("A", 2, "walk", 1.0)]
    assert found.signed.value == 1
    assert found.holds.value == 0
