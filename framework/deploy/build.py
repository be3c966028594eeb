"""A build as it lies on the host: its file and what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framework.contract.build import Artifact, BuildSpec
from framework.contract.errors import Problem, UsageError
from framework.contract.yaml_file import load, read, shown
from framework.contract.yaml_tree import KeyPath, path_text

BUILD_FILE = "build.yaml"


@dataclass(frozen=True, slots=True)
class Build:
    """`file` is the build.yaml that `spec` was read from."""

    file: Path
    spec: BuildSpec

    def artifacts(self) -> Iterator[tuple[KeyPath, Artifact]]:
        """The APK, then the weights, each with its key in the file."""
        yield ("apk",), self.spec.apk
        for number, weights in enumerate(self.spec.weights):
            yield ("weights", number), weights

    def fault(self, message: str, *key: str | int, suggestion: str | None = None) -> UsageError:
        """What is wrong with the file at `key`."""
        line = read(self.file).line(key) if key else None
        return UsageError(Problem(message, shown(self.file), line, path_text(key) or None, suggestion))


def load_build(path: Path) -> Build:
    """Read a build.yaml, or the one in a folder; UsageError says what is wrong with it."""
    file = path / BUILD_FILE if path.is_dir() else path
    return Build(file, load(file, BuildSpec))
