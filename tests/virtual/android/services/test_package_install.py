"""Installing through `cmd package`, as adb does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Apk, Bench, MakeApk, OnBench, Result

NAME = "org.example.app"


def test_streamed(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """`abb_exec:package install -r -t -S SIZE` with the bytes on stdin."""
    content = make_apk(apk(padding=2 << 20))

    async def script(bench: Bench) -> Result:
        return await bench.cmd("package", "install", "-r", "-t", "-g", "-S", str(len(content)), stdin=content)

    result = on_bench(script)
    assert (result.status, result.out, result.err) == (0, "Success\n", "")


def test_from_a_file_that_the_shell_may_read(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """`pm install PATH`; others' files and missing ones are refused as Java does."""
    content = make_apk(apk())

    async def script(bench: Bench) -> list[Result]:
        files = bench.device.files
        files.write("/data/local/tmp/app.apk", content)
        files.write("/data/secret.apk", content, mode=0o600)
        paths = ("/data/local/tmp/app.apk", "/data/local/tmp/none.apk", "/data/secret.apk")
        return [await bench.run("pm", "install", path) for path in paths]

    good, missing, secret = on_bench(script)
    assert (good.status, good.out) == (0, "Success\n")
    for refused in (missing, secret):
        assert refused.status == 255
        assert "java.lang.IllegalArgumentException: Error: Can't open file: /data/" in refused.err


def test_a_refusal_names_the_reason(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """`Failure [REASON: words]` on stdout, status 1."""

    async def script(bench: Bench) -> Result:
        for signer in (0, 1):
            content = make_apk(apk(signer=signer))
            result = await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)
        return result

    result = on_bench(script)
    assert result.status == 1
    assert re.fullmatch(r"Failure \[INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package .*\]\n", result.out)


