"""Checks on ids, parties and road maps of a document, and its warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.calendar import Calendar, When
from detente.case.context import Context, is_short, named
from detente.case.figures import Figure, Series, Span
from detente.case.problems import Loc
from detente.case.road_maps import Startable, check_ends, check_starts
from detente.case.schema import Document
from detente.case.validate import describe


def check_ids(context: Context) -> None:
    """No id stands for two things that a clause, a table or a command could mean."""
    document = context.document
    factions = [(n, ("parties", p, "factions", n)) for p, party in document.parties.items() for n in party.factions]
    things = ("parties", "measures", "milestones", "groups", "bodies")
    for kinds in (things, ("positions", "goals", "proposals", "road_maps")):
        seen: dict[str, str] = {}
        every: list[tuple[str, str, Loc]] = [(k, name, (k, name)) for k in kinds for name in getattr(document, k)]
        for kind, name, loc in [*every, *(("factions", name, loc) for name, loc in factions)]:
            if name in seen:
                context.problems.add(
                    "DET202",
                    f'"{name}" stands under {seen[name]} and again under {kind}',
                    loc,
                    why="clauses, tables and commands name things by their ids alone",
                    fix="choose another id",
                )
            seen.setdefault(name, kind)
    for name, tranches in context.pieces.tranches.items():
        for tranche in tranches:
            if tranche in document.measures or tranche in document.milestones:
                context.problems.add(
                    "DET202",
                    f'"{tranche}" is the id of a tranche of "{name}" and of a thing of its own',
                    ("measures", tranche) if tranche in document.measures else ("milestones", tranche),
                    why="a tranched measure takes the ids name-1, name-2, …",
                    fix="choose another id",
                )
    _check_added(context)
    ids = [s.id for s in document.sticks]
    for n, stick in enumerate(document.sticks):
        if stick.id in ids[:n]:
            context.problems.add(
                "DET202",
                f'the stick id "{stick.id}" is used twice',
                ("sticks", n, "id"),
                why="results name sticks by their ids",
                fix="choose another id",
            )


def _check_added(context: Context) -> None:
    """A party that an overlay adds under a close name, and that nothing else speaks of, is a misspelling."""
    for loc, diagnostic in context.problems.strangers.items():
        if loc[0] == "parties" and not _spoken_of(str(loc[1]), context.tree.data, loc):
            context.problems.note(diagnostic)


def _spoken_of(name: str, node: Any, leave_out: Loc, loc: Loc = ()) -> bool:
    """Whether a name stands anywhere as a key or value, but for one place."""
    if loc == leave_out:
        return False
    if isinstance(node, dict):
        return any(
            (k == name and (*loc, k) != leave_out) or _spoken_of(name, v, leave_out, (*loc, k)) for k, v in node.items()
        )
    if isinstance(node, list):
        return any(_spoken_of(name, v, leave_out, (*loc, n)) for n, v in enumerate(node))
    return bool(node == name)


def check_parties(context: Context) -> None:
    """Discounts, lags and sticks make sense."""
    document, problems = context.document, context.problems
    for name, party in document.parties.items():
        loc: Loc = ("parties", name)
        if party.discount is not None and party.hazard is not None:
            problems.add(
                "DET217",
                f'party "{name}" has both a discount and a hazard',
                (*loc, "hazard"),
                why="a hazard turns the common discount into the party's own",
                fix="keep one of the two",
            )
        if party.discount is None and not context.written("discount") and not context.written(*loc, "discount"):
            problems.add(
                "DET205",
                f'party "{name}" has no discount, and the case has no common one',
                loc,
                why="without it the future has no worth",
                fix="add discount: to the case or to the party",
                rests_on=[("discount",), (*loc, "discount")],
            )
        if party.lag is not None and (party.lag.value.low < 1 and _low(party.lag, context.calendar) < 1):
            problems.add(
                "DET207",
                f'the response lag of party "{name}" is {party.lag.value.text}; it must be 1 period or more',
                (*loc, "lag"),
                why="what is done in a period is seen in it and answered in the next at the earliest",
                fix="write 1 or more",
            )
        if party.exit_cost is not None and party.exit_cost.value.low < 0:
            problems.add(
                "DET208",
                f'the exit cost of party "{name}" is {party.exit_cost.value.text}, below 0',
                (*loc, "exit_cost"),
                why="leaving would be rewarded",
                fix="write 0 or more",
            )
    stated = {p.discount.value.text for p in document.parties.values() if p.discount is not None}
    if not context.written("discount") and len(stated) > 1:
        problems.add(
            "DET205",
            f"the parties' discounts differ ({', '.join(sorted(stated))}), and the case has no common one",
            ("parties",),
            why="gains are compared between parties at one discount, or a planner would trade time between them",
            fix="add discount: to the case",
            rests_on=[("discount",)],
        )
    _check_sticks(context)


def _check_sticks(context: Context) -> None:
    for n, stick in enumerate(context.document.sticks):
        if stick.by == stick.against:
            context.problems.add(
                "DET211",
                f"{named('stick', stick.id, n)} is of {stick.by} against itself",
                ("sticks", n, "against"),
                why="a stick answers another party's breach",
                fix="name another party",
                rests_on=[("sticks", n, "by")],
            )


def _low(span: Span, calendar: Calendar) -> int:
    return span.value.periods(span.value.low, calendar, "up")


def check_road_maps(context: Context) -> None:
    """Road maps of the case and of proposals speak of measures that can be on a road map, at times that exist."""
    document = context.document
    maps: list[tuple[Loc, Mapping[str, When | None]]] = [
        (("road_maps", name), entry.starts) for name, entry in document.road_maps.items()
    ]
    maps += [
        (("proposals", name, "road_map"), proposal.road_map)
        for name, proposal in document.proposals.items()
        if proposal.road_map is not None
    ]
    done = [p.id for p in context.pieces.by_id.values() if p.measure is not None and p.measure.done]
    plain = [p.id for p in context.pieces.by_id.values() if p.members is None]
    plain += [n for n in context.known("measures") if n not in context.pieces.tranches and n not in plain]
    startable = Startable(plain, done, context.known("milestones"), context.pieces.tranches)
    for loc, starts in maps:
        check_starts(starts, loc, context.problems, context.calendar, startable, context.doubtful)
        check_ends(starts, loc, context.problems, context.calendar)


def figures(part: Any, loc: Loc = ()) -> Iterator[tuple[Loc, Figure]]:
    """Every number of a document with its place, in the order of the schema."""
    if isinstance(part, Figure):
        yield loc, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from figures(value, (*loc, key))
    elif isinstance(part, tuple):
        for n, value in enumerate(part):
            yield from figures(value, (*loc, n))
    elif hasattr(type(part), "model_fields"):
        for key, f in type(part).model_fields.items():
            yield from figures(getattr(part, key), (*loc, f.alias or key))


def numbers_in(figure: Figure) -> list[Any]:
    """The numbers or the time that a figure holds."""
    value = figure.value  # type: ignore[attr-defined]
    return [x for _, x in value.entries] if isinstance(figure, Series) else [value]


def warn(context: Context) -> None:
    """Note what is allowed but may not be meant."""
    document = context.document
    _warn_rounding(context)
    _warn_sources(document, context)
    _warn_sticks(document, context)
    _warn_unvalued(document, context)
    for name, m in document.measures.items():
        if m.takes is not None and m.done:
            context.problems.warn(
                "DET605",
                f'"{name}" is done, so its work ("takes") does not count',
                ("measures", name, "takes"),
                fix="leave it out",
            )


def _warn_rounding(context: Context) -> None:
    for loc, figure in figures(context.document):
        if not isinstance(figure, Span) or figure.value.unit == "period":
            continue
        nearest = loc[-1] == "lasts" or (len(loc) > 1 and loc[-2:] == ("undo", "takes"))
        if is_short(figure.value, context.calendar, "nearest" if nearest else "up"):
            d, told = figure.value, describe(context.tree.path(loc), context.tree)
            whole = d.periods(d.central, context.calendar, "nearest" if nearest else "up")
            counted = f"{whole} {context.calendar.period}{'' if whole == 1 else 's'}"
            context.problems.warn(
                "DET601",
                f'{told}: "{d.text}" counts as {counted}',
                loc,
                why="times are whole periods: undoing is rounded to the nearest, everything else up",
                fix="choose shorter periods if that matters",
            )


def _sources_used(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _sources_used(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _sources_used(value)
    elif hasattr(type(part), "model_fields") and not isinstance(part, Document):
        for key in type(part).model_fields:
            value = getattr(part, key)
            if key == "sources":
                yield from value
            else:
                yield from _sources_used(value)


def _warn_sources(document: Document, context: Context) -> None:
    parts = {key: getattr(document, key) for key in type(document).model_fields if key != "sources"}
    used = set(_sources_used(parts))
    for name in document.sources:
        if name not in used:
            context.problems.warn(
                "DET602",
                f'nothing rests on the source "{name}"',
                ("sources", name),
                fix="name it where it is used, or drop it",
            )


def _warn_sticks(document: Document, context: Context) -> None:
    from detente.case.resolve import stick_worth

    for n, stick in enumerate(document.sticks):
        worth = stick_worth(document, stick, context.calendar, lambda x: x.central).get(stick.by)
        if not stick.committed and worth is not None and (worth.flow < 0 or worth.once < 0):
            context.problems.warn(
                "DET603",
                f'stick "{stick.id}" is hollow: using it hurts {stick.by}, and nothing commits {stick.by} to it',
                ("sticks", n),
                why="nobody is assumed to punish against its own interest, so it does not count",
                fix="add committed: true if something does commit its owner",
            )


def _warn_unvalued(document: Document, context: Context) -> None:
    weighed = {a for p in document.parties.values() for a in p.weights}
    weighed |= {a for p in document.parties.values() for f in p.factions.values() for a in f.weights}
    needed = {x for p in context.pieces.by_id.values() for x in (*(a.measure for a in p.after), *(p.members or ()))}
    for m in document.measures.values():
        needed |= {context.pieces.last(x) for a in (m.detect.with_ if m.detect else ()) for x in a.measures}
        needed |= {m.replaces.measure} if m.replaces else set()
    for kind in ("measures", "milestones"):
        for name, m in getattr(document, kind).items():
            facts = {*m.facts, *m.facts_once, *getattr(m, "facts_during", {})}
            if not m.value and not facts & weighed and context.pieces.last(name) not in needed:
                context.problems.warn(
                    "DET604",
                    f'nobody values "{name}"',
                    (kind, name),
                    why="it changes no party's payoff, comes before nothing and gives no access",
                    fix="add facts or value if it should matter",
                )


def unsourced(document: Document) -> list[Loc]:
    """Places of numbers that rest on no source of their own or of the thing that holds them."""
    missing = []
    for loc, figure in figures(document):
        if figure.sources:
            continue
        parts: list[Any] = [document]
        for key in loc[:-1]:
            parts.append(_step(parts[-1], key))
        if not any(getattr(p, "sources", ()) for p in parts[1:] if not isinstance(p, dict)):
            missing.append(loc)
    return missing


def _step(part: Any, key: str | int) -> Any:
    if isinstance(part, dict | tuple):
        return part[key]  # type: ignore[index]
    for name, f in type(part).model_fields.items():
        if (f.alias or name) == key:
            return getattr(part, name)
    return None
