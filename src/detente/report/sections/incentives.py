"""Why it holds: margins, exposure and trust, and what a walk-out leads to."""

from __future__ import annotations

import re
from collections import Counter

from detente.report import words
from detente.report.calendar import Calendar
from detente.report.charts.margins import margins as margins_chart
from detente.report.charts.margins import weakest
from detente.report.charts.trust import trust as trust_chart
from detente.report.charts.walk_out import affected, drawn, payoffs, states
from detente.report.content import BriefContent
from detente.report.document import Block, Bullets, Cell, Column, Figure, Heading, Para, Table, Text, itemised, listed
from detente.report.numbers import number, percent, signed
from detente.results.audit import Audit, FindingKind
from detente.results.plan import Plan
from detente.results.walk_out import Departure, StickUsed

_REMARKS: tuple[FindingKind, ...] = (
    "hollow-stick",
    "broken-breakdown",
    "unverifiable",
    "delay-prone",
    "pocketing",
    "power-shift",
)


def margins(content: BriefContent, audit: Audit) -> list[Block]:
    """By how much staying beats leaving, all along."""
    parties = [p for p in content.case.parties if p not in audit.bystanders]
    if not parties:
        return []
    alt = "; ".join(_weakest_words(content, audit, p) for p in parties)
    return [
        Heading(2, "By how much staying beats leaving", "margins"),
        Para(
            "At every date each party can go on, walk out, pretend to do what it promised, or secretly undo what it "
            "has done. The margin is what "
            "going on is worth to it, less the best of these. While it is above the zero line, keeping the deal is "
            "in the party’s own interest; "
            "below it, leaving pays."
        ),
        _weakest_table(content, audit, parties),
        Figure(
            margins_chart(content.case, audit),
            "Margin of each party in each period, in its own units; the last point is for ever after. Circle: the "
            "party’s weakest moment. Hollow "
            "points: leaving would change nothing any more.",
            alt,
        ),
        *_remarks(content, audit),
    ]


def _weakest_words(content: BriefContent, audit: Audit, party: str) -> str:
    t = weakest(audit, party)
    if t is None:
        return f"{content.name(party)}: nothing to gain or lose by leaving"
    return f"{content.name(party)}: weakest in {Calendar.of(content.case).label(t)}, {number(audit.margin[party][t])}"


def _weakest_table(content: BriefContent, audit: Audit, parties: list[str]) -> Table:
    calendar = Calendar.of(content.case)
    rows: list[tuple[Cell | str, ...]] = []
    for p in parties:
        t = weakest(audit, p)
        has, needs = audit.terminal_stake.get(p, (None, None))
        stake: tuple[Cell | str, ...] = (Cell(number(has), "right"), Cell(number(needs), "right"))
        if t is None:
            rows.append((content.name(p), "none", Cell("–", "right"), "leaving changes nothing at any time", *stake))
            continue
        best = audit.best_breach.get(p, ())
        how = words.breach(content.case, best[t]) if t < len(best) else ""
        rows.append((content.name(p), calendar.label(t), Cell(signed(audit.margin[p][t]), "right"), how, *stake))
    columns = (
        Column("Party", 1.2),
        Column("Weakest moment", 1.0),
        Column("Margin", 0.7, "right"),
        Column("Best way of leaving then", 2.6),
        Column("At stake at the end", 0.9, "right"),
        Column("Needed at the end", 0.9, "right"),
    )
    return Table(
        "Weakest moments",
        columns,
        tuple(rows),
        note="At stake at the end: what the party could still lose by leaving after the last step; needed: how much "
        "it takes to keep it from leaving.",
    )


def _remarks(content: BriefContent, audit: Audit) -> list[Block]:
    found = [f for kind in _REMARKS for f in audit.finding(kind)]
    if not found:
        return []
    items: list[Text] = [_remark(content, f.message) for f in found]
    return [
        Heading(3, "Remarks of the auditor", "remarks"),
        Para("None of these makes anybody leave; they are worth knowing.", small=True),
        Bullets(tuple(items)),
    ]


