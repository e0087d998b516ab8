"""One number in many worlds at once.

The resolver (:mod:`detente.case.resolve`) computes with decimals. Given such columns of numbers instead of single
ones, the same code resolves many worlds in one pass: in floats, so a column may be off by a few parts in 10^16 where
a resolved case would be exact to its 12 digits.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def _floats(x: Many | Decimal | int) -> Floats | float:
    return x.values if isinstance(x, Many) else float(x)


class Many:
    """A number by world: ``values`` (w,). It adds, multiplies and takes powers as decimals do, world by world."""

    __slots__ = ("values",)

    def __init__(self, values: Floats) -> None:
        self.values = values

    def __add__(self, other: Many | Decimal | int) -> Many:
        return Many(self.values + _floats(other))

    __radd__ = __add__

    def __sub__(self, other: Many | Decimal | int) -> Many:
        return Many(self.values - _floats(other))

    def __rsub__(self, other: Decimal | int) -> Many:
        return Many(_floats(other) - self.values)

    def __mul__(self, other: Many | Decimal | int) -> Many:
        return Many(self.values * _floats(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Many | Decimal | int) -> Many:
        return Many(self.values / _floats(other))

    def __pow__(self, other: Decimal | int) -> Many:
        return Many(self.values ** float(other))

    def __neg__(self) -> Many:
        return Many(-self.values)

    def __bool__(self) -> bool:
        """Whether it is anything but 0 in any world."""
        return bool(self.values.any())
