"""Runtime permissions: who has which, who asked the user, and what the answer was (PermissionManagerService.java)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from framework.virtual.android.exits import Reason
from framework.virtual.android.permission_names import CONTROLLER, DANGEROUS, ONE_TIME, REQUEST, USER_FIXED
from framework.virtual.apps.base import Intent

if TYPE_CHECKING:
    from framework.virtual.android.packages import Package
    from framework.virtual.apps.base import App
    from framework.virtual.device import Device

_OPS: Final = {
    "RECORD_AUDIO": "RECORD_AUDIO",
    "CAMERA": "CAMERA",
    "POST_NOTIFICATIONS": "POST_NOTIFICATION",
    "READ_EXTERNAL_STORAGE": "READ_EXTERNAL_STORAGE",
    "ACCESS_FINE_LOCATION": "FINE_LOCATION",
}
"""Permission → the app op that can take it away again (AppOpsManager.permissionToOp)."""

Answer = Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What an app asks the user for; `answer` is told whether it has all of it now."""

    app: App
    permissions: tuple[str, ...]
    answer: Answer


class Permissions:
    """Of one handset. `asked` are the requests that wait for the user, the one that is shown first."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.asked: deque[Request] = deque()

    def allows(self, package: str, permission: str) -> bool:
        """Whether a package may: it has the permission, and no app op takes it away."""
        known = self._device.packages.get(package)
        op = _OPS.get(permission.rpartition(".")[2])
        taken = op is not None and self._device.app_ops.mode(package, op) in ("ignore", "deny")
        return known is not None and permission in known.granted and not taken

    def grant(self, package: Package, permission: str, flags: Sequence[str] = ()) -> None:
        package.granted.add(permission)
        package.permission_flags[permission] = frozenset(flags)

    def revoke(self, package: Package, permission: str, flags: Sequence[str] = ()) -> None:
        """An app that had it and runs is killed."""
        had = permission in package.granted
        package.granted.discard(permission)
        package.permission_flags[permission] = frozenset(flags)
        record = self._device.activities.running(package.name)
        if had and record is not None:
            self._device.activities.killed(record.process, Reason.OTHER, "permissions revoked")

    def reset(self, package: Package) -> None:
        """As new: what the user is asked for is not granted, and nothing was said."""
        package.granted -= DANGEROUS
        package.permission_flags.clear()

    def request(self, app: App, permissions: Sequence[str], answer: Answer) -> None:
        """Ask the user, in a dialog; without one where it is granted already, or was denied for good."""
        package = self._device.packages.get(app.package)
        missing = tuple(name for name in permissions if not self.allows(app.package, name))
        fixed = package is None or any(USER_FIXED in package.permission_flags.get(name, ()) for name in missing)
        unheard = package is not None and any(name in package.granted for name in missing)  # an app op is in the way
        if not missing or fixed or unheard:
            answer(not missing)
            return
        request = Request(app, missing, answer)
        self.asked.append(request)
        app.context.process.on_exit.append(lambda _: self._forget(request))
        if len(self.asked) == 1:
            self._show(request)

    def answered(self, request: Request, granted: bool, flags: Sequence[str]) -> None:
        """What the user said to one request; the next one is shown."""
        package = self._device.packages.get(request.app.package)
        for permission in request.permissions if package is not None else ():
            assert package is not None
            if granted:
                self.grant(package, permission, flags)
            elif flags:
                package.permission_flags[permission] = frozenset(flags)
        if granted and ONE_TIME in flags and package is not None:
            request.app.context.process.on_exit.append(lambda _: self._used_up(package, request.permissions))
        self.asked.remove(request)
        request.answer(granted)
        if self.asked:
            self._show(self.asked[0])

    def _show(self, request: Request) -> None:
        """In the task of the app that asks."""
        record = next((each for each in self._device.activities.records if each.app is request.app), None)
        intent = Intent(action=REQUEST, package=CONTROLLER, categories=frozenset())
        self._device.activities.start(intent, uid=request.app.context.process.uid, over=record)

    def _used_up(self, package: Package, permissions: Sequence[str]) -> None:
        for permission in permissions:
            if ONE_TIME in package.permission_flags.get(permission, ()):
                package.granted.discard(permission)
                package.permission_flags.pop(permission, None)

    def _forget(self, request: Request) -> None:
        """Whoever asked is gone, and the dialog with it."""
        if request in self.asked:
            shown = self.asked[0] is request
            self.asked.remove(request)
            controller = self._device.activities.running(CONTROLLER) if shown else None
            if controller is not None and controller.app is not None:
                self._device.activities.finish(controller.app)
