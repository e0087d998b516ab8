"""What the parties would do in each world of a kind, and all else that runs of it need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detente.case.batch import Batch
from detente.case.concealed import concealed
from detente.case.draws import Draws
from detente.case.resolved import Group, ResolvedCase
from detente.case.stakes import Bools, Floats, Ints, Stakes
from detente.incentives.many.frame import World, worlds
from detente.incentives.many.noise import Noise, amid, surroundings
from detente.incentives.many.prospects import Prospects, leaving, reserves
from detente.worlds.conduct import ALARM, INCIDENT, MISSED, STOPS, WRONG, Rates, rates_of
from detente.worlds.kinds import Kind
from detente.worlds.slip import Agreed, completions, slipped


class Played(NamedTuple):
    """``n`` worlds of one kind with R regimes; T periods of the road map (the last entry stands for ever), P parties,
    N measures, G groups."""

    begin: Ints
    """(R,) from when on, by the calendar, each regime holds"""
    starts: Ints
    """(n, N) when steps start on the road map, ``NEVER`` where they are not done"""
    c: Ints
    """(n, N) from when on they are in force"""
    leaves: Bools
    """(n, R, T+1, P) whether a party leaves there if it is still there"""
    cheat: Ints
    """(n, R, T+1, P, 2) on what it then cheats; -1: nothing, it walks out"""
    needed: Floats
    """(n, R, T+1, P) the least chance that nobody leaves now at which a party goes on"""
    kept: Floats
    """(n, R, T+1, P) worth of going on"""
    walk: Floats
    """(n, R, T+1, P) worth of leaving openly"""
    covert: Floats
    """(n, R, T+1, P) worth of the best cheat"""
    found: Floats
    """(n, R, T+1, P) worth of having been found out, the exit cost apart"""
    behind: Floats
    """(n, R, T+1, P, P) what a party (first) has when another (second) leaves openly"""
    over: Floats
    """(n, R, T+1, P) what it has when everybody stops"""
    exposure: Floats
    """(n, R, T+1, P)"""
    pays: Floats
    """(n, R, T+1, P) what a period of the road map pays"""
    stands: Floats
    """(n, R, T+1, P) what a period pays in which the road map stands still"""
    prone: Bools
    """(n, R, T+1, P) whether a party gains by delay"""
    undone: Bools
    """(n, R, T+1, N) whether its owner undoes a measure when it stops"""
    watch: Bools
    """(n, T+1, N) whether a measure in force is inspected"""
    eyes: Ints
    """(n, T+1, P) how many of a party's measures are"""
    due: Bools
    """(n, T+1, P) whether a party has a step to begin"""
    players: Bools
    """(n, P)"""
    reserve: Floats
    """(n, P) what no deal is worth"""
    discount: Floats
    """(n, P)"""
    exit_cost: Floats
    """(n, P)"""
    lag: Ints
    """(n, P)"""
    grace: Ints
    """(n, P)"""
    takes: Ints
    """(n, N)"""
    undo_takes: Ints
    """(n, N)"""
    undo_chance: Floats
    """(n, N)"""
    rates: Floats
    """(n, rate) see :class:`~detente.worlds.conduct.Rates`"""
    total: Floats
    """(n, G) the size of each group, with what is hidden"""
    owner: Ints
    """(N,) -1: a milestone"""
    done: Bools
    """(N,)"""
    members: Bools
    """(N, N) which measures a milestone (first) has as members"""
    replaces: Ints
    """(N,) what a measure replaces, -1: nothing"""
    pairs: Ints
    """(pairs, 2) group and member"""
    sizes: Floats
    """(pairs,) what each member counts in its group"""


@dataclass(frozen=True, eq=False)
class Cast:
    """The worlds of one kind in a chunk, ready to be run."""

    rows: Ints
    """(n,) which rows of the chunk they are"""
    variant: int
    """Which of the variants they are."""
    world: World
    """As of period 0, for what raises alarms."""
    seen: World
    """The same with detection as far as it is believed."""
    played: Played


