"""Mending by other terms: what a leaver forfeits, what it suffers, what ends by itself; and as few steps as may be.

What a party forfeits or suffers only lowers what leaving is worth to that party. So if the largest amount does not help
none does, what one party needs does not depend on what others do, and the least amount can be bisected. An amount is
sought up to what all that the party could hope for is worth to it (its scale K): nobody stakes more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from detente.audit.cures.amounts import round_up
from detente.audit.cures.terms import could_be_automatic, made_automatic, with_exit_cost, with_stick
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.incentives.kept import scales
from detente.mend.repair_bench import Bench, Terms
from detente.mend.repair_costs import Costs, Units
from detente.mend.repair_steps import TOLD, Mended, Recipe, mend, no_help
from detente.results.audit import Audit
from detente.results.repair import Attempt, Change, RepairKind

SMALLEST = 1e-7
"""Part of the largest amount from which on amounts are looked at."""

MIDDLE = 4
"""Every so many looks the middle between two amounts is tried instead of where the chord comes to zero."""

Sizes = Mapping[str, Decimal]
"""For each party or measure under other terms by how much (1 where there is no more or less)."""


@dataclass(frozen=True)
class Lever:
    """A kind of other terms: for whom or what, up to which size, and the case under them."""

    kind: RepairKind
    most: Sizes
    under: Callable[[Sizes], ResolvedCase]
    change: Callable[[str, Decimal], Change]
    missing: str
    """Why there is nothing to change, where ``most`` is empty."""
    sized: bool = True


@dataclass(frozen=True)
class Pulled:
    """A text certified under other terms."""

    mended: Mended
    changes: tuple[Change, ...]
    terms: Terms
    without: Callable[[Change], ResolvedCase]
    """The case with one of the changes taken back."""
    settled: bool
    """Whether each size is the least for this road map, to three figures."""


def levers(base: Terms, judged: Audit, road_map: RoadMap) -> dict[RepairKind, Lever]:
    """The kinds of other terms for a road map, judged as tabled."""
    return {"escrow": _escrow(base), "stick": _sticks(base, judged), "automatic": _automatic(base, road_map)}


def _hopes(base: Terms) -> dict[str, float]:
    """What all that a principal could hope for is worth to it, of those that have something to do."""
    case, K = base.case, scales(base.stakes)
    acts = {m.by for m in case.measures.values()}
    principals = case.principals or tuple(p for p in case.parties if p in acts)
    hopes = {p: float(K[base.stakes.party_index[p]]) for p in principals if p in acts}
    return {p: v for p, v in hopes.items() if v > 0}


def _escrow(base: Terms) -> Lever:
    def under(sizes: Sizes) -> ResolvedCase:
        case = base.case
        for party, v in sizes.items():
            case = with_exit_cost(case, party, v)
        return case

    most = {p: _round_down(v) for p, v in _hopes(base).items()}
    return Lever(
        "escrow",
        most,
        under,
        lambda p, v: Change("escrow", party=p, amount=float(v)),
        "no principal has anything to lose",
    )


def _sticks(base: Terms, judged: Audit) -> Lever:
    """For each principal a stick of the one that its worst temptation hurts most."""
    by = {p: _hurt_most(p, judged) for p in _hopes(base)}
    delta = {p: float(base.case.parties[p].discount) for p in by}
    most = {p: _round_down(v * (1 - delta[p])) for p, v in _hopes(base).items() if by[p] is not None}

    def under(sizes: Sizes) -> ResolvedCase:
        case = base.case
        for party, v in sizes.items():
            case = with_stick(case, by[party] or "", party, v)
        return case

    return Lever(
        "stick", most, under, lambda p, v: Change("stick", party=p, partner=by[p], amount=float(v)),
        "nobody is there who could use one",
    )  # fmt: skip


def _hurt_most(party: str, judged: Audit) -> str | None:
    mine = [f for f in judged.finding("tempted") if f.party == party]
    losses = max(mine, key=lambda f: f.gain or 0.0).losses if mine else {}
    others = [p for p in judged.margin if p != party]
    return max(others, key=lambda p: losses.get(p, 0.0), default=None)


def _automatic(base: Terms, road_map: RoadMap) -> Lever:
    case = base.case
    there = [k for k, m in case.measures.items() if m.done or k in road_map]
    names = [k for k in there if any(could_be_automatic(case, k, p) for p in case.principals or case.parties)]

    def under(sizes: Sizes) -> ResolvedCase:
        changed = case
        for k in sizes:
            changed = made_automatic(changed, k)
        return changed

    return Lever(
        "automatic", dict.fromkeys(names, Decimal(1)), under, lambda k, v: Change("automatic", measure=k),
        "whatever could end by itself does so already", sized=False,
    )  # fmt: skip


# ------------------------------------------------------------------ pulling a lever


def unbound(bench: Bench, base: Terms, costs: Costs, units: Units, known: Sequence[RoadMap]) -> Mended | Attempt:
    """The fewest changes of steps if principals were sure to stay: no forfeit or stick of any size needs fewer."""
    return mend(bench, base.free_to_leave(_hopes(base)), costs, Recipe("escrow", units), known)


def pull(
    bench: Bench, lever: Lever, costs: Costs, units: Units | None, plain: int | None, known: Sequence[RoadMap],
    stayed: Mended | Attempt | None = None,
) -> Pulled | Attempt:  # fmt: skip
    """The text under other terms, with as few further changes of steps as may be (``units`` None: none is allowed).

    ``plain``: how many changes a repair by steps alone needs, of which other terms must save one; ``known``: road maps
    that are certified without other terms; ``stayed``: what :func:`unbound` found.
    """
    if not lever.most:
        return Attempt(lever.kind, "nothing-to-change", note=lever.missing)
    if bench.late:
        return Attempt(lever.kind, "unknown")
    bench.tell(TOLD[lever.kind])
    full = _full(bench, lever, costs.text.road_map)
    found = _steps(bench, full[1], lever, costs, units, known, stayed if lever.sized else None)
    if isinstance(found, Attempt):
        return _none_of_all(found) if len(full[0]) > 1 and not lever.sized else found
    if plain is not None and found.counted >= plain:
        return no_help(lever.kind, found)
    sizes, settled = _sizes(bench, lever, full[0], found.road_map)
    if not sizes:
        return no_help(lever.kind, found)
    terms = bench.terms(lever.under(sizes))
    proved = 1 + found.at_least
    if lever.sized and not found.counted:
        proved = max(proved, min(len(sizes), 2))
    mended = Mended(found.road_map, found.counted + len(sizes), proved if lever.sized else 1)
    changes = tuple(lever.change(name, v) for name, v in sizes.items())
    back = {c: {n: v for n, v in sizes.items() if n != name} for c, name in zip(changes, sizes, strict=True)}
    return Pulled(mended, changes, terms, lambda c: lever.under(back[c]), settled)


def _none_of_all(found: Attempt) -> Attempt:
    """What is known of some terms where all of them at once do not help: each may be worth something to one party and
    cost another."""
    if found.outcome != "none-exists":
        return found
    return replace(found, outcome="unknown", note="proved only for all measures at once that could end by themselves")


def _full(bench: Bench, lever: Lever, road_map: RoadMap) -> tuple[Sizes, Terms]:
    """The terms to begin with: all of them, or one where one alone will do."""
    if not lever.sized:
        for name, v in lever.most.items():
            if bench.spent:
                break
            terms = bench.terms(lever.under({name: v}))
            if bench.certified(terms, road_map):
                return {name: v}, terms
    return lever.most, bench.terms(lever.under(lever.most))


def _steps(
    bench: Bench, terms: Terms, lever: Lever, costs: Costs, units: Units | None, known: Sequence[RoadMap],
    stayed: Mended | Attempt | None,
) -> Mended | Attempt:  # fmt: skip
    """The fewest changes of steps besides."""
    road_map = costs.text.road_map
    judged = bench.audit(terms, road_map)
    if bench.certifies(terms, judged):
        return Mended(road_map, 0, 0)
    if units is None:
        return Attempt(lever.kind, "unknown" if judged.verdict == "unknown" else "none-exists")
    if isinstance(stayed, Attempt) and stayed.outcome == "none-exists":
        return Attempt(lever.kind, "none-exists")
    if isinstance(stayed, Mended) and bench.certified(terms, stayed.road_map):
        return stayed
    found = mend(bench, terms, costs, Recipe(lever.kind, units), known)
    return replace(found, at_least=max(found.at_least, stayed.at_least)) if stayed is not None else found


def _sizes(bench: Bench, lever: Lever, most: Sizes, road_map: RoadMap) -> tuple[dict[str, Decimal], bool]:
    """The terms that cannot be left as they were, each as small as will do; False: a limit was reached before that was
    known of all."""
    sizes, below = dict(most), dict[str, float]()
    for name in reversed(list(most)):
        if bench.late:
            return sizes, False
        others = {n: v for n, v in sizes.items() if n != name}
        enough, spare = bench.weighed(bench.terms(lever.under(others)), road_map)
        sizes = others if enough else sizes
        below[name] = spare.get(name, math.nan)
    settled = True
    for name in list(sizes) if lever.sized else ():
        sizes[name], least = _least(bench, lever, sizes, name, road_map, below[name])
        settled = settled and least
    return sizes, settled


def _least(
    bench: Bench, lever: Lever, sizes: Sizes, name: str, road_map: RoadMap, below: float
) -> tuple[Decimal, bool]:
    """The least amount that will do, others as they are, to three figures rounded up; and whether it is the least.

    ``below``: what the party's least margin is without it. Each breach costs its party so much more for each unit, so
    that margin bends down as the amount grows: where a chord comes to zero it does not fall short.
    """

    def look(v: Decimal) -> tuple[bool, float]:
        enough, spare = bench.weighed(bench.terms(lever.under({**sizes, name: v})), road_map)
        return enough, spare.get(name, math.nan)

    low, high = Decimal(0), sizes[name]
    smallest = SMALLEST * float(high)
    above = look(high)[1]
    for n in count(1):
        if low >= high - unit(high) or high <= smallest or bench.late:
            break
        guess = math.sqrt(max(float(low), smallest) * float(high))
        if below < 0 < above and n % MIDDLE:
            guess = float(low) + below / (below - above) * float(high - low)
        v = min(max(round_up(guess), low + unit(low or high)), high - unit(high))
        enough, spare = look(v)
        low, high, below, above = (low, v, below, spare) if enough else (v, high, spare, above)
    return high, low >= high - unit(high)


def unit(x: Decimal) -> Decimal:
    """One in the third figure of a number."""
    return Decimal(1).scaleb(x.adjusted() - 2)


def _round_down(x: float) -> Decimal:
    """To three figures, never up."""
    up = round_up(x)
    return up if up <= Decimal(x) else up - unit(up)
