"""dumpsys itself; what services print is tested with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framework.virtual.android.binder import SERVICES

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def dumpsys(on_bench: OnBench, *words: str) -> Result:
    async def script(bench: Bench) -> Result:
        return await bench.run("dumpsys", *words)

    return on_bench(script)


def test_the_list(on_bench: OnBench) -> None:
    """-l."""
    lines = dumpsys(on_bench, "-l").out.splitlines()
    assert lines == ["Currently running services:", *(f"  {service.name}" for service in SERVICES)]


def test_an_unknown_service(on_bench: OnBench) -> None:
    """Said on stderr, status 0 as on phones."""
    result = dumpsys(on_bench, "nothing")
    assert (result.status, result.out, result.err) == (0, "", "Can't find service: nothing\n")


def test_all_of_it_in_sections(on_bench: OnBench) -> None:
    """Each service under its rule, with its duration; skipped ones are left out."""
    text = dumpsys(on_bench, "--skip", "package", "display").out
    names = re.findall(r"^-{79}\nDUMP OF SERVICE (\S+):$", text, re.M)
    assert {"battery", "thermalservice", "meminfo"} <= set(names)
    assert not {"package", "display", "settings"} & set(names)
    assert len(re.findall(r"^--------- \d+\.\d{3}s was the duration of dumpsys \S+, ending at: ", text, re.M)) == len(
        names
    )


def test_a_timeout_may_be_given(on_bench: OnBench) -> None:
    """-t SECONDS comes before the service."""
    assert dumpsys(on_bench, "-t", "30", "battery").out.startswith("Current Battery Service state:\n")
