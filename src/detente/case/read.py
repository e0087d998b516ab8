"""From a source to a tree: files with their guards, shipped cases, resolved JSON, overlays."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.case.problems import did_you_mean, stop
from detente.case.tree import CONTROL, Tree, merge, tree_from_python
from detente.errors import Where

MAX_BYTES = 2_000_000
GALLERY = Path(__file__).resolve().parent.parent / "gallery"
RESOLVED_FORMAT = "detente/resolved-case/1"


def shipped() -> dict[str, Path]:
    """The shipped cases: name and file."""
    if not GALLERY.is_dir():
        return {}
    return {p.parent.name: p for p in sorted(GALLERY.glob("*/case.yaml"))}


def shipped_overlays() -> dict[str, Path]:
    """The overlays that are shipped beside a case: ``CASE/NAME`` and file."""
    files = [p for p in sorted(GALLERY.glob("*/*.yaml")) if p.name != "case.yaml"] if GALLERY.is_dir() else []
    return {f"{p.parent.name}/{p.stem}": p for p in files}


def read_text(path: Path, shown: str | None = None) -> str:
    """The text of a file, or an error that says why it cannot be one."""
    shown = shown or str(path)
    where = Where(shown)
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        raise stop("DET001", f"there is no file {shown}", fix=_near_files(path)) from None
    if path.is_dir():
        raise stop("DET002", f"{shown} is a folder, not a file", fix="name the file in it")
    if not path.is_file():
        raise stop("DET002", f"{shown} is not an ordinary file", fix="save it as a file first")
    if size > MAX_BYTES:
        raise stop(
            "DET003",
            f"{shown} has {size / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read",
            where=where,
            why="no case written by people is that large",
            fix="check that this is the file you meant",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise stop("DET002", f"{shown} cannot be read: {error.strerror}", fix="check its permissions") from None
    return decode(data, shown)


def decode(data: bytes, shown: str) -> str:
    """Text from bytes that must be UTF-8; says which byte is not."""
    where = Where(shown)
    if wide := _wide(data):
        raise stop(
            "DET005",
            f"{shown} is {wide}, not UTF-8",
            where=Where(shown, 1, 1),
            why="in another encoding letters would turn into other letters",
            fix="save the file as UTF-8",
        )
    if b"\x00" in data or data[:4] in (b"%PDF", b"PK\x03\x04") or data[:2] == b"\x1f\x8b":
        raise stop("DET004", f"{shown} is a binary file", where=where, why="a case is text", fix="name the text file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise stop(
            "DET005",
            f"{shown} is not UTF-8: byte {error.start} (0x{data[error.start]:02x}) is not part of any character",
            where=_byte_place(data, error.start, shown),
            why="in another encoding letters would turn into other letters",
            fix="save the file as UTF-8",
        ) from None
    odd = CONTROL.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - (text.rfind("\n", 0, odd.start()) + 1) + 1
        raise stop(
            "DET004",
            f"{shown} holds the control character U+{ord(odd[0]):04X}",
            where=Where(shown, line, column),
            why="a case is text",
            fix="delete the character",
        )
    if not text.strip():
        raise stop("DET006", f"{shown} is empty", where=where, fix="detente new NAME writes a template")
    return text


def _byte_place(data: bytes, at: int, shown: str) -> Where:
    return Where(shown, data.count(b"\n", 0, at) + 1, at - (data.rfind(b"\n", 0, at) + 1) + 1)


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 if the bytes are that, with or without its mark: no control characters, and some ASCII."""
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return "UTF-32"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    for name in ("UTF-32-LE", "UTF-32-BE", "UTF-16-LE", "UTF-16-BE") if b"\x00" in data else ():
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text) and 3 * sum(c.isascii() for c in text) >= len(text):
            return name[:6]
    return ""


def tree_of(text: str, shown: str) -> Tree:
    """YAML or JSON, by its first character; what does not keep it from being read is noted in the tree."""
    from detente.case.json_text import tree_from_json
    from detente.case.yaml_text import tree_from_yaml

    if text.lstrip()[:1] in ("{", "["):
        return tree_from_json(text, shown)
    return tree_from_yaml(text, shown)


def read_source(source: str | os.PathLike[str] | Mapping[str, Any]) -> tuple[Tree, str]:
    """A tree and the name of the case, from a path, a shipped name, or a mapping.

    The name of a shipped overlay, ``CASE/NAME``, stands for its case with the overlay laid over it.
    """
    if isinstance(source, Mapping):
        return tree_from_python(source, "case"), str(source.get("name") or "case")
    path = Path(source)
    known = shipped()
    text = str(source)
    if not path.exists() and text in known:
        return _shipped(text, known[text]), text
    if not path.exists() and text in shipped_overlays():
        base = text.partition("/")[0]
        tree = _shipped(base, known[base])
        lay_over(tree, text)
        return tree, text
    if not path.exists() and path.suffix == "" and os.sep not in text:
        raise stop(
            "DET020",
            f'"{text}" is neither a file nor a shipped case',
            why="a case is named by its path or, if it is shipped, by its name",
            fix=did_you_mean(text, [*known, *(p.name for p in Path().glob("*.yaml"))])
            or "detente new NAME starts a case",
        )
    name = path.parent.name if path.name == "case.yaml" else path.stem
    return tree_of(read_text(path, text), text), name or "case"


def _shipped(name: str, file: Path) -> Tree:
    return tree_of(read_text(file, f"{name}/{file.name}"), f"{name}/{file.name}")


def _near_files(path: Path) -> str:
    if path.parent.name in shipped():
        known = [name for name in shipped_overlays() if name.startswith(f"{path.parent.name}/")]
        return did_you_mean(str(path), known) or "check the name"
    try:
        near = [p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml", ".json")]
    except (OSError, ValueError):
        return "check the path"
    return did_you_mean(path.name, near) or "check the path"


def lay_over(tree: Tree, source: str | os.PathLike[str] | Mapping[str, Any]) -> None:
    """Lay an overlay (a file, or a mapping) over a case's tree, in place."""
    if isinstance(source, Mapping):
        over = tree_from_python(source, "overlay")
    else:
        path = Path(source)
        known = shipped_overlays()
        over = tree_of(read_text(path if path.exists() else known.get(str(source), path), str(source)), str(source))
    if not isinstance(over.data, dict) or over.data.get("overlay") is not True:
        raise stop(
            "DET023",
            f"{over.source} is not an overlay",
            where=over.where(()),
            why="an overlay says so, so that it is never mistaken for a case",
            fix="write overlay: true at its top",
        )
    for each in (over, *over.again):
        for key in ("overlay", "title", "by", "about"):
            each.data.pop(key, None)
    tree.problems += over.problems
    overs = (over, *over.again)
    while len(tree.again) + 1 < len(overs):
        tree.again.append(copy.deepcopy(replace(tree, again=[])))
    for n, reading in enumerate((tree, *tree.again)):
        laid = overs[min(n, len(overs) - 1)]
        merge(reading, copy.deepcopy(laid))
        reading.repeated |= laid.repeated
