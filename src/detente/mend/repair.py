"""Mending a text: the fewest, least costly changes that make it certified, several ways that differ in kind."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from detente import __version__
from detente.case.interchange import case_hash
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.mend.repair_asked import STEP_KINDS, TERM_KINDS, Asked
from detente.mend.repair_bench import Allotment, Bench, Tell, Terms
from detente.mend.repair_costs import Costs, Units
from detente.mend.repair_steps import Mended, Recipe, cheapest, mend, no_help, nothing_to_change, recipes
from detente.mend.repair_terms import Pulled, levers, pull, unbound
from detente.mend.repair_text import Text, as_written, in_general_terms
from detente.mend.repair_why import out_of_order, tolls, witness
from detente.results.audit import Audit
from detente.results.provenance import Provenance, Run
from detente.results.repair import Alternative, Attempt, Change, Outcome, Repair, RepairKind

SHARES = {
    "fewest": 6.0, "dates": 0.7, "measures": 1.5, "suspension": 1.5, "access": 1.0, "unbound": 2.0, "escrow": 0.7,
    "stick": 0.7, "automatic": 1.5, "cheapest": 2.0,
}  # fmt: skip
"""How the limits are shared between what is looked for."""

TELLING = 0.15
"""Part of the time that is left for judging each change by itself once all is found."""

UNSETTLED = "a limit was reached before it was known that no less will do"
"""What is said of changed terms whose sizes are not known to be the least."""

READING = 0.25
"""Part of the time in which a text in general terms is read, at most."""


def repair(
    case: ResolvedCase,
    tabled: RoadMap | str,
    asked: Asked,
    tell: Tell | None = None,
    stop: threading.Event | None = None,
) -> Repair:
    """Mend a road map, or a proposal in general terms by its name; an interrupt ends it with what was found so far."""
    began, stop, tell = time.monotonic(), stop or threading.Event(), tell or (lambda told: None)
    text = as_written(case, tabled) if isinstance(tabled, RoadMap) else _read(case, tabled, asked, tell, stop)
    seconds = None
    if asked.time_limit is not None:
        seconds = max(0.0, (1 - TELLING) * asked.time_limit - (time.monotonic() - began))
    bench = Bench(asked.keep, asked.margin, Allotment(_shares(asked), seconds, asked.work_limit), tell, stop)
    base = bench.terms(case)
    judged = bench.audit(base, text.road_map)
    workshop = Workshop(text, asked, bench, base, judged)
    if workshop.holds:
        return _answer(workshop, "holds", (), began)
    try:
        workshop.work()
    except KeyboardInterrupt:
        stop.set()
    alternatives = workshop.alternatives(None if asked.time_limit is None else began + asked.time_limit)
    return _answer(workshop, workshop.outcome(bool(alternatives)), alternatives, began)


def _shares(asked: Asked) -> dict[str, float]:
    """Shares of what is looked for with the kinds of changes that are allowed."""
    steps, terms = ([k for k in kinds if k in asked.allow] for kinds in (STEP_KINDS, TERM_KINDS))
    stages = {*steps, *terms, "cheapest"}
    if len(steps) > 1:
        stages.add("fewest")
    if steps and {"escrow", "stick"} & set(terms):
        stages.add("unbound")
    return {stage: share for stage, share in SHARES.items() if stage in stages}


def _read(case: ResolvedCase, proposal: str, asked: Asked, tell: Tell, stop: threading.Event) -> Text:
    """A proposal in general terms, with the reading from which mending starts."""
    tell("the reading to start from")
    return in_general_terms(case, proposal, asked.time_limit and READING * asked.time_limit, stop)


def _answer(workshop: Workshop, outcome: Outcome, alternatives: tuple[Alternative, ...], began: float) -> Repair:
    asked, text = workshop.asked, workshop.text
    limits = {
        "time_limit": asked.time_limit, "work_limit": asked.work_limit, "keep": list(asked.keep),
        "allow": list(asked.allow), "fix": list(asked.fix),
    }  # fmt: skip
    cut = "interrupted" if workshop.bench.stop.is_set() else workshop.bench.cut
    run = Run(time.monotonic() - began, platform.machine(), limits, cut)
    return Repair(
        text.road_map.name, text.reading, workshop.judged, outcome, alternatives, tuple(workshop.attempts),
        asked.margin, Provenance(case_hash(text.case), f"detente {__version__}", 0, run),
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A repair, before it is told."""

    kind: RepairKind
    mended: Mended
    terms: Terms
    units: Units | None
    """What a change of steps counts; None: none is allowed."""
    pulled: Pulled | None = None


