"""The first page, for somebody who has never heard of the program."""

from __future__ import annotations

from detente.report import clauses, words
from detente.report.calendar import Calendar
from detente.report.charts.rows import in_force_dates
from detente.report.content import BriefContent
from detente.report.document import Block, Bullets, Callout, Heading, Para, Strong, Text, listed
from detente.report.numbers import count, number, percent
from detente.report.sections import crux, left_out
from detente.results.audit import Audit, LeastMargin
from detente.results.compare import DrawShares, Row
from detente.results.explain import Explanation
from detente.results.plan import NoPlan, Plan


def summary(content: BriefContent) -> list[Block]:
    """The case, the proposals, the road map, how sure, what is not said."""
    about = [Para(" ".join(p.split())) for p in content.about.split("\n\n")[:1] if p.strip()]
    return [
        Heading(2, "Summary", "summary"),
        *about,
        Para(
            "The question of this brief: is there a road map, a sequence of dated steps by each side, that nobody "
            "would gain by "
            "leaving at any moment, neither by walking out nor by cheating in secret? Where there is none, keeping "
            "promises is at some moment against somebody’s interest; where there is one, it needs little trust."
        ),
        answer(content),
        *_proposals(content),
        *crux.crux(content),
        *_how_sure(content),
        Heading(3, "What this does not say", "summary-limits"),
        Para(
            "The answer follows from the case: from what each step is, and from what it is taken to be worth to each "
            "side. These "
            "judgements are listed with their ranges and reasons at the end; whoever holds others can put them in "
            "and will get "
            "another answer. It says when leaving pays, not that anybody leaves; it knows no anger, accidents, or "
            "talks after a breakdown."
        ),
        *left_out.note(content),
    ]


def answer(content: BriefContent) -> Callout:
    """The planner's answer in a box; proof of absence and failure to find are told apart."""
    plan = content.plan
    if isinstance(plan, Plan):
        return Callout("A road map that holds was found", _found(content, plan), "good")
    if plan.outcome == "none-exists":
        return Callout("No road map holds: this is proved", _none_exists(content, plan), "bad")
    return Callout("No road map was found; whether one exists is not known", _unknown(content, plan), "open")


def _found(content: BriefContent, plan: Plan) -> Text:
    case, calendar = content.case, Calendar.of(content.case)
    dates = in_force_dates(case, plan.road_map)
    if not plan.starts:
        return (
            "It is the empty one: nobody does anything, and nobody gains by leaving that. No road map with steps in it "
            "was found that does better by what was looked for; that is no proof that there is none."
        )
    last = max(dates[k] for k in plan.starts)
    first = min(plan.starts.values())
    who = listed(
        [words.the(content.name(p)) for p in case.parties if any(case.measures[k].by == p for k in plan.starts)], 6
    )
    signers = (
        "Every party that has a part in it would sign it" if plan.audit.signed else "Not every party would sign it"
    )
    span = f"begins in {calendar.label(first)} and is complete in {calendar.label(last)}"
    steps = f"It has {count(len(plan.starts), 'measure')} by {who}, {span}. "
    rest = (
        f"{signers}, and at no moment does anybody gain by leaving. "
        f"{_weakest(content, plan.audit.least_counted or plan.audit.least_margin)}"
    )
    if plan.gap > SETTLED * max(1.0, abs(plan.value)):
        rest += " It is the best that was found; whether there is a better one was not settled."
    return (Strong(steps), rest)


SETTLED = 1e-6
"""Gap between what was found and what is proved possible, as a part of the former, up to which it is the best."""


def _weakest(content: BriefContent, least: LeastMargin | None) -> str:
    if least is None:
        return "Nobody on it has anything to gain by leaving at any time."
    when, who = Calendar.of(content.case).when(least.period), words.the(content.name(least.party))
    text = (
        f"It is weakest {when}, for {who}: there, staying is worth only {number(least.value)} more to it than the "
        "best way of leaving"
    )
    if least.relative is not None:
        text += f", {percent(least.relative)} of all that it could get from the measures of this case"
    return text + "."


def _none_exists(content: BriefContent, plan: NoPlan) -> Text:
    explained = content.beyond.answer(Explanation) is not None
    conflict = (
        f" What clashes: {listed([_condition(content, c) for c in plan.reason.conflict], 6)}."
        if plan.reason.conflict and not explained
        else ""
    )
    return (
        "With the central numbers of this case, every sequence of these measures is left by somebody, refused by "
        "somebody, breaks a red line, or is too weak at some moment: by the margin asked for, "
        f"{number(plan.margin_required)} of each party’s scale. Other measures, weaker red lines, better inspection "
        f"or larger stakes might change that.{conflict}"
    )


def _unknown(content: BriefContent, plan: NoPlan) -> Text:
    why = "was stopped" if plan.reason.kind == "interrupted" else "reached its limit"
    tried = f" Tried: {'; '.join(plan.reason.tried)}." if plan.reason.tried else ""
    return (
        "This is not a proof that there is none. ",
        f"The search {why} before it found a road map that holds or could rule one out.{tried}",
    )


