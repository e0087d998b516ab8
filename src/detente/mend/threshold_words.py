"""What a number of a case is, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from detente.case.load import Case
from detente.case.parameter import Parameter
from detente.case.problems import Loc

_PARTY = {
    "lag": "response lag of {0}",
    "response_lag": "response lag of {0}",
    "exit_cost": "exit cost of {0}",
    "discount": "discount factor of {0}",
    "hazard": "hazard of {0}",
    "reserve": "what no deal is worth to {0}",
    "status_quo": "status quo of {0}",
    "grace": "grace period of {0}",
    "ratify": "share of its factions that {0} needs to ratify",
    "sustain": "share of its factions that {0} needs to go on",
}
_MEASURE = {
    ("takes",): 'work on "{0}"',
    ("undo",): 'time to undo "{0}"',
    ("undo", "takes"): 'time to undo "{0}"',
    ("undo", "cost"): 'cost of undoing "{0}"',
    ("undo", "chance"): 'chance that undoing "{0}" works',
    ("residual",): 'share of "{0}" that outlasts undoing',
    ("detect",): 'chance to find a cheat on "{0}"',
    ("detect", "base"): 'chance to find a cheat on "{0}" without access',
}
_WORTH = {
    "flow": '"{0}" to {1}, a period',
    "once": '"{0}" to {1}, once',
    "during": 'work on "{0}" to {1}, a period',
}
_STICK = {"delay": 'delay of the stick "{0}"', "lasts": 'how long the stick "{0}" lasts'}


def in_words(case: Case, group: Sequence[Parameter]) -> str:
    """A parameter, or several with one value, in words: ``response lag of Plains``."""
    told = [_one(case, p.loc) for p in group]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _one(case: Case, loc: Loc) -> str:
    kinds: Mapping[object, Callable[[Case, Loc], str | None]] = {
        "parties": _of_party, "bodies": _of_body, "sticks": _of_stick, "measures": _of_measure,
        "milestones": _of_measure,
    }  # fmt: skip
    if loc == ("discount",):
        return "common discount factor"
    told = kinds[loc[0]](case, loc) if loc[0] in kinds and len(loc) > 2 else None
    return told or ".".join(str(part) for part in loc)


def _of_party(case: Case, loc: Loc) -> str | None:
    if loc[2] == "factions" and len(loc) > 4:
        if loc[4:] == ("weight",):
            return f"weight of {case.resolved.title(str(loc[3]))} in {case.resolved.title(str(loc[1]))}"
        return _of_party(case, ("parties", loc[3], *loc[4:]))
    name = case.resolved.title(str(loc[1]))
    if loc[2] == "weights" and len(loc) == 4:
        return f'weight of "{loc[3]}" for {name}'
    return _PARTY[str(loc[2])].format(name) if len(loc) == 3 and loc[2] in _PARTY else None


def _of_body(case: Case, loc: Loc) -> str | None:
    name = case.resolved.title(str(loc[1]))
    if loc[2:] == ("quota",):
        return f"quota of {name}"
    return f"votes of {case.resolved.title(str(loc[3]))} in {name}" if loc[2] == "votes" and len(loc) == 4 else None


def _of_measure(case: Case, loc: Loc) -> str | None:
    title, rest = case.resolved.title(str(loc[1])), tuple(str(part) for part in loc[2:])
    if rest in _MEASURE:
        return _MEASURE[rest].format(title)
    if rest[0] == "value":
        return _worth(case, title, rest)
    if rest[0].startswith("facts") and len(rest) == 2:
        return f'"{rest[1]}" of "{title}"'
    if rest[:2] == ("detect", "with"):
        names = _entry(case, loc, "measures")
        return f'chance to find a cheat on "{title}" with {_listed(case, names)}'
    if rest[0] in ("after", "replaces") and rest[-1] == "wait":
        names = _entry(case, loc, "measure")
        return f'wait of "{title}" for {_listed(case, names)}'
    return None


def _of_stick(case: Case, loc: Loc) -> str | None:
    sticks = case.resolved.sticks
    title = case.resolved.title(sticks[loc[1]].id if isinstance(loc[1], int) and loc[1] < len(sticks) else str(loc[1]))
    rest = tuple(str(part) for part in loc[2:])
    if rest[0] == "value":
        told = _worth(case, title, rest)
        return None if told is None else f"stick {told}"
    return _STICK[rest[0]].format(title) if rest[0] in _STICK else None


def _worth(case: Case, title: str, rest: Sequence[str]) -> str | None:
    if len(rest) != 3 or rest[2] not in _WORTH:
        return None
    return _WORTH[rest[2]].format(title, case.resolved.title(rest[1]))


def _entry(case: Case, loc: Loc, key: str) -> list[str]:
    """The measures named by the entry of a list that holds the last part of a location."""
    entry = case.tree.get(loc[:-1])
    named = entry.get(key) if isinstance(entry, dict) else entry
    return [str(x) for x in named] if isinstance(named, list) else [str(named)]


def _listed(case: Case, names: Sequence[str]) -> str:
    return " and ".join(f'"{case.resolved.title(k)}"' for k in names)
