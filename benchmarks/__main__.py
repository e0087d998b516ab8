"""Prints the figures: `python -m benchmarks [NAME ...]`, each in a process of its own so that its memory is its own."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from benchmarks.measures import BENCHMARKS, run


def main() -> None:
    """Print all, or those named."""
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    context = multiprocessing.get_context("spawn")
    for name in names:
        with ProcessPoolExecutor(1, mp_context=context) as alone:
            for what, figure, aim in alone.submit(run, name).result():
                print(f"{what:<58} {figure:>26}   {aim}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
