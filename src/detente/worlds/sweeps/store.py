"""The folder of a sweep: what sweep it is of, and which tasks are finished, so that a later run does only the rest."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from detente.errors import Diagnostic, InputError
from detente.worlds.sweeps.parquet import Column, Unreadable, read_finished, write_finished, write_table
from detente.worlds.sweeps.tasks import Finished, Outcome, Task

FORMAT, TABLE = "detente/sweep-manifest/1", "detente/sweep-table/1"
MANIFEST, PARTS, RESULT = "manifest.json", "finished", "sweep.parquet"


class Folder:
    """A folder for one sweep. ``identity``: what it is of, each thing under its name; all must agree to go on in it."""

    def __init__(self, path: Path, identity: Mapping[str, str]) -> None:
        self.path, self.identity = path, dict(identity)
        self.parts = path / PARTS

    def begun(self) -> bool:
        """Whether the folder holds this sweep; refuse one that holds finished tasks of another, or something else."""
        manifest = self.path / MANIFEST
        if manifest.exists():
            return self._is_ours(manifest)
        if self.path.exists() and not self.path.is_dir():
            raise InputError([Diagnostic("DET782", f"{self.path} is a file, not a folder", fix=_ANOTHER)])
        if self.path.exists() and any(self.path.iterdir()):
            raise InputError([Diagnostic("DET782", f"the folder {self.path} holds something else", fix=_ANOTHER)])
        return False

    def begin(self) -> None:
        """Make the folder one for this sweep."""
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            beside = self.path / f".{MANIFEST}.{os.getpid()}"
            beside.write_text(json.dumps({"format": FORMAT, **self.identity}, indent=1) + "\n", encoding="utf-8")
            os.replace(beside, self.path / MANIFEST)
        except OSError as error:
            told = f"the folder {self.path} cannot be written to: {error.strerror}"
            raise InputError([Diagnostic("DET711", told, fix=_ANOTHER)]) from None

    def finished(self) -> dict[Task, Outcome]:
        """Every finished task, once."""
        found: dict[Task, Outcome] = {}
        for path in sorted(self.parts.glob("*.parquet")):
            try:
                found.update(read_finished(path))
            except Unreadable as why:
                told = f"{path} cannot be read as a table of finished tasks"
                fix = "delete it: its tasks are then done again"
                raise InputError([Diagnostic("DET783", told, why=str(why)[:200], fix=fix)]) from None
        return found

    def add(self, finished: Sequence[Finished]) -> None:
        """Keep what finished tasks came to; the name of the file is that of its tasks, so none is kept twice."""
        name = hashlib.sha256(repr(sorted(task for task, _ in finished)).encode()).hexdigest()[:16]
        with self._writing():
            self.parts.mkdir(parents=True, exist_ok=True)
            write_finished(sorted(finished, key=lambda one: one[0]), self.parts / f"{name}.parquet")

    def tell(self, columns: Mapping[str, Column]) -> Path:
        """Write the table of results; where it is."""
        path = self.path / RESULT
        with self._writing():
            write_table(columns, {"format": TABLE, **self.identity}, path)
        return path

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            told = f"the folder {self.path} cannot be written to: {error.strerror}"
            why = "what was written before is kept"
            raise InputError([Diagnostic("DET711", told, None, why, "mend that, and run this again")]) from None

    def _is_ours(self, manifest: Path) -> bool:
        try:
            held = json.loads(manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = None
        if not isinstance(held, dict) or held.get("format") != FORMAT:
            told = f"{manifest} is not the manifest of a sweep"
            raise InputError([Diagnostic("DET782", told, fix=_ANOTHER)])
        differ = [name.replace("_", " ") for name, value in self.identity.items() if held.get(name) != value]
        if differ and any(self.parts.glob("*.parquet")):
            raise InputError(
                [
                    Diagnostic(
                        "DET782",
                        f"the folder {self.path} holds another sweep: not the same {' nor '.join(differ)}",
                        why="what is finished there says nothing of this one, and the two must not be mixed",
                        fix=_ANOTHER,
                    )
                ]
            )
        return not differ


_ANOTHER = "name another folder with --into"


def hashed(data: object) -> str:
    """SHA-256 of something in plain JSON types, or with numbers as they were written."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
