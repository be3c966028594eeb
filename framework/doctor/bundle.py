"""A bundle: everything that the farm reads from a handset, in one ZIP file, without what identifies it or its owner.

`manifest.json` says how each command ended, how long it took and what the handset's clock was; `answers/NAME.out` and
`.err` hold what it printed. Everything is text, so that its owner can look through it before giving it away.
"""

from __future__ import annotations

import json
import platform
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from framework.contract.capabilities import Target
from framework.contract.errors import Problem, UsageError
from framework.doctor.answers import Answer, Answers
from framework.doctor.identifiers import identifiers
from framework.doctor.questions import ALL
from framework.redaction.pseudonyms import redact

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST = 64 << 20
"""Of one file in a bundle, in bytes: a bundle comes from strangers."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Bundles of the same answers are the same bytes."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One recorded handset; `about` is the manifest without its answers."""

    about: dict[str, Any]
    answers: Answers


def redacted(target: Target, answers: Answers) -> Answers:
    """The same answers under pseudonyms."""
    texts = {
        f"{name}.{part}": getattr(answer, field) for name, answer in answers.given.items() for part, field in _PARTS
    }
    numbers = {f"{question.name}.out" for question in ALL if question.numbers}
    clean = redact(texts, identifiers(target, answers), frozenset(numbers))
    return Answers(
        {
            name: Answer(
                answer.exit,
                clean[f"{name}.out"],
                clean[f"{name}.err"],
                answer.asked_wall_s,
                answer.seconds,
                answer.uptime_s,
            )
            for name, answer in answers.given.items()
        }
    )


def write(path: Path, target: Target, answers: Answers) -> None:
    """Redacted, whole or not at all; UsageError where the file cannot be written."""
    part = path.with_name(f".{path.name}.part")
    clean = redacted(target, answers)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, MANIFEST, json.dumps(_manifest(target, clean), indent=2, ensure_ascii=False))
            for name, answer in clean.given.items():
                for suffix, field in _PARTS:
                    if text := getattr(answer, field):
                        _add(archive, f"answers/{name}.{suffix}", text)
        part.replace(path)
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(path))) from error
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> Bundle:
    """UsageError for a file that is no bundle, or one of a later format."""
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(_text(archive, MANIFEST))
            if about["format"] != FORMAT:
                raise UsageError(Problem(f"a bundle of format {about['format']}; this farm reads {FORMAT}", str(path)))
            answers = {entry["name"]: _answer(archive, entry) for entry in about.pop("answers")}
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(path))) from error
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise UsageError(Problem(f"no bundle of `farm doctor --record`: {error}", str(path))) from error
    return Bundle(about, Answers(answers))


_PARTS = (("out", "stdout"), ("err", "stderr"))


def _manifest(target: Target, answers: Answers) -> dict[str, Any]:
    scripts = {question.name: (question.script, question.kind) for question in ALL}
    return {
        "format": FORMAT,
        "pocketfarm": _version(),
        "python": platform.python_version(),
        "transport": "adbd" if target.adbd else "adb server",
        "build": answers.property("ro.build.fingerprint"),
        "model": answers.property("ro.product.marketname", "ro.product.model"),
        "emulated": answers.property("ro.boot.qemu", "ro.kernel.qemu") == "1",
        "answers": [
            {
                "name": name,
                "script": scripts[name][0],
                "kind": scripts[name][1],
                "exit": answer.exit,
                "asked_wall_s": round(answer.asked_wall_s, 3),
                "seconds": round(answer.seconds, 4),
                "uptime_s": answer.uptime_s,
            }
            for name, answer in answers.given.items()
        ],
    }


def _version() -> str:
    try:
        return version("pocketfarm")
    except PackageNotFoundError:
        return "unknown"


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, text.encode("utf-8", "replace"))


def _answer(archive: zipfile.ZipFile, entry: dict[str, Any]) -> Answer:
    """Names of files are made from a name that must be one of ours or look like one."""
    name = str(entry["name"])
    found = set(archive.namelist())
    out, err = (_text(archive, member) if (member := f"answers/{name}.{part}") in found else "" for part, _ in _PARTS)
    uptime = entry["uptime_s"]
    ended = entry["exit"]
    return Answer(
        None if ended is None else int(ended),
        out,
        err,
        float(entry["asked_wall_s"]),
        float(entry["seconds"]),
        None if uptime is None else float(uptime),
    )


def _text(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{name} has more than {LARGEST} bytes")
    return data.decode("utf-8", "replace")
