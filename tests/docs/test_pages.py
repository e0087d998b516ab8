"""README and pages: every command shown is run, and what it prints is what is shown; links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import command_line
from tests.docs.pages import ROOT, commands, first_missing, run_page, steps

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
KINDS = {"tutorial", "how-to", "reference", "discussion"}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "reference" not in page.parts and any(True for _ in steps(page))], ids=_named
)
def test_what_is_shown_is_what_happens(page: Path, tmp_path: Path) -> None:
    run_page(page, tmp_path)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=_named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), f"{target} is not there"


def test_every_page_is_of_one_kind_and_in_the_list() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in PAGES[1:]:
        path = page.relative_to(ROOT / "docs")
        if path.name != "README.md":
            assert path.parts[0] in KINDS
            assert f"({path})" in index, f"docs/README.md does not lead to {path}"


def test_the_reference_of_the_command_line_is_in_step() -> None:
    """`make reference` writes it anew."""
    assert command_line.PAGE.read_text(encoding="utf-8") == command_line.page(), "out of date: make reference"


def test_lines_are_looked_for_in_order() -> None:
    printed = "one\ntwo\nthree\nfour\n"
    assert first_missing(["one", "two"], printed) is None
    assert first_missing(["...", "two", "...", "four"], printed) is None
    assert first_missing(["two"], printed) == "two"
    assert first_missing(["one", "three"], printed) == "three"
    assert first_missing(["...", "three", "two"], printed) == "two"


def test_commands_are_told_from_output() -> None:
    shown = commands("$ detente cases\ntwo-steps\n$ echo $?\n0\n")
    assert [(one.command, one.lines) for one in shown] == [("detente cases", ("two-steps",)), ("echo $?", ("0",))]
