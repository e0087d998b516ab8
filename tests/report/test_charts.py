"""Charts: text within the picture, no two texts on top of each other, every number from the result."""

import re
from itertools import pairwise

import pytest

from detente.case.road_map import RoadMap
from detente.report import draw
from detente.report.charts.margins import margins, weakest
from detente.report.charts.panels import nice_levels
from detente.report.charts.proposals import proposals
from detente.report.charts.rows import in_force_dates, layout
from detente.report.charts.theme import width, wrap
from detente.report.charts.timeline import timeline
from detente.report.charts.trust import trust
from detente.report.charts.walk_out import MOST_ROWS, affected, drawn, payoffs, states
from tests.report.synthetic import audit_of, big_case, big_road_map, comparison_of, tiny_case, walk_out_of

CASE, MAP = big_case(), big_road_map()
TINY, TINY_MAP = tiny_case(), RoadMap({"freeze": 0, "aid": 2})


def texts(svg):
    """(left, right, middle, words) of every text of an SVG, from its place, size and anchor."""
    return list(_texts(svg))


def _texts(svg):
    stack = [(0.0, 0.0)]
    for tag in re.finditer(r"<(/?)(g|text)\b([^>]*?)(/?)>((?:[^<]|</?tspan[^>]*>)*)", svg):
        closing, name, attributes, empty, content = tag.groups()
        if name == "g" and closing:
            stack.pop()
        elif name == "g" and not empty:
            stack.append(_moved(stack[-1], attributes))
        elif name == "text" and not closing:
            x, y = _moved(stack[-1], attributes)
            size = float(re.search(r'font-size="([\d.]+)px"', attributes)[1])
            anchor = re.search(r'text-anchor="(\w+)"', attributes)
            for n, words in enumerate(re.sub(r"<tspan[^>]*>", "", line) for line in content.split("</tspan>")):
                step = re.search(r'dy="([\d.]+)"', content)
                w = width(words, size)
                left = x - {"start": 0, "middle": w / 2, "end": w}[anchor[1] if anchor else "start"]
                if words.strip():
                    yield left, left + w, y + n * float(step[1] if step else 0), words


def _moved(origin, attributes):
    found = re.search(r"translate\(([-\d.]+),([-\d.]+)\)", attributes)
    return (origin[0] + float(found[1]), origin[1] + float(found[2])) if found else origin


def overlapping(found):
    for i, (left, right, y, words) in enumerate(found):
        for other in found[i + 1 :]:
            if abs(y - other[2]) < 8 and min(right, other[1]) - max(left, other[0]) > 1:
                yield words, other[3]


SPECS = {
    "timeline": lambda: timeline(CASE, MAP, ("DPRK", 26)),
    "timeline-late": lambda: timeline(CASE, MAP, ("US", 39)),
    "timeline-tiny": lambda: timeline(TINY, TINY_MAP),
    "margins": lambda: margins(CASE, audit_of(CASE, MAP)),
    "margins-broken": lambda: margins(CASE, audit_of(CASE, MAP, "fails", True, -30)),
    "margins-tiny": lambda: margins(TINY, audit_of(TINY, TINY_MAP)),
    "trust": lambda: trust(CASE, audit_of(CASE, MAP)),
    "walk-out": lambda: states(CASE, walk_out_of(CASE, MAP, {"DPRK": 12}).departures[0]),
    "walk-out-late": lambda: states(CASE, walk_out_of(CASE, MAP, {"US": 37}).departures[0]),
    "walk-out-tiny": lambda: states(TINY, walk_out_of(TINY, TINY_MAP, {"north": 2}).departures[0]),
    "payoffs": lambda: payoffs(CASE, walk_out_of(CASE, MAP, {"DPRK": 12}).departures[0]),
    "proposals": lambda: proposals([(r.name, r.draws) for r in comparison_of(CASE, MAP).rows if r.draws]),
}


@pytest.mark.parametrize("name", SPECS)
def test_no_text_lies_on_another_and_none_is_cut_off(name):
    svg = draw.svg(SPECS[name]())
    found = texts(svg)
    across, down = draw.svg_size(svg)
    assert found
    assert list(overlapping(found)) == []
    outside = [t for t in found if t[0] < -3 or t[1] > across + 3 or not 0 < t[2] < down + 3]
    assert outside == []


def test_drawings_are_the_same_every_time():
    assert draw.svg(SPECS["timeline"]()) == draw.svg(SPECS["timeline"]())


def test_every_measure_has_a_row_and_lanes_are_sorted_by_start():
    place = layout(CASE, MAP)
    dates = in_force_dates(CASE, MAP)
    assert {r.measure for r in place.rows} == set(dates)
    for lane in place.lanes:
        rows = [r for r in place.rows if r.lane == lane.key]
        begin = [MAP.starts.get(r.measure, r.in_force) for r in rows]
        assert begin == sorted(begin)
        assert all(a.y + a.height / 2 <= b.y - b.height / 2 + 1e-9 for a, b in pairwise(rows))
        assert all(lane.top < r.y < lane.bottom for r in rows)


def test_arrows_that_follow_from_others_are_left_out():
    plain = {(a.source, a.target) for a in layout(CASE, MAP).arrows if not a.verifies}
    assert ("long-range-1", "long-range-2") in plain
    assert ("disable-reprocessing", "un-textiles") in plain
    verify = {(a.source, a.target) for a in layout(CASE, MAP).arrows if a.verifies}
    assert ("admit-arsenal", "warheads-1") in verify


def test_a_milestone_comes_with_its_last_member_and_not_without_one():
    assert in_force_dates(CASE, MAP)["all-yongbyon"] == MAP.starts["dismantle-reprocessing"] + 22
    assert "all-yongbyon" not in in_force_dates(CASE, MAP.with_start("disable-reactor", None))


def test_the_weakest_moment_leaves_out_vacuous_periods():
    audit = audit_of(CASE, MAP)
    last = CASE.periods
    assert audit.vacuous["US"][last]
    assert weakest(audit, "US") != last


def test_only_measures_that_change_are_shown_after_a_walk_out():
    departure = walk_out_of(CASE, MAP, {"DPRK": 12}).departures[0]
    assert affected(departure)
    assert all(m.kept != m.after for m in affected(departure))


def test_of_many_measures_those_that_never_begin_are_not_drawn():
    departure = walk_out_of(CASE, MAP, {"DPRK": 6}).departures[0]
    assert len(affected(departure)) > MOST_ROWS
    assert {m.end for m in affected(departure)} - {m.end for m in drawn(departure)} == {"never-begins"}
    few = walk_out_of(TINY, TINY_MAP, {"north": 1}).departures[0]
    assert drawn(few) == affected(few)


def test_labels_wrap_within_their_width():
    for text in ("Removal from the list of state sponsors of terrorism", "x" * 200, "a " + "y" * 90 + " b", ""):
        lines = wrap(text, 120)
        assert all(width(line) <= 120 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-0.003, 0.002), (-218, 731), (0, 1e6), (5, 5)])
def test_levels_are_few_and_within(low, high):
    levels = nice_levels(low, high)
    assert 1 <= len(levels) <= 6
    assert all(low - 1e-9 <= v <= high + 1e-9 for v in levels)
