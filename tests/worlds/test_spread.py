"""Work in threads: in order, few at a time, and over once nobody takes what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from detente.worlds.spread import in_threads


def test_results_come_in_order_and_few_wait() -> None:
    """What is given first may take longest; nothing is taken up long before it is asked for."""
    given: list[int] = []

    def numbers() -> Iterator[int]:
        for n in range(20):
            given.append(n)
            yield n

    second = threading.Event()

    def work(n: int) -> int:
        if n == 0:
            assert second.wait(20)
        if n == 1:
            second.set()
        return n

    taken = []
    for n in in_threads(work, numbers(), 3):
        taken.append(n)
        assert len(given) - len(taken) <= 3
    assert taken == list(range(20))


def test_once_closed_nothing_more_is_begun() -> None:
    begun: list[int] = []
    released = threading.Event()

    def work(n: int) -> int:
        begun.append(n)
        assert n == 0 or released.wait(20)
        return n

    found = in_threads(work, range(20), 1)
    assert next(found) == 0
    threading.Timer(0.05, released.set).start()
    found.close()
    assert begun in ([0], [0, 1])
