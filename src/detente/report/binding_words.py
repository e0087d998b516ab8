"""What keeps a road map from holding in all worlds, in sentences, and what follows for the size of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.report.document import listed
from detente.report.matters_words import spread
from detente.report.numbers import number, percent
from detente.report.text import Names
from detente.report.words import the, upper
from detente.report.worlds_words import at
from detente.results.estimates import Estimate
from detente.results.worlds import Binding, Shape, Worlds

MOST = 0.5
"""More than this part of the breaks is most of them."""


def binding_told(found: Worlds, names: Names) -> str:
    """Which regime binds, the figures that decide it, and what follows from it for the size of steps."""
    if found.binding.regime == "nothing":
        return "Nothing binds: nobody leaves in any of the worlds."
    return " ".join(_sentences(found, names))


def _sentences(found: Worlds, names: Names) -> Iterator[str]:
    b = found.binding
    if b.regime == "unknown-type":
        whom = "who will govern" if _governments_decide(b) else "the other side"
        yield f"What binds is not knowing {whom}. {_at_home(b, names)}."
        yield from _shares(b, names)
        yield from _short(b, names)
        how = "Where that binds" if _enough(b) else "So"
        yield f"{how} steps should start small and grow: conduct then tells who is who before much is at stake."
        yield from _shapes(b, names, big=False)
    elif b.regime == "irreversibility":
        yield f"What binds is that what has been given cannot be taken back. {_at_home(b, names)}."
        yield from _shares(b, names)
        yield from _short(b, names)
        yield "So what is still to come must hold each party at every date: steps should start big and shrink."
        yield from _shapes(b, names, big=True)
    elif b.regime == "inspection":
        yield f"What binds is that cheating is not seen in time. {_at_home(b, names)}, also if it could keep nothing."
        yield from _shares(b, names)
        yield "The order of the steps is not at fault: inspectors who see more, or sooner, would mend it."
    else:
        yield f"What binds is the price. {_at_home(b, names)}, also if it could keep nothing that it was given."
        yield from _shares(b, names)
        yield "The order of the steps is not at fault: it must be asked for less, or be given more."


def _at_home(b: Binding, names: Names) -> str:
    """Whether anybody would leave if all were of the best kind, with the weakest moment; without a full stop."""
    kinds = [f"{the(names.of(party))} of the type “{kind}”" for party, kind in b.kind.items()]
    known = [*kinds, *_governed(b, names)]
    where = "With every number at its central value"
    if known:
        where = f"Were {listed([*known, 'every number at its central value'], 9)}"
    if b.party is None or b.period is None or b.margin is None:
        return f"{where}, nobody could leave"
    moment = f"{the(names.of(b.party))} {at(b.period, names)}, margin {number(b.margin)}"
    if b.margin >= 0:
        return f"{where}, nobody would leave (weakest: {moment})"
    who = the(names.of(b.party))
    return f"{upper('even were' if known else 'even with')}{where[4:]}, {who} would leave ({moment})"


def _governments_decide(b: Binding) -> bool:
    """Whether the governments that may come explain most of the breaks, and more of them than the types."""
    types, governments = b.kind_share, b.government_share
    if governments is None or governments.value <= MOST:
        return False
    return types is None or governments.value > types.value


def _governed(b: Binding, names: Names) -> list[str]:
    """``“A farmers’ government” (Lower) sure not to come to office``; those that come, and those that do not."""
    comes, not_ = (
        listed([f"“{g.government}” ({names.of(g.party)})" for g in b.governments if g.comes is so])
        for so in (True, False)
    )
    told = [f"{comes} sure to come to office"] if comes else []
    return [*told, f"{not_} sure not to{'' if told else ' come to office'}"] if not_ else told


def _shares(b: Binding, names: Names) -> Iterator[str]:
    """What part of the breaks goes with knowing the types and the governments, and with giving back."""
    given = "nobody would leave if nothing that the others gave outlasted leaving"
    whose = "that kind" if len(b.kind) == 1 else "those kinds"
    sure = [(whose, b.kind_share), ("who governs", b.government_share)]
    sure += [("both", b.known_share)] if b.kind and b.governments else []
    told = [f"of {what} would spare {_spared(x)}" for what, x in sure if x is not None]
    if told:
        first, *others = told
        others = [x.replace(" would spare", "", 1) for x in others]
        yield f"Of the breaks, to be sure {listed([first, *others])}, all else open as it is."
    if b.kept_share is not None:
        yield f"In {percent(b.kept_share)} of the worlds that break {given}."


def _spared(x: Estimate) -> str:
    if x.low > 0:
        return spread(x)
    return f"none for certain (at most {percent(x.high)})" if x.high > 0 else "none"


def _short(b: Binding, names: Names) -> Iterator[str]:
    """Where trust is shortest in the worlds in which nobody leaves."""
    x = b.short
    if x is None:
        yield "In most worlds in which nobody leaves no step needs any trust."
        return
    told = (
        f"{the(names.of(x.party))} {at(x.period, names)}: it needs {x.needed:.2f}, and {x.earned:.2f} has been earned"
    )
    yield f"In the worlds in which nobody leaves trust is shortest for {told}{'' if _enough(b) else ', too little'}."


def _enough(b: Binding) -> bool:
    """Whether trust earned covers trust needed all along in most worlds in which nobody leaves."""
    return b.short is None or b.short.earned >= b.short.needed


def _shapes(b: Binding, names: Names, *, big: bool) -> Iterator[str]:
    """Whether the principals' steps start as they should; of irreversible ones how fast they may shrink."""
    shown = [x for x in b.shapes if names.case is None or x.party in names.case.principals]
    if not shown or b.halfway is None:
        return
    paid = listed([f"{the(names.of(x.party))} has paid {percent(x.front)}" for x in shown])
    fits = _fits(shown, names, big=big)
    if not big and _enough(b) and not fits.startswith("small"):
        fits += ", which the trust that there is can bear"
    yield f"As it stands, {at(b.halfway, names)}, halfway, {paid} of what its own steps cost it: {fits}."
    ratios = [f"{number(x.ratio)} for {the(names.of(x.party))}" for x in shown if x.ratio is not None]
    if big and ratios:
        yield (
            f"Own cost is {listed(ratios)} of what the others’ steps bring, a period later: the smaller that part, the "
            "faster steps may shrink."
        )


def _fits(shown: Sequence[Shape], names: Names, *, big: bool) -> str:
    """``big first, as it should be``, or who begins the other way round."""
    word, other = ("big", "small") if big else ("small", "big")
    wrong = [the(names.of(x.party)) for x in shown if (x.front > 0.5) != big]
    if not wrong:
        return f"{word} first, as it should be"
    whose = f"{listed(wrong)} begin{'s' * (len(wrong) == 1)}"
    if len(wrong) == len(shown) > 1:
        whose = f"{'both' if len(shown) == 2 else 'all'} begin"
    return f"{whose} {other}, not {word}"