def cast(draws: Draws, kind: Kind, plan: Agreed, rates: Rates, groups: Sequence[Group]) -> Cast:
    """Everything that runs need of a kind; best moments take the rates of alarms and incidents into account."""
    b = kind.batch()
    st = b.like
    starts = slipped(b, plan)
    c = completions(b, starts)
    given = rates_of(rates, draws, kind)
    noise = Noise(given[:, ALARM] * given[:, WRONG], given[:, INCIDENT] * given[:, STOPS], given[:, MISSED])
    options = kind.variant.options
    regimes = [_regime(kind.batch(n) if n else b, c, noise) for n in range(len(options))]
    first, counted = regimes[0], sizes(draws.case.resolved, groups)
    return Cast(
        kind.rows,
        draws.variants.index(kind.variant),
        worlds(b, c),
        worlds(noise.seen(b), c),
        Played(
            begin=np.array([begin for begin, _ in options], dtype=np.int64),
            starts=starts,
            c=c,
            **{name: np.ascontiguousarray(np.stack([r[name] for r in regimes], axis=1)) for name in _BY_REGIME},
            watch=first["watch"],
            eyes=_by_owner(first["watch"], st),
            due=_by_owner(starts[:, None, :] == np.arange(st.periods + 1)[:, None], st) > 0,
            players=first["players"],
            reserve=reserves(b),
            discount=b.discount,
            exit_cost=b.exit_cost,
            lag=b.lag,
            grace=b.grace,
            takes=b.takes,
            undo_takes=b.undo_takes,
            undo_chance=b.undo_chance,
            rates=given,
            total=_totals(draws, kind, groups, st),
            owner=st.owner,
            done=st.done,
            members=_members(st),
            replaces=st.replaces,
            pairs=np.argwhere(counted != 0),
            sizes=counted[counted != 0],
        ),
    )


_BY_REGIME = (
    "leaves", "cheat", "needed", "kept", "walk", "covert", "found", "behind", "over", "exposure", "pays", "stands",
    "prone", "undone",
)  # fmt: skip


def _regime(b: Batch, c: Ints, noise: Noise) -> dict[str, np.ndarray]:
    found, ahead = amid(b, c, noise)
    leaves, Z = leaving(found, ahead)
    told = surroundings(worlds(b, c))
    cheats = (found.C > found.W)[..., None]
    stands = told.stands.transpose(0, 2, 1)
    return {
        "leaves": leaves,
        "cheat": np.where(cheats, found.which, -1),
        "needed": _needed(found, ahead, Z),
        "kept": found.V,
        "walk": found.W,
        "covert": found.C,
        "found": told.found.transpose(0, 2, 1),
        "behind": found.S,
        "over": told.over.transpose(0, 2, 1),
        "exposure": found.exposure,
        "pays": told.pays.transpose(0, 2, 1),
        "stands": stands,
        "prone": stands / (1 - b.discount[:, None]) > found.V + found.sure[:, None],
        "undone": told.undone.transpose(0, 2, 1),
        "watch": told.watch.transpose(0, 2, 1),
        "players": found.players,
    }


def _needed(found: Prospects, ahead: Floats, Z: Floats) -> Floats:
    """(n, T+1, P) the least chance that nobody leaves now at which a party goes on, up to its own best moment."""
    going = found.V.copy()
    going[:, :-1] += ahead[:, :-1] * (Z[:, 1:] - found.V[:, 1:])
    stake, sure = going - np.maximum(found.W, found.C), found.sure[:, None]
    loss = np.where(found.exposure <= sure, 0.0, found.exposure)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(loss > 0, loss / (np.maximum(stake, 0.0) + loss), 0.0)
    result: Floats = np.where(found.players[:, None], share, 0.0)
    return result


def _by_owner(of: Bools, st: Stakes) -> Ints:
    """(n, T+1, P) how many of the measures (n, T+1, N) of each party."""
    owned = st.owner[:, None] == np.arange(len(st.parties))
    result: Ints = of.astype(np.int64) @ owned.astype(np.int64)
    return result


def _members(st: Stakes) -> Bools:
    out = np.zeros((len(st.measures), len(st.measures)), dtype=np.bool_)
    for m, members in enumerate(st.members):
        out[m, list(members)] = True
    return out


def sizes(case: ResolvedCase, groups: Sequence[Group]) -> Floats:
    """(G, N) what each measure counts in each group."""
    names = list(case.measures)
    out = np.zeros((len(groups), len(names)))
    for g, group in enumerate(groups):
        weights = group.weights or {}
        for k in group.members:
            out[g, names.index(k)] = float(weights[k]) if weights else 1.0
    return out


def _totals(draws: Draws, kind: Kind, groups: Sequence[Group], st: Stakes) -> Floats:
    """(n, G) what is hidden belongs to the groups that count what it is counted in and hold a measure of its owner."""
    base = sizes(draws.case.resolved, groups).sum(axis=1)
    out = np.tile(base, (len(kind.rows), 1))
    for thing in concealed(draws, kind.variant.case(), kind.drawn.u[kind.rows]):
        for g, group in enumerate(groups):
            owners = {st.owner[st.measure_index[k]] for k in group.members}
            if group.by in thing.facts and st.party_index[thing.owner] in owners:
                out[:, g] += thing.facts[group.by]
    return out
