"""Tables in files: the one module that knows Parquet. A file is there in full, or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.errors import MissingExtra
from detente.worlds.sweep_kinds import Counts
from detente.worlds.sweep_tasks import Task

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:  # the extra is not installed
    pa = pq = None

Finished = tuple[Task, Counts]


class Unreadable(Exception):
    """A file is no table of finished tasks."""


def check_installed() -> None:
    """Refuse to begin what could not be written."""
    if pq is None:
        raise MissingExtra(
            "a sweep writes Parquet files, and pyarrow is not installed\n"
            "  fix: install the extra: pip install 'detente[sweep]'"
        )


def write_finished(finished: Sequence[Finished], path: Path) -> None:
    """Write what finished tasks came to, a row for each."""
    number_of = pa.map_(pa.string(), pa.float64())
    columns: dict[str, Any] = {
        name: pa.array([getattr(task, name) for task, _ in finished], pa.int32())
        for name in ("point", "road_map", "chunk", "rows")
    }
    columns["n"] = pa.array([counts.n for _, counts in finished], pa.int64())
    for name in ("sums", "least"):
        columns[name] = pa.array([list(getattr(counts, name).items()) for _, counts in finished], number_of)
    _write(pa.table(columns), path)


def read_finished(path: Path) -> Iterable[Finished]:
    """What :func:`write_finished` wrote; raises :class:`Unreadable`."""
    try:
        rows = pq.read_table(path).to_pylist()
        return [
            (
                Task(r["point"], r["road_map"], r["chunk"], r["rows"]),
                Counts(r["n"], dict(r["sums"]), dict(r["least"])),
            )
            for r in rows
        ]
    except (pa.ArrowException, OSError, KeyError, TypeError) as error:
        raise Unreadable(str(error).split("\n")[0]) from None


def write_rows(rows: Sequence[Mapping[str, Any]], notes: Mapping[str, str], path: Path) -> None:
    """Write rows of plain values, a column for each key that any of them has; ``notes`` go into the file's metadata."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    _write(table.replace_schema_metadata(dict(notes)), path)


def _write(table: Any, path: Path) -> None:
    """Write beside the place, then move there in one step."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(buffer.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
