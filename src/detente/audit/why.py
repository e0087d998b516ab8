"""Why a party stays or leaves: V, W and its best breach, measure by measure, summing exactly to the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from detente.audit.exact import Cheat, ExactRoadMap
from detente.audit.exact.aftermath import World
from detente.audit.exact.terms import NEVER
from detente.audit.grounds import grounds
from detente.audit.judge import provenance
from detente.audit.margins import Limits, Margins, as_cheat
from detente.audit.structure import check_names
from detente.audit.words import moment
from detente.case.factions import as_faction
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.results.audit import Breach
from detente.results.why import Part, PartKind, Why

Key = tuple[PartKind, str]
Parts = Mapping[Key, Fraction]
"""Amounts in period-0 money, over the ledger's unit."""

STATUS_QUO: Key = ("status-quo", "")
EXIT_COST: Key = ("exit-cost", "")


def why(case: ResolvedCase, road_map: RoadMap, party: str, period: int, *, limits: Limits | None = None) -> Why:
    """The choice of a party in a period, exactly; of a faction, what its party would choose if it had its way."""
    if party in case.factions:
        seen = why(as_faction(case, party), road_map, case.factions[party].party, period, limits=limits)
        return replace(seen, party=party, provenance=provenance(case, limits or Limits()))
    check_names(case, road_map)
    margins = Margins(grounds(case), road_map, limits or Limits())
    i = _index(margins, party, period)
    rm, ledger = margins.exact, margins.grounds.exact.ledgers[i]
    cell = margins.cell(i, period)
    stay = _world(rm, i, World(period, (NEVER,) * rm.terms.P))
    walk = _leaving(rm, i, rm.walk(i, period).world)
    cheat = None if cell.cheat is None else as_cheat(cell.cheat, period)
    breach = walk if cheat is None else _cheating(rm, i, cheat)
    parts = []
    for key in _order(rm):
        a, b, c = (ledger.money(1, period) * side.get(key, Fraction(0)) for side in (stay, walk, breach))
        if a or b or c:
            parts.append(Part(*key, a, b, c, _note(rm, i, key, rm.walk(i, period).world, cheat)))
    best = _breach(margins, cheat, period)
    return Why(
        road_map, party, period, rm.V(i, period), rm.W(i, period), rm.V(i, period) - cell.margin, best,
        None if cheat is None else rm.outcome(i, cheat).walks, tuple(parts), provenance(case, margins.limits),
    )  # fmt: skip


def _index(margins: Margins, party: str, period: int) -> int:
    """Index of a party that can breach; says what is wrong with the question."""
    stakes = margins.grounds.stakes
    problem = None
    if party not in stakes.party_index:
        problem = Diagnostic(
            "DET702",
            f'there is no party "{party}"',
            fix=did_you_mean(party, (*stakes.parties, *margins.grounds.case.factions)),
        )
    elif stakes.party_index[party] not in margins.players:
        problem = Diagnostic(
            "DET702", f'"{party}" is a bystander: none of its measures is on the road map or done',
            why="it has nothing to leave", fix="ask for a party that performs something",
        )  # fmt: skip
    elif not 0 <= period <= stakes.periods:
        problem = Diagnostic(
            "DET703", f"period {period} does not exist",
            why=f"periods run from 0 to {stakes.periods}, the last for ever after",
            fix=f"ask for 0 to {stakes.periods}",
        )  # fmt: skip
    if problem is not None:
        raise InputError([problem])
    return stakes.party_index[party]


def _order(rm: ExactRoadMap) -> list[Key]:
    keys: list[Key] = [STATUS_QUO]
    keys += [("milestone" if t.owner < 0 else "measure", t.name) for t in rm.terms.terms]
    keys += [("stick", s.id) for s in rm.terms.sticks]
    return [*keys, EXIT_COST]


def _world(rm: ExactRoadMap, i: int, world: World) -> dict[Key, Fraction]:
    """What each thing pays from the world's first period on; exit cost apart."""
    ledger, after = rm.exact.ledgers[i], rm.aftermath
    found: dict[Key, Fraction] = {STATUS_QUO: Fraction(ledger.status_quo[world.t])}
    for k, term in enumerate(rm.terms.terms):
        if term.owner < 0:
            found["milestone", term.name] = Fraction(after.milestone(ledger, k, world))
        else:
            found["measure", term.name] = Fraction(after.measure(ledger, k, world))
    found.update({("stick", s.id): Fraction(after.stick(ledger, s.id, world)) for s in rm.terms.sticks})
    return found


