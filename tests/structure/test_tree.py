"""What the source tree promises: plain pins, no place on anybody's machine, no address of a registry."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente

ROOT = Path(__file__).parents[2]
LEFT_OUT = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
LEFT_OUT |= {"__pycache__", "out", "dist", "build"}
PLACES = re.compile(r"(?<![\w.~)\]])/(?:home|root|Users|work|mnt|private|var/folders)/\w")
REGISTRIES = re.compile("|".join((r"py" + r"pi\.org", r"python" + r"hosted", r"npm" + r"js\.", r"deb\.deb" + r"ian")))
ADDRESS_OPTIONS = re.compile(r"--(?:extra-)?" + r"index-url|--find-" + r"links")
WRITTEN = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".css", ".typ", ".json", ""}


def files() -> Iterator[Path]:
    """Every text file of the tree."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if path.is_file() and not LEFT_OUT & set(inside.parts) and path.suffix in WRITTEN:
            yield path


def test_no_file_names_a_place_on_a_machine_or_a_registry() -> None:
    found = []
    for path in files():
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if PLACES.search(line) or REGISTRIES.search(line) or ADDRESS_OPTIONS.search(line):
                found.append(f"{path.relative_to(ROOT)}:{n}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_pins_are_plain() -> None:
    for name, version in _pins().items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert re.fullmatch(r"[0-9][A-Za-z0-9.]*", version)


def test_everything_asked_for_is_pinned() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*told["project"]["dependencies"], *told["build-system"]["requires"]]
    for extra in told["project"]["optional-dependencies"].values():
        asked += [one for one in extra if not one.startswith("detente[")]
    pinned = {name.lower().replace("_", "-") for name in _pins()}
    for one in asked:
        name = re.match(r"[A-Za-z0-9._-]+", one)
        assert name is not None
        assert name[0].lower().replace("_", "-") in pinned, f"{one} is not pinned in constraints.txt"


def test_the_changelog_knows_this_version() -> None:
    assert f"## {detente.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_types_are_declared() -> None:
    assert (ROOT / "src" / "detente" / "py.typed").exists()


@pytest.mark.parametrize("room", sorted(p.name for p in (ROOT / "src" / "detente").iterdir() if p.is_dir()))
def test_every_room_says_what_it_is(room: str) -> None:
    """Modules open with a sentence; the shipped cases are data, without modules."""
    for path in (ROOT / "src" / "detente" / room).rglob("*.py"):
        assert room != "gallery", f"{path.name}: the gallery holds no code"
        assert path.read_text(encoding="utf-8").startswith('"""'), f"{path.relative_to(ROOT)} has no first sentence"
