"""What things in a case are called."""

from __future__ import annotations

from detente.case.expand import Pieces
from detente.case.schema import Document


def titles_of(doc: Document, pieces: Pieces) -> dict[str, str]:
    """Everything in a case that has a title, by its id; the case itself as ``case``."""
    titles: dict[str, str] = {}
    for parts in (
        doc.parties,
        doc.measures,
        doc.milestones,
        {name: f for party in doc.parties.values() for name, f in party.factions.items()},
        doc.bodies,
        doc.resources,
        doc.groups,
        doc.positions,
        doc.goals,
        doc.proposals,
        doc.road_maps,
    ):
        for name, part in parts.items():
            if part.name and name not in titles:
                titles[name] = part.name
    for name, tranches in pieces.tranches.items():
        whole = doc.measures[name].name or name
        titles |= {x: f"{whole}, {n + 1} of {len(tranches)}" for n, x in enumerate(tranches)}
    titles |= {s.id: s.name for s in doc.sticks if s.name and s.id not in titles}
    if doc.title:
        titles.setdefault("case", doc.title)
    return titles