def _condition(content: BriefContent, name: str) -> str:
    clause = next((c for c in content.case.clauses if c.id == name), None)
    if clause is None:
        return content.name(name)
    return f"{name} of {content.name(clause.owner)} ({clauses.sentence(content.case, clause)})"


def _proposals(content: BriefContent) -> list[Block]:
    rows = content.proposal_rows()
    if not rows:
        return []
    items = tuple(
        _proposal(content, name, [r for r in rows if r.name == name]) for name in dict.fromkeys(r.name for r in rows)
    )
    drawn = next((r.draws for r in rows if r.draws), None)
    shares = (
        f"“Stands in” is the share of {words.draws(drawn.n)} of all uncertain numbers in which it is signed by all and "
        "holds. "
        if drawn
        else ""
    )
    return [
        Heading(3, "The proposals on the table", "summary-proposals"),
        Bullets(items),
        Para(f"{shares}What each would be worth to whom is in the tables that follow.", small=True),
    ]


def _proposal(content: BriefContent, name: str, rows: list[Row]) -> Text:
    note = content.proposals.get(name)
    by = f", {note.date}" if note and note.date else ""
    sentences = [_form(content, r) for r in words.told(rows)]
    return (Strong(f"{content.name(name)}{by}. "), " ".join(dict.fromkeys(sentences)))


def _form(content: BriefContent, row: Row) -> str:
    """Its verdict in a sentence: does it hold, who would not sign, who leaves first and when, how often it stands."""
    start, audit = words.upper(words.form(content.case, row)), row.audit
    if audit is None:
        none = words.no_form(row)
        if row.completion != "best-certified":
            return f"{start}: {none}"
        return f"Whether a form of it holds is n{none[1:]}" if none.startswith("Not known") else none
    refused = words.refuses(content.case, audit)
    if audit.verdict == "holds":
        text = f"it would hold, but {refused}" if refused else "it holds" if audit.signed else "it would hold"
    elif audit.verdict == "fails":
        text = "it does not hold" + (f": {reasons}" if (reasons := _reasons(content, audit)) else "")
    else:
        text = "whether it holds could not be decided" + (f"; {refused}" if refused else "")
    if audit.holds and not audit.clauses_kept:
        text += f"{', and it' if refused else ', but it'} breaks a red line"
    stands = f" (stands in {percent(row.draws.both)})" if row.draws else ""
    if row.completion == "best-certified" and audit.certified:
        return f"In its best form it holds{stands}."
    return f"{start}, {text}{stands}."


def _reasons(content: BriefContent, audit: Audit) -> str:
    """Who would not sign, and who is the first to leave and when."""
    refused = words.refuses(content.case, audit)
    for f in words.tempted(audit)[:1]:
        who = words.the(content.name(f.party or ""))
        how = "cheat" if f.breach is not None and f.breach.how == "covert" else "walk out"
        leaves = f"would {how} {Calendar.of(content.case).when(f.period or 0)}"
        if refused == f"{who} would not sign":
            return f"{refused}, and {leaves} if it did"
        return f"{refused}, and {who} {leaves}" if refused else f"{who} {leaves}"
    lost = [f"{words.the(content.name(f.party or ''))} would lose the support it needs at home "
            f"{Calendar.of(content.case).when(f.period or 0)}" for f in audit.finding("loses-support")[:1]]  # fmt: skip
    return ", and ".join([*([refused] if refused else []), *lost])


def _how_sure(content: BriefContent) -> list[Block]:
    row = content.plan_row()
    if row is None or row.draws is None:
        return []
    if content.assumptions and all(a.low is None for a in content.assumptions):
        told = "No number of the case has a range: how far the answer depends on them was not looked at."
        return [Heading(3, "How sure", "summary-sure"), Para(told)]
    return [Heading(3, "How sure", "summary-sure"), Para(_sure(row.draws)), *_drivers(content)]


def _sure(d: DrawShares) -> Text:
    return (
        "Most numbers of the case are judgements with a range. When all of them were drawn at random from their ranges "
        f"{count(d.n, 'time')}, the road map was signed by all in {percent(d.signed)} of the draws, held in "
        f"{percent(d.holds)}, and ",
        Strong(f"was signed and held in {percent(d.both)}"),
        ". The rest are worlds that one may reasonably believe in, and in which it would not have worked.",
    )


def _drivers(content: BriefContent) -> list[Block]:
    items = [
        f"{name} (stands in {percent(low)} of the draws where it is low, {percent(high)} where it is high)"
        for name, low, high in driver_shares(content, 3)
    ]
    return [Para(("What decides most: ", f"{'; '.join(items)}."))] if items else []


def driver_shares(content: BriefContent, most: int) -> list[tuple[str, float, float]]:
    """The uncertain numbers that decide most, in words; in what share it stands where each is low, and high."""
    texts = {a.path: words.number_name(a) for a in content.assumptions}
    return [(d.name or texts.get(d.path) or d.path, d.low_half, d.high_half) for d in content.drivers[:most] if d.clear]
