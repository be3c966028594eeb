"""Installing and removing through `cmd package`: whole, or in sessions (AOSP PackageManagerShellCommand.java)."""

from __future__ import annotations

from dataclasses import dataclass

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import Call, Subcommand
from framework.virtual.android.installer import InstallError, InstallOptions, Session
from framework.virtual.system.openfile import OpenFile

CHUNK = 1 << 18
WITH_VALUE = ("--user", "--abi", "--install-location", "--install-reason", "--originating-uri", "--referrer")
WITHOUT_VALUE = ("-l", "-s", "-f", "-r", "--dont-kill", "--instant", "--full", "--fastdeploy", "--no-streaming")
"""Options that an emulated handset reads without any effect; `-r` is Android's default."""


@dataclass(frozen=True, slots=True)
class _Request:
    options: InstallOptions
    size: int | None


class _FileReader:
    """A file of the handset as a stream."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file

    async def read(self, n: int = CHUNK, /) -> bytes:
        return self._file.read(n)

    async def readline(self) -> bytes:
        return self._file.readline()


async def _install(call: Call, arguments: Arguments) -> int:
    request = _request(arguments)
    path = arguments.argument()
    if path in (None, "-") and request.size is None:
        await call.err("Error: must either specify a package size or an APK file\n")
        return 1
    try:
        session = call.device.installer.create(request.options, request.size or 0)
        await _fill(call, session, path, request.size)
        await call.device.installer.commit(session)
    except InstallError as fault:
        return await _failure(call, fault)
    await call.out("Success\n")
    return 0


async def _fill(call: Call, session: Session, path: str | None, size: int | None) -> None:
    installer = call.device.installer
    try:
        if path in (None, "-"):
            await installer.write(session, "base", call.stdin, size)
        else:
            with _open_for_system(call, path) as file:
                await installer.write(session, "base", _FileReader(file), None)
    except BaseException:
        installer.abandon(session)
        raise


async def _install_create(call: Call, arguments: Arguments) -> int:
    request = _request(arguments)
    try:
        session = call.device.installer.create(request.options, request.size or 0)
    except InstallError as fault:
        return await _failure(call, fault)
    await call.out(f"Success: created install session [{session.id}]\n")
    return 0


async def _install_write(call: Call, arguments: Arguments) -> int:
    size = _request(arguments).size
    session = _session(call, arguments)
    name, path = arguments.required(), arguments.argument()
    if "/" in name:
        raise ArgumentError(f"Invalid name: {name}")
    try:
        if path in (None, "-"):
            written = await call.device.installer.write(session, name, call.stdin, size)
        else:
            with _open_for_system(call, path) as file:
                written = await call.device.installer.write(session, name, _FileReader(file), size)
    except InstallError as fault:
        return await _failure(call, fault)
    await call.out(f"Success: streamed {written} bytes\n")
    return 0


async def _install_add_session(call: Call, arguments: Arguments) -> int:
    """Sessions to be installed with another one."""
    parent = _session(call, arguments)
    if not parent.options.many:
        raise ArgumentError(f"Session {parent.id} is no multi-package session")
    while (word := arguments.argument()) is not None:
        parent.children.append(_session(call, Arguments((word,))))
    await call.out("Success\n")
    return 0


async def _install_commit(call: Call, arguments: Arguments) -> int:
    while arguments.option() is not None:
        pass
    try:
        await call.device.installer.commit(_session(call, arguments))
    except InstallError as fault:
        return await _failure(call, fault)
    await call.out("Success\n")
    return 0


async def _install_abandon(call: Call, arguments: Arguments) -> int:
    call.device.installer.abandon(_session(call, arguments))
    await call.out("Success\n")
    return 0


async def _uninstall(call: Call, arguments: Arguments) -> int:
    keep, of_user = False, False
    while (option := arguments.option()) is not None:
        if option == "-k":
            keep = True
        elif option in ("--user", "--versionCode"):
            arguments.required()
            of_user = of_user or option == "--user"
        else:
            await call.err(f"Error: Unknown option: {option}\n")
            return 1
    removed = call.device.installer.uninstall(arguments.required(), keep_data=keep, of_user=of_user)
    await call.out("Success\n" if removed else "Failure [DELETE_FAILED_INTERNAL_ERROR]\n")
    return 0 if removed else 1


SUBCOMMANDS: tuple[tuple[str, Subcommand], ...] = (
    ("install", _install),
    ("install-create", _install_create),
    ("install-write", _install_write),
    ("install-add-session", _install_add_session),
    ("install-commit", _install_commit),
    ("install-abandon", _install_abandon),
    ("uninstall", _uninstall),
)


def _request(arguments: Arguments) -> _Request:
    replace, downgrade, grant, installer, size = True, False, False, "com.android.shell", None
    test_only, old_target, inherit, many = False, False, None, False
    while (option := arguments.option()) is not None:
        if option == "-R":
            replace = False
        elif option == "-d":
            downgrade = True
        elif option == "-g":
            grant = True
        elif option == "-t":
            test_only = True
        elif option == "-p":
            inherit = arguments.required()
        elif option == "--multi-package":
            many = True
        elif option == "--bypass-low-target-sdk-block":
            old_target = True
        elif option == "-i":
            installer = arguments.required()
        elif option == "-S":
            size = _size(arguments.required())
        elif option in WITH_VALUE:
            arguments.required()
        elif option not in WITHOUT_VALUE:
            raise ArgumentError(f"Unknown option {option}")
    options = InstallOptions(replace, downgrade, grant, installer, test_only, old_target, inherit, many)
    return _Request(options, size)


def _size(word: str) -> int:
    if not word.isdecimal() or word == "0":
        raise ArgumentError("APK size must be positive")
    return int(word)


def _session(call: Call, arguments: Arguments) -> Session:
    word = arguments.required()
    session = call.device.installer.session(int(word)) if word.isdecimal() else None
    if session is None:
        raise ArgumentError(f"Unknown session {word}")
    return session


def _open_for_system(call: Call, path: str) -> OpenFile:
    """The system server reads files that the shell names, those it has the right to."""
    try:
        return call.device.files.open(path, uid=call.uid)
    except OSError:
        raise ArgumentError(f"Error: Can't open file: {path}") from None


async def _failure(call: Call, fault: InstallError) -> int:
    await call.out(f"Failure [{fault}]\n")
    return 1