def _leaving(rm: ExactRoadMap, i: int, world: World) -> dict[Key, Fraction]:
    """As ``_world``, after walking out, with the exit cost."""
    ledger = rm.exact.ledgers[i]
    return {**_world(rm, i, world), EXIT_COST: Fraction(-ledger.exit_cost * ledger.at[world.t])}


def _cheating(rm: ExactRoadMap, i: int, cheat: Cheat) -> dict[Key, Fraction]:
    """Expected parts of a covert breach: period by period while unseen, then found, walking out, or for ever."""
    cheating, ledger = rm.cheating(i), rm.exact.ledgers[i]
    total: dict[Key, Fraction] = defaultdict(Fraction)
    steps, walks, still = list(cheating.steps(cheat)), rm.outcome(i, cheat).walks, Fraction(1)
    for step in steps:
        h, now = step.found, _paid(rm, i, cheat, step.t)
        now[EXIT_COST] = -h * ledger.exit_cost * ledger.at[step.t]
        if h:
            for key, x in _world(rm, i, cheating.leaving.exit(step.t + 1, True, cheat).world).items():
                now[key] = now.get(key, Fraction(0)) + h * x
        for_ever = step is steps[-1] and walks is None
        weight = still / (1 - (1 - h) * ledger.discount) if for_ever else still
        _add(total, now, weight)
        still *= 1 - h
        if for_ever:
            break
        if walks == step.t + 1:
            _add(total, _leaving(rm, i, cheating.leaving.exit(walks, False, cheat).world), still)
            break
    return total


def _add(total: dict[Key, Fraction], parts: Parts, weight: Fraction) -> None:
    for key, x in parts.items():
        total[key] += weight * x


def _paid(rm: ExactRoadMap, i: int, cheat: Cheat, t: int) -> dict[Key, Fraction]:
    """What each thing pays in one period of an unseen cheat."""
    cheating, never = rm.cheating(i), (NEVER,) * rm.terms.P
    now, later = _world(rm, i, World(t, never)), _world(rm, i, World(t + 1, never))
    paid = {key: x - later[key] for key, x in now.items()}
    for k in cheat.all:
        paid["measure", rm.terms.measures[k]] += cheating.saved(k, cheat, t)
    for m in cheating.leaving.valued:
        paid["milestone", rm.terms.measures[m]] += cheating.disbelieved(m, cheat, t)
    return paid


def _breach(margins: Margins, cheat: Cheat | None, period: int) -> Breach:
    if cheat is None:
        return Breach("walk", period)
    names = margins.grounds.stakes.measures
    fakes, undoes = (tuple(names[k] for k in sorted(ks)) for ks in (cheat.fakes, cheat.undoes))
    return Breach("covert", period, fakes, undoes)


def _note(rm: ExactRoadMap, i: int, key: Key, world: World, cheat: Cheat | None) -> str:
    """What becomes of a measure, in a few words: of a cheated one by the cheat, else once the party walks out."""
    kind, name = key
    if kind != "measure":
        return ""
    case, k = rm.exact.case, rm.terms.measure_index[name]
    term, course = rm.terms.terms[k], rm.course
    if cheat is not None and k in cheat.fakes:
        return "pretended"
    if cheat is not None and k in cheat.undoes:
        return f"secretly undone by {moment(case, cheat.begin + (term.undo_takes or 0))}"
    world = replace(world, cheat=None)
    stop = world.stops[term.owner]
    if course.force[k] >= stop:
        return "not carried out" if course.start[k] < NEVER else ""
    if course.gone[k] < stop:
        return f'replaced by "{case.title(rm.terms.measures[course.heir[k]])}"'
    if rm.aftermath.withdrawn(k, stop) and k not in world.left:
        chance = "" if term.chance == 1 else f", works with chance {float(term.chance):g}"
        return f"undone by {moment(case, stop + (term.undo_takes or 0))}{chance}"
    return "left as it is" if course.force[k] < world.t else f"still comes in {moment(case, course.force[k])}"
