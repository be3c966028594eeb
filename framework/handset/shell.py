"""Commands on the handset: exit status, output and error output, input, and long-lived programs."""

from __future__ import annotations

import secrets
import shlex
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from types import TracebackType

from framework.contract.capabilities import ShellResult
from framework.contract.errors import HandsetError
from framework.handset import programs
from framework.handset.connection import Connection, Deadline, told
from framework.handset.programs import Program, ProgramV2

_OPEN_S = 30.0
_WRITE_S = 30.0


class HandsetShell:
    """`contract.capabilities.Shell` over any connection."""

    def __init__(self, handset: str, connection: Connection) -> None:
        self._handset, self._connection = handset, connection

    def run(self, *argv: str, stdin: bytes = b"", timeout_s: float = 30, check: bool = False) -> ShellResult:
        return self.script(shlex.join(argv), stdin=stdin, timeout_s=timeout_s, check=check)

    def script(self, text: str, *, stdin: bytes = b"", timeout_s: float = 30, check: bool = False) -> ShellResult:
        deadline = Deadline(timeout_s, self._handset, f"`{told(text)}`")
        run = self._run if programs.speaks_v2(self._connection) else self._run_v1
        with deadline:
            result = run(text, stdin, deadline)
        if check and result.exit != 0:
            raise HandsetError(self._handset, f"`{told(text)}` ended with {result.exit}: {_complaint(result)}")
        return result

    def stream(self, script: str) -> LineStream:
        start = programs.start_v2 if programs.speaks_v2(self._connection) else programs.start_v1
        return LineStream(self._handset, start(self._connection, script, _OPEN_S))

    def _run(self, text: str, stdin: bytes, deadline: Deadline) -> ShellResult:
        program = programs.start_v2(self._connection, text, deadline.remaining())
        with closing(program), _fed(program, stdin, deadline):
            stdout, stderr = _collect(program, deadline)
        if program.exit is None:
            raise self._broke_off(text)
        return ShellResult(program.exit, stdout, stderr)

    def _run_v1(self, text: str, stdin: bytes, deadline: Deadline) -> ShellResult:
        """The exit status is printed behind the output, after a mark that no program prints by chance."""
        if stdin:
            raise HandsetError(self._handset, "its adbd (before Android 7) cannot end the input of a program")
        mark = secrets.token_hex(8)
        script = f"( {text}\n)\necho {mark}$?"
        with closing(programs.start_v1(self._connection, script, deadline.remaining())) as program:
            printed, _ = _collect(program, deadline)
        stdout, found, status = printed.rpartition(mark.encode())
        if not found or not status.strip().isdigit():
            raise self._broke_off(text)
        return ShellResult(int(status), stdout, b"")

    def _broke_off(self, text: str) -> HandsetError:
        return HandsetError(self._handset, f"`{told(text)}` broke off without an exit status")


class LineStream:
    """`contract.capabilities.ShellStream`; `complaint` is the end of what the program printed as errors."""

    def __init__(self, handset: str, program: Program) -> None:
        self._handset, self._program = handset, program
        self._rest = b""
        self._lines: Iterator[bytes] = iter(())
        self._ended = False
        self.complaint = ""

    def read_line(self, timeout_s: float) -> str | None:
        deadline = Deadline(timeout_s, self._handset, "reading a line")
        with deadline:
            while (line := next(self._lines, None)) is None:
                if self._ended:
                    return None
                self._receive(deadline)
        return line.decode("utf-8", "replace").removesuffix("\r")

    def write(self, data: bytes) -> None:
        self._program.write(data, _WRITE_S)

    def close(self) -> None:
        self._program.close()

    def __enter__(self) -> LineStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self, deadline: Deadline) -> None:
        output = self._program.read(deadline.remaining())
        if output is None:
            self._ended = True
            self._lines = iter([self._rest] if self._rest else [])
            return
        self.complaint = (self.complaint + output.stderr.decode("utf-8", "replace"))[-1000:]
        *lines, self._rest = (self._rest + output.stdout).split(b"\n")
        self._lines = iter(lines)


@contextmanager
def _fed(program: ProgramV2, stdin: bytes, deadline: Deadline) -> Iterator[None]:
    """Write `stdin` beside the reading: a program that prints while it reads would otherwise stop both."""

    def feed() -> None:
        with suppress(HandsetError):  # a program that ends without reading everything is no error
            program.write(stdin, deadline.remaining())
            program.end_input(deadline.remaining())

    if not stdin:
        feed()
        yield
        return
    feeder = threading.Thread(target=feed, name="stdin", daemon=True)
    feeder.start()
    try:
        yield
    finally:
        program.close()
        feeder.join()


def _collect(program: Program, deadline: Deadline) -> tuple[bytes, bytes]:
    stdout, stderr = bytearray(), bytearray()
    while (output := program.read(deadline.remaining())) is not None:
        stdout += output.stdout
        stderr += output.stderr
    return bytes(stdout), bytes(stderr)


def _complaint(result: ShellResult) -> str:
    """The last line that the command printed, of errors first."""
    lines = [line for text in (result.text, result.stderr.decode("utf-8", "replace")) for line in text.split("\n")]
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
