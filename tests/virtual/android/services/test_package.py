"""`pm` and `dumpsys package`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Apk, Bench, MakeApk, OnBench, Result

NAME = "org.example.app"


def installed(on_bench: OnBench, content: bytes, *commands: str) -> list[Result]:
    """Install an APK, then run these commands of pm."""

    async def script(bench: Bench) -> list[Result]:
        await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)
        return [await bench.run("pm", *command.split()) for command in commands]

    return list(on_bench(script))


def test_installed_packages_are_listed(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Third-party ones apart, with path, version code, uid and installer; filtered by a part of the name."""
    content = make_apk(apk(version_code=7))
    commands = ("-3", "-f -3", "--show-versioncode -3", "-3 -U", "-3 -i", "example", "-s example", "-d")
    found = [each.out for each in installed(on_bench, content, *(f"list packages {words}" for words in commands))]
    assert found[0] == found[5] == f"package:{NAME}\n"
    assert re.fullmatch(rf"package:/data/app/~~\S+==/{NAME}-\S+==/base\.apk={NAME}\n", found[1])
    assert found[2] == f"package:{NAME} versionCode:7\n"
    assert found[3] == f"package:{NAME} uid:10180\n"
    assert found[4] == f"package:{NAME}  installer=com.android.shell\n"
    assert found[6:] == ["", ""]


def test_path_and_clear(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Status 1 and nothing for an unknown package; Success or Failed."""
    path, missing, clear, failed = installed(
        on_bench, make_apk(apk()), f"path {NAME}", "path org.nobody", f"clear {NAME}", "clear org.nobody"
    )
    assert re.fullmatch(r"package:/data/app/\S+/base\.apk\n", path.out)
    assert (missing.status, missing.out) == (1, "")
    assert (clear.out, failed.err, failed.status) == ("Success\n", "Failed\n", 1)


def test_permissions(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Granted and revoked if they were requested."""
    record = "android.permission.RECORD_AUDIO"
    before, _, after, _, last, wrong = installed(
        on_bench,
        make_apk(apk()),
        f"dump {NAME}",
        f"grant {NAME} {record}",
        f"dump {NAME}",
        f"revoke {NAME} {record}",
        f"dump {NAME}",
        f"grant {NAME} android.permission.CAMERA",
    )
    states = [re.search(rf"{record}: granted=(\w+)", each.out)[1] for each in (before, after, last)]  # type: ignore[index]
    assert states == ["false", "true", "false"]
    assert "has not requested permission" in wrong.err


def test_the_dump_tells_version_place_and_signer(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """The fields that tools read, in their places."""
    (dump,) = installed(on_bench, make_apk(apk(version_code=7)), f"dump {NAME}")
    assert re.search(rf"^  Package \[{NAME}\] \([0-9a-f]+\):$", dump.out, re.M)
    assert re.search(r"^    versionCode=7 minSdk=24 targetSdk=34$", dump.out, re.M)
    assert re.search(r"^    versionName=7\.0$", dump.out, re.M)
    assert re.search(rf"^    codePath=/data/app/~~\S+/{NAME}-\S+$", dump.out, re.M)
    assert re.search(r"^    userId=10180$", dump.out, re.M)
    assert f"{NAME}/.Main filter" in dump.out


def test_an_unknown_package_has_no_dump(on_bench: OnBench) -> None:
    """In Appium's expected words."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "package", "io.appium.settings")).out

    assert on_bench(script) == "Unable to find package: io.appium.settings\n"


def test_instrumentations_users_and_nonsense(on_bench: OnBench) -> None:
    """Lists of other things."""

    async def script(bench: Bench) -> list[Result]:
        return [await bench.run("pm", "list", what) for what in ("instrumentation", "users", "features", "dreams")]

    instrumentation, users, features, nonsense = on_bench(script)
    assert instrumentation.out == ""
    assert "UserInfo{0:Owner" in users.out
    assert "feature:android.hardware.microphone\n" in features.out
    assert (nonsense.status, nonsense.err) == (255, "Error: unknown list type 'dreams'\n")


@pytest.mark.parametrize(
    "field", ["codePath=", "versionCode=", "versionName=", "dataDir=", "firstInstallTime=", "pkg="]
)
def test_fields_stand_as_in_a_real_dump(
    on_bench: OnBench, make_apk: MakeApk, apk: type[Apk], capture: object, field: str
) -> None:
    """With the same indentation."""
    real = capture("dumpsys_package/mvt__dumpsys_packages.txt")  # type: ignore[operator]
    (mine,) = installed(on_bench, make_apk(apk()), f"dump {NAME}")
    for dump in (mine.out, real):
        assert re.search(rf"^    {field}\S", dump, re.M)


def test_disabled_packages_start_nothing(on_bench: OnBench) -> None:
    """They are listed by their state; shell may disable for the user only."""

    async def story(bench: Bench) -> list[str]:
        script = """pm disable-user com.miui.notes; pm list packages -d; pm list packages -e com.miui.notes
pm disable com.miui.notes; echo $?; pm enable com.miui.notes; pm list packages -d; pm default-state com.miui.notes
pm suspend com.miui.notes; dumpsys package com.miui.notes | grep -o 'suspended=true'; pm enable nosuch; echo $?"""
        return (await bench.sh(script)).out.splitlines()

    assert on_bench(story) == [
        "Package com.miui.notes new state: disabled-user",
        "package:com.miui.notes",
        "255",
        "Package com.miui.notes new state: enabled",
        "Package com.miui.notes new state: default",
        "Package com.miui.notes new suspended state: true",
        "suspended=true",
        "255",
    ]


def test_apps_of_the_system_are_taken_from_the_user_and_given_back(on_bench: OnBench) -> None:
    """Only for the user, who is told of them with -u."""

    async def story(bench: Bench) -> list[str]:
        script = """pm uninstall com.miui.notes; pm uninstall --user 0 com.miui.notes; pm path com.miui.notes; echo $?
pm list packages com.miui.notes; pm list packages -u com.miui.notes; pm install-existing com.miui.notes
pm path com.miui.notes; pm install-existing nosuch; echo $?"""
        return (await bench.sh(script)).out.splitlines()

    assert on_bench(story) == [
        "Failure [DELETE_FAILED_INTERNAL_ERROR]",
        "Success",
        "1",
        "package:com.miui.notes",
        "Package com.miui.notes installed for user: 0",
        "package:/product/data-app/MIUINotes/base.apk",
        "1",
    ]


def test_caches_make_room(on_bench: OnBench) -> None:
    """As much as is asked for."""

    async def story(bench: Bench) -> list[str]:
        folder = "/data/user/0/com.miui.notes/cache"
        bench.device.files.mkdir(folder, parents=True)
        bench.device.files.write(f"{folder}/old", b"x" * 5000)
        await bench.sh("pm trim-caches 1K")
        kept = bench.device.files.listdir(folder)
        await bench.sh("pm trim-caches 9999G")
        return [*kept, *bench.device.files.listdir(folder)]

    assert on_bench(story) == ["old"]
