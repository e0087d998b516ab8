"""The section on support at home and consent: every camp, every consent, every vote that is lost; or nothing."""

from __future__ import annotations

from detente.audit.judge import audit
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.report import html
from detente.report.document import Document, Heading, Table, flat, inlines
from detente.report.sections.factions import factions
from detente.report.text import audit_text
from tests.audit.test_votes import council, divided
from tests.making import Raw


def told(raw: Raw) -> tuple[list[str], str]:
    """The cells of the tables, and all of it as HTML."""
    case = resolved_from_dict(raw)
    blocks = factions(audit(case, RoadMap({"give": 0, "pay": 0}), cures=False), case)
    cells = [
        flat(c if isinstance(c, str) else c.text) for b in blocks if isinstance(b, Table) for row in b.rows for c in row
    ]
    return cells, html.page(Document("t", "", (), tuple(blocks), "")) if blocks else ""


def test_camps_with_weights_votes_and_weakest_moments() -> None:
    cells, page = told(divided())
    assert cells == [
        "Aland needs 50 % of the weight at first and later",
        "The hawks", "2", "never", "−6", "Q2 2019", "–",
        "Doves", "3", "throughout", "0", "Q2 2019", "–",
    ]  # fmt: skip
    assert "Every vote is carried." in page


def test_demands_vetoes_and_lost_votes_are_told() -> None:
    clause = {"id": "doves-1", "owner": "doves", "kind": "position", "of": "doves", "strength": "must"}
    raw = divided(clauses=[{**clause, "text": "pay before give"}])
    raw["factions"]["hawks"]["veto"] = True
    cells, page = told(raw)
    assert "“Pay” before “give”" in cells
    assert "2, veto" in cells
    assert "Aland would not ratify it" in page


def test_consents() -> None:
    cells, page = told(council(vetoes=["C"]))
    assert cells[-3:] == ["Council", "not given", "“Pay”"]
    assert "it is worth 2 less to it than no deal" in page


def test_a_case_without_votes_has_no_such_section() -> None:
    raw = divided(factions={})
    raw["measures"]["give"]["value"] = {"A": raw["measures"]["give"]["value"]["A"]}
    raw["measures"]["pay"]["value"] = {"A": raw["measures"]["pay"]["value"]["A"]}
    assert told(raw) == ([], "")


def test_the_first_block_is_a_section() -> None:
    case = resolved_from_dict(divided())
    heading, *_ = factions(audit(case, RoadMap({"give": 0, "pay": 0}), cures=False), case)
    assert isinstance(heading, Heading)
    assert heading.anchor == "support"
    assert inlines(heading.text) == ("Support at home, and consent",)


def test_the_text_names_camps_and_consents() -> None:
    case = resolved_from_dict(council())
    text = audit_text(audit(case, RoadMap({"give": 0, "pay": 0}), cures=False), case)
    assert "At home always for it: doves; never: The hawks." in text
    assert "Consent: council given." in text
