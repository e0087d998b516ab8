"""What an outcome hangs on, boxes and the value of finding out, in sentences."""

from __future__ import annotations

from detente.report.matters_words import boxes_told, driver_told, finding_out_told, influence_told
from detente.results.boxes import Box, Boxes, Side
from detente.results.drivers import Driver, Influence
from detente.results.estimates import Estimate
from detente.results.finding_out import FindingOut, Knowing

SIDES = (
    Side("w", "what programme is worth to North Korea", "", above=0.72),
    Side("n", "Inspectors: chance", "a year", upto=0.3),
    Side("parties.DPRK.types", "North Korea", "", levels=("of the type “Buys time”",)),
)
BOX = Box(SIDES, Estimate(0.83, 0.8, 0.86), Estimate(0.21, 0.2, 0.22), Estimate(0.47, 0.44, 0.5), 0.0)


def test_a_box_is_told_with_its_density_mass_and_coverage() -> None:
    first, last = boxes_told(Boxes((BOX,), 500, 500, 0.37, 0.47, False), "It breaks", "breaks")
    assert first == (
        "It breaks in 83 % of the worlds in which what programme is worth to North Korea is above 0.72, “Inspectors: "
        "chance” is at most 0.3 a year and North Korea is of the type “Buys time” (these are 21 % of all worlds; 47 % "
        "of all breaks)."
    )
    assert last == "Sought in 500 worlds; all figures are from 500 others, in 37 % of which it breaks."


def test_that_there_is_no_box_is_told() -> None:
    (told,) = boxes_told(Boxes((), 500, 500, 0.37, 0.0, True), "It breaks", "breaks")
    assert told.startswith("No circumstances were found that tell when it breaks. What was found in one half")


def test_drivers_and_influences() -> None:
    index = Estimate(0.21, 0.18, 0.24)
    number = Driver("w", 0.7, 0.2, "what programme is worth to North Korea", index)
    assert driver_told(number, "it holds") == (
        "What programme is worth to North Korea: 21 % (18 to 24 %) of what varies; it holds in 70 % of worlds where it "
        "is low, 20 % where it is high."
    )
    kinds = {"of the type “Buys time”": 0.2, "of the type “Trades”": 0.8}
    told = driver_told(Driver("parties.DPRK.types", 0.2, 0.8, "North Korea", None, kinds), "it holds")
    assert told == "What North Korea is: it holds in 20 % if of the type “Buys time”, 80 % if of the type “Trades”."
    rest = Influence(("a", "b"), ("", ""), Estimate(0, 0, 0), index, rest=True)
    assert influence_told(rest).startswith("All 2 other numbers together: 0 % alone, 21 % (18 to 24 %)")


def test_what_to_find_out_first() -> None:
    items = (
        Knowing("w", "exit cost", Estimate(0.2, 0.1, 0.3), 0.25, True),
        Knowing("v", "", Estimate(0.01, 0.0, 0.1), 0.1, False),
    )
    found = FindingOut("US", ("deal",), (0.5,), (0.25,), "deal", Estimate(0.4, 0.3, 0.5), items)
    assert list(finding_out_told(found, "the United States", ["A deal"])) == [
        "As things are known the United States does best to sign it: on average 0.5 over no deal, with nothing in "
        "the 25 % of worlds in which another would not sign.",
        "To know everything beforehand would be worth 0.4 (0.3 to 0.5) more to it.",
        "1. Find out first: exit cost; worth 0.2 (0.1 to 0.3), as in 25 % of worlds it would then rather not sign.",
    ]


def test_a_road_map_that_no_other_would_sign() -> None:
    found = FindingOut("US", ("deal",), (0.0,), (1.0,), None, Estimate(0.0, 0.0, 0.0), ())
    assert list(finding_out_told(found, "the United States", ["A deal"])) == [
        "Whatever the United States does, nothing comes of it: in no world would all others sign."
    ]
