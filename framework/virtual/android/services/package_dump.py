"""`dumpsys package [NAME]` (AOSP com.android.server.pm.Settings, dumpPackageLPr)."""

from __future__ import annotations

import time

from framework.virtual.android.binder import Call
from framework.virtual.android.packages import Package
from framework.virtual.android.permission_names import DANGEROUS
from framework.virtual.android.tokens import token

_SENSITIVE = ("USER_SENSITIVE_WHEN_GRANTED", "USER_SENSITIVE_WHEN_DENIED")


async def dump(call: Call) -> int:
    wanted = next((word for word in call.words if not word.startswith("-")), None)
    packages = [package for package in call.device.packages.all() if wanted in (None, package.name)]
    if not packages:
        await call.out(f"Unable to find package: {wanted}\n")
        return 0
    if wanted is not None:
        await call.out(_activity_table(packages[0]))
    await call.out("Packages:\n")
    for package in packages:
        await call.out(_package(package))
    return 0


def _activity_table(package: Package) -> str:
    """Which activity takes which action, as the resolver table shows it."""
    actions = [
        (action, activity.name, each.categories)
        for activity in package.activities
        for each in activity.filters
        for action in each.actions
    ]
    if not actions:
        return ""
    lines = ["Activity Resolver Table:", "  Non-Data Actions:"]
    for action, cls, categories in actions:
        key = token("filter", package.name, cls)
        short = cls.removeprefix(package.name) if cls.startswith(f"{package.name}.") else cls
        lines += [f"      {action}:", f"        {key} {package.name}/{short} filter {token(action, cls)}"]
        lines += [f'          Action: "{action}"', *(f'          Category: "{name}"' for name in categories)]
    return "\n".join([*lines, "", ""])


def _package(package: Package) -> str:
    name = package.name
    flags = "SYSTEM HAS_CODE" if package.system else "HAS_CODE" + (" DEBUGGABLE" if package.debuggable else "")
    flags += " TEST_ONLY" if package.test_only else ""
    lines = [
        f"  Package [{name}] ({token('package', name)}):",
        f"    userId={package.uid}",
        f"    pkg=Package{{{token('pkg', name)} {name}}}",
        f"    codePath={package.code_path}",
        f"    resourcePath={package.code_path}",
        f"    primaryCpuAbi={package.native_abis[0] if package.native_abis else 'null'}",
        "    secondaryCpuAbi=null",
        f"    versionCode={package.version_code} minSdk={package.min_sdk} targetSdk={package.target_sdk}",
        f"    versionName={package.version_name}",
        f"    splits=[{', '.join(('base', *package.splits))}]",
        f"    apkSigningVersion={package.signature_scheme}",
        f"    flags=[ {flags} ]",
        f"    dataDir={package.data_dir}",
        f"    timeStamp={_time(package.updated_ns)}",
        f"    firstInstallTime={_time(package.installed_ns)}",
        f"    lastUpdateTime={_time(package.updated_ns)}",
        f"    installerPackageName={package.installer or 'null'}",
        f"    signatures=PackageSignatures{{{token('signatures', name)} version:{package.signature_scheme}, "
        f"signatures:[{', '.join(each[:8] for each in package.certificates)}], past signatures:[]}}",
    ]
    lines += _permissions(package)
    user = f"installed={_word(package.installed)} hidden=false suspended={_word(package.suspended)} stopped=false"
    lines += [f"    User 0: ceDataInode=0 {user} enabled={package.state}"]
    lines += [*_runtime_permissions(package), ""]
    return "\n".join(lines)


def _permissions(package: Package) -> list[str]:
    if not package.permissions:
        return []
    at_install = [name for name in package.permissions if name not in DANGEROUS]
    granted = [f"      {name}: granted={str(name in package.granted).lower()}" for name in at_install]
    return [
        "    requested permissions:",
        *(f"      {name}" for name in package.permissions),
        "    install permissions:",
        *granted,
    ]


def _runtime_permissions(package: Package) -> list[str]:
    """Those that the user is asked for, with what is known of the answer."""
    lines = []
    for name in package.permissions:
        if name in DANGEROUS:
            flags = (*sorted(package.permission_flags.get(name, ())), *_SENSITIVE)
            lines.append(f"        {name}: granted={str(name in package.granted).lower()}, flags=[ {'|'.join(flags)}]")
    return ["      gids=[3003]", "      runtime permissions:", *lines]


def _word(truth: bool) -> str:
    return str(truth).lower()


def _time(wall_ns: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(wall_ns // 10**9))
