"""Started services of apps: they run in their app's process until they or it are stopped (AOSP ActiveServices.java)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from framework.virtual.android.intents import short_component

if TYPE_CHECKING:
    from framework.virtual.android.packages import Package
    from framework.virtual.apps.base import Intent
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process


class Refusal(Enum):
    """Why a service was not started."""

    NOT_FOUND = "Not found; no service started."
    NOT_EXPORTED = "Requires permission not exported from uid"


@dataclass(slots=True, eq=False)
class ServiceRecord:
    """One service that was started; `starts` counts the intents."""

    component: str
    package: Package
    process: Process
    intent: Intent
    created_ns: int
    active_ns: int
    foreground: bool = False
    starts: int = 0

    @property
    def notification(self) -> int:
        """The number of the notification that a foreground service shows."""
        return 1

    @property
    def short(self) -> str:
        """`pkg/.Class`, as ComponentName.flattenToShortString."""
        return short_component(self.component)

    @property
    def name(self) -> str:
        """The full name of its class."""
        return self.component.partition("/")[2]


class Services:
    """The services of one handset that were started and are not over."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._running: dict[str, ServiceRecord] = {}

    def all(self) -> tuple[ServiceRecord, ...]:
        return tuple(self._running.values())

    def of(self, process: Process) -> list[ServiceRecord]:
        return [each for each in self._running.values() if each.process is process]

    def start(self, intent: Intent, *, uid: int, foreground: bool = False) -> ServiceRecord | Refusal:
        """Start the service that an intent means, or give it another intent; `uid` is who asks.

        With `foreground` it shows a notification, as Context.startForegroundService promises.
        """
        device = self._device
        found = device.packages.service(intent)
        record = device.activities.background(found[0]) if found is not None else None
        if found is None or record is None:
            return Refusal.NOT_FOUND
        package, component = found
        if not component.exported and uid not in (package.uid, *PRIVILEGED):
            return Refusal.NOT_EXPORTED
        now_ns, full = device.clock.now_ns(), f"{package.name}/{component.name}"
        service = self._running.get(full) or ServiceRecord(full, package, record.process, intent, now_ns, now_ns)
        self._running[full] = service
        service.starts, service.active_ns = service.starts + 1, now_ns
        service.foreground = service.foreground or foreground
        device.activities.tell(record, lambda app: app.on_service(component.name, intent))
        return service

    def stop(self, intent: Intent) -> bool:
        """Stop the service that an intent means; False when it did not run."""
        found = self._device.packages.service(intent)
        service = self._running.pop(f"{found[0].name}/{found[1].name}", None) if found is not None else None
        if service is None:
            return False
        record = self._device.activities.running(service.package.name)
        if record is not None:
            self._device.activities.tell(record, lambda app: app.on_service_stop(service.name))
        return True

    def process_died(self, process: Process) -> None:
        """Its services have ended with it."""
        for service in self.of(process):
            del self._running[service.component]


PRIVILEGED = (0, 1000)
"""Who may start what is not exported: root and system."""
