"""Every command and option says what it is for; importing the package brings in nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import detente
from tests.docs.command_line import commands

HEAVY = ("numpy", "highspy", "pydantic", "ruamel", "vl_convert", "typst", "detente.audit.judge", "detente.plan.planner")
COMMANDS = commands()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert command.help.endswith("."), f"{name}: help is a sentence"
    for one in command.params:
        assert one.help, f"{name}: {one.name} has no help"
        assert one.help.endswith("."), f"{name}: help of {one.name} is a sentence"


def _imported(code: str) -> set[str]:
    told = f"{code}\nimport sys; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(detente.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert not _imported("import detente") & set(HEAVY)
