"""What keeps a road map from holding everywhere: not knowing the other side, or steps that cannot be taken back.

Two questions decide. Would it hold were it known who the others are? It is judged with every party of the types with
which it holds most often, under governments of which the same is true, and every number at its central value: if nobody
leaves then, what breaks it elsewhere is not knowing, and steps should start small and grow, so that conduct tells who
is who before much is at stake. Would it hold could nobody keep what it was given? Worlds that break are judged again
with the others' steps undone as soon as they respond: if nobody leaves then, what a party has got by then cannot be
taken from it, so that what is still to come must hold it, and steps should start big and shrink. Where it fails even
among such parties and even so, the order of the steps is not at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.audit.grounds import Grounds
from detente.audit.standing import Moment
from detente.case.draws import Draws
from detente.case.stakes import Stakes
from detente.case.variants import Option
from detente.results.worlds import Binding, Governing, Regime, Short
from detente.worlds.give_back import kept_share
from detente.worlds.home import Home, Sampled, holds_with_nothing, home, weakest
from detente.worlds.shape import shapes
from detente.worlds.slip import Agreed
from detente.worlds.tally import Tally

MOST = 0.5
"""Above this part of the breaks something is called what binds."""


def binding(
    draws: Draws, plan: Agreed, tally: Tally, sampled: Sampled, broken: Sequence[tuple[int, int]],
    over: Callable[[], bool],
) -> Binding:  # fmt: skip
    """Which it is, with the figures; ``broken``: chunk and row of some worlds that break.

    What takes worlds to be judged again is left out once time is ``over``.
    """
    at_home = home(draws, sampled)
    stretches = at_home.stretches()
    moments = weakest(stretches, plan.road_map)
    least = min((m for m, _ in moments), key=lambda m: m.margin if m.relative is None else m.relative, default=None)
    breaks = tally.n - tally.holds
    given_back = kept_share(draws, plan, broken, over) if breaks else None
    ground = stretches[0][1]
    halfway, formed = shapes(ground, plan.road_map)
    return Binding(
        regime=_regime(breaks, moments, at_home, given_back, lambda: holds_with_nothing(stretches, plan, moments)),
        kind={party: _called(option) for party, option in at_home.kind.items()},
        governments=tuple(Governing(g.party, _called(g), comes) for g, comes in at_home.comes),
        party=least.party if least else None,
        period=least.period if least else None,
        margin=least.margin if least else None,
        type_share=_others_first(tally, moments, ground.stakes) / breaks if breaks else 0.0,
        kind_share=at_home.kind_share,
        government_share=at_home.government_share,
        known_share=at_home.known_share,
        kept_share=given_back,
        short=_short(ground, plan, tally),
        halfway=halfway,
        shapes=formed,
    )


def _called(option: Option) -> str:
    return option.title or option.name


def _others_first(tally: Tally, moments: Sequence[tuple[Moment, int]], st: Stakes) -> int:
    """Worlds in which all that leave first, one or several together, would stay at home."""
    leave = {st.party_index[m.party] for m, _ in moments if m.margin < 0}
    return sum(many for parties, many in tally.together.items() if not leave.intersection(parties))


def _regime(
    breaks: int, moments: Sequence[tuple[Moment, int]], at_home: Home, given_back: float | None,
    holds_so: Callable[[], bool],
) -> Regime:  # fmt: skip
    if not breaks:
        return "nothing"
    leave = [m for m, _ in moments if m.margin < 0]
    if not leave:
        whoever = at_home.known_share is None or at_home.known_share.value <= MOST
        return "irreversibility" if whoever and (given_back or 0.0) > MOST else "unknown-type"
    if holds_so():
        return "irreversibility"
    return "inspection" if all(m.breach.how == "covert" for m in leave) else "price"


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
