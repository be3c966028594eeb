"""`locksettings`, `cmd lock_settings` (AOSP LockSettingsShellCommand.java)."""

from __future__ import annotations

from functools import partial

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.systemui.credentials import Credential, Kind, why_bad

HELP = """lockSettings service commands:

NOTE: when lock screen is set, all commands require the --old <CREDENTIAL> argument.

  help
    Prints this help text.

  get-disabled [--user USER_ID]
    Checks whether lock screen is disabled.

  set-disabled [--user USER_ID] <true|false>
    When true, disables lock screen.

  set-pattern [--old <CREDENTIAL>] [--user USER_ID] <PATTERN>
    Sets the lock screen as pattern, using the given PATTERN to unlock.

  set-pin [--old <CREDENTIAL>] [--user USER_ID] <PIN>
    Sets the lock screen as PIN, using the given PIN to unlock.

  set-password [--old <CREDENTIAL>] [--user USER_ID] <PASSWORD>
    Sets the lock screen as password, using the given PASSOWRD to unlock.

  clear [--old <CREDENTIAL>] [--user USER_ID]
    Clears the lock credentials.

  verify [--old <CREDENTIAL>] [--user USER_ID]
    Verifies the lock credentials.

"""


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            ("help", _help),
            ("get-disabled", _get_disabled),
            ("set-disabled", _set_disabled),
            ("set-pin", partial(_set, "pin")),
            ("set-password", partial(_set, "password")),
            ("set-pattern", partial(_set, "pattern")),
            ("clear", _clear),
            ("verify", _verify),
        ),
    )


async def _help(call: Call, arguments: Arguments) -> int:
    await call.out(HELP)
    return 0


async def _get_disabled(call: Call, arguments: Arguments) -> int:
    """Whether there is none; a lock with a secret is never disabled."""
    _old(arguments)
    keyguard = call.device.keyguard
    await call.out(f"{str(keyguard.disabled and not keyguard.secure).lower()}\n")
    return 0


async def _set_disabled(call: Call, arguments: Arguments) -> int:
    if not await _admitted(call, _old(arguments)):
        return FAILED
    disabled = arguments.required().lower() == "true"
    call.device.keyguard.disabled = disabled
    await call.out(f"Lock screen disabled set to {str(disabled).lower()}\n")
    return 0


async def _set(kind: Kind, call: Call, arguments: Arguments) -> int:
    if not await _admitted(call, _old(arguments)):
        return FAILED
    secret = arguments.required()
    if (reason := why_bad(kind, secret)) is not None:
        await call.out(f"New credential doesn't satisfy admin policies: {reason}\n")
        return FAILED
    call.device.keyguard.credential = Credential.of(kind, secret)
    name = "PIN" if kind == "pin" else kind
    await call.out(f"{name[0].upper()}{name[1:].lower()} set to '{secret}'\n")
    return 0


async def _clear(call: Call, arguments: Arguments) -> int:
    """Without a secret there is none to clear, and a lock screen that is shown opens by itself."""
    if not await _admitted(call, _old(arguments)):
        return FAILED
    keyguard = call.device.keyguard
    keyguard.credential = None
    keyguard.bouncer = False
    keyguard.window.changed()
    await call.out("Lock credential cleared\n")
    return 0


async def _verify(call: Call, arguments: Arguments) -> int:
    if not await _admitted(call, _old(arguments)):
        return FAILED
    await call.out("Lock credential verified successfully\n")
    return 0


def _old(arguments: Arguments) -> str:
    """The value of `--old`; empty without one."""
    old = ""
    while (option := arguments.option()) is not None:
        value = arguments.required()
        if option == "--old":
            old = value
    return old


async def _admitted(call: Call, old: str) -> bool:
    """Whether the old secret is right (LockSettingsShellCommand.checkCredential)."""
    credential = call.device.keyguard.credential
    if credential is None and not old:
        return True
    if credential is None:
        await call.out("Old password provided but user has no password\n")
        return False
    if not credential.matches(old):
        await call.out(f"Old password '{old}' didn't match\n")
        return False
    return True