def _remark(content: BriefContent, message: str) -> str:
    """A finding’s message as a sentence, with dates as everywhere in the brief."""
    calendar = Calendar.of(content.case)
    text = calendar.respelt(words.upper(message)) + ("" if message.endswith(".") else ".")
    return re.sub(r'"([^"]*)"', r"“\1”", text)


def trust(content: BriefContent, audit: Audit) -> list[Block]:
    """What each side risks if the other leaves, and how sure of the other it has to be."""
    parties = [p for p in content.case.parties if p not in audit.bystanders]
    if not parties:
        return []
    alt = "; ".join(
        f"{content.name(p)}: exposure at most {number(max(audit.exposure[p]))}, trust needed at most "
        f"{percent(max(audit.trust_needed[p]))}"
        for p in parties
    )
    return [
        Heading(2, "Exposure, and the trust needed", "trust"),
        Para(
            "Exposure is what going on costs a party if another leaves openly at that moment, compared with leaving "
            "at the same time. The trust needed "
            "is how likely it must think the others to go on, for going on to be worth its while: the less is at "
            "risk and the larger the margin, "
            "the less trust it takes."
        ),
        Figure(
            trust_chart(content.case, audit),
            "Exposure in each party’s own units (left), and the trust needed (right). Circle: where it is largest.",
            alt,
        ),
    ]


def walk_out(content: BriefContent) -> list[Block]:
    """One picture for each party that may leave."""
    if content.walk_out is None or not content.walk_out.departures:
        return []
    blocks: list[Block] = [
        Heading(2, "If somebody walks out", "walk-out"),
        Para(
            "For each party: it leaves openly at its weakest moment. It stops at once; the others see it and stop "
            "when their response lag is over. "
            "Then each undoes those of its own measures that it is better off undoing, and no others: nobody is "
            "assumed to punish against its own interest."
        ),
    ]
    full, others = _in_full(content, content.walk_out.departures)
    for i, d in enumerate(full):
        blocks += _departure(content, d, i)
    return [*blocks, _others(content, others)] if others else blocks


def _in_full(content: BriefContent, departures: tuple[Departure, ...]) -> tuple[list[Departure], list[Departure]]:
    """Departures of the principals and of the party with the weakest moment of all, and the others."""
    audit = content.plan.audit if isinstance(content.plan, Plan) else None
    least = (audit.least_counted or audit.least_margin) if audit else None
    wanted = {*content.case.principals, *([least.party] if least else [])}
    wanted = wanted if any(d.party in wanted for d in departures) else set(content.case.parties)
    return [d for d in departures if d.party in wanted], [d for d in departures if d.party not in wanted]


def _departure(content: BriefContent, d: Departure, i: int) -> list[Block]:
    case, calendar = content.case, Calendar.of(content.case)
    who, when = words.the(content.name(d.party)), calendar.label(d.period)
    changed, shown = affected(d), drawn(d)
    stays = [content.name(m.measure) for m in d.measures if m.end == "stays" and m not in changed]
    never = [m.measure for m in changed if m not in shown]
    blocks: list[Block] = [
        Heading(3, f"{content.name(d.party)} walks out: {when}", f"walk-out-{i + 1}"),
        _margin_then(content, d),
    ]
    if changed:
        alt = "; ".join(f"{content.name(m.measure)}: {m.end.replace('-', ' ')}" for m in changed)
        blocks.append(
            Figure(
                states(case, d),
                f"What changes if {who} walks out {calendar.when(d.period)}. Thin line: if everybody had gone on."
                + (" What had not begun is left out." if never else ""),
                alt,
                0.82,
            )
        )
    if never:
        blocks.append(Para(_never(content, never), small=True))
    if stays:
        blocks.append(
            Para(
                f"Stays in force, since its owner is no better off undoing it or cannot: {itemised(stays)}.",
                small=True,
            )
        )
    blocks += [_stick(content, s) for s in d.sticks]
    blocks.append(_worth(content, d))
    if any(d.payoff_stay[p] != d.payoff_leave[p] for p in case.parties):
        blocks.append(
            Figure(
                payoffs(case, d),
                "What each party gets in each period, in its own units: full line if everybody goes on, dashed after "
                "the walk-out.",
                "The values of both lines, summed and discounted, are in the table above.",
            )
        )
    return blocks