def test_in_a_session(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """create, write each part, commit: what `adb install-multiple` does."""
    parts = {"base.apk": make_apk(apk()), "config.zh.apk": make_apk(apk(split="config.zh"))}

    async def script(bench: Bench) -> tuple[str, list[str], str, str]:
        created = (await bench.cmd("package", "install-create", "-r", "-S", "99999")).out
        session = re.search(r"\[(\d+)\]", created)[1]  # type: ignore[index]
        written = []
        for name, content in parts.items():
            words = ("install-write", "-S", str(len(content)), session, name, "-")
            written.append((await bench.cmd("package", *words, stdin=content)).out)
        committed = (await bench.cmd("package", "install-commit", session)).out
        listed = (await bench.cmd("package", "path", NAME)).out
        return created, written, committed, listed

    created, written, committed, listed = on_bench(script)
    assert created.startswith("Success: created install session [")
    assert written == [f"Success: streamed {len(content)} bytes\n" for content in parts.values()]
    assert committed == "Success\n"
    assert [line.rpartition("/")[2] for line in listed.splitlines()] == ["base.apk", "split_config.zh.apk"]


def test_an_abandoned_session_is_gone(on_bench: OnBench) -> None:
    """It cannot be committed, and leaves no folder."""

    async def script(bench: Bench) -> tuple[str, str, list[str]]:
        created = (await bench.cmd("package", "install-create")).out
        session = re.search(r"\[(\d+)\]", created)[1]  # type: ignore[index]
        abandoned = (await bench.cmd("package", "install-abandon", session)).out
        committed = (await bench.cmd("package", "install-commit", session)).err
        return abandoned, committed, bench.device.files.listdir("/data/app")

    abandoned, committed, left = on_bench(script)
    assert abandoned == "Success\n"
    assert "Unknown session" in committed
    assert left == []


def test_wrong_calls(on_bench: OnBench) -> None:
    """No size, a bad size, an unknown option, a name that leads elsewhere."""

    async def script(bench: Bench) -> list[Result]:
        created = (await bench.cmd("package", "install-create")).out
        session = re.search(r"\[(\d+)\]", created)[1]  # type: ignore[index]
        return [
            await bench.cmd("package", "install"),
            await bench.cmd("package", "install", "-S", "0"),
            await bench.cmd("package", "install", "--fly"),
            await bench.cmd("package", "install-write", "-S", "1", session, "../x", "-", stdin=b"x"),
        ]

    none, zero, unknown, elsewhere = on_bench(script)
    assert (none.status, none.err) == (1, "Error: must either specify a package size or an APK file\n")
    assert "APK size must be positive" in zero.err
    assert "Unknown option --fly" in unknown.err
    assert "Invalid name: ../x" in elsewhere.err


def test_uninstall(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Success once, then DELETE_FAILED_INTERNAL_ERROR."""
    content = make_apk(apk())

    async def script(bench: Bench) -> list[Result]:
        await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)
        return [await bench.cmd("package", "uninstall", *words, NAME) for words in ((), ("-k",), ("--fly",))]

    first, second, wrong = on_bench(script)
    assert (first.status, first.out) == (0, "Success\n")
    assert (second.status, second.out) == (1, "Failure [DELETE_FAILED_INTERNAL_ERROR]\n")
    assert wrong.err == "Error: Unknown option: --fly\n"


async def session(bench: Bench, *parts: bytes, options: tuple[str, ...] = ()) -> str:
    """What installing these APKs together ends with."""
    created = (await bench.cmd("package", "install-create", *options)).out
    number = created.partition("[")[2].partition("]")[0]
    for index, content in enumerate(parts):
        await bench.cmd("package", "install-write", "-S", str(len(content)), number, f"p{index}", "-", stdin=content)
    return (await bench.cmd("package", "install-commit", number)).out.strip()


def test_what_does_not_belong_together_is_refused(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Splits of another version, package or signer; the same twice; a base that needs a split and has none."""
    base, split = make_apk(apk()), make_apk(apk(split="a"))
    needs = make_apk(apk(split_required=True))

    async def script(bench: Bench) -> list[str]:
        return [
            await session(bench, base, make_apk(apk(split="a", version_code=2))),
            await session(bench, base, make_apk(apk(split="a", signer=1))),
            await session(bench, base, make_apk(apk(split="a", package="org.example.b"))),
            await session(bench, base, split, split),
            await session(bench, split),
            await session(bench, needs),
            await session(bench, needs, split),
        ]

    told = on_bench(script)
    assert [text.partition("[")[2].partition(":")[0] or text for text in told] == [
        *["INSTALL_FAILED_INVALID_APK"] * 5,
        "INSTALL_FAILED_MISSING_SPLIT",
        "Success",
    ]
    assert "version code 2 inconsistent with 1" in told[0]
    assert "signatures are inconsistent" in told[1]
    assert "Split a was defined multiple times" in told[3]


def test_a_split_is_added_to_what_is_there(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """With -p the package's own APKs stay, but for one of the same name."""

    async def script(bench: Bench) -> tuple[list[str], str, str]:
        await session(bench, make_apk(apk()), make_apk(apk(split="a")))
        added = await session(bench, make_apk(apk(split="b")), make_apk(apk(split="a")), options=("-p", NAME))
        listed = (await bench.sh(f"pm path {NAME}; dumpsys package {NAME} | grep splits=")).out.split()
        return [line.rpartition("/")[2] for line in listed], added, await session(bench, b"", options=("-p", "nosuch"))

    listed, added, missing = on_bench(script)
    assert listed == ["base.apk", "split_a.apk", "split_b.apk", "splits=[base,", "a,", "b]"]
    assert added == "Success"
    assert missing.startswith("Failure [INSTALL_")


@pytest.mark.parametrize(
    ("fields", "options", "failure"),
    [
        ({"test_only": True}, (), "INSTALL_FAILED_TEST_ONLY"),
        ({"test_only": True}, ("-t",), None),
        ({"target_sdk": 22, "min_sdk": 20}, (), "INSTALL_FAILED_DEPRECATED_SDK_VERSION"),
        ({"target_sdk": 22, "min_sdk": 20}, ("--bypass-low-target-sdk-block",), None),
        ({"min_sdk": 99}, (), "INSTALL_FAILED_OLDER_SDK"),
    ],
)
def test_what_an_app_is_for_decides(
    on_bench: OnBench,
    make_apk: MakeApk,
    apk: type[Apk],
    fields: dict[str, object],
    options: tuple[str, ...],
    failure: str | None,
) -> None:
    """Apps for tests only, and of old or future Androids, need an option, or are refused."""
    content = make_apk(apk(**fields))  # type: ignore[arg-type]

    async def script(bench: Bench) -> str:
        return (await bench.cmd("package", "install", *options, "-S", str(len(content)), stdin=content)).out

    told = on_bench(script)
    assert told.startswith(f"Failure [{failure}: " if failure else "Success")


def test_a_vendor_may_forbid_it(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Xiaomi's "Install via USB" is off."""
    content = make_apk(apk())

    async def script(bench: Bench) -> str:
        bench.device.properties.set("persist.security.adbinstall", "0")
        return (await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)).out

    assert on_bench(script) == "Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n"


def test_several_packages_come_together_or_not_at_all(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """A session of sessions; one that is refused takes the others with it."""
    good, other = make_apk(apk()), make_apk(apk(package="org.example.other"))
    bad = make_apk(apk(package="org.example.bad", min_sdk=99))

    async def together(bench: Bench, *parts: bytes) -> str:
        def number(told: str) -> str:
            return told.partition("[")[2].partition("]")[0]

        parent = number((await bench.cmd("package", "install-create", "--multi-package")).out)
        children = []
        for content in parts:
            child = number((await bench.cmd("package", "install-create")).out)
            size = str(len(content))
            await bench.cmd("package", "install-write", "-S", size, child, "base", "-", stdin=content)
            children.append(child)
        assert (await bench.cmd("package", "install-add-session", parent, *children)).out == "Success\n"
        return (await bench.cmd("package", "install-commit", parent)).out

    async def script(bench: Bench) -> list[str]:
        refused = await together(bench, good, bad)
        missing = (await bench.sh(f"pm path {NAME}; echo $?")).out
        return [refused[:33], missing, await together(bench, good, other), (await bench.sh("pm list packages -3")).out]

    assert on_bench(script) == [
        "Failure [INSTALL_FAILED_OLDER_SDK",
        "1\n",
        "Success\n",
        "package:org.example.app\npackage:org.example.other\n",
    ]
