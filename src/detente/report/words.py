"""Answers in plain sentences: who leaves, when, how; what a clause asks; what a form of a proposal is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.content import Assumption
from detente.report.document import listed
from detente.report.numbers import count, number
from detente.results.audit import Audit, Breach, ClauseResult, Finding, FindingKind, Verdict
from detente.results.compare import Row

VERDICTS: Mapping[Verdict, str] = {"holds": "Holds", "fails": "Fails", "unknown": "Unknown"}
CONFIDENCE = {"H": "high", "M": "medium", "L": "low", "": ""}

OBJECTIVES = {
    "robust": "the road map whose weakest moment is as strong as can be, each principal getting at least its floor "
    "of a fair share",
    "fair": "the road map that gives the principal who gains least, by its own measure, as much as can be",
    "nash": "the road map with the largest product of the principals' gains",
    "fast": "the road map that reaches the named goal soonest",
    "welfare": "the road map with the largest sum of the principals' gains, each on its own scale",
}


_WITH_ARTICLE = frozenset(
    [
        "Agency",
        "Alliance",
        "Assembly",
        "Authority",
        "Commission",
        "Company",
        "Congress",
        "Council",
        "Court",
        "Federation",
        "Government",
        "Kingdom",
        "League",
        "Ministry",
        "Nations",
        "Netherlands",
        "Parliament",
        "Republic",
        "States",
        "Union",
    ]
)


def breach(case: ResolvedCase, b: Breach) -> str:
    """How somebody would leave: ``by walking out``, ``by pretending to do X``, ``by secretly undoing Y``."""
    if b.how == "walk":
        return "by walking out openly"
    parts = []
    if b.fakes:
        parts.append(f"pretending to do {_titles(case, b.fakes)}")
    if b.undoes:
        parts.append(f"secretly undoing {_titles(case, b.undoes)}")
    return "by " + (" and ".join(parts) or "cheating in secret")


def the(name: str) -> str:
    """A party's name as a sentence needs it: ``the United States``, ``North Korea``."""
    words = name.split()
    needs = bool(words) and (words[0] == "United" or words[-1] in _WITH_ARTICLE)
    return f"the {name}" if needs and words[0].lower() != "the" else name


def upper(text: str) -> str:
    """A sentence's first letter."""
    return text[:1].upper() + text[1:]


def number_name(a: Assumption) -> str:
    """What a number of the case is: ``what programme is worth to North Korea``, ``Freeze Yongbyon: work``."""
    if a.kind == "weight" and a.about:
        return f"what {a.text} is worth to {the(a.about)}"
    return f"{a.about}: {a.text}" if a.about else a.text


def weakest(case: ResolvedCase, audit: Audit) -> str:
    """The weakest moment in a table's cell: whose, when."""
    least = audit.least_counted or audit.least_margin
    if least is None:
        return "nobody can leave"
    return f"{case.title(least.party)}, {Calendar.of(case).label(least.period)}"


def tempted(audit: Audit) -> list[Finding]:
    """Each party's gravest temptation, earliest first."""
    worst: dict[str, Finding] = {}
    for f in audit.finding("tempted"):
        if f.party is not None and f.period is not None:
            known = worst.get(f.party)
            if known is None or (f.gain or 0.0) > (known.gain or 0.0):
                worst[f.party] = f
    return sorted(worst.values(), key=lambda f: f.period or 0)


def leaves(case: ResolvedCase, f: Finding) -> str:
    """Who gains what by leaving how and when, in a sentence without its full stop."""
    who, when = the(case.title(f.party or "")), Calendar.of(case).when(f.period or 0)
    how = breach(case, f.breach) if f.breach is not None else "by leaving"
    gain = "" if f.gain is None else f" {number(f.gain)}"
    return f"{who} would gain{gain} {how} {when}"


def refuses(case: ResolvedCase, audit: Audit) -> str:
    """Who would not sign, in a clause; empty where all would."""
    told = [
        (refusing(case, audit, "would-not-sign"), "would not sign"),
        (refusing(case, audit, "not-ratified"), "would not be ratified at home"),
        (tuple(n for n, given in audit.consents.items() if given is False), "would not consent"),
    ]
    return "; ".join(f"{listed([the(case.title(n)) for n in who])} {words}" for who, words in told if who)


def refusing_all(case: ResolvedCase, audit: Audit) -> tuple[str, ...]:
    """All without whom it is not signed: parties that would not or are not ratified, and those who deny consent."""
    own = [p for kind in ("would-not-sign", "not-ratified") for p in refusing(case, audit, kind)]
    return tuple(dict.fromkeys([*own, *(n for n, given in audit.consents.items() if given is False)]))


def refusing(case: ResolvedCase, audit: Audit, kind: FindingKind) -> tuple[str, ...]:
    """The parties of which there is a finding of a kind."""
    return tuple(p for p in case.parties if any(f.party == p for f in audit.finding(kind)))


def form(case: ResolvedCase, row: Row) -> str:
    """Which completion of a proposal a row is."""
    if row.completion == "as-written":
        return "as written"
    if row.completion.startswith("best-for:"):
        return f"as {the(case.title(row.completion.removeprefix('best-for:')))} would read it"
    if row.completion == "best-certified":
        return "best form that holds"
    return row.completion


NO_FORM: Mapping[str, str] = {
    "proved: no road map that keeps it is certified": "Proved: no form of it holds, signed and within the red lines.",
    "proved: no road map is certified": "Proved: no road map of this case is signed and holds.",
    "proved: no road map satisfies all its clauses": "Proved: it contradicts itself, no road map honours all of it.",
    "not known: none was found before a limit was reached": "Not known: none was found in the time allowed.",
    "not known: none was found before a limit": "Not known: none was found in the time allowed.",
}
"""Why there is no such form of a proposal, for a reader who does not know how it was looked for."""


def no_form(row: Row) -> str:
    """Why a row has no road map, as a sentence."""
    note = row.note or "there is no such form"
    return NO_FORM.get(note) or upper(note) + ("" if note.endswith(".") else ".")


def kept(results: list[ClauseResult]) -> str:
    """``3 of 5``."""
    return f"{sum(r.holds for r in results)} of {len(results)}" if results else "–"


def told(rows: Sequence[Row]) -> list[Row]:
    """Of the forms of one proposal those to dwell on: as written and the best that holds.

    How each principal would read it only where it is in terms so general that it cannot be had as written.
    """
    written = any(r.completion == "as-written" for r in rows)
    return [r for r in rows if not (written and r.completion.startswith("best-for:"))]


def draws(n: int) -> str:
    """``300 draws``."""
    return count(n, "draw")


def _titles(case: ResolvedCase, ids: tuple[str, ...]) -> str:
    return listed([f"“{case.title(k)}”" for k in ids])
