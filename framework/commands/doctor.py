"""`farm doctor`: what is wrong with this machine and with the handsets, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from framework.commands.doctor_patients import DEVICES, Patient, patients, read_farm
from framework.contract.errors import HandsetError, UsageError
from framework.doctor import bundle
from framework.doctor.ask import ask
from framework.doctor.finding import Finding, findings
from framework.doctor.machine import Reports, look
from framework.doctor.machine_checks import MACHINE
from framework.doctor.questions import ALL, HOST_SIDE
from framework.doctor.replay import refused, unread
from framework.doctor.section import Section, examine, judged, unreachable
from framework.doctor.told import as_text
from framework.report.html.finding import expected

AT_ONCE = 8
DESCRIPTION = """Check this machine (Python, adb, Node.js, Appium, Allure, ports, USB, disk, devices.yaml) and each
handset (connection, developer options, battery, heat, storage, screen lock, clock, lease, build), one line a finding
with what to do. Nothing is changed. Virtual handsets of the file are started for it. Without a devices.yaml: the
handsets that the adb server lists."""
EPILOG = """examples:
  farm doctor                                this machine and every handset
  farm doctor --handset rack-7 --json        one handset, for a script
  farm doctor --handset 9A1FFB --record 9a1ffb.zip
                                             what that handset prints, for the makers of the farm
  farm doctor --replay 9a1ffb.zip            whether the farm can read such a bundle

--record bundles what the farm reads from a handset: the output, exit status and duration of each command, and the
handset's clock. Serials, IMEI, MAC and IP addresses, phone numbers, accounts, network names, names and packages of the
owner are replaced by pseudonyms. It is a ZIP of texts: look through it before you give it away.

--json prints one object, whose fields stay:
  format    1
  exit      the exit code
  machine   a list of findings: check, level (ok, warning or fault), finding, mend ("" where there is nothing to do)
  handsets  a list of objects: name, kind, model, android, reachable, findings (as above)

exit codes: 0 no faults, 1 faults, 2 wrong call, 3 a handset cannot be reached
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="what is wrong with this machine and the handsets, and what to do",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--handset", action="append", default=[], metavar="NAME|SERIAL", help="only this one; may be repeated"
    )
    parser.add_argument("--devices", metavar="FILE", help=f"default: {DEVICES}")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    files = parser.add_mutually_exclusive_group()
    files.add_argument("--record", type=Path, metavar="FILE", help="bundle what one handset prints")
    files.add_argument("--replay", type=Path, metavar="FILE", help="examine such a bundle instead of a handset")


def run(args: argparse.Namespace) -> int:
    """0, 1 with faults, 3 where a handset cannot be reached."""
    if args.replay is not None:
        return _tell(args, (), [judged(str(args.replay), "bundle", bundle.read(args.replay).answers)])
    farm = read_farm(args.devices)
    with patients(farm, args.handset, args.devices) as chosen, _Progress() as progress:
        if args.record is not None:
            return _record(args, chosen, progress)
        phones = any(patient.needs_appium for patient in chosen)
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            looked = pool.submit(lambda: look(farm.told, farm.faults, phones, Reports(*expected())))
            sections = list(pool.map(lambda patient: _examined(patient, progress), chosen))
        progress.clear()
        return _tell(args, findings(MACHINE, looked.result()), sections)


def _examined(patient: Patient, progress: _Progress) -> Section:
    if isinstance(patient.where, HandsetError):
        return unreachable(patient.name, patient.kind, patient.where)
    return examine(patient.kind, patient.where, lambda *step: progress.told(patient.name, *step))


def _record(args: argparse.Namespace, chosen: Sequence[Patient], progress: _Progress) -> int:
    """0 when the bundle is written, whatever it holds."""
    if len(chosen) != 1:
        names = ", ".join(patient.name for patient in chosen) or "none here"
        raise UsageError(f"--record takes one handset: say which with --handset ({names})")
    (patient,) = chosen
    if isinstance(patient.where, HandsetError):
        raise patient.where
    asked = [question for question in ALL if question.name not in HOST_SIDE]
    answers = ask(patient.where, asked, lambda *step: progress.told(patient.name, *step))
    progress.clear()
    bundle.write(args.record, patient.where, answers)
    lacking, complaints = refused(answers), [str(each) for each in unread(answers)]
    if args.json:
        summary = {"format": 1, "file": str(args.record), "answers": len(answers.given)}
        print(json.dumps(summary | {"refused": lacking, "unread": complaints}, ensure_ascii=False, indent=2))
        return 0
    print(f"{args.record}: {len(answers.given)} answers of {patient.name}, identifiers replaced by pseudonyms")
    if lacking:
        print(f"not answered: {', '.join(lacking)}")
    for complaint in complaints:
        print(f"the farm cannot read {complaint}")
    print("look through it before you give it away: it is a ZIP of texts")
    return 0


def _tell(args: argparse.Namespace, machine: Sequence[Finding], sections: Sequence[Section]) -> int:
    code = _exit(machine, sections)
    if args.json:
        told = {"format": 1, "exit": code, "machine": [asdict(each) for each in machine]}
        print(json.dumps(told | {"handsets": [asdict(each) for each in sections]}, ensure_ascii=False, indent=2))
    else:
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        colour = sys.stdout.isatty() and not plain
        print(as_text(machine, sections, colour=colour))
    return code


def _exit(machine: Sequence[Finding], sections: Sequence[Section]) -> int:
    if not all(section.reachable for section in sections):
        return HandsetError.exit_code
    every = [*machine, *(finding for section in sections for finding in section.findings)]
    return 1 if any(finding.level == "fault" for finding in every) else 0


class _Progress(AbstractContextManager["_Progress"]):
    """One line on a terminal that says who is asked what, and is gone in the end."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._writing = threading.Lock()

    def told(self, name: str, number: int, total: int, question: str) -> None:
        self._write(f"{name}: {number} of {total}, {question}"[:78])

    def clear(self) -> None:
        self._write("")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def _write(self, line: str) -> None:
        if self._shown:
            with self._writing:
                print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
