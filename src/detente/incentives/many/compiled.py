"""The one place that knows the compiler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function as machine code, compiled on first use and kept beside the source (or in the user's cache).

    It holds no lock while it runs, so several threads can work on different worlds.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """The same for small functions called in inner loops: their code is put where they are called."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))


def translated(function: Callable[..., object]) -> bool:
    """Whether machine code of a compiled function is at hand, from this run or from an earlier one."""
    known: Any = function
    if known.signatures:
        return True
    source = Path(known.py_func.__code__.co_filename)
    kept = Path(known.stats.cache_path).glob(f"{source.stem}.{known.py_func.__qualname__}-*.nbi")
    return any(file.stat().st_mtime >= source.stat().st_mtime for file in kept)
