"""YAML text → plain data, with every scalar as it is written and the line of every key.

Stricter than PyYAML's loaders: duplicate keys, tags, merge keys and several documents are faults, aliases are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from framework.contract.errors import Problem

KeyPath = tuple[str | int, ...]

MAX_DEPTH = 40
MAX_NODES = 50_000
NULLS = ("", "~", "null", "Null", "NULL")
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def path_text(path: KeyPath) -> str:
    """`handsets[2].address`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Tree:
    """One document: mappings, lists, strings and None; `problems` are the faults that did not stop the reading."""

    data: Any
    lines: Mapping[KeyPath, int]
    aliases: Mapping[KeyPath, KeyPath]
    problems: tuple[Problem, ...]

    def line(self, path: KeyPath) -> int:
        """Line of the key (or list item) at `path`, or of the nearest place above it that was written."""
        for end in range(len(path) + 1):
            if path[:end] in self.aliases:
                return self.line(self.aliases[path[:end]] + path[end:])
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, file: str, max_nodes: int = MAX_NODES) -> Tree:
    """The one document of `text`; problems without data where it is not YAML, or holds more values than `max_nodes`."""
    builder = _Builder(file, yaml.parse(text, Loader=PARSER), max_nodes)
    data = None
    try:
        data = builder.document()
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, text, file))
    except _RefusedError as error:
        builder.problems.append(Problem(str(error), file, builder.line))
    return Tree(data, builder.lines, builder.aliases, tuple(builder.problems))


class _RefusedError(Exception):
    """The document is nested too deep, too large, or has keys that are no text."""


@dataclass
class _Builder:
    """Takes parser events one by one; paths grow from the root."""

    file: str
    events: Iterator[Any]
    max_nodes: int
    lines: dict[KeyPath, int] = field(default_factory=dict)
    aliases: dict[KeyPath, KeyPath] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    line: int = 1
    _nodes: int = 0
    _anchors: dict[str, tuple[KeyPath, Any, int]] = field(default_factory=dict)

    def document(self) -> Any:
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        event = self._next()
        self.lines[()] = self.line
        data = self._node(event, ())
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            self._fault("a second document begins here; a file holds one", ())
        return data

    def _next(self) -> Any:
        event = next(self.events)
        self.line = event.start_mark.line + 1
        return event

    def _fault(self, message: str, path: KeyPath) -> None:
        self.problems.append(Problem(message, self.file, self.line, path_text(path) or None))

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > self.max_nodes:
            raise _RefusedError(f"more than {self.max_nodes} values, aliases counted in full")

    def _node(self, event: Any, path: KeyPath) -> Any:
        if len(path) > MAX_DEPTH:
            raise _RefusedError(f"nested more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), path)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(f"tags such as {tag} are not read", path)
        self._count(1)
        before = self._nodes
        data = self._content(event, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = (path, data, self._nodes - before + 1)
        return data

    def _content(self, event: Any, path: KeyPath) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return None if event.style in (None, "") and event.value in NULLS else event.value
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _alias(self, anchor: str, path: KeyPath) -> Any:
        if anchor not in self._anchors:
            self._fault(f"no &{anchor} stands before *{anchor}", path)
            return None
        source, data, size = self._anchors[anchor]
        self._count(size)
        self.aliases[path] = source
        return data

    def _sequence(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self.lines[here] = self.line
            items.append(self._node(event, here))
        return items

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, line = self._key(event, path), self.line
            here = (*path, key)
            if key in entries:
                self._fault(f"given twice, first on line {self.lines[here]}", here)
            else:
                self.lines[here] = line
            value = self._node(self._next(), here)
            entries.setdefault(key, value)
        return entries

    def _key(self, event: Any, path: KeyPath) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _RefusedError("a key must be plain text")
        if event.value == "<<":
            self._fault("merge keys are not read; write the keys out", (*path, "<<"))
        return str(event.value)


SYNTAX: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        'a second ": " in one line, or a wrong indentation; text with ": " needs quotes',
    ),
    ("expected comment or line break", 'text that begins with ">" or "|" needs quotes'),
    ("found unexpected end of stream", "a quote is not closed"),
    ("found unexpected document indicator", "a quote is not closed"),
    ("expected ',' or ']'", 'a "[" is not closed, or a comma is missing'),
    ("expected ',' or '}'", 'a "{" is not closed, or a comma is missing'),
    ("expected '-' indicator", "a list item must begin with a dash, indented like the one before"),
    ("did not find expected key", "a wrong indentation, or a quote inside a quoted text"),
    ("tab character", "a tab; indent with spaces"),
    ("expected <document start>", "a wrong indentation"),
    ("block sequence entries are not allowed", "a list must begin on a line of its own"),
    ("unknown escape character", "a backslash in double quotes; use single quotes"),
    ("could not find expected ':'", "a key without its colon"),
    ("did not find expected alphabetic", '"*" and "&" begin aliases and anchors; the text needs quotes'),
)
"""Words of libyaml → words for people."""


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        position = getattr(error, "position", 0)
        return Problem("a control character, which YAML does not allow", file, text.count("\n", 0, position) + 1)
    words = error.problem or ""
    mark = error.problem_mark or error.context_mark
    if "cannot start any token" in words and mark is not None:
        return Problem(_bad_start(text, mark), file, mark.line + 1)
    message = next((plain for theirs, plain in SYNTAX if theirs in words), f"not YAML: {words}")
    if "not closed" in message:
        mark = error.context_mark or mark
    return Problem(message, file, mark.line + 1 if mark else None)


def _bad_start(text: str, mark: yaml.Mark) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    letter = line[mark.column : mark.column + 1]
    return "a tab; indent with spaces" if letter == "\t" else f'text that begins with "{letter}" needs quotes'
