"""What keeps a road map from holding everywhere: not knowing the other side, or steps that cannot be taken back.

Two questions decide. Would it hold were it known who the others are? It is judged with every party of the types with
which it holds most often and every number at its central value: if nobody leaves then, what breaks it elsewhere is not
knowing, and steps should start small and grow, so that conduct tells who is who before much is at stake. Would it hold
could nobody keep what it was given? Worlds that break are judged again with the others' steps undone as soon as they
respond: if nobody leaves then, what a party has got by then cannot be taken from it, so that what is still to come must
hold it, and steps should start big and shrink. Where it fails even among such parties and even so, the order of the
steps is not at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.audit.grounds import Grounds, grounds
from detente.audit.standing import Moment, moments
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Bools, Ints
from detente.case.variants import Option, types_of
from detente.results.worlds import Binding, Regime, Short
from detente.worlds.give_back import holds_at_home, kept_share
from detente.worlds.shape import shapes
from detente.worlds.slip import Agreed
from detente.worlds.tally import Tally, share

MOST = 0.5
"""Above this part of the breaks something is called what binds."""


@dataclass(frozen=True)
class Sampled:
    """Worlds from which it is read what binds: (n,) the variant of each, whether somebody leaves, and whether something
    stays hidden; of some that break chunk and row."""

    variant: Ints
    breaks: Bools
    hides: Bools
    broken: Sequence[tuple[int, int]]


def binding(draws: Draws, plan: Agreed, tally: Tally, sampled: Sampled, over: Callable[[], bool]) -> Binding:
    """Which it is, with the figures; what takes worlds to be judged again is left out once time is ``over``."""
    kind, kind_share = _kind(draws, sampled)
    ground = grounds(_case_of(draws, kind))
    at_home = moments(ground, plan.road_map).moments
    least = min(at_home, key=lambda m: m.margin if m.relative is None else m.relative, default=None)
    leave = {m.party for m in at_home if m.margin < 0}
    broken = tally.n - tally.holds
    others = sum(many for (i, _, _), many in tally.moments_first.items() if ground.stakes.parties[i] not in leave)
    given_back = kept_share(draws, plan, sampled.broken, over) if broken else None
    halfway, formed = shapes(ground, plan.road_map)
    return Binding(
        regime=_regime(ground, plan, broken, at_home, kind_share, given_back),
        kind={party: option.title or option.name for party, option in kind.items()},
        party=least.party if least else None,
        period=least.period if least else None,
        margin=least.margin if least else None,
        type_share=float(np.round(min(others / broken, 1.0), 12)) if broken else 0.0,
        kind_share=kind_share,
        kept_share=given_back,
        short=_short(ground, plan, tally),
        halfway=halfway,
        shapes=formed,
    )


def _regime(
    ground: Grounds, plan: Agreed, broken: int, at_home: Sequence[Moment], kind_share: float | None,
    given_back: float | None,
) -> Regime:  # fmt: skip
    if not broken:
        return "nothing"
    leave = [m for m in at_home if m.margin < 0]
    if not leave:
        whoever = kind_share is None or kind_share <= MOST
        return "irreversibility" if whoever and (given_back or 0.0) > MOST else "unknown-type"
    if holds_at_home(ground.case, plan, [ground.stakes.party_index[m.party] for m in leave]):
        return "irreversibility"
    return "inspection" if all(m.breach.how == "covert" for m in leave) else "price"


def _kind(draws: Draws, sampled: Sampled) -> tuple[dict[str, Option], float | None]:
    """The types with which it is kept most often and nothing is hidden, and what part of the breaks they spare."""
    options = types_of(draws.case)
    if not options:
        return {}, None
    combined = [tuple(v.types.values()) for v in draws.variants]
    kept = {}
    breaks = {}
    for types in dict.fromkeys(combined):
        own = np.isin(sampled.variant, [v for v, t in enumerate(combined) if t == types])
        if own.any():
            kept[types] = share(int((~sampled.breaks & ~sampled.hides)[own].sum()), int(own.sum())).low
            breaks[types] = float(sampled.breaks[own].mean())
    best = max(kept, key=lambda types: (kept[types], -combined.index(types)))
    named = dict(zip(options, best, strict=True))
    chosen = {party: next(o for o in options[party] if o.name == name) for party, name in named.items()}
    overall = float(sampled.breaks.mean())
    return chosen, max(0.0, 1 - breaks[best] / overall) if overall else 0.0


def _case_of(draws: Draws, kind: Mapping[str, Option]) -> ResolvedCase:
    """The case at its central values, every party of its kind, with today's governments."""
    if not kind:
        return draws.case.resolved
    types = {party: option.name for party, option in kind.items()}
    result: ResolvedCase = next(v for v in draws.variants if dict(v.types) == types).case().resolved
    return result


def _short(ground: Grounds, plan: Agreed, tally: Tally) -> Short | None:
    """Where, in the worlds in which nobody ever leaves, trust needed exceeds trust earned most, or comes closest."""
    if not tally.holds:
        return None
    st = ground.stakes
    c = st.completions(plan.road_map)
    players = [i for i in range(len(st.parties)) if ((c < st.periods) & (st.owner == i)).any()]
    found = []
    for i in players:
        earned, whose = tally.earned(i, [k for k in players if k != i])
        needed = tally.needed_where_kept(i)
        t = int(np.argmax(needed - earned))
        if whose[t] is not None and needed[t] > 0:
            found.append(Short(st.parties[i], t, float(needed[t]), float(earned[t])))
    return max(found, key=lambda x: x.needed - x.earned, default=None)
