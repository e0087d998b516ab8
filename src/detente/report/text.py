"""Answers as plain text for a terminal or ``print``: as wide as that is, names and dates where the case is known.

Times are written as they are in cases (``2020-Q4``), so that they can be copied into a road map or a clause.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from detente.audit.words import calendar
from detente.case.resolved import ResolvedCase
from detente.report.calendar import FOR_EVER_AFTER
from detente.report.content import PLAN_ROW
from detente.report.in_worlds_words import told as in_worlds
from detente.report.numbers import count, number, percent, signed
from detente.report.width import lines_of, width
from detente.results.audit import Audit, LeastMargin
from detente.results.compare import Comparison, Row
from detente.results.plan import NoPlan, Plan

Table = Sequence[Sequence[str]]


class Names:
    """Plain words for ids and periods; ids and indices where the case is not known."""

    def __init__(self, case: ResolvedCase | None) -> None:
        self.case = case
        self.of: Callable[[str], str] = str if case is None else case.title
        self._calendar = None if case is None else calendar(case)

    @property
    def period(self) -> str:
        """What a period is: ``month``, ``quarter``, ``year``."""
        return "period" if self.case is None else self.case.period

    def when(self, t: int) -> str:
        """``2020-Q4``, or ``period 6``."""
        if self.case is None or self._calendar is None:
            return f"period {t}"
        return FOR_EVER_AFTER if t >= self.case.periods else self._calendar.label(t)

    def weakest(self, least: LeastMargin | None) -> str:
        """Whose moment, when, and the margin there."""
        if least is None:
            return "nobody can leave"
        share = "" if least.relative is None else f" ({number(least.relative)} of its scale)"
        return f"{self.of(least.party)}, {self.when(least.period)}, margin {number(least.value)}{share}"


def audit_text(audit: Audit, case: ResolvedCase | None = None) -> str:
    """The verdict, each party's worth and weakest moment, and what else was found."""
    names = Names(case)
    name = f": {names.of(audit.road_map.name)}" if audit.road_map.name else ""
    lines = [f"{audit.verdict.upper()}{name}", *wrapped(audit.reason), _standing(audit), "", *parties(audit, names)]
    grave = [f for f in audit.findings if f.kind not in ("clause-broken", "tempted")]
    for f in [*sorted(audit.finding("tempted"), key=lambda f: -(f.gain or 0.0))[:3], *grave]:
        lines += ["", *wrapped(f"{f.kind}: {f.message}", "  ")]
        if f.cure is not None and f.cure.message:
            lines += wrapped(f"  cure: {f.cure.message}.", "    ")
    return "\n".join(lines)


def plan_text(plan: Plan, case: ResolvedCase | None = None) -> str:
    """The dated steps of each party, the weakest moment, what each gains, and how good it is proved to be."""
    names = Names(case)
    least = plan.audit.least_counted or plan.audit.least_margin
    lines = [
        f"PLAN ({plan.objective}): {_what(plan)}",
        f"Weakest moment: {names.weakest(least) if least else 'none, as nobody has anything to leave'}.",
        *(line for told in _optimal(plan, names) for line in wrapped(told)),
        "",
        *_within(plan, names),
        *steps(plan.starts, names),
        *parties(plan.audit, names, plan.details.get("shares", {})),
    ]
    return "\n".join(lines)


def _within(plan: Plan, names: Names) -> list[str]:
    """What it stands, if it was planned within a budget of errors."""
    from detente.report.price_text import within_text

    return within_text(plan.details.get("budget", {}), names)


def _what(plan: Plan) -> str:
    if not plan.starts:
        return "the empty road map: nobody does anything"
    return f"a certified road map with {count(len(plan.starts), 'measure')}"


def no_plan_text(answer: NoPlan, case: ResolvedCase | None = None) -> str:
    """Why there is no plan: proved, or not known."""
    if answer.outcome == "none-exists":
        head = "NO PLAN: it is proved that no road map is certified with what was asked"
    elif answer.reason.kind == "interrupted":
        head = "NO PLAN FOUND before the search was interrupted; whether one exists is not known"
    else:
        head = "NO PLAN FOUND within the limits; whether one exists is not known"
    lines = [
        head,
        f"Objective {answer.objective}; margin asked for: {number(answer.margin_required)}.",
    ]
    if answer.reason.tried:
        lines += wrapped(f"Tried: {'; '.join(answer.reason.tried)}.")
    if answer.reason.conflict:
        lines += wrapped("Had to be kept:") + _conflict(answer, case)
    return "\n".join(lines)


