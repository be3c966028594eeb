"""The screen, filmed while something runs: `screenrecord` (AOSP frameworks/av/cmds/screenrecord), piece after piece.

One call films three minutes at most, hence pieces; the last two are kept. It ends its film at SIGHUP as at SIGINT,
which a shell's background jobs do not hear; and with the stream that asked for it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from types import TracebackType

from framework.contract.capabilities import Files, Shell, ShellStream
from framework.contract.errors import HandsetError
from framework.handset.connection import Deadline
from framework.handset.preparation import FOLDER

PLACE = f"{FOLDER}/screen"
PIECE_S = 170
BITS_PER_S = 2_000_000
LARGEST = 2 * PIECE_S * BITS_PER_S // 8
_END_S = 15.0
_PIECE = re.compile(r"[0-9]{1,6}\.mp4")

_FILM = f"""place={PLACE}
ended= pid=
trap 'ended=1; [ -z "$pid" ] || kill -HUP $pid' HUP
rm -rf $place && mkdir -p $place || exit 1
over() {{ [ -n "$ended" ] || [ -e $place/stop ]; }}
comm() {{ {{ read -r comm </proc/$1/comm; }} 2>/dev/null; }}
comm $$
shell=$comm
n=0
while ! over; do
  screenrecord --bit-rate {BITS_PER_S} --time-limit {PIECE_S} $place/$n.mp4 2>&1 &
  pid=$!
  while comm $pid && [ "$comm" = "$shell" ]; do sleep 0.01; done
  echo $pid >$place/pid
  ! over || kill -HUP $pid
  echo "FILMING $n"
  wait $pid
  status=$?
  [ -s $place/$n.mp4 ] || {{ echo "FAILED $status"; break; }}
  n=$((n+1))
  rm -f $place/$((n-2)).mp4
done
echo DONE
"""
"""`screenrecord` ends with 0 where it found no encoder (UNKNOWN_ERROR has no low bits): the file tells. Whoever ends it
may do so between two pieces, hence the second look, when the next one can be told. Nobody is told of a piece before it
is `screenrecord`: until then it is a shell with the traps of the first one, and forgets a SIGHUP."""
_STOP = f"touch {PLACE}/stop; kill -HUP $(cat {PLACE}/pid) 2>/dev/null; true"


class ScreenRecording:
    """Films from its start until `finish` or `close`."""

    def __init__(self, handset: str, shell: Shell, files: Files) -> None:
        self._handset, self._shell, self._files = handset, shell, files
        self._stream: ShellStream | None = shell.stream(_FILM)
        self._asked_to_end = False

    def finish(self) -> tuple[bytes, ...]:
        """The pieces, MP4, oldest first; HandsetError where the handset did not film, in its own words."""
        if self._stream is None:
            raise HandsetError(self._handset, "its screen is not filmed any more")
        try:
            self._stop(self._stream)
            names = sorted((name for name in self._files.entries(PLACE) if _PIECE.fullmatch(name)), key=_number)
            pieces = [self._files.read(f"{PLACE}/{name}", limit=LARGEST) for name in names]
        finally:
            self.close()
        if not any(pieces):
            raise HandsetError(self._handset, "its screen was filmed, but nothing is left of it")
        return tuple(piece for piece in pieces if piece)

    def close(self) -> None:
        """Nobody wants to see it, or has it: whatever is left of it on the handset is removed, once it has ended."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            with suppress(HandsetError):
                if not self._asked_to_end:
                    self._stop(stream)
            with suppress(HandsetError):
                self._shell.script(f"{_STOP}; rm -rf {PLACE}", timeout_s=_END_S)
        finally:
            stream.close()

    def __enter__(self) -> ScreenRecording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _stop(self, stream: ShellStream) -> None:
        """Until the last piece is written. It has to film first: what is asked before that is cleared away there."""
        self._asked_to_end = True
        said: list[str] = []
        with Deadline(_END_S, self._handset, "`screenrecord`") as deadline:
            self._read_until("FILMING", stream, said, deadline)
            self._shell.script(_STOP, timeout_s=deadline.remaining())
            self._read_until("DONE", stream, said, deadline)

    def _read_until(self, word: str, stream: ShellStream, said: list[str], deadline: Deadline) -> None:
        """Or until the stream's end; HandsetError when it fails at filming, with what else was `said`."""
        while (line := stream.read_line(deadline.remaining())) is not None:
            if line.startswith("FAILED"):
                raise HandsetError(self._handset, f"it does not film its screen: {_reason(said, line)}")
            if line.startswith(word):
                return
            said += [line] if line and not line.startswith("FILMING") else []


def _reason(said: list[str], failed: str) -> str:
    return " ".join(said)[:200] or f"`screenrecord` ended with {failed.removeprefix('FAILED').strip()}"


def _number(name: str) -> int:
    return int(name.partition(".")[0])
