"""Charts of many worlds: every number from the answer, no text on another, the same in black and white."""

from __future__ import annotations

from functools import cache

import pytest

from detente.api import load_road_map
from detente.case.load import load_case
from detente.case.resolved import ResolvedCase
from detente.report import draw
from detente.report.charts.survival import left_first, survival
from detente.report.charts.trust_worlds import trust_worlds
from detente.report.worlds_words import stays
from detente.results.worlds import Worlds
from detente.worlds.answer import Asked
from detente.worlds.verb import worlds
from tests.report.test_charts import overlapping, texts


@cache
def found() -> tuple[Worlds, ResolvedCase]:
    case = load_case("six-party-2007")
    return worlds(case, load_road_map("as-agreed", case.resolved), Asked(200, larger=0), {}), case.resolved


@pytest.mark.parametrize("chart", [trust_worlds, survival])
def test_no_text_lies_on_another_and_none_is_cut_off(chart: object) -> None:
    svg = draw.svg(chart(*found()))  # type: ignore[operator]
    told = texts(svg)
    assert len(told) > 8
    assert not list(overlapping(told))
    assert min(left for left, *_ in told) > -1


def test_trust_needed_is_of_the_worlds_in_which_trust_would_do() -> None:
    """Where no trust would do in most worlds, the band still tells of the others; how many those are stands above."""
    answer, case = found()
    north = next(x for x in answer.trust if x.party == "DPRK")
    assert max(north.beyond) > 0.5
    assert all(a <= b for a, b in zip(north.where_enough[2], north.needed[2], strict=True))
    most = max(1 - stays(north, t) for t in range(len(north.credible)))
    svg = draw.svg(trust_worlds(answer, case))
    words = [w for *_, w in texts(svg)]
    assert f"worlds in which it does not go on: up to {100 * most:.0f} %, Oct 2007" in words
    assert "North Korea: trust needed, and earned by the United States" in words


def test_the_areas_of_the_survival_chart_fill_it() -> None:
    answer, _ = found()
    gone = left_first(answer)
    for t, kept in enumerate(answer.survival):
        assert kept + sum(series[t] for series in gone.values()) == pytest.approx(1)


def test_who_left_is_named_in_words_so_that_grey_will_do() -> None:
    answer, case = found()
    words = [w for *_, w in texts(draw.svg(survival(answer, case)))]
    assert any(w.startswith("North Korea leaves first: ") for w in words)
    assert any(w.startswith("all go on for ever: ") for w in words)
