"""How commands reach services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.android.binder import SERVICES, find_service

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def cmd(on_bench: OnBench, *words: str) -> Result:
    async def script(bench: Bench) -> Result:
        return await bench.cmd(*words)

    return on_bench(script)


def test_every_service_does_something() -> None:
    """Each has a shell, a dump, or both; names are unique and sorted as service manager lists them."""
    for service in SERVICES:
        assert service.handler("shell") or service.handler("dump")
    names = [service.name for service in SERVICES]
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    ("words", "status", "err"),
    [
        ((), 20, "cmd: No service specified; use -l to list all services\n"),
        (("nothing",), 20, "cmd: Can't find service: nothing\n"),
        (("activity", "fly"), 255, "Unknown command: fly\n"),
    ],
)
def test_what_cmd_says_of_bad_calls(on_bench: OnBench, words: tuple[str, ...], status: int, err: str) -> None:
    """On stderr, with cmd's exit statuses."""
    result = cmd(on_bench, *words)
    assert (result.status, result.out, result.err) == (status, "", err)


def test_a_service_without_commands(on_bench: OnBench) -> None:
    """There is one that only dumps."""
    assert cmd(on_bench, "meminfo").out == "No shell command implementation.\n"


def test_all_services_are_listed(on_bench: OnBench) -> None:
    """`cmd -l`."""
    lines = cmd(on_bench, "-l").out.splitlines()
    assert lines[0] == "Currently running services:"
    assert [line.strip() for line in lines[1:]] == [service.name for service in SERVICES]


def test_bad_arguments_print_javas_exception(on_bench: OnBench) -> None:
    """As a phone does, with exit status 255."""
    result = cmd(on_bench, "settings", "get", "global")
    assert result.status == 255
    assert result.err == (
        "\nException occurred while executing 'get':\n"
        'java.lang.IllegalArgumentException: Argument expected after "global"\n'
    )


def test_find_service_knows_names_only(on_bench: OnBench) -> None:
    """None for anything else."""

    async def script(bench: Bench) -> tuple[bool, bool]:
        return find_service(bench.device, "package") is None, find_service(bench.device, "Package") is None

    assert on_bench(script) == (False, True)
