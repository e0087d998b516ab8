"""What a party may be and who may come to office: chances, dates, what changes, and what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case.concealed import concealed
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.sampling import CHUNK
from detente.case.variants import Variant
from detente.errors import InputError

HIDDEN = {
    "what": "a plant", "left_out_of": "tell", "facts": {"points": "5 [3, 8]"},
    "worth": {"A": "4 a year [2, 8]"}, "price": {"B": "1.5"},
}  # fmt: skip
CASE: Mapping[str, Any] = {
    "detente": 1, "period": "quarter", "periods": 8, "start": "2020-Q1", "discount": 0.9,
    "attributes": {"points": "points"},
    "parties": {
        "A": {
            "weights": {"points": "-1 [-2, -0.5]"},
            "types": {
                "sincere": {},
                "buys-time": {"chance": 0.3, "set": {"weight.A.points": "-3 [-4, -2] uniform"}},
                "hides": {"chance": 0.2, "hidden": [HIDDEN]},
            },
        },
        "B": {
            "weights": {"points": "2 [1, 3]"}, "exit_cost": 4,
            "governments": [
                {"id": "later", "from": "2021-Q1", "chance": 0.5, "set": {"parties.B.exit_cost": "1 [0, 2]"}},
                {"id": "sooner", "from": "2020-05", "chance": 0.25, "set": {"weight.B.points": 1}},
            ],
        },
    },
    "measures": {
        "tell": {"by": "A", "takes": 1, "undo": "never", "facts": {"points": 1}},
        "shut": {"by": "A", "takes": "3 months [3, 9]", "undo": {"takes": 1, "cost": 1}, "facts": {"points": 3}},
    },
}  # fmt: skip


def made(**party: Any) -> dict[str, Any]:
    """The case with parts of party A exchanged."""
    data: dict[str, Any] = deepcopy(dict(CASE))
    data["parties"]["A"] |= party
    return data


@pytest.fixture(scope="module")
def draws() -> Draws:
    return Draws(load_case(CASE), 1)


def _variant(draws: Draws, type_: str, *governments: str) -> Variant:
    found = [v for v in draws.variants if v.types["A"] == type_ and set(v.governments) == set(governments)]
    assert len(found) == 1
    return found[0]


def _weight(case: Case, party: str) -> Decimal:
    return case.resolved.measures["shut"].value[party].flow[0] / 3


def test_every_combination_is_a_variant_and_its_chance_the_product(draws: Draws) -> None:
    assert len(draws.variants) == 3 * 4
    assert sum(v.chance for v in draws.variants) == pytest.approx(1)
    assert _variant(draws, "sincere").chance == pytest.approx(0.5 * 0.5 * 0.75)
    assert _variant(draws, "hides", "later", "sooner").chance == pytest.approx(0.2 * 0.5 * 0.25)


@pytest.mark.parametrize("method", ["sobol", "lhs", "random"])
def test_variants_come_as_often_as_their_chances_say(method: Any) -> None:
    many = Draws(load_case(CASE), 2, method)
    drawn = np.concatenate([many.chunk(k).variant for k in range(4)])
    shares = np.bincount(drawn, minlength=len(many.variants)) / len(drawn)
    chances = np.array([v.chance for v in many.variants])
    bound = 4 * (chances / len(drawn)) ** 0.5 if method == "random" else 1.01 / CHUNK
    assert (np.abs(shares - chances) <= bound).all()


def test_the_case_as_written_is_what_it_is_without_types(draws: Draws) -> None:
    bare: dict[str, Any] = deepcopy(dict(CASE))
    del bare["parties"]["A"]["types"], bare["parties"]["B"]["governments"]
    assert load_case(bare).resolved == draws.case.resolved
    assert _variant(draws, "sincere").regimes == ((0, draws.case),)


def test_a_type_holds_from_the_beginning_and_a_government_from_its_date(draws: Draws) -> None:
    v = _variant(draws, "buys-time", "later", "sooner")
    assert [t for t, _ in v.regimes] == [0, 1, 4]
    today, sooner, later = (case for _, case in v.regimes)
    assert [_weight(c, "A") for c in (today, sooner, later)] == [-3, -3, -3]
    assert [_weight(c, "B") for c in (today, sooner, later)] == [2, 1, 2]
    assert [c.resolved.parties["B"].exit_cost for c in (today, sooner, later)] == [4, 4, 1]


def test_a_number_that_is_set_differently_is_drawn_at_the_same_quantile(draws: Draws) -> None:
    column = [x.path for x in draws.numbers].index("parties.A.weights.points")
    chunk = draws.chunk(0)
    plain, set_ = (_variant(draws, t).case() for t in ("sincere", "buys-time"))
    assert (draws.values(set_, chunk.u)[:, column] == -4 + 2 * chunk.u[:, column]).all()
    order = np.argsort(chunk.u[:, column])
    assert (np.diff(draws.values(plain, chunk.u)[order, column]) >= 0).all()


def test_a_number_that_only_a_government_makes_uncertain_has_a_column(draws: Draws) -> None:
    column = [x.path for x in draws.numbers].index("parties.B.exit_cost")
    u = draws.chunk(0).u
    assert (draws.values(draws.case, u)[:, column] == 4).all()
    drawn = draws.values(_variant(draws, "sincere", "later").regimes[1][1], u)[:, column]
    assert 0 <= drawn.min() < 0.2 < 1.8 < drawn.max() <= 2


def test_every_world_is_a_case_that_is_in_order(draws: Draws) -> None:
    chunk = draws.chunk(0)
    seen = set()
    for row in range(60):
        variant = draws.variants[chunk.variant[row]]
        for regime, (_, case) in enumerate(variant.regimes):
            world = draws.resolved(chunk, row, regime)
            assert load_case(_plain(world)).resolved == world
            values = draws.values(case, chunk.u[row : row + 1])[0]
            at = [x.path for x in draws.numbers].index("parties.A.weights.points")
            assert float(world.measures["shut"].value["A"].flow[0]) == pytest.approx(3 * values[at], rel=1e-9)
            seen.add((variant.types["A"], variant.governments, regime))
    assert len(seen) > 12


def _plain(world: Any) -> dict[str, Any]:
    from detente.case.interchange import resolved_to_dict

    return resolved_to_dict(world)


def test_what_is_hidden_is_worth_something_to_its_owner_alone(draws: Draws) -> None:
    chunk = draws.chunk(0)
    hides = _variant(draws, "hides")
    assert [h.owner for h in hides.hidden] == ["A"]
    before, after = (c.resolved.measures["tell"].value for c in (draws.case, hides.case()))
    assert after["A"].flow[0] - before["A"].flow[0] == 1
    assert after["B"] == before["B"]
    assert hides.case().resolved.measures["shut"] == draws.case.resolved.measures["shut"]
    (thing,) = concealed(draws, hides.case(), chunk.u)
    assert thing.measure == "tell"
    assert (thing.price["B"] == 1.5).all()
    assert 0.5 <= thing.worth["A"].min() < 0.6 < 1.9 < thing.worth["A"].max() <= 2
    assert 3 <= thing.facts["points"].min() < thing.facts["points"].max() <= 8
    assert concealed(draws, draws.case, chunk.u) == ()
    rows = [r for r in range(CHUNK) if draws.variants[chunk.variant[r]].types["A"] == "hides"][:20]
    for row in rows:
        world = draws.resolved(chunk, row)
        told, shut = (float(world.measures[k].value["A"].flow[0]) for k in ("tell", "shut"))
        assert told - shut / 3 == pytest.approx(thing.worth["A"][row], rel=1e-9)


def test_chances_and_numbers_of_types_can_be_set_and_overlaid(draws: Draws) -> None:
    sure = load_case(CASE, settings=["parties.A.types.hides.chance=0", "parties.A.types.buys-time.chance=1"])
    assert {v.types["A"] for v in Draws(sure, 0).variants} == {"buys-time"}
    assert (Draws(sure, 1).chunk(0).u == draws.chunk(0).u).all()
    over = {"overlay": True, "parties": {"A": {"types": {"buys-time": {"set": {"weight.A.points": -5}}}}}}
    assert _weight(_variant(Draws(load_case(CASE, [over]), 0), "buys-time").case(), "A") == -5
    gone = load_case(CASE, settings=["parties.B.governments.later.chance=0"])
    assert {v.governments for v in Draws(gone, 0).variants} == {(), ("sooner",)}


# ---------------------------------------------------------------- what is wrong


def _told(data: Mapping[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        load_case(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("types", "code", "said"),
    [
        ({"a": {"chance": 0.5}, "b": {"chance": 0.4}}, "DET224", "their chances sum to 0.9"),
        ({"a": {"chance": 0.7}, "b": {"chance": 0.4}, "c": {}}, "DET224", "their chances sum to 1.1"),
        ({"a": {}, "b": {}}, "DET224", "2 of them have no chance"),
        ({"a": {"chance": "0.5 [0.2, 0.8]"}, "b": {}}, "DET108", "has a range"),
        ({"a": {"set": {"parties.A.wieghts.points": 1}}}, "DET022", 'did you mean "weights"?'),
        ({"a": {"set": {"parties.A.weights.pionts": 1}}}, "DET201", 'did you mean "points"?'),
        ({"a": {"set": {"measures.shutt.takes": 1}}}, "DET022", 'did you mean "shut"?'),
        ({"a": {"set": {"weight.A.points": "1 [2, 0]"}}}, "DET108", 'this comes of the type "a" of "A"'),
        ({"a": {"set": {"parties.A.types.b.chance": 1}}, "b": {"chance": 0}}, "DET227", "settled before"),
        ({"a": {"set": {"periods": 9}}}, "DET227", "changes the periods"),
        ({"a": {"set": {"measures.shut.done": True}}}, "DET227", "changes the measures"),
        ({"a": {"hidden": [HIDDEN | {"left_out_of": "tel"}]}}, "DET201", 'did you mean "tell"?'),
        ({"a": {"hidden": [HIDDEN | {"worth": {"B": 1}}]}}, "DET226", "worth something to A alone"),
        ({"a": {"hidden": [HIDDEN | {"price": {"A": 1}}]}}, "DET226", "paid for by parties other than A"),
        ({"a": {"hidden": [HIDDEN | {"price": {"B": -1}}]}}, "DET208", "below 0"),
        ({"a": {"hidden": [HIDDEN | {"facts": {"point": 1}}]}}, "DET201", 'did you mean "points"?'),
    ],
)
def test_a_type_that_cannot_be_is_told(types: dict[str, Any], code: str, said: str) -> None:
    told = _told(made(types=types))
    assert code in told
    assert said in told


@pytest.mark.parametrize(
    ("governments", "code", "said"),
    [
        ([{"id": "g", "from": "2020-Q1", "chance": 0.5}], "DET225", "already in office"),
        ([{"id": "g", "from": "2022-Q1", "chance": 0.5}], "DET225", "after the last period"),
        ([{"id": "later", "from": "2021-Q1", "chance": 0.5}], "DET202", '"later" is used twice'),
        ([{"id": "g", "from": "2021-Q1"}], "DET102", 'has no "chance"'),
        ([{"id": f"g{n}", "from": 2, "chance": 0.5} for n in range(12)], "DET224", "at most 4096"),
    ],
)
def test_a_government_that_cannot_come_is_told(governments: list[dict[str, Any]], code: str, said: str) -> None:
    told = _told(made(governments=governments))
    assert code in told
    assert said in told


def test_what_a_type_sets_wrongly_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "detente: 1\nperiod: year\nperiods: 3\nstart: 2030\ndiscount: 0.9\nparties:\n  A:\n    types:\n      a:\n"
        "        set:\n          parties.A.discount: 1.5\n  B: {}\n",
        encoding="utf-8",
    )
    told = _told(path)  # type: ignore[arg-type]
    assert f"{path}:11:" in told
    assert "DET204" in told
