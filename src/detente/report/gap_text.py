"""How far two texts lie apart and what of them cannot all stand, as text for a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.audit.words import listing
from detente.case.resolved import Clause, ResolvedCase
from detente.report import clauses, words
from detente.report import conflict_words as told
from detente.report.calendar import Calendar
from detente.report.numbers import count, number, percent, signed
from detente.report.text import Names, spanning, table, wrapped
from detente.results.audit import ClauseResult
from detente.results.conflict import Conflict
from detente.results.gap import Against, Ask, Gap, GoalResult, OrderConflict, Reading, SubjectGap

MOST_PAIRS = 6
"""Pairs of measures shown of one conflict over order; the JSON has all."""

RANKS = ("presence", "apart", "differ", "compatible", "agree", "one-sided", "order")


def gap_text(gap: Gap, case: ResolvedCase | None = None) -> str:
    """Both texts, the crux, dates and presence, orders, what each rules out, and what each is worth to whom."""
    names = Names(case)
    lines = [
        *_head(gap, names), "", *_crux(gap, names), *_dates(gap, names), *_orders(gap, names), *_against(gap, names),
        *_worth(gap, names), *_cut(gap),
    ]  # fmt: skip
    return "\n".join(lines)


def gap_html(gap: Gap, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the dates drawn."""
    from detente.report import html
    from detente.report.sections.gap import gap_section

    if case is None:
        import html as escape

        return f"<pre>{escape.escape(gap_text(gap))}</pre>"
    return html.fragment(list(gap_section(gap, case)))


# ------------------------------------------------------------------ both texts and the crux


def side_name(gap: Gap, n: int, names: Names) -> str:
    """What a side's column is called: its party, or its text where both are one party's."""
    one, other = gap.sides
    side = gap.sides[n]
    return names.of(side.name) if one.party == other.party else names.of(side.party)


def introduced(gap: Gap, n: int, names: Names) -> str:
    """A text with whose it is and since when."""
    side = gap.sides[n]
    since = f", {'since ' if side.kind == 'position' else ''}{side.date}" if side.date else ""
    whose = "" if names.of(side.party) in names.of(side.name) else f" of {words.the(names.of(side.party))}"
    return f"the {side.kind}{whose} “{names.of(side.name)}”{since}"


def _head(gap: Gap, names: Names) -> list[str]:
    lines = wrapped(f"GAP between {introduced(gap, 0, names)}, and {introduced(gap, 1, names)}.")
    chosen = [f"“{names.of(s.name)}” is {s.why}" for s in gap.sides if s.why != "it was named"]
    return [*lines, *wrapped(f"No texts were named: {'; '.join(chosen)}.")] if chosen else lines


def verdict(gap: Gap) -> str:
    """Whether both can be kept, in a sentence."""
    if gap.together == "possible":
        return "Both can be kept: a certified road map keeps the must clauses of both."
    if gap.together == "unknown":
        return "Whether both can be kept is not known: no such road map was found or ruled out within the limits."
    return "Both cannot be kept: it is proved that no road map that keeps the must clauses of both is signed and holds."


def left_out(gap: Gap, names: Names) -> str:
    """Steps that both sides want, in opposite orders, and that the road map that keeps both texts does without."""
    if gap.audit is None or names.case is None:
        return ""
    clashing = dict.fromkeys(k for o in gap.orders for k in (o.first, o.then))
    gone = [k for k in clashing if k not in gap.audit.road_map and not names.case.measures[k].done]
    if not gone:
        return ""
    told_of = [f"“{names.of(k)}”" for k in gone[:MOST_PAIRS]]
    more = len(gone) - len(told_of)
    told_of += [f"{more} more"] if more else []
    return f" It does so without steps whose order is disputed: {listing(told_of)}."


def within(gap: Gap, conflict: Conflict, names: Names) -> str:
    """Where the crux lies, if that is not between the two texts; else empty."""
    touched = {m.of for m in conflict.members if m.clause_kind in ("position", "proposal")}
    one = [s for s in gap.sides if s.name in touched]
    if len(one) == 1:
        return f"It needs nothing of the other text: “{names.of(one[0].name)}” by itself cannot be had."
    return "" if one else "It needs nothing of either text."


