"""System properties: what getprop shows and setprop changes."""

from __future__ import annotations

from collections.abc import Iterator

from framework.virtual.profiles.record import Profile

MAX_VALUE_BYTES = 91
"""PROP_VALUE_MAX less its end (bionic sys/system_properties.h); `ro.` properties may be longer."""

SHELL_MAY_SET = ("debug.", "log.", "persist.log.tag", "test.", "shell.", "sys.powerctl", "persist.traced.")
"""Prefixes that SELinux lets the shell user write (AOSP private/property_contexts)."""


class PropertyError(Exception):
    """A property that may not be set to this value."""


class Properties:
    """Names and values, all strings."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = dict(values)

    def get(self, name: str, default: str = "") -> str:
        return self._values.get(name) or default

    def items(self) -> Iterator[tuple[str, str]]:
        """All of them, by name."""
        return iter(sorted(self._values.items()))

    def set(self, name: str, value: str) -> None:
        """Set as init does; PropertyError where that is refused."""
        if name.startswith("ro.") and name in self._values:
            raise PropertyError("read-only property was already set")
        if not name.startswith("ro.") and len(value.encode()) > MAX_VALUE_BYTES:
            raise PropertyError("value too long")
        self._values[name] = value

    def shell_may_set(self, name: str) -> bool:
        return name.startswith(SHELL_MAY_SET)


def boot_properties(profile: Profile, serial: str) -> Properties:
    """The properties that a handset of this profile has after booting.

    `ro.boot.qemu` and `ro.pocketfarm.emulated` say that it is none: a handset that can be told from a phone is
    not taken for one.
    """
    return Properties(
        _identity(profile)
        | _build(profile)
        | _hardware(profile, serial)
        | _runtime(profile)
        | _xiaomi(profile)
        | profile.build.properties
        | {"ro.boot.qemu": "1", "ro.kernel.qemu": "1", "ro.pocketfarm.emulated": "1"}
    )


def _identity(profile: Profile) -> dict[str, str]:
    identity = profile.identity
    values = {
        "manufacturer": identity.manufacturer,
        "brand": identity.brand,
        "model": identity.model,
        "device": identity.device,
        "name": identity.product,
    }
    partitions = ("", "odm.", "product.", "system.", "system_ext.", "vendor.")
    named = {f"ro.product.{part}{key}": value for part in partitions for key, value in values.items()}
    return named | {"ro.product.marketname": identity.market_name, "ro.product.board": identity.device}


def _build(profile: Profile) -> dict[str, str]:
    build, identity = profile.build, profile.identity
    fingerprint = build.fingerprint(identity)
    return {
        "ro.build.characteristics": "nosdcard",
        "ro.build.date.utc": str(build.date_utc),
        "ro.build.description": f"{identity.product}-user {build.release} {build.id} {build.incremental} release-keys",
        "ro.build.display.id": build.id,
        "ro.build.fingerprint": fingerprint,
        "ro.build.flavor": f"{identity.product}-user",
        "ro.build.id": build.id,
        "ro.build.product": identity.device,
        "ro.build.tags": "release-keys",
        "ro.build.type": "user",
        "ro.build.version.all_codenames": "REL",
        "ro.build.version.codename": "REL",
        "ro.build.version.incremental": build.incremental,
        "ro.build.version.min_supported_target_sdk": "28" if build.sdk >= 34 else "23",
        "ro.build.version.preview_sdk": "0",
        "ro.build.version.release": build.release,
        "ro.build.version.release_or_codename": build.release,
        "ro.build.version.sdk": str(build.sdk),
        "ro.build.version.security_patch": build.security_patch,
        "ro.system.build.fingerprint": fingerprint,
        "ro.vendor.build.fingerprint": fingerprint,
        "ro.debuggable": "0",
        "ro.secure": "1",
    }


def _hardware(profile: Profile, serial: str) -> dict[str, str]:
    soc, display = profile.soc, profile.displays[0]
    return {
        "ro.arch": "arm64",
        "ro.board.platform": soc.platform,
        "ro.boot.hardware": "qcom",
        "ro.boot.hardware.sku": profile.identity.device,
        "ro.boot.serialno": serial,
        "ro.hardware": "qcom",
        "ro.hardware.egl": "adreno",
        "ro.hardware.vulkan": "adreno",
        "ro.kernel.version": ".".join(profile.build.kernel.split(".")[:2]),
        "ro.opengles.version": "196610",
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.cpu.abilist": "arm64-v8a,armeabi-v7a,armeabi",
        "ro.product.cpu.abilist32": "armeabi-v7a,armeabi",
        "ro.product.cpu.abilist64": "arm64-v8a",
        "ro.serialno": serial,
        "ro.sf.lcd_density": str(display.density),
        "ro.soc.manufacturer": soc.maker,
        "ro.soc.model": soc.model,
    }


def _xiaomi(profile: Profile) -> dict[str, str]:
    """What MIUI and HyperOS add, as sold in China; the versions of both stand in the profile.

    They keep "USB debugging (Security settings)" and "Install via USB" in properties.
    """
    identity = profile.identity
    if identity.manufacturer != "Xiaomi":
        return {}
    hyperos = profile.build.properties.get("ro.mi.os.version.name", "").removeprefix("OS")
    return {
        "persist.security.adbinput": "1",
        "persist.security.adbinstall": "1",
        "ro.boot.hwc": "CN",
        "ro.miui.build.region": "cn",
        "ro.miui.cust_variant": "cn",
        "ro.miui.has_security_keyboard": "1",
        "ro.miui.product.home": "com.miui.home",
        "ro.miui.region": "CN",
        "ro.product.cert": identity.model,
        "ro.product.mod_device": identity.device,
        "ro.product.odm.marketname": identity.market_name,
    } | ({"ro.mi.os.version.code": hyperos.partition(".")[0], "ro.mi.os.version.publish": "true"} if hyperos else {})


def _runtime(profile: Profile) -> dict[str, str]:
    return {
        "dalvik.vm.heapgrowthlimit": "256m",
        "dalvik.vm.heapsize": "512m",
        "init.svc.adbd": "running",
        "init.svc.bootanim": "stopped",
        "init.svc.surfaceflinger": "running",
        "init.svc.zygote": "running",
        "persist.sys.locale": "zh-CN",
        "persist.sys.timezone": "UTC",
        "persist.sys.usb.config": "adb",
        "ro.crypto.state": "encrypted",
        "ro.crypto.type": "file",
        "ro.product.locale": "zh-CN",
        "ro.zygote": "zygote64_32",
        "service.bootanim.exit": "1",
        "sys.boot_completed": "1",
        "sys.usb.config": "adb",
        "sys.usb.state": "adb",
        "dev.bootcomplete": "1",
        "net.bt.name": profile.identity.market_name,
    }
