"""Conditions, conflicts and what relaxing them buys, in plain words and as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from detente.audit.words import listing, never_done
from detente.case import clause_terms as terms
from detente.case.clauses import term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.report import clauses, words
from detente.report.calendar import Calendar
from detente.report.charts.rows import in_force_dates
from detente.report.numbers import count, number, signed
from detente.report.rounds_text import AsWritten
from detente.report.text import Names, wrapped
from detente.results.audit import ClauseResult
from detente.results.conflict import Conflict, Miss, Relaxation, Stated

KINDS = {"red-line": "red line", "position": "position", "goal": "goal", "proposal": "proposal"}


class Dated(Names):
    """Names with dates as a brief writes them: ``Q2 2020``."""

    def when(self, t: int) -> str:
        """A period."""
        return super().when(t) if self.case is None else Calendar.of(self.case).label(t)


def calendar(names: Names) -> Calendar | None:
    """How clauses name dates there."""
    if names.case is None:
        return None
    return Calendar.of(names.case) if isinstance(names, Dated) else AsWritten.of(names.case)


def condition(one: Stated, case: ResolvedCase | None, calendar: Calendar | None = None) -> str:
    """What a condition asks, in a clause: ``“Lift the ban on coal” by 2020-Q2``, ``Hills never gains by leaving``."""
    party = one.party if case is None else words.the(case.title(one.party))
    if one.kind == "signs":
        return f"{party} signs: the road map is worth no less to it than no deal"
    if one.kind == "stays":
        return f"{party} stays: at no moment does it gain by walking out or cheating"
    if one.kind == "supports":
        return f"{party} has the support that it needs at home, when it signs and ever after"
    if one.kind == "consents":
        return f"{party} consents to whatever needs it"
    if case is None:
        return one.text
    return clauses.sentence(case, clause_of(one), calendar or AsWritten.of(case))


def clause_of(one: Stated) -> Clause:
    """A stated clause as one that words can be made of."""
    return Clause(one.name, one.party, "proposal", one.of, "must", one.text)


def source(one: Stated, case: ResolvedCase | None) -> str:
    """Where a condition comes from: ``proposal “Water for power”, Hills``."""
    party = one.party if case is None else case.title(one.party)
    if one.kind != "clause":
        return "what the parties' own interest demands"
    if one.clause_kind == "red-line":
        return f"red lines of {words.the(party)}"
    name = one.of if case is None else case.title(one.of)
    return f"{KINDS.get(one.clause_kind, one.clause_kind)} “{name}”" + ("" if name == party else f", {party}")


def members(conflict: Conflict, names: Names) -> list[str]:
    """The conditions of a conflict under their sources, each with its place in the case."""
    lines: list[str] = []
    told = ""
    for one in conflict.members:
        if (origin := source(one, names.case)) != told:
            told = origin
            lines += wrapped(f"  {words.upper(origin)}", "  ")
        open_ = "" if one.name in conflict.without else "; not known whether it is needed"
        lines += wrapped(f"    - {words.upper(condition(one, names.case))} ({_place(one)}{open_})", "      ")
    return lines


def _place(one: Stated) -> str:
    id = one.name if one.kind == "clause" else ""
    return ", ".join(x for x in (id, one.where) if x)


def proved(conflict: Conflict) -> str:
    """What is proved of a conflict: that it is one, that it is minimal, how small one can be."""
    n = len(conflict.members)
    if not n:
        return "Proved: not even the empty road map is in order, so that no condition is to blame."
    open_ = n - len(conflict.without)
    if conflict.minimal:
        needed = "Proved: no road map satisfies all of them, and each is needed: all others together can be satisfied."
    else:
        some = "one of them it is not known whether it is" if open_ == 1 else ""
        some = some or f"{open_} of them it is not known whether they are"
        needed = f"Proved: no road map satisfies all of them. Of {some} needed."
    if conflict.smallest:
        return f"{needed} No conflict has fewer conditions."
    if conflict.at_least > 1:
        least = f"No conflict has fewer than {conflict.at_least} conditions"
        return f"{needed} {least}; whether one has fewer than {n} is not known."
    return f"{needed} Whether a smaller conflict exists is not known."


def relaxation(one: Relaxation, names: Names) -> list[str]:
    """What to give up, and what that buys."""
    if one.road_map is None:
        return [f"{given_up(one, names)}."]
    misses = [missed(w, m, one.road_map, names) for w, m in zip(one.waived, one.misses, strict=True)]
    return [f"{given_up(one, names)}.", bought(one, names), *misses]


def given_up(one: Relaxation, names: Names) -> str:
    """The conditions waived: ``Both of these: “Send electricity” by 2030 (hills-2); Hills signs: …``."""
    what = "; ".join(f"{condition(w, names.case, calendar(names))}{_id(w)}" for w in one.waived)
    many = {1: "", 2: "both of these: "}.get(len(one.waived), f"all {len(one.waived)} of these: ")
    return words.upper(f"{many}{what}")


def _id(one: Stated) -> str:
    return f" ({one.name})" if one.kind == "clause" else ""


def bought(one: Relaxation, names: Names) -> str:
    """Size, worth and weakest moment of the road map that relaxing buys."""
    judged = one.audit
    assert judged is not None
    assert one.road_map is not None
    principals = names.case.principals if names.case is not None else tuple(judged.gains)
    more = listing(f"{signed(judged.V[p][0] - judged.reserve[p])} for {_the(p, names)}" for p in principals)
    size = f"a road map of {count(len(one.road_map), 'measure')}" if len(one.road_map) else "the empty road map"
    least = judged.least_counted
    weakest = (
        f"weakest: {names.weakest(least)}" if least else "nobody of whom it is asked to stay has anything to leave"
    )
    return f"Buys {size}; over no deal {more}; {weakest}."


def _the(party: str, names: Names) -> str:
    return party if names.case is None else words.the(names.case.title(party))


def missed(one: Stated, miss: Miss, road_map: RoadMap, names: Names) -> str:
    """By how much the road map misses what was given up."""
    party = _the(one.party, names)
    if one.kind == "signs":
        return f"It is worth {number(miss.amount)} less to {party} than no deal."
    if one.kind == "stays":
        return _would_leave(miss, party, names)
    if one.kind in ("supports", "consents"):
        return _uncarried(one, miss, party, names)
    if names.case is None:
        return f"{one.name} is missed by {number(miss.amount)} ({miss.unit})."
    return f"{words.upper(clause_missed(names, clause_of(one), miss.amount, road_map))}."


def _uncarried(one: Stated, miss: Miss, party: str, names: Names) -> str:
    if miss.unit == "value" and miss.amount > 0:
        return f"It is worth {number(miss.amount)} less to {party} than no deal."
    what = "the support at home" if one.kind == "supports" else "the votes"
    if miss.amount > 0:
        short, when = number(miss.amount), names.when(miss.period or 0)
        return f"{words.upper(party)} lacks {short} of {what} that it needs, in {when}."
    return (
        f"By itself {party} has {what} that it needs."
        if one.kind == "supports"
        else f"A veto stands against it in {party}."
    )


def _would_leave(miss: Miss, party: str, names: Names) -> str:
    if miss.amount <= 0 or miss.breach is None or names.case is None:
        return f"By itself {party} would not gain by leaving, but its margin falls short of the one asked for."
    how, when = words.breach(names.case, miss.breach), names.when(miss.period or 0)
    return (
        f"By itself {party} would gain {number(miss.amount)} {how} in {when}: something else must hold it to the deal."
    )


def clause_missed(names: Names, clause: Clause, distance: float, road_map: RoadMap) -> str:
    """How a road map misses a clause: what comes late, early, never or all the same."""
    case = names.case
    assert case is not None
    span = Calendar.of(case).span
    term = term_of(clause, case)
    out = [case.title(k) for k in never_done(case, term, road_map)]
    match term:
        case terms.ByTime(k, _) if not out:
            comes = names.when(in_force_dates(case, road_map)[k])
            return f"“{case.title(k)}” comes in {comes}, {span(round(distance))} late"
        case terms.Never(k):
            return f"“{case.title(k)}” comes in {names.when(max(in_force_dates(case, road_map)[k], 0))}"
        case terms.NotBefore(k, _):
            begins = names.when(road_map.starts.get(k, 0))
            return f"“{case.title(k)}” begins in {begins}, {span(round(distance))} early"
    if out:
        return f"{listing([f'“{t}”' for t in out])} never come{'s' if len(out) == 1 else ''}"
    asked = clauses.sentence(case, clause, calendar(names))
    return f"{asked}: {clauses.miss(case, clause, ClauseResult(clause.id, False, distance))}"


def numbered(paragraphs: Sequence[str], n: int) -> list[str]:
    """Paragraphs under a number."""
    lines: list[str] = []
    for k, text in enumerate(paragraphs):
        lines += wrapped(f"{n:>3}  {text}" if k == 0 else f"     {text}", "     ")
    return lines
