"""The brief: every verb asked once, in two lanes where there are two processors, and the answers written up."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

from detente import api
from detente.audit.walk_out import walk_out
from detente.bargain.compare import stages
from detente.briefing.parts import Answers, Asked, Budget, answers, beyond
from detente.report.brief import write_brief
from detente.report.content import BriefFiles
from detente.report.from_case import brief_content
from detente.results.plan import Plan
from detente.worlds.spread import spread

PLAN_SECONDS, READING_SECONDS = 45.0, 8.0
"""What a brief gives to its road map, and to the best certified reading of each proposal, unless told."""


def brief(
    case: api.CaseLike,
    directory: str | os.PathLike[str],
    *,
    draws: int = 300,
    seed: int = 0,
    time_limit: float | None = None,
    work_limit: int | None = None,
    date: str = "",
    workers: int = 1,
    report: Callable[[str], None] | None = None,
) -> BriefFiles:
    """Plan, compare, ask what else would work, and write it all up into a directory: one HTML file and one PDF.

    ``time_limit`` is for the search for a road map; ``date`` is printed on the first page as given. With several
    ``workers`` a process is started; in a script that needs the usual ``if __name__ == "__main__"``.
    """
    given = api.Arguments()
    given.kind("directory", directory, (str, os.PathLike), "a folder to write to")
    given.kind("date", date, str, "text to print")
    given.drawing(draws, seed, workers, time_limit=time_limit, work_limit=work_limit)
    given.check()
    loaded, tell = api.load(case), report or (lambda text: None)
    seconds = time_limit if time_limit is not None or work_limit is not None else PLAN_SECONDS
    budget = Budget(time_limit, work_limit)
    with spread(min(workers, 2)) as executor:
        lane = executor.submit(_of_case, pickle.dumps(loaded), budget)
        found = api.plan(loaded, time_limit=seconds, work_limit=work_limit, report=stages(tell))
        comparison = api.compare(
            loaded, plan=found, draws=draws, seed=seed, work_limit=work_limit, report=report,
            time_limit=READING_SECONDS,
        )  # fmt: skip
        tell("what else would work")
        later = answers(Asked(loaded, found, comparison), budget, "plan" if isinstance(found, Plan) else "no-plan")
        told = {**lane.result(), **later}
    leaving = walk_out(loaded.resolved, found.audit) if isinstance(found, Plan) else None
    tell("writing")
    content = brief_content(loaded, found, comparison, leaving, comparison.drivers, date, beyond(told))
    return write_brief(content, Path(directory))


def _of_case(pickled: bytes, budget: Budget) -> Answers:
    """The answers of all parts that need nothing but the case.

    The case comes pickled: while it is on its way to another process this one goes on working with it.
    """
    return answers(Asked(pickle.loads(pickled)), budget, "case")
