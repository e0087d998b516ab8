"""Factions, bodies and consents: what the judge finds, against the independent checker and on cases by hand."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from detente.audit.judge import audit
from detente.audit.verify import verify
from detente.audit.why import why
from detente.audit.words import stretches
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.errors import InputError
from detente.results.audit import Audit
from tests.audit.test_exact import steady_sticks
from tests.depth import examples
from tests.making import Raw, case, measure, party, undo
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import divide, random_case, random_road_map
from tests.oracle.votes import Votes, seen_by, votes


def drawn(seed: int) -> tuple[Raw, Raw]:
    """A random case with factions, and a road map for it that is in order."""
    rng = random.Random(seed)
    raw = divide(rng, steady_sticks(random_case(rng, measures=(2, 4), periods=(3, 5))))
    return raw, random_road_map(rng, raw, violating=0.0)


def judged(raw: Raw, starts: Any) -> Audit:
    return audit(resolved_from_dict(raw), RoadMap(starts), exact=True, cures=False)


def check(raw: Raw, road_map: Raw) -> tuple[Votes, Audit]:
    """The judge and the checker agree about every vote, and on what follows."""
    oracle = Oracle(raw, road_map)
    wanted, starts = oracle.audit(), oracle.schedule.starts
    asked = votes(raw, starts)
    got = judged(raw, starts)
    lost, refused = asked.lost(), [p for p in asked.divided() if not asked.carried(p, 0)]
    denied = [name for name in asked.asked() if not asked.consents(name)]
    assert got.verdict == ("fails" if lost else wanted["verdict"])
    assert got.signed == (wanted["signed"] and not refused and not denied)
    assert got.certified == (got.verdict == "holds" and got.signed and got.clauses_kept)
    assert [f.party for f in got.finding("not-ratified")] == refused
    assert dict(got.consents) == {name: name not in denied for name in asked.asked()}
    told = got.finding("no-consent")
    assert [set(f.measures) for f in told] == [
        {k.name for k in oracle.case.works if name in k.consent and k.name in starts} for name in denied
    ]
    runs = {p: stretches(periods) for p, periods in lost.items()}
    found = got.finding("loses-support")
    assert len(found) == sum(len(x) for x in runs.values())
    for f in found:
        assert any(first <= f.period <= last for first, last in runs[f.party])
    _views(raw, starts, asked, got)
    return asked, got


def _views(raw: Raw, starts: Any, asked: Votes, got: Audit) -> None:
    for name, one in got.factions.items():
        eyes = Oracle(seen_by(asked.case, name), starts)
        if one.party in asked.players:
            assert one.margin == pytest.approx([float(x) for x in eyes.margins[one.party]], rel=1e-9, abs=1e-7)
        assert list(one.supports) == [asked.backs(name, t) for t in range(len(one.supports))]
        assert len(one.supports) == (raw["periods"] + 1 if one.party in asked.players else 1)


@pytest.mark.parametrize("batch", range(examples(10)))
def test_votes_agree_with_the_checker(batch: int) -> None:
    for seed in range(60_000 + 12 * batch, 60_000 + 12 * batch + 12):
        try:
            check(*drawn(seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


def test_the_random_cases_have_votes_of_every_kind() -> None:
    """Lost, not ratified, denied, and carried: otherwise the comparison above says little."""
    kinds = {"loses-support": 0, "not-ratified": 0, "no-consent": 0, "certified": 0}
    for seed in range(60_000, 60_060):
        raw, road_map = drawn(seed)
        starts = Oracle(raw, road_map).schedule.starts
        got = judged(raw, starts)
        for kind in ("loses-support", "not-ratified", "no-consent"):
            kinds[kind] += bool(got.finding(kind))  # type: ignore[arg-type]
        kinds["certified"] += got.certified and bool(starts)
    assert min(kinds.values()) >= 4, kinds


@pytest.mark.parametrize("seed", range(61_000, 61_000 + examples(20)))
def test_factions_without_weight_and_veto_change_nothing(seed: int) -> None:
    raw, road_map = drawn(seed)
    starts = Oracle(raw, road_map).schedule.starts
    for one in raw["factions"].values():
        one["weight"], one["veto"] = "0", False
    plain = {**raw, "factions": {}}
    kept = {who: {n: v for n, v in one["value"].items() if n in raw["parties"]} for who, one in raw["measures"].items()}
    plain["measures"] = {name: {**one, "value": kept[name]} for name, one in raw["measures"].items()}
    sticks = [{**one, "value": {n: v for n, v in one["value"].items() if n in raw["parties"]}} for one in raw["sticks"]]
    plain["sticks"], plain["clauses"] = sticks, [c for c in raw["clauses"] if c["owner"] in raw["parties"]]
    with_, without = judged(raw, starts), judged(plain, starts)
    for key in ("verdict", "signed", "clauses_kept", "certified", "exact_margin", "reason"):
        assert getattr(with_, key) == getattr(without, key), key


@pytest.mark.parametrize("seed", range(62_000, 62_000 + examples(20)))
def test_a_single_faction_that_thinks_as_its_party_does_changes_no_verdict(seed: int) -> None:
    rng = random.Random(seed)
    raw = steady_sticks(random_case(rng, measures=(2, 4), periods=(3, 5)))
    road_map = random_road_map(rng, raw, violating=0.0)
    starts = Oracle(raw, road_map).schedule.starts
    without = judged(raw, starts)
    raw["factions"] = {}
    for name, one in raw["parties"].items():
        one["ratify"], one["sustain"] = (rng.choice(("0.1", "0.5", "1")) for _ in range(2))
        raw["factions"][f"all-{name}"] = {
            "party": name, "discount": one["discount"], "status_quo": one["status_quo"], "veto": rng.random() < 0.5,
        }  # fmt: skip
        for thing in (*raw["measures"].values(), *raw["sticks"]):
            if name in thing["value"]:
                thing["value"][f"all-{name}"] = thing["value"][name]
    with_ = judged(raw, starts)
    assert (with_.verdict, with_.certified) == (without.verdict, without.certified)
    assert with_.exact_margin == without.exact_margin


# ---------------------------------------------------------------------------------------------------- cases by hand


def divided(**given: Any) -> Raw:
    """A gives once and gets a flow from B for ever; its hawks mind giving more than its doves."""
    give = measure("A", {"A": "-1", "hawks": "-4", "doves": "-1", "B": "3"}, undo=undo())
    pay = measure("B", {"A": "2", "hawks": "2", "doves": "2", "B": "-1"}, undo=undo())
    faction = {"party": "A", "discount": "0.5"}
    raw = case({"give": give, "pay": pay}, periods=3)
    raw["factions"] = {"hawks": {**faction, "weight": "2"}, "doves": {**faction, "weight": "3"}}
    raw["titles"] = {"A": "Aland", "hawks": "The hawks", "pay": "Pay"}
    raw.update(given)
    return raw


def test_hawks_with_too_little_weight_are_outvoted() -> None:
    got = judged(divided(), {"give": 0, "pay": 0})
    assert got.certified
    assert got.factions["hawks"].supports == (False, False, False, False)
    assert got.factions["doves"].supports == (True, True, True, True)
    assert not got.finding("loses-support")


def test_hawks_with_a_veto_are_told_with_votes_and_gains() -> None:
    raw = divided()
    raw["factions"]["hawks"]["veto"] = True
    got = judged(raw, {"give": 0, "pay": 0})
    assert (got.verdict, got.signed) == ("fails", False)
    (refused,), (lost,) = got.finding("not-ratified"), got.finding("loses-support")
    assert refused.party == lost.party == "A"
    assert refused.voting.to_dict() == {"for": 3.0, "needed": 2.5, "against": ["hawks"], "vetoes": ["hawks"]}
    assert refused.gain == -got.factions["hawks"].margin[0]
    assert refused.message == (
        "Aland would not ratify it: The hawks (with a veto): by their numbers leaving would gain 6. Weight in favour 3 "
        "of 5, needed 2.5."
    )
    assert lost.message.startswith("From 2019-Q3 on the road map loses Aland, most in 2019-Q3: The hawks (with a veto)")
    assert got.reason == lost.message


def test_who_has_no_say_is_no_reason() -> None:
    raw = divided()
    raw["factions"]["hawks"]["veto"] = True
    raw["factions"]["ghosts"] = {**raw["factions"]["hawks"], "weight": "0", "veto": False}
    for k in ("give", "pay"):
        raw["measures"][k]["value"]["ghosts"] = raw["measures"][k]["value"]["hawks"]
    got = judged(raw, {"give": 0, "pay": 0})
    assert got.factions["ghosts"].supports == got.factions["hawks"].supports
    assert [f.voting.against for f in got.findings if f.voting is not None] == [("hawks",), ("hawks",)]


def test_quotas_at_first_and_later_are_two_things() -> None:
    raw = divided()
    raw["parties"]["A"]["sustain"] = "0.7"
    got = judged(raw, {"give": 0, "pay": 0})
    assert (got.verdict, got.signed) == ("fails", True)
    raw["parties"]["A"].update(sustain="0.6", ratify="0.7")
    got = judged(raw, {"give": 0, "pay": 0})
    assert (got.verdict, got.signed, got.certified) == ("holds", False, False)


def test_a_demand_that_is_not_kept_is_named() -> None:
    clause = {"id": "doves-1", "owner": "doves", "kind": "position", "of": "doves", "strength": "must"}
    got = judged(divided(clauses=[{**clause, "text": "pay before give"}]), {"give": 0, "pay": 0})
    assert got.factions["doves"].broken == ("doves-1",)
    assert 'doves: "pay before give" (doves-1) is not kept' in got.finding("not-ratified")[0].message
    assert got.finding("not-ratified")[0].gain == -got.factions["hawks"].margin[0]


def test_a_faction_may_ask_more_than_its_party() -> None:
    raw = divided()
    raw["factions"]["doves"]["reserve"] = "5"
    got = judged(raw, {"give": 0, "pay": 0})
    assert (got.verdict, got.signed) == ("holds", False)
    assert got.factions["doves"].supports == (False, True, True, True)
    assert "doves: it is worth 3 less to them than no deal" in got.finding("not-ratified")[0].message


def council(**given: Any) -> Raw:
    """``pay`` needs the consent of a council of three, of whom C loses by it."""
    parties = {name: party() for name in ("A", "B", "C", "D")}
    raw = divided(parties=parties, principals=["A", "B"])
    raw["measures"]["pay"]["value"]["C"] = {"flow": "-1"}
    raw["measures"]["pay"]["consent"] = ["council"]
    raw["bodies"] = {"council": {"votes": {"B": "1", "C": "1", "D": "1"}, "quota": "2", **given}}
    return raw


def test_a_body_is_outvoted_or_vetoed() -> None:
    got = judged(council(), {"give": 0, "pay": 0})
    assert (got.certified, dict(got.consents)) == (True, {"council": True})
    for given in ({"quota": "3"}, {"vetoes": ["C"]}):
        got = judged(council(**given), {"give": 0, "pay": 0})
        assert (got.verdict, got.signed, dict(got.consents)) == ("holds", False, {"council": False})
        (told,) = got.finding("no-consent")
        assert told.measures == ("pay",)
        assert told.voting.against == ("C",)
        assert 'council does not consent to "Pay": C' in told.message
        assert "it is worth 2 less to it than no deal. Votes in favour 2 of 3" in told.message


def test_consent_is_asked_only_for_what_is_on_the_road_map_and_not_done() -> None:
    assert judged(council(quota="3"), {}).consents == {}
    raw = council(quota="3")
    raw["measures"]["pay"]["done"] = True
    assert judged(raw, {"give": 0}).consents == {}


def test_a_bystander_with_factions_is_asked_by_what_it_gains() -> None:
    raw = council()
    raw["measures"]["pay"]["consent"] = ["D"]
    raw["factions"]["east"] = {"party": "D", "discount": "0.5"}
    raw["measures"]["pay"]["value"]["east"] = {"flow": "-1"}
    got = judged(raw, {"give": 0, "pay": 0})
    assert got.factions["east"].to_dict() == {
        "party": "D", "supports": [False], "margin": [], "gain": -2.0, "broken": [],
    }  # fmt: skip
    assert dict(got.consents) == {"D": False}
    assert "D does not consent to" in got.finding("no-consent")[0].message
    assert not judged(raw, {"give": 0}).consents


def test_what_a_limit_leaves_open_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.audit.margins import Margins

    monkeypatch.setattr(Margins, "sign", lambda self, i, t: None if self.grounds.case.factions == {} else 1)
    got = audit(resolved_from_dict(divided()), RoadMap({"give": 0, "pay": 0}), cures=False)
    assert (got.verdict, got.signed, got.certified) == ("unknown", False, False)
    assert got.factions["doves"].supports[0] is None
    assert "Whether Aland has the support of its factions" in got.reason
    raw = divided()
    raw["parties"]["A"].update(ratify="0", sustain="0")
    assert audit(resolved_from_dict(raw), RoadMap({"give": 0, "pay": 0}), cures=False).certified


def test_an_audit_with_votes_is_written_and_verified() -> None:
    raw = council(vetoes=["C"])
    resolved = resolved_from_dict(raw)
    told = json.loads(audit(resolved, RoadMap({"give": 0, "pay": 0}), cures=False).to_json())
    assert set(told) >= {"factions", "consents"}
    assert verify(told, resolved).agrees
    for change in (
        lambda x: x["consents"].update(council=True),
        lambda x: x["factions"]["hawks"]["supports"].__setitem__(0, True),
        lambda x: x["findings"][0]["voting"].update({"for": 3.0}),
    ):
        bad = json.loads(json.dumps(told))
        change(bad)
        assert not verify(bad, resolved).agrees


def test_the_choice_of_a_faction_adds_up_to_its_margin() -> None:
    resolved = resolved_from_dict(divided())
    got = why(resolved, RoadMap({"give": 0, "pay": 0}), "hawks", 1)
    assert got.party == "hawks"
    assert got.stay == sum(part.stay for part in got.parts) == -4
    assert float(got.margin) == judged(divided(), {"give": 0, "pay": 0}).factions["hawks"].margin[1]
    with pytest.raises(InputError, match="did you mean"):
        why(resolved, RoadMap({"give": 0, "pay": 0}), "hawk", 1)


def test_an_audit_without_votes_is_written_as_before() -> None:
    told = json.loads(judged(case({"a": measure("A", {"A": "1"})}), {"a": 0}).to_json())
    assert not {"factions", "consents"} & set(told)
    assert not any("voting" in f for f in told["findings"])
