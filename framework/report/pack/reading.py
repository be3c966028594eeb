"""An evidence pack → a run's folder: checked as something that anybody may have made."""

from __future__ import annotations

import hashlib
import shutil
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from framework.contract.errors import Problem, UsageError
from framework.journal.places import safe_name
from framework.journal.runs import JOURNAL
from framework.report.pack.manifest import NAME, Manifest, is_safe, parsed

MOST_FILES: Final = 200_000
LARGEST_MANIFEST: Final = 100_000_000
LARGEST_BYTES: Final = 20_000_000_000
"""Of all files together."""
LEAST_FREE_BYTES: Final = 500_000_000
_PIECE: Final = 1 << 20
_MEND = "ask for it again; who packs says its sha256 (farm report --pack)"


def unpack(file: Path, into: Path) -> Path:
    """The folder of its run, made in the folder `into`; nothing is left of one that is not as its manifest says.

    UsageError with what is wrong, and the mend.
    """
    try:
        with ZipFile(file) as pack:
            entries, manifest = _looked_into(file, pack)
            folder = into / manifest.run
            if folder.exists():
                raise UsageError(f"{folder} is there already: farm report {folder}, or unpack elsewhere with -o")
            _extract(pack, entries, manifest, folder)
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise _wrong(file, f"it is no evidence pack, or damaged ({error})", _MEND) from None
    except ValueError as error:
        raise _wrong(file, str(error), _MEND) from None
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(error.filename or file))) from error
    return folder


def _looked_into(file: Path, pack: ZipFile) -> tuple[dict[str, ZipInfo], Manifest]:
    """ValueError: the listing of the archive and its manifest do not fit, or are not to be trusted."""
    listed = pack.infolist()
    if len(listed) > MOST_FILES:
        raise ValueError(f"it holds {len(listed)} files, more than {MOST_FILES}")
    for info in listed:
        _check_entry(info)
    entries = {info.filename: info for info in listed}
    if len(entries) != len(listed):
        raise ValueError("it holds two files of one name")
    if sum(info.compress_size for info in listed) > file.stat().st_size:
        raise ValueError("its files lie one over the other")
    if NAME not in entries or entries[NAME].file_size > LARGEST_MANIFEST:
        raise ValueError(f"it has no {NAME}: it is no evidence pack")
    manifest = parsed(pack.read(NAME))
    _check_files(entries, manifest)
    return entries, manifest


def _check_entry(info: ZipInfo) -> None:
    name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    if not is_safe(name):
        raise ValueError(f"{name!r} leads out of its folder, or out of sight")
    if kind not in (0, stat.S_IFREG) or info.is_dir():
        raise ValueError(f"{name!r} is no file")
    if info.flag_bits & 1:
        raise ValueError(f"{name!r} is encrypted")


def _check_files(entries: dict[str, ZipInfo], manifest: Manifest) -> None:
    if safe_name(manifest.run) != manifest.run:
        raise ValueError(f"its run is called {manifest.run!r}")
    absent, more = manifest.files.keys() - entries.keys(), entries.keys() - manifest.files.keys() - {NAME}
    if absent or more:
        raise ValueError(f"{min(absent)!r} is missing" if absent else f"{min(more)!r} is not in its manifest")
    if JOURNAL not in entries:
        raise ValueError(f"it holds no {JOURNAL}")
    for name, entry in manifest.files.items():
        if entries[name].file_size != entry.bytes:
            raise ValueError(f"{name!r} has {entries[name].file_size} bytes, and its manifest says {entry.bytes}")
    total = sum(info.file_size for info in entries.values())
    if total > LARGEST_BYTES:
        raise ValueError(f"it holds {total / 1e9:.1f} GB, more than {LARGEST_BYTES / 1e9:.0f}")


def _extract(pack: ZipFile, entries: dict[str, ZipInfo], manifest: Manifest, folder: Path) -> None:
    """Beside its place, then renamed."""
    total = sum(info.file_size for info in entries.values())
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if total > free - LEAST_FREE_BYTES:
        raise UsageError(f"{folder.parent}: {total / 1e6:.0f} MB are to be unpacked, and {free / 1e6:.0f} MB are free")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for name, info in entries.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            digest = _copy(pack, info, path)
            if name != NAME and digest != manifest.files[name].sha256:
                raise ValueError(f"{name!r} is not what its manifest says (sha256)")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copy(pack: ZipFile, info: ZipInfo, path: Path) -> str:
    """sha256 of what was written: never more than the archive has announced."""
    digest, left = hashlib.sha256(), info.file_size
    with pack.open(info) as source, path.open("xb") as copy:
        read: Callable[[int], bytes] = source.read
        while piece := read(min(_PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                raise ValueError(f"{info.filename!r} is larger than it says")
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _wrong(file: Path, what: str, mend: str) -> UsageError:
    return UsageError(Problem(f"{what}: {mend}", str(file)))
