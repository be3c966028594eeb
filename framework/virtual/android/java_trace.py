"""What an emulated app raised, told as Android tells an exception that nobody caught."""

from __future__ import annotations

import traceback
from dataclasses import dataclass


class CrashedByAdbError(Exception):
    """What `am crash` makes an app raise."""


JAVA = (
    (CrashedByAdbError, "android.app.RemoteServiceException$CrashedByAdbException"),
    (MemoryError, "java.lang.OutOfMemoryError"),
    (AssertionError, "java.lang.AssertionError"),
    (NotImplementedError, "java.lang.UnsupportedOperationException"),
    (ArithmeticError, "java.lang.ArithmeticException"),
    (LookupError, "java.util.NoSuchElementException"),
    (ValueError, "java.lang.IllegalArgumentException"),
    (TypeError, "java.lang.ClassCastException"),
    (FileNotFoundError, "java.io.FileNotFoundException"),
    (OSError, "java.io.IOException"),
)
"""The Java class that stands for each class of Python; java.lang.RuntimeException for all others."""

BELOW = (
    "android.os.Handler.dispatchMessage(Handler.java:106)",
    "android.os.Looper.loopOnce(Looper.java:205)",
    "android.os.Looper.loop(Looper.java:294)",
    "android.app.ActivityThread.main(ActivityThread.java:8177)",
    "java.lang.reflect.Method.invoke(Native Method)",
    "com.android.internal.os.RuntimeInit$MethodAndArgsCaller.run(RuntimeInit.java:552)",
    "com.android.internal.os.ZygoteInit.main(ZygoteInit.java:971)",
)
"""Who calls an app's code on its main thread."""


@dataclass(frozen=True, slots=True)
class JavaTrace:
    """An exception by its class, message and the place it was raised at; `text` is all that is printed of it."""

    exception: str
    message: str
    file: str
    line: int
    text: str


def java_trace(error: BaseException) -> JavaTrace:
    """The frames of the emulation stand for the app's own; those of the framework are below them."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [_head(error), *(f"\tat {place}" for place in (*_places(frames), *BELOW))]
    cause = error.__cause__ or error.__context__
    while cause is not None:
        inner = traceback.extract_tb(cause.__traceback__)
        lines += [f"Caused by: {_head(cause)}", *(f"\tat {place}" for place in _places(inner))]
        cause = cause.__cause__ or cause.__context__
    last = frames[-1] if frames else None
    file, line = (_file(last), last.lineno or 0) if last else ("Handler.java", 106)
    return JavaTrace(_class(error), str(error), file, line, "\n".join(lines))


def _head(error: BaseException) -> str:
    return f"{_class(error)}: {error}" if str(error) else _class(error)


def _class(error: BaseException) -> str:
    return next((name for kind, name in JAVA if isinstance(error, kind)), "java.lang.RuntimeException")


def _places(frames: traceback.StackSummary) -> list[str]:
    """`package.Class.method(File:line)`, the innermost first."""
    return [f"{_module(frame)}.{frame.name}({_file(frame)}:{frame.lineno})" for frame in reversed(frames)]


def _file(frame: traceback.FrameSummary) -> str:
    return frame.filename.rsplit("/", 1)[-1]


def _module(frame: traceback.FrameSummary) -> str:
    """The last parts of a file's path, as a package is written."""
    return ".".join(frame.filename.removesuffix(".py").strip("/").split("/")[-3:])
