"""Checks on what the parties may be: chances that add up, governments in time, things hidden where they can be; and on
correlations as they are written."""

from __future__ import annotations

from math import prod

from detente.case.context import Context
from detente.case.figures import Amount, Share
from detente.case.problems import UNKNOWN, Loc
from detente.case.schema import Party
from detente.case.schema_uncertain import Hidden

MOST_VARIANTS = 4096


def check_uncertain(context: Context) -> None:
    """Note everything that is wrong with types and governments taken by themselves."""
    seen: dict[str, Loc] = {}
    for name, party in context.document.parties.items():
        loc: Loc = ("parties", name)
        _check_types(name, party, loc, context)
        for type_id, type_ in party.types.items():
            for n, thing in enumerate(type_.hidden):
                _check_hidden(thing, name, party, (*loc, "types", type_id, "hidden", n), context)
        _check_governments(party, loc, context, seen)
    _check_number(context)
    _check_correlations(context)


def _check_types(name: str, party: Party, loc: Loc, context: Context) -> None:
    if not party.types:
        return
    for type_id, type_ in party.types.items():
        _check_chance(type_.chance, (*loc, "types", type_id, "chance"), context)
    stated = [t.chance.value.central for t in party.types.values() if t.chance is not None]
    silent, total = len(party.types) - len(stated), sum(stated)
    if silent > 1:
        problem, fix = f"{silent} of them have no chance", "only one may be silent: it takes what the others leave"
    elif total > 1 or (not silent and total != 1):
        problem, fix = f"their chances sum to {total}", "let them sum to 1, or leave one out: it takes the rest"
    else:
        return
    context.problems.add(
        "DET224",
        f'the types of party "{name}" do not add up: {problem}',
        (*loc, "types"),
        why="the party is exactly one of them",
        fix=fix,
        rests_on=[(*loc, "types")],
    )


def _check_chance(chance: Share | None, loc: Loc, context: Context) -> None:
    if chance is not None and chance.value.ranged:
        context.problems.add(
            "DET108",
            f"the chance {chance.value.text} has a range",
            loc,
            why="a chance already says what is not known",
            fix="write one number",
        )


def _check_governments(party: Party, loc: Loc, context: Context, seen: dict[str, Loc]) -> None:
    for n, government in enumerate(party.governments):
        at: Loc = (*loc, "governments", n)
        _check_chance(government.chance, (*at, "chance"), context)
        calendar = context.calendar
        period = calendar.period_of(government.from_)
        if not 1 <= period < calendar.periods:
            when = "already in office when the case begins" if period < 1 else "after the last period"
            context.problems.add(
                "DET225",
                f'the government "{government.id}" would come {government.from_}: {when}',
                (*at, "from"),
                why="today's government is the case as written, and after the last period nothing changes",
                fix=f"write a time from {calendar.label(1)} to {calendar.label(calendar.periods - 1)}",
                rests_on=[("start",), ("periods",), ("period",)],
            )
        if government.id in seen and government.id != UNKNOWN:
            context.problems.add(
                "DET202",
                f'the government id "{government.id}" is used twice',
                (*at, "id"),
                why="results name governments by their ids",
                fix="choose another id",
            )
        seen.setdefault(government.id, at)


def _check_correlations(context: Context) -> None:
    """Each is of two different numbers, told once."""
    seen: dict[frozenset[str], int] = {}
    for n, c in enumerate(context.document.uncertainty.correlations):
        pair = frozenset(c.between)
        if len(c.between) != 2 or len(pair) != 2:
            problem, fix = "is between " + (" and ".join(c.between) or "nothing"), "name two different numbers"
        elif not -1 <= c.rank.value.central <= 1 or c.rank.value.ranged:
            problem, fix = f"has the rank {c.rank.value.text}", "write one number from -1 to 1"
        elif pair in seen:
            problem, fix = f"says again what number {seen[pair] + 1} says", "keep one of the two"
        else:
            seen[pair] = n
            continue
        told = f"correlation number {n + 1} {problem}"
        why = "a rank correlation is one number from -1 to 1 for two different numbers"
        context.problems.add("DET228", told, ("uncertainty", "correlations", n), why=why, fix=fix)


def _check_hidden(thing: Hidden, owner: str, party: Party, loc: Loc, context: Context) -> None:
    measures, told = context.document.measures, f'"{thing.what}"'
    if context.refer(thing.left_out_of, context.measures, "measure", (*loc, "left_out_of"), told):
        piece = context.pieces.by_id.get(context.pieces.last(thing.left_out_of))
        by = piece.measure.by if piece is not None and piece.measure is not None else owner
        if by != owner and thing.left_out_of in (*measures, *context.pieces.by_id):
            context.problems.add(
                "DET226",
                f'{told} is left out of "{thing.left_out_of}", which is done by {by}',
                (*loc, "left_out_of"),
                why="only its owner can leave it out of a declaration",
                fix=f"name a measure of {owner}",
                rests_on=[("measures", thing.left_out_of, "by")],
            )
    for attribute in thing.facts:
        context.refer(attribute, context.known("attributes"), "attribute", (*loc, "facts", attribute), told)
    _check_minds(thing.worth, "worth", [owner, *party.factions], f"worth something to {owner} alone", loc, context)
    others = [p for p in context.known("parties") if p != owner]
    _check_minds(thing.price, "price", others, f"paid for by parties other than {owner}", loc, context)


def _check_minds(amounts: dict[str, Amount], key: str, minds: list[str], told: str, loc: Loc, context: Context) -> None:
    for name, amount in amounts.items():
        at = (*loc, key, name)
        if (
            context.refer(name, context.speakers, context.speaker, at)
            and name in context.speakers
            and name not in minds
        ):
            context.problems.add(
                "DET226",
                f'the {key} of what is hidden names "{name}"',
                at,
                why=f"what is hidden is {told}",
                fix=f"name {' or '.join(minds)}" if minds else "leave it out",
            )
        if amount.value.low < 0:
            context.problems.add(
                "DET208",
                f"the {key} of what is hidden is {amount.value.text}, below 0",
                at,
                why="nobody hides what harms him, and a price is a loss",
                fix="write 0 or more",
            )


def _check_number(context: Context) -> None:
    parties = context.document.parties.values()
    many = prod(max(len(p.types), 1) for p in parties) * 2 ** sum(len(p.governments) for p in parties)
    if many > MOST_VARIANTS:
        context.problems.add(
            "DET224",
            f"types and governments can be combined in {many} ways; at most {MOST_VARIANTS} are told apart",
            ("parties",),
            why="each combination is a case of its own",
            fix="leave out the least likely",
        )
