"""The release page at the end of a run: in its folder, and for the whole of `reports` of the run that was last."""

from __future__ import annotations

from pathlib import Path

from framework.contract.account import RunAccount, RunFigures
from framework.contract.errors import FarmError
from framework.journal.account import read_account

PAGE = "release.html"


class ReleasePage:
    """Of the run in `folder`; whatever happens to it is told in `told`, and never raised."""

    def __init__(self, folder: Path, reports: Path, *, redact: bool = True) -> None:
        self._folder, self._reports, self._redact = folder, reports, redact
        self.page, self.missing = folder / PAGE, ""

    def write(self, account: RunAccount | None, baseline: RunFigures | None) -> None:
        """Both pages, of what is known of the run, else of its folder; `missing` says why not, with the mend."""
        from framework.report.release.page import write_release_page

        try:
            account = account or read_account(self._folder)
            write_release_page(
                account, baseline, self.page, self._reports / PAGE, run_folder=self._folder, redact=self._redact
            )
            self.page = self._reports / PAGE
        except (FarmError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            self.missing = f"not written: {reason} (once that is mended: farm report {self._folder})"
        except Exception as error:  # a fault of ours must not cost a run its results
            self.missing = f"not written: {type(error).__name__}: {error} (please report it; the results are whole)"
