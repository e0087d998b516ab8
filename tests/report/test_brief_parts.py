"""What a brief tells besides proposals and road map: the crux, an offer mended, why there is none, what is left out."""

import dataclasses
import pickle

import pytest

import detente as dt
from detente.briefing import parts
from detente.report import pdf
from detente.report.brief import document
from detente.report.calendar import Calendar
from detente.report.conflict_words import condition
from detente.report.content import Beyond
from detente.report.document import Bullets, Heading, Para, flat
from detente.report.from_case import brief_content
from detente.report.sections.crux import MOST
from detente.results.explain import Explanation
from detente.results.gap import Gap
from detente.results.repair import Repair
from tests.report.synthetic import big_case, big_road_map, comparison_of, content_of, no_plan

CASE = dt.load("two-steps")
BUDGET = parts.Budget(20.0, None)
NO_WAY = {
    "overlay": True,
    "red_lines": [
        {"id": "weir-gone", "owner": "Plains", "must": "weir by 2031"},
        {"id": "weir-stays", "owner": "Hills", "must": "never weir"},
    ],
}


@pytest.fixture(scope="module")
def found():
    return parts.answers(parts.Asked(CASE), BUDGET, "case")


def headings(doc):
    return [b.anchor for b in doc.blocks() if isinstance(b, Heading)]


def section(blocks, anchor):
    start = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == anchor)
    end = next((i for i, b in enumerate(blocks[start + 1 :], start + 1) if isinstance(b, Heading)), len(blocks))
    return " ".join(
        " ".join(flat(i) for i in b.items) if isinstance(b, Bullets) else flat(b.text)
        for b in blocks[start + 1 : end]
        if isinstance(b, Bullets | Para)
    )


def brief_of(case, plan, beyond):
    resolved = case.resolved
    return brief_content(case, plan, comparison_of(resolved, None), beyond=beyond)


def test_the_first_page_names_the_crux_and_the_offer_mended_as_their_verbs_answered(found):
    beyond = parts.beyond(found)
    doc = document(brief_of(CASE, no_plan("unknown"), beyond))
    told = section(doc.lead, "summary-crux")
    gap, repair = beyond.answer(Gap), beyond.answer(Repair)
    assert gap.crux is not None
    assert repair.best is not None
    assert "The crux. The position of" in told
    assert len(gap.crux.members) <= MOST
    assert all(condition(m, CASE.resolved, Calendar.of(CASE.resolved)) in told for m in gap.crux.members)
    assert f"“{CASE.resolved.title(repair.name)}” would hold, signed by all, with " in told
    assert pdf.pages(dataclasses.replace(doc, body=())).count(b"/MediaBox") == 1


def test_it_claims_of_a_gap_no_more_than_is_known(found):
    gap = dataclasses.replace(found["gap"], together="unknown", crux=None)
    doc = document(brief_of(CASE, no_plan("unknown"), parts.beyond({"gap": gap})))
    assert "summary-crux" not in headings(doc)


def test_a_case_without_a_road_map_says_why_and_what_would_do():
    case = dt.load(CASE, overlays=[NO_WAY])
    plan = dt.plan(case, time_limit=20)
    assert plan.outcome == "none-exists"
    answered = parts.answers(parts.Asked(case, plan), BUDGET, "no-plan")
    beyond = parts.beyond(answered)
    explained = beyond.answer(Explanation)
    assert {m.name for m in explained.conflict.members} == {"weir-gone", "weir-stays"}
    doc = document(brief_of(case, plan, beyond))
    assert headings(doc).index("explain") == headings(doc).index("road-map") + 1
    assert "Proved" in section(doc.body, "explain")
    told = section(doc.lead, "summary-crux")
    assert "cannot both be had: " in told
    assert "It would be enough to give up" in told
    callout = next(flat(b.text) for b in doc.lead if getattr(b, "title", "").startswith("No road map holds"))
    assert "What clashes" not in callout, "the conflict is told once"


def test_whether_there_is_a_road_map_being_open_nothing_is_explained():
    (why,) = parts.answers(parts.Asked(CASE, no_plan("unknown")), BUDGET, "no-plan").values()
    assert isinstance(why, parts.NothingToSay)


def test_what_is_left_out_is_told_with_its_reason():
    lone = {"positions": None, "proposals": None, "goals": None}
    bare = {k: v for k, v in CASE.tree.data.items() if k not in lone}
    case = dt.load(bare)
    beyond = parts.beyond(parts.answers(parts.Asked(case), BUDGET, "case"))
    reasons = dict(beyond.missing)
    assert reasons["an offer mended"] == "no principal has made a proposal"
    assert reasons["how far the numbers may move"] == "there is no road map to ask it of"
    assert "the gap between the two sides" in reasons
    doc = document(brief_of(case, no_plan("none-exists"), beyond))
    told = section(doc.body, "left-out")
    assert all(why in told for why in reasons.values())
    assert "An offer mended: no principal has made a proposal." in told
    assert any("Left out: " in flat(b.text) for b in doc.lead if isinstance(b, Para))


def test_a_search_that_was_cut_short_is_named(found):
    gap = found["gap"]
    run = dataclasses.replace(gap.provenance.run, cut="clock")
    cut = dataclasses.replace(gap, provenance=dataclasses.replace(gap.provenance, run=run))
    content = content_of(big_case(), big_road_map())
    whole, short = (dataclasses.replace(content, beyond=parts.beyond({"gap": g})) for g in (gap, cut))
    named = [part for part in short.beyond.parts if part.cut]
    assert [p.title for p in named] == ["the gap between the two sides"]
    assert not any(p.cut for p in whole.beyond.parts)


def test_nothing_left_out_nothing_told():
    content = dataclasses.replace(content_of(big_case(), big_road_map()), beyond=Beyond())
    assert "left-out" not in headings(document(content))


def test_a_part_is_one_entry(monkeypatch):
    def ask(asked, limits):
        return limits["time_limit"]

    def shown(answer, case):
        return [Heading(2, f"{case.title('Hills')} in {answer:g} seconds", "new")]

    part = parts.Part("new", "something new", "beyond", ask, shown, 7.0)
    monkeypatch.setattr(parts, "PARTS", (part,))
    answered = parts.answers(parts.Asked(CASE), parts.Budget(None, None), "case")
    beyond = parts.beyond(answered)
    assert [b.text for b in beyond.blocks("beyond", CASE.resolved)] == ["Hills in 7 seconds"]
    assert list(beyond.blocks("talks", CASE.resolved)) == []


def test_parts_are_told_apart_and_travel_between_processes(found):
    assert len({p.name for p in parts.PARTS}) == len({p.title for p in parts.PARTS}) == len(parts.PARTS)
    assert pickle.loads(pickle.dumps(found)).keys() == found.keys()


def test_no_part_takes_more_than_the_road_map_was_given():
    for part in parts.PARTS:
        assert parts.Budget(3.0, None).of(part) == {"time_limit": min(3.0, part.seconds)}
        assert parts.Budget(None, 50).of(part) == {"time_limit": None, "work_limit": 50}
