"""The commands on cases: what they print, where, and how they exit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from detente import __version__
from detente.cli import main as door
from detente.cli.main import run
from detente.errors import Interrupted, MissingExtra
from tests.case.wrong import RIGHT, wrong_text


@pytest.fixture
def treaty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("treaty.yaml").write_text(RIGHT, encoding="utf-8")
    return "treaty.yaml"


def test_a_case_in_order(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", treaty]) == 0
    told = capsys.readouterr()
    assert told.out == ("treaty.yaml is in order: 2 parties, 4 measures, 1 milestone, 1 clause, 1 road map\n")
    assert told.err == ""


def test_a_case_with_a_mistake(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(treaty).write_text(wrong_text("DET204"), encoding="utf-8")
    assert run(["check", treaty]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "error[DET204]: discount is 1.2; it must lie strictly between 0 and 1\n"
        "  --> treaty.yaml:5:11\n"
        "  why: at 1 or above the discounted sums need not converge; at 0 or below the future does not count\n"
        "  fix: give a value such as 0.97, or 0.88 a year\n\n"
    )


def test_warnings_are_told_and_nothing_fails(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", treaty, "--set", "party.DPRK.lag=1 month"]) == 0
    assert capsys.readouterr().err == (
        'warning[DET601]: --set party.DPRK.lag=1 month: lag of party "DPRK": "1 month" counts as 1 quarter\n'
    )


def test_numbers_without_sources(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", treaty, "--sources"]) == 0
    out = capsys.readouterr().out
    assert 'treaty.yaml:5:11: discount = "0.9"' in out
    assert 'treaty.yaml:11:26: weights.points of party "US" = "1"' in out
    assert "declare" not in out.split("\n", 1)[1]


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--explain", "DET204"]) == 0
    assert capsys.readouterr().out.startswith("DET204: A discount factor outside 0 to 1\n")
    assert run(["check", "--explain", "DET998"]) == 2
    assert run(["check"]) == 2


def test_show_prints_only_json_where_asked(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", treaty, "--json", "--set", "weight.US.points=3"]) == 0
    told = capsys.readouterr()
    data = json.loads(told.out)
    assert data["format"] == "detente/resolved-case/1"
    assert data["measures"]["declare"]["value"]["US"]["flow"] == "3"
    assert told.err == ""


def test_show_prints_tables(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", treaty]) == 0
    out = capsys.readouterr().out
    for word in ("Parties", "Measures", "Values", "Clauses", "Road maps", "declare by 2020-Q1", "2019-Q4"):
        assert word in out
    assert "…" not in out


def test_an_overlay(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("second.yaml").write_text("overlay: true\nparties: {US: {exit_cost: 7}}\n", encoding="utf-8")
    assert run(["show", treaty, "--json", "--overlay", "second.yaml"]) == 0
    assert json.loads(capsys.readouterr().out)["parties"]["US"]["exit_cost"] == "7"
    assert run(["check", "second.yaml"]) == 2
    assert "DET023" in capsys.readouterr().err


def test_new_writes_a_case_that_passes_and_never_overwrites(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "peace"]) == 0
    assert capsys.readouterr().out == "wrote peace.yaml; next: detente check peace.yaml\n"
    assert run(["check", "peace.yaml"]) == 0
    assert run(["new", "peace"]) == 2
    assert "error[DET024]: peace.yaml exists already" in capsys.readouterr().err
    assert run(["new", "no/such/folder/peace"]) == 2


def test_cases_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cases"]) == 0
    out = capsys.readouterr().out
    assert "dprk-2019  " in out
    assert "dprk-2019/factions  " in out
    assert "two-steps" in out
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["periods"]["type"] == "integer"


def test_resolved_json_is_a_case_too(treaty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", treaty, "--json"]) == 0
    Path("r.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert run(["check", "r.json", "--sources"]) == 0
    assert run(["show", "r.json", "--set", "party.DPRK.response_lag=0"]) == 2
    assert "DET207" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (RuntimeError("lost"), 70, "internal error: RuntimeError: lost\n  why: this is a fault of the program"),
        (RecursionError(), 70, "internal error: RecursionError\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing is certified\n"),
        (Interrupted("stopped before any road map was certified"), 130, "error: stopped before"),
        (MissingExtra("install it with pip install x"), 2, "error: install it with pip install x\n"),
    ],
)
def test_every_exception_becomes_a_message_and_a_status(
    error: BaseException, status: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("detente.cli.case_commands.cases", fail)
    monkeypatch.delenv("DETENTE_DEBUG", raising=False)
    assert run(["cases"]) == status
    err = capsys.readouterr().err
    assert err.startswith(told)
    assert "Traceback" not in err
    if status == 70:
        monkeypatch.setenv("DETENTE_DEBUG", "1")
        assert run(["cases"]) == 70
        assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "No such command 'chekc'"),
        (["check", "--st", "x"], "No such option: --st"),
        (["show"], "Missing argument 'CASE'"),
    ],
)
def test_a_command_line_that_is_not_understood(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"error: {told}")
    assert "--help shows what it takes" in err


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    app = door.build_app()
    for command in app.registered_commands:
        assert command.help, command.name
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"detente {__version__}\n"


def test_python_dash_m() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", "check", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith('error[DET020]: "nowhere" is neither a file nor a shipped case')


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from detente.cli.main import run; run(['check', '--help']); "
        "heavy = {'numpy', 'highspy', 'ruamel.yaml', 'typst', 'vl_convert'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
