"""Reading road maps: from a file, from the case, from a proposal that spells one out, from an answer that holds one."""

from __future__ import annotations

import os
import warnings
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
from detente.errors import DetenteWarning, Diagnostic, InputError

ROAD_MAP_FORMAT = "detente/road-map/1"
ANSWERS = ("detente/plan/1", "detente/audit/1")
"""Formats of answers that hold a road map."""

Tell = Callable[[Diagnostic], None]


def warned(warning: Diagnostic) -> None:
    """Tell a warning the way Python tells them."""
    warnings.warn(str(warning), DetenteWarning, stacklevel=2)


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
                name=name,
                what="measure",
            )
        return None


def check_starts(
    starts: Mapping[str, When | None],
    loc: Loc,
    problems: Problems,
    calendar: Calendar,
    startable: Startable,
    doubtful: Callable[[str, str], bool] = lambda name, what: False,
) -> None:
    """Note every start of something that cannot be on a road map, or before the case begins.

    ``doubtful`` says which names may stand for something malformed.
    """
    for name, when in starts.items():
        objection = startable.objection(name, problems.spelling)
        if objection is not None and not (objection.what and doubtful(objection.name, objection.what)):
            problems.take(objection, (*loc, name))
        if when is not None and calendar.period_of(when) < 0:
            problems.add(
                "DET404",
                f'the start of "{name}", {when}, lies before the case begins ({calendar.label(0)})',
                (*loc, name),
                why="what began before is done, not planned",
                fix=f"write {calendar.label(0)} or later",
            )


def check_ends(starts: Mapping[str, When | None], loc: Loc, problems: Problems, calendar: Calendar) -> None:
    """Note every start after the last period."""
    for name, when in starts.items():
        if when is not None and calendar.period_of(when) >= calendar.periods:
            problems.add(
                "DET404",
                f'the start of "{name}", {when}, lies after the case ends ({calendar.label(calendar.periods - 1)})',
                (*loc, name),
                why="it would never begin within the case",
                fix="write an earlier time, or null for a measure left out",
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


def load_road_map(
    source: str | os.PathLike[str] | Mapping[str, Any], case: ResolvedCase, tell: Tell = warned
) -> RoadMap:
    """A road map for a case: a file, a mapping, the name of one in the case, or of a proposal that spells one out.

    File and mapping may also be a plan or an audit as written; its road map is taken. ``tell`` hears if it was made for
    another case (silent: a :class:`DetenteWarning`). Raises :class:`GeneralProposal` for a proposal in general terms,
    else :class:`InputError` with every problem.
    """
    if isinstance(source, Mapping):
        return _from_tree(tree_from_python(source, "road map"), case, str(source.get("name") or ""), tell)
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
    return _from_tree(tree_of(read_text(path, text), text), case, path.stem, tell)


def check_origin(what: str, case_hash: object, case: ResolvedCase, tell: Tell) -> None:
    """Tell if something that states the hash of its case was made for another one."""
    from detente.case.interchange import case_hash as hash_of

    if isinstance(case_hash, str) and case_hash != (own := hash_of(case)):
        tell(
            Diagnostic(
                "DET607",
                f"{what} was made for another case: it states the hash {case_hash[:12]}…, "
                f"{case.name or 'this case'} has {own[:12]}…",
                why="its road map is judged by the case at hand, and may fare otherwise than it did in its own",
                fix="give the case and the settings with which it was made, if that is what you mean",
                severity="warning",
            )
        )


def _with_format(tree: Tree, problems: Problems, case: ResolvedCase, tell: Tell) -> Any:
    """The starts of a road map or of an answer that says what it is."""
    data = tree.data
    if data["format"] not in (ROAD_MAP_FORMAT, *ANSWERS):
        raise stop(
            "DET401",
            f'the format "{data["format"]}" is not that of a road map',
            where=tree.where(("format",)),
            why="a road map is taken from a road map, a plan or an audit",
            fix=did_you_mean(data["format"], [ROAD_MAP_FORMAT, *ANSWERS]),
        )
    if data["format"] in ANSWERS:
        if data.get("starts") is None:
            raise stop(
                "DET705",
                f"{tree.source} holds no road map",
                where=tree.where(("starts",) if "starts" in data else ()),
                why="its search found none" if data.get("outcome") else "there is nothing to judge",
                fix="give an answer whose starts are not null",
            )
    else:
        for key in data:
            if key not in ("format", "starts", "name", "case_hash", "program"):
                problems.add(
                    "DET101",
                    f'unknown key "{key}" in a road map',
                    (key,),
                    why="a key that is not understood would be ignored without a word",
                    fix=did_you_mean(key, ["starts", "name"]),
                )
    check_origin(tree.source, data.get("case_hash"), case, tell)
    return data.get("starts")


def _from_tree(tree: Tree, case: ResolvedCase, name: str, tell: Tell) -> RoadMap:
    data: Any = tree.data
    loc: Loc = ()
    problems = Problems(tree.where, found=list(tree.problems))
    if isinstance(data, dict) and "format" in data:
        name = str(data.get("name") or name)
        data, loc = _with_format(tree, problems, case, tell), ("starts",)
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
