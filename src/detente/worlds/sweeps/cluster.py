"""A Dask cluster as an executor: the one module that knows Dask.

Dask runs whatever code it is sent and has no login of its own: a scheduler should listen on loopback, or be reached
through TLS.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from detente.errors import Diagnostic, InputError, MissingExtra

PATIENCE = 10
"""Seconds that a scheduler may take to answer."""


_SAFE = ("tls", "wss", "inproc")
"""Kinds of connection that are encrypted, or lead nowhere else; without any, Dask takes TCP."""


def exposed(address: str) -> Diagnostic | None:
    """What to say of the scheduler at an address that lies beyond this machine and is not reached through TLS."""
    scheme, _, place = address.strip().rpartition("://")
    if scheme in _SAFE or _is_here(place):
        return None
    return Diagnostic(
        "DET609",
        f"what is sent to {address}, the whole case with it, is not encrypted",
        why="who listens on the way can read it, and who reaches the scheduler can run programs on its workers",
        fix="set up TLS in Dask and name a tls:// address, or reach a scheduler on loopback through an SSH tunnel",
        severity="warning",
    )


def _is_here(place: str) -> bool:
    """Whether a host, or a host with a port, is this machine."""
    try:
        host = urlsplit(f"//{place}").hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of the scheduler at an address such as ``tcp://127.0.0.1:8786``."""
    try:
        from distributed import Client, KilledWorker
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
        raise _unusable(
            f"no Dask scheduler answers at {address}",
            str(error).split("\n")[0][:200],
            "start one (dask scheduler --host 127.0.0.1) and name its address, as tcp://127.0.0.1:8786",
        ) from None
    try:
        yield client.get_executor(pure=False)
    except CancelledError:
        raise _unusable(f"the Dask scheduler at {address} has gone", _KEPT, "start it, and run this again") from None
    except KilledWorker as error:
        told = f"the workers of {address} die of a task again and again"
        raise _unusable(told, str(error).split("\n")[0][:200], "give them more memory, and run this again") from None
    finally:
        client.close()


_KEPT = "what was finished before is kept"


def _unusable(problem: str, why: str, fix: str) -> InputError:
    return InputError([Diagnostic("DET784", problem, None, why, fix)])
