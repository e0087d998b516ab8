"""A repair in words: its kinds, its changes, what is proved of it, and what was tried besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.audit.words import listing
from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.clauses import sentence
from detente.report.numbers import count, number
from detente.report.text import Names
from detente.results.repair import Alternative, Attempt, Change, Repair, RepairKind

KINDS: Mapping[RepairKind, str] = {
    "fewest": "fewest changes of steps",
    "dates": "other dates only",
    "measures": "steps added or dropped, no date moved",
    "suspension": "suspended instead of lifted",
    "access": "access first",
    "escrow": "a forfeit",
    "stick": "a stick",
    "automatic": "withdrawal by itself",
}
ABOUT: Mapping[RepairKind, str] = {
    "suspension": "steps are left at what they were to replace, or give way to what they exclude, as far as that saves "
    "other changes",
    "access": "steps that give access come first, as far as that saves other changes",
    "escrow": "who leaves loses more (an escrow, say), and as few steps change as may be",
    "stick": "who leaves is punished for good, and as few steps change as may be",
    "automatic": "what was given ends by itself with the deal, for certain, and as few steps change as may be",
}
"""What a kind means, where its name does not say it."""

OF_TERMS = ("escrow", "stick", "automatic")
"""Changes that are no changes of steps."""


def title(a: Alternative) -> str:
    """``Other dates only, also the fewest changes of steps``."""
    if not a.counted:
        return "The same clauses in another reading"
    special = [KINDS[k] for k in a.kinds if k != "fewest"]
    told = "; ".join(special) if special else KINDS["fewest"]
    if special and "fewest" in a.kinds:
        told += f" (also the {KINDS['fewest']})"
    return told[0].upper() + told[1:]


def about(a: Alternative, repair: Repair) -> str:
    """What its kind means, where its name does not say it, and what was left open."""
    told = ABOUT.get(a.kinds[0], "")
    notes = [x.note for x in repair.attempts if x.kind == a.kinds[0] and x.outcome == "found" and x.note]
    return " ".join([*([f"Here {told}."] if told else []), *(f"{n[0].upper()}{n[1:]}." for n in notes)])


def hardship(case: ResolvedCase | None) -> str:
    """What hardship is."""
    length = f"{case.periods} {case.period}s" if case is not None else "the length of the calendar"
    return (
        "Hardship: the weights of clauses that were kept as tabled and are broken now (of one that must hold, that of "
        f"the heaviest wish besides), and 1 for each {length} by which steps move; a missing step counts as in force "
        "at the end."
    )


def wrong(repair: Repair) -> list[str]:
    """Everything that keeps the text from being certified; of each party the worst temptation only."""
    tabled = repair.tabled
    worst = {f.party: f for f in sorted(tabled.finding("tempted"), key=lambda f: f.gain or 0.0)}
    kinds = ("out-of-order", "over-capacity", "past-horizon", "would-not-sign", "not-ratified", "no-consent",
             "loses-support")  # fmt: skip
    grave = [f for f in tabled.findings if f.kind in kinds]
    broken = [f for f in tabled.finding("clause-broken") if " and binds" in f.message]
    told = [f.message for f in (*broken, *grave, *worst.values())]
    if tabled.certified and repair.outcome != "holds":
        told.append(f"{tabled.reason} That is less than the margin asked for, or not the text as tabled.")
    return told


def changes(n: int) -> str:
    """``1 change``."""
    return count(n, "change")


def change(c: Change, names: Names) -> str:
    """A change in a line."""
    step = names.of(c.measure) if c.measure else ""
    partner = names.of(c.partner) if c.partner else ""
    match c.kind:
        case "moved":
            return f"{step}: {_when(c.after, names)} instead of {_when(c.before, names)}"
        case "added":
            return f"{step}: added, {_when(c.after, names)}"
        case "dropped":
            return f"{step}: dropped"
        case "instead":
            return f"{step}: dropped for {partner}, {_when(c.after, names)}"
        case "left-at":
            return f"{step}: dropped, so that this stays: {partner}"
        case "given-up":
            return f"given up: {clause(c, names)}"
        case "escrow":
            return f"{names.of(c.party or '')} forfeits {number(c.amount)} more than now if it leaves"
        case "stick":
            target = names.of(c.party or "")
            return f"{partner} commits itself to take {number(c.amount)} a period from {target}, for good, if it leaves"
        case "automatic":
            return f"{step}: ends by itself, for certain, when the deal does"


def clause(c: Change, names: Names) -> str:
    """The clause given up, as written."""
    if names.case is None:
        return c.clause or ""
    return next((x.text for x in names.case.clauses if x.id == c.clause), c.clause or "")


def _when(t: int | None, names: Names) -> str:
    return "not on it" if t is None else names.when(t)


def proof(a: Alternative) -> str:
    """What is proved of how few its changes are, and how cheap it is."""
    other = " of other kinds" if a.kinds[0] in ("suspension", "access") else ""
    if a.kinds[0] in OF_TERMS:
        other = " of steps and terms"
    if a.counted <= 1:
        told = ""
    elif a.fewest:
        told = f"Proved: fewer than {changes(a.counted)}{other} will not do. "
    elif a.at_least > 1:
        told = (
            f"Proved: at least {changes(a.at_least)}{other} needed; whether {a.counted} are the fewest is not known. "
        )
    else:
        told = f"Whether fewer than {changes(a.counted)}{other} would do is not known. "
    if a.least:
        told += f"Proved: of its kind no {'single change' if a.counted == 1 else 'repair with as few'} costs less."
    elif a.fewest and not other:
        told += "Whether another with as few costs less is not known."
    return told.rstrip()


def cost(a: Alternative, names: Names) -> str:
    """``4 changes; clauses that weigh 24 are broken by it, dates move by 114 quarters in all``."""
    period = names.case.period if names.case is not None else "period"
    parts = []
    if a.cost.weights:
        parts.append(f"breaks clauses that weigh {number(a.cost.weights)}")
    if a.cost.periods:
        parts.append(f"moves steps by {count(a.cost.periods, period)} in all")
    hardship = f" (hardship {number(a.cost.hardship)}: {listing(parts)})" if parts else ""
    return f"{changes(a.cost.changes) if a.counted else 'no clause is given up'}{hardship}"


def broken(a: Alternative, names: Names, dates: Calendar | None = None) -> list[str]:
    """For each owner the clauses that were kept as tabled and are broken now, in words, each once; ``dates``: how
    periods are called."""
    clauses = {c.id: c for c in names.case.clauses} if names.case is not None else {}
    told = []
    for owner, t in a.tolls.items():
        words: dict[str, list[str]] = {}
        for id in t.broken:
            text = sentence(names.case, clauses[id], dates) if names.case is not None else ""
            words.setdefault(text, []).append(id)
        some = [f"{text} ({', '.join(ids)})" if text else "; ".join(ids) for text, ids in words.items()]
        if some:
            told.append(f"{names.of(owner)}: {'; '.join(some)}")
    return told


def same_steps(n: int, alternatives: Sequence[Alternative]) -> int | None:
    """The number of an earlier alternative with the same steps as number ``n``; None if there is none."""
    starts = alternatives[n - 1].road_map
    return next((m for m, a in enumerate(alternatives[: n - 1], 1) if a.road_map == starts), None)


def attempt(a: Attempt) -> str:
    """What came of a kind that led to nothing."""
    match a.outcome:
        case "none-exists":
            came = "proved: there is none"
        case "nothing-to-change":
            came = a.note
        case "no-help":
            came = a.note
        case _:
            came = f"not known: {a.note or 'a limit was reached'}"
    return f"{KINDS[a.kind]}: {came}"


def failed(repair: Repair) -> list[str]:
    """Kinds that led to nothing, with what came of each."""
    return [attempt(a) for a in repair.attempts if a.outcome != "found"]


def headline(repair: Repair, names: Names) -> tuple[str, str]:
    """The outcome in capitals, and in a sentence."""
    name = names.of(repair.name) if repair.name else "the road map"
    match repair.outcome:
        case "holds":
            return f"NOTHING TO MEND: {name}", "It is certified as it is: signed by all, nobody gains by leaving."
        case "repaired":
            n = len(repair.alternatives)
            ways = "one way" if n == 1 else f"{n} ways that differ in kind"
            return f"MENDED: {name}", f"{ways[0].upper()}{ways[1:]} to make it certified, fewest changes first."
        case "none-exists":
            told = "It is proved that no change of the kinds allowed makes it certified."
            return f"CANNOT BE MENDED: {name}", told
        case _:
            interrupted = repair.provenance.run.cut == "interrupted"
            ended = "before it was interrupted" if interrupted else "within the limits"
            return f"NOT MENDED: {name}", f"No repair was found {ended}; whether there is one is not known."
