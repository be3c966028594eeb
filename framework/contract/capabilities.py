"""What a handset can do for its user: small protocols, so that consumers name the capability and not the class.

Every call has a deadline (`timeout_s`, host seconds) and raises `HandsetError` (or its `DeadlineError`) when the
lab fails. Paths on the handset are absolute POSIX strings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from framework.contract.build import Locator
from framework.contract.marks import Kind, LeaseHolder, Mark, Marks
from framework.contract.preparation import Prepared
from framework.contract.run import HandsetAwaited, HandsetIdentity
from framework.contract.trace import ClockFit
from framework.contract.vitals import AndroidState, Vitals

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""

Fold = Literal["closed", "half_open", "open"]


@dataclass(frozen=True, slots=True)
class Target:
    """How one handset is reached.

    `adbd`: HOST:PORT of an adbd (straight). `serial` with `adb_server`: through an adb server. `appium_url`: what
    drives its screen, told as `screen` in reports; `appium_adb`: HOST:PORT of the adb server through which that
    reaches it, None for one of its own.
    """

    name: str
    adbd: str | None = None
    serial: str | None = None
    adb_server: str | None = None
    adb_server_ours: bool = False
    """Whether we have started it: only then may it be asked what other clients would notice."""
    appium_url: str | None = None
    appium_adb: str | None = None
    screen: str = ""
    pin_from: str | None = None
    """Name of the environment variable that holds the PIN of its screen lock; the PIN itself is nowhere kept."""
    prepare: bool = True
    """Whether its settings may be changed for a run."""
    may_reboot: bool = False
    """Whether it may be restarted where nothing else helps; an emulated one may."""
    tags: tuple[str, ...] = ()
    stated: Mapping[str, str | float | bool | tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What devices.yaml says of its capabilities, by their names there."""


@dataclass(frozen=True, slots=True)
class ShellResult:
    exit: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """stdout as text, CRLF mended, without the last line end."""
        return self.stdout.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")


class ShellStream(AbstractContextManager["ShellStream"], Protocol):
    """A long-lived shell program."""

    def read_line(self, timeout_s: float) -> str | None:
        """The next line of stdout without its end, None at the end of the stream; DeadlineError if none came."""

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Shell(Protocol):
    def run(self, *argv: str, stdin: bytes = b"", timeout_s: float = 30, check: bool = False) -> ShellResult:
        """Run one command; every argument is quoted. `check`: a non-zero exit is a HandsetError."""

    def script(self, text: str, *, stdin: bytes = b"", timeout_s: float = 30, check: bool = False) -> ShellResult:
        """Run a script as it is written."""

    def stream(self, script: str) -> ShellStream: ...


@dataclass(frozen=True, slots=True)
class FileStat:
    """`mode` with the file type bits; `size` in bytes; `mtime` in seconds since 1970."""

    mode: int
    size: int
    mtime: int


class Files(Protocol):
    def stat(self, path: str) -> FileStat | None:
        """None where there is no such file."""

    def entries(self, path: str) -> Mapping[str, FileStat]:
        """What lies in a folder, by name; nothing for what is no folder."""

    def push(self, source: Path | bytes, path: str, *, mode: int = 0o644, progress: Progress | None = None) -> None: ...

    def pull(self, path: str, target: Path, *, progress: Progress | None = None) -> None: ...

    def read(self, path: str, *, limit: int = 64 << 20) -> bytes:
        """The content of a file of at most `limit` bytes."""

    def sha256(self, path: str) -> str | None:
        """Hexadecimal; None where there is no such file."""

    def mkdir(self, path: str) -> None:
        """The folder with all above it; nothing where it is already."""

    def remove(self, path: str) -> None:
        """A file or an empty folder; nothing where there is none."""

    def rename(self, path: str, new_path: str) -> None: ...

    def free_mb(self, path: str) -> float | None:
        """Room where `path` lies, in 10^6 bytes; None where the handset does not tell."""


@dataclass(frozen=True, slots=True)
class PackageInfo:
    package: str
    version_name: str
    version_code: int
    code_path: str