def _margin_then(content: BriefContent, d: Departure) -> Para:
    """What staying is worth more than leaving, and whether a covert breach would be worth more than the open one."""
    who = words.the(content.name(d.party))
    covert = (
        f" Its best way of leaving then would be another: {words.breach(content.case, d.best)}."
        if d.best.how == "covert"
        else ""
    )
    if d.margin >= 0:
        return Para(
            f"At this moment staying is worth {number(d.margin)} more to {who} than the best way of leaving.{covert}"
        )
    return Para(f"At this moment leaving is worth {number(-d.margin)} more to {who} than staying.{covert}")


def _never(content: BriefContent, measures: list[str]) -> str:
    """What had not begun and never does: by name if few, else counted for each party."""
    if len(measures) <= MOST_NAMED:
        return f"Had not begun, and never will: {itemised([content.name(k) for k in measures])}."
    owners = Counter(content.case.measures[k].by or "" for k in measures)
    counts = [f"{content.name(p)} {owners[p]}" for p in content.case.parties if owners[p]]
    counts += [f"milestones {owners['']}"] if owners[""] else []
    return f"{len(measures)} of the road map’s measures had not begun, and never will: {listed(counts, 99)}."


MOST_NAMED = 8


def _others(content: BriefContent, departures: list[Departure]) -> Table:
    """Parties whose departure is told in a line."""
    calendar = Calendar.of(content.case)
    rows: list[tuple[Cell | str, ...]] = []
    for d in departures:
        ends: Counter[str] = Counter(m.end for m in affected(d))
        told = [f"{ends[end]} {word}" for end, word in _ENDS.items() if ends[end]]
        stay, leave = d.value_stay[d.party], d.value_leave[d.party]
        rows.append(
            (
                content.name(d.party),
                calendar.label(d.period),
                Cell(number(stay), "right"),
                Cell(number(leave), "right"),
                ", ".join(told) or "nothing changes",
            )
        )
    columns = (
        Column("Party that leaves", 1.4),
        Column("Weakest moment", 1.1),
        Column("Staying is worth", 0.9, "right"),
        Column("Walking out is worth", 1.1, "right"),
        Column("What becomes of the measures", 2.6),
    )
    note = "Worth to the party that leaves, from that moment on, in its own units."
    return Table("If another party walks out", columns, tuple(rows), note)


_ENDS = {"undone": "undone", "work-stops": "stop in mid-work", "never-begins": "never begin"}


def _stick(content: BriefContent, s: StickUsed) -> Para:
    calendar = Calendar.of(content.case)
    until = f" until {calendar.label(s.until)}" if s.until is not None and s.until < calendar.periods else ", for ever"
    owner, target = words.upper(words.the(content.name(s.by))), words.the(content.name(s.against))
    return Para(f"{owner} uses “{content.name(s.id)}” against {target} {calendar.since(s.start)}{until}.")


def _worth(content: BriefContent, d: Departure) -> Table:
    calendar = Calendar.of(content.case)
    rows: list[tuple[Cell | str, ...]] = []
    for p in content.case.parties:
        if p not in d.value_stay:
            continue
        stop = calendar.label(d.stops[p]) if p in d.stops else "–"
        name = f"{content.name(p)} (leaves)" if p == d.party else content.name(p)
        rows.append((name, stop, Cell(number(d.value_stay[p]), "right"), Cell(number(d.value_leave.get(p)), "right")))
    columns = (
        Column("Party", 1.6),
        Column("Stops in", 1.0),
        Column("If everybody goes on", 1.0, "right"),
        Column("After the walk-out", 1.0, "right"),
    )
    return Table("What it is worth to each, from that moment on, in its own units", columns, tuple(rows))
