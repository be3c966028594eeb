"""The rooms and their layers, sizes and import costs, held by walking the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FRAMEWORK = ROOT / "framework"
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 45

ROOMS = ("contract", "tools", "dumps", "formats", "media", "journal", "handset", "virtual", "verdict", "fleet")
ROOMS += ("deploy", "history", "redaction", "speech", "trace", "report", "scenario", "session", "doctor")
MAY_IMPORT: dict[str, set[str]] = {
    "contract": set(),
    "tools": {"contract"},
    "dumps": {"contract"},
    "formats": {"contract"},
    "media": {"contract"},
    "journal": {"contract"},
    "redaction": {"contract"},
    "handset": {"contract", "tools", "dumps"},
    "virtual": {"contract", "formats", "media"},
    "verdict": {"contract"},
    "history": {"contract", "journal"},
    "fleet": {"contract", "dumps", "journal", "handset"},
    "deploy": {"contract", "tools", "formats", "handset"},
    "speech": {"contract", "media", "handset"},
    "trace": {"contract", "dumps", "handset"},
    "report": {"contract", "tools", "dumps", "history", "journal", "redaction", "verdict"},
    "scenario": {"contract", "media", "handset", "speech"},
    "doctor": {"contract", "tools", "dumps", "redaction", "deploy", "handset", "trace"},
    "session": set(ROOMS) - {"history", "redaction", "report", "virtual", "session", "doctor"},
    "plugin": set(ROOMS),
    "commands": {*ROOMS, "plugin"},  # `farm plan` plans what pytest would run
    "cli": {*ROOMS, "commands"},
}
"""Room → the rooms that it may import: the layer table of the design. Within itself a room is free."""

HEAVY = ("PIL", "adb_shell", "adbutils", "alembic", "appium", "cryptography", "espeakng_loader", "jinja2", "jiwer")
HEAVY += ("lxml", "numpy", "perfetto", "psycopg", "pydantic", "requests", "rich", "selenium", "sqlalchemy")
HEAVY += ("tree_sitter", "yaml")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(FRAMEWORK.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def room(module: str) -> str:
    """The second part of a module's name; the package itself belongs to no room."""
    return module.split(".")[1] if "." in module else ""


def imports(module: str, *, for_types: bool = True) -> Iterator[tuple[str, int]]:
    """(module of ours, line) of every import, wherever it stands; with or without those that only types need."""
    left_out = set() if for_types else {id(node) for block in _type_blocks(module) for node in ast.walk(block)}
    for node in ast.walk(TREES[module]):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names if name.name in SOURCES)
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                target = whole if whole in SOURCES else str(node.module)
                if target in SOURCES:
                    yield target, node.lineno


def _type_blocks(module: str) -> Iterator[ast.If]:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield node


def test_every_room_stands_in_the_table() -> None:
    """A new room gets its layer before its first import."""
    assert {room(module) for module in SOURCES} - {""} - set(MAY_IMPORT) == set()


def test_the_table_itself_goes_down_only() -> None:
    """No room may import one that may import it."""
    TopologicalSorter(MAY_IMPORT).prepare()


def test_imports_go_down_only() -> None:
    """Each import of another room, also one that only types need, is one that the table allows."""
    forbidden = [
        f"{SOURCES[module].relative_to(ROOT)}:{line}: {room(module)} imports {target}"
        for module in SOURCES
        for target, line in imports(module)
        if room(target) not in {"", room(module), *MAY_IMPORT.get(room(module), set())}
    ]
    assert forbidden == []


def test_no_import_cycles() -> None:
    """Not even through imports inside functions; a part may name the whole it belongs to in its annotations."""
    graph = {module: {target for target, _ in imports(module, for_types=False)} - {module} for module in SOURCES}
    try:
        TopologicalSorter(graph).prepare()
        cycle: list[str] = []
    except CycleError as error:
        cycle = error.args[1]
    assert cycle == []


def test_imports_are_absolute() -> None:
    """So that every edge can be read, by people and by this test."""
    relative = [
        f"{SOURCES[module].relative_to(ROOT)}:{node.lineno}"
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_no_file_is_too_long() -> None:
    """At most 400 lines."""
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in SOURCES.values()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    """At most 45 lines, the docstring included."""
    lengths = {
        f"{SOURCES[module].relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("arguments", [["--version"], ["--collect-only", "-q"]])
def test_the_plugin_starts_light(arguments: list[str], tmp_path: Path) -> None:
    """A pytest run without scenario files loads none of the heavy libraries on the plugin's account."""
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass\n")
    code = "import sys, pytest; pytest.main(sys.argv[1:]); print(*sorted(set(sys.modules) & set(HEAVY)), sep=',')"
    command = [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{code}", "-p", "no:cacheprovider", *arguments]
    with_plugin = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    bare = subprocess.run(
        [*command, "-p", "no:pocketfarm"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert with_plugin.stdout.splitlines()[-1] == bare.stdout.splitlines()[-1]
