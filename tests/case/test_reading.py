"""Files that cannot be cases: each is refused with its own code, and says where."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from detente.case.load import load_case
from detente.case.read import MAX_BYTES
from detente.errors import Diagnostic, InputError
from tests.case.wrong import RIGHT


def first(path: Path | str) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        load_case(path)
    return caught.value.diagnostics[0]


def written(tmp_path: Path, data: bytes, name: str = "c.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "DET006", ""),
        (b"\xef\xbb\xbf \n", "DET006", ""),
        (b"a\x00b", "DET004", ""),
        (b"%PDF-1.7 \xff", "DET004", ""),
        (b"PK\x03\x04rest", "DET004", ""),
        (b"detente: 1\ntitle: \x07", "DET004", ":2:8"),
        (b"detente: 1\ntitle: caf\xe9", "DET005", ":2:11"),
        ("detente: 1".encode("utf-16"), "DET005", ":1:1"),
        (b"a: &a [1]\n" + b"b: [*a, *nothing]", "DET007", ":2:9"),
        (b"x: &x [*x]", "DET007", ":1:8"),
        (b'{"a": 1,}', "DET016", ":1:9"),
        (b'{"a": NaN', "DET016", ":1:10"),
        (b'{"a": 1, "a": 2}', "DET013", ":1:10"),
        (b"[" * 100, "DET012", ":1:42"),
        (b"a: " + b"{b: " * 100, "DET012", ":1:160"),
        (b"- 1\n- 2\n", "DET018", ":1:1"),
        (b"just words", "DET018", ":1:1"),
        (b'{"format": "detente/resolved-case/2"}', "DET018", ":1:12"),
    ],
)
def test_refused(data: bytes, code: str, place: str, tmp_path: Path) -> None:
    d = first(written(tmp_path, data))
    assert d.code == code, d
    if place:
        assert str(d.where).endswith("c.yaml" + place), d


def test_the_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    d = first(written(tmp_path, b"detente: 1\ntitle: caf\xe9"))
    assert "is not UTF-8: byte 21 (0xe9) is not part of any character" in d.problem


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    d = first(path)
    assert (d.code, d.problem) == ("DET003", f"{path} has 50.0 MB; at most {MAX_BYTES / 1e6:.0f} MB are read")


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    names = "abcdefghij"
    bomb = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(names)
    )
    assert first(written(tmp_path, bomb.encode())).code == "DET011"


def test_many_aliases_are_refused(tmp_path: Path) -> None:
    text = "a: &a 1\nb: [" + ", ".join(["*a"] * 201) + "]\n"
    assert first(written(tmp_path, text.encode())).code == "DET011"


def test_no_file_folder_and_special_files(tmp_path: Path) -> None:
    written(tmp_path, b"x", "treaty.yaml")
    missing = first(tmp_path / "tretay.yaml")
    assert (missing.code, missing.fix) == ("DET001", 'did you mean "treaty.yaml"?')
    assert first(tmp_path).code == "DET002"
    assert first(os.devnull).code == "DET002"
    assert first("dprk").code == "DET020"
    assert 'did you mean "dprk-2019"?' in first("dprk").fix


def test_words_that_look_like_truth_or_time_stay_words(tmp_path: Path) -> None:
    text = RIGHT.replace("A document", "NO").replace("{unit: points}", "{unit: 12:30}")
    case = load_case(written(tmp_path, text.encode()))
    assert case.document is not None
    assert case.document.sources["s"].title == "NO"
    assert case.document.attributes["points"].unit == "12:30"


def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path) -> None:
    plain = load_case(written(tmp_path, RIGHT.encode())).resolved
    assert load_case(written(tmp_path, b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())).resolved == plain


def test_overlays_and_settings(tmp_path: Path) -> None:
    case = written(tmp_path, RIGHT.encode())
    over = written(tmp_path, b"detente: 1\noverlay: true\nby: somebody\nparties: {US: {exit_cost: 3}}\n", "over.yaml")
    resolved = load_case(case, [over], ["weight.US.points=2", "party.DPRK.lag=3", "discount=0.5"]).resolved
    assert str(resolved.parties["US"].exit_cost) == "3"
    assert str(resolved.measures["declare"].value["US"].flow[0]) == "2"
    assert resolved.parties["DPRK"].response_lag == 3
    assert str(resolved.discount) == "0.5"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("weight.US.points", "DET021"),
        ("weight.USA.points=1", "DET022"),
        ("partys.US.lag=1", "DET022"),
        ("measure.declare.takes.x=1", "DET022"),
        ("measures.new.takes=1", "DET022"),
        ("party.US.lga=1", "DET101"),
        ("discount=2", "DET204"),
        ("discount=[", "DET007"),
        ("=1", "DET021"),
        ("red_lines.r9.must=a", "DET022"),
    ],
)
def test_wrong_settings(setting: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_case(written(tmp_path, RIGHT.encode()), settings=[setting])
    assert caught.value.diagnostics[0].code == code
    assert "--set" in str(caught.value) or code == "DET021"


def test_an_error_in_an_overlay_points_at_the_overlay(tmp_path: Path) -> None:
    case = written(tmp_path, RIGHT.encode())
    over = written(tmp_path, b"overlay: true\nred_lines: [{id: r1, must: declare by 2030}]\n", "over.yaml")
    with pytest.raises(InputError) as caught:
        load_case(case, [over])
    assert str(caught.value.diagnostics[0].where).endswith("over.yaml:2:28")


def test_a_mapping_is_a_case_too() -> None:
    data = {
        "detente": 1, "period": "year", "periods": 2, "start": 2030, "discount": 0.1,
        "parties": {"A": {}}, "measures": {"a": {"by": "A", "takes": 0, "undo": "never"}},
    }  # fmt: skip
    assert str(load_case(data).resolved.discount) == "0.1"
    data["discount"] = float("nan")
    with pytest.raises(InputError, match="DET106"):
        load_case(data)
