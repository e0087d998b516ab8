"""How an uncertain number is spread over its range: the quantile functions of its possible shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

Shape = Literal["triangular", "pert", "uniform"]
SHAPES: tuple[Shape, ...] = ("triangular", "pert", "uniform")
Floats = npt.NDArray[np.float64]


def triangular(low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """The quantile ``u`` of the density that rises in a line from ``low`` to ``mode`` and falls in a line to ``high``.

    F(x) = (x - low)² / ((high - low)(mode - low)) up to the mode, 1 - (high - x)² / ((high - low)(high - mode)) after.
    """
    width = high - low
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, left, right)


def pert(low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """The quantile ``u`` of low + (high - low)·Beta(1 + 4(mode - low)/(high - low), 1 + 4(high - mode)/(high - low)).

    Its mean is (low + 4·mode + high)/6.
    """
    from scipy.special import betaincinv

    width = high - low
    beta: Floats = betaincinv(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, u)
    return low + width * beta


def uniform(low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """The quantile ``u`` where every value of the range is as likely as any other, whatever the central one."""
    return low + (high - low) * u


QUANTILES: Mapping[Shape, Callable[[Floats, Floats, Floats, Floats], Floats]] = {
    "triangular": triangular,
    "pert": pert,
    "uniform": uniform,
}


def drawn(shapes: npt.NDArray[np.str_], low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """Quantiles ``u`` (world, column) of columns with a shape and a range each; constant where low and high agree."""
    values = np.broadcast_to(mode, u.shape).copy()
    for shape, quantile in QUANTILES.items():
        c = (shapes == shape) & (low < high)
        if c.any():
            values[:, c] = np.clip(quantile(low[c], mode[c], high[c], u[:, c]), low[c], high[c])
    return values
