"""The one place that knows the compiler.

What it makes is kept for the next time, in a folder named by a hash of all files that are compiled, here and elsewhere:
code of one file is compiled into that of others, so machine code must not outlive a change in any of them. Several
programs may write there at once: every function has one signature, so whoever writes last writes the same.

Compiling takes long, so it is kept small. An :func:`entry` takes and fills arrays that Python has made; all else is a
:func:`part` of it, which has no way in from Python. Neither makes arrays, so neither counts who holds them: that
counting would be most of the code and most of the time. Whatever numpy does inside is one more function to compile; a
loop is not.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
HERE = Path(__file__).parent
SETTINGS: Any = numba.config


def compiled(function: F) -> F:
    """The function as machine code, compiled on first use and kept. It may make arrays and hand them on.

    It holds no lock while it runs, so several threads can work on different worlds.
    """
    return _kept(function, counts=True, callable_=True)


def shared(function: F) -> F:
    """The same for what is called by compiled functions of all kinds only."""
    return _kept(function, counts=True, callable_=False)


def inlined(function: F) -> F:
    """The same for small functions called in inner loops: their code is put where they are called."""
    return _kept(function, counts=True, callable_=False, forceinline=True)


def entry(function: F) -> F:
    """The function as machine code, for what is called from Python, makes no arrays and returns nothing."""
    return _kept(function, counts=False, callable_=True)


def part(function: F) -> F:
    """The same for what is called by entries and their parts only; others may call it if it returns no array."""
    return _kept(function, counts=False, callable_=False)


def inner(function: F) -> F:
    """A part whose code is put where it is called."""
    return _kept(function, counts=False, callable_=False, forceinline=True)


def _kept(function: F, *, counts: bool, callable_: bool, forceinline: bool = False) -> F:
    """``counts``: who holds which array (said of every function: numba has it inherited by what is called otherwise);
    ``callable_``: from Python."""
    before, at, njit = SETTINGS.CACHE_DIR, folder(), cast(Any, numba.njit)
    SETTINGS.CACHE_DIR = str(at or "")
    try:
        made = njit(
            cache=at is not None,
            error_model="numpy",
            nogil=True,
            forceinline=forceinline,
            _nrt=counts,
            no_cpython_wrapper=not callable_,
            no_cfunc_wrapper=True,
        )(function)
    finally:
        SETTINGS.CACHE_DIR = before
    return cast(F, made)


@cache
def folder() -> Path | None:
    """Where machine code is kept: where the user's settings say, else beside the source, else in the user's cache, else
    among temporary files; None if nothing can be written anywhere, and it is made anew in each run."""
    package = (path.read_bytes() for path in sorted(HERE.parents[1].rglob("*.py")))
    sources = b"".join(text for text in package if b"many.compiled import" in text or b"import numba" in text)
    name = f"detente-{hashlib.sha256(sources).hexdigest()[:16]}"
    return next((place / name for place in _places() if _writable(place / name)), None)


def _places() -> Iterator[Path]:
    if SETTINGS.CACHE_DIR:
        yield Path(SETTINGS.CACHE_DIR)
    yield HERE / "__pycache__"
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "detente"
    yield Path(tempfile.gettempdir()) / f"detente-{_user()}"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _writable(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return not hasattr(os, "getuid") or place.stat().st_uid == os.getuid()
    except OSError:
        return False


def translated(function: Callable[..., object]) -> bool:
    """Whether machine code of a compiled function is at hand, from this run or from an earlier one."""
    known: Any = function
    source, at = Path(known.py_func.__code__.co_filename), folder()
    kept = at is not None and any(at.rglob(f"{source.stem}.{known.py_func.__qualname__}-*.nbi"))
    return bool(known.signatures) or kept
