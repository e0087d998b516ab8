"""Parts of V, W and the best breach add up to the totals exactly."""

from __future__ import annotations

import pytest

from detente.audit.exact import Exact
from detente.audit.why import why
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.errors import InputError
from tests.audit.test_against_oracle import draw


@pytest.mark.parametrize("seed", range(60))
def test_parts_add_up_exactly(seed: int) -> None:
    raw, road_map = draw(seed, measures=(2, 5))
    case, starts = resolved_from_dict(raw), RoadMap(road_map["starts"])
    course = Exact(case).road_map(starts.starts).course
    for i in sorted(course.owners()):
        for t in range(raw["periods"] + 1):
            answer = why(case, starts, list(case.parties)[i], t)
            assert sum(p.stay for p in answer.parts) == answer.stay
            assert sum(p.walk for p in answer.parts) == answer.walk
            assert sum(p.breach for p in answer.parts) == answer.breach


def test_a_question_about_nobody_is_refused() -> None:
    raw, road_map = draw(0)
    case, starts = resolved_from_dict(raw), RoadMap(road_map["starts"])
    with pytest.raises(InputError, match='there is no party "Nobody"'):
        why(case, starts, "Nobody", 0)