def _conflict(answer: NoPlan, case: ResolvedCase | None) -> list[str]:
    """Each clause with whose it is and what it asks."""
    clauses = {c.id: c for c in case.clauses} if case is not None else {}
    lines: list[str] = []
    for name in answer.reason.conflict:
        c = clauses.get(name)
        if c is None or case is None:
            lines += wrapped(f"  {name}", "    ")
            continue
        kind = c.kind.replace("-", " ") + (f' "{case.title(c.of)}"' if c.of and case.title(c.of) != c.owner else "")
        lines += wrapped(f'  {case.title(c.owner)}, {kind}: "{c.text}" ({c.id})', "    ")
    return lines


def comparison_text(comparison: Comparison, case: ResolvedCase | None = None) -> str:
    """Every reading of every proposal: verdict, weakest moment, worth, clauses, shares, what draws say."""
    names = Names(case)
    rows = [["", "verdict", "signed", "weakest", "margin", *_worth_heads(comparison, names), "draws"]]
    last = ""
    for row in comparison.rows:
        if row.name != last and row.name != PLAN_ROW:
            rows.append([names.of(row.name), *[""] * (len(rows[0]) - 1)])
        last = row.name
        rows.append(_comparison_row(row, names, rows[0]))
    lines = spanning(rows, "l" + "lll" + "r" * (len(rows[0]) - 4))
    drawn = next((r.draws for r in comparison.rows if r.draws), None)
    if drawn is not None:
        told = (
            f"draws: share of {drawn.n} draws of all ranges (seed {drawn.seed}) in which it is signed and holds; steps "
            "that must wait for longer work are put off. Margins and worths in the units of the party named."
        )
        lines += ["", *wrapped(told)]
    for row in comparison.rows:
        lines += _row_details(row, names)
    lines += _drivers(comparison)
    return "\n".join(lines)


def _worth_heads(comparison: Comparison, names: Names) -> list[str]:
    return [f"{p} (no deal)" for p in _principals(comparison, names)]


def _principals(comparison: Comparison, names: Names) -> Sequence[str]:
    if names.case is not None:
        return names.case.principals[:2]
    audit = next((r.audit for r in comparison.rows if r.audit), None)
    return list(audit.margin)[:2] if audit else []


def _comparison_row(row: Row, names: Names, head: Sequence[str]) -> list[str]:
    a, form = row.audit, reading(row, names)
    if a is None:
        return [form, row.note, *[""] * (len(head) - 2)]
    least = a.least_counted or a.least_margin
    parties = [h.removesuffix(" (no deal)") for h in head[5:-1]]
    return [
        form, a.verdict, "yes" if a.signed else "no",
        f"{least.party}, {names.when(least.period)}" if least else "-", number(least.value) if least else "-",
        *(f"{number(a.V[p][0])} ({number(a.reserve[p])})" for p in parties),
        percent(row.draws.both) if row.draws else "-",
    ]  # fmt: skip


def reading(row: Row, names: Names) -> str:
    """Which reading of a proposal a row is."""
    if row.name == PLAN_ROW:
        return "Planner's road map"
    form, _, party = row.completion.partition(":")
    return f"  {form.replace('-', ' ')} {party}".rstrip()


