"""What an outcome hangs on, when it happens, and what finding a number out is worth, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.report.numbers import count, number, percent, plain
from detente.report.words import the, upper
from detente.results.boxes import Box, Boxes, Side
from detente.results.drivers import Driver, Influence
from detente.results.estimates import Estimate
from detente.results.finding_out import FindingOut, Knowing

HARDLY = 0.01
"""Below this part of what signing brings, knowing more is worth hardly anything."""


def driver_told(d: Driver, outcome: str) -> str:
    """``What programme is worth to North Korea: 21 % (18 to 24 %) of what varies; it holds in 71 % of worlds where …``

    ``outcome``: what is so, as a verb with its subject: ``it holds``.
    """
    if d.levels:
        kinds = ", ".join(f"{percent(share)} if {level}" for level, share in d.levels.items())
        halves = f"{outcome} in {kinds}"
    else:
        halves = (
            f"{outcome} in {percent(d.low_half)} of worlds where it is low, {percent(d.high_half)} where it is high"
        )
    index = "" if d.first is None else f"{spread(d.first)} of what varies; "
    return f"{upper(_called(d.path, d.name))}: {index}{halves}."


def _called(path: str, name: str) -> str:
    """A number, ``what North Korea is``, or ``whether a government comes to office``."""
    if name and path.endswith(".types"):
        return f"what {the(name)} is"
    return f"whether {name} comes to office" if name and ".governments." in path else quoted(name) or path


def quoted(name: str) -> str:
    """``“Freeze Yongbyon: work”``; what is a part of a sentence as it stands is left so."""
    return f"“{name}”" if ": " in name else name


def influence_told(i: Influence) -> str:
    """What an input of a design does by itself, and with all that it does through others."""
    told = [name or path for name, path in zip(i.names, i.paths, strict=True)]
    more = f"; and {len(told) - 2} that go with them" if len(told) > 3 else ""
    what = upper("; ".join(told[:2] if more else told)) + more
    what = f"All {count(len(told), 'other number')} together" if i.rest else what
    return f"{what}: {spread(i.first)} alone, {spread(i.total)} with what goes through others."


def spread(x: Estimate) -> str:
    """A share with its interval: ``21 % (18 to 24 %)``; without it where the share is exact."""
    if x.low == x.high:
        return percent(x.value)
    return f"{percent(x.value)} ({percent(x.low).removesuffix(' %')} to {percent(x.high)})"


# ------------------------------------------------------------------ boxes


def boxes_told(found: Boxes, happens: str, each: str) -> list[str]:
    """A sentence for each box, and one on how they were tested. ``happens``: ``It breaks``; ``each``: ``breaks``."""
    if not found.boxes:
        chance = " What was found in one half did not show in the other." if found.failed else ""
        return [f"No circumstances were found that tell when {happens[:1].lower()}{happens[1:]}.{chance}"]
    told = [box_told(b, happens, each) for b in found.boxes]
    together = f"Together they hold {percent(found.together)} of all {each}. " if len(found.boxes) > 1 else ""
    return [
        *told,
        f"{together}Sought in {count(found.found_on, 'world')}; all figures are from {found.tested_on} others, in "
        f"{percent(found.share)} of which {happens[:1].lower()}{happens[1:]}.",
    ]


def box_told(box: Box, happens: str, each: str) -> str:
    """``It breaks in 83 % of the worlds in which … (these are 21 % of all worlds; 47 % of all breaks).``"""
    sides = [side_told(s) for s in box.sides]
    listed = sides[0] if len(sides) == 1 else f"{', '.join(sides[:-1])} and {sides[-1]}"
    return (
        f"{happens} in {percent(box.density.value)} of the worlds in which {listed} (these are "
        f"{percent(box.mass.value)} of all worlds; {percent(box.coverage.value)} of all {each})."
    )


def side_told(s: Side) -> str:
    """``what programme is worth to North Korea is above 0.72``."""
    name, unit = quoted(s.name) or s.path, f" {s.unit}" if s.unit else ""
    if s.levels:
        return f"{name} is {' or '.join(s.levels)}"
    if s.above is None:
        assert s.upto is not None
        return f"{name} is at most {plain(s.upto)}{unit}"
    if s.upto is None:
        return f"{name} is above {plain(s.above)}{unit}"
    return f"{name} is between {plain(s.above)} and {plain(s.upto)}{unit}"


# ------------------------------------------------------------------ finding out


def finding_out_told(found: FindingOut, party: str, titles: Sequence[str], most: int = 5) -> Iterator[str]:
    """What a party would do now, what knowing all would be worth, and which numbers to find out first.

    ``titles``: of the road maps, in the order of ``found.decisions``.
    """
    if min(found.refused) >= 1:
        yield f"Whatever {party} does, nothing comes of it: in no world would all others sign."
        return
    if found.chosen is None:
        yield f"As things are known {party} does best to sign nothing."
    else:
        k = found.decisions.index(found.chosen)
        what = "it" if len(titles) == 1 else f"“{titles[k]}”"
        nothing = f", with nothing in the {percent(found.refused[k])} of worlds in which another would not sign"
        yield (
            f"As things are known {party} does best to sign {what}: on average {number(found.gains[k])} over no "
            f"deal{nothing if found.refused[k] else ''}."
        )
    best = max((abs(x) for x in found.gains), default=0.0)
    if found.everything.high < HARDLY * best:
        yield f"To know more before it signs would bring it hardly anything: everything {_worth(found.everything)}."
        return
    yield f"To know everything beforehand would be worth {_worth(found.everything)} more to it."
    clear = [k for k in found.items if k.clear][:most]
    if not clear:
        yield "No number by itself would clearly change what it had better do."
    for n, item in enumerate(clear, 1):
        yield f"{n}. {'Find out first' if n == 1 else 'Then'}: {_item(item, _otherwise(found, titles))}"


def _otherwise(found: FindingOut, titles: Sequence[str]) -> str:
    """What a party would do that does not do what is best as things are known."""
    if len(titles) > 1:
        return "it would then do otherwise"
    return "it would then sign" if found.chosen is None else "it would then rather not sign"


def _item(k: Knowing, otherwise: str) -> str:
    told = f"{_called(k.path, k.name)}; worth {_worth(k.worth)}, as in {percent(k.otherwise)} of worlds {otherwise}"
    return f"{told}."


def _worth(x: Estimate) -> str:
    return f"{number(x.value)} ({number(x.low)} to {number(x.high)})"
