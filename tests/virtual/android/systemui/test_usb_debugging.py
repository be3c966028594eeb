"""The dialog that lets a computer in: what it shows, and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from adb_shell.auth.keygen import keygen

from framework.virtual.adb.authority import Authority
from framework.virtual.android.systemui.usb_debugging import ALWAYS, TITLE, UsbDebugging
from framework.virtual.system.users import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Bench, OnBench


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("keys") / "adbkey"
    keygen(str(path))
    return path.with_suffix(".pub").read_bytes()


def tap(bench: Bench, text: str) -> None:
    node = next(node for node in bench.device.screen.tree().walk() if node.text == text)
    bench.device.screen.tap(*node.bounds.center)


@pytest.mark.parametrize(
    ("taps", "let_in", "remembered"),
    [(("Allow",), 1, 0), ((ALWAYS, "Allow"), 1, 1), ((ALWAYS, ALWAYS, "Allow"), 1, 0), (("Cancel",), 0, 0)],
)
def test_what_its_buttons_do(
    on_bench: OnBench, key: bytes, taps: tuple[str, ...], let_in: int, remembered: int
) -> None:
    """Allow lets the computer in, for good with the box ticked; the dialog has the focus, and is gone then."""

    async def script(bench: Bench) -> None:
        authority, admitted = Authority("ask", bench.device.files.as_user(SYSTEM)), list[int]()
        UsbDebugging(bench.device, authority)
        authority.ask(key, 1, lambda: admitted.append(1))
        texts = [node.text for node in bench.device.screen.tree().walk()]
        assert TITLE in texts
        assert any(authority.requests[0].key.fingerprint in text for text in texts)
        assert "UsbDebuggingActivity" in (await bench.run("dumpsys", "window")).out
        for text in taps:
            tap(bench, text)
        assert (len(admitted), len(authority.remembered())) == (let_in, remembered)
        assert bench.device.dialogs == []

    on_bench(script)
