"""Factions, bodies and consents in the case language: what they stand for, how they are written, what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from detente.case.draws import Draws
from detente.case.factions import as_faction, demands
from detente.case.interchange import case_hash, resolved_from_dict, resolved_to_dict
from detente.case.load import Case, load_case
from detente.case.resolved import ResolvedCase
from detente.errors import InputError

TEXT = """\
detente: 1
period: quarter
periods: 4
start: 2030-Q1
discount: 0.9
attributes: {points: points, trade: trade}
parties:
  North:
    weights: {points: -1, trade: "2 [1, 3]"}
    status_quo: 1
    reserve: 3
    ratify: 0.6
    factions:
      army:
        name: The army
        weight: 2 [1, 4]
        weights: {points: "-3 [-5, -1]"}
        discount: 0.8
        veto: true
        clauses: [{id: army-1, must: never disarm}, {id: army-2, want: trade by 1}]
      traders: {reserve: 2, status_quo: [0, 1]}
  South: {weights: {trade: -1}}
bodies:
  council: {votes: {North: 1, South: 2}, quota: 2, vetoes: [North]}
measures:
  disarm: {by: North, takes: 0, undo: never, facts: {points: 4, trade: 1}, value: {North: {once: 5}}}
  trade:
    {by: South, takes: 0, undo: at once, facts: {trade: 1}, consent: [council, North],
     value: {North: {once: 5}, army: {once: 7}}}
sticks:
  - {id: s, by: South, against: North, committed: true, facts: {points: 1}}
positions:
  army-later: {party: army, clauses: [{id: army-3, must: trade by 2}]}
goals:
  army-wins: {party: army, clauses: [{id: army-4, must: trade by 1}]}
red_lines:
  - {id: army-5, owner: army, must: trade before disarm}
road_maps:
  draft: {trade: 0}
