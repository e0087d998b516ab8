"""Text fits its terminal, and breaks where a reader would."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.cli.main import main
from detente.report.width import NARROWEST, WIDEST, fit, lines_of, width

WORDS = st.lists(st.sampled_from(["a", "share", "of", "7 %", "0.25 %", "100 % (99 to 100 %)", "worlds"]), min_size=1)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    fit(WIDEST)


@given(WORDS, st.integers(20, 100))
def test_lines_hold_the_text_and_no_number_loses_its_sign(words: list[str], columns: int) -> None:
    lines = lines_of(" ".join(words), columns, "  ")
    assert " ".join(line.strip() for line in lines) == " ".join(words)
    assert max(map(len, lines)) <= columns
    assert not [line for line in lines if line.strip().startswith("%")]
    assert all(line.startswith("  ") for line in lines[1:])


def test_text_is_neither_wider_nor_narrower_than_can_be_read() -> None:
    assert width() == WIDEST
    for columns, taken in ((80, 80), (300, WIDEST), (10, NARROWEST)):
        fit(columns)
        assert width() == taken


@pytest.mark.parametrize("columns", [72, 100])
def test_the_command_fits_its_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "argv", ["detente", "gap", "two-steps", "plains-draft", "hills-draft"])
    monkeypatch.setattr("threading.enumerate", list)  # nobody is left to wait for
    with pytest.raises(SystemExit):
        main()
    first = capsys.readouterr().out.splitlines()[:2]
    assert columns - 15 < max(map(len, first)) <= columns
