"""What stands between the sides, and what would mend it: a sentence or two each, for the first page."""

from __future__ import annotations

from collections.abc import Iterator

from detente.report import conflict_words as told
from detente.report import repair_words, words
from detente.report.calendar import Calendar
from detente.report.content import BriefContent
from detente.report.document import Block, Bullets, Heading, Strong, Text, itemised, listed
from detente.report.gap_text import introduced
from detente.report.numbers import count, signed
from detente.results.conflict import Stated
from detente.results.explain import Explanation
from detente.results.gap import Gap
from detente.results.repair import Alternative, Repair

MOST = 4
"""Conditions, or changes, that are named; of more only the number."""


def crux(content: BriefContent) -> list[Block]:
    """Why the positions clash, why there is no road map, and how an offer could be mended; what is known of it."""
    items = (*_explained(content), *_gap(content), *_mended(content))
    head = Heading(3, "What stands between them, and what would help", "summary-crux")
    return [head, Bullets(items)] if items else []


def _explained(content: BriefContent) -> Iterator[Text]:
    answer = content.beyond.answer(Explanation)
    if answer is None or answer.conflict is None or not answer.conflict.members:
        return
    enough = ""
    if answer.found:
        given = "; ".join(_condition(w, content) for w in answer.found[0].waived[:MOST])
        enough = f" It would be enough to give up {_both(len(answer.found[0].waived))}{given}."
    yield (Strong("Why there is no road map. "), f"{_clash(answer.conflict.members, content)}{enough}")


def _gap(content: BriefContent) -> Iterator[Text]:
    gap = content.beyond.answer(Gap)
    if gap is None or gap.together == "unknown":
        return
    names = told.Dated(content.case)
    both = f"{words.upper(introduced(gap, 0, names))}, and {introduced(gap, 1, names)}"
    if gap.together == "possible":
        yield (Strong("The gap can be closed. "), f"{both}: a road map that holds keeps every must of both.")
    elif gap.crux is not None and gap.crux.members:
        yield (Strong("The crux. "), f"{both}, cannot both be kept. {_clash(gap.crux.members, content)}")


def _clash(members: tuple[Stated, ...], content: BriefContent) -> str:
    if len(members) == 1:
        return f"It is proved that no road map that holds allows this: {_condition(members[0], content)}."
    shown = [_condition(m, content) for m in members[:MOST]]
    more = f"; and {len(members) - MOST} more" if len(members) > MOST else ""
    all_of = "both" if len(members) == 2 else "all"
    return f"It is proved that these cannot {all_of} be had: {'; '.join(shown)}{more}."


def _both(n: int) -> str:
    if n <= 2:
        return "both of these: " if n == 2 else ""
    return f"all {n} of these{', among them' if n > MOST else ''}: "


def _condition(one: Stated, content: BriefContent) -> str:
    """A condition and, of a clause, whose it is."""
    text = told.condition(one, content.case, Calendar.of(content.case))
    return f"{text} ({content.name(one.party)})" if one.kind == "clause" else text


def _mended(content: BriefContent) -> Iterator[Text]:
    repair = content.beyond.answer(Repair)
    if repair is None:
        return
    name = f"“{content.name(repair.name)}”"
    if repair.outcome == "none-exists":
        _, told_of = repair_words.headline(repair, _names(content))
        yield (Strong("An offer that cannot be saved. "), f"{name}: {told_of}")
    elif repair.best is not None:
        how = _changes(repair.best, content)
        yield (Strong("An offer that can be saved. "), f"{name} would hold, signed by all, {how}")


def _changes(best: Alternative, content: BriefContent) -> str:
    names = _names(content)
    changes = [repair_words.change(c, names) for c in best.changes]
    gains = listed([f"{signed(t.after)} for {words.the(content.name(p))}" for p, t in best.tolls.items()
                    if t.after is not None and p in content.case.principals])  # fmt: skip
    over = f" Over no deal it would then be worth {gains}, each in its own units." if gains else ""
    proof = f" {repair_words.proof(best)}" if best.counted > 1 else ""
    return f"with {count(len(changes), 'change')}: {itemised(changes, MOST)}.{over}{proof}"


def _names(content: BriefContent) -> told.Dated:
    return told.Dated(content.case)
