"""Boxes: what is there is found, what is not is not told, figures are of worlds that had no part in the search."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.results.boxes import Box, Boxes
from detente.worlds.boxes import boxes
from detente.worlds.columns import Column
from tests.depth import examples

Floats = npt.NDArray[np.float64]
KINDS = ("sincere", "buys time", "hides")


def drawn(seed: int, n: int, wide: int) -> tuple[Floats, list[Column]]:
    """``wide`` numbers uniform in (0, 1), and a type."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.random((n, wide)), rng.choice(3, n, p=[0.5, 0.35, 0.15])])
    return x, [*(Column(f"x{c}", f"number {c}", "points") for c in range(wide)), Column("kind", levels=KINDS)]


def happening(inside: npt.NDArray[np.bool_], seed: int, often: float = 0.85, else_: float = 0.1) -> Floats:
    chance = np.where(inside, often, else_)
    return (np.random.default_rng(seed + 10**6).random(len(inside)) < chance).astype(float)


def within(x: Floats, columns: list[Column], box: Box) -> npt.NDArray[np.bool_]:
    place = {c.path: n for n, c in enumerate(columns)}
    held = np.ones(len(x), dtype=bool)
    for s in box.sides:
        own = x[:, place[s.path]]
        if s.levels:
            held &= np.isin(own, [columns[place[s.path]].levels.index(k) for k in s.levels])
        if s.above is not None:
            held &= own > s.above
        if s.upto is not None:
            held &= own <= s.upto
    return held


def test_a_box_of_two_numbers_among_many_is_found() -> None:
    x, columns = drawn(1, 6000, 60)
    found = boxes(x, happening((x[:, 7] > 0.72) & (x[:, 30] < 0.3), 1), columns)
    (box,) = found.boxes
    sides = {s.path: s for s in box.sides}
    assert set(sides) == {"x7", "x30"}
    assert sides["x7"].above == pytest.approx(0.72, abs=0.03)
    assert sides["x30"].upto == pytest.approx(0.3, abs=0.03)
    assert sides["x7"].upto is sides["x30"].above is None
    assert box.density.low <= 0.85 + 0.02
    assert box.density.high >= 0.8
    assert box.mass.value == pytest.approx(0.084, abs=0.02)
    assert (sides["x7"].name, sides["x7"].unit) == ("number 7", "points")


def test_a_range_in_the_middle_and_a_kind_are_found_one_after_the_other() -> None:
    x, columns = drawn(2, 6000, 10)
    found = boxes(x, happening(((x[:, 3] > 0.3) & (x[:, 3] < 0.6)) | (x[:, -1] == 2), 2), columns)
    told = {tuple((s.path, s.levels) for s in b.sides): b for b in found.boxes}
    assert set(told) == {(("x3", ()),), (("kind", ("hides",)),)}
    (side,) = told[(("x3", ()),)].sides
    assert (side.above, side.upto) == (pytest.approx(0.3, abs=0.02), pytest.approx(0.6, abs=0.02))
    assert found.together > 0.8


def test_two_kinds_of_three() -> None:
    x, columns = drawn(3, 3000, 4)
    (box,) = boxes(x, happening(x[:, -1] < 2, 3), columns).boxes
    assert [(s.path, s.levels) for s in box.sides] == [("kind", ("sincere", "buys time"))]


def test_noise_gives_no_box() -> None:
    told = 0
    for seed in range(examples(20)):
        x, columns = drawn(seed, 1000, 40)
        told += bool(boxes(x, happening(np.zeros(1000, dtype=bool), seed, else_=0.3), columns).boxes)
    assert told <= examples(20) // 20


def test_a_box_found_by_chance_does_not_stand_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """With any side taken for real, boxes are found in noise; the other half of the worlds turns nearly all down."""
    monkeypatch.setattr("detente.worlds.boxes._clear", lambda *_: True)
    failed = 0
    for seed in range(6):
        x, columns = drawn(seed, 600, 20)
        failed += boxes(x, happening(np.zeros(600, dtype=bool), seed, else_=0.3), columns).failed
    assert failed >= 5


def test_figures_are_right_on_fresh_worlds() -> None:
    """The intervals hold what is true of the box, computed from a large fresh sample."""
    held = []
    for seed in range(examples(8)):
        x, columns = drawn(seed, 2000, 10)
        (box, *_) = boxes(x, happening((x[:, 0] > 0.5) & (x[:, 1] > 0.4), seed), columns).boxes
        fresh, _ = drawn(seed + 500, 50_000, 10)
        y = happening((fresh[:, 0] > 0.5) & (fresh[:, 1] > 0.4), seed + 500)
        inside = within(fresh, columns, box)
        for told, true in (
            (box.density, y[inside].mean()), (box.mass, inside.mean()), (box.coverage, inside[y > 0].mean()),
        ):  # fmt: skip
            held.append(told.low - 0.005 <= true <= told.high + 0.005)
    assert np.mean(held) > 0.85


def test_what_always_or_never_happens_has_no_box() -> None:
    x, columns = drawn(1, 200, 3)
    for y in (np.zeros(200), np.ones(200)):
        assert boxes(x, y, columns).boxes == ()
    assert boxes(x[:0], np.zeros(0), columns) == Boxes((), 0, 0, 0.0, 0.0, False)


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 400), st.booleans())
def test_rows_may_come_in_any_order_and_numbers_that_repeat(seed: int, n: int, ties: bool) -> None:
    x, columns = drawn(seed, n, 3)
    x = np.round(x, 1) if ties else x
    y = happening(x[:, 0] > 0.5, seed)
    found = boxes(x, y, columns)
    rows = np.random.default_rng(seed).permutation(n)
    assert boxes(x[rows], y[rows], columns) == found
    assert all(0 < len(b.sides) <= 3 and b.chance < 0.01 for b in found.boxes)
    assert all(
        (x[:, 0] > s.above).any() for b in found.boxes for s in b.sides if s.path == "x0" and s.above is not None
    )
