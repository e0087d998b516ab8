"""Pages on trade-offs and on what is left afterwards: numbers lead to road maps, and nothing leads outwards."""

import re

import pytest

from detente.bargain.afterwards import Asked as AskedAfter
from detente.bargain.afterwards import afterwards
from detente.bargain.frontier import Asked, frontier
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.report import draw, html, pdf
from detente.report.afterwards_text import afterwards_html, afterwards_text
from detente.report.charts.frontier import anchor, letter
from detente.report.charts.frontier import frontier as chart
from detente.report.document import Document, Folded, Table, flat
from detente.report.frontier_text import frontier_html, frontier_text, point_text
from detente.report.sections.afterwards import afterwards as afterwards_section
from detente.report.sections.frontier import frontier as frontier_section
from detente.report.sections.frontier import frontier_page
from tests.bargain.test_frontier import exchange
from tests.report.test_brief import Reader
from tests.report.test_charts import overlapping, texts

CASE = load_case("two-steps")
TOLD = frontier(CASE)
CUT = frontier(CASE, Asked(time_limit=None, work_limit=3))
THREE = load_case(exchange(2))
AFTER = afterwards(CASE.resolved, RoadMap(CASE.resolved.road_maps["hills-draft"], "hills-draft"))
OPEN = afterwards(
    CASE.resolved, RoadMap({"water": 0, "power": 0}), AskedAfter(objective="welfare", time_limit=None, work_limit=3)
)


def test_points_lead_to_their_road_maps() -> None:
    page = Reader(frontier_page(TOLD, CASE.resolved))
    links = [r for r in page.references if not r.startswith("data:")]
    assert all(link.startswith("#") for link in links), "nothing leads off the page"
    for n, _ in enumerate(TOLD.points):
        assert anchor(n + 1) in page.ids
        assert links.count(f"#{anchor(n + 1)}") >= 3, "from the chart, the table and the road map's own title"
    assert {link[1:] for link in links} <= {*page.ids, "summary"}
    assert "script" not in {tag for tag, _ in page.tags}


def test_each_road_map_is_dated() -> None:
    folded = [b for b in frontier_section(TOLD, CASE.resolved) if isinstance(b, Folded)]
    for block, point in zip(folded, TOLD.points, strict=True):
        (table,) = block.blocks
        assert isinstance(table, Table)
        assert len(table.rows) == len(point.road_map)


def test_what_is_folded_is_not_printed() -> None:
    blocks = tuple(frontier_section(TOLD, CASE.resolved))
    with_all = pdf.pages(Document("t", "s", (), blocks, "f"))
    without = pdf.pages(Document("t", "s", (), tuple(b for b in blocks if not isinstance(b, Folded)), "f"))
    assert with_all == without


@pytest.mark.parametrize("told", [TOLD, CUT], ids=["complete", "cut"])
def test_the_chart_keeps_its_words_apart_and_in_the_picture(told) -> None:
    svg = draw.svg(chart(told, CASE.resolved.title))
    found = texts(svg)
    across, down = draw.svg_size(svg)
    assert list(overlapping(found)) == []
    assert [t for t in found if t[0] < -3 or t[1] > across + 3 or not 0 < t[2] < down + 3] == []
    for n, _ in enumerate(told.points):
        assert f'aria-label="Point {n + 1}: ' in svg
    assert "https" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", svg)


def test_three_parties_have_a_chart_for_each_pair() -> None:
    told = frontier(THREE, Asked(points=4))
    page = frontier_page(told, THREE.resolved)
    assert page.count("<figure") == 3
    text = frontier_text(told, THREE.resolved)
    assert "A sample of what certified road maps give these parties" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100


def test_texts_say_what_is_not_known() -> None:
    text = " ".join(frontier_text(CUT, CASE.resolved).split())
    assert "Cut short: the work limit was reached." in text
    assert "without limit" in text or "at most" in text
    assert "not known" in frontier_page(CUT, CASE.resolved)
    told = " ".join(afterwards_text(OPEN, CASE.resolved).split())
    assert "not known" in told


@pytest.mark.parametrize("text", [frontier_text(TOLD), frontier_text(TOLD, CASE.resolved), point_text(TOLD, 1),
                                  afterwards_text(AFTER), afterwards_text(AFTER, CASE.resolved),
                                  afterwards_text(OPEN, CASE.resolved)])  # fmt: skip
def test_no_line_is_too_long(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 100
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_notebooks_show_them_with_and_without_the_case() -> None:
    for told in (
        frontier_html(TOLD),
        frontier_html(TOLD, CASE.resolved),
        afterwards_html(AFTER),
        afterwards_html(AFTER, CASE.resolved),
    ):
        Reader(told)
        assert told.startswith('<div class="detente">')


def test_the_section_on_what_is_left_has_the_numbers_of_the_answer() -> None:
    blocks = afterwards_section(AFTER, CASE.resolved)
    table = next(b for b in blocks if isinstance(b, Table))
    rows = [[c if isinstance(c, str) else flat(c.text) for c in row] for row in table.rows]
    assert rows == [
        ["Hills", "neutral", "+10", "0", "0", "+10", "10", "+11", "11"],
        ["Plains", "uses up leverage", "+4", "0", "0", "+4", "4", "+7", "7"],
    ]
    Reader(html.page(Document("t", "s", (), tuple(blocks), "f")))
    assert pdf.pages(Document("t", "s", (), tuple(blocks), "f")).startswith(b"%PDF")


def test_letters_go_on_after_z() -> None:
    assert [letter(n) for n in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]
