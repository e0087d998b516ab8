"""The record of offers as text for a terminal, and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from detente.audit.words import listing
from detente.case.calendar import Calendar as CaseCalendar
from detente.case.resolved import Clause, ResolvedCase
from detente.report.calendar import Calendar
from detente.report.clauses import miss, sentence
from detente.report.numbers import count, number, percent, signed
from detente.report.text import Names, steps, table, wrapped
from detente.results.audit import ClauseResult
from detente.results.rounds import Change, Gap, OfferClause, RoundReport, Rounds, SingleText

VERDICTS = {
    "concedes": "concedes",
    "hardens": "hardens",
    "widens": "leaves room for more to both",
    "narrows": "leaves room for less to both",
    "rewords": "other clauses, worth the same",
    "repeats": "repeats its last offer",
    "unknown": "cannot be told",
}
TOGETHER = {"possible": "yes", "contradiction": "no", "unknown": "not known"}
TRENDS = {"closes": "closes", "opens": "opens", "stays": "stays", "unknown": "not known"}


class AsWritten(Calendar):
    """Dates as they are written in cases: ``2020-Q4``."""

    def label(self, t: int) -> str:
        """What a period is called in a case."""
        return CaseCalendar(self.period, self.start, self.periods).label(t)


def rounds_text(rounds: Rounds, case: ResolvedCase | None = None) -> str:
    """The offers and what each can give, the gap after each, what was conceded, and the single text."""
    names = Names(case)
    sides = listing(names.of(p) for p in rounds.sides)
    lines = [
        *wrapped(f"ROUNDS: {count(len(rounds.rounds), 'offer')} in {rounds.record}; the gap is that between {sides}."),
        f"head: {rounds.head}",
        *_vouched(rounds),
        "",
        *_offers(rounds, names),
        *_gaps(rounds, names),
        *wrapped(standing(rounds, names)),
        *_moves(rounds, names),
        *_conflicts(rounds, names),
    ]
    if rounds.text is not None:
        lines += ["", *_single_text(rounds, rounds.text, names)]
    return "\n".join(lines)


def rounds_html(rounds: Rounds, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the gap drawn."""
    from detente.report import html
    from detente.report.sections.rounds import rounds_section

    if case is None:
        import html as escape

        return f"<pre>{escape.escape(rounds_text(rounds))}</pre>"
    return html.fragment(list(rounds_section(rounds, case)))


def title(one: RoundReport, names: Names) -> str:
    """What a round is called."""
    return names.of(one.of) if one.of and names.of(one.of) != one.of else one.name


def words(clause: OfferClause | str, names: Names) -> str:
    """A clause in plain words; its text where the case is not known."""
    text = clause if isinstance(clause, str) else clause.text
    if names.case is None:
        return text
    return sentence(names.case, _clause(text), AsWritten.of(names.case))


def _clause(text: str) -> Clause:
    return Clause("", "", "proposal", "", "must", text)


def _number(rounds: Rounds, name: str) -> str:
    return next(str(n) for n, r in enumerate(rounds.rounds, 1) if r.name == name)


def _vouched(rounds: Rounds) -> list[str]:
    """What the head that was given says."""
    if rounds.unchanged is None:
        return []
    since = len(rounds.rounds) - rounds.unchanged
    told = f"Offer 1 stands as it did when the head {rounds.rounds[rounds.unchanged - 1].hash[:8]}… was noted"
    if rounds.unchanged > 1:
        told = told.replace("Offer 1 stands as it did", f"Offers 1 to {rounds.unchanged} stand as they did")
    return wrapped(f"{told}; {count(since, 'offer')} added since." if since else f"{told}; none was added since.")


def _offers(rounds: Rounds, names: Names) -> list[str]:
    sides = rounds.sides
    rows = [["", "by", "date", *(f"for {p}" for p in sides), "offer"]]
    rows.append(["", "", "no deal", *(number(rounds.reserve[p]) for p in sides), ""])
    for n, one in enumerate(rounds.rounds, 1):
        at_best = [number(one.readings[p].value[p]) if p in one.readings else "-" for p in sides]
        rows.append([str(n), one.by, one.date or "-", *at_best, title(one, names)])
    told = "for …: what the offer can give this side at best, in the reading that it would like most, in its own units."
    contradictory = [n for n, r in enumerate(rounds.rounds, 1) if r.contradiction]
    told += "".join(f" Proved: no road map satisfies offer {n}." for n in contradictory)
    return [*table(rows, "rll" + "r" * len(sides) + "l"), *wrapped(told)]


