"""What the parties would do in each world of a kind, and all else that runs of it need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.batch import Batch
from detente.case.concealed import Concealed, Deceit, concealed, deceit, left_out, unlisted
from detente.case.draws import Draws
from detente.case.resolved import Group, ResolvedCase
from detente.case.stakes import NEVER, Bools, Floats, Ints, Stakes
from detente.incentives.many.frame import Records, World, joined, worlds
from detente.incentives.many.noise import Noise, amid, surroundings
from detente.incentives.many.prospects import Prospects, leaving, reserves
from detente.worlds.deceived import without_deal
from detente.worlds.kinds import Kind
from detente.worlds.runs.aftermath import Purse, purse
from detente.worlds.runs.conduct import ALARM, INCIDENT, MISSED, PUNCTUAL, STOPS, WRONG, Rates, rates_of
from detente.worlds.runs.lateness import delays
from detente.worlds.runs.stage import DATE, MEASURE, MOMENT, PART, PLAYER, STEP, Stage
from detente.worlds.slip import Agreed, completions, slipped


@dataclass(frozen=True, eq=False)
class Cast:
    """The worlds of one kind in a chunk, ready to be run."""

    rows: Ints
    """(n,) which rows of the chunk they are"""
    variant: int
    """Which of the variants they are."""
    world: World
    """(R n,) in one regime after the other"""
    seen: World
    """As of period 0, with detection as far as it is believed."""
    stage: Stage
    purse: Purse


def cast(draws: Draws, kind: Kind, plan: Agreed, rates: Rates, groups: Sequence[Group]) -> Cast:
    """Everything that runs need of a kind; best moments take lateness and the rates of alarms and incidents into
    account."""
    options = kind.variant.options
    batches = [kind.batch(n) for n in range(len(options))]
    b = batches[0]
    given = rates_of(rates, draws, kind)
    late = rates.late and not plan.fixed
    put_off = delays(kind, batches, plan, given[:, PUNCTUAL]) if late else np.zeros((b.n, 1), dtype=np.int64)
    starts = slipped(b, plan, put_off)
    c = completions(b, starts)
    noise = Noise(given[:, ALARM] * given[:, WRONG], given[:, INCIDENT] * given[:, STOPS], given[:, MISSED])
    regimes = [_regime(x, c, noise) for x in batches]
    first, st, world = regimes[0], b.like, joined([r.world for r in regimes])
    things = concealed(draws, kind.variant.case(), kind.drawn.u[kind.rows])
    untold = deceit(things, st, b.n)
    moments = np.stack([r.moments for r in regimes], axis=1)
    return Cast(
        kind.rows,
        draws.variants.index(kind.variant),
        world,
        worlds(noise.seen(b), c),
        Stage(
            moments=moments,
            stirs=np.asarray(moments["leaves"].any(axis=-1)),
            behind=np.stack([r.behind for r in regimes], axis=1),
            undone=np.stack([r.undone for r in regimes], axis=1),
            watch=first.watch,
            eyes=first.watch.sum(axis=2),
            dates=_dates(st, plan, starts, put_off, c),
            players=_players(b, first.plays, untold),
            steps=_steps(b, starts, starts - put_off, c, things),
            rates=given,
            total=sizes(draws.case.resolved, groups).sum(axis=1) + unlisted(things, groups, st, b.n),
            begin=np.array([begin for begin, _ in options], dtype=np.int64),
            measures=_measures(st, plan, draws.case.resolved),
            members=_members(st),
            parts=_parts(draws.case.resolved, groups),
            deceits=untold.declarations,
            price=untold.price,
        ),
        purse(world),
    )


@dataclass(frozen=True, eq=False)
class _Regime:
    """The worlds while one set of governments is in office; see :class:`Stage`."""

    world: World
    moments: Records
    behind: Floats
    undone: Bools
    watch: Bools
    plays: Bools


def _regime(b: Batch, c: Ints, noise: Noise) -> _Regime:
    found, ahead = amid(b, c, noise)
    leaves, Z = leaving(found, ahead)
    world = worlds(b, c)
    told = surroundings(world)
    watch = told.watch.transpose(0, 2, 1)
    cheats = (found.C > found.W)[..., None]
    moments = np.zeros(leaves.shape, dtype=MOMENT)
    moments["leaves"], moments["needed"] = leaves, _needed(found, ahead, Z)
    moments["a"], moments["b"] = np.moveaxis(np.where(cheats, found.which, -1), -1, 0)
    moments["kept"], moments["walk"] = found.V, found.W
    moments["exposure"] = found.exposure
    for name in ("found", "over", "pays", "stands"):
        moments[name] = getattr(told, name).transpose(0, 2, 1)
    return _Regime(world, moments, found.S, told.undone.transpose(0, 2, 1), watch, found.players)


def want_trust(stage: Stage, belief: Floats) -> None:
    """Enter who leaves for want of trust. ``belief`` (R, T+1, P): how likely each party is to go on in a period."""
    plays = stage.players["plays"][:, None, None]
    for j in range(plays.shape[-1]):
        others = np.where(plays & (np.arange(plays.shape[-1]) != j), belief, 1.0)
        stage.moments["distrusts"][..., j] = others.min(axis=-1) < np.where(
            plays[..., j], stage.moments["needed"][..., j], 0.0
        )
    np.logical_or(stage.stirs, stage.moments["distrusts"].any(axis=-1), out=stage.stirs)


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


def _dates(st: Stakes, plan: Agreed, starts: Ints, put_off: Ints, c: Ints) -> Records:
    """(n, E) when steps are put off, and when they come."""
    steps = np.array([st.measure_index[k] for k in plan.road_map.starts], dtype=np.int64)
    due = np.where(put_off > 0, starts - put_off, NEVER)
    periods = np.concatenate([due[:, steps], c[:, steps]], axis=1)
    order = np.argsort(periods, axis=1, kind="stable")
    out = np.zeros(periods.shape, dtype=DATE)
    out["period"], out["step"] = np.take_along_axis(periods, order, axis=1), np.tile(steps, 2)[order]
    return out


def _players(b: Batch, plays: Bools, untold: Deceit) -> Records:
    out = np.zeros(plays.shape, dtype=PLAYER)
    out["plays"], out["reserve"] = plays, reserves(b) - without_deal(b, untold)
    for name in ("discount", "exit_cost", "lag"):
        out[name] = getattr(b, name)
    return out


def _steps(b: Batch, starts: Ints, due: Ints, c: Ints, things: Sequence[Concealed]) -> Records:
    out = np.zeros(starts.shape, dtype=STEP)
    partial = left_out(things, b.like, b.n)
    for k, members in enumerate(b.like.members):
        out["partial"][:, k] = partial[:, list(members or (k,))].any(axis=1)
    out["due"], out["starts"], out["c"] = due, starts, c
    for name in ("takes", "undo_takes", "undo_chance"):
        out[name] = getattr(b, name)
    return out


def _measures(st: Stakes, plan: Agreed, case: ResolvedCase) -> Records:
    out = np.zeros(len(st.measures), dtype=MEASURE)
    for name in ("owner", "done", "replaces"):
        out[name] = getattr(st, name)
    for name, start in plan.road_map.starts.items():
        out["agreed"][st.measure_index[name]] = start + case.measures[name].takes
    return out


def _members(st: Stakes) -> Ints:
    pairs = [(m, k) for m, members in enumerate(st.members) for k in members]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _parts(case: ResolvedCase, groups: Sequence[Group]) -> Records:
    counted = sizes(case, groups)
    at = np.argwhere(counted != 0)
    out = np.zeros(len(at), dtype=PART)
    out["group"], out["member"], out["size"] = at[:, 0], at[:, 1], counted[counted != 0]
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
