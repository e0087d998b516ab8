"""Cases and road maps, in whatever form they are given."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from detente.api.arguments import CASES, ROAD_MAPS, SOURCES, Arguments, listed
from detente.api.showing import remembered
from detente.case.interchange import resolved_to_dict
from detente.case.load import Case, Source, load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.road_maps import GeneralProposal, check_origin, warned
from detente.case.road_maps import load_road_map as _load_road_map
from detente.errors import Diagnostic
from detente.results.audit import Audit
from detente.results.plan import Plan

CaseLike = Case | ResolvedCase | Source
RoadMapLike = RoadMap | Plan | Audit | str | os.PathLike[str] | Mapping[str, Any]


def load(source: CaseLike, overlays: Source | Sequence[Source] = (), settings: str | Sequence[str] = ()) -> Case:
    """A case, read and checked: from a path, the name of a shipped case, a mapping, or a resolved case.

    ``overlays`` are laid over it in order, then ``settings`` such as ``"weight.US.programme=0.5"`` are applied. Raises
    :class:`InputError` with every problem found.
    """
    given = Arguments()
    given.kind("case", source, (Case, ResolvedCase, *SOURCES), CASES)
    overlays = (overlays,) if isinstance(overlays, SOURCES) else overlays
    given.each("overlays", overlays, SOURCES, "files or mappings")
    given.names("settings", settings, 'settings such as "party.US.exit_cost=1"')
    given.check()
    settings = listed(settings)
    if isinstance(source, Case):
        if not overlays and not settings:
            return source
        return replace(load_case(deepcopy(source.tree.data), overlays, settings), name=source.name)
    if isinstance(source, ResolvedCase):
        source = resolved_to_dict(source)
    return load_case(source, overlays, settings)


def resolve(case: CaseLike) -> ResolvedCase:
    """The resolved case at central values: nothing left implicit, every number rounded once."""
    return remembered(case if isinstance(case, ResolvedCase) else load(case).resolved)


def load_road_map(
    road_map: RoadMapLike,
    case: CaseLike,
    *,
    time_limit: float | None = 30.0,
    tell: Callable[[Diagnostic], None] = warned,
) -> RoadMap:
    """A road map of a case; see the module for what it may be given as.

    A proposal in general terms is completed within ``time_limit`` seconds: by the best certified road map that keeps
    its clauses, or if there is none, by the best for its owner. The road map's name says which. Of a plan or an audit
    the road map is taken; ``tell`` hears if it was made for another case (silent: a :class:`DetenteWarning`).
    """
    given = Arguments()
    given.kind("road_map", road_map, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    given.number("time_limit", time_limit, none=True)
    given.check()
    if isinstance(road_map, RoadMap):
        return road_map
    resolved = resolve(case)
    try:
        return written(road_map, resolved, tell)
    except GeneralProposal as general:
        from detente.bargain.readings import completion

        return completion(resolved, general.proposal, time_limit)


def written(road_map: RoadMapLike, case: ResolvedCase, tell: Callable[[Diagnostic], None] = warned) -> RoadMap:
    """A road map in whatever form; raises :class:`GeneralProposal` for a proposal without start periods."""
    if isinstance(road_map, RoadMap):
        return road_map
    if isinstance(road_map, Plan | Audit):
        check_origin(f"the {type(road_map).__name__.lower()}", road_map.provenance.case_hash, case, tell)
        return road_map.road_map
    return _load_road_map(road_map, case, tell)
