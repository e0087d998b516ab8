"""In how many possible worlds a plan stands, and why not in more, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from detente.report.matters_words import spread
from detente.report.numbers import count, number, percent
from detente.results.in_worlds import Anything, Failing, InWorlds, Learnt, Where
from detente.results.plan import Plan


def told(plan: Plan, found: InWorlds, of: Callable[[str], str], when: Callable[[int], str]) -> list[str]:
    """Paragraphs. ``of``: what a party or a measure is called; ``when``: what a period is called."""
    paragraphs = [
        f"Signed and kept by all for ever in {spread(found.both)} of {found.n:,} worlds that had no part in choosing "
        f"it. {_beside(plan, found)}",
        _where(found.where, of),
        _fails(found.fails, of),
        _anything(found.anything),
        _chosen(plan, found),
        _floors(plan, of),
        *(
            _learnt(x, {w.name: w.title for w in found.where if w.party == x.party}, of, when)
            for x in found.screening
            if x.types
        ),
    ]
    return [x for x in paragraphs if x]


def _beside(plan: Plan, found: InWorlds) -> str:
    """The plan ``robust`` in the same worlds."""
    usual, more = spread(found.ordinary), found.gained
    if more.value == more.low == more.high == 0:
        return "The plan of the objective robust stands in the same of them: none better was found."
    points = f"{100 * abs(more.value):.1f} percentage points"
    sure = f"between {100 * more.low:+.1f} and {100 * more.high:+.1f}".replace("-", "−")
    way = "more" if more.value > 0 else "fewer"
    clear = "" if more.low > 0 or more.high < 0 else "; that may be chance"
    return f"The plan of the objective robust: {usual} of the same worlds. So it is {points} {way} ({sure}){clear}."


def _where(some: Sequence[Where], of: Callable[[str], str]) -> str:
    words = []
    for x in some:
        what = f"{of(x.party)} is of the type “{x.title}”" if x.kind == "type" else f"“{x.title}” comes to office"
        words.append(f"where {what}, in {percent(x.share.value)}")
    return f"By what the parties are: {'; '.join(words)}." if words else ""


def _fails(some: Sequence[Failing], of: Callable[[str], str]) -> str:
    """Who stands in the way, in parts of all worlds."""
    words = []
    for x in some:
        what = {"not-signing": "would not sign", "walk": "is the first to walk out"}.get(x.how)
        what = what or f"is the first to leave, by cheating on {' and '.join(of(k) for k in x.measures)}"
        words.append(f"{of(x.party)} {what} in {percent(x.share)}")
    return f"Where it fails: {'; '.join(words)} of all worlds." if words else ""


def _chosen(plan: Plan, found: InWorlds) -> str:
    cut = {"clock": "the time limit was reached", "work-limit": "the work limit was reached",
           "interrupted": "interrupted"}.get(plan.provenance.run.cut or "")  # fmt: skip
    if not found.trained:
        return f"It is the plan of the objective robust: {cut} before others were tried in worlds."
    best = "no road map does better in those" if found.complete else f"{cut}; a longer run may find a better one"
    return (
        f"Chosen among {count(found.tried, 'certified road map')} tried in up to {found.trained} other worlds, where "
        f"its share is {percent(found.training)}: {best}. Margin asked for: {number(plan.margin_required)}."
    )


def _floors(plan: Plan, of: Callable[[str], str]) -> str:
    """What each principal gets at least, of the most that it could gain."""
    floors, guessed = plan.details.get("floors", {}), plan.details.get("floors_open")
    if not floors:
        early = "The limit came before it was known what would be fair: nobody is promised anything, so that doing "
        return f"{early}nothing may look best. Give it more time or work." if guessed else ""
    each = ", ".join(f"{of(p)} {percent(v)}" for p, v in floors.items())
    rest = "; whether the fairest road map found, on which that rests, is the fairest there is, is not known"
    return f"Each principal gets at least a part of the most that it could gain: {each}{rest if guessed else ''}."


def _anything(x: Anything) -> str:
    if not x.looked:
        return "In how many worlds there is any road map at all was not looked at."
    own = "If each world could have a road map of its own, floors and margin not asked for"
    if x.seen == x.looked:
        return (
            f"{own}, one that stands was found in every one of {count(x.looked, 'world')}, so there is one in at least "
            f"{percent(x.least.low)} of all. What limits a plan is that it must do for all worlds alike."
        )
    left = x.looked - x.seen - x.none
    open_ = f"; of the other {left} it is not known" if left else ""
    most = spread(x.share) if x.share.value < 1 else "all, for what is known"
    return (
        f"{own}: in {x.seen} of {count(x.looked, 'world')} one was found that stands, in {x.none} it is proved that "
        f"there is none{open_}. So there is one in at least {spread(x.least)} of all worlds and at most {most}; no "
        "single road map can stand in more."
    )


def _learnt(x: Learnt, titles: Mapping[str, str], of: Callable[[str], str], when: Callable[[int], str]) -> str:
    types = ", ".join(
        f"“{titles.get(name, name)}” {percent(a)} before, {percent(b)} after" for name, (a, b) in x.types.items()
    )
    return (
        f"What conduct up to {when(x.period)} tells of {of(x.party)} if no breach is seen: that it goes on for ever, "
        f"{percent(x.before)} before, {percent(x.after)} after; {types}."
    )
