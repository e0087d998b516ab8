"""Worlds as compiled code sees them: one record for each party, measure and rule, with its numbers in that world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import Floats, Ints, Stakes
from detente.incentives.many.compiled import shared

STAYS = cast(int, np.int64(1 << 20))
"""Period in which a member that is not cheated on is gone."""
NOBODY = cast(int, np.int64(-1))
"""No party, no measure. (Plain numbers would each be compiled for separately.)"""
LEFT, FOUND, ALL = cast(int, np.int64(0)), cast(int, np.int64(1)), cast(int, np.int64(2))
"""Leaving openly; being found: then the others act one period earlier; all stopping at once."""
PORTION = 64
"""Worlds that are worked out together: what lies between the steps of that stays small."""

Records = Any
"""A structured array; compiled code reads the fields of an entry as attributes."""

PARTY = np.dtype(
    [
        ("discount", "f8"),  # at which values are computed
        ("own", "f8"),  # at which it decides
        ("lag", "i8"),
        ("exit_cost", "f8"),
    ]
)
MEASURE = np.dtype(
    [
        ("owner", "i8"),  # -1: a milestone
        ("replaces", "i8"),  # -1: nothing
        ("withdrawal", "i8"),  # of detente.case.stakes.Withdrawing
        ("public", "?"), ("undoable", "?"), ("done", "?"),
        ("takes", "i8"),
        ("c", "i8"),  # in force from then on; -1 done, NEVER absent
        ("undo_takes", "i8"), ("undo_cost", "f8"), ("undo_chance", "f8"), ("residual", "f8"),
        ("detect", "f8"),  # without access
        ("rules", "i8"), ("rules_end", "i8"),
    ]
)  # fmt: skip
VALUE = np.dtype([("once", "f8"), ("during", "f8")])
MILESTONE = np.dtype(
    [("measure", "i8"), ("members", "i8"), ("members_end", "i8"), ("holders", "i8"), ("holders_end", "i8")]
)
HOLDER = np.dtype([("member", "i8"), ("chain", "i8"), ("chain_end", "i8")])
RULE = np.dtype([("detect", "f8"), ("needs", "i8"), ("needs_end", "i8"), ("within", "i8"), ("within_end", "i8")])
STICK = np.dtype([("by", "i8"), ("against", "i8"), ("committed", "?"), ("delay", "i8"), ("lasts", "i8")])
HARM = np.dtype([("flow", "f8"), ("once", "f8")])


class World(NamedTuple):
    """One world, or many with the world as first axis of all but what is the same in all of them.

    ``x``, ``x_end`` in a record: where its list stands in ``lists``.
    """

    periods: int
    collapses: bool
    """What happens where there is no deal"""
    parties: Records
    """(P,)"""
    measures: Records
    """(N,)"""
    values: Records
    """(P, N)"""
    flow: Floats
    """(T or 1, P, N)"""
    quo: Floats
    """(T, P)"""
    rules: Records
    """(A,) access rules: what must be in force (``needs``), and those measures with the members of those that are
    milestones (``within``)"""
    sticks: Records
    """(S,)"""
    harms: Records
    """(S, P)"""
    milestones: Records
    """(M,) the same in all worlds: ``members``; ``holders``: members that can end it, one for a chain of members"""
    holders: Records
    """(H,) the same in all worlds; ``chain``: the member, then all that may come to stand for it, in order"""
    lists: Ints
    """The same in all worlds."""


@shared
def world(x: World, n: int) -> World:
    """World ``n`` of many."""
    return World(
        x.periods, x.collapses, x.parties[n], x.measures[n], x.values[n], x.flow[n], x.quo[n], x.rules[n], x.sticks[n],
        x.harms[n], x.milestones, x.holders, x.lists,
    )  # fmt: skip


def worlds(b: Batch, c: Ints, *, common: bool = False) -> World:
    """The worlds of a batch with a road map; ``c`` (n, N) completion periods in each.

    ``common``: values are computed at the common discount, not at each party's own; decisions never are.
    """
    st, n = b.like, b.n
    lists = _Lists()
    milestones, holders = _milestones(st, lists)
    parties = np.zeros((n, len(st.parties)), dtype=PARTY)
    parties["discount"] = b.common[:, None] if common else b.discount
    parties["own"], parties["lag"], parties["exit_cost"] = b.discount, b.lag, b.exit_cost
    values = np.zeros(b.once.shape, dtype=VALUE)
    values["once"], values["during"] = b.once, b.during
    sticks = np.zeros((n, len(st.sticks)), dtype=STICK)
    sticks["by"], sticks["against"] = [s.by for s in st.sticks], [s.against for s in st.sticks]
    sticks["committed"] = [s.committed for s in st.case.sticks]
    sticks["delay"], sticks["lasts"] = b.stick_delay, b.stick_lasts
    harms = np.zeros(b.stick_flow.shape, dtype=HARM)
    harms["flow"], harms["once"] = b.stick_flow, b.stick_once
    return World(
        st.periods, st.case.no_deal == "collapse", parties, _measures(b, c), values, b.flow, b.status_quo,
        _rules(b, lists), sticks, harms, milestones, holders, np.array(lists.all, dtype=np.int64),
    )  # fmt: skip


def joined(some: Sequence[World]) -> World:
    """Worlds of one case one after the other."""
    if len(some) == 1:
        return some[0]
    periods = max(x.flow.shape[1] for x in some)
    flows = [np.broadcast_to(x.flow, (len(x.flow), periods, *x.flow.shape[2:])) for x in some]

    def each(name: str) -> Records:
        return np.concatenate([getattr(x, name) for x in some])

    x = some[0]
    return World(
        x.periods, x.collapses, each("parties"), each("measures"), each("values"), np.concatenate(flows), each("quo"),
        each("rules"), each("sticks"), each("harms"), x.milestones, x.holders, x.lists,
    )  # fmt: skip


def portions(x: World) -> Iterator[tuple[slice, World]]:
    """Some worlds after the other, and which they are."""
    for first in range(0, len(x.parties), PORTION):
        rows = slice(first, first + PORTION)
        yield rows, World(
            x.periods, x.collapses, x.parties[rows], x.measures[rows], x.values[rows], x.flow[rows], x.quo[rows],
            x.rules[rows], x.sticks[rows], x.harms[rows], x.milestones, x.holders, x.lists,
        )  # fmt: skip


def _measures(b: Batch, c: Ints) -> Records:
    st = b.like
    out = np.zeros((b.n, len(st.measures)), dtype=MEASURE)
    for name in ("owner", "replaces", "withdrawal", "public", "undoable", "done"):
        out[name] = getattr(st, name)
    for name in ("takes", "undo_takes", "undo_cost", "undo_chance", "residual"):
        out[name] = getattr(b, name)
    out["c"], out["detect"] = c, b.detect_base
    ends = np.cumsum([0, *(len(rules) for rules in st.access)])
    out["rules"], out["rules_end"] = ends[:-1], ends[1:]
    return out


class _Lists:
    """Lists of numbers, one after the other."""

    def __init__(self) -> None:
        self.all: list[int] = []

    def add(self, numbers: tuple[int, ...]) -> tuple[int, int]:
        """Where the list begins and ends."""
        begin = len(self.all)
        self.all += numbers
        return begin, len(self.all)


def _rules(b: Batch, lists: _Lists) -> Records:
    st = b.like
    out = np.zeros(b.access.shape, dtype=RULE)
    out["detect"] = b.access
    for a, rule in enumerate(rule for rules in st.access for rule in rules):
        out["needs"][:, a], out["needs_end"][:, a] = lists.add(rule.measures)
        within = tuple(x for k in rule.measures for x in (k, *st.members[k]))
        out["within"][:, a], out["within_end"][:, a] = lists.add(within)
    return out


def _milestones(st: Stakes, lists: _Lists) -> tuple[Records, Records]:
    rows, holders = list[tuple[int, ...]](), list[tuple[int, ...]]()
    for m in np.flatnonzero(st.milestone).tolist():
        begin = len(holders)
        chains = (_descendants(st, x) for x in st.members[m])
        holders += [(chain[0], *lists.add(chain)) for chain in chains if not any(y in st.members[m] for y in chain[1:])]
        rows.append((m, *lists.add(st.members[m]), begin, len(holders)))
    return np.array(rows, dtype=MILESTONE), np.array(holders, dtype=HOLDER)


def _descendants(st: Stakes, k: int) -> tuple[int, ...]:
    """A measure, then what replaces it, what replaces that, and so on."""
    chain = [k]
    for x in chain:
        chain.extend(int(y) for y in np.flatnonzero(st.replaces == x) if int(y) not in chain)
    return tuple(chain)
