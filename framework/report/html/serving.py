"""A run's folder for a browser of this machine: on loopback, read-only, and gone with us."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from framework.journal.places import RESULTS, UNITS

LOOPBACK: Final = "127.0.0.1"
ICON: Final = "/favicon.ico"
"""What browsers ask for beside any page that names none."""
_OURS: Final = (LOOPBACK, "localhost")
_STILL: Final = (UNITS, RESULTS)
"""Folders of evidence: pages there have no scripts, and get none, whoever has made them."""


class _Files(SimpleHTTPRequestHandler):
    """Only for pages that call us by our own name: a name of somebody else's that leads here is turned away."""

    def __init__(self, *arguments: Any, root: Path) -> None:
        self.root, self._still = root, False
        super().__init__(*arguments, directory=str(root))

    def send_head(self) -> Any:
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in _OURS:
            return self.send_error(HTTPStatus.FORBIDDEN)
        if self.path == ICON:
            self.send_response(HTTPStatus.NO_CONTENT)  # 404 would be an error in the console of every page
            return self.end_headers()
        place = Path(self.translate_path(self.path)).resolve()
        if not place.is_relative_to(self.root):
            return self.send_error(HTTPStatus.NOT_FOUND)
        self._still = place.relative_to(self.root).parts[:1] in [(name,) for name in _STILL]
        return super().send_head()

    def list_directory(self, path: Any) -> Any:
        return self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        if self._still:
            self.send_header("Content-Security-Policy", "script-src 'none'; object-src 'none'; form-action 'none'")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[str]:
    """Its address, such as `http://127.0.0.1:40123`. OSError: the port is taken."""
    root = folder.resolve()
    server = ThreadingHTTPServer((LOOPBACK, port), partial(_Files, root=root))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="report", daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
