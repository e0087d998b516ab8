"""The one place that knows the compiler.

What it makes is kept for the next time, in a folder named by a hash of all files that are compiled, here and elsewhere:
code of one file is compiled into that of others, so machine code must not outlive a change in any of them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
HERE = Path(__file__).parent
SETTINGS: Any = numba.config


def compiled(function: F) -> F:
    """The function as machine code, compiled on first use and kept.

    It holds no lock while it runs, so several threads can work on different worlds.
    """
    return _kept(function, forceinline=False)


def inlined(function: F) -> F:
    """The same for small functions called in inner loops: their code is put where they are called."""
    return _kept(function, forceinline=True)


def _kept(function: F, *, forceinline: bool) -> F:
    before = SETTINGS.CACHE_DIR
    SETTINGS.CACHE_DIR = str(folder())
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=forceinline)(function)
    finally:
        SETTINGS.CACHE_DIR = before
    return cast(F, made)


@cache
def folder() -> Path:
    """Where machine code is kept: where the user's settings say, else beside the source, else in the user's cache."""
    package = (path.read_bytes() for path in sorted(HERE.parents[1].rglob("*.py")))
    sources = b"".join(text for text in package if b"many.compiled import" in text or b"import numba" in text)
    name = f"detente-{hashlib.sha256(sources).hexdigest()[:16]}"
    if SETTINGS.CACHE_DIR:
        return Path(SETTINGS.CACHE_DIR) / name
    beside = HERE / "__pycache__"
    if os.access(beside if beside.exists() else HERE, os.W_OK):
        return beside / name
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "detente" / name


def translated(function: Callable[..., object]) -> bool:
    """Whether machine code of a compiled function is at hand, from this run or from an earlier one."""
    known: Any = function
    source = Path(known.py_func.__code__.co_filename)
    return bool(known.signatures) or any(folder().rglob(f"{source.stem}.{known.py_func.__qualname__}-*.nbi"))
