"""Spreading work over processes behind one interface: an Executor's ``map``, whose results come in order; and over
threads, for compiled work that holds no lock."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


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


class _Apart(Executor):
    """Does one thing after the other in a thread of its own, for which nobody waits when the program ends."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it when everything asked for before is done."""
        future: Future[Any] = Future()
        self._asked.put((future, partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            future, work = asked
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)


@contextmanager
def apart() -> Iterator[Executor]:
    """One worker within this process that leaves the main thread free to hear an interrupt.

    Compiled code must not hear one: where an exception is raised as it returns, the program dies.
    """
    worker = _Apart()
    try:
        yield worker
    finally:
        worker.shutdown()


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


def in_threads(work: Callable[[A], B], given: Iterable[A], workers: int) -> Generator[B, None, None]:
    """What comes of the work, in the order of what is given; no more of it is under way or waits to be taken than there
    are threads, and one. Closing it waits for what is under way."""
    with ThreadPoolExecutor(workers) as pool:
        begun: deque[Future[B]] = deque()
        try:
            for one in given:
                begun.append(pool.submit(work, one))
                if len(begun) > workers:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()
