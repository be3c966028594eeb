"""The checks of a handset, in the order in which they are told: add a judge in a file here and its name in HANDSET."""

from __future__ import annotations

from framework.doctor.answers import Answers
from framework.doctor.checks import access, platform, screen, state, work
from framework.doctor.finding import Check

HANDSET: tuple[Check[Answers], ...] = (
    Check("connection", access.connection),
    Check("boot", platform.boot),
    Check("services", platform.services),
    Check("android", platform.android),
    Check("emulated", platform.emulated),
    Check("root", platform.root),
    Check("clock", platform.clock),
    Check("developer_options", access.developer_options),
    Check("usb_debugging", access.usb_debugging),
    Check("security_settings", access.security_settings),
    Check("install_via_usb", access.install_via_usb),
    Check("verify_apps", access.verify_apps),
    Check("battery_level", state.battery_level),
    Check("battery_temperature", state.battery_temperature),
    Check("battery_frozen", state.battery_frozen),
    Check("power_saver", state.power_saver),
    Check("thermal_status", state.thermal_status),
    Check("storage", state.storage),
    Check("network", state.network),
    Check("screen_lock", screen.screen_lock),
    Check("stay_awake", screen.stay_awake),
    Check("animations", screen.animations),
    Check("lease", work.lease),
    Check("hold", work.hold),
    Check("quarantine", work.quarantine),
    Check("given_back", work.given_back),
    Check("build", work.build),
)
