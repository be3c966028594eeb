"""Bringing an APK and weights onto a handset, and taking them away again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

from framework.contract.capabilities import Handset, InstallRefusedError, Progress
from framework.contract.errors import AssistantError, HandsetError
from framework.deploy.receipt import InstalledApk, PlacedFile

INSTALL_TIMEOUT_S: Final = 300.0
UNFINISHED: Final = ".part"

_REPLACED_BY_UNINSTALLING: Final = ("INSTALL_FAILED_UPDATE_INCOMPATIBLE", "INSTALL_FAILED_VERSION_DOWNGRADE")
"""Another build of the package is in the way: signed by another key, or newer."""

LAB_REFUSALS: Final = MappingProxyType(
    {
        "INSTALL_FAILED_INSUFFICIENT_STORAGE": "free space on the handset",
        "INSTALL_FAILED_USER_RESTRICTED": 'turn on "Install via USB" in the developer options and accept on the screen',
        "INSTALL_FAILED_ABORTED": "accept the installation on the screen",
        "INSTALL_FAILED_VERIFICATION_FAILURE": 'turn off "Verify apps over USB" in the developer options',
        "INSTALL_FAILED_VERIFICATION_TIMEOUT": 'turn off "Verify apps over USB" in the developer options',
        "INSTALL_FAILED_MEDIA_UNAVAILABLE": "unlock the handset and wait until its storage is mounted",
        "INSTALL_FAILED_CONTAINER_ERROR": "restart the handset",
        "INSTALL_FAILED_INTERNAL_ERROR": "restart the handset",
        "UNKNOWN": "install the APK by hand with adb to see what happens",
    }
)
"""Refusals that say nothing about the build (names: AOSP PackageManager), each with its mend."""


class Placing:
    """Puts the files of one build onto one handset; `report` is told the bytes of each step as they go."""

    def __init__(self, build: str, handset: Handset, report: Progress) -> None:
        self._build, self._handset, self._report = build, handset, report

    def install(self, apk: Path, package: str, sha256: str) -> InstalledApk:
        """AssistantError where Android refuses the build, HandsetError where the lab is in the way."""
        self._refusals(lambda: self._install_over(apk, package))
        found = self._handset.packages.info(package)
        if found is None:
            raise HandsetError(self._name, f"{package} is not there after its installation")
        return InstalledApk(sha256, found.version_code, found.code_path)

    def push(self, source: Path, path: str, sha256: str) -> PlacedFile:
        """Under another name first, so that `path` is never half a file or a damaged one."""
        files, unfinished = self._handset.files, path + UNFINISHED
        files.mkdir(path.rpartition("/")[0])
        try:
            files.push(source, unfinished, progress=self._report)
            actual = files.sha256(unfinished)
            if actual != sha256:
                what = f"{path} arrived with sha256 {actual}, expected {sha256}"
                raise HandsetError(self._name, what, "try again; if it stays so, change the cable or the handset")
            files.rename(unfinished, path)
        except HandsetError:
            with suppress(HandsetError):
                files.remove(unfinished)
            raise
        return self._placed(path, sha256)

    def _install_over(self, apk: Path, package: str) -> None:
        try:
            self._install(apk)
        except InstallRefusedError as refusal:
            if refusal.code not in _REPLACED_BY_UNINSTALLING:
                raise
            self._handset.packages.uninstall(package)
            self._install(apk)

    def _install(self, apk: Path) -> None:
        self._handset.packages.install(apk, progress=self._report, timeout_s=INSTALL_TIMEOUT_S)

    def _refusals(self, install: Callable[[], None]) -> None:
        try:
            install()
        except InstallRefusedError as refusal:
            if refusal.code in LAB_REFUSALS:
                raise HandsetError(self._name, str(refusal), LAB_REFUSALS[refusal.code]) from refusal
            raise AssistantError(self._build, f"{self._name} refuses its APK: {refusal}") from refusal

    def _placed(self, path: str, sha256: str) -> PlacedFile:
        found = self._handset.files.stat(path)
        if found is None:
            raise HandsetError(self._name, f"{path} is gone")
        return PlacedFile(path, sha256, found.size, found.mtime)

    @property
    def _name(self) -> str:
        return self._handset.identity.name
