"""The developer options that let a farm in: some makers hide further ones behind USB debugging."""

from __future__ import annotations

from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, fault, ok, warning
from framework.dumps.input import InputDump

XIAOMI = ("xiaomi", "redmi", "poco")
_OPTIONS = "Settings > Additional settings > Developer options"


def connection(answers: Answers) -> Opinion | None:
    """What its adbd can do."""
    features = answers.text("features").split(",")
    if "shell_v2" not in features:
        return warning("it answers, but its adbd (before Android 7) tells no exit status", "take a later Android")
    return ok("it answers")


def developer_options(answers: Answers) -> Opinion | None:
    enabled = answers.setting("global/development_settings_enabled")
    if enabled == "0":
        mend = "switch them on again: tap the build number in Settings > About phone seven times"
        return warning("developer options are off", mend)
    return ok("developer options are on") if enabled else None


def usb_debugging(answers: Answers) -> Opinion | None:
    """Off while we talk to it: over the network, and the next unplugging ends it."""
    enabled = answers.setting("global/adb_enabled")
    if enabled == "0":
        return warning("USB debugging is off", "switch it on in the developer options, or a reboot ends the connection")
    return ok("USB debugging is on") if enabled else None


def security_settings(answers: Answers) -> Opinion | None:
    """By the switch where it is told, and by a key that was pressed where it is not; the latter on any handset."""
    name, why = "USB debugging (Security settings)", "without it no touch and no text reaches the screen"
    pressed = answers.parsed("input")
    if isinstance(pressed, InputDump) and not pressed.accepted and pressed.permission:
        return fault(f"it refuses input ({pressed.permission})", _mend(name, why))
    opinion = _xiaomi(answers, "persist.security.adbinput", name, why)
    if opinion is not None and opinion.level == "warning" and isinstance(pressed, InputDump) and pressed.accepted:
        return ok("it takes input")
    return opinion


def install_via_usb(answers: Answers) -> Opinion | None:
    return _xiaomi(
        answers, "persist.security.adbinstall", "Install via USB", "without it every installation is refused"
    )


def verify_apps(answers: Answers) -> Opinion | None:
    if answers.setting("global/verifier_verify_adb_installs") != "1":
        return None
    mend = "switch off `Verify apps over USB` in the developer options: its dialogue holds installations up"
    return warning("apps that are installed over USB are verified by Google Play", mend)


def _xiaomi(answers: Answers, name: str, option: str, why: str) -> Opinion | None:
    """An option of MIUI and HyperOS, which keep it in a property; not of other makers."""
    makers = {answers.property("ro.product.manufacturer").lower(), answers.property("ro.product.brand").lower()}
    if not makers & set(XIAOMI):
        return None
    value = answers.property(name)
    mend = _mend(option, why)
    if value == "1":
        return ok(f'"{option}" is on')
    if value:
        return fault(f'"{option}" is off', mend)
    return warning(f'it does not tell whether "{option}" is on', mend)


def _mend(option: str, why: str) -> str:
    return f'turn on "{option}" in {_OPTIONS} (it asks for a Mi account and a SIM card): {why}'
