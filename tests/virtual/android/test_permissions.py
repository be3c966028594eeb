"""Runtime permissions by command: `pm grant`, `pm revoke`, `appops`, and what `dumpsys package` says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Apk, Bench, MakeApk, OnBench

NAME, RECORD_AUDIO = "org.example.app", "android.permission.RECORD_AUDIO"


async def install(bench: Bench, content: bytes) -> None:
    assert (await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)).status == 0


async def dumped(bench: Bench) -> tuple[str, str]:
    """Whether it is granted, and its flags."""
    dump = (await bench.run("dumpsys", "package", NAME)).out
    found = re.search(rf"runtime permissions:\n\s+{RECORD_AUDIO}: granted=(\w+), flags=\[ ([A-Z_|]+)\]", dump)
    assert found is not None
    assert "android.permission.INTERNET: granted=true\n" in dump
    return found[1], found[2]


def test_grant_and_revoke(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Of those that a user is asked for; the others are refused; `pm clear` takes them away again."""

    async def script(bench: Bench) -> list[object]:
        await install(bench, make_apk(apk()))
        seen: list[object] = [(await dumped(bench))[0]]
        for words in (f"grant {NAME} {RECORD_AUDIO}", f"revoke {NAME} {RECORD_AUDIO}", f"grant {NAME} {RECORD_AUDIO}"):
            await bench.run("pm", *words.split())
            seen.append((await dumped(bench))[0])
        await bench.run("pm", "clear", NAME)
        refused = await bench.run("pm", "grant", NAME, "android.permission.INTERNET")
        return [*seen, await dumped(bench), refused.status, "java.lang.SecurityException" in refused.err]

    sensitive = "USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED"
    assert on_bench(script) == ["false", "true", "false", "true", ("false", sensitive), 255, True]


def test_an_app_op_counts(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """It takes a permission away that the app has."""

    async def script(bench: Bench) -> list[bool]:
        await install(bench, make_apk(apk()))
        await bench.run("pm", "grant", NAME, RECORD_AUDIO)
        allowed = []
        for words in ("get {}", "set {} RECORD_AUDIO ignore", "reset {}"):
            await bench.sh(f"appops {words.format(NAME)}")
            allowed.append(bench.device.permissions.allows(NAME, RECORD_AUDIO))
        return allowed

    assert on_bench(script) == [True, False, True]