def _crux(gap: Gap, names: Names) -> list[str]:
    lines = wrapped(verdict(gap))
    if gap.audit is not None:
        size, (a, b) = count(len(gap.audit.road_map), "measure"), (s.name for s in gap.sides)
        lines += wrapped(f"It has {size}.{left_out(gap, names)} The best one: detente plan with --keep {a} --keep {b}.")
    if gap.crux is None:
        return lines
    lines += ["", f"The crux ({count(len(gap.crux.members), 'condition')})", *told.members(gap.crux, names)]
    lines += wrapped(" ".join(x for x in (told.proved(gap.crux), within(gap, gap.crux, names)) if x))
    for n, more in enumerate(gap.further):
        head = "Even if all of that were given up, these cannot all be had" if n == 0 else "Nor, besides, these"
        lines += ["", f"{head} ({count(len(more.members), 'condition')})", *told.members(more, names)]
    return lines


# ------------------------------------------------------------------ dates and presence


def shown(gap: Gap) -> list[SubjectGap]:
    """What a reader wants to see: groups, measures that a clause names or that clash; nearest to a clash first."""
    found = [s for s in gap.subjects if s.relation != "order" and (s.members or _direct(s) or s.relation in RANKS[:2])]

    def rank(s: SubjectGap) -> tuple[int, float]:
        beyond = ruled_out_of(gap, s)
        if s.relation not in RANKS[:2] and beyond is not None:
            return (0, 0.0) if beyond.late is None else (1, -beyond.late)
        return RANKS.index(s.relation), -(s.distance or 0) if s.unit == "periods" else 0.0

    return sorted(found, key=rank)


def _direct(s: SubjectGap) -> bool:
    return any(a.window is not None and not a.through for own in s.asks for a in own)


def asked(s: SubjectGap, side: int, when: Names) -> str:
    """What a side asks of it: ``by 2020-Q2``, ``never``, ``70 % by 2020-Q2``; wishes in brackets."""
    own = [a for a in s.asks[side] if (a.share is not None if s.members else a.window is not None)]
    direct = [a for a in own if not a.through] or own
    told_of = [f"({_ask(a, when)})" if a.strength == "want" else _ask(a, when) for a in direct]
    musts = [t for t in dict.fromkeys(told_of) if not t.startswith("(")]
    return ", ".join(musts or dict.fromkeys(told_of)) or "–"


def _ask(a: Ask, when: Names) -> str:
    time = "" if a.time is None else when.when(a.time)
    if a.form == "never":
        return "never"
    if a.form == "at least":
        return f"by {time}" if a.through else f"{'all' if a.share == 1 else percent(a.share)} by {time}"
    if a.form == "at most":
        most = "none" if a.through or a.share == 0 else f"at most {percent(a.share)}"
        return f"{most} until {time}"
    return f"{a.form} {time}"


def apart(gap: Gap, s: SubjectGap, names: Names) -> str:
    """How far the two sides are apart on it, in a word or two."""
    beyond = ruled_out_of(gap, s)
    if s.relation == "presence":
        return "there or not"
    if s.relation != "apart" and beyond is not None:
        return "there or not*" if beyond.late is None else f"{_span(beyond.late, names)} apart*"
    if s.relation == "one-sided":
        own = [n for n in (0, 1) if any(a.share is not None if s.members else a.window for a in s.asks[n])]
        return f"only {side_name(gap, own[0], names)}" if own else ""
    if s.relation in ("agree", "compatible"):
        return {"agree": "agreed", "compatible": "no clash"}[s.relation]
    far = percent(s.distance) if s.unit == "share" else _span(round(s.distance or 0), names)
    return f"{far} apart" if s.relation == "apart" else f"{far}, no clash"


def ruled_out_of(gap: Gap, s: SubjectGap) -> Against | None:
    """What one side asks of it by a date, if the other's text as a whole does not allow it then."""
    own = {a.clause for asks in s.asks for a in asks if not a.through}
    return next((a for a in gap.against if a.clause in own and a.soonest is not None), None)


