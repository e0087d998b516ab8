"""Every problem of a file is told in one go, and none gives birth to another."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.case.figures import ANY_ID, Part
from detente.case.interchange import resolved_to_dict
from detente.case.load import load_case
from detente.case.resolved_schema import ResolvedDocument
from detente.case.schema import Document
from detente.errors import Diagnostic, InputError
from tests.case.test_check import problems
from tests.case.wrong import RIGHT

AGAIN = "  lift: {by: USA, takes: 1, undo: 1}\n  aid: {by: US, takes: x, undo: 1}\n"
CLAUSE = "declare by 2020-Q1"


def changed(*changes: tuple[str, str]) -> str:
    """The right case with some texts changed."""
    text = RIGHT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def found(text: str, tmp_path: Path) -> list[str]:
    """Codes with their lines and columns."""
    return [f"{d.code}{str(d.where).rsplit('case.yaml', 1)[1]}" for d in problems(text, tmp_path)]


EVERY = {
    "a repeated key hides nothing": (
        changed(("period: quarter", "period: quarter\nperiod: month"), ("lag: 2", "lag: 0"), (CLAUSE, "delcare by 3")),
        ["DET013:3:1", "DET207:13:15", "DET302:26:31"],
    ),
    "both values of a repeated key are judged": (
        changed(("lag: 2", "lag: 0, lag: 1 mnth")),
        ["DET207:12:15", "DET013:12:18", "DET110:12:23"],
    ),
    "what a repeated key could mean for others is not held against them": (
        changed(("periods: 8", "periods: 8\nperiods: 2")),
        ["DET013:4:1"],
    ),
    "a section in two parts is one": (
        changed(("milestones:", f"measures:\n{AGAIN}milestones:"), (CLAUSE, "lift by 2020-Q1")),
        ["DET013:18:1", "DET201:19:14", "DET013:20:3", "DET110:20:24"],
    ),
    "blanks hide nothing": (
        changed(("start: 2019-Q2", "start:"), ("lag: 2", "lag: 0"), ("undo: never", "undo: ")),
        ["DET017:4:1", "DET207:12:15", "DET017:14:33"],
    ),
    "tags hide nothing": (
        changed(("periods: 8", 'periods: !!int "8"'), ("lag: 2", "lag: 0")),
        ["DET010:3:10", "DET207:12:15"],
    ),
    "merge keys hide nothing": (
        changed(("{lag: 2}", "{<<: {lag: 0}}")),
        ["DET207:12:9", "DET015:12:10"],
    ),
    "an incomplete measure shows its other problems": (
        changed(("takes: 1, undo: never, public", "takes: 1 mnth, after: [delcare], public")),
        ["DET102:14:3", "DET110:14:30", "DET201:14:46"],
    ),
    "an incomplete measure can be referred to": (
        changed((", undo: never", ""), ("undo: 1,", "undo: 1, public: true, replaces: declare,")),
        ["DET102:14:3"],
    ),
    "an incomplete tranched measure has its tranches": (
        changed(("takes: 0, undo: at once, value", "takes: 0, tranches: 2, value"), (CLAUSE, "aid-2 by 3")),
        ["DET102:17:3"],
    ),
    "malformed tranches may have any number": (
        changed(("takes: 0, undo: at once, value", "takes: 0, undo: 0, tranches: [0.5, x], value"),
                (CLAUSE, "aid-2 by 3"), ("draft: {", "draft: {aid-3: 1, ")),
        ["DET107:17:52"],
    ),
    "a misspelt key is not missing too": (
        changed(("undo: never", "udno: never"), ("takes: 1, undo: 1", "takse: 1, undo: 1"),
                ("discount: 0.9", "discont: 0.9")),
        ["DET101:5:1", "DET101:14:33", "DET101:16:22"],
    ),
    "a malformed section is not empty": (
        RIGHT[: RIGHT.index("measures:")] + "measures: 7\n" + RIGHT[RIGHT.index("milestones:") :],
        ["DET103:13:11"],
    ),
    "a malformed id hides nothing": (
        changed(("  aid: {by: US", "  5aid: {by: USA")),
        ["DET105:17:3", "DET201:17:14"],
    ),
    "what is malformed is not held against others": (
        changed(("public: true, facts", "public: yes, done: no, facts"),
                ("undo: at once, after", "undo: at once, done: true, after"),
                ("undo: 1,", "undo: 1, public: true, replaces: declare,")),
        ["DET103:14:54", "DET103:14:65"],
    ),
    "malformed members are not none": (
        changed(("[declare, freeze], value", "[7], value"), ("[declare, freeze]}", "[8]}")),
        ["DET105:19:21", "DET105:23:25"],
    ),
    "two errors in a clause": (
        changed((CLAUSE, "delcare before inspct")),
        ["DET302:25:31", "DET302:25:31"],
    ),
    "three errors in a clause": (
        changed((CLAUSE, "share of nobody at least 150% by 2099")),
        ["DET302:25:31", "DET303:25:31", "DET304:25:31"],
    ),
    "must and want are both read": (
        changed((f'must: "{CLAUSE}"', 'must: "delcare by 3", want: "aid by 2099", weight: x')),
        ["DET217:25:5", "DET302:25:31", "DET303:25:53", "DET107:25:76"],
    ),
    "a clause without an id": (
        changed(("id: r1, owner: US", "owner: USA"), (CLAUSE, "delcare by 3")),
        ["DET102:25:5", "DET201:25:13", "DET302:25:24"],
    ),
    "a wait beyond the case": (changed((CLAUSE, "declare before inspect by 9")), ["DET303:25:31"]),
    "a start beyond the case": (changed(("freeze: 2019-Q4", "freeze: 8")), ["DET404:27:31"]),
    "every number over time": (
        changed(("lag: 2", "status_quo: [1, x, 2, .nan], lag: 0")),
        ["DET107:12:26", "DET106:12:32", "DET207:12:44"],
    ),
    "control characters written as escapes": (
        changed(("A document", '"\\e[31mred"'), ("lag: 2", "lag: 0")),
        ["DET004:7:6", "DET207:12:15"],
    ),
    "a proposal by nobody knows": (
        RIGHT + "proposals:\n  p: {by: 7, clauses: [{id: x, must: 3}]}\n",
        ["DET105:29:11", "DET103:29:38"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(EVERY))
def test_every_problem_is_told_and_nothing_else(name: str, tmp_path: Path) -> None:
    text, wanted = EVERY[name]
    assert found(text, tmp_path) == wanted


def test_the_latest_start_and_the_longest_wait_are_allowed(tmp_path: Path) -> None:
    text = changed(("freeze: 2019-Q4", "freeze: 7"), (CLAUSE, "declare before inspect by 8"))
    assert found(text, tmp_path) == []


def test_a_syntax_error_does_not_hide_what_was_read_before(tmp_path: Path) -> None:
    text = changed(("periods: 8", "periods: 8\nperiods: 8"), ("points: 1}}", "points: 1 [0, 2]}}"))
    assert found(text, tmp_path) == ["DET013:4:1", "DET007:12:28"]


def test_titles_stand_beside_the_ids_of_positions_and_goals(tmp_path: Path) -> None:
    text = RIGHT + "goals:\n  g: {name: Winning, party: UK, clauses: []}\n"
    (d,) = problems(text, tmp_path)
    assert d.problem == 'goal "g" (Winning) refers to a party "UK" that does not exist'


RESOLVED: dict[str, tuple[dict[tuple[str | int, ...], Any], list[str]]] = {
    "no discount": (
        {("discount",): None, ("measures", "weir", "by"): "Hlls", ("clauses", 0, "text"): "wier by 2099"},
        ["DET102", "DET201", "DET302", "DET303"],
    ),
    "no number of periods": ({("periods",): None, ("measures", "weir", "by"): "Hlls"}, ["DET102", "DET201"]),
    "no measures": ({("measures",): None, ("parties", "Hills", "response_lag"): 0}, ["DET102", "DET207"]),
    "a party without discount": (
        {("parties", "Hills", "discount"): "2", ("parties", "Hills", "response_lag"): 0},
        ["DET204", "DET207"],
    ),
    "a clause without id": ({("clauses", 0, "id"): None, ("clauses", 0, "text"): "wier by 1"}, ["DET102", "DET302"]),
    "numbers over time": ({("parties", "Hills", "status_quo"): ["1", "x", "y"]}, ["DET107", "DET107"]),
}


def apply(data: Any, changes: dict[tuple[str | int, ...], Any]) -> Any:
    """A copy with some values changed, or (None) taken out."""
    data = copy.deepcopy(data)
    for path, value in changes.items():
        node = data
        for key in path[:-1]:
            node = node[key]
        if value is None:
            del node[path[-1]]
        else:
            node[path[-1]] = value
    return data


@pytest.mark.parametrize("name", list(RESOLVED))
def test_a_resolved_case_is_checked_in_one_go(name: str, tmp_path: Path) -> None:
    changes, wanted = RESOLVED[name]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(apply(resolved_to_dict(load_case("two-steps").resolved), changes)), encoding="utf-8")
    assert sorted(d.code for d in errors(path)) == wanted


def test_a_repeated_key_of_json_hides_nothing(tmp_path: Path) -> None:
    text = json.dumps(resolved_to_dict(load_case("two-steps").resolved)).replace(
        '"response_lag": 1', '"response_lag": 0'
    )
    path = tmp_path / "case.json"
    path.write_text(text.replace('"name":', '"name": "x", "name":', 1), encoding="utf-8")
    assert [d.code for d in errors(path)] == ["DET013", "DET207", "DET207"]


def errors(*arguments: Any) -> tuple[Diagnostic, ...]:
    """What is wrong with a case, its overlays and its settings."""
    with pytest.raises(InputError) as caught:
        load_case(*arguments)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("over", "problem", "fix"),
    [
        ("measures: {declar: {takes: 2}}", 'a measure "declar"', 'did you mean "declare"?'),
        ("parties: {DPKR: {exit_cost: 2}}", 'a party "DPKR"', 'did you mean "DPRK"?'),
        ("milestones: {quite: {value: {US: {once: 2}}}}", 'a milestone "quite"', 'did you mean "quiet"?'),
        ("resources: {team: {note: x}}", 'a resource "team"', 'did you mean "teams"?'),
        ("groups: {all-off-it: {by: points}}", 'a group "all-off-it"', 'did you mean "all-of-it"?'),
        ("attributes: {point: {about: x}}", 'an attribute "point"', 'did you mean "points"?'),
    ],
)
def test_a_misspelt_name_in_an_overlay(over: str, problem: str, fix: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "over.yaml").write_text(f"overlay: true\n{over}\n", encoding="utf-8")
    (d,) = errors(tmp_path / "case.yaml", [tmp_path / "over.yaml"])
    assert (d.code, d.problem) == ("DET201", f"the overlay speaks of {problem} that the case does not have")
    assert d.fix == fix
    assert str(d.where).endswith(f"over.yaml:2:{over.index('{') + 2}")


def test_what_is_new_in_an_overlay_stays_new() -> None:
    case = {"detente": 1, "period": "year", "periods": 2, "start": 2030, "discount": 0.5, "parties": {"A1": {}}}
    new = {
        "overlay": True,
        "parties": {"A2": {}, "Z": {}},
        "measures": {"a": {"by": "A2", "takes": 0, "undo": "never"}},
    }
    assert list(load_case(case, [new]).resolved.parties) == ["A1", "A2", "Z"]


def test_a_repeated_key_in_an_overlay_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "over.yaml").write_text("overlay: true\nparties: {US: {lag: 3}, US: {lag: 0}}\n", encoding="utf-8")
    found = errors(tmp_path / "case.yaml", [tmp_path / "over.yaml"])
    assert [(d.code, str(d.where)[-4:]) for d in found] == [("DET013", "2:25"), ("DET207", "2:35")]


def test_problems_with_a_setting_name_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(changed(("lag: 2", "lag: {value: 2, sources: s}"), ("facts: {points", "facts_once: {points")))
    (lag,) = errors(path, [], ["party.DPRK.lag=0"])
    assert str(lag.where) == "--set party.DPRK.lag=0"
    (rate,) = errors(path, [], ["weight.US.points=1 a year"])
    assert str(rate.where).endswith("case.yaml:14:81")
    assert rate.why.endswith("; this comes of --set weight.US.points=1 a year")
    path.write_text(changed(("lag: 2", "lag: 0")))
    assert [d.why for d in errors(path)] == [d.why for d in errors(path, [], ["discount=0.8"])]


def test_every_wrong_setting_is_told(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(RIGHT, encoding="utf-8")
    found = errors(path, [], ["partys.US.lag=1", "party.DPRK.lag=0", "discount=["])
    assert sorted(d.code for d in found) == ["DET007", "DET022", "DET207"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_text_is_called_by_its_name(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes((RIGHT + "# Пхеньян, 평양\n").encode(encoding))
    (d,) = errors(path)
    assert (d.code, d.fix) == ("DET005", "save the file as UTF-8")
    assert d.problem.endswith(f"is {encoding[:6].upper()}, not UTF-8")


def parts(model: type[Part]) -> Iterator[type[Part]]:
    """Every kind of part that a document may hold."""
    seen = set[type[Part]]()
    kinds: list[Any] = [model]
    while kinds:
        kind = kinds.pop()
        if isinstance(kind, type) and issubclass(kind, Part):
            if kind not in seen:
                seen.add(kind)
                kinds += [f.annotation for f in kind.model_fields.values()]
                yield kind
        else:
            kinds += getattr(kind, "__args__", ())


@pytest.mark.parametrize("model", [*parts(Document), *parts(ResolvedDocument)])
def test_every_required_key_has_a_stand_in(model: type[Part]) -> None:
    required = {f.alias or name for name, f in model.model_fields.items() if f.is_required()} - {"detente"}
    assert required == set(model.stand_ins) & required
    given = {**model.stand_ins, **({"detente": 1} if model is Document else {})}
    assert model.model_validate(given, context=ANY_ID)
