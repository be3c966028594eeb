"""The story of one deployment."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from framework.contract.build import BuildSpec, Weights
from framework.contract.capabilities import Handset, Progress
from framework.contract.errors import HandsetError
from framework.contract.run import BuildIdentity
from framework.deploy.build import Build
from framework.deploy.fetch import BuildFiles, obtain
from framework.deploy.install import UNFINISHED, Placing
from framework.deploy.receipt import (
    RECEIPT,
    InstalledApk,
    PlacedFile,
    Receipt,
    now,
    read_receipt,
    who,
    write_receipt,
)

if TYPE_CHECKING:
    from framework.deploy.check import Declared


def deploy(build: Build, handset: Handset, progress: Progress | None = None) -> Receipt:
    """Bring the build onto the handset; what is there already, unchanged, is left alone.

    `progress` is told the bytes of all files together. UsageError: build.yaml or its files are wrong. AssistantError:
    Android refuses the build. HandsetError: the lab is in the way; then no receipt is left.
    """
    from framework.deploy.check import check, check_kind  # reads APK and GGUF: too dear for collection

    check_kind(build, handset)
    files = obtain(build)
    identity = _identity(build, check(build, files, handset))
    return _Deployment(build.spec, identity, files, handset, progress).run()


def undeploy(build: Build, handset: Handset) -> None:
    """Uninstall the build's package and remove its weights and the receipt."""
    handset.packages.uninstall(build.spec.package)
    for weights in build.spec.weights:
        handset.files.remove(weights.to)
        handset.files.remove(weights.to + UNFINISHED)
    handset.files.remove(RECEIPT)


class _Deployment:
    def __init__(
        self,
        spec: BuildSpec,
        identity: BuildIdentity,
        files: BuildFiles,
        handset: Handset,
        progress: Progress | None,
    ) -> None:
        self._spec, self._identity, self._files = spec, identity, files
        self._handset, self._progress = handset, progress
        self._sizes = {path: path.stat().st_size for path in (files.apk, *files.weights)}
        self._done = self._pushed = 0
        self._skipped: list[str] = []
        self._before: Receipt | None = None

    def run(self) -> Receipt:
        began = time.monotonic()
        self._before = read_receipt(self._handset.files)
        apk = self._apk()
        weights = tuple(
            self._weights(each, path) for each, path in zip(self._spec.weights, self._files.weights, strict=True)
        )
        receipt = Receipt(
            identity=self._identity,
            apk=apk,
            weights=weights,
            who=who(),
            when=now(),
            device_wall_s=self._device_wall_s(),
            seconds=round(time.monotonic() - began, 3),
            pushed_bytes=self._pushed,
            skipped=tuple(self._skipped),
        )
        write_receipt(self._handset.files, receipt)
        return receipt

    def _apk(self) -> InstalledApk:
        before, sha256, package = self._before, self._spec.apk.sha256, self._spec.package
        if before is not None and before.identity.package == package and before.apk.sha256 == sha256:
            found = self._handset.packages.info(package)
            if found and InstalledApk(sha256, found.version_code, found.code_path) == before.apk:
                self._skip(self._files.apk, self._spec.apk.source)
                return before.apk
        return self._begin(self._files.apk).install(self._files.apk, package, sha256)

    def _weights(self, weights: Weights, source: Path) -> PlacedFile:
        """Left alone if the receipt knows the file as it is, or if it proves to be the right one."""
        recorded = self._before.placed(weights.to) if self._before else None
        found = self._handset.files.stat(weights.to)
        if found is not None:
            there = PlacedFile(weights.to, weights.sha256, found.size, found.mtime)
            same_size = found.size == self._sizes[source]
            if there == recorded or (same_size and self._handset.files.sha256(weights.to) == weights.sha256):
                self._skip(source, weights.source)
                return there
        return self._begin(source).push(source, weights.to, weights.sha256)

    def _device_wall_s(self) -> int:
        printed = self._handset.shell.run("date", "+%s", check=True).text
        if not printed.isdecimal():
            raise HandsetError(self._handset.identity.name, f"`date +%s` printed {printed!r}")
        return int(printed)

    def _begin(self, source: Path) -> Placing:
        """Begin with one file: from here on the handset changes, so the old receipt is void."""
        if self._before is not None and not self._pushed:
            self._handset.files.remove(RECEIPT)
        done = self._done
        self._done += self._sizes[source]
        self._pushed += self._sizes[source]
        return Placing(self._spec.label, self._handset, lambda sent, _: self._report(done + sent))

    def _skip(self, source: Path, name: str) -> None:
        self._done += self._sizes[source]
        self._skipped.append(name)
        self._report(self._done)

    def _report(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, sum(self._sizes.values()))


def _identity(build: Build, declared: Declared) -> BuildIdentity:
    hashes = {artifact.source: artifact.sha256 for _, artifact in build.artifacts()}
    spec = build.spec
    model, scaled, weight_bytes = spec.model.name, declared.scaled, declared.weight_bytes
    return BuildIdentity(spec.name, spec.version, spec.package, model, hashes, scaled, weight_bytes)
