"""Checks on what things are worth: facts, weights, corrections, series, tranches, groups, resources."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from detente.case.calendar import Calendar
from detente.case.context import Context, named
from detente.case.figures import Series, Steps
from detente.case.problems import Loc, Problems
from detente.case.schema import Group
from detente.case.schema_measures import Measure

_SLACK = Decimal("1e-9")


def check_worth(context: Context) -> None:
    """Note every number that cannot mean anything where it stands."""
    document, problems = context.document, context.problems
    for name, party in document.parties.items():
        for attribute in party.weights:
            context.refer(
                attribute,
                context.known("attributes"),
                "attribute",
                ("parties", name, "weights", attribute),
                f'party "{name}"',
            )
        check_series(party.status_quo, ("parties", name, "status_quo"), context.calendar, problems)
    for name, m in document.measures.items():
        _worth(m, ("measures", name), f'measure "{name}"', context)
        _measure(m, ("measures", name), name, context)
    for name, milestone in document.milestones.items():
        _worth(milestone, ("milestones", name), f'milestone "{name}"', context)
    for n, stick in enumerate(document.sticks):
        _worth(stick, ("sticks", n), named("stick", stick.id, n), context)
    for name, resource in document.resources.items():
        check_series(resource.capacity, ("resources", name, "capacity"), context.calendar, problems)
        not_negative(resource.capacity, ("resources", name, "capacity"), f'the capacity of "{name}"', problems)
    for name, group in document.groups.items():
        _group(name, group, context)


def _worth(part: Any, loc: Loc, told: str, context: Context) -> None:
    for key in ("facts", "facts_once", "facts_during"):
        for attribute, figure in getattr(part, key, {}).items():
            at = (*loc, key, attribute)
            context.refer(attribute, context.known("attributes"), "attribute", at, told)
            if isinstance(figure, Series):
                check_series(figure, at, context.calendar, context.problems)
            if key == "facts_once":
                _no_rate(attribute, at, context)
    for party, value in part.value.items():
        context.refer(party, context.speakers, context.speaker, (*loc, "value", party), told)
        if isinstance(value.flow, Series):
            check_series(value.flow, (*loc, "value", party, "flow"), context.calendar, context.problems)


def _no_rate(attribute: str, loc: Loc, context: Context) -> None:
    for name, party in context.document.parties.items():
        weight = party.weights.get(attribute)
        if weight is not None and weight.value.rate not in (None, "period"):
            context.problems.add(
                "DET222",
                f'"{attribute}" counts once here, but its weight for {name} is a rate ({weight.value.text})',
                loc,
                why="what is paid once cannot be multiplied by a worth a year",
                fix="give the weight a period, or use another attribute for what is paid once",
            )


def check_series(figure: Series | None, loc: Loc, calendar: Calendar, problems: Problems) -> None:
    """A list is no longer than the case; moments begin at or before period 0, rise, and lie within the case."""
    if figure is None:
        return
    steps: Steps = figure.value
    if steps.constant:
        return
    if steps.entries[0][0] is None:
        if len(steps.entries) > calendar.periods:
            problems.add(
                "DET216",
                f"{len(steps.entries)} numbers stand here; the case has {calendar.periods} periods",
                loc,
                why="the rest would be dropped without a word",
                fix="drop the last ones, or lengthen the case",
                rests_on=[loc],
            )
        return
    at = [calendar.period_of(when) for when, _ in steps.entries if when is not None]
    if at[0] > 0:
        problems.add(
            "DET216",
            f"nothing is said of the periods before {steps.entries[0][0]}",
            loc,
            why="no number is filled in where none was written",
            fix=f"begin with {calendar.label(0)}: 0, or what it is",
            rests_on=[loc],
        )
    for n in range(1, len(at)):
        if at[n] <= at[n - 1]:
            problems.add(
                "DET216",
                f"{steps.entries[n][0]} does not come after {steps.entries[n - 1][0]} in time",
                loc,
                why="each number holds from its moment to the next",
                fix="put the moments in order, one a period",
            )
    if at[-1] >= calendar.periods:
        problems.add(
            "DET216",
            f"{steps.entries[-1][0]} lies after the last period, {calendar.label(calendar.periods - 1)}",
            loc,
            why="the number would never count",
            fix="drop it, or lengthen the case",
        )


def not_negative(figure: Any, loc: Loc, told: str, problems: Problems) -> None:
    """An amount of something is 0 or more."""
    if figure is None:
        return
    numbers = [x for _, x in figure.value.entries] if isinstance(figure, Series) else [figure.value]
    for number in numbers:
        if number.low < 0:
            problems.add(
                "DET208",
                f"{told} is {number.text}, below 0",
                loc,
                why="it is an amount of something",
                fix="write 0 or more",
            )


def _measure(m: Measure, loc: Loc, name: str, context: Context) -> None:
    problems = context.problems
    if not context.written(*loc, "takes") and not m.done and not (m.tranches and m.tranches.takes):
        problems.add(
            "DET102",
            f'measure "{name}" does not say how long its work takes',
            loc,
            why="a measure that takes no time is a different measure",
            fix="add takes: with a time; 0 is a stroke of a pen",
            rests_on=[(*loc, key) for key in ("takes", "done", "tranches")],
        )
    if m.undo is not None:
        not_negative(m.undo.cost, (*loc, "undo", "cost"), f'the cost of undoing "{name}"', problems)
    for n, access in enumerate(m.detect.with_ if m.detect else ()):
        if not access.measures:
            problems.add(
                "DET102",
                f'detection of "{name}" names no access measure',
                (*loc, "detect", "with", n),
                why="detection without access is the base value",
                fix="name a measure, or write base:",
                rests_on=[(*loc, "detect", "with")],
            )
    for resource, amount in m.uses.items():
        _uses(name, resource, amount, (*loc, "uses", resource), context)
    if m.tranches is not None:
        _tranches(name, m, (*loc, "tranches"), problems)


def _uses(name: str, resource: str, amount: Any, loc: Loc, context: Context) -> None:
    not_negative(amount, loc, f'what "{name}" uses of {resource}', context.problems)
    held = context.document.resources.get(resource)
    if held is not None and amount.value.central > max(x.central for _, x in held.capacity.value.entries):
        context.problems.add(
            "DET221",
            f'"{name}" uses {amount.value.text} of "{resource}", more than there ever is',
            loc,
            why="it could never be under way",
            fix="raise the capacity or lower the use",
            rests_on=[("resources", resource, "capacity")],
        )


def _tranches(name: str, m: Measure, loc: Loc, problems: Problems) -> None:
    cut = m.tranches
    assert cut is not None
    count, total = len(cut.shares), sum((s.value.central for s in cut.shares), Decimal(0))
    if count < 2 or abs(total - 1) > _SLACK or any(s.value.low <= 0 for s in cut.shares):
        problems.add(
            "DET218",
            f'the shares of the tranches of "{name}" are {", ".join(s.value.text for s in cut.shares)}',
            (*loc, "shares"),
            why="two or more positive shares make the whole",
            fix="let them sum to 1",
            rests_on=[loc],
        )
    for key, given in (("profile", cut.profile), ("takes", cut.takes)):
        if given is not None and len(given) != count:
            problems.add(
                "DET218",
                f'"{name}" has {count} tranches and {len(given)} entries of {key}',
                (*loc, key),
                why="entries are not stretched to fit",
                fix="give one for each tranche",
                rests_on=[loc],
            )
    if m.done or m.replaces is not None:
        problems.add(
            "DET218",
            f'"{name}" is cut into tranches and is {"done" if m.done else "a replacement"}',
            loc,
            why="which tranche is meant would have to be guessed",
            fix="write the tranches as measures of their own",
        )


def _group(name: str, group: Group, context: Context) -> None:
    problems, loc = context.problems, ("groups", name)
    if not group.members:
        problems.add(
            "DET220",
            f'group "{name}" has no members',
            (*loc, "members"),
            why="a share of nothing means nothing",
            fix="name measures",
            rests_on=[(*loc, "members")],
        )
    if group.by == "count":
        return
    if not context.refer(
        group.by, ["count", *context.known("attributes")], "attribute", (*loc, "by"), f'group "{name}"'
    ):
        return
    weights: Mapping[str, Decimal | None] = {x: _weight(x, group.by, context) for x in group.members}
    known = {x: w for x, w in weights.items() if w is not None}
    bad = [x for x, w in known.items() if w < 0]
    if bad or (known and len(known) == len(weights) and sum(known.values()) == 0):
        places = [context.pieces.by_id[x].loc for x in context.pieces.all(tuple(known))]
        what = f'"{bad[0]}" has a negative fact' if bad else "none of its members has a fact"
        problems.add(
            "DET220",
            f'group "{name}" is weighed by "{group.by}", and {what}',
            (*loc, "by"),
            why="shares are parts of a positive whole",
            fix="choose another attribute, or by: count",
            rests_on=[(*loc, "members"), *((*at, key) for at in places for key in ("facts", "facts_once"))],
        )


def _weight(name: str, attribute: str, context: Context) -> Decimal | None:
    """A member's fact, None where the member is malformed or unknown."""
    document = context.document
    piece = context.pieces.by_id.get(name)
    part: Any = document.measures.get(name) or document.milestones.get(name) or (piece.written if piece else None)
    if part is None:
        return None
    figure = part.facts.get(attribute) or part.facts_once.get(attribute)
    if figure is None:
        return Decimal(0)
    value: Any = figure.value
    central: Decimal = value.entries[-1][1].central if isinstance(figure, Series) else value.central
    return central
