"""`manifest.json` of an evidence pack: what was tested with what, and the hash of each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from framework.contract.account import RunAccount, RunFigures, RunHead
from framework.contract.run import BuildIdentity
from framework.contract.verdict import Verdict
from framework.journal.records import plain, rebuilt

NAME: Final = "manifest.json"
BASELINE: Final = "baseline.json"
"""What the run was compared with."""
_DAMAGE: Final = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
FORMAT, VERSION = "pocketfarm evidence", 1

SERIES: Final = ("values", "courses")
"""Fields of RunFigures that hold numbers."""


def is_safe(name: str) -> bool:
    """Whether a file of that name stays in its folder and in sight, on every system."""
    parts = PurePosixPath(name).parts
    if not parts or name != "/".join(parts) or set(name) & set("\\:\0"):
        return False
    return not any(part.startswith((".", "/")) for part in parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the pack."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Tested:
    """A handset, without its serial number."""

    name: str
    manufacturer: str
    model: str
    soc: str
    android: str
    system: str
    fingerprint: str
    emulated: bool
    screen: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """`taken_out`: in words, such as `phone number` → how often; `as_they_were`: endings of files that are no text;
    `left_out`: files that cannot be redacted, and are not there."""

    active: bool
    taken_out: Mapping[str, int] = field(default_factory=dict)
    as_they_were: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    run: str
    """Name of its folder."""
    id: str
    began_at: float
    finished: bool
    build: BuildIdentity
    handsets: tuple[Tested, ...]
    versions: Mapping[str, str]
    verdicts: Mapping[str, int]
    redaction: Redaction
    files: Mapping[str, Entry]
    baseline: str = ""
    """Name of the run that it was compared with."""

    def text(self) -> str:
        content = {"format": FORMAT, "version": VERSION, **plain(self)}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def tested(account: RunAccount) -> tuple[Tested, ...]:
    return tuple(
        Tested(
            one.name, one.manufacturer, one.model, one.soc, one.android, one.system, one.fingerprint, one.emulated,
            one.screen,
        )
        for _, one in sorted(account.handsets.items())
    )  # fmt: skip


def parsed(text: bytes) -> Manifest:
    """ValueError: it is none, or of another version, in words."""
    try:
        content: Any = json.loads(text)
        kind, version = content["format"], content["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("its manifest is none of an evidence pack's") from None
    if kind != FORMAT:
        raise ValueError("its manifest is none of an evidence pack's")
    if version != VERSION:
        raise ValueError(f"it is of version {version}, and this Pocketfarm reads {VERSION}: update Pocketfarm")
    try:
        return rebuilt(Manifest, content)
    except _DAMAGE as error:
        raise ValueError(f"its manifest is damaged ({error})") from None


# -- the run that it was compared with -------------------------------------------------------------------------------


def figures_text(figures: RunFigures) -> str:
    content = {"head": plain(figures.head), "verdicts": _listed(figures.verdicts)}
    content |= {name: _listed(getattr(figures, name)) for name in SERIES}
    return json.dumps(content, ensure_ascii=False) + "\n"


def figures_parsed(text: bytes) -> RunFigures:
    """ValueError: it is none."""
    try:
        content = json.loads(text)
        verdicts = {(str(test), str(model)): Verdict(verdict) for (test, model), verdict in content["verdicts"]}
        series = {name: _series(content.get(name, [])) for name in SERIES}
        return RunFigures(rebuilt(RunHead, content["head"]), verdicts, **series)
    except _DAMAGE as error:
        raise ValueError(f"{BASELINE} is damaged ({error})") from None


def _listed(found: Mapping[Any, Any]) -> list[Any]:
    return [[list(key), plain(value)] for key, value in sorted(found.items())]


def _series(listed: Any) -> dict[Any, tuple[float, ...]]:
    return {tuple(map(str, key)): tuple(map(float, values)) for key, values in listed}