def _row_details(row: Row, names: Names) -> list[str]:
    """Clauses kept of each side, shares of each group, and what is left undone."""
    a = row.audit
    if a is None:
        return []
    title = reading(row, names).strip()
    lines = ["", title if row.name == PLAN_ROW else f"{names.of(row.name)}, {title}"]
    if names.case is not None:
        held = {c.id: c.holds for c in a.clauses}
        sets: dict[tuple[str, str], list[bool]] = {}
        for c in names.case.clauses:
            if c.kind in ("red-line", "position", "goal"):
                sets.setdefault((c.owner, c.kind), []).append(held.get(c.id, False))
        kinds = {"red-line": "red lines", "position": "positions", "goal": "goals"}
        kept = [f"{names.of(p)} {kinds[k]} {sum(v)}/{len(v)}" for (p, k), v in sets.items()]
        lines += wrapped(f"  clauses kept: {', '.join(kept)}", "    ") if kept else []
    shares = [f"{names.of(g)} {_share(s, names)}" for g, s in row.shares.items()]
    lines += wrapped(f"  done: {'; '.join(shares)}", "    ") if shares else []
    if row.undone:
        lines += wrapped(f"  left undone: {'; '.join(names.of(k) for k in row.undone)}", "    ")
    if row.draws is not None:
        d = row.draws
        lines.append(f"  draws: signed {percent(d.signed)}, holds {percent(d.holds)}, both {percent(d.both)}")
    if row.note:
        lines.append(f"  note: {row.note}")
    return lines


def _share(series: Sequence[float], names: Names) -> str:
    most = max(series, default=0.0)
    if most <= 0:
        return "none"
    return f"{percent(most)} by {names.when(next(t for t, s in enumerate(series) if s == most))}"


def _drivers(comparison: Comparison) -> list[str]:
    strong = [d for d in comparison.drivers if d.clear][:5]
    if not strong:
        return []
    lines = ["", "What moves the draws of the planner's road map most (share when drawn low, when drawn high):"]
    return [*lines, *(f"  {d.name or d.path}: {percent(d.low_half)}, {percent(d.high_half)}" for d in strong)]


def parties(audit: Audit, names: Names, shares: object = None) -> list[str]:
    """A line for each party: what it gets, what no deal is worth to it, its least margin."""
    told = shares if isinstance(shares, Mapping) else {}
    head = ["party", "worth", "no deal", "gain", *(["of its most"] if told else []), "least margin", "when"]
    rows = [head]
    for p, V in audit.V.items():
        row = [names.of(p), number(V[0]), number(audit.reserve[p]), signed(audit.gains.get(p))]
        row += [percent(told.get(p))] if told else []
        margin = audit.margin.get(p)
        if margin is None:
            rows.append([*row, "", "has no part in it"])
        else:
            t = min(range(len(margin)), key=lambda t: margin[t])
            rows.append([*row, signed(margin[t]) if margin[t] else "0", names.when(t)])
    told_below = "worth and no deal: at the party's own discount; gain: at the common one, as objectives weigh it."
    return [*table(rows, "l" + "r" * (len(head) - 2) + "l"), *wrapped(told_below), *_votes(audit, names)]


def _votes(audit: Audit, names: Names) -> list[str]:
    """Which camps are behind it at home, and whose consent it has; nothing where nobody is asked."""
    behind = [names.of(n) for n, f in audit.factions.items() if all(f.supports)]
    never = [names.of(n) for n, f in audit.factions.items() if not any(x is not False for x in f.supports)]
    others = [names.of(n) for n in audit.factions if names.of(n) not in (*behind, *never)]
    camps = (("always for it", behind), ("never", never), ("not always, or not known", others))
    told = {True: "given", False: "not given", None: "not known"}
    parts = [f"{word}: {', '.join(who)}" for word, who in camps if who]
    consents = [f"{names.of(n)} {told[given]}" for n, given in audit.consents.items()]
    lines = wrapped(f"At home {'; '.join(parts)}.") if parts else []
    return [*lines, *(wrapped(f"Consent: {'; '.join(consents)}.") if consents else [])]


def _standing(audit: Audit) -> str:
    signing = "signed by all that have a part in it" if audit.signed else "not signed by all"
    clauses = "binding clauses kept" if audit.clauses_kept else "a binding clause is broken"
    return f"{signing.capitalize()}; {clauses}; {'certified' if audit.certified else 'not certified'}."


AMONG_FAIR = (
    "of those that give each principal its part of what the fairest road map found gives it; "
    "whether that is the fairest there is, is not known"
)


def _optimal(plan: Plan, names: Names) -> list[str]:
    return [_optimality(plan, names)] if plan.worlds is None else in_worlds(plan, plan.worlds, names.of, names.when)


