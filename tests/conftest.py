"""For all tests: how many examples Hypothesis draws, the same in every run, and what is run first."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.depth import examples

settings.register_profile(
    "detente",
    max_examples=examples(100),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("detente")

COMPILED = ("worlds", "incentives")
"""Rooms whose tests need machine code, which takes long to make."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with tests that need machine code: of two workers one then makes it, and the other finds it made."""
    items.sort(key=lambda item: item.path.parent.name not in COMPILED)
