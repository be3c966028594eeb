"""The process that many virtual handsets live in: `python -m framework.virtual.host`.

It reads one line of JSON from its standard input (a list of `VirtualRequest`), announces each handset as one line of
JSON on its standard output, and runs until that input ends: whoever started it holds the other end of the pipe, so it
ends with its parent however the parent dies.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path

from framework.contract.loading import loading_for_good


def main() -> None:
    with loading_for_good():
        import asyncio

        from framework.virtual.endpoints import VirtualRequest
        from framework.virtual.memory import share_one_arena
        from framework.virtual.serving import serve_all

    share_one_arena()
    line = io.FileIO(sys.stdin.fileno(), closefd=False).readline()  # unbuffered: the rest is the life line
    requests = [VirtualRequest(**raw) for raw in json.loads(line)]
    with tempfile.TemporaryDirectory(prefix="pocketfarm-") as folder:
        asyncio.new_event_loop().run_until_complete(serve_all(requests, Path(folder)))
    os._exit(0)  # without waiting for threads that compute what nobody will hear


if __name__ == "__main__":
    main()