def _gaps(rounds: Rounds, names: Names) -> list[str]:
    if not rounds.measured:
        return ["", *wrapped("Only one side has made an offer so far, so that there is no gap yet.")]
    sides = rounds.sides
    head = ["offer", "to", "both", "clauses against", "orders", "apart", *(f"gap {p}" for p in sides), "the gap"]
    rows = [head]
    for n, one in enumerate(rounds.measured):
        gap = one.gap
        assert gap is not None
        width = [f"{number(gap.value[p])} ({percent(gap.share.get(p))})" if p in gap.value else "-" for p in sides]
        rows.append([
            _number(rounds, one.name), _number(rounds, gap.to), TOGETHER[gap.together],
            f"{gap.conflicts} of {len(gap.standing)}", str(len(gap.orders)), str(gap.periods), *width,
            TRENDS[rounds.trend(n)] if n else "",
        ])  # fmt: skip
    period = names.case.period if names.case is not None else "period"
    told = (
        "both: whether some road map satisfies both offers; clauses against: must clauses of either that no road map "
        f"of the other keeps; apart: {period}s between the dates that both ask for, added up over measures; gap: what "
        "its own offer can give a side, less what the other's can, and that as a part of its scale."
    )
    return ["", "The gap after each offer, to the other side's latest", *table(rows, "rrlrrr" + "r" * len(sides) + "l"),
            *wrapped(told)]  # fmt: skip


def standing(rounds: Rounds, names: Names) -> str:
    """Who moved last, and whether the talks have stalled."""
    moved, told = rounds.last_moved, []
    if moved is not None:
        since = f" ({moved.date})" if moved.date else ""
        told.append(f"The last to move towards the other was {names.of(moved.by)}, with offer "
                    f"{_number(rounds, moved.name)}{since}.")  # fmt: skip
    elif len(rounds.rounds) > 1:
        told.append("Nobody has conceded anything yet.")
    if rounds.stalled:
        told.append(f"Stalled: the last {count(rounds.stalled, 'offer')} did not close the gap.")
    hard = [_number(rounds, r.name) for r in rounds.rounds if r.move and r.move.verdict == "hardens"]
    if hard:
        told.append(
            f"Harder than the same party's offer before: {'offer' if len(hard) == 1 else 'offers'} {listing(hard)}."
        )
    return " ".join(told)


def _moves(rounds: Rounds, names: Names) -> list[str]:
    lines: list[str] = []
    for n, one in enumerate(rounds.rounds, 1):
        move = one.move
        if move is None:
            continue
        values = listing(f"{p} {signed(v)}" for p, v in move.value.items())
        worth = f"; can now give: {values}" if values else ""
        head = (
            f"{n} {one.by}, {title(one, names)}: since offer {_number(rounds, move.since)} it {_verdict(move.verdict)}"
        )
        lines += ["", *wrapped(f"{head}{worth}.", "  ")]
        for towards, said in (("other", "towards the other"), ("own", "towards itself"), ("open", "either way")):
            some = [c for c in move.changes if c.towards == towards]
            told = changes_words(some, lambda text: words(text, names))
            lines += wrapped(f"  {said}: {told}", "    ") if some else []
    return lines


def _verdict(verdict: str) -> str:
    return {"rewords": "has other clauses, worth the same", "unknown": "changes, to what end cannot be told"}.get(
        verdict, VERDICTS[verdict]
    )


def changes_words(changes: Sequence[Change], say: Callable[[str], str]) -> str:
    """What became of some clauses: moved, then dropped, then added; ``say`` puts a clause in words."""
    told = [_moved(c, say) for c in changes if c.before is not None and c.after is not None]
    for kind in ("dropped", "added"):
        some = [say(c.before or c.after or "") for c in changes if c.kind == kind]
        told += [f"{kind}: {'; '.join(some)}"] if some else []
    return "; ".join(told)


def _moved(change: Change, say: Callable[[str], str]) -> str:
    before, after = (say(t) if t is not None else "" for t in (change.before, change.after))
    if change.kind == "moved":
        return f"{before} is now {after}"
    return f"{before} is {change.kind}" + (f": {after}" if after != before else "")


