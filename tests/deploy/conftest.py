"""Builds small enough for a test, and a handset in memory whose faults can be chosen."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from framework.contract.capabilities import (
    FileStat,
    Handset,
    InstallRefusedError,
    PackageInfo,
    Progress,
    ShellResult,
)
from framework.contract.run import HandsetIdentity
from framework.deploy import Build, load_build
from framework.formats.apk import read_apk
from framework.formats.demonstration import PACKAGE, Demonstration
from framework.formats.scaled_model import ScaledModel

MODEL = ScaledModel(
    name="Tiny", size_label="1M", layers=1, width=64, feed_forward=64, heads=2, kv_heads=1,
    vocabulary=96, context=64, scale=Fraction(1, 2),
)  # fmt: skip
WEIGHTS_AT = "/data/local/tmp/pocketfarm/models/tiny.gguf"


@dataclass
class FakeFiles:
    """The handset's files: path → (content, mtime). `damage` is done to whatever is pushed."""

    content: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    damage: Callable[[bytes], bytes] = bytes
    pushed: list[str] = field(default_factory=list)
    hashed: list[str] = field(default_factory=list)

    def stat(self, path: str) -> FileStat | None:
        found = self.content.get(path)
        return FileStat(0o100644, len(found[0]), found[1]) if found else None

    def push(self, source: Path | bytes, path: str, *, mode: int = 0o644, progress: Progress | None = None) -> None:
        data, mtime = (source, 7) if isinstance(source, bytes) else (source.read_bytes(), int(source.stat().st_mtime))
        self.pushed.append(path)
        self.content[path] = (self.damage(data), mtime)
        if progress is not None:
            progress(len(data) // 2, len(data))
            progress(len(data), len(data))

    def read(self, path: str, *, limit: int = 64 << 20) -> bytes:
        return self.content[path][0]

    def sha256(self, path: str) -> str | None:
        self.hashed.append(path)
        return hashlib.sha256(self.content[path][0]).hexdigest() if path in self.content else None

    def mkdir(self, path: str) -> None:
        pass

    def remove(self, path: str) -> None:
        self.content.pop(path, None)

    def rename(self, path: str, new_path: str) -> None:
        self.content[new_path] = self.content.pop(path)


@dataclass
class FakePackages:
    """Installed packages; `refusals` are given in turn before an installation succeeds."""

    installed: dict[str, PackageInfo] = field(default_factory=dict)
    refusals: list[InstallRefusedError] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def install(self, apk: Path, *, progress: Progress | None = None, timeout_s: float = 180) -> None:
        self.calls.append("install")
        if self.refusals:
            raise self.refusals.pop(0)
        info = read_apk(apk)
        place = f"/data/app/~~{len(self.calls)}/{info.package}"
        self.installed[info.package] = PackageInfo(info.package, info.version_name, info.version_code, place)
        if progress is not None:
            progress(apk.stat().st_size, apk.stat().st_size)

    def uninstall(self, package: str) -> bool:
        self.calls.append("uninstall")
        return self.installed.pop(package, None) is not None

    def info(self, package: str) -> PackageInfo | None:
        return self.installed.get(package)


@dataclass
class FakeShell:
    answers: dict[tuple[str, ...], str]

    def run(self, *argv: str, check: bool = False, **_: Any) -> ShellResult:
        return ShellResult(0, (self.answers[argv] + "\n").encode(), b"")


BENCH = HandsetIdentity(
    "bench", "1", "Maker", "Model", "SoC", "14", 34, 8, foldable=False, emulated=True, fingerprint="f"
)
ANSWERS: dict[tuple[str, ...], str] = {("date", "+%s"): "1700000000", ("getprop", "ro.product.cpu.abilist"): "x86"}


@dataclass
class FakeHandset:
    files: FakeFiles = field(default_factory=FakeFiles)
    packages: FakePackages = field(default_factory=FakePackages)
    shell: FakeShell = field(default_factory=lambda: FakeShell(ANSWERS))
    identity: HandsetIdentity = BENCH

    def changed(self, **identity: Any) -> FakeHandset:
        """This handset with another identity."""
        return replace(self, identity=replace(self.identity, **identity))

    @property
    def real(self) -> Handset:
        """As the farm sees it."""
        return cast("Handset", self)


@pytest.fixture
def fake() -> FakeHandset:
    return FakeHandset()


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, str]:
    """An APK and weights, with their sha256."""
    folder = tmp_path_factory.mktemp("generated")
    return Demonstration("Tiny", 3, "3.1", MODEL).write(folder / "tiny.apk", folder / "tiny.gguf")


MakeBuild = Callable[..., Build]


@pytest.fixture
def make_build(tmp_path: Path, generated: Mapping[Path, str]) -> MakeBuild:
    """Write a build.yaml beside its files; keywords replace keys of it."""

    def make(**changes: Any) -> Build:
        for path in generated:
            shutil.copy(path, tmp_path)
        apk, weights = generated.values()
        content = {
            "name": "tiny",
            "version": "3.1",
            "package": PACKAGE,
            "activity": ".ConversationActivity",
            "emulated": "true",
            "apk": {"file": "tiny.apk", "sha256": apk},
            "weights": [{"file": "tiny.gguf", "sha256": weights, "to": WEIGHTS_AT}],
            "model": {"name": "Tiny", "parameters": MODEL.parameters, "quantization": "Q8_0"},
            "text": {"intent": {"action": f"{PACKAGE}.ASK", "extra": "text"}},
            **changes,
        }
        (tmp_path / "build.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
        return load_build(tmp_path / "build.yaml")

    return make
