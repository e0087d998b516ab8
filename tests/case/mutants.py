"""Case files with random damage: to their bytes, and to what they say."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

PIECES = (
    b"null", b"-1", b"1e400", b".nan", b"true", b"[]", b"{}", b"*a", b"&a ", b"!!python/object:os.system x", b"\t",
    b"- ", b": ", b"3 months", b"0.5 [0.1, 0.9]", b"never", b"\xff", b"\x00", b"'", b'"', b"|", b">", b"%", b"@",
    b"<<: ", b"? ", b"---\n", b"2020-Q9", b"9" * 40, b"US", b"declare", b"North", b"weir", b"water", b"#", b"[[[[[[",
    b"{a: ", b"NO", b"12:30", b"0x10", b"1_000", b"\xef\xbb\xbf", "Ω".encode(), b"\r", b"1e-400", b"-", b"0",
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 10**9, 10**400, Decimal("0.5"), 0.5, float("nan"), float("inf"), "", "x", "nan",
    "3 months", "1 [0, 2]", "1 [2, 0]", "never", "at once", [], {}, [[]], {"value": 1}, ["a"], {"a": 1}, "declare",
    "weir", "North", "Hills", "plants", "2030-Q1", "2030", ["declare"], [1, 2, 3], {"2030-Q1": 1},
    {"measure": "declare"}, "share of plants at least 2 by 3", "never weir", "weir by 1", "a" * 5000, {"id": "a"},
    [{"id": "a"}], 1e308, "0.5 a year", {"value": {"2030": 1, "2031": 2}, "sources": "made-up"},
)  # fmt: skip


def damaged_text(text: bytes, rng: random.Random) -> bytes:
    """A file with one to eight random changes of its bytes, words or lines."""
    data = text
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        data = rng.choice((_byte, _insert, _cut, _line, _line, _line, _value, _word))(data, rng)
    return data


def _byte(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data) + 1)
    return data[:i] + bytes([rng.randrange(256)]) + data[i + 1 :]


def _insert(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data) + 1)
    return data[:i] + rng.choice(PIECES) + data[i:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data) + 1)
    return data[:i] + data[i + rng.randrange(1, 60) :]


def _line(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(3)
    if how == 0:
        lines[i] = lines[j]
    elif how == 1:
        del lines[i]
    else:
        lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def _value(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    i = rng.randrange(len(lines))
    key, colon, _ = lines[i].partition(b": ")
    if colon:
        lines[i] = key + colon + rng.choice(PIECES)
    return b"\n".join(lines)


def _word(data: bytes, rng: random.Random) -> bytes:
    words = data.split(b" ")
    words[rng.randrange(len(words))] = rng.choice(words)
    return b" ".join(words)


def damaged_data(data: Any, rng: random.Random) -> Any:
    """A mapping with one to four values replaced, dropped, or copied to where they do not belong."""
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        paths = list(_paths(data))[1:]
        path = rng.choice(paths)
        parent = _at(data, path[:-1])
        how = rng.randrange(5)
        if how < 3:
            parent[path[-1]] = copy.deepcopy(rng.choice(VALUES))
        elif how == 3:
            del parent[path[-1]]
        else:
            other = rng.choice(paths)
            value = copy.deepcopy(_at(data, other))
            if isinstance(parent, dict):
                parent[rng.choice([path[-1], str(other[-1]), "zz"])] = value
            else:
                parent.append(value)
    return data


def _paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _paths(value, (*path, key))
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from _paths(value, (*path, n))


def _at(node: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        node = node[part]
    return node
