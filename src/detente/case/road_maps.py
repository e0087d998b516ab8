"""Reading road maps: from a file, from the case, from a proposal that spells one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.case.calendar import Calendar, When
from detente.case.problems import Loc, Problems, did_you_mean


def check_starts(
    starts: Mapping[str, When | None],
    loc: Loc,
    problems: Problems,
    calendar: Calendar,
    *,
    measures: Sequence[str],
    done: Sequence[str],
    milestones: Sequence[str],
    tranches: Mapping[str, Sequence[str]],
) -> None:
    """Note every start of something that cannot be on a road map, or at a time that does not exist."""
    for name, when in starts.items():
        at = (*loc, name)
        if name in milestones:
            problems.add("DET403", f'"{name}" is a milestone and has no start of its own', at,
                         why="it is in force once all its members are", fix="give the starts of its members, and leave it out")  # fmt: skip
        elif name in done:
            problems.add("DET403", f'"{name}" is done: it is in force from the start of every road map', at,
                         why="a start would contradict that", fix="leave it out")  # fmt: skip
        elif name in tranches:
            problems.add("DET402", f'"{name}" is cut into tranches', at, why="each tranche has a start of its own",
                         fix=f"give the starts of {', '.join(tranches[name])}")  # fmt: skip
        elif name not in measures:
            problems.add("DET402", f'the road map names a measure "{name}" that does not exist', at,
                         why="it would be left out without a word", fix=did_you_mean(name, measures))  # fmt: skip
        if when is not None and calendar.period_of(when) < 0:
            problems.add("DET404", f'the start of "{name}", {when}, lies before the case begins ({calendar.label(0)})', at,
                         why="what began before is done, not planned", fix=f"write {calendar.label(0)} or later")  # fmt: skip

