"""What was deployed: kept on the handset, so that the next user need not do it again."""

from __future__ import annotations

import getpass
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from framework.contract.run import BuildIdentity

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from framework.contract.capabilities import Files

RECEIPT: Final = "/data/local/tmp/pocketfarm/receipt.json"
_LARGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class InstalledApk:
    """`code_path` is where Android put it: another installation lies elsewhere."""

    sha256: str
    version_code: int
    code_path: str


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file on the handset whose content was verified when it had this `size` (bytes) and `mtime` (s)."""

    path: str
    sha256: str
    size: int
    mtime: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One deployment.

    `when` is the host's time, UTC; `device_wall_s` the handset's own, seconds since 1970; `seconds` are of host time;
    `skipped` names what was there already.
    """

    identity: BuildIdentity
    apk: InstalledApk
    weights: tuple[PlacedFile, ...]
    who: str
    when: str
    device_wall_s: int
    seconds: float
    pushed_bytes: int
    skipped: tuple[str, ...]

    @property
    def mb_per_s(self) -> float | None:
        """Rate of installing and pushing, verification included; None when all was there already."""
        return self.pushed_bytes / self.seconds / 1e6 if self.pushed_bytes and self.seconds else None

    def placed(self, path: str) -> PlacedFile | None:
        return next((file for file in self.weights if file.path == path), None)


def read_receipt(files: Files) -> Receipt | None:
    """The receipt on the handset; None where there is none that can be read."""
    from pydantic import ValidationError

    if files.stat(RECEIPT) is None:
        return None
    try:
        return _adapter().validate_json(files.read(RECEIPT, limit=_LARGEST))
    except ValidationError:
        return None


def write_receipt(files: Files, receipt: Receipt) -> None:
    files.mkdir(RECEIPT.rpartition("/")[0])
    files.push(_adapter().dump_json(receipt, indent=2), RECEIPT)


def who() -> str:
    return f"{getpass.getuser()}@{socket.gethostname()}"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _adapter() -> TypeAdapter[Receipt]:
    from pydantic import TypeAdapter

    return TypeAdapter(Receipt)
