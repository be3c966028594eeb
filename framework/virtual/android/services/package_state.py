"""What a user has of the packages, and whether they may run (AOSP PackageManagerShellCommand.java)."""

from __future__ import annotations

from types import MappingProxyType

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, Subcommand
from framework.virtual.android.packages import (
    STATE_DEFAULT,
    STATE_DISABLED,
    STATE_DISABLED_USER,
    STATE_ENABLED,
    Package,
)

STATE_NAMES = MappingProxyType(
    {
        STATE_DEFAULT: "default",
        STATE_ENABLED: "enabled",
        STATE_DISABLED: "disabled",
        STATE_DISABLED_USER: "disabled-user",
    }
)
UNITS = MappingProxyType({"K": 1 << 10, "M": 1 << 20, "G": 1 << 30})
MOST_USERS = 4


async def _enable(call: Call, arguments: Arguments) -> int:
    return await _set_state(call, arguments, STATE_ENABLED)


async def _default(call: Call, arguments: Arguments) -> int:
    return await _set_state(call, arguments, STATE_DEFAULT)


async def _disable_user(call: Call, arguments: Arguments) -> int:
    return await _set_state(call, arguments, STATE_DISABLED_USER)


async def _disable(call: Call, arguments: Arguments) -> int:
    """Not for shell, but of packages that are for tests only."""
    package = _known(call, arguments)
    if not package.test_only:
        fault = f"java.lang.SecurityException: Shell cannot change component state for {package.name}/null to 2"
        await call.err(f"\nException occurred while executing 'disable':\n{fault}\n")
        return FAILED
    return await _changed(call, package, STATE_DISABLED)


async def _set_state(call: Call, arguments: Arguments, state: int) -> int:
    return await _changed(call, _known(call, arguments), state)


async def _changed(call: Call, package: Package, state: int) -> int:
    package.state = state
    if not package.enabled:
        call.device.packages.stop(package.name)
    await call.out(f"Package {package.name} new state: {STATE_NAMES[state]}\n")
    return 0


async def _suspend(call: Call, arguments: Arguments) -> int:
    return await _set_suspended(call, arguments, suspended=True)


async def _unsuspend(call: Call, arguments: Arguments) -> int:
    return await _set_suspended(call, arguments, suspended=False)


async def _set_suspended(call: Call, arguments: Arguments, *, suspended: bool) -> int:
    package = _known(call, arguments)
    package.suspended = suspended
    await call.out(f"Package {package.name} new suspended state: {str(suspended).lower()}\n")
    return 0


async def _install_existing(call: Call, arguments: Arguments) -> int:
    """Give the user a package that is there."""
    _skip_options(arguments)
    name = arguments.required()
    package = call.device.packages.known(name)
    if package is None:
        await call.err(f"android.content.pm.PackageManager$NameNotFoundException: Package {name} doesn't exist\n")
        return 1
    package.installed = True
    await call.out(f"Package {name} installed for user: 0\n")
    return 0


async def _trim_caches(call: Call, arguments: Arguments) -> int:
    """Delete caches of apps until so much is free (`999G`: all of them)."""
    wanted, files = _size(arguments.required()), call.device.files
    for package in call.device.packages.all():
        if files.free_bytes() >= wanted:
            break
        cache = f"{package.data_dir}/cache"
        for name in files.listdir(cache) if files.exists(cache) else ():
            files.remove_tree(f"{cache}/{name}")
    return 0


async def _set_installer(call: Call, arguments: Arguments) -> int:
    package = _known(call, arguments)
    package.installer = arguments.required()
    await call.out("Success\n")
    return 0


async def _install_location(call: Call, arguments: Arguments) -> int:
    await call.out("0[auto]\n")
    return 0


async def _max_users(call: Call, arguments: Arguments) -> int:
    await call.out(f"Maximum supported users: {MOST_USERS}\n")
    return 0


def _known(call: Call, arguments: Arguments) -> Package:
    _skip_options(arguments)
    name = arguments.required()
    package = call.device.packages.get(name)
    if package is None:
        raise ArgumentError(f"Unknown package: {name}")
    return package


def _skip_options(arguments: Arguments) -> None:
    while (option := arguments.option()) is not None:
        if option in ("--user", "--dialogMessage"):
            arguments.required()


def _size(word: str) -> int:
    number, unit = (word[:-1], word[-1].upper()) if word[-1:].upper() in UNITS else (word, "")
    if not number.isdecimal():
        raise ArgumentError(f"Invalid suffix: {word[-1:]}")
    return int(number) * UNITS.get(unit, 1)


SUBCOMMANDS: tuple[tuple[str, Subcommand], ...] = (
    ("enable", _enable),
    ("disable", _disable),
    ("disable-user", _disable_user),
    ("default-state", _default),
    ("suspend", _suspend),
    ("unsuspend", _unsuspend),
    ("install-existing", _install_existing),
    ("trim-caches", _trim_caches),
    ("set-installer", _set_installer),
    ("get-install-location", _install_location),
    ("get-max-users", _max_users),
)
