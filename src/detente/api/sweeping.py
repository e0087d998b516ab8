"""The verb for sweeps: road maps over a design of parameters."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from detente.api.arguments import SOURCES, Arguments
from detente.api.reading import CaseLike, load, load_road_map, resolve
from detente.case.load import Case
from detente.case.road_maps import Tell, warned
from detente.errors import InputError
from detente.results.sweep import Sweep


def sweep(
    case: CaseLike,
    over: str | os.PathLike[str] | Mapping[str, Any],
    into: str | os.PathLike[str],
    *,
    seed: int = 0,
    workers: int = 1,
    cluster: str | None = None,
    time_limit: float | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
    tell: Tell = warned,
) -> Sweep:
    """How road maps fare over a design of parameters: a row for each point and road map, in a Parquet table.

    ``over`` is the design (a file or a mapping): what is varied, and whether road maps are judged in possible worlds or
    it is simulated what happens to them. What is finished is kept in the folder ``into``: asked again, the same
    sweep does only what is missing there. With several ``workers`` processes are started; in a script that needs the
    usual ``if __name__ == "__main__"``. ``cluster`` is the address of a Dask scheduler, ``tcp://127.0.0.1:8786``, whose
    workers do all of it. After ``time_limit`` (seconds), or once ``stop`` is set, what is finished is told. ``report``
    hears how far it is, and ``tell`` of a cluster to which the case would go unencrypted (silent: a
    :class:`DetenteWarning`). Raises :class:`InputError` for a design or a folder that does not fit the case, and
    :class:`MissingExtra` where ``detente[sweep]`` is not installed.
    """
    from detente.case.sweep_design import read_design
    from detente.worlds.sweeps.cluster import exposed
    from detente.worlds.sweeps.sweep import Asked
    from detente.worlds.sweeps.sweep import sweep as work

    given = Arguments()
    given.kind("over", over, SOURCES, "a design: a file or a mapping")
    given.kind("into", into, (str, os.PathLike), "the path of a folder")
    given.number("seed", seed, whole=True)
    given.number("workers", workers, 1, whole=True)
    given.kind("cluster", cluster, (str, type(None)), "the address of a Dask scheduler, or None")
    given.number("time_limit", time_limit, none=True)
    given.check()
    loaded = load(case)
    resolved = resolve(loaded)
    design = read_design(over, loaded, seed)
    road_maps = [load_road_map(name, resolved) for name in design.road_maps]
    titles = [_title(loaded, d.paths) for d in design.dimensions]
    if cluster is not None and (warning := exposed(cluster)) is not None:
        tell(warning)
    asked = Asked(Path(into), workers, cluster, time_limit)
    return work(loaded, design, road_maps, titles, asked, report, stop)


def _title(case: Case, paths: tuple[str, ...]) -> str:
    """What is varied, in plain words where the case has them."""
    from detente.case.parameter import parameter
    from detente.report.from_case import number_words

    words = number_words(case)
    told = []
    for path in paths:
        try:
            loc = parameter(case, path).loc
        except InputError:  # what is no number is called by its path
            loc = ()
        told.append(words.get(".".join(map(str, loc)), ("", ""))[0] or path)
    return " and ".join(told)
