"""For all tests: Hypothesis draws the same examples in every run, more of them where DETENTE_DEPTH asks for depth."""

from __future__ import annotations

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
