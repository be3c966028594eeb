"""A witness on each handset: whose it says that it is, and when that changed.

It knows nothing of locks: a handset's lease is free from when the file that names its holder is gone, or names
another; the lock itself is let go of in the next line of the same script.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from lease_worker import now_s

from framework.contract.capabilities import Target
from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.handset import open_handset
from framework.handset.preparation import FOLDER
from framework.handset.shell import LineStream

LOOK_S = 0.02
HEAR_S = 0.5
_SCRIPT = f"""last=
while :; do
  now=
  [ -r {FOLDER}/holder ] && read -r now <{FOLDER}/holder
  [ "$now" = "$last" ] || echo "$now"
  last=$now
  sleep {LOOK_S}
done
"""


class Watch:
    """`ended`: number of an attempt -> when its lease was over, by `now_s`; each time where it had several."""

    def __init__(self) -> None:
        self.ended: dict[int, list[float]] = {}
        self._over = threading.Event()
        self._now: dict[LineStream, int | None] = {}

    def follow(self, stream: LineStream) -> None:
        """Until `close`."""
        before: int | None = None
        while not self._over.is_set():
            try:
                line = stream.read_line(HEAR_S)
            except DeadlineError:
                continue
            except HandsetError:
                return
            if line is None:
                return
            found = _attempt(line)
            if before is not None and found != before:
                self.ended.setdefault(before, []).append(now_s())
            before = self._now[stream] = found

    def await_free(self, within_s: float) -> None:
        """Until nobody has any of the handsets; what does not end has no entry in `ended`."""
        ends_s = now_s() + within_s
        while any(attempt is not None for attempt in self._now.values()) and now_s() < ends_s:
            time.sleep(LOOK_S)

    def close(self) -> None:
        self._over.set()


@contextmanager
def watched(handsets: Sequence[Target]) -> Iterator[Watch]:
    watch = Watch()
    with ExitStack() as stack:
        for target in handsets:
            stream = stack.enter_context(stack.enter_context(open_handset(target)).shell.stream(_SCRIPT))
            thread = threading.Thread(target=watch.follow, args=(stream,), daemon=True)
            thread.start()
            stack.callback(thread.join)
        stack.callback(watch.close)
        yield watch


def _attempt(line: str) -> int | None:
    """Of what the file says; None where it is gone, or just being written."""
    with suppress(ValueError, KeyError, TypeError):
        found = re.fullmatch(r"attempt (\d+)", json.loads(line)["why"])
        return int(found[1]) if found else None
    return None
