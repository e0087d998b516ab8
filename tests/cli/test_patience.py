"""Nothing is said of what is quick; of the rest what is being done, on standard error."""

from __future__ import annotations

import time

import pytest

from detente.cli import patience
from detente.cli.main import run

Capture = pytest.CaptureFixture[str]


def test_what_is_quick_says_nothing(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn"]) == 0
    assert capsys.readouterr().err == ""


def test_what_takes_long_says_what_it_does(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SILENT", 0.01)
    monkeypatch.setattr(patience, "EVERY", {True: 0.01, False: 0.01})
    with patience.Patience("judging") as tell:
        time.sleep(0.1)
        tell("seeking a cure for Hills: other dates")
        time.sleep(0.1)
    told = capsys.readouterr()
    assert told.out == ""
    assert "judging, 0 s\n" in told.err
    assert "seeking a cure for Hills: other dates, 0 s\n" in told.err
