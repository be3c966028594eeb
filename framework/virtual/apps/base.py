"""What an emulated app is: started by intents, living in a process of the handset, showing a window.

And what an emulated instrumentation is: started by `am instrument`, telling whoever started it how it goes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from framework.virtual.ui.tree import Window

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

Extra = str | int | bool | float


@dataclass(frozen=True, slots=True)
class Intent:
    """android.content.Intent as `am` builds it; `component` is `package/fully.qualified.Class`."""

    action: str | None = None
    package: str | None = None
    component: str | None = None
    extras: Mapping[str, Extra] = field(default_factory=dict)
    data: str | None = None
    categories: frozenset[str] = frozenset()
    flags: int = 0

    def text(self, name: str) -> str | None:
        """A string extra; None where it is absent or of another type (Intent.getStringExtra)."""
        value = self.extras.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """An int extra; None where it is absent or of another type."""
        value = self.extras.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver makes the result of an ordered broadcast: Activity.RESULT_* and a text."""

    code: int
    data: str | None = None


@dataclass(frozen=True)
class AppContext:
    """Where an app runs: its handset, its process, and its private directory."""

    device: Device
    process: Process
    data_dir: str


class App(ABC):
    """An emulated app, chosen by package and main activity (fully qualified) of the APK that is installed.

    All callbacks run in the handset's event loop and return at once; `on_stop` is the last, after which the
    process is gone: whatever the app has under way must end there.
    """

    package: ClassVar[str]
    main_class: ClassVar[str]

    def __init__(self, context: AppContext) -> None:
        self.context = context

    @property
    @abstractmethod
    def window(self) -> Window: ...

    @abstractmethod
    def on_start(self, intent: Intent) -> None:
        """The activity was started, or, when it is there already, given a new intent."""

    @property
    def actions(self) -> frozenset[str]:
        """Of broadcasts that the app takes while it runs, beside those of its manifest (registerReceiver)."""
        return frozenset()

    def on_broadcast(self, intent: Intent) -> Reply | None:
        """A broadcast for one of the app's receivers; ignored unless an app cares."""
        return None

    def on_service(self, name: str, intent: Intent) -> None:
        """The service of that class was started, or given another intent; ignored unless an app cares."""
        return

    def commit(self, method: str, keys: str) -> str:
        """The text that the app's input method of that class makes of the characters of keys, while it is in use."""
        return keys

    def on_service_stop(self, name: str) -> None:
        """The service of that class is over."""
        return

    def on_stop(self) -> None:
        """The process ends: force-stop, a crash, or memory pressure."""
        return


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an instrumentation finished (Instrumentation.finish): `code` is Activity.RESULT_OK unless told."""

    results: Mapping[str, str] = field(default_factory=dict)
    code: int = -1


class Instrumentation(ABC):
    """An emulated instrumentation, chosen by package and runner class of the APK that is installed.

    `send_status(code, results)` is Instrumentation.sendStatus: `am instrument -w` prints it. The context is that of
    the package that is instrumented.
    """

    package: ClassVar[str]
    runner: ClassVar[str]

    def __init__(
        self,
        context: AppContext,
        arguments: Mapping[str, str],
        send_status: Callable[[int, Mapping[str, str]], None],
    ) -> None:
        self.context = context
        self.arguments = arguments
        self.send_status = send_status

    def on_broadcast(self, intent: Intent) -> None:
        """A broadcast for a receiver of the package that is instrumented; ignored unless it cares."""
        return

    @abstractmethod
    async def run(self) -> Outcome:
        """The instrumentation's own thread (Instrumentation.onStart): the process ends when it returns.

        It is cancelled when the process is killed; what it has opened must be closed by then.
        """
