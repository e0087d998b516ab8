"""The brief: every verb asked once, in two lanes where there are two processors, and the answers written up."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from detente import api
from detente.audit.walk_out import walk_out
from detente.bargain.compare import stages
from detente.bargain.spread import spread
from detente.case.load import Case
from detente.errors import Diagnostic, InputError
from detente.report.brief import write_brief
from detente.report.content import Beyond, BriefFiles
from detente.report.from_case import brief_content
from detente.results.compare import Comparison
from detente.results.plan import Plan
from detente.results.threshold import Threshold

PLAN_SECONDS, READING_SECONDS = 45.0, 8.0
"""What a brief gives to its road map, and to the best certified reading of each proposal, unless told."""

Answer = Any


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
    with spread(min(workers, 2)) as executor:
        lane = executor.submit(_asked, pickle.dumps(loaded), time_limit, work_limit)
        found = api.plan(loaded, time_limit=seconds, work_limit=work_limit, report=stages(tell))
        comparison = api.compare(
            loaded, plan=found, draws=draws, seed=seed, work_limit=work_limit, report=report,
            time_limit=READING_SECONDS,
        )  # fmt: skip
        thresholds = tuple(_thresholds(loaded, found, comparison)) if isinstance(found, Plan) else ()
        tell("what else would work")
        beyond = Beyond(**lane.result(), thresholds=thresholds)
    leaving = walk_out(loaded.resolved, found.audit) if isinstance(found, Plan) else None
    tell("writing")
    content = brief_content(loaded, found, comparison, leaving, comparison.drivers, date, beyond)
    return write_brief(content, Path(directory))


# ---------------------------------------------------------------- what else would work


Limits = dict[str, Any]


def _gap(case: Case, limits: Limits) -> Answer:
    return api.gap(case, **limits)


def _repair(case: Case, limits: Limits) -> Answer:
    return api.repair(case, offer(case), **limits)


def _frontier(case: Case, limits: Limits) -> Answer:
    return api.frontier(case, points=6, **limits)


def _afterwards(case: Case, limits: Limits) -> Answer:
    return api.afterwards(case, offer(case), **limits)


def _rounds(case: Case, limits: Limits) -> Answer:
    return api.rounds(case, **limits)


Ask = Callable[[Case, Limits], Answer]

PARTS: dict[str, tuple[Ask, float]] = {
    "gap": (_gap, 25.0), "repair": (_repair, 25.0), "frontier": (_frontier, 25.0), "afterwards": (_afterwards, 20.0),
    "rounds": (_rounds, 15.0),
}  # fmt: skip
"""What is asked besides plan and comparison, in this order, and for how many seconds at most."""


def _limits(seconds: float, time_limit: float | None, work_limit: int | None) -> Limits:
    """A part's limits: its seconds, or less where less is given to the road map; or the work given."""
    if work_limit is not None:
        return {"time_limit": None, "work_limit": work_limit}
    return {"time_limit": seconds if time_limit is None else min(seconds, time_limit)}


def offer(case: Case) -> str:
    """The proposal to mend: of those that a principal has made with dates and that fail, the one nearest to holding.

    If there is none such, the first that a principal has made. Raises :class:`InputError` where there is none either.
    """
    resolved, document = case.resolved, case.document
    made = [] if document is None else [n for n, p in document.proposals.items() if p.by in resolved.principals]
    if not made:
        raise InputError([Diagnostic("DET712", "no principal has made a proposal", why="there is none to mend")])
    judged = {n: api.audit(case, n, cures=False) for n in made if n in resolved.road_maps}
    short = {n: a.least_counted.relative or 0.0 for n, a in judged.items() if a.verdict == "fails" and a.least_counted}
    return max(short, key=lambda n: short[n]) if short else made[0]


def _thresholds(case: Case, plan: Plan, comparison: Comparison) -> Iterator[Threshold]:
    """How far the numbers that decide most may move before the road map no longer holds."""
    for driver in comparison.drivers[:3]:
        try:
            yield api.threshold(case, driver.path, plan.road_map, points=15)
        except InputError:
            continue


def _asked(pickled: bytes, time_limit: float | None, work_limit: int | None) -> dict[str, Answer]:
    """The answers by name; where the case does not give what a question needs, under ``missing`` the reason why.

    The case comes pickled: while it is on its way to another process this one goes on working with it.
    """
    case: Case = pickle.loads(pickled)
    found: dict[str, Answer] = {}
    missing: dict[str, str] = {}
    for name, (ask, seconds) in PARTS.items():
        try:
            found[name] = ask(case, _limits(seconds, time_limit, work_limit))
        except InputError as error:
            missing[name] = error.diagnostics[0].problem
    return {**found, "missing": missing}
