"""The `farm` command itself: exit codes, help, interruption."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from framework import cli
from framework.contract.errors import AssistantError, HandsetError, UsageError

FARM = [sys.executable, "-c", "import sys; from framework.cli import main; sys.exit(main())"]


def command_that(behave: Callable[[], int]) -> Callable[[str], SimpleNamespace]:
    """A sub-command in the place of every real one, which does as it is told."""

    def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        subparsers.add_parser("check")

    return lambda name: SimpleNamespace(add_parser=add_parser, run=lambda args: behave())


def raising(error: BaseException) -> Callable[[], int]:
    def behave() -> int:
        raise error

    return behave


@pytest.mark.parametrize(
    ("behave", "code", "said"),
    [
        (lambda: 0, 0, ""),
        (lambda: 1, 1, ""),
        (raising(AssistantError("compact", "crashed")), 1, "compact: crashed\n"),
        (raising(UsageError("no such file", "and another")), 2, "no such file\nand another\n"),
        (raising(HandsetError("rack-7", "gone", "plug it in")), 3, "rack-7: gone (plug it in)\n"),
        (raising(KeyboardInterrupt()), 130, ""),
    ],
)
def test_exit_codes_say_who_must_act(
    behave: Callable[[], int],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0, 1 (no, or the build), 2 (your call), 3 (the lab), 130 (Ctrl+C, without a word)."""
    monkeypatch.setattr(cli, "_command", command_that(behave))
    assert cli.main(["check"]) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["device"], 'device: no such command; `farm --help` lists them (did you mean "devices"?)\n'),
        (["42"], "42: no such command; `farm --help` lists them\n"),
        (["flaky", "--rnus", "3"], "farm flaky: unknown arguments --rnus 3; `farm flaky --help` lists the options\n"),
        (
            ["plan", "suites", "--each", "model"],
            "farm plan: unknown arguments --each model; pytest's options go after --: "
            "farm plan suites -- --each model\n",
        ),
    ],
)
def test_a_wrong_call_is_told_with_its_mend(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, with the near command or where such options go; exit code 2."""
    assert (cli.main(arguments), capsys.readouterr()) == (2, ("", said))


@pytest.mark.parametrize("name", [name for name, _ in cli.COMMANDS])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`farm COMMAND --help` exits with 0 and shows how it is called; so every entry of the table has its module."""
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: farm {name}" in capsys.readouterr().out


def test_help_lists_every_command_and_imports_none(tmp_path: Path) -> None:
    """`farm --help` is quick because no sub-command is loaded for it."""
    code = "\n".join(
        (
            "import sys; from framework.cli import main",
            "try: main(['--help'])",
            "finally: print([name for name in sys.modules if name.startswith(('framework.commands', 'pydantic'))])",
        )
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    words = done.stdout.split()
    assert [name for name, line in cli.COMMANDS if name not in words or line[:30] not in done.stdout] == []
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    """`farm schema scenario | true` ends quietly."""
    farm = subprocess.Popen([*FARM, "schema", "scenario"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    assert farm.stdout is not None
    farm.stdout.close()
    _, said = farm.communicate(timeout=30)
    assert (farm.returncode, said) == (0, b"")
