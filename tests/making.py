"""Short builders of resolved cases for tests: plain dicts in, plain dicts out, nothing left implicit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Raw = dict[str, Any]
Number = str | int
NOW = {"takes": 0, "cost": "0", "chance": "1"}


def text(number: Any) -> Any:
    """Numbers as decimal strings, lists item by item."""
    if isinstance(number, str):
        return number
    if isinstance(number, Sequence):
        return [text(one) for one in number]
    return str(number)


def worth(flow: Any = "0", once: Any = "0", during: Any = "0") -> Raw:
    """What a measure is to one party."""
    return {"flow": text(flow), "once": text(once), "during": text(during)}


def party(discount: Any = "0.5", **given: Any) -> Raw:
    """A party with the defaults of the format."""
    base: Raw = {
        "discount": text(discount),
        "reserve": None,
        "response_lag": 1,
        "status_quo": "0",
        "exit_cost": "0",
        "grace": 0,
    }
    for key in ("reserve", "status_quo", "exit_cost"):
        if given.get(key) is not None:
            given[key] = text(given[key])
    return base | given


def undo(takes: int = 0, cost: Any = "0", chance: Any = "1") -> Raw:
    """How a measure is undone."""
    return {"takes": takes, "cost": text(cost), "chance": text(chance)}


def measure(by: str, value: Mapping[str, Any], **given: Any) -> Raw:
    """A measure with the defaults of the format; a bare number in `value` is a flow."""
    base: Raw = {
        "by": by,
        "takes": 0,
        "after": [],
        "undo": dict(NOW),
        "withdrawal": "if-credible",
        "residual": "0",
        "public": True,
        "done": False,
        "excludes": [],
        "replaces": None,
        "value": {who: one if isinstance(one, dict) else worth(one) for who, one in value.items()},
        "detect": {"base": "0", "with": []},
        "members": None,
    }
    return base | given


def milestone(members: Sequence[str], value: Mapping[str, Any], by: str = "A") -> Raw:
    """A milestone: in force when all its members are."""
    return measure(by, value, members=list(members), undo=None)


def case(measures: Mapping[str, Raw], parties: Mapping[str, Raw] | None = None, **given: Any) -> Raw:
    """A resolved case; without `parties` it has A and B, who discount by a half."""
    base: Raw = {
        "format": "detente/resolved-case/1",
        "period": "quarter",
        "periods": 3,
        "start": "2019-04-01",
        "discount": "0.5",
        "no_deal": "collapse",
        "parties": dict(parties) if parties is not None else {"A": party(), "B": party()},
        "measures": dict(measures),
        "sticks": [],
        "resources": {},
        "principals": [],
        "groups": {},
        "clauses": [],
        "road_maps": {},
        "comparable": False,
        "pocketing_share": "0.1",
    }
    base |= given
    if not base["principals"]:
        doers = {one["by"] for one in base["measures"].values() if one["members"] is None}
        base["principals"] = [name for name in base["parties"] if name in doers]
    return base


def stick(by: str, against: str, value: Mapping[str, Any], **given: Any) -> Raw:
    """A stick; a bare number in `value` is a flow."""
    base: Raw = {"id": "stick", "by": by, "against": against, "delay": 0, "lasts": None, "committed": False}
    worths = {who: one if isinstance(one, dict) else worth(one) for who, one in value.items()}
    base["value"] = {who: {key: one[key] for key in ("flow", "once")} for who, one in worths.items()}
    return base | given


def road_map(**starts: int | None) -> Raw:
    """A road map; give names with other signs by `road_map(**{"k-1": 0})`."""
    return {"format": "detente/road-map/1", "starts": dict(starts)}
