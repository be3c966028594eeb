"""Links from the page to the evidence of a repetition: relative, and never out of the run's folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from framework.journal.places import UNITS

TRACE = "trace.html"
_LINK = f'href="{UNITS}/'
"""How every link to evidence begins, and nothing else: text of others holds no quotation mark that is not escaped."""


class Hrefs:
    """For a page in the run's folder."""

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder

    def of(self, folder: str) -> str:
        """The trace page of a repetition by its folder below the run's; empty where there is none."""
        place = PurePosixPath(folder)
        if place.parts[:1] != (UNITS,) or ".." in place.parts or not self._is_there(place / TRACE):
            return ""
        return quote(str(place / TRACE))

    def _is_there(self, place: PurePosixPath) -> bool:
        try:
            return (self._folder / place).is_file()
        except (OSError, ValueError):
            return False

    def beside(self, page: str, folder: Path) -> str:
        """The same page for another folder, wherever both are moved to together."""
        way = Path(os.path.relpath(self._folder.resolve(), folder.resolve())).as_posix()
        return page if way == "." else page.replace(_LINK, f'href="{quote(way)}/{UNITS}/')
