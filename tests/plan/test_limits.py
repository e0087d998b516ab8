"""A search that a limit ended never passes for one that came to its end."""

from __future__ import annotations

import random

from detente.case.interchange import resolved_from_dict
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan
from tests.depth import examples
from tests.oracle.random_cases import random_case


def test_what_is_not_said_to_be_cut_short_is_what_a_long_search_finds() -> None:
    cut = whole = 0
    for seed in range(examples(12)):
        case = resolved_from_dict(random_case(random.Random(seed), measures=(4, 6)))
        best = plan(Task(case, "robust"))
        for limit in (1, 5, 12, 20, 60, 400):
            found = plan(Task(case, "robust", time_limit=None, work_limit=limit))
            if found.provenance.run.cut is not None:
                cut += 1
                continue
            whole += 1
            assert isinstance(found, NoPlan) == isinstance(best, NoPlan), f"seed {seed}, {limit}"
            if not isinstance(found, NoPlan) and not isinstance(best, NoPlan):
                assert not found.details.get("floors_open"), f"seed {seed}, {limit}"
                assert abs(found.value - best.value) <= 1e-5 * max(1.0, abs(best.value)), f"seed {seed}, {limit}"
    assert cut > 3
    assert whole > 3
