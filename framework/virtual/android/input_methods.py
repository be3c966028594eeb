"""Input methods: which there are, which may be used, and which one is (AOSP InputMethodManagerService.java)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.formats.apk import full_name

if TYPE_CHECKING:
    from framework.virtual.device import Device

SERVICE = "android.view.InputMethod"
"""The action of an input method's service (InputMethod.SERVICE_INTERFACE)."""

ENABLED, DEFAULT = "enabled_input_methods", "default_input_method"
"""The secure settings that say so; enabled ones are separated by colons."""


def all_methods(device: Device) -> list[str]:
    """Their ids: `package/.Service`, in the order of installation."""
    return [
        f"{package.name}/{_short(package.name, service.name)}"
        for package in device.packages.all()
        for service in package.services
        if SERVICE in service.actions
    ]


def enabled_methods(device: Device) -> list[str]:
    chosen = (device.settings.get("secure", ENABLED) or "").split(":")
    return [method for method in all_methods(device) if method in chosen]


def current(device: Device) -> str | None:
    return device.settings.get("secure", DEFAULT)


def enable(device: Device, method: str, on: bool) -> bool:
    """Whether it was otherwise before. Who disables the current one is left with the first that is enabled."""
    before = enabled_methods(device)
    if on == (method in before):
        return False
    after = [*before, method] if on else [each for each in before if each != method]
    device.settings.put("secure", ENABLED, ":".join(after))
    if not on and current(device) == method:
        device.settings.put("secure", DEFAULT, after[0] if after else "")
    return True


def choose(device: Device, method: str) -> bool:
    """Use an input method; False where it is not enabled."""
    if method not in enabled_methods(device):
        return False
    device.settings.put("secure", DEFAULT, method)
    package = device.packages.get(method.partition("/")[0])
    if package is not None and not package.system:
        device.activities.background(package)  # its service is bound, and so its process runs
    return True


def committed(device: Device, keys: str) -> str:
    """What the current input method makes of the characters of keys; one without emulated code leaves them."""
    package, _, name = (current(device) or "").partition("/")
    record = device.activities.running(package)
    if record is None or record.app is None:
        return keys
    return record.app.commit(full_name(package, name), keys)


def reset(device: Device) -> None:
    """Back to what the handset came with."""
    own = [method for method in all_methods(device) if _is_system(device, method)]
    device.settings.put("secure", ENABLED, ":".join(own))
    device.settings.put("secure", DEFAULT, own[0] if own else "")


def _is_system(device: Device, method: str) -> bool:
    package = device.packages.get(method.partition("/")[0])
    return package is not None and package.system


def _short(package: str, name: str) -> str:
    return name.removeprefix(package) if name.startswith(f"{package}.") else name
