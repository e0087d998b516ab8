"""What makes answers read-only through and through: mappings that cannot be changed, tuples for lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V", covariant=True)


class ReadOnly(Mapping[K, V]):
    """A mapping that cannot be changed; equal to every mapping with the same entries, copied and pickled like one."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[K, V]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __reduce__(self) -> tuple[type[ReadOnly[K, V]], tuple[dict[K, V]]]:
        return type(self), (self._entries,)


def read_only(value: Any) -> Any:
    """The same value with every mapping in it read-only and every list a tuple."""
    if isinstance(value, Mapping):
        return value if isinstance(value, ReadOnly) else ReadOnly({k: read_only(v) for k, v in value.items()})
    if isinstance(value, list | tuple):
        return tuple(read_only(x) for x in value)
    return value


def plain(value: Any) -> Any:
    """The same value in plain JSON types: what :func:`read_only` makes of mappings and lists, undone."""
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(x) for x in value]
    return value


@dataclass(frozen=True)
class Answer:
    """Base of everything that answers are made of: nothing in it can be changed."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Mapping | list | tuple):
                object.__setattr__(self, field.name, read_only(value))