"""


def written(tmp_path: Path, *changes: tuple[str, str]) -> Case:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_case(path)


def test_a_faction_has_its_own_numbers_and_its_partys_where_it_is_silent(tmp_path: Path) -> None:
    case = written(tmp_path).resolved
    army, traders = case.factions["army"], case.factions["traders"]
    assert (army.party, army.weight, army.veto, army.discount, army.reserve) == ("North", 2, True, Decimal("0.8"), None)
    assert (traders.weight, traders.veto, traders.discount, traders.reserve) == (1, False, Decimal("0.9"), 2)
    assert army.status_quo == (1,) * 4
    assert traders.status_quo == (0, 1, 1, 1)
    disarm, trade = case.measures["disarm"].value, case.measures["trade"].value
    assert {who: v.flow[0] for who, v in disarm.items()} == {"North": -2, "army": -10, "traders": -2, "South": -1}
    assert {who: v.once for who, v in trade.items()} == {"North": 5, "army": 7, "traders": 5, "South": 0}
    assert {who: v.flow for who, v in case.sticks[0].value.items()} == {"North": -1, "army": -3, "traders": -1}
    assert (case.parties["North"].ratify, case.parties["North"].sustain) == (Decimal("0.6"), Decimal("0.5"))
    assert case.titles["army"] == "The army"
    assert case.asked == {"council": ("trade",), "North": ("trade",)}


def test_a_faction_owns_clauses_and_demands_those_of_its_positions(tmp_path: Path) -> None:
    case = written(tmp_path).resolved
    owned = {c.id: (c.kind, c.of) for c in case.clauses if c.owner == "army"}
    assert owned == {
        "army-1": ("position", "army"), "army-2": ("position", "army"), "army-3": ("position", "army-later"),
        "army-4": ("goal", "army-wins"), "army-5": ("red-line", ""),
    }  # fmt: skip
    assert [c.id for c in demands(case, "army")] == ["army-1", "army-3"]


def test_the_case_as_a_faction_sees_it(tmp_path: Path) -> None:
    case = written(tmp_path).resolved
    army, traders = as_faction(case, "army"), as_faction(case, "traders")
    assert army.parties["North"].discount == Decimal("0.8")
    assert (army.parties["North"].reserve, traders.parties["North"].reserve) == (3, 2)
    assert army.measures["trade"].value["North"].once == 7
    assert set(army.measures["disarm"].value) == {"North", "South"}
    assert (army.factions, army.bodies, army.asked) == ({}, {}, {})
    assert army.parties["South"] == case.parties["South"]


def test_it_is_written_as_json_and_read_again(tmp_path: Path) -> None:
    case = written(tmp_path).resolved
    told = json.loads(json.dumps(resolved_to_dict(case)))
    assert told["factions"]["army"] == {
        "party": "North", "weight": "2", "veto": True, "discount": "0.8", "reserve": None, "status_quo": "1",
    }  # fmt: skip
    assert told["bodies"] == {"council": {"votes": {"North": "1", "South": "2"}, "quota": "2", "vetoes": ["North"]}}
    assert resolved_from_dict(told) == case


def test_a_case_without_factions_is_written_as_before() -> None:
    told = resolved_to_dict(load_case("two-steps").resolved)
    assert not {"factions", "bodies"} & set(told)
    assert not any("consent" in m for m in told["measures"].values())
    assert not any({"ratify", "sustain"} & set(p) for p in told["parties"].values())


def test_the_hash_knows_factions(tmp_path: Path) -> None:
    hashes = {
        case_hash(written(tmp_path, change).resolved)
        for change in (("veto: true", "veto: false"), ("ratify: 0.6", "ratify: 0.7"), ("quota: 2", "quota: 3"),
                       ("consent: [council, North]", "consent: council"), ("reserve: 2", "reserve: 1"))
    }  # fmt: skip
    assert len(hashes | {case_hash(written(tmp_path).resolved)}) == 6


def test_a_number_of_a_party_is_drawn_once_for_its_factions(tmp_path: Path) -> None:
    for world in Draws(written(tmp_path), seed=0).worlds(5):
        value = world.measures["trade"].value
        assert value["North"].flow == value["army"].flow == value["traders"].flow
    assert len({world.factions["army"].weight for world in Draws(written(tmp_path), seed=0).worlds(5)}) == 5


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("weight.army.points=-9", lambda c: c.measures["disarm"].value["army"].flow[0] == -9 * 4 + 2),
        ("weight.traders.points=-9", lambda c: c.measures["disarm"].value["traders"].flow[0] == -9 * 4 + 2),
        ("weight.North.points=-9", lambda c: c.measures["disarm"].value["traders"].flow[0] == -9 * 4 + 2),
        ("faction.army.weight=7", lambda c: c.factions["army"].weight == 7),
        ("party.North.sustain=0.9", lambda c: c.parties["North"].sustain == Decimal("0.9")),
        ("body.council.quota=3", lambda c: c.bodies["council"].quota == 3),
        ("parties.North.factions.army.clauses.army-1.must=never trade", lambda c: "never trade" in str(c.clauses)),
    ],
)
def test_settings_reach_factions(setting: str, found: Any, tmp_path: Path) -> None:
    case = written(tmp_path)
    assert not found(case.resolved)
    changed = load_case(tmp_path / "case.yaml", settings=[setting]).resolved
    assert found(changed)


def test_settings_reach_the_factions_of_a_resolved_case(tmp_path: Path) -> None:
    path = tmp_path / "resolved.json"
    path.write_text(json.dumps(resolved_to_dict(written(tmp_path).resolved)), encoding="utf-8")
    assert load_case(path, settings=["faction.army.weight=7"]).resolved.factions["army"].weight == 7


COUNCIL = "{votes: {North: 1, South: 2}, quota: 2, vetoes: [North]}"
WRONG: dict[str, tuple[tuple[str, str], str, str]] = {
    "negative weight": (("weight: 2 [1, 4]", "weight: -1"), "DET208", 'the weight of faction "army" is -1, below 0'),
    "unknown attribute": (
        ('{points: "-3 [-5, -1]"}', "{point: 1}"), "DET201", 'faction "army" refers to an attribute "point"',
    ),
    "share without factions": (("South: {", "South: {sustain: 0.5, "), "DET223", "to sustain and no factions"),
    "share above 1": (("ratify: 0.6", "ratify: 1.5"), "DET206", "1.5"),
    "an id twice": (("traders: {", "South: {"), "DET202", '"South" stands under parties and again under factions'),
    "an id of a position": (("traders: {", "army-later: {"), "DET202", "under positions and again under factions"),
    "both discounts": (("discount: 0.8\n", "discount: 0.8\n        hazard: 0.1\n"), "DET217", "both a discount"),
    "no members": ((COUNCIL, "{votes: {}, quota: 2}"), "DET223", "no members"),
    "quota above all votes": (("quota: 2", "quota: 4"), "DET223", "is 4; its members have 3 votes"),
    "quota of 0": (("quota: 2", "quota: 0"), "DET223", "is 0"),
    "veto of a stranger": (("vetoes: [North]", "vetoes: [army]"), "DET223", 'a veto to "army", which is no member'),
    "unknown member": (("{North: 1,", "{Nort: 1, North: 1,"), "DET201", 'body "council" refers to a party "Nort"'),
    "negative votes": (("{North: 1,", "{North: -1,"), "DET208", "below 0"),
    "unknown consent": (("consent: [council", "consent: [counsel"), "DET201", 'refers to a party or body "counsel"'),
    "unknown owner": (("party: army,", "party: navy,"), "DET201", 'a party or faction "navy"'),
    "value of a stranger": (("army: {once: 7}", "navy: {once: 7}"), "DET201", 'a party or faction "navy"'),
    "an unknown key": (("veto: true", "vetoes: true"), "DET101", 'in faction "army" of party "North"'),
    "a clause of a faction": (("must: never disarm", "must: never disarn"), "DET302", 'clause "army-1"'),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WRONG))
def test_what_is_wrong_is_told(name: str, tmp_path: Path) -> None:
    change, code, words = WRONG[name]
    with pytest.raises(InputError) as error:
        written(tmp_path, change)
    assert code in [d.code for d in error.value.diagnostics]
    assert words in next(str(d) for d in error.value.diagnostics if d.code == code)


def test_votes_that_decide_nothing_are_warned_of(tmp_path: Path) -> None:
    case = written(
        tmp_path, ("consent: [council, North]", "consent: South"), ("weight: 2 [1, 4]", "weight: 0"),
        ("veto: true", "veto: false"), ("traders: {", "traders: {weight: 0, "),
    )  # fmt: skip
    assert [d.code for d in case.warnings].count("DET608") == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: r["factions"]["army"].update(party="East"), "DET201"),
        (lambda r: r["factions"]["army"].update(weight="-1"), "DET208"),
        (lambda r: r["factions"]["army"].update(status_quo=["1"]), "DET216"),
        (lambda r: r["factions"].update(trade=r["factions"]["army"]), "DET202"),
        (lambda r: r["bodies"]["council"].update(votes={}), "DET223"),
        (lambda r: r["bodies"]["council"].update(quota="9"), "DET223"),
        (lambda r: r["bodies"]["council"].update(vetoes=["army"]), "DET223"),
        (lambda r: r["bodies"]["council"]["votes"].update(North="-1"), "DET208"),
        (lambda r: r["measures"]["trade"].update(consent=["navy"]), "DET201"),
        (lambda r: r["measures"]["trade"]["value"].update(navy={"flow": "1"}), "DET201"),
        (lambda r: r["parties"]["North"].update(ratify="2"), "DET206"),
    ],
)
def test_a_resolved_case_is_checked_too(change: Any, code: str, tmp_path: Path) -> None:
    told = resolved_to_dict(written(tmp_path).resolved)
    change(told)
    with pytest.raises(InputError) as error:
        resolved_from_dict(told)
    assert code in [d.code for d in error.value.diagnostics]


def test_defaults_of_a_resolved_case(tmp_path: Path) -> None:
    case: ResolvedCase = written(tmp_path).resolved
    told = resolved_to_dict(case)
    for key in ("ratify", "sustain"):
        del told["parties"]["North"][key]
    told["factions"]["army"] = {"party": "North", "discount": "0.8"}
    told["bodies"]["council"].pop("vetoes")
    read = resolved_from_dict(told)
    assert read.parties["North"].ratify == Decimal("0.5")
    assert (read.factions["army"].weight, read.factions["army"].veto, read.factions["army"].reserve) == (1, False, None)
    assert read.bodies["council"].vetoes == ()


def test_an_overlay_that_is_shipped_is_named_with_its_case() -> None:
    case = load_case("dprk-2019", ["dprk-2019/factions"]).resolved
    assert {f.party for f in case.factions.values()} == {"US", "DPRK", "ROK"}
    with pytest.raises(InputError, match="DET001"):
        load_case("dprk-2019", ["dprk-2019/fractions"])


def test_the_name_of_a_shipped_overlay_is_its_case_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named, laid = load_case("dprk-2019/factions"), load_case("dprk-2019", ["dprk-2019/factions"])
    assert case_hash(named.resolved) == case_hash(laid.resolved) != case_hash(load_case("dprk-2019").resolved)
    with pytest.raises(InputError) as caught:
        load_case("dprk-2019/faction")
    assert caught.value.diagnostics[0].fix == 'did you mean "dprk-2019/factions"?'
