"""From a case as written to the words, numbers and sources of its brief."""

from dataclasses import replace
from decimal import Decimal

import pytest

from detente.case.check_more import figures, numbers_in
from detente.case.draws import uncertain_numbers
from detente.case.load import load_case
from detente.report import html
from detente.report.brief import document
from detente.report.from_case import assumptions, brief_content, named
from detente.report.sections.summary import driver_shares
from detente.report.text import comparison_text
from detente.results.drivers import Driver
from tests.report.synthetic import comparison_of, no_plan


@pytest.fixture(scope="module")
def case():
    return load_case("dprk-2019")


@pytest.fixture(scope="module")
def listed(case):
    return {a.path: a for a in assumptions(case.document)}


def test_every_number_of_the_case_is_listed_once(case, listed):
    wanted = sum(len(numbers_in(f)) for _, f in figures(case.document))
    assert len(listed) == wanted == len(assumptions(case.document))


def test_uncertain_numbers_go_by_the_paths_of_the_draws(case, listed):
    for u in uncertain_numbers(case):
        assert (listed[u.path].low, listed[u.path].high) == (u.low, u.high)


def test_a_judgement_carries_its_range_reason_and_sources(case, listed):
    a = listed["parties.US.weights.programme"]
    weight = case.document.parties["US"].weights["programme"]
    assert (a.kind, a.about, a.text) == ("weight", "United States", "programme")
    assert (a.value, a.low, a.high) == (weight.value.central, weight.value.low, weight.value.high)
    assert a.why == weight.why
    assert a.sources == weight.sources


def test_a_number_without_sources_rests_on_those_of_its_measure(case, listed):
    name, measure = next(
        (k, m) for k, m in case.document.measures.items() if m.sources and m.takes and not m.takes.sources
    )
    assert listed[f"measures.{name}.takes"].sources == measure.sources


def test_nothing_is_left_in_the_language_of_files(listed):
    for a in listed.values():
        assert a.text
        assert "_" not in a.text.replace("n_a", "")
        assert isinstance(a.value, Decimal)


def test_the_brief_of_a_shipped_case_shows_its_title_sources_and_proposals(case):
    content = brief_content(case, no_plan("unknown"), comparison_of(case.resolved, None))
    assert content.title == case.document.title
    assert {s.id for s in content.sources} == set(case.document.sources)
    assert set(content.proposals) == set(case.document.proposals)
    page = html.page(document(content))
    assert case.document.title in page


def test_a_resolved_case_has_no_words_of_its_own():
    from detente.case.interchange import resolved_to_dict

    resolved = load_case(resolved_to_dict(load_case("two-steps").resolved))
    content = brief_content(resolved, no_plan("none-exists"), comparison_of(resolved.resolved, None))
    assert content.assumptions == ()
    assert "this is proved" in html.page(document(content))


def test_drivers_are_called_what_a_brief_calls_them(case):
    driver = Driver("parties.DPRK.weights.breakout", 0.1, 0.9)
    path = next(a.path for a in assumptions(case.document) if a.kind == "weight" and "DPRK" in a.path)
    found = replace(comparison_of(case.resolved, None), drivers=(replace(driver, path=path),))
    told = named(found, case)
    (one,) = told.drivers
    assert one.path == path
    assert one.name.startswith("what ")
    assert one.name.endswith(" is worth to North Korea")
    assert f"  {one.name}: 10 %, 90 %" in comparison_text(told, case.resolved)
    content = brief_content(case, no_plan("unknown"), told, drivers=told.drivers)
    assert driver_shares(content, 3) == [(one.name, 0.1, 0.9)]
