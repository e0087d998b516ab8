"""Reading road maps: from a file, from the case, from a proposal that spells one out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from detente.case.calendar import Calendar, When, parse_when
from detente.case.problems import Loc, Problem, Problems, did_you_mean, stop
from detente.case.read import read_text, tree_of
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.tree import Tree, tree_from_python
from detente.errors import Diagnostic, InputError

ROAD_MAP_FORMAT = "detente/road-map/1"


@dataclass(frozen=True)
class Startable:
    """What can be on a road map (``measures``), and what looks as if it could."""

    measures: Sequence[str]
    done: Sequence[str]
    milestones: Sequence[str]
    tranches: Mapping[str, Sequence[str]]

    def objection(self, name: str, spelling: Callable[[object, Iterable[str]], str]) -> Problem | None:
        """Why a name cannot have a start; None if it can."""
        if name in self.milestones:
            return Problem(
                "DET403",
                f'"{name}" is a milestone and has no start of its own',
                "it is in force once all its members are",
                "give the starts of its members, and leave it out",
            )
        if name in self.done:
            return Problem(
                "DET403",
                f'"{name}" is done: it is in force from the start of every road map',
                "a start would contradict that",
                "leave it out",
            )
        if name in self.tranches:
            return Problem(
                "DET402",
                f'"{name}" is cut into tranches',
                "each tranche has a start of its own",
                f"give the starts of {', '.join(self.tranches[name])}",
            )
        if name not in self.measures:
            return Problem(
                "DET402",
                f'the road map names a measure "{name}" that does not exist',
                "it would be left out without a word",
                spelling(name, self.measures),
            )
        return None


def check_starts(
    starts: Mapping[str, When | None], loc: Loc, problems: Problems, calendar: Calendar, startable: Startable
) -> None:
    """Note every start of something that cannot be on a road map, or at a time that does not exist."""
    for name, when in starts.items():
        objection = startable.objection(name, problems.spelling)
        if objection is not None:
            problems.take(objection, (*loc, name))
        if when is not None and calendar.period_of(when) < 0:
            problems.add(
                "DET404",
                f'the start of "{name}", {when}, lies before the case begins ({calendar.label(0)})',
                (*loc, name),
                why="what began before is done, not planned",
                fix=f"write {calendar.label(0)} or later",
            )


class GeneralProposal(InputError):
    """The name is that of a proposal without start periods: whoever can complete it may catch this."""

    def __init__(self, proposal: str) -> None:
        self.proposal = proposal
        super().__init__(
            [
                Diagnostic(
                    "DET406",
                    f'the proposal "{proposal}" has clauses but no start periods',
                    why="it stands for every road map that keeps its clauses",
                    fix="give it a road_map, or have it completed (detente compare)",
                )
            ]
        )


def load_road_map(source: str | os.PathLike[str] | Mapping[str, Any], case: ResolvedCase) -> RoadMap:
    """A road map for a case: a file, a mapping, the name of one in the case, or of a proposal that spells one out.

    Raises :class:`GeneralProposal` for a proposal in general terms, else :class:`InputError` with every problem.
    """
    if isinstance(source, Mapping):
        return _from_tree(tree_from_python(source, "road map"), case, str(source.get("name") or ""))
    text, path = str(source), Path(source)
    if text in case.road_maps:
        return RoadMap(case.road_maps[text], text)
    if any(c.kind == "proposal" and c.of == text for c in case.clauses):
        raise GeneralProposal(text)
    if not path.exists() and path.suffix.lower() not in (".yaml", ".yml", ".json") and os.sep not in text:
        known = [*case.road_maps, *(c.of for c in case.clauses if c.kind == "proposal")]
        raise stop(
            "DET405",
            f'"{text}" is neither a file, nor a road map or proposal of the case',
            why="a road map is named by its file, or by its name in the case",
            fix=did_you_mean(text, known) or "the case has none; give a file",
        )
    return _from_tree(tree_of(read_text(path, text), text), case, path.stem)


def _from_tree(tree: Tree, case: ResolvedCase, name: str) -> RoadMap:
    data: Any = tree.data
    loc: Loc = ()
    problems = Problems(tree.where)
    if isinstance(data, dict) and "format" in data:
        if data["format"] != ROAD_MAP_FORMAT:
            raise stop(
                "DET401",
                f'the format "{data["format"]}" is not that of a road map',
                where=tree.where(("format",)),
                fix=did_you_mean(data["format"], [ROAD_MAP_FORMAT]),
            )
        for key in data:
            if key not in ("format", "starts", "name", "case_hash", "program"):
                problems.add(
                    "DET101",
                    f'unknown key "{key}" in a road map',
                    (key,),
                    why="a key that is not understood would be ignored without a word",
                    fix=did_you_mean(key, ["starts", "name"]),
                )
        name = str(data.get("name") or name)
        data, loc = data.get("starts"), ("starts",)
    elif isinstance(data, dict) and isinstance(data.get("starts"), dict):
        data, loc = data["starts"], ("starts",)
    if not isinstance(data, dict):
        raise stop(
            "DET401",
            f"{tree.source} is not a road map: it holds no mapping of measures to start periods",
            where=tree.where(loc),
            why="a road map says when work on each measure starts",
            fix='write for instance declare: 2019-Q3, or {"format": "detente/road-map/1", "starts": {…}}',
        )
    whens = _whens(data, loc, problems)
    calendar = Calendar(case.period, date.fromisoformat(case.start), case.periods)
    startable = Startable(
        measures=[k for k, m in case.measures.items() if m.members is None],
        done=[k for k, m in case.measures.items() if m.done],
        milestones=[k for k, m in case.measures.items() if m.members is not None],
        tranches=_tranches(case),
    )
    check_starts(whens, loc, problems, calendar, startable)
    problems.raise_errors()
    return RoadMap({k: calendar.period_of(when) for k, when in whens.items() if when is not None}, name)


def _whens(data: Mapping[str, Any], loc: Loc, problems: Problems) -> dict[str, When | None]:
    whens: dict[str, When | None] = {}
    for key, value in data.items():
        if value is None:
            whens[key] = None
        elif isinstance(value, bool) or not isinstance(value, int | str):
            problems.add(
                "DET111",
                f'the start of "{key}" is not a time',
                (*loc, key),
                why="a start is a period",
                fix="write for instance 8, 2020-Q4, or null for a measure left out",
            )
        else:
            try:
                whens[key] = parse_when(str(value))
            except Problem as problem:
                problems.take(problem, (*loc, key), f'the start of "{key}"')
    return whens


def _tranches(case: ResolvedCase) -> dict[str, tuple[str, ...]]:
    return {name: g.members for name, g in case.groups.items() if g.by == "tranches"}


def road_map_to_dict(road_map: RoadMap, case: ResolvedCase) -> dict[str, Any]:
    """A road map in the format of model §11: every measure that could be on it, null where it is not."""
    could = [k for k, m in case.measures.items() if m.members is None and not m.done]
    starts = {k: road_map.starts.get(k) for k in could}
    result: dict[str, Any] = {"format": ROAD_MAP_FORMAT, "starts": starts}
    return {**result, "name": road_map.name} if road_map.name else result
