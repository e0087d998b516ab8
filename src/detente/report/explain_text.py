"""Why there is no road map, as text for a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from detente.audit.words import listing
from detente.case.resolved import ResolvedCase
from detente.report import conflict_words as told
from detente.report.numbers import count, number
from detente.report.text import Names, parties, steps, wrapped
from detente.results.explain import Explanation


def explain_text(answer: Explanation, case: ResolvedCase | None = None) -> str:
    """What cannot all hold, and what would be enough to give up; or that there is nothing to explain."""
    names = Names(case)
    lines = {"plan": _plan, "conflict": _conflict, "unknown": _unknown}[answer.outcome](answer, names)
    return "\n".join([*lines, *_cut(answer)])


def explain_html(answer: Explanation, case: ResolvedCase | None = None) -> str:
    """The same in a notebook."""
    from detente.report import html
    from detente.report.sections.explain import explain_section

    if case is None:
        import html as escape

        return f"<pre>{escape.escape(explain_text(answer))}</pre>"
    return html.fragment(list(explain_section(answer, case)))


def _keeping(answer: Explanation, names: Names) -> str:
    kept = [f"“{names.of(k)}”" for k in answer.keep]
    if names.case is None or any(c.kind == "red-line" and c.strength == "must" for c in names.case.clauses):
        kept.append("the red lines")
    return f" that keeps {listing(kept)}" if kept else ""


def _plan(answer: Explanation, names: Names) -> list[str]:
    assert answer.audit is not None
    judged = answer.audit
    size = f"of {count(len(judged.road_map), 'measure')}" if len(judged.road_map) else "the empty one"
    keeping = _keeping(answer, names)
    return [
        *wrapped(f"NOTHING TO EXPLAIN: there is a certified road map, {size}{',' if keeping else ''}{keeping}."),
        f"Weakest moment: {names.weakest(judged.least_counted or judged.least_margin)}.",
        *wrapped("It is any such road map, not the best one: detente plan looks for that."),
        "",
        *steps(judged.road_map.starts, names),
        *parties(judged, names),
    ]


def _conflict(answer: Explanation, names: Names) -> list[str]:
    assert answer.conflict is not None
    n = len(answer.conflict.members)
    return [
        *wrapped(f"NO ROAD MAP{_keeping(answer, names)} is signed and holds: this is proved."),
        "",
        f"What cannot all be had ({count(n, 'condition')})",
        *told.members(answer.conflict, names),
        *wrapped(told.proved(answer.conflict)),
        *_ways(answer, names),
    ]


def _ways(answer: Explanation, names: Names) -> list[str]:
    lines: list[str] = []
    if answer.found:
        lines += ["", "What it would be enough to give up, least first"]
        for n, one in enumerate(answer.found, 1):
            lines += told.numbered(told.relaxation(one, names), n)
        lines += wrapped(" ".join(least(answer)))
    if answer.open:
        lines += ["", "Of these it is not known whether giving them up is enough"]
        for one in answer.open:
            lines += wrapped(f"  -  {told.given_up(one, names)}.", "     ")
    if not lines:
        lines = ["", *wrapped("What it would be enough to give up was not found within the limits.")]
    return lines


def least(answer: Explanation) -> list[str]:
    """What is proved of the ways to relax."""
    parts = []
    if all(r.minimal for r in answer.found):
        parts.append("Proved: no part of any of these ways is enough.")
    fewest = min(r.at_least for r in answer.found)
    if fewest > 1:
        parts.append(f"To give up fewer than {fewest} is never enough.")
    if answer.every:
        parts.append("There are no other ways than these and what includes one of them.")
    else:
        parts.append("There may be other ways.")
    return parts


def _unknown(answer: Explanation, names: Names) -> list[str]:
    lines = [
        *wrapped(f"NOT KNOWN whether a road map{_keeping(answer, names)} is signed and holds."),
        *wrapped("None was found and none was ruled out before a limit was reached; a longer run may tell."),
    ]
    if answer.found:
        lines += ["", "What it is enough to give up, as road maps at hand show; less may be enough"]
        for n, one in enumerate(answer.found, 1):
            lines += told.numbered(told.relaxation(one, names), n)
    return lines


CUTS = {
    "clock": "The time limit left something open; a longer run may settle it.",
    "work-limit": "The work limit left something open; a larger one may settle it.",
    "interrupted": "Interrupted: this is what was known by then.",
}


def _cut(answer: Explanation) -> Sequence[str]:
    cut = answer.provenance.run.cut
    searched = answer.provenance.run.limits.get("searches")
    asked_for = (
        f"Margin asked for: {number(answer.margin)}; {count(int(searched), 'search', 'searches')}." if searched else ""
    )
    text = " ".join(x for x in (CUTS.get(cut or "", "") if answer.outcome != "plan" else "", asked_for) if x)
    return ["", *wrapped(text)] if text else []
