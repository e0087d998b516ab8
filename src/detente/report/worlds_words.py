"""How a road map fares in many worlds, in sentences: who leaves, what trust lacks, what binds, what is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.report.calendar import FOR_EVER_AFTER
from detente.report.document import listed
from detente.report.matters_words import spread
from detente.report.numbers import count, percent
from detente.report.text import Names
from detente.report.words import the, upper
from detente.results.worlds import LEVELS, OF_SAMPLES, GoalShare, Leaving, Trust, Worlds

MOST_MOMENTS = 3
"""Of each party that are told."""
MEDIAN = LEVELS.index(0.5)
LITTLE = 0.1
"""Trust of which little need be said."""
_METHODS = {"lhs": "a Latin hypercube", "sobol": "scrambled Sobol’ points", "random": "independent draws"}


def headline(found: Worlds) -> str:
    """In what share of worlds nobody leaves, and everybody signs."""
    if not found.uncertain:
        told = "nobody ever leaves" if found.holds.value else "somebody leaves"
        signed = "all would sign" if found.signed.value else "not all would sign"
        return f"Nothing in the case is uncertain, so that every world is the case itself: {told}, and {signed}."
    low = percent(found.holds.low).removesuffix(" %")
    return (
        f"Nobody ever leaves in {percent(found.holds.value)} of {found.n:,} world{'s' * (found.n > 1)} ({low} to "
        f"{percent(found.holds.high)}); all would sign in {spread(found.signed)}; both in {spread(found.both)}."
    )


def drawn(found: Worlds) -> str:
    """How the worlds were drawn, what was tried in each, and what cut it short."""
    asked = found.provenance.run.limits.get("worlds")
    cut = found.provenance.run.cut
    short = f" {'Interrupted' if cut == 'interrupted' else 'The time limit was reached'}" if cut else ""
    short += f" after {found.n:,} of {asked:,} worlds." if short and asked and found.n < asked else "." if short else ""
    how = (
        f"Worlds drawn by {_METHODS[found.method]}, seed {found.provenance.seed}; intervals hold the true share in 95 "
        "of 100 such samples. "
    )
    tried = "In every world each party may walk out, or cheat on one or two measures."
    return f"{how if found.uncertain else ''}{tried}{short}"


# ------------------------------------------------------------------ who leaves


def parties(found: Worlds) -> list[str]:
    """The parties that have a part in it."""
    return [x.party for x in found.trust]


def leaves_of(found: Worlds, party: str) -> list[Leaving]:
    """When and how a party leaves, the most frequent first."""
    return [x for x in found.leaves if x.party == party]


def moment(x: Leaving, names: Names) -> str:
    """``2019-Q3, walks out (95 %)``."""
    how = "walks out"
    if x.how == "covert":
        how = f"cheats on {' and '.join(f'“{names.of(k)}”' for k in x.measures)}"
    return f"{names.when(x.period)}, {how} ({percent(x.share)})"


def moments(found: Worlds, party: str, names: Names) -> str:
    """The commonest moments of a party in one line."""
    own = leaves_of(found, party)
    if not own:
        return "never leaves"
    told = "; ".join(moment(x, names) for x in own[:MOST_MOMENTS])
    rest = sum(x.share for x in own[MOST_MOMENTS:])
    return f"{told}; other moments {percent(rest)}" if rest else told


def first_of_all(found: Worlds, names: Names) -> str:
    """Who most often leaves first, when and how; where several leave first in the same period, each of them does."""
    if not found.leaves:
        return "Nobody leaves in any world."
    worst = max(found.leaves, key=lambda x: x.first)
    how = "walking out" if worst.how == "walk" else f"cheating on {' and '.join(names.of(k) for k in worst.measures)}"
    alone = sum(x.first for x in found.leaves) <= 1 - found.holds.value + 1e-9
    told = "" if alone else ", alone or together with another"
    return (
        f"Most often the first to leave is {the(names.of(worst.party))} {at(worst.period, names)}, by {how}{told}: in "
        f"{percent(worst.first)} of worlds."
    )


def survival_steps(found: Worlds, most: int = 6) -> list[int]:
    """The periods at whose end noticeably fewer worlds are left, and the last, in order."""
    before = (1.0, *found.survival[:-1])
    falls = [(a - b, t) for t, (a, b) in enumerate(zip(before, found.survival, strict=True)) if a - b > 0]
    chosen = {t for _, t in sorted(falls, key=lambda x: (-x[0], x[1]))[:most]}
    return sorted(chosen | {len(found.survival) - 1})


def survival_told(found: Worlds, names: Names) -> str:
    """``Kept by all up to and including 2019-Q2: 99 %, …``."""
    steps = survival_steps(found)
    last = len(found.survival) - 1
    told = [f"{names.when(t)} {percent(found.survival[t])}" for t in steps if t < last]
    told.append(f"for ever {percent(found.survival[last])}")
    return f"Share of worlds in which all have kept it up to and including: {', '.join(told)}."


# ------------------------------------------------------------------ trust


def stays(x: Trust, t: int) -> float:
    """Share of worlds in which trust earned covers trust needed, and trust is enough to make it go on."""
    return x.credible[t] - (x.beyond[t] if x.earned[t] >= 1 else 0.0)


def weakest(x: Trust) -> int:
    """The period in which it goes on in the fewest worlds, given what trust is earned; the first of them."""
    return min(range(len(x.credible)), key=lambda t: (round(stays(x, t), 9), t))


def needs_little(x: Trust) -> bool:
    """Whether trust hardly matters to it: next to none is needed in nineteen of twenty worlds, at any time."""
    return max(x.needed[-1]) <= LITTLE


def little_told(found: Worlds, names: Names) -> str:
    """The parties to which trust hardly matters; empty where there are none."""
    few = [the(names.of(x.party)) for x in found.trust if needs_little(x)]
    if not few:
        return ""
    verb = "needs" if len(few) == 1 else "need"
    return f"{upper(listed(few))} {verb} hardly any trust at any time: in 95 % of worlds {LITTLE} or less."


def trust_told(x: Trust, names: Names) -> str:
    """What a party needs where trust falls short most, what is earned there, and from when on it is credible."""
    who = upper(the(names.of(x.party)))
    t = weakest(x)
    whose = "" if x.whose[t] is None else the(names.of(x.whose[t] or ""))
    earned = f"{whose} has earned {x.earned[t]:.2f}" if whose else f"it has {x.earned[t]:.2f}"
    if x.beyond[t] > 0.5:
        told = (
            f"{who} gains more by leaving {at(t, names)} than by going on for ever, and maybe more still by leaving "
            f"later, in {percent(x.beyond[t])} of worlds, however sure it is of the others"
        )
        return f"{told} ({earned}). {_when_credible(x, names)}"
    those = "the worlds in which trust would do" if x.beyond[t] else "all worlds"
    told = f"{who} needs {x.where_enough[MEDIAN][t]:.2f} {at(t, names)} in the middle of {those}, and {earned}"
    if x.beyond[t]:
        told += f" (in {percent(x.beyond[t])} of worlds none would do)"
    return f"{told}: not credible in {percent(1 - stays(x, t))} of worlds. {_when_credible(x, names)}"


def at(t: int, names: Names) -> str:
    """``in 2020-Q3``, or ``for ever after``."""
    when = names.when(t)
    return when if when == FOR_EVER_AFTER else f"in {when}"


def _when_credible(x: Trust, names: Names) -> str:
    last = len(x.credible) - 1
    short = [t for t in range(last + 1) if stays(x, t) < 0.5]
    if not short:
        return "It is credible in most worlds all along."
    if len(short) == last + 1:
        return "At no time is it credible in most worlds."
    if short[-1] == last - 1:
        return f"Credible in most worlds only after {names.when(last - 1)}."
    if short[-1] < last:
        return f"Credible in most worlds from {names.when(short[-1] + 1)} on."
    stretch = next(t for t in range(last + 1) if stays(x, t) >= 0.5)
    return f"Credible in most worlds only for a time, first {at(stretch, names)}."


NEEDED_ONE = (
    "Trust needed: the least chance that the others go on at which a party goes on too, in the worlds in which any "
    "would do; in the others leaving brings more, however sure it is. Trust earned: the chance that another goes on "
    "for ever, given that no breach of its was seen so far; of several others, that of the one of which it tells least."
)


# ------------------------------------------------------------------ what is reached, what is left out


def goal_told(x: GoalShare) -> str:
    """``12 % (11 to 13 %), of which 3 % of worlds on paper only``."""
    paper = f"; in {percent(x.paper)} on paper only, since something is hidden" if x.paper else ""
    return f"{spread(x.reached)}{paper}"


def hidden_told(found: Worlds) -> str:
    """That others are deceived although nobody leaves; empty where that never is."""
    if not found.deceived:
        return ""
    return f"In {percent(found.deceived)} of worlds nobody leaves and a declaration leaves something out all the same."


def larger_told(found: Worlds) -> str:
    """What leaving larger cheats out may hide."""
    if not found.holds.value:
        return ""
    x = found.larger
    if x is None:
        return "Cheats on three measures or more at once were not looked at: nobody leaves in so many worlds at most."
    if not found.uncertain and not x.undecided:
        return f"Cheats on three measures or more at once: {'one' if x.broken.value else 'none'} pays."
    if not x.broken.high:
        return "Nobody has three measures to cheat on at once: no larger cheat was left out."
    pays = round(x.broken.value * x.worlds)
    still = f"{percent(x.holds.low).removesuffix(' %')} to {percent(x.holds.high)}"
    told = (
        f"Cheats on three measures or more at once: of {count(x.worlds, 'world')} in which nobody leaves one pays in "
        f"{pays or 'none'}, {spread(x.broken)}, under all governments of those worlds. With these the share of all "
        f"worlds in which nobody ever leaves is {percent(x.holds.value)} ({still})"
    )
    open_ = f"; in {percent(x.undecided)} of them a limit was reached before that was known" if x.undecided else ""
    return f"{told}{open_}."


_PARTS = {
    "drivers": "what it hangs on", "boxes": "when it breaks", "finding_out": "what to find out first",
    "influences": "what numbers do through others", "kept_share": "whether giving back would keep it",
    "larger": "all larger cheats that were asked for",
}  # fmt: skip


def left_out_told(found: Worlds) -> str:
    """For what there was no time, and what such worlds do not tell; empty where everything is told."""
    pattern = [x for x in found.left_out if found.method == "sobol" and x in OF_SAMPLES]
    late = [x for x in found.left_out if x not in pattern]
    told = []
    if pattern:
        told.append(
            f"Not told: {listed([_PARTS[x] for x in pattern], 9)}. Sobol’ points show effects there that are not: draw "
            "by a Latin hypercube (lhs) for these."
        )
    if late:
        told.append(f"There was no time to look at {listed([_PARTS[x] for x in late], 9)}.")
    return " ".join(told)


def finding_out_heads(found: Worlds, names: Names) -> Iterator[tuple[str, Sequence[str]]]:
    """Each principal by name, and how the road map is called in what is told of its choice."""
    title = names.of(found.road_map.name) if found.road_map.name else "the road map"
    for one in found.finding_out:
        yield the(names.of(one.party)), [title] * len(one.decisions)
