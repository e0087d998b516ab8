"""How answers show themselves in a notebook."""

import pytest

from detente.report import notebook
from tests.report.synthetic import audit_of, big_case, big_road_map, comparison_of, no_plan, plan_of
from tests.report.test_brief import Reader

CASE, MAP = big_case(), big_road_map()


@pytest.mark.parametrize("case", [CASE, None], ids=["with the case", "without it"])
@pytest.mark.parametrize(
    "show",
    [
        lambda case: notebook.audit_html(audit_of(CASE, MAP, "fails", False, -30), case),
        lambda case: notebook.plan_html(plan_of(CASE, MAP), case),
        lambda case: notebook.comparison_html(comparison_of(CASE, MAP), case),
    ],
    ids=["audit", "plan", "comparison"],
)
def test_fragments_are_whole_and_self_contained(show, case):
    text = show(case)
    reader = Reader(text)
    assert reader.open == []
    assert reader.references == []
    assert "script" not in {tag for tag, _ in reader.tags}
    assert ("svg" in {tag for tag, _ in reader.tags}) is (case is not None)


def test_fragments_in_one_page_keep_their_ids_apart():
    text = notebook.plan_html(plan_of(CASE, MAP), CASE)
    ids = Reader(text).ids
    assert len(ids) == len(set(ids))


def test_names_and_dates_need_the_case():
    audit = audit_of(CASE, MAP)
    assert "North Korea" in notebook.audit_html(audit, CASE)
    assert "DPRK" in notebook.audit_html(audit)
    assert "period " in notebook.audit_html(audit)


def test_proved_absence_and_not_knowing():
    assert "proved that none exists" in notebook.no_plan_html(no_plan("none-exists"))
    assert "whether one exists is not known" in notebook.no_plan_html(no_plan("unknown"))
