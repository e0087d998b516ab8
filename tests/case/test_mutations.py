"""Whatever happens to a case file, the answer is a case or a list of problems, never a traceback."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

import pytest

from detente.case.interchange import resolved_to_dict
from detente.case.load import case_from_tree, load_case
from detente.case.read import decode, read_text, shipped, tree_of
from detente.case.template import template
from detente.errors import Diagnostic, InputError
from tests.case.mutants import damaged_data, damaged_text
from tests.case.wrong import RIGHT

QUICK, DEEP = range(10), range(10, 110)
EACH = 100
"""Mutants a seed: 10^3 by default, 10^4 with ``-m deep``."""


@cache
def texts() -> tuple[bytes, ...]:
    """The files that are damaged."""
    resolved = json.dumps(resolved_to_dict(load_case("two-steps").resolved), indent=1)
    shown = (RIGHT, template("treaty", "treaty.yaml"), read_text(shipped()["two-steps"]), resolved)
    return tuple(t.encode() for t in shown)


@cache
def mappings() -> tuple[Any, ...]:
    """The mappings that are damaged."""
    return tuple(tree_of(decode(t, "case"), "case").data for t in texts())


def judge(damaged: bytes | dict[str, Any]) -> None:
    """Load and resolve; every problem must read as a sentence and carry a code."""
    found: tuple[Diagnostic, ...] = ()
    try:
        if isinstance(damaged, bytes):
            case = case_from_tree(tree_of(decode(damaged, "case.yaml"), "case.yaml"), "case")
        else:
            case = load_case(damaged)
        json.dumps(resolved_to_dict(case.resolved))
    except InputError as error:
        found = error.diagnostics
    assert all(d.code.startswith("DET") and d.problem for d in found)


def run(seed: int) -> None:
    rng = random.Random(seed)
    for n in range(EACH):
        judge(damaged_text(rng.choice(texts()), rng) if n % 2 else damaged_data(rng.choice(mappings()), rng))


@pytest.mark.parametrize("seed", QUICK)
def test_damaged_cases_never_give_a_traceback(seed: int) -> None:
    run(seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP)
def test_ten_thousand_damaged_cases_never_give_a_traceback(seed: int) -> None:
    run(seed)


def test_the_shipped_case_with_single_changes() -> None:
    text = read_text(shipped()["dprk-2019"]).encode()
    for seed in range(8):
        judge(damaged_text(text, random.Random(seed)))
