"""JSON text → :class:`Tree`: numbers from their text, duplicate keys refused, every node with line and column."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from decimal import Decimal
from typing import Any

from detente.case.problems import Loc, stop
from detente.case.repeats import marked, readings
from detente.case.tree import CONTROL, MAX_DEPTH, MAX_NODES, Tree
from detente.errors import Diagnostic, InputError, Where

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def tree_from_json(text: str, source: str) -> Tree:
    """Read one JSON document."""
    reader = _Reader(text, source)
    reader.tree.data = reader.value(0, ())
    reader.space()
    if reader.at < len(text):
        raise reader.error("something follows the end of the document")
    first, *again = readings(reader.tree)
    first.again = again
    return first


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self.text, self.source, self.at = text, source, 0
        self.tree = Tree(source, None)
        self.nodes = 0
        self.lines = [0, *(m.end() for m in re.finditer("\n", text))]

    def where(self) -> Where:
        line = bisect_right(self.lines, self.at)
        return Where(self.source, line, self.at - self.lines[line - 1] + 1)

    def error(self, what: str) -> InputError:
        found = Diagnostic(
            "DET016",
            f"this is not JSON: {what}",
            self.where(),
            "the document begins like JSON, so it is read as JSON",
            "check the commas, quotes and brackets just before this place",
        )
        return InputError([*self.tree.problems, found])

    def note(self, code: str, problem: str, where: Where, why: str, fix: str) -> None:
        self.tree.problems.append(Diagnostic(code, problem, where, why, fix))

    def space(self) -> None:
        m = _SPACE.match(self.text, self.at)
        assert m is not None
        self.at = m.end()

    def value(self, depth: int, loc: Loc) -> Any:
        self.space()
        self.nodes += 1
        self.tree.values[loc] = self.where()
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise stop(
                "DET012",
                f"nested more than {MAX_DEPTH} deep, or more than {MAX_NODES} parts",
                where=self.where(),
                why="no case needs that",
                fix="check how the file was made",
            )
        start = self.text[self.at : self.at + 1]
        if start == "{":
            return self._object(depth, loc)
        if start == "[":
            return self._array(depth, loc)
        if start == '"':
            return self._string()
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        m = _NUMBER.match(self.text, self.at)
        if m is None:
            if m := re.compile(r"-?(NaN|Infinity)").match(self.text, self.at):
                self.at = m.end()
                return m[0].lower().replace("inity", "")
            raise self.error("a value is missing" if start in ",]}" else f'"{start}" begins no value')
        self.at = m.end()
        text = m[0]
        if len(text) > 60:
            return text
        return int(text) if text.lstrip("-").isdigit() else Decimal(text)

    def _string(self) -> str:
        m = _STRING.match(self.text, self.at)
        if m is None:
            raise self.error("a text has no end, or holds a line break")
        try:
            value = json.loads(m[0])
        except ValueError:
            raise self.error("a text holds an unknown escape") from None
        if odd := CONTROL.search(str(value)):
            what = f"the text holds the control character U+{ord(odd[0]):04X}"
            self.note("DET004", what, self.where(), "a case is text", "delete the character")
        self.at = m.end()
        return CONTROL.sub("", str(value))

    def _object(self, depth: int, loc: Loc) -> dict[str, Any]:
        self.at += 1
        result: dict[str, Any] = {}
        self.space()
        while not self._taken("}"):
            if result and not self._taken(","):
                raise self.error('a "," or "}" is missing')
            self.space()
            if self.text[self.at : self.at + 1] != '"':
                raise self.error('a key in " " is missing')
            place = self.where()
            key = self._string()
            if key in result:
                first = self.tree.keys[(*loc, key)]
                why = f"only one of them can count; the first is at line {first.line}, column {first.column}"
                self.note("DET013", f'the key "{key}" stands twice', place, why, "delete one, or merge them")
                key = marked(key, result)
            self.tree.keys[(*loc, key)] = place
            self.space()
            if not self._taken(":"):
                raise self.error('a ":" is missing')
            result[key] = self.value(depth + 1, (*loc, key))
            self.space()
        return result

    def _array(self, depth: int, loc: Loc) -> list[Any]:
        self.at += 1
        result: list[Any] = []
        self.space()
        while not self._taken("]"):
            if result and not self._taken(","):
                raise self.error('a "," or "]" is missing')
            result.append(self.value(depth + 1, (*loc, len(result))))
            self.space()
        return result

    def _taken(self, mark: str) -> bool:
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False