def _optimality(plan: Plan, names: Names) -> str:
    value, bound = number(plan.value), number(plan.bound)
    if plan.objective == "fast":
        value = names.when(round(plan.value))
        bound = names.when(math.ceil(plan.bound - 1e-6)) if math.isfinite(plan.bound) else "no period"
        goal = names.of(str(plan.details.get("goal", "")))
        told = f'Goal "{goal}" reached {value}; proved: not before {bound}.'
    elif plan.unlimited:
        told = "No margin limits its value: leaving it changes nothing for anybody."
    elif plan.gap <= 1e-6 * max(1.0, abs(plan.value)):
        told = f"Value {value}, proved to be the best"
        told += f" {AMONG_FAIR}." if plan.details.get("floors_open") else "."
    elif not math.isfinite(plan.bound):
        told = f"Value {value}; nothing is proved yet of how much better another may be."
    else:
        told = f"Value {value}; proved: no better than {bound} (gap {number(plan.gap)})."
    cut = {"clock": "the time limit was reached", "work-limit": "the work limit was reached",
           "interrupted": "interrupted"}.get(plan.provenance.run.cut or "")  # fmt: skip
    told += f" Cut short: {cut}; a longer run may find a better one." if cut else ""
    ruled_out = f"{count(plan.breaches_added, 'way')} to gain by leaving found on other road maps and ruled out"
    return f"{told} Margin asked for: {number(plan.margin_required)}; {ruled_out}."


def steps(starts: Mapping[str, int], names: Names) -> list[str]:
    """Every step with its date, in order, under the party that takes it."""
    case = names.case
    if case is None:
        return [*table([["measure", "starts"], *([k, names.when(s)] for k, s in starts.items())], "ll"), ""]
    lines: list[str] = []
    for party in case.parties:
        own = [(s, k) for k, s in starts.items() if case.measures[k].by == party]
        if not own:
            continue
        lines.append(names.of(party))
        rows = [["  begins", "in force", "measure"]]
        order = {k: n for n, k in enumerate(case.measures)}
        for s, k in sorted(own, key=lambda x: (x[0], order[x[1]])):
            rows.append([f"  {names.when(s)}", names.when(s + case.measures[k].takes), case.title(k)])
        lines += [*table(rows, "lll"), ""]
    return lines


def table(rows: Table, align: str) -> list[str]:
    """Columns side by side; the last one is wrapped where it would run past the margin."""
    if not rows:
        return []
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines: list[str] = []
    for row in rows:
        cells = [x.rjust(w) if a == "r" else x.ljust(w) for x, w, a in zip(row, widths, align, strict=True)]
        head = "  ".join(cells[:-1]) + "  " if len(cells) > 1 else ""
        room = max(width() - len(head), 20)
        last = cells[-1] if align[-1] == "r" else cells[-1].rstrip()
        parts = lines_of(last, room) if len(last) > room else [last]
        lines += [((head if n == 0 else " " * len(head)) + part).rstrip() for n, part in enumerate(parts)]
    return lines


def fitted(rows: Table, align: str) -> list[str]:
    """As :func:`table`, but it is the first column that is wrapped, where all together would run past the margin."""
    rest = table([row[1:] for row in rows], align[1:])
    room = max(min(max(len(row[0]) for row in rows), width() - 2 - max(map(len, rest))), 16)
    lines: list[str] = []
    for row, others in zip(rows, rest, strict=True):
        first, *more = lines_of(row[0], room)
        lines += [f"{first.ljust(room)}  {others}".rstrip(), *("  " + x for x in more)]
    return lines


def spanning(rows: Table, align: str) -> list[str]:
    """As :func:`table`, but a cell followed by empty ones only may run over them."""
    full = [row for row in rows if any(row[2:])]
    widths = [max(len(row[n]) for row in full) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        if row in full:
            cells = [x.rjust(w) if a == "r" else x.ljust(w) for x, w, a in zip(row, widths, align, strict=True)]
            lines.append("  ".join(cells).rstrip())
        else:
            lines.append("  ".join(x for x in (row[0].ljust(widths[0]) if row[1] else row[0], row[1]) if x))
    return lines


def wrapped(text: str, indent: str = "") -> list[str]:
    """A paragraph as lines."""
    return lines_of(text, width(), indent)
