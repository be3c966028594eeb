"""The samples for GitHub Actions and GitLab: their shell lines and their calls of the farm are right."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from importlib import import_module
from pathlib import Path

import _pytest.junitxml
import pytest
import xdist.plugin
import yaml
from _pytest.config.argparsing import Parser

import framework.plugin

SAMPLES = Path(__file__).parents[1] / ".ci" / "samples"


def scripts(name: str) -> list[str]:
    """The shell of each step, or of each job."""
    said = yaml.safe_load((SAMPLES / name).read_text(encoding="utf-8"))
    if name == "github-actions.yml":
        return [step["run"] for job in said["jobs"].values() for step in job["steps"] if "run" in step]
    return ["\n".join(job["script"]) for job in said.values() if isinstance(job, dict) and "script" in job]


@pytest.fixture(params=["github-actions.yml", "gitlab-ci.yml"])
def shell(request: pytest.FixtureRequest) -> list[str]:
    return scripts(request.param)


def calls(shell: list[str], program: str) -> list[list[str]]:
    """Arguments of each call of a program, up to where the shell takes over."""
    lines = [line.strip() for script in shell for line in script.splitlines()]
    found = [line.removeprefix(f"{program} ") for line in lines if line.startswith(f"{program} ")]
    return [shlex.split(re.split(r" (?:\|\||>>) ", line)[0]) for line in found]


def test_bash_reads_every_script(shell: list[str]) -> None:
    """No step has a fault of syntax."""
    for script in shell:
        subprocess.run(["bash", "-n", "-c", script], check=True, timeout=10)


def test_the_farm_knows_its_options(shell: list[str]) -> None:
    """Each `farm …` of the samples is a call that the command line takes."""
    found = calls(shell, "farm")
    assert found
    for command, *arguments in found:
        parser = argparse.ArgumentParser()
        import_module(f"framework.commands.{command}").add_parser(parser.add_subparsers())
        parser.parse_args([command, *arguments])


def test_pytest_knows_its_options(shell: list[str]) -> None:
    """The one run of the suites has options of pytest, xdist and the farm only, and its exit code is kept."""
    ((*arguments,),) = calls(shell, "pytest")
    parser = Parser(_ispytest=True)
    for plugin in (framework.plugin, xdist.plugin, _pytest.junitxml):
        plugin.pytest_addoption(parser)
    known, unknown = parser.parse_known_and_unknown_args(arguments)
    assert (unknown, known.each, known.xmlpath) == ([], "model", "junit.xml")
    assert any("|| status=$?" in script for script in shell)
    assert re.search(r'exit "\$(status|STATUS)"', "\n".join(shell))