class Workshop:
    """Looks for repairs of each kind in turn."""

    def __init__(self, text: Text, asked: Asked, bench: Bench, base: Terms, judged: Audit) -> None:
        self.text, self.asked, self.bench, self.base, self.judged = text, asked, bench, base, judged
        self.costs = Costs(text, judged, asked.fix)
        self.recipes = recipes(asked.allow, self.costs)
        self.attempts: list[Attempt] = []
        self.found: dict[RepairKind, Found] = {}
        self.until: float | None = None
        """When to stop looking into what was found, a moment of the monotonic clock."""

    @property
    def holds(self) -> bool:
        """Whether there is nothing to mend; of a text in general terms also all its clauses must be kept."""
        kept = {c.id for c in self.judged.clauses if c.holds}
        general = self.text.general and not kept.issuperset(c.id for c in self.text.own)
        return self.bench.certifies(self.base, self.judged) and not general

    # ---------------------------------------------------------------- looking

    def work(self) -> None:
        """Every kind that is allowed; then, as limits allow, the cheapest among repairs with as few changes."""
        for recipe in self.recipes:
            if self.bench.stop.is_set():
                return
            self.bench.allotment.begin(recipe.kind)
            self._note(recipe.kind, self._by_steps(recipe), recipe.units)
        self._fewest_of_all()
        self._by_terms([kind for kind in TERM_KINDS if kind in self.asked.allow])
        self.bench.allotment.begin("cheapest")
        plain = [r for r in self.recipes if r.kind in self.found and not r.favours]
        for n, recipe in enumerate(plain):
            if not self.bench.stop.is_set():
                found = self.found[recipe.kind]
                part = 1 / (len(plain) - n)
                better = cheapest(self.bench, self.base, self.costs, recipe, found.mended, part)
                self.found[recipe.kind] = replace(found, mended=better)

    def _fewest_of_all(self) -> None:
        """Where the search for the fewest changes was cut short another kind may have come to fewer."""
        fewest = self.found.get("fewest")
        if fewest is None or fewest.units is None or self.text.general:
            return
        for road_map in self._certified():
            counted = self.costs.count(fewest.units, road_map)
            if counted < fewest.mended.counted:
                fewest = replace(fewest, mended=replace(fewest.mended, road_map=road_map, counted=counted))
        self.found["fewest"] = fewest

    def _by_terms(self, kinds: Sequence[RepairKind]) -> None:
        """Kinds of other terms, with as few changes of steps as may be."""
        units = self.recipes[0].units if self.recipes else None
        favouring = {r.kind for r in self.recipes if r.favours}
        plain = min((f.mended.counted for kind, f in self.found.items() if kind not in favouring), default=None)
        stayed = None
        if units is not None and {"escrow", "stick"} & set(kinds):
            self.bench.allotment.begin("unbound")
            stayed = unbound(self.bench, self.base, self.costs, units, self._certified())
        every = levers(self.base, self.judged, self.text.road_map)
        for kind in kinds:
            if not self.bench.stop.is_set():
                self.bench.allotment.begin(kind)
                came = pull(self.bench, every[kind], self.costs, units, plain, self._certified(), stayed)
                self._note(kind, came, units)

    def _by_steps(self, recipe: Recipe) -> Mended | Attempt:
        """One kind by steps alone; none of a kind can do what all together cannot."""
        missing = nothing_to_change(self.costs, recipe.kind)
        if missing:
            return Attempt(recipe.kind, "nothing-to-change", note=missing)
        if self.attempts and self.attempts[0].outcome == "none-exists":
            return Attempt(recipe.kind, "none-exists")
        found = mend(self.bench, self.base, self.costs, recipe, self._certified())
        if isinstance(found, Mended) and recipe.favours and not self.costs.uses(recipe.kind, found.road_map):
            return no_help(recipe.kind, found)
        return found

    def _certified(self) -> list[RoadMap]:
        """Road maps found by changes of steps alone."""
        return [f.mended.road_map for f in self.found.values() if f.pulled is None]

    def _note(self, kind: RepairKind, came: Mended | Pulled | Attempt, units: Units | None) -> None:
        if isinstance(came, Attempt):
            self.attempts.append(came)
            return
        mended = came if isinstance(came, Mended) else came.mended
        note = "" if isinstance(came, Mended) or came.settled else UNSETTLED
        self.attempts.append(Attempt(kind, "found", mended.at_least, note))
        if isinstance(came, Mended):
            self.found[kind] = Found(kind, came, self.base, units)
        else:
            self.found[kind] = Found(kind, came.mended, came.terms, units, came)

    # ---------------------------------------------------------------- telling

    def outcome(self, repaired: bool) -> Outcome:
        """Repaired; proved that nothing of what is allowed does it; or not known."""
        if repaired:
            return "repaired"
        asked = len(self.recipes) + sum(kind in self.asked.allow for kind in TERM_KINDS)
        proved = all(a.outcome in ("none-exists", "nothing-to-change") for a in self.attempts)
        return "none-exists" if proved and len(self.attempts) == asked else "unknown"

    def alternatives(self, until: float | None) -> tuple[Alternative, ...]:
        """What was found, cheapest first; what came of several kinds is told once.

        Whether a change is needed is looked into ``until`` a moment of the monotonic clock.
        """
        self.until = until
        told: dict[tuple[RoadMap, str], tuple[Alternative, Found]] = {}
        for found in self.found.values():
            made = self._at_any_rate(partial(self._alternative, found))
            key = made.road_map, repr([c for c in made.changes if c.kind in TERM_KINDS])
            if key in told:
                made = replace(told[key][0], kinds=(*told[key][0].kinds, *made.kinds))
            told[key] = made, told[key][1] if key in told else found
        ordered = sorted(told.values(), key=lambda one: one[0].cost.rank)
        return tuple(self._at_any_rate(partial(self._with_reasons, made, found)) for made, found in ordered)

    def _at_any_rate(self, work: Callable[[], Alternative]) -> Alternative:
        """What comes of some work that an interrupt makes shorter."""
        try:
            return work()
        except KeyboardInterrupt:
            self.bench.stop.set()
            return work()

    @property
    def _late(self) -> bool:
        return self.bench.stop.is_set() or (self.until is not None and time.monotonic() >= self.until)

    def _alternative(self, found: Found) -> Alternative:
        road_map = self._tidied(found)
        judged = self.bench.audit(found.terms, road_map)
        terms = found.pulled.changes if found.pulled else ()
        cost = self.costs.cost(road_map, judged)
        changes = (*self._changes(found, road_map, judged), *terms)
        counted = found.mended.counted
        if road_map != found.mended.road_map and found.units is not None:
            counted = self.costs.count(found.units, road_map) + len(terms)
        return Alternative(
            kinds=(found.kind,), changes=changes,
            road_map=RoadMap(road_map.starts, f"{self.text.road_map.name}, mended"),
            cost=replace(cost, changes=cost.changes + len(terms)), at_least=found.mended.at_least, counted=counted,
            least=found.mended.least, audit=judged, tolls=tolls(self.text, self.judged, judged),
            settings=tuple(_settings(found.terms, terms)),
        )  # fmt: skip

    def _changes(self, found: Found, road_map: RoadMap, judged: Audit) -> Iterator[Change]:
        if self.text.general:
            held = {c.id: c.holds for c in judged.clauses}
            yield from (Change("given-up", clause=c.id) for c in self.text.own if not held[c.id])
        yield from self.costs.changes(road_map)

    def _tidied(self, found: Found) -> RoadMap:
        """Without changes of steps that turn out not to be needed (where a limit cut the search for the fewest)."""
        road_map = found.mended.road_map
        if self.text.general or found.mended.counted <= found.mended.at_least:
            return road_map
        for change in self.costs.changes(road_map):
            without = self.costs.undone(road_map, change)
            if not self._late and self.bench.certified(found.terms, without):
                road_map = without
        return road_map

    def _with_reasons(self, made: Alternative, found: Found) -> Alternative:
        """Each change with what goes wrong without it."""
        return replace(made, changes=tuple(self._explained(found, made.road_map, c) for c in made.changes))

    def _explained(self, found: Found, road_map: RoadMap, change: Change) -> Change:
        if change.kind == "given-up" or (self.text.general and change.kind not in TERM_KINDS):
            return change
        terms = found.terms
        if change.kind in TERM_KINDS and found.pulled is not None:
            terms = self.bench.terms(found.pulled.without(change))
        else:
            road_map = self.costs.undone(road_map, change)
        wrong = out_of_order(terms.case, road_map)
        if wrong is not None:
            return replace(change, without=wrong)
        if self._late:
            return change
        judged = self.bench.audit(terms, road_map)
        if self.bench.certifies(terms, judged):
            return change
        return replace(change, without=witness(self.text.case, judged, self.asked.margin))


def _settings(terms: Terms, changes: Sequence[Change]) -> Iterator[str]:
    """Changed terms as settings of the case; a stick is none."""
    for c in changes:
        if c.kind == "escrow" and c.party is not None:
            yield f"party.{c.party}.exit_cost={terms.case.parties[c.party].exit_cost}"
        elif c.kind == "automatic":
            yield f"measure.{c.measure}.withdrawal=automatic"
            yield f"measure.{c.measure}.undo.chance=1"
