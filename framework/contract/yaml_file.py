"""Reading the files that people write: strictly, and with every fault named by file, line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from framework.contract.errors import Problem, UsageError
from framework.contract.record import Record, nearest, quoted
from framework.contract.yaml_tree import MAX_NODES, Tree, parse

MAX_BYTES = 1 << 20
MAX_PROBLEMS = 20

T = TypeVar("T", bound=Record)


def load(path: Path, model: type[T]) -> T:
    """The record of a file; UsageError with all faults of the file, in the order of its lines."""
    return validate(read(path), model, shown(path))


def validate(tree: Tree, model: type[T], file: str) -> T:
    """The record of a tree that was read from `file`."""
    _refuse_other_files(tree, model, file)
    faults = list(tree.problems)
    try:
        record = model.model_validate(tree.data)
    except ValidationError as error:
        from framework.contract.explain import problems

        faults += problems(error, model, tree, file)
    else:
        if not faults:
            return record
    raise UsageError(*_in_order(faults, file))


def read(path: Path, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_NODES) -> Tree:
    """The data of a file, whatever it describes; UsageError where it is no YAML, or too large."""
    file = shown(path)
    tree = parse(_text(path, file, max_bytes), file, max_nodes)
    if tree.data is None:
        raise UsageError(*(tree.problems or [Problem("the file is empty", file)]))
    return tree


def shown(path: Path) -> str:
    """How messages name a file: relative to the working directory where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _text(path: Path, file: str, max_bytes: int) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except OSError as error:
        raise UsageError(Problem(_words(error), file)) from None
    if len(content) > max_bytes:
        raise UsageError(Problem(f"larger than {max_bytes >> 20} MiB", file))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UsageError(Problem("UTF-16; save the file as UTF-8", file))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(Problem(f"not UTF-8: byte 0x{content[error.start]:02x}", file, line)) from None


def _words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "a directory, not a file"
    return f"cannot be read: {error.strerror}"


def _refuse_other_files(tree: Tree, model: type[Record], file: str) -> None:
    """One message, not one for each key, where the file is something else altogether."""
    title, known = model.model_config.get("title") or model.__name__, tuple(model.model_fields)
    data: Any = tree.data
    if not isinstance(data, dict):
        found = quoted(data)
        raise UsageError(
            *tree.problems, Problem(f"expected a {title} (key: value), found {found}", file, tree.line(()))
        )
    if not any(key in known or nearest(key, known) for key in data):
        message = f"not a {title}: it has none of the keys {', '.join(known)}"
        raise UsageError(*tree.problems, Problem(message, file, tree.line(())))


def _in_order(faults: list[Problem], file: str) -> list[Problem]:
    """Sorted by line, one for each place, and not more than anyone reads at once."""
    places: dict[tuple[str | None, int | None], Problem] = {}
    for fault in faults:
        places.setdefault((fault.key, None if fault.key else fault.line), fault)
    ordered = sorted(places.values(), key=lambda fault: fault.line or 0)
    hidden = len(ordered) - MAX_PROBLEMS
    more = [Problem(f"and {hidden} more", file)] if hidden > 0 else []
    return ordered[:MAX_PROBLEMS] + more
