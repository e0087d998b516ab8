"""Spreading work over processes behind one interface: an Executor's ``map``, whose results come in order."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any


class InTurn(Executor):
    """Does everything itself, one thing after the other, each when its result is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(
        self, fn: Callable[..., Any], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1
    ) -> Iterator[Any]:
        """Each result when it is asked for."""
        return map(fn, *iterables)


@contextmanager
def spread(workers: int) -> Iterator[Executor]:
    """An executor with so many processes (one: none besides this); an interrupt ends them at once."""
    if workers <= 1:
        yield InTurn()
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _ignore_interrupts)
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _ignore_interrupts() -> None:
    """Workers leave an interrupt from the keyboard to the process that started them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
