"""YAML text → :class:`Tree`, the only module that knows the YAML library.

What does not keep the rest from being read is noted in the tree.

It reads the library's events, not its objects: so every node has its line and column, every number its text, and what
could surprise (tags, duplicate keys, alias bombs, deep nesting, several documents, ``NO`` as false) is refused or never
arises. Only ``true``, ``false``, ``null``, ``~`` and decimal numbers are more than text.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from detente.case.problems import Loc, stop
from detente.case.repeats import marked, readings, unmarked
from detente.case.tree import CONTROL, MAX_DEPTH, MAX_NODES, Tree
from detente.errors import Diagnostic, InputError, Where

MAX_ALIASES = 200
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]*)?(?:[eE][-+]?[0-9]{1,4})?|[-+]?\.[0-9]+(?:[eE][-+]?[0-9]{1,4})?")
_WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "Null": None}
_STANDARD_TAGS = ("tag:yaml.org,2002:str", "!")


def tree_from_yaml(text: str, source: str) -> Tree:
    """Read one YAML document; every problem carries its line and column."""
    reader = _Reader(text, source)
    try:
        reader.run()
    except YAMLError as error:
        raise InputError([*reader.problems, _syntax_error(error, text, source)]) from None
    except InputError:
        raise
    except Exception as error:  # whatever else the library stumbles over is a matter of the file
        raise stop(
            "DET007",
            f"{source} cannot be read as YAML",
            where=Where(source),
            why=str(error)[:200],
            fix="write plain YAML: mappings, lists, text and numbers",
        ) from None
    first, *again = readings(reader.tree)
    first.again = again
    return first


class _Frame:
    """A mapping or list being read."""

    def __init__(self, node: Any, loc: Loc, anchor: str | None) -> None:
        self.node, self.loc, self.anchor = node, loc, anchor
        self.key: str | None = None
        self.nodes = 1


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self.text, self.source = text, source
        self.tree = Tree(source, None)
        self.problems = self.tree.problems
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.aliases = self.nodes = self.documents = 0

    def run(self) -> None:
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(self.text)):
            if isinstance(event, DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._stop("DET009", "a second document begins here", event, fix="keep one document a file")
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self._open(event)
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self._close()
            elif isinstance(event, ScalarEvent):
                self._scalar(event)
            elif isinstance(event, AliasEvent):
                self._alias(event)

    def _where(self, event: Any) -> Where:
        return Where(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note(self, code: str, problem: str, event: Any, why: str = "", fix: str = "") -> None:
        self.problems.append(Diagnostic(code, problem, self._where(event), why, fix))

    def _stop(self, code: str, problem: str, event: Any, why: str = "", fix: str = "") -> None:
        self._note(code, problem, event, why, fix)
        raise InputError(self.problems)

    def _count(self, event: Any, nodes: int = 1) -> None:
        self.nodes += nodes
        if self.stack:
            self.stack[-1].nodes += nodes
        if self.nodes > MAX_NODES:
            self._stop(
                "DET011",
                f"with its aliases written out the file has more than {MAX_NODES} parts",
                event,
                "a small file may stand for a huge one, and reading it would take for ever",
                "write the repeated parts where they belong, or fewer of them",
            )

    def _check_tag(self, event: Any) -> None:
        tag = str(event.tag) if event.tag is not None else ""
        if tag and tag not in _STANDARD_TAGS and not tag.startswith("tag:yaml.org,2002:"):
            self._note(
                "DET010",
                f'the tag "{tag[:60]}" is not allowed',
                event,
                "a case holds data, not objects",
                "drop the tag",
            )
        elif tag.startswith("tag:yaml.org,2002:") and tag not in _STANDARD_TAGS:
            self._note(
                "DET010",
                f'the tag "!!{tag[18:78]}" is not allowed',
                event,
                "a case holds data, not objects",
                "drop the tag",
            )

    def _open(self, event: Any) -> None:
        self._check_tag(event)
        self._count(event)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            self._stop(
                "DET014",
                "a key is itself a mapping or a list",
                event,
                "keys are names",
                "write a plain name; text with [ or { needs quotes",
            )
        if len(self.stack) >= MAX_DEPTH:
            self._stop(
                "DET012", f"this is nested more than {MAX_DEPTH} deep", event, "no case needs that", "flatten it"
            )
        node: Any = {} if isinstance(event, MappingStartEvent) else []
        loc = self._place(event, node)
        self.stack.append(_Frame(node, loc, event.anchor))

    def _close(self) -> None:
        frame = self.stack.pop()
        if isinstance(frame.node, dict) and "<<" in frame.node:
            merged = frame.node.pop("<<")
            for part in merged if isinstance(merged, list) else [merged]:
                for key, value in part.items() if isinstance(part, dict) else ():
                    frame.node.setdefault(key, value)
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.node, frame.nodes)
        if self.stack:
            self.stack[-1].nodes += frame.nodes

    def _scalar(self, event: Any) -> None:
        readable = len(self.problems)
        self._check_tag(event)
        self._count(event)
        value: Any = str(event.value)
        if odd := CONTROL.search(value):
            self._note(
                "DET004",
                f"the text holds the control character U+{ord(odd[0]):04X}",
                event,
                "a case is text",
                "delete the character",
            )
            value = CONTROL.sub("", value)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            self._key(event, value, frame)
            return
        if event.style in (None, "") and not event.tag:
            value = self._plain(event, value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        loc = self._place(event, value)
        if len(self.problems) > readable:
            self.tree.blanks.add(loc)

    def _plain(self, event: Any, text: str) -> Any:
        if text == "" and self.stack:
            frame = self.stack[-1]
            where = self._where(event) if frame.key is None else self.tree.keys[(*frame.loc, frame.key)]
            what = "an entry of this list is blank" if frame.key is None else f'"{unmarked(frame.key)}" has no value'
            why, fix = "a blank could mean nothing, none or forgotten", "give a value, or delete it"
            self.problems.append(Diagnostic("DET017", what, where, why, fix))
            return None
        if text in _WORDS:
            return _WORDS[text]
        if len(text) <= 60 and _NUMBER.fullmatch(text):
            return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else Decimal(text)
        return text

    def _key(self, event: Any, key: str, frame: _Frame) -> None:
        if key == "<<" and event.style in (None, ""):
            self._note(
                "DET015",
                'merge keys ("<<") are not part of the language',
                event,
                "what a reader sees should be what counts",
                "write the keys out, or use an overlay file",
            )
        if key in frame.node:
            first = self.tree.keys[(*frame.loc, key)]
            self._note(
                "DET013",
                f'the key "{key}" stands twice',
                event,
                f"only one of them can count; the first is at line {first.line}",
                "delete one, or merge them",
            )
            key = marked(key, frame.node)
        self.tree.keys[(*frame.loc, key)] = self._where(event)
        frame.key = key

    def _alias(self, event: Any) -> None:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self._stop(
                "DET011",
                f"more than {MAX_ALIASES} aliases (*name)",
                event,
                "a small file may stand for a huge one",
                "write the repeated parts where they belong",
            )
        known = self.anchors.get(event.anchor)
        if known is None:
            self._stop(
                "DET007", f'the alias "*{event.anchor}" refers to nothing before it', event, fix="anchor it with &"
            )
            return
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            self._stop("DET014", "a key is an alias", event, "keys are names", "write the name")
        value, nodes = known
        self._count(event, nodes)
        self._place(event, _copy(value))

    def _place(self, event: Any, value: Any) -> Loc:
        if not self.stack:
            self.tree.data = value
            self.tree.values[()] = self._where(event)
            return ()
        frame = self.stack[-1]
        if isinstance(frame.node, dict):
            assert frame.key is not None
            loc: Loc = (*frame.loc, frame.key)
            frame.node[frame.key] = value
            frame.key = None
        else:
            loc = (*frame.loc, len(frame.node))
            frame.node.append(value)
        self.tree.values[loc] = self._where(event)
        return loc


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: _copy(v) for k, v in node.items()}
    return [_copy(v) for v in node] if isinstance(node, list) else node


def _syntax_error(error: YAMLError, text: str, source: str) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or error).strip().split("\n")[0]
    line = mark.line + 1 if mark is not None else None
    where = Where(source, line, mark.column + 1 if mark is not None else None)
    lines = text.split("\n")
    shown = lines[line - 1] if line is not None and 0 < line <= len(lines) else ""
    if "\t" in shown[: len(shown) - len(shown.lstrip())] or "'\\t'" in what:
        return Diagnostic(
            "DET008",
            "a tab stands where spaces should",
            where,
            "YAML shows structure by indentation, and a tab has no fixed width",
            "indent with spaces",
        )
    fix = "check the indentation, the colons and the quotes of this line and the one before"
    if re.search(r"[{\[].*[0-9]\s*\[", shown):
        fix = 'inside { } a range needs quotes: {programme: "0.45 [0.3, 0.7]"}'
    elif "mapping values" in what and re.search(r":\s.*:\s", shown):
        fix = "text that holds a colon needs quotes"
    if not isinstance(error, MarkedYAMLError):
        return Diagnostic("DET007", f"this is not YAML: {what[:160]}", where, fix=fix)
    context = str(error.context or "").strip()
    return Diagnostic("DET007", f"this is not YAML: {what[:160]}", where, context[:160], fix)
