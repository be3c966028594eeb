"""Installing real APKs: what is taken, what is refused and in which words, what is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.android.installer import InstallError, InstallOptions
from framework.virtual.android.packages import Package
from framework.virtual.system.pipes import Pipe

if TYPE_CHECKING:
    from conftest import Apk, Bench, MakeApk, OnBench

NAME = "org.example.app"


async def install(bench: Bench, *contents: bytes, options: InstallOptions | None = None) -> Package:
    """Stage each content under a name of its own and commit."""
    session = bench.device.installer.create(options or InstallOptions(), 0)
    for number, content in enumerate(contents):
        pipe = Pipe(capacity=len(content) + 1)
        await pipe.write(content)
        pipe.close_write()
        await bench.device.installer.write(session, f"part{number}", pipe, len(content))
    return (await bench.device.installer.commit(session))[0]


def refusal(on_bench: OnBench, *contents: bytes, options: InstallOptions | None = None) -> str:
    """Install one after the other; the reason for which the last is refused."""

    async def script(bench: Bench) -> str:
        for content in contents[:-1]:
            await install(bench, content)
        with pytest.raises(InstallError) as refused:
            await install(bench, contents[-1], options=options)
        left = [name for name in bench.device.files.listdir("/data/app") if name.startswith("vmdl")]
        assert left == []
        return str(refused.value)

    return str(on_bench(script))


def test_an_apk_is_read_and_put_in_place(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """The record says what the manifest says; the file and the app's folders are there, with their owners."""
    content = make_apk(apk(version_code=3))

    async def script(bench: Bench) -> None:
        package = await install(bench, content)
        files = bench.device.files
        assert (package.name, package.version_code, package.version_name) == (NAME, 3, "3.0")
        assert [activity.name for activity in package.activities] == [f"{NAME}.Main"]
        assert [receiver.name for receiver in package.receivers] == [f"{NAME}.Poke"]
        assert files.read(package.apk_path) == content
        assert files.stat(package.data_dir).uid == package.uid
        assert files.stat(package.data_dir).mode & 0o777 == 0o700
        assert files.stat(f"/data/data/{NAME}").ino == files.stat(package.data_dir).ino
        assert files.stat(f"/sdcard/Android/data/{NAME}/files").uid == package.uid
        assert bench.device.packages.get(NAME) is package

    on_bench(script)


def test_a_big_apk_lies_in_the_store(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """16 MB are written to the host's disk, and read from there."""
    content = make_apk(apk(padding=16 << 20))

    async def script(bench: Bench) -> bool:
        package = await install(bench, content)
        with bench.device.files.open(package.apk_path) as file:
            return file.host_path is not None and file.size == len(content)

    assert on_bench(script)


def test_normal_permissions_are_granted_dangerous_ones_on_request(
    on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]
) -> None:
    """`-g` grants everything that the manifest asks for."""
    content = make_apk(apk())

    async def script(bench: Bench) -> tuple[set[str], set[str]]:
        plain = await install(bench, content)
        granted = await install(bench, content, options=InstallOptions(grant_all=True))
        return plain.granted, granted.granted

    plain, granted = on_bench(script)
    assert plain == {"android.permission.INTERNET"}
    assert granted == {"android.permission.INTERNET", "android.permission.RECORD_AUDIO"}


