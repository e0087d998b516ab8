"""Tables in files: the one module that knows Parquet. A file is there in full, or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import MissingExtra
from detente.worlds.sweeps.kinds import Counts
from detente.worlds.sweeps.tasks import Finished, Refused, Task

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:  # the extra is not installed
    pa = pq = None

NOTHING = Counts(0, {}, {})


@dataclass(frozen=True)
class Column:
    """A column of a table: plain values of one type, None where there is none, and the unit in which they are."""

    values: Sequence[Any]
    unit: str = ""


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
    counted = [came if isinstance(came, Counts) else NOTHING for _, came in finished]
    number_of = pa.map_(pa.string(), pa.float64())
    columns: dict[str, Any] = {
        name: pa.array([getattr(task, name) for task, _ in finished], pa.int32())
        for name in ("point", "road_map", "chunk", "rows")
    }
    columns["n"] = pa.array([counts.n for counts in counted], pa.int64())
    for name in ("sums", "least"):
        columns[name] = pa.array([list(getattr(counts, name).items()) for counts in counted], number_of)
    columns["refused"] = pa.array(
        [came.why if isinstance(came, Refused) else None for _, came in finished], pa.string()
    )
    _write(pa.table(columns), path)


def read_finished(path: Path) -> Iterable[Finished]:
    """What :func:`write_finished` wrote; raises :class:`Unreadable`."""
    try:
        rows = pq.read_table(path).to_pylist()
        return [
            (
                Task(r["point"], r["road_map"], r["chunk"], r["rows"]),
                Refused(r["refused"]) if r["refused"] else Counts(r["n"], dict(r["sums"]), dict(r["least"])),
            )
            for r in rows
        ]
    except (pa.ArrowException, OSError, KeyError, TypeError) as error:
        raise Unreadable(str(error).split("\n")[0]) from None


def write_table(columns: Mapping[str, Column], notes: Mapping[str, str], path: Path) -> None:
    """Write columns under their names; ``notes`` go into the file's metadata, units into those of their columns."""
    arrays = [pa.array(column.values) for column in columns.values()]
    fields = [
        pa.field(name, array.type, metadata={"unit": column.unit} if column.unit else None)
        for (name, column), array in zip(columns.items(), arrays, strict=True)
    ]
    _write(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=dict(notes))), path)


def _write(table: Any, path: Path) -> None:
    """Write beside the place, then move there in one step."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(buffer.getvalue())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
