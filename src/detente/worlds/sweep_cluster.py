"""A Dask cluster as an executor: the one module that knows Dask.

Dask runs whatever code it is sent and has no login of its own: a scheduler should listen on loopback, or be reached
through TLS.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from detente.errors import Diagnostic, InputError, MissingExtra

PATIENCE = 10
"""Seconds that a scheduler may take to answer."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of the scheduler at an address such as ``tcp://127.0.0.1:8786``."""
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra(
            "a cluster is reached by Dask, and distributed is not installed\n"
            "  fix: install the extra: pip install 'detente[sweep]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions of what is not used here
            client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            [
                Diagnostic(
                    "DET784",
                    f"no Dask scheduler answers at {address}",
                    why=str(error).split("\n")[0][:200],
                    fix="start one (dask scheduler --host 127.0.0.1) and name its address, as tcp://127.0.0.1:8786",
                )
            ]
        ) from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()