def test_an_update_keeps_user_and_data(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """The old code is gone, the process is stopped."""

    async def script(bench: Bench) -> None:
        files = bench.device.files
        first = await install(bench, make_apk(apk()))
        files.write(f"{first.data_dir}/files/note", b"kept")
        stopped: list[str] = []
        bench.device.packages.before_change(stopped.append)
        second = await install(bench, make_apk(apk(version_code=2)))
        assert (second.uid, second.installed_ns) == (first.uid, first.installed_ns)
        assert second.updated_ns > first.updated_ns
        assert files.read(f"{second.data_dir}/files/note") == b"kept"
        assert not files.exists(first.code_path)
        assert stopped == [NAME]

    on_bench(script)


def test_splits_come_with_their_base(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Both lie in the package's folder."""
    parts = make_apk(apk()), make_apk(apk(split="config.zh"))

    async def script(bench: Bench) -> list[str]:
        package = await install(bench, *parts)
        return list(bench.device.files.listdir(package.code_path))

    assert on_bench(script) == ["base.apk", "split_config.zh.apk"]


def test_noise_is_no_apk(on_bench: OnBench) -> None:
    """INSTALL_PARSE_FAILED_NOT_APK, with the staged path."""
    message = refusal(on_bench, b"not an apk" * 100)
    assert message.startswith("INSTALL_PARSE_FAILED_NOT_APK: Failed to parse /data/app/vmdl")


def test_a_changed_byte_breaks_the_signature(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """INSTALL_PARSE_FAILED_NO_CERTIFICATES."""
    content = bytearray(make_apk(apk(padding=4096)))
    content[content.index(b"assets/padding") + 500] ^= 1
    assert refusal(on_bench, bytes(content)).startswith("INSTALL_PARSE_FAILED_NO_CERTIFICATES: ")


def test_another_signer_cannot_update(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """INSTALL_FAILED_UPDATE_INCOMPATIBLE."""
    message = refusal(on_bench, make_apk(apk()), make_apk(apk(version_code=2, signer=1)))
    assert message == (
        f"INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package {NAME} signatures do not match newer version; ignoring!"
    )


def test_an_older_version_is_a_downgrade(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Refused even with -d, as on a user build."""
    new, old = make_apk(apk(version_code=5)), make_apk(apk(version_code=4))
    expected = "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 4 is older than current 5"
    assert refusal(on_bench, new, old) == expected
    assert refusal(on_bench, new, old, options=InstallOptions(allow_downgrade=True)) == expected


def test_a_debuggable_app_may_be_downgraded(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """When -d asks for it."""

    async def script(bench: Bench) -> int:
        await install(bench, make_apk(apk(version_code=5, debuggable=True)))
        options = InstallOptions(allow_downgrade=True)
        return (await install(bench, make_apk(apk(version_code=4, debuggable=True)), options=options)).version_code

    assert on_bench(script) == 4


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"min_sdk": 99}, "INSTALL_FAILED_OLDER_SDK: "),
        ({"entries": ("lib/x86_64/libx.so",)}, "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries"),
        ({"split": "config.zh"}, "INSTALL_FAILED_INVALID_APK: Full install must include a base package"),
    ],
)
def test_what_the_handset_cannot_run(
    on_bench: OnBench, make_apk: MakeApk, apk: type[Apk], facts: dict[str, object], message: str
) -> None:
    """A newer Android, another processor, a part without its base."""
    assert refusal(on_bench, make_apk(apk(**facts))).startswith(message)  # type: ignore[arg-type]


def test_not_replacing_means_already_there(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """INSTALL_FAILED_ALREADY_EXISTS with -R."""
    content = make_apk(apk())
    message = refusal(on_bench, content, content, options=InstallOptions(replace_existing=False))
    assert message.startswith("INSTALL_FAILED_ALREADY_EXISTS: ")


def test_an_empty_session_and_two_bases_are_invalid(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """INSTALL_FAILED_INVALID_APK."""
    content = make_apk(apk())

    async def script(bench: Bench) -> list[str]:
        reasons = []
        for contents in ((), (content, content)):
            with pytest.raises(InstallError) as refused:
                await install(bench, *contents)
            reasons.append(refused.value.code)
        return reasons

    assert on_bench(script) == ["INSTALL_FAILED_INVALID_APK"] * 2


def test_no_room_is_said_before_a_byte_is_sent(on_bench: OnBench) -> None:
    """INSTALL_FAILED_INSUFFICIENT_STORAGE."""

    async def script(bench: Bench) -> str:
        with pytest.raises(InstallError) as refused:
            bench.device.installer.create(InstallOptions(), 1 << 60)
        return refused.value.code

    assert on_bench(script) == "INSTALL_FAILED_INSUFFICIENT_STORAGE"


def test_a_stream_that_ends_early_is_an_error(on_bench: OnBench) -> None:
    """Fewer bytes than announced."""

    async def script(bench: Bench) -> str:
        session = bench.device.installer.create(InstallOptions())
        pipe = Pipe()
        await pipe.write(b"short")
        pipe.close_write()
        with pytest.raises(InstallError) as refused:
            await bench.device.installer.write(session, "base", pipe, 100)
        return refused.value.code

    assert on_bench(script) == "INSTALL_FAILED_INTERNAL_ERROR"


def test_uninstall_leaves_nothing(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """Code, data and record are gone; unknown and system packages stay."""

    async def script(bench: Bench) -> None:
        device = bench.device
        package = await install(bench, make_apk(apk()))
        assert device.installer.uninstall(NAME)
        assert device.packages.get(NAME) is None
        for path in (package.code_path, package.data_dir, f"/sdcard/Android/data/{NAME}"):
            assert not device.files.exists(path)
        assert device.files.listdir("/data/app") == []
        assert not device.installer.uninstall(NAME)
        assert not device.installer.uninstall("android")

    on_bench(script)


def test_keep_data_keeps_it(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """As `pm uninstall -k`."""

    async def script(bench: Bench) -> bool:
        package = await install(bench, make_apk(apk()))
        bench.device.installer.uninstall(NAME, keep_data=True)
        return bool(bench.device.files.exists(package.data_dir))

    assert on_bench(script)


def test_clear_empties_the_data(on_bench: OnBench, make_apk: MakeApk, apk: type[Apk]) -> None:
    """The folders are there again, empty."""

    async def script(bench: Bench) -> tuple[list[str], bool]:
        files = bench.device.files
        package = await install(bench, make_apk(apk()))
        files.write(f"{package.data_dir}/files/note", b"x")
        assert bench.device.installer.clear(NAME)
        return files.listdir(f"{package.data_dir}/files"), bench.device.installer.clear("org.unknown")

    assert on_bench(script) == ([], False)