def _conflicts(rounds: Rounds, names: Names) -> list[str]:
    """What stands between the last offers."""
    if not rounds.measured:
        return []
    last = rounds.measured[-1]
    gap = last.gap
    assert gap is not None
    lines = ["", f"Between the last two offers ({_number(rounds, last.name)} and {_number(rounds, gap.to)})"]
    clauses = {c.id: c for r in rounds.rounds for c in r.clauses}
    against = [clauses[id] for id, s in gap.standing.items() if s == "never"]
    for party in rounds.sides:
        own = [words(c, names) for c in against if c.owner == party]
        lines += wrapped(f"  {party} asks what the other's offer rules out: {'; '.join(own)}", "    ") if own else []
    for m in gap.measures:
        asked = listing(f"{p} {_window(w, names)}" for p, w in m.windows.items())
        lines += wrapped(f"  {names.of(m.measure)}: {asked}; {_span(m.distance, names)} apart", "    ")
    for o in gap.orders:
        lines += wrapped(f"  order: {names.of(o.first)} before {names.of(o.then)} for one side, after it for the other",
                         "    ")  # fmt: skip
    return lines if len(lines) > 2 else [*lines, f"  {_nothing(gap)}"]


def _nothing(gap: Gap) -> str:
    if gap.together == "possible":
        return "no clause of one rules out a clause of the other: some road map satisfies both."
    if gap.together == "contradiction":
        return "each clause alone can be had with the other's offer, all together cannot."
    return "whether some road map satisfies both is not known: a limit was reached."


def _window(window: Sequence[int], names: Names) -> str:
    first, last = window
    never = names.case is not None and first >= names.case.periods
    if never:
        return "never"
    return f"by {names.when(last)}" if first < 0 else f"not before {names.when(first)}"


def _span(periods: int, names: Names) -> str:
    return f"{count(periods, names.case.period if names.case is not None else 'period')}"


def _single_text(rounds: Rounds, text: SingleText, names: Names) -> list[str]:
    between = listing(f"offer {_number(rounds, name)}" for name in text.offers)
    if text.outcome == "none-exists":
        return wrapped(
            "NO SINGLE TEXT: it is proved that no road map of this case is certified, whatever it keeps of the offers"
        )
    if text.audit is None:
        why = (
            "the search was interrupted" if text.reason and text.reason.kind == "interrupted" else "a limit was reached"
        )
        return wrapped(f"NO SINGLE TEXT FOUND before {why}; whether a certified road map exists is not known")
    lines = wrapped(f"SINGLE TEXT: the certified road map closest to {between}")
    lines += wrapped(proof(text))
    rows = [["", "worth", "no deal", "own offer at best", "its clauses kept"]]
    for party in rounds.sides:
        musts = [c for c in text.clauses if c.clause.owner == party and c.clause.strength == "must"]
        wants = [c for c in text.clauses if c.clause.owner == party and c.clause.strength == "want"]
        kept = f"{sum(c.kept for c in musts)} of {len(musts)}"
        kept += f", wishes {sum(c.kept for c in wants)} of {len(wants)}" if wants else ""
        rows.append([names.of(party), number(text.audit.V[party][0]), number(text.audit.reserve[party]),
                     number(text.own_offer.get(party)), kept])  # fmt: skip
    lines += ["", *table(rows, "lrrrl")]
    for party in rounds.sides:
        asked = [c for c in text.clauses if c.clause.owner == party and not c.kept]
        lines += ["", f"What it asks of {names.of(party)}"] if asked else []
        for c in asked:
            by = f" ({_missed(c.clause, c.distance, names)})"
            wish = "the wish " if c.clause.strength == "want" else ""
            lines += wrapped(f"  to give up {wish}{words(c.clause, names)}{by}", "    ")
    return [*lines, "", *steps(text.starts, names)[:-1]]


def proof(text: SingleText) -> str:
    """What is proved of the single text."""
    lost = max(text.broken.values(), default=0.0)
    if lost == 0 and text.proved:
        told = "It keeps every must clause of both offers."
    elif text.proved:
        told = (f"Proved: no certified road map spares both sides more; the one that gives up the larger share of its "
                f"clauses gives up {percent(lost)}, and of these texts none breaks less altogether.")  # fmt: skip
    else:
        proved = f"; proved is only that some side must give up {percent(text.bound)}" if text.bound else ""
        told = f"One side gives up {percent(lost)} of its clauses{proved}. The search was cut short; a "
        told += "closer text may exist."
    if not text.nearest:
        told += " That no other text that keeps the same clauses comes nearer in dates is not proved."
    fair = "is the fairest" if text.fairest else "is the fairest that was found, which is not proved"
    return f"{told} Of the texts that are as close it {fair}."


def _missed(clause: OfferClause, distance: float, names: Names) -> str:
    if names.case is None:
        return f"missed by {number(distance)}"
    result = ClauseResult(clause.id, False, distance)
    return miss(names.case, _clause(clause.text), result)
