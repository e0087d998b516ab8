"""The record of offers: only ever added to, and whoever changes it shows."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from pathlib import Path

import pytest

from detente.case.load import Case, load_case
from detente.case.read import shipped
from detente.case.rounds import Record, places, read_record, recorded
from detente.case.rounds_writing import Added, add_round, from_case, from_file, from_mappings, from_texts
from detente.errors import InputError

WATER = "must: water by 2031"


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("two-steps")


def add(case: Case, path: Path, *clauses: str, by: str = "Hills", **what: str) -> Record:
    return add_round(case, from_texts(clauses or (WATER,)), Added(by, **what), places(case, path))[1]  # type: ignore[arg-type]


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [d.code for d in error.value.diagnostics]


def test_what_is_added_is_read_back(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "offers.jsonl"
    texts = ("must: power by 2030", "{want: gauge by 2032, weight: 2.5}")
    add(case, path, *texts, name="first", date="2029-05", note="spoken, not signed – “now”")
    (first,) = read_record(case, path).rounds
    assert (first.name, first.by, first.date, first.note) == ("first", "Hills", "2029-05", "spoken, not signed – “now”")
    assert [(c.id, c.owner, c.of, c.strength, c.text, str(c.weight)) for c in first.clauses] == [
        ("first/1", "Hills", "first", "must", "power by 2030", "1"),
        ("first/2", "Hills", "first", "want", "gauge by 2032", "2.5"),
    ]


def test_adding_leaves_every_byte_before_as_it_was(case: Case, tmp_path: Path) -> None:
    path, before = tmp_path / "offers.jsonl", b""
    for n in range(4):
        add(case, path, by=("Hills", "Plains")[n % 2])
        now = path.read_bytes()
        assert now.startswith(before)
        assert now.count(b"\n") == n + 1
        before = now
    assert [r.name for r in read_record(case, path).rounds] == ["round-1", "round-2", "round-3", "round-4"]


@pytest.fixture
def lines(case: Case, tmp_path: Path) -> list[str]:
    for n in range(4):
        add(case, tmp_path / "whole.jsonl", f"must: water by {2030 + n}")
    return (tmp_path / "whole.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("n", range(3))
def test_a_changed_line_shows(case: Case, tmp_path: Path, lines: list[str], n: int) -> None:
    path = tmp_path / "changed.jsonl"
    lines[n] = lines[n].replace(f"water by {2030 + n}", "water by 2033")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(case, path)
    assert codes(error) == ["DET502"]
    assert error.value.diagnostics[0].where is not None
    assert error.value.diagnostics[0].where.line == n + 2
    with pytest.raises(InputError):
        add(case, path)
    assert path.read_text(encoding="utf-8").splitlines() == lines, "nothing is added to a record that was changed"


@pytest.mark.parametrize("cut", [slice(0, 1), slice(1, 2), slice(1, 3)])
def test_lines_taken_out_show(case: Case, tmp_path: Path, lines: list[str], cut: slice) -> None:
    path = tmp_path / "cut.jsonl"
    del lines[cut]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(case, path)
    assert codes(error) == ["DET502"]


def test_lines_swapped_show(case: Case, tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "swapped.jsonl"
    lines[1], lines[2] = lines[2], lines[1]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(case, path)
    assert set(codes(error)) == {"DET502"}


def test_every_unreadable_line_is_told_with_its_number(case: Case, tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "garbled.jsonl"
    path.write_text("\n".join([lines[0], '{"by": "Hills"', "", "[1]", '{"note": 3}']) + "\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputError) as error:
        read_record(case, path)
    told = [(d.code, d.where.line) for d in error.value.diagnostics if d.where is not None]
    assert [x for x in told if x[0] == "DET501"] == [("DET501", 2), ("DET501", 3), ("DET501", 4)]
    assert {line for _, line in told} == {2, 3, 4, 5}
    assert path.read_bytes() == before


def test_the_head_vouches_for_every_line_before_it(case: Case, tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "kept.jsonl"
    heads = [hashlib.sha256(line.encode()).hexdigest() for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = read_record(case, path)
    assert record.head == heads[-1]
    assert [record.unchanged(head) for head in heads] == [1, 2, 3, 4]
    path.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    assert read_record(case, path).unchanged(heads[2]) == 3
    with pytest.raises(InputError) as error:
        read_record(case, path).unchanged(heads[3])
    assert codes(error) == ["DET510"], "the last line was cut off"
    assert add(case, path, "must: water by 2032").head not in heads, "another offer in its place has another head"


def test_a_line_whose_end_is_missing_is_no_other_line(case: Case, tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "open.jsonl"
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    assert len(read_record(case, path).rounds) == 4
    add(case, path)
    assert len(read_record(case, path).rounds) == 5


def _add_some(path: str, who: str, times: int) -> None:
    case = load_case("two-steps")
    for _ in range(times):
        add(case, Path(path), by=who)


def test_who_adds_at_the_same_time_waits(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "busy.jsonl"
    context = multiprocessing.get_context("spawn")
    adding = [context.Process(target=_add_some, args=(str(path), who, 8)) for who in ("Hills", "Plains", "Hills")]
    for one in adding:
        one.start()
    for one in adding:
        one.join(120)
    assert [one.exitcode for one in adding] == [0, 0, 0]
    rounds = read_record(case, path).rounds
    assert len(rounds) == 24
    assert sorted(r.by for r in rounds) == ["Hills"] * 16 + ["Plains"] * 8


def test_the_record_lies_beside_the_case(tmp_path: Path) -> None:
    source = shipped()["two-steps"]
    for name, record in (("case.yaml", "rounds.jsonl"), ("river.yaml", "river.rounds.jsonl")):
        shutil.copy(source, tmp_path / name)
        case = load_case(tmp_path / name)
        with pytest.raises(InputError, match="DET506"):
            recorded(case)
        add_round(case, from_texts([WATER]), Added("Hills"), places(case))
        assert (tmp_path / record).exists()
        assert len(recorded(case).rounds) == 1


def test_a_shipped_record_goes_on_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = load_case("dprk-2019")
    given = shipped()["dprk-2019"].with_name("rounds.jsonl").read_bytes()
    before = recorded(case).rounds
    assert len(before) > 5
    assert not list(tmp_path.iterdir()), "reading writes nothing"
    _, after = add_round(case, from_case(case, "us-early"), Added("US", of="us-early"), places(case))
    own = (tmp_path / "dprk-2019.rounds.jsonl").read_bytes()
    assert own.startswith(given)
    assert len(own.splitlines()) == len(before) + 1
    assert recorded(case).rounds == after.rounds
    assert shipped()["dprk-2019"].with_name("rounds.jsonl").read_bytes() == given


def test_what_is_wrong_with_an_offer_is_told_at_once_and_makes_no_file(case: Case, tmp_path: Path) -> None:
    path, file = tmp_path / "none.jsonl", tmp_path / "offer.yaml"
    file.write_text(
        "- must: watr by 2031\n- {must: power by 2031, wish: 2}\n- want: power bye 2031\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as error:
        add_round(case, from_file(file), Added("Hills"), places(case, path))
    placed = [(d.code, d.where and (d.where.line, d.where.column)) for d in error.value.diagnostics]
    assert sorted(placed) == [("DET101", (2, 25)), ("DET301", (3, 9)), ("DET302", (1, 9))]
    assert 'did you mean "water"' in str(error.value)
    for added in (Added("Hill"), Added("Hills", date="soon"), Added("Hills", date="3"), Added("Hills", name="no name")):
        with pytest.raises(InputError):
            add_round(case, from_texts([WATER]), added, places(case, path))
    assert not path.exists()


def test_names_are_never_used_twice_and_dates_go_on(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "offers.jsonl"
    add(case, path, name="first", date="2019-02-28")
    with pytest.raises(InputError) as error:
        add(case, path, name="first", date="2019-01")
    assert sorted(codes(error)) == ["DET505", "DET507"]
    add(case, path, name="second", date="2019-02")
    assert len(read_record(case, path).rounds) == 2


def test_clauses_come_in_one_way_or_another(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "offer.json"
    clauses = [{"id": "a", "must": "water by 2031"}, {"want": "power by 2031", "weight": 2}]
    file.write_text(json.dumps({"clauses": clauses}), encoding="utf-8")
    to = places(case, tmp_path / "offers.jsonl")
    one = add_round(case, from_file(file), Added("Hills"), to)[0]
    other = add_round(case, from_mappings(clauses), Added("Hills"), places(case, tmp_path / "offers.jsonl"))[0]
    assert [(c.text, c.strength, c.weight) for c in one.clauses] == [
        (c.text, c.strength, c.weight) for c in other.clauses
    ]
    assert [c.id for c in one.clauses] == ["round-1/a", "round-1/2"]
    with pytest.raises(InputError, match="DET504"):
        from_case(case, "nothing")
    with pytest.raises(InputError, match="must"):
        from_texts(["water by 2031"])


def test_a_place_that_cannot_be_written_to_is_told(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DET508"):
        add(case, tmp_path / "no-such-folder" / "offers.jsonl")
    with pytest.raises(InputError, match="DET002"):
        add(case, tmp_path)


def test_a_shipped_overlay_has_the_record_of_its_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert places(load_case("dprk-2019/factions")) == places(load_case("dprk-2019"))
    assert recorded(load_case("dprk-2019/factions")).source == "dprk-2019/rounds.jsonl"


def test_the_shipped_record_is_in_order() -> None:
    case = load_case("dprk-2019")
    record = recorded(case)
    assert {r.by for r in record.rounds} == {"US", "DPRK", "ROK"}
    texts: dict[str, set[tuple[str, str]]] = {}
    for c in case.resolved.clauses:
        texts.setdefault(c.of, set()).add((c.strength, c.text))
    for r in record.rounds:
        assert {(c.strength, c.text) for c in r.clauses} == texts[r.of], "offers are those of the case"
        assert r.sources
