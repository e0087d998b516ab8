"""Every code is raised by its smallest wrong case; whole messages are pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.load import Case, load_case
from detente.errors import Diagnostic, InputError
from tests.case.wrong import RIGHT, WRONG, wrong_text


def problems(text: str, tmp_path: Path) -> tuple[Diagnostic, ...]:
    """Errors and warnings of a case with this text, in a file called case.yaml."""
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        return load_case(path).warnings
    except InputError as error:
        return error.diagnostics


def told(text: str, tmp_path: Path) -> str:
    """The messages, with the folder left out of the paths."""
    return "\n\n".join(str(d) for d in problems(text, tmp_path)).replace(f"{tmp_path}/", "")


def load(text: str, tmp_path: Path) -> Case:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_case(path)


def test_the_right_case_is_right(tmp_path: Path) -> None:
    assert problems(RIGHT, tmp_path) == ()


@pytest.mark.parametrize("code", [*WRONG, "DET222"])
def test_each_code_is_raised(code: str, tmp_path: Path) -> None:
    found = problems(wrong_text(code), tmp_path)
    assert code in {d.code for d in found}, found
    for d in found:
        assert d.problem
        assert d.severity == "warning" or d.fix or d.why, d


@pytest.mark.parametrize("code", [c for c in [*WRONG, "DET222"] if not c.startswith("DET00")])
def test_a_wrong_thing_is_told_once_and_nothing_else(code: str, tmp_path: Path) -> None:
    found = problems(wrong_text(code), tmp_path)
    assert {d.code for d in found} == {code}, found


PINNED = {
    "DET204": """\
error[DET204]: discount is 1.2; it must lie strictly between 0 and 1
  --> case.yaml:5:11
  why: at 1 or above the discounted sums need not converge; at 0 or below the future does not count
  fix: give a value such as 0.97, or 0.88 a year""",
    "DET101": """\
error[DET101]: unknown key "takse" in measure "declare"
  --> case.yaml:14:23
  why: a key that is not understood would be ignored without a word
  fix: did you mean "takes"?""",
    "DET102": """\
error[DET102]: measure "declare" has no "undo"
  --> case.yaml:14:3
  why: What undoing takes: a time, "at once", {takes, cost, chance}, or never. Must be stated
  fix: add undo: …""",
    "DET201": """\
error[DET201]: measure "inspect" refers to a measure "delcare" that does not exist
  --> case.yaml:15:55
  why: a reference to nothing would be dropped without a word
  fix: did you mean "declare"?""",
    "DET203": """\
error[DET203]: prerequisites run in a circle: declare after inspect; inspect after declare
  --> case.yaml:14:54
  why: each would have to be in force before the other, so none could ever start
  fix: take out one of these steps""",
    "DET301": """\
error[DET301]: clause "r1": "declare until 2020-Q1" cannot be read: at column 9 "until" stands where "by", \
"not before" or "before" should
  --> case.yaml:25:31
  why: a clause that is not understood would be ignored
  fix: the forms are: X by t · X not before t · X before Y [by n] · never X · share of GROUP at least|at most p by t · \
value of PARTY at least v · all of GROUP before any of GROUP""",
    "DET013": """\
error[DET013]: the key "period" stands twice
  --> case.yaml:3:1
  why: only one of them can count; the first is at line 2
  fix: delete one, or merge them""",
    "DET007": """\
error[DET007]: this is not YAML: expected ',' or '}', but got '['
  --> case.yaml:11:31
  why: while parsing a flow mapping
  fix: inside { } a range needs quotes: {programme: "0.45 [0.3, 0.7]"}""",
    "DET216": """\
error[DET216]: nothing is said of the periods before 2020-Q1
  --> case.yaml:12:22
  why: no number is filled in where none was written
  fix: begin with 2019-Q2: 0, or what it is""",
    "DET106": """\
error[DET106]: value.DPRK.flow of measure "aid": ".nan" is not a finite number
  --> case.yaml:17:63
  why: sums with it mean nothing
  fix: write an ordinary number""",
    "DET601": """\
warning[DET601]: lag of party "DPRK": "1 month" counts as 1 quarter
  --> case.yaml:12:15
  why: times are whole periods: undoing is rounded to the nearest, everything else up
  fix: choose shorter periods if that matters""",
}


@pytest.mark.parametrize("code", list(PINNED))
def test_whole_messages(code: str, tmp_path: Path) -> None:
    assert told(wrong_text(code), tmp_path) == PINNED[code]


def test_every_problem_is_told_in_one_go(tmp_path: Path) -> None:
    text = RIGHT
    for code in ("DET204", "DET207", "DET302", "DET402", "DET202", "DET110"):
        old, new = WRONG[code]
        if code != "DET110":
            text = text.replace(old, new, 1)
    text = text.replace("undo: 1,", "undo: 1 mnth,")
    codes = [d.code for d in problems(text, tmp_path)]
    assert codes == ["DET204", "DET207", "DET110", "DET202", "DET302", "DET402"]


def test_places_stay_right_when_list_entries_are_malformed(tmp_path: Path) -> None:
    lines = '  - {id: 7, owner: US, must: "declare by 3"}\n  - {id: r2, owner: USA, must: "declare by 3"}\n'
    found = problems(RIGHT.replace("red_lines:\n", "red_lines:\n" + lines), tmp_path)
    assert [(d.code, str(d.where).rsplit("/", 1)[-1]) for d in found] == [
        ("DET105", "case.yaml:25:10"),
        ("DET201", "case.yaml:26:21"),
    ]


def test_a_cycle_through_replacing_and_milestones_is_shown(tmp_path: Path) -> None:
    text = RIGHT.replace("aid: {by: US, takes: 0,", "aid: {by: DPRK, takes: 0, replaces: declare, public: true,")
    text = text.replace("undo: never, public", "undo: never, after: [quiet], public").replace(
        "members: [declare, freeze], v", "members: [aid], v"
    )
    cycles = [d.problem for d in problems(text, tmp_path) if d.code == "DET203"]
    assert cycles == ["prerequisites run in a circle: aid replaces declare; declare after quiet; quiet has member aid"]
