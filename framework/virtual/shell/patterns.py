"""Patterns of the shell: `*`, `?`, `[…]` and mksh's `*(a|b)` family, and the files that match them."""

from __future__ import annotations

import re
from functools import lru_cache

from framework.virtual.system.files import FileSystem

SPECIAL = re.compile(r"[*?\[\]\\()|@+!{}~-]")
MAGIC = re.compile(r"[*?]|\[.*\]|[@+!]\(", re.DOTALL)
NOTHING = re.compile("(?!)")
REMEMBERED = 256
CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "cntrl": r"\x00-\x1f\x7f",
    "print": r"\x20-\x7e",
    "graph": r"\x21-\x7e",
}
GROUPS = {"@": "", "*": "*", "+": "+", "?": "?"}


def quote(text: str) -> str:
    """A pattern that only `text` matches."""
    return SPECIAL.sub(r"\\\g<0>", text)


@lru_cache(REMEMBERED)
def translate(pattern: str) -> str:
    """The regular expression (for DOTALL) of a pattern; a backslash quotes."""
    return _Translation(pattern).run()


class Patterns:
    """Compiles patterns, and remembers those that a script uses again and again."""

    def __init__(self) -> None:
        self._compiled: dict[str, re.Pattern[str]] = {}

    def compile(self, pattern: str) -> re.Pattern[str]:
        compiled = self._compiled.get(pattern)
        if compiled is None:
            if len(self._compiled) >= REMEMBERED:
                self._compiled.clear()
            try:
                compiled = re.compile(translate(pattern), re.DOTALL)
            except re.error:
                compiled = NOTHING
            self._compiled[pattern] = compiled
        return compiled

    def matches(self, pattern: str, text: str) -> bool:
        return self.compile(pattern).fullmatch(text) is not None


def glob(files: FileSystem, cwd: str, pattern: str) -> list[str]:
    """The paths that match, sorted, as written: relative to `cwd` if the pattern is."""
    found = ["/"] if pattern.startswith("/") else [""]
    parts = [part for part in pattern.split("/") if part]
    for i, part in enumerate(parts):
        found = [path for base in found for path in _entries(files, cwd, base, part, i < len(parts) - 1)]
    if pattern.endswith("/"):
        found = [f"{path}/" for path in found if _is_directory(files, cwd, path)]
    return sorted(found)


def _entries(files: FileSystem, cwd: str, base: str, part: str, inner: bool) -> list[str]:
    if not MAGIC.search(part):
        path = base + re.sub(r"\\(.)", r"\1", part)
        # Whether it is there is asked of the whole path only, or of the directory that is listed.
        return [f"{path}/"] if inner else [path] if files.exists(files.resolve(cwd, path)) else []
    try:
        names = files.listdir(files.resolve(cwd, base or "."))
    except OSError:
        return []
    names = [name for name in [".", "..", *names] if part.startswith(".") or not name.startswith(".")]
    wanted = re.compile(translate(part), re.DOTALL)
    matching = [base + name for name in names if wanted.fullmatch(name)]
    return [f"{path}/" for path in matching if _is_directory(files, cwd, path)] if inner else matching


def _is_directory(files: FileSystem, cwd: str, path: str) -> bool:
    try:
        return files.stat(files.resolve(cwd, path)).mode & 0o170000 == 0o040000
    except OSError:
        return False


class _Translation:
    """One pattern on its way to a regular expression."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def run(self, stop: str = "") -> str:
        """Up to one of the characters in `stop`, or to the end."""
        made = ""
        while self._at < len(self._pattern) and self._pattern[self._at] not in stop:
            made += self._one()
        return made

    def _one(self) -> str:
        char = self._pattern[self._at]
        self._at += 1
        if char in "@*+?!" and self._pattern.startswith("(", self._at):
            return self._group(char)
        if char == "*":
            return ".*"
        if char == "?":
            return "."
        if char == "[":
            return self._bracket()
        if char == "\\" and self._at < len(self._pattern):
            char = self._pattern[self._at]
            self._at += 1
        return re.escape(char)

    def _group(self, kind: str) -> str:
        alternatives: list[str] = []
        while self._at < len(self._pattern) and (not alternatives or self._pattern[self._at] == "|"):
            self._at += 1
            alternatives.append(self.run("|)"))
        self._at += 1
        either = "|".join(alternatives)
        return f"(?:(?!(?:{either})$).*)" if kind == "!" else f"(?:{either}){GROUPS[kind]}"

    def _bracket(self) -> str:
        """`[…]`; without its closing bracket, a `[` like any character."""
        start = self._at
        negated = self._pattern.startswith(("!", "^"), start)
        at = start + negated
        made = ""
        while at < len(self._pattern) and (self._pattern[at] != "]" or at == start + negated):
            if named := re.compile(r"\[:(\w+):\]").match(self._pattern, at):
                made += CLASSES.get(named[1], "")
                at = named.end()
                continue
            if self._pattern[at] == "\\" and at + 1 < len(self._pattern):
                at += 1
                made += re.escape(self._pattern[at])
            else:
                made += self._pattern[at] if self._pattern[at] == "-" else re.escape(self._pattern[at])
            at += 1
        if at >= len(self._pattern):
            return re.escape("[")
        self._at = at + 1
        return f"[{'^' if negated else ''}{made}]"
