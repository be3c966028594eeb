"""`cmd package` (pm): AOSP PackageManagerShellCommand.java. Installing is in package_install.py."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.packages import Package
from framework.virtual.android.permission_names import DANGEROUS
from framework.virtual.android.services import package_install, package_resolve, package_state
from framework.virtual.android.services.package_dump import dump as dump

FEATURES = (
    "android.hardware.microphone",
    "android.hardware.ram.normal",
    "android.hardware.touchscreen.multitouch",
    "android.software.device_admin",
)

LIBRARIES = (
    "android.ext.shared",
    "android.test.base",
    "android.test.mock",
    "android.test.runner",
    "org.apache.http.legacy",
)

PERMISSION_GROUPS = (
    *("CONTACTS", "CALENDAR", "SMS", "STORAGE", "READ_MEDIA_VISUAL", "READ_MEDIA_AURAL", "LOCATION", "CALL_LOG"),
    *("PHONE", "MICROPHONE", "ACTIVITY_RECOGNITION", "CAMERA", "SENSORS", "NEARBY_DEVICES", "NOTIFICATIONS"),
)


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            *package_install.SUBCOMMANDS,
            ("list", _list),
            ("has-feature", _has_feature),
            ("path", _path),
            ("dump", _dump),
            ("clear", _clear),
            ("grant", _grant),
            ("revoke", _revoke),
            *package_resolve.SUBCOMMANDS,
            ("reset-permissions", _reset_permissions),
            *package_state.SUBCOMMANDS,
        ),
    )


async def _list(call: Call, arguments: Arguments) -> int:
    what = arguments.required()
    if what in ("packages", "package"):
        return await _list_packages(call, arguments)
    if what == "features":
        lines = [f"feature:{name}" for name in FEATURES]
    elif what == "instrumentation":
        lines = [
            f"instrumentation:{package.name}/{each.name} (target={each.target_package})"
            for package in call.device.packages.all()
            for each in package.instrumentations
        ]
    elif what in ("permissions", "permission-groups"):
        lines = _permission_lines(call, groups=what == "permission-groups")
    elif what == "libraries":
        lines = [f"library:{name}" for name in LIBRARIES]
    elif what == "users":
        lines = ["Users:", "\tUserInfo{0:Owner:4c13} running"]
    else:
        await call.err(f"Error: unknown list type '{what}'\n")
        return FAILED
    await call.out("".join(f"{line}\n" for line in lines))
    return 0


def _permission_lines(call: Call, *, groups: bool) -> list[str]:
    """Those that the packages ask for, and those that the user is asked for; or the groups of AOSP."""
    asked = {name for package in call.device.packages.all() for name in package.permissions} | DANGEROUS
    if groups:
        return [f"permission group:android.permission-group.{name}" for name in PERMISSION_GROUPS]
    return ["All Permissions:", "", *(f"permission:{name}" for name in sorted(asked))]


async def _has_feature(call: Call, arguments: Arguments) -> int:
    """The status tells too: 1 where it is not there."""
    known = arguments.required() in FEATURES
    await call.out(f"{str(known).lower()}\n")
    return 0 if known else 1


async def _list_packages(call: Call, arguments: Arguments) -> int:
    flags = set[str]()
    while (option := arguments.option()) is not None:
        if option == "--user":
            arguments.required()
        elif option not in ("-f", "-3", "-s", "-i", "-U", "-e", "-d", "-u", "-a", "-l", "--show-versioncode"):
            await call.err(f"Error: Unknown option: {option}\n")
            return FAILED
        flags.add(option)
    wanted = arguments.argument() or ""
    packages = call.device.packages.all_known() if "-u" in flags else call.device.packages.all()
    for package in packages:
        if wanted in package.name and _listed(package, flags):
            await call.out(_list_line(package, flags))
    return 0


def _listed(package: Package, flags: set[str]) -> bool:
    hidden = ("-3" in flags and package.system) or ("-s" in flags and not package.system)
    return not hidden and (package.enabled or "-e" not in flags) and not (package.enabled and "-d" in flags)


def _list_line(package: Package, flags: set[str]) -> str:
    line = f"package:{package.apk_path}={package.name}" if "-f" in flags else f"package:{package.name}"
    if "--show-versioncode" in flags:
        line += f" versionCode:{package.version_code}"
    if "-i" in flags:
        line += f"  installer={package.installer or 'null'}"
    if "-U" in flags:
        line += f" uid:{package.uid}"
    return f"{line}\n"


async def _path(call: Call, arguments: Arguments) -> int:
    package = call.device.packages.get(await _package_name(arguments))
    if package is None:
        return 1
    names = [package.apk_path]
    if not package.system:
        files = call.device.files
        names = [f"{package.code_path}/{name}" for name in files.listdir(package.code_path) if name.endswith(".apk")]
    await call.out("".join(f"package:{name}\n" for name in names))
    return 0


async def _dump(call: Call, arguments: Arguments) -> int:
    return await dump(call.to(arguments.required()))


async def _clear(call: Call, arguments: Arguments) -> int:
    cleared = call.device.installer.clear(await _package_name(arguments))
    await (call.out if cleared else call.err)("Success\n" if cleared else "Failed\n")
    return 0 if cleared else 1


async def _grant(call: Call, arguments: Arguments) -> int:
    package, permission = await _requested(call, arguments)
    call.device.permissions.grant(package, permission)
    return 0


async def _revoke(call: Call, arguments: Arguments) -> int:
    package, permission = await _requested(call, arguments)
    call.device.permissions.revoke(package, permission)
    return 0


async def _reset_permissions(call: Call, arguments: Arguments) -> int:
    """All apps are as if the user had never been asked; those that lose something are killed."""
    for package in call.device.packages.all():
        for permission in sorted(package.granted & DANGEROUS):
            call.device.permissions.revoke(package, permission)
        package.permission_flags.clear()
    return 0


async def _requested(call: Call, arguments: Arguments) -> tuple[Package, str]:
    name, permission = await _package_name(arguments), arguments.required()
    package = call.device.packages.get(name)
    if package is None:
        raise ArgumentError(f"Unknown package: {name}")
    if permission not in package.permissions:
        raise ArgumentError(f"Package {name} has not requested permission {permission}")
    if permission not in DANGEROUS:
        message = f"Permission {permission} requested by {name} is not a changeable permission type"
        raise ArgumentError(message, "java.lang.SecurityException")
    return package, permission


async def _package_name(arguments: Arguments) -> str:
    while arguments.option() is not None:
        arguments.required()  # --user ID: there is one user
    return arguments.required()
