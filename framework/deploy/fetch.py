"""The files of a build on the host: made, found or downloaded, and never used without their sha256 being right."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from framework.contract.build import Artifact, artifact_path
from framework.contract.errors import HandsetError, UsageError
from framework.deploy.build import Build
from framework.tools import cache

if TYPE_CHECKING:
    import requests

    from framework.contract.yaml_tree import KeyPath

GENERATE_TIMEOUT_S: Final = 300.0
DOWNLOAD_TIMEOUT_S: Final = 3600.0
_ANSWER_TIMEOUT_S: Final = 30.0
_PIECE: Final = 1 << 20
_HOST: Final = "this host"


@dataclass(frozen=True, slots=True)
class BuildFiles:
    """Where the files of a build lie on the host; `weights` in the order of build.yaml."""

    apk: Path
    weights: tuple[Path, ...]


def obtain(build: Build) -> BuildFiles:
    """All files of the build, with the right content.

    UsageError names a file that is missing or wrong; HandsetError when the network fails.
    """
    if build.spec.generate is not None and not all(_is_right(build, artifact) for _, artifact in build.artifacts()):
        _generate(build, build.spec.generate)
    apk, *weights = (_obtain_one(build, key, artifact) for key, artifact in build.artifacts())
    return BuildFiles(apk, tuple(weights))


def cache_folder() -> Path:
    """Where downloads are kept, each under its sha256."""
    return cache.cache_folder() / "artifacts"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_right(build: Build, artifact: Artifact) -> bool:
    path = artifact_path(build.file, artifact)
    return path is None or (path.is_file() and file_sha256(path) == artifact.sha256)


def _generate(build: Build, script: str) -> None:
    """Run the build's generator beside build.yaml, with our own Python."""
    command = [sys.executable, str((build.file.parent / script).resolve())]
    try:
        done = subprocess.run(
            command,
            cwd=build.file.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=GENERATE_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise build.fault(f"{script} did not end within {GENERATE_TIMEOUT_S:.0f} s", "generate") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise build.fault(f"{script} ended with exit code {done.returncode}: {last}", "generate")


def _obtain_one(build: Build, key: KeyPath, artifact: Artifact) -> Path:
    path = artifact_path(build.file, artifact)
    if path is None:
        return _Download(build, key, artifact).path()
    if not path.is_file():
        raise build.fault(f"{artifact.file}: no such file", *key, "file")
    _check_sha256(build, key, artifact, file_sha256(path))
    return path


def _check_sha256(build: Build, key: KeyPath, artifact: Artifact, actual: str) -> None:
    if actual != artifact.sha256:
        message = f"{artifact.source} has sha256 {actual}, expected {artifact.sha256}"
        raise build.fault(message, *key, "sha256")


class _Download:
    """One file from a URL, by way of the cache."""

    def __init__(self, build: Build, key: KeyPath, artifact: Artifact) -> None:
        self._build, self._key, self._artifact = build, key, artifact

    def path(self) -> Path:
        cached = cache_folder() / self._artifact.sha256
        if not cached.is_file() or file_sha256(cached) != self._artifact.sha256:
            self._fetch(cached)
        return cached

    def _fetch(self, cached: Path) -> None:
        cached.parent.mkdir(parents=True, exist_ok=True)
        unfinished = cached.with_name(f"{cached.name}.{os.getpid()}")
        try:
            with unfinished.open("wb") as file, self._response() as response:
                actual = self._copy(response, file)
            _check_sha256(self._build, self._key, self._artifact, actual)
            unfinished.replace(cached)
        finally:
            unfinished.unlink(missing_ok=True)

    @contextmanager
    def _response(self) -> Iterator[requests.Response]:
        import requests

        url = self._artifact.source
        try:
            with requests.get(url, stream=True, timeout=_ANSWER_TIMEOUT_S) as response:
                self._check(response)
                yield response
        except requests.RequestException as error:
            mend = f"check the network, or put the file at {cache_folder() / self._artifact.sha256}"
            raise HandsetError(_HOST, f"{url} cannot be fetched: {type(error).__name__}", mend) from error

    def _check(self, response: requests.Response) -> None:
        if not response.url.startswith("https://"):
            raise self._fault(f"leads to {response.url}, which is not https")
        if 400 <= response.status_code < 500:
            raise self._fault(f"answered {response.status_code} {response.reason}")
        response.raise_for_status()

    def _copy(self, response: requests.Response, file: BinaryIO) -> str:
        """Write the content as it comes; gives its sha256."""
        deadline = time.monotonic() + DOWNLOAD_TIMEOUT_S
        digest = hashlib.sha256()
        for piece in response.iter_content(_PIECE):
            if time.monotonic() > deadline:
                raise HandsetError(_HOST, f"{self._artifact.source} was not fetched in {DOWNLOAD_TIMEOUT_S:.0f} s")
            digest.update(piece)
            file.write(piece)
        return digest.hexdigest()

    def _fault(self, what: str) -> UsageError:
        return self._build.fault(f"{self._artifact.source} {what}", *self._key, "url")