def _span(periods: int, names: Names) -> str:
    return count(periods, "period") if names.case is None else Calendar.of(names.case).span(periods)


def _dates(gap: Gap, names: Names) -> list[str]:
    rows = [[asked(s, 0, names), asked(s, 1, names), apart(gap, s, names), names.of(s.subject)] for s in shown(gap)]
    if not rows:
        return []
    head = [side_name(gap, 0, names), side_name(gap, 1, names), "apart", "measure, or share of a group"]
    told_below = (
        ["In brackets: wishes, where there is no must."] if any("(" in cell for r in rows for cell in r[:2]) else []
    )
    if any(r[2].endswith("*") for r in rows):
        told_below.append("*: by when the other's text as a whole allows it at the soonest.")
    return ["", "Dates and presence", *table([head, *rows], "llll"), *wrapped(" ".join(told_below))]


# ------------------------------------------------------------------ orders


def order_groups(gap: Gap) -> list[tuple[tuple[tuple[str, ...], tuple[str, ...]], list[OrderConflict]]]:
    """Conflicts over order that follow from the same clauses, together."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[OrderConflict]] = {}
    for o in gap.orders:
        found.setdefault(o.chains, []).append(o)
    return list(found.items())


def order_sentence(gap: Gap, chains: tuple[tuple[str, ...], tuple[str, ...]], names: Names) -> str:
    """Which clauses of either side ask for opposite orders."""
    parts = []
    for n, chain in enumerate(chains):
        texts = listing(f"{_clause(c, names)} ({c})" for c in chain)
        parts.append(f"{side_name(gap, n, names)}: {texts}")
    return "; ".join(parts)


def pairs(conflicts: Sequence[OrderConflict], names: Names) -> str:
    """The measures that come in opposite orders."""
    told_of = [f"“{names.of(o.first)}” / “{names.of(o.then)}”" for o in conflicts[:MOST_PAIRS]]
    more = len(conflicts) - len(told_of)
    return "; ".join(told_of) + (f"; and {more} more" if more else "")


def _clause(id: str, names: Names) -> str:
    found = _by_id(id, names)
    if found is None or names.case is None:
        return id
    return clauses.sentence(names.case, found, told.calendar(names))


def _by_id(id: str, names: Names) -> Clause | None:
    return None if names.case is None else next((c for c in names.case.clauses if c.id == id), None)


def _orders(gap: Gap, names: Names) -> list[str]:
    if not gap.orders:
        return ["", "Orders: no two measures are wanted in opposite orders."]
    lines = ["", f"Orders: {count(len(gap.orders), 'pair')} of measures wanted in opposite orders"]
    for chains, conflicts in order_groups(gap):
        lines += wrapped(f"  - {order_sentence(gap, chains, names)}: {pairs(conflicts, names)}", "    ")
    return lines


# ------------------------------------------------------------------ what each rules out, and what it is worth


def ruled_out(gap: Gap, side: int) -> list[Against]:
    """Must clauses of a side that no road map of the other's text keeps."""
    return [a for a in gap.against if a.side == side and a.standing == "never"]


def against_sentence(a: Against, names: Names) -> str:
    """A clause that the other text rules out, and when it would allow it."""
    text = f"{_clause(a.clause, names)} ({a.clause})"
    if a.soonest is None:
        return text
    T = names.case.periods if names.case is not None else None
    return f"{text}: {'never' if a.soonest == T else f'not before {names.when(a.soonest)}'}"


def against_head(gap: Gap, side: int, names: Names) -> str:
    """How many must clauses of a side the other's text rules out, and of how many that is not known."""
    own = [a for a in gap.against if a.side == side]
    open_ = sum(a.standing == "unknown" for a in own)
    told_of = (
        f"{len(ruled_out(gap, side))} of {count(len(own), 'must clause')} of {words.the(side_name(gap, side, names))}"
    )
    return told_of + (f" ({open_} not known)" if open_ else "")


