"""Checks on who has a say besides governments: factions, bodies that vote, and whose consent measures need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from detente.case.check_worth import check_series, not_negative
from detente.case.context import Context
from detente.case.problems import Loc, Problems
from detente.case.schema import Party
from detente.case.schema_votes import Body, Faction


class Refer(Protocol):
    """Notes a reference to something that does not exist."""

    def __call__(self, name: str, known: Sequence[str], what: str, loc: Loc, by: str) -> object:
        """Check that a name is known."""


def check_votes(context: Context) -> None:
    """Note everything that is wrong with factions, bodies and consents."""
    document = context.document
    for name, party in document.parties.items():
        if not party.factions:
            _no_factions(party, name, context)
        for faction, f in party.factions.items():
            _faction(f, faction, ("parties", name, "factions", faction), context)
    for name, body in document.bodies.items():
        told, loc = f'body "{name}"', ("bodies", name)
        for member, votes in body.votes.items():
            not_negative(votes, (*loc, "votes", member), f"what {member} votes with in {told}", context.problems)
        _body(name, body, context)
    known = [*context.known("parties"), *context.known("bodies")]
    for name, m in document.measures.items():
        for n, whose in enumerate(m.consent):
            at: Loc = ("measures", name, "consent", n)
            context.refer(whose, known, "party or body", at, f'measure "{name}"')


def _no_factions(party: Party, name: str, context: Context) -> None:
    for key in ("ratify", "sustain"):
        if getattr(party, key) is not None:
            context.problems.add(
                "DET223",
                f'party "{name}" has a share to {key} and no factions',
                ("parties", name, key),
                why="it is a share of the weight of its factions",
                fix="add factions, or leave it out",
                rests_on=[("parties", name, "factions")],
            )


def _faction(f: Faction, name: str, loc: Loc, context: Context) -> None:
    problems, told = context.problems, f'faction "{name}"'
    not_negative(f.weight, (*loc, "weight"), f"the weight of {told}", problems)
    for attribute in f.weights:
        context.refer(attribute, context.known("attributes"), "attribute", (*loc, "weights", attribute), told)
    check_series(f.status_quo, (*loc, "status_quo"), context.calendar, problems)
    if f.discount is not None and f.hazard is not None:
        problems.add(
            "DET217",
            f"{told} has both a discount and a hazard",
            (*loc, "hazard"),
            why="a hazard turns the common discount into the faction's own",
            fix="keep one of the two",
        )
    elif f.hazard is not None and not context.written("discount"):
        problems.add(
            "DET205",
            f"{told} has a hazard, and the case has no common discount",
            (*loc, "hazard"),
            why="the faction's discount is the common one times 1 - hazard",
            fix="add discount: to the case, or to the faction in place of its hazard",
            rests_on=[("discount",)],
        )


def _body(name: str, body: Body, context: Context) -> None:
    votes = {member: x.value.central for member, x in body.votes.items()}
    check_body(
        name, votes, body.quota.value.central, body.vetoes, context.known("parties"), context.refer, context.problems
    )


def check_body(
    name: str,
    votes: Mapping[str, Decimal],
    quota: Decimal,
    vetoes: Sequence[str],
    parties: Sequence[str],
    refer: Refer,
    problems: Problems,
) -> None:
    """Note what is wrong with a body: its members, its quota, its vetoes."""
    told, loc, total = f'body "{name}"', ("bodies", name), sum(votes.values(), Decimal(0))
    for member in votes:
        refer(member, parties, "party", (*loc, "votes", member), told)
    if not votes:
        problems.add(
            "DET223",
            f"{told} has no members",
            (*loc, "votes"),
            why="nobody could ever vote",
            fix="give parties their votes: votes: {US: 1, …}",
            rests_on=[(*loc, "votes")],
        )
    elif not 0 < quota <= total:
        problems.add(
            "DET223",
            f"the quota of {told} is {quota}; its members have {total} votes",
            (*loc, "quota"),
            why="at 0 nobody would be asked, and above all votes nothing could ever pass",
            fix=f"write a number of votes above 0, at most {total}",
            rests_on=[(*loc, "votes"), (*loc, "quota")],
        )
    for n, member in enumerate(vetoes):
        if member not in votes:
            problems.add(
                "DET223",
                f'{told} gives a veto to "{member}", which is no member',
                (*loc, "vetoes", n),
                why="only members vote",
                fix=problems.spelling(member, list(votes)),
                rests_on=[(*loc, "votes")],
            )


def warn_votes(context: Context) -> None:
    """Note votes that decide nothing."""
    document = context.document
    for name, party in document.parties.items():
        silent = all(f.weight is not None and not f.weight.value.central for f in party.factions.values())
        if party.factions and silent and not any(f.veto for f in party.factions.values()):
            context.problems.warn(
                "DET608",
                f'no faction of "{name}" has any weight or a veto, so what they think decides nothing',
                ("parties", name, "factions"),
                fix="give one a weight",
            )
    asked = {whose for m in document.measures.values() for whose in m.consent}
    for name in document.bodies:
        if name not in asked:
            context.problems.warn(
                "DET608",
                f'no measure asks for the consent of "{name}", so it decides nothing',
                ("bodies", name),
                fix=f"add consent: [{name}] to the measures that need it, or drop it",
            )
    for name, m in document.measures.items():
        if m.by in m.consent:
            context.problems.warn(
                "DET608",
                f'measure "{name}" asks for the consent of "{m.by}", whose own it is',
                ("measures", name, "consent"),
                why="a party that would not sign does not act anyway",
                fix="leave it out",
            )