class InstallRefusedError(Exception):
    """Android refused an APK: `code` is its word, such as INSTALL_FAILED_INSUFFICIENT_STORAGE."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{code}: {message}" if message else code)

    def __reduce__(self) -> tuple[type[InstallRefusedError], tuple[str, str]]:
        return type(self), (self.code, self.message)


class Packages(Protocol):
    def install(self, apk: Path, *, progress: Progress | None = None, timeout_s: float = 180) -> None:
        """Install or replace, and grant what the app asks for at run time; InstallRefusedError in Android's words."""

    def uninstall(self, package: str) -> bool:
        """False where it was not installed."""

    def info(self, package: str) -> PackageInfo | None: ...

    def start(
        self, component: str, *, action: str | None = None, extras: Mapping[str, str | int | bool] | None = None
    ) -> None:
        """`am start -W`; a component that does not exist is an AssistantError."""

    def stop(self, package: str) -> None: ...

    def pid(self, package: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class LogLine:
    """One logcat line; `wall_ns` is the handset's wall clock, nanoseconds since 1970."""

    wall_ns: int
    pid: int
    tid: int
    level: str
    tag: str
    message: str


class LogStream(AbstractContextManager["LogStream"], Protocol):
    @property
    def began_wall_ns(self) -> int:
        """The wall clock when following began."""
        ...

    @property
    def boot_offset_ns(self) -> int:
        """Boot time minus wall clock at that time, within some 20 ms."""
        ...

    def read(self, timeout_s: float) -> LogLine | None:
        """The next line, or None when none came in time; HandsetError when the stream broke."""

    def close(self) -> None: ...


class Log(Protocol):
    def follow(self, *tags: str, since_wall_ns: int | None = None) -> LogStream:
        """New lines from now on, or all that the handset still has since a time; with tags, only these."""

    def lines(self, *tags: str, since_wall_ns: int) -> list[LogLine]:
        """All that the handset still has since a time; with tags, only these."""
        ...

    def now_wall_ns(self) -> int:
        """The handset's wall clock, nanoseconds since 1970: what `dump` takes."""
        ...

    def dump(self, *, since_wall_ns: int | None = None, max_lines: int = 5000) -> bytes:
        """The log as `logcat -v threadtime` prints it."""


class Posture(Protocol):
    def current(self) -> Fold | None:
        """None for a handset that does not fold."""

    def fold(self, state: Fold) -> None:
        """Returns when the handset and its display have followed."""

    def reset(self) -> None: ...


class Ui(Protocol):
    """The screen, through the Appium client. An element that does not appear in time is an AssistantError."""

    def type(self, locator: Locator, text: str) -> None:
        """In place of what the element holds."""

    def tap(self, locator: Locator) -> None: ...

    def text(self, locator: Locator) -> str | None:
        """Text of the last match; None where nothing matches."""

    def screenshot(self) -> bytes:
        """PNG."""

    def source(self) -> str: ...


class Lease(AbstractContextManager["Lease"], Protocol):
    counter: int

    @property
    def prepared(self) -> Prepared | None:
        """What was changed for it, and is given back with it; None where nothing was to be."""

    @property
    def kept(self) -> Sequence[str]:
        """What the handset would not take back, now or from the user before."""

    @property
    def held(self) -> bool:
        """False from the moment at which the handset might be another's."""

    def release(self) -> None:
        """Returns when the handset is free for the next."""


class Mends(Protocol):
    """Lines about what was tried when the handset did not answer: which rung of the ladder, how long, and why."""

    def mark(self) -> int:
        """The place that is now."""
        ...

    def since(self, mark: int) -> tuple[str, ...]: ...

    def note(self, rung: str, seconds: float, why: str, *, worked: bool = True) -> None:
        """`rung` is its name, `why` what was wrong."""


class Handset(Protocol):
    """One handset, opened. All of it may be used by several threads at once."""

    @property
    def target(self) -> Target: ...

    @property
    def time_scale(self) -> float:
        """Device time over host time: 1 for real handsets, the speed of an emulated one."""
        ...

    @property
    def identity(self) -> HandsetIdentity: ...

    @property
    def shell(self) -> Shell: ...

    @property
    def files(self) -> Files: ...

    @property
    def packages(self) -> Packages: ...

    @property
    def log(self) -> Log: ...

    @property
    def posture(self) -> Posture: ...

    @property
    def ui(self) -> Ui: ...

    def clock(self, *, tries: int = 30) -> ClockFit:
        """Device boot time against the host's monotonic clock; the true offset lies within the fit's bound."""

    def lease(
        self,
        who: str,
        why: str,
        *,
        timeout_s: float = 0,
        heartbeat_s: float = 10,
        prepare: bool = False,
        tell: Callable[[HandsetAwaited], None] | None = None,
    ) -> Lease:
        """Hold the handset; HandsetError naming the holder when it is not free within `timeout_s`.

        Those who wait get it in the order they came. A quarantined handset is not leased; one that a person holds is
        leased to that person at once, and to others when the hold is over. `tell` is told whom we wait for.
        `prepare` makes it ready to be measured, and HandsetError says what keeps it from that.
        """

    def holder(self) -> LeaseHolder | None: ...

    def marks(self) -> Marks:
        """What keeps it from others, in one question: lease, hold and quarantine."""
        ...

    def mark(self, kind: Kind, who: str, why: str, *, for_s: float | None = None, over: Mark | None = None) -> Mark:
        """Put a hold or a quarantine in place of `over`; HandsetError where another has come between."""
        ...

    def unmark(self, mark: Mark) -> None:
        """Take it away; HandsetError where another has come between."""

    def android(self) -> AndroidState: ...

    def await_android(self) -> AndroidState:
        """Returns when Android is up, HandsetError when it is not in time."""
        ...

    def vitals(self) -> Vitals:
        """How it is just now, in one round trip."""
        ...

    def glance(self) -> Vitals:
        """Whether Android is up and how the screen is, and nothing else, in one round trip."""
        ...

    def unlock(self) -> None:
        """Light its screen and unlock it, where it is not; HandsetError where that cannot be done."""

    def reboot(self) -> None:
        """Restart it; returns when Android is up again."""

    @property
    def mends(self) -> Mends:
        """What was done to have it answer again."""
        ...