def _against(gap: Gap, names: Names) -> list[str]:
    if not gap.against:
        return []
    lines = ["", "What the other's text rules out, whatever anybody's interest"]
    for side in (0, 1):
        if any(a.side == side for a in gap.against):
            lines += wrapped(f"  {against_head(gap, side, names)}", "  ")
            for a in ruled_out(gap, side):
                lines += wrapped(f"    - {against_sentence(a, names)}", "      ")
    return lines


def reading_name(reading: Reading, names: Names) -> str:
    """Which reading of a text it is."""
    if names.case is not None:
        return words.form(names.case, reading.row)
    return reading.row.completion


def worth(reading: Reading, party: str) -> float | None:
    """What a reading is worth to a party over no deal, at its own discount."""
    judged = reading.row.audit
    return None if judged is None else judged.V[party][0] - judged.reserve[party]


def goals_of(reading: Reading, party: str) -> list[GoalResult]:
    """A party's goals under a reading."""
    return [g for g in reading.goals if g.party == party]


def goals_kept(reading: Reading, party: str) -> str:
    """``1 of 2``."""
    own = goals_of(reading, party)
    return f"{sum(g.reached for g in own)} of {len(own)}" if own else "–"


def missed_goals(gap: Gap, reading: Reading, names: Names) -> Iterator[str]:
    """The goals of the sides that a reading misses, each with how far it is from each clause."""
    for party in gap.parties:
        for g in goals_of(reading, party):
            if not g.reached:
                far = "; ".join(_goal_miss(c, reading, names) for c in g.missed)
                yield f"{names.of(party)}, “{names.of(g.goal)}”: {far}"


def _goal_miss(missed: ClauseResult, reading: Reading, names: Names) -> str:
    clause, road_map = _by_id(missed.id, names), reading.row.road_map
    if clause is None or names.case is None or road_map is None:
        return f"{missed.id} by {number(missed.distance)}"
    return told.clause_missed(names, clause, missed.distance, road_map)


def _worth(gap: Gap, names: Names) -> list[str]:
    if not gap.readings:
        return []
    striving = [p for p in gap.parties if any(goals_of(r, p) for r in gap.readings)]
    head = ["", "verdict", "signed", *(names.of(p) for p in gap.parties), *(f"goals {p}" for p in striving)]
    rows, last = [head], ""
    for r in gap.readings:
        if r.row.name != last:
            last = r.row.name
            rows.append([names.of(last), *[""] * (len(head) - 1)])
        rows.append(_reading(gap, r, names, striving))
    told_below = "Worth over no deal, each at its own discount and in its own units."
    told_below += " Goals: those whose must clauses are all kept." if striving else ""
    lines = ["", "What each text is worth", *spanning(rows, "lll" + "r" * (len(head) - 3)), *wrapped(told_below)]
    missed = [(r, list(missed_goals(gap, r, names))) for r in gap.readings]
    for r, told_of in missed:
        if told_of:
            lines += wrapped(f"  {names.of(r.row.name)}, {reading_name(r, names)}, misses", "  ")
            lines += [line for text in told_of for line in wrapped(f"    - {text}", "      ")]
    return lines


def _reading(gap: Gap, r: Reading, names: Names, striving: Sequence[str]) -> list[str]:
    judged = r.row.audit
    own = r.row.completion.startswith("best-for:")
    name = f"  {'as its owner would read it' if own else reading_name(r, names)}"
    if judged is None:
        return [name, r.row.note, *[""] * (1 + len(gap.parties) + len(striving))]
    return [
        name, judged.verdict, "yes" if judged.signed else "no",
        *(signed(worth(r, p)) for p in gap.parties), *(goals_kept(r, p) for p in striving),
    ]  # fmt: skip


CUTS = {
    "clock": "The time limit left something open; a longer run may settle it.",
    "work-limit": "The work limit left something open; a larger one may settle it.",
    "interrupted": "Interrupted: this is what was known by then.",
}


def _cut(gap: Gap) -> list[str]:
    cut = CUTS.get(gap.provenance.run.cut or "")
    return ["", cut] if cut else []
