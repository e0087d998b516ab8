"""What happened in runs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.report.numbers import count, percent
from detente.report.text import Names
from detente.results.simulation import HOWS, Event, Simulation, Story, Way

MEDIAN = 2
"""The place of the median among ``LEVELS``."""

_PLAIN: Mapping[str, str] = {
    "kept": "nobody leaves and nothing stops it",
    "walked": "{party} leaves openly",
    "caught": "{party} is found cheating on {measures}",
    "blamed": "a false alarm about {party} is believed",
    "stopped": "an incident stops it",
    "distrust": "{party} leaves for want of trust",
    "unfound": "it stands, and {party} cheats on {measures} unfound",
}

_EVENTS: Mapping[str, str] = {
    **{how: text[0].upper() + text[1:] + ", and the road map ends" for how, text in _PLAIN.items()},
    "caught": "The suspicion against {party} is confirmed, and the road map ends",
    "blamed": "The suspicion against {party} is confirmed, wrongly, and the road map ends",
    "stopped": "The incident stops the process",
    "cheats": "{party} begins, unseen, to cheat on {measures}",
    "suspected": "Inspection suspects {party}; no further step is begun until that is cleared up",
    "cleared": "{party} is cleared",
    "incident": "An incident",
    "undone": "{party} undoes: {measures}",
    "resumes": "Talks have begun anew; the road map is taken up where it was left",
}


def way_told(w: Way, names: Names) -> str:
    """How some runs ended."""
    return _filled(_PLAIN[w.how], w.party, w.measures, names)


_UNTOLD = ("put-off",)
"""Events that are told with those that follow from them: how late a step is, when it comes."""
_OPEN = ("suspected", "cleared", "incident")
"""Events that lead nowhere if they come when the case is over."""


def story_told(told: Simulation, names: Names) -> Iterator[tuple[str, str]]:
    """The events of the story with their dates. Steps are late until it first ends; what comes then was not agreed."""
    if told.story is None:
        return
    last, agreed = len(told.survival) - 1, _agreed(told, names)
    for e in told.story.events:
        if e.kind in _UNTOLD or (e.period >= last and e.kind in _OPEN):
            continue
        yield names.when(e.period), f"{_event_told(e, names, agreed)}."
        agreed = {} if e.kind in HOWS else agreed
    if told.story.way.how in ("kept", "unfound"):
        yield "", "It stands to the end of the case."


def _agreed(told: Simulation, names: Names) -> Mapping[str, int]:
    """From when on each step is in force as agreed; nothing where the case is not known."""
    if names.case is None:
        return {}
    return {k: start + names.case.measures[k].takes for k, start in told.road_map.starts.items()}


def _event_told(e: Event, names: Names, agreed: Mapping[str, int]) -> str:
    """What happened in a period of a run; what comes late with by how much."""
    if e.kind != "comes":
        return _filled(_EVENTS[e.kind], e.party, e.measures, names)
    late = [(k, e.period - agreed.get(k, e.period)) for k in e.measures]
    steps = [names.of(k) + (f" ({count(n, names.period)} late)" if n > 0 else "") for k, n in late]
    return f"{names.of(e.party or '')}, in force: {'; '.join(steps)}"


def _filled(text: str, party: str | None, measures: tuple[str, ...], names: Names) -> str:
    who = "nobody" if party is None else names.of(party)
    return text.format(party=who, measures="; ".join(names.of(k) for k in measures))


_SHARES = ("wrongly_confirmed", "wrongly_cleared", "stopped_by_incident")
_CUT = {"interrupted": "Interrupted", "clock": "The time limit was reached"}


def rate_told(name: str, value: float, period: str) -> str:
    """A rate with what it is counted by."""
    if name == "clarification":
        return count(round(value), period)
    return percent(value) + ("" if name in _SHARES else f" a {period}")


def headline(told: Simulation) -> str:
    """How often it is kept, with what that rests on."""
    k, s = told.kept, told.stands
    cut, asked = told.provenance.run.cut, told.provenance.run.limits.get("runs", told.n)
    short = f" {_CUT[cut]} after {told.n:,} of {asked:,} runs." if cut in _CUT else ""
    return (
        f"In {percent(k.value)} of {told.n:,} runs ({percent(k.low)} to {percent(k.high)}) nobody leaves and nothing "
        f"stops it; in {percent(s.value)} it stands at the end. {told.worlds:,} possible worlds, seed "
        f"{told.provenance.seed}.{short}"
    )


def lateness(told: Simulation, names: Names) -> str:
    """How late its steps came, for how long it stood still, and what follows a break."""
    late, still, period = told.late, told.still, names.period
    text = "No step came late." if not late.mean else "Hardly any step came late."
    if late.mean >= 0.05:
        text = f"Of the steps that came before it ended the latest was {periods(late.mean, period)} late on average"
        text += f" (in one run of twenty {late.quantiles[4]:.0f} or more)."
    if still.mean >= 0.05:
        text += f" While alarms were being cleared up it stood still for {periods(still.mean, period)} on average"
        text += f" (in one run of twenty for {still.quantiles[4]:.0f} or more)."
    if not told.costs:
        return text
    again = percent(told.resumed)
    return f"{text} Of the runs that ended {again} had it taken up again and standing at the end of the case."


def periods(x: float, period: str) -> str:
    """A number of periods."""
    return f"{x:.1f} {period}{'' if round(x, 1) == 1 else 's'}"


def story_head(s: Story, names: Names) -> str:
    """Which run is told."""
    who = [f"{names.of(p)} is of the type “{kind}”" for p, kind in s.types.items()]
    who += [f"{names.when(t)}: {g} comes to office in {names.of(p)}" for t, p, g in s.governments]
    kind = f" ({'; '.join(who)})" if who else ""
    return f"One run of the commonest kind, number {s.run}{kind}:"


NOTE = (
    "Ended: quantiles over the runs of the row. Reached: in fact, not on paper. Over no deal: at each party's own "
    "discount, in its own units, cheats counted as they truly are; what follows the first end, and a cheat that is "
    "never found, counted as being for good. At the end: of runs that end, what the end is worth less going on, a "
    "cheat that is found counted from when it began; exposure: what it would then cost a party to go on if another "
    "left."
)
