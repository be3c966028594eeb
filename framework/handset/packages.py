"""Apps of the handset: installing, starting, stopping."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from framework.contract.capabilities import InstallRefusedError, PackageInfo, Progress, Shell, ShellResult
from framework.contract.errors import AssistantError, HandsetError
from framework.dumps import am_start, dumpsys_package, install_output
from framework.handset.android import not_up
from framework.handset.connection import Connection, Deadline, Stream, StreamClosedError
from framework.handset.files import HandsetFiles

INSTALL_OPTIONS = ("-r", "-t", "-g")
"""Replace, take test builds, grant what the app asks for at run time (the microphone)."""

_PIECE = 1 << 20
_START_S = 60.0
_FOLDER = "/data/local/tmp"
_INT32 = range(-(2**31), 2**31)


class HandsetPackages:
    """`contract.capabilities.Packages`, by the shell's own commands."""

    def __init__(self, handset: str, connection: Connection, shell: Shell, files: HandsetFiles) -> None:
        self._handset, self._connection = handset, connection
        self._shell, self._files = shell, files

    def install(self, apk: Path, *, progress: Progress | None = None, timeout_s: float = 180) -> None:
        deadline = Deadline(timeout_s, self._handset, f"installing {apk.name}")
        service = self._streaming_service(apk.stat().st_size)
        with deadline:
            if service is None:
                printed = self._install_from_file(apk, deadline, progress)
            else:
                printed = self._install_by_stream(service, apk, deadline, progress)
        if (down := not_up(self._handset, printed)) is not None:
            raise down
        outcome = install_output.parse(printed)
        if not outcome.succeeded:
            raise InstallRefusedError(outcome.code, outcome.message)

    def uninstall(self, package: str) -> bool:
        if self.info(package) is None:
            return False
        outcome = install_output.parse(self._shell.run("pm", "uninstall", package, timeout_s=60).text)
        if not outcome.succeeded:
            raise HandsetError(self._handset, f"{package} stays installed: {outcome.code} {outcome.message}".rstrip())
        return True

    def info(self, package: str) -> PackageInfo | None:
        dump = self._up(self._shell.run("dumpsys", "package", package)).text
        found = dumpsys_package.parse_packages(dump).get(package)
        if found is None:
            return None
        return PackageInfo(package, found.version_name or "", found.version_code or 0, found.code_path or "")

    def start(
        self, component: str, *, action: str | None = None, extras: Mapping[str, str | int | bool] | None = None
    ) -> None:
        named = ("-a", action) if action else ()
        given = (part for key, value in (extras or {}).items() for part in _extra(key, value))
        result = self._shell.run("am", "start", "-W", "-n", component, *named, *given, timeout_s=_START_S)
        complained = result.stderr.decode("utf-8", "replace")
        if (down := not_up(self._handset, complained)) is not None:
            raise down
        error = am_start.parse(result.text).error or am_start.parse(complained).error
        if error:
            raise AssistantError(component.partition("/")[0], error)
        if result.exit != 0:
            raise HandsetError(self._handset, f"`am start` ended with {result.exit}: {result.text[-200:]}")

    def stop(self, package: str) -> None:
        self._up(self._shell.run("am", "force-stop", package))

    def pid(self, package: str) -> int | None:
        found = self._shell.run("pidof", package).text.split()
        return int(found[0]) if found else None

    def _up(self, result: ShellResult) -> ShellResult:
        """HandsetError when a service is not there, or has refused."""
        complained = result.stderr.decode("utf-8", "replace")
        down = not_up(self._handset, complained)
        if down is not None:
            raise down
        if result.exit != 0:
            raise HandsetError(self._handset, f"its package manager ended with {result.exit}: {complained[-200:]}")
        return result

    # -- installing ----------------------------------------------------------------------------------------------

    def _streaming_service(self, size: int) -> str | None:
        """The newest way of streaming an APK that the handset has, as adb chooses it; None before Android 7."""
        arguments = ("install", *INSTALL_OPTIONS, "-S", str(size))
        if "abb_exec" in self._connection.features:
            return "abb_exec:" + "\0".join(("package", *arguments))
        if "cmd" in self._connection.features:
            return "exec:cmd package " + " ".join(arguments)
        return None

    def _install_by_stream(self, service: str, apk: Path, deadline: Deadline, progress: Progress | None) -> str:
        with closing(self._connection.open(service, deadline.remaining())) as stream:
            with suppress(StreamClosedError):  # it has refused before it had everything: its words are still to come
                _write_file(stream, apk, deadline, progress)
            return _read_all(stream, deadline)

    def _install_from_file(self, apk: Path, deadline: Deadline, progress: Progress | None) -> str:
        path = f"{_FOLDER}/pocketfarm-install.apk"
        self._files.push(apk, path, progress=progress)
        try:
            result = self._shell.run("pm", "install", *INSTALL_OPTIONS, path, timeout_s=deadline.remaining())
        finally:
            self._files.remove(path)
        return result.text + "\n" + result.stderr.decode("utf-8", "replace")


def _write_file(stream: Stream, apk: Path, deadline: Deadline, progress: Progress | None) -> None:
    total, done = apk.stat().st_size, 0
    with apk.open("rb") as file:
        while piece := file.read(_PIECE):
            stream.write(piece, deadline.remaining())
            done += len(piece)
            if progress is not None:
                progress(done, total)


def _read_all(stream: Stream, deadline: Deadline) -> str:
    printed = b""
    while data := stream.read(deadline.remaining()):
        printed += data
    return printed.decode("utf-8", "replace")


def _extra(key: str, value: str | int | bool) -> tuple[str, str, str]:
    if isinstance(value, bool):
        return ("--ez", key, str(value).lower())
    if isinstance(value, int):
        return ("--ei" if value in _INT32 else "--el", key, str(value))
    return ("--es", key, value)
