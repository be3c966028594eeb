"""`settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def settings(on_bench: OnBench, *commands: str) -> list[Result]:
    async def script(bench: Bench) -> list[Result]:
        return [await bench.run("settings", *command.split()) for command in commands]

    return list(on_bench(script))


def test_put_get_delete(on_bench: OnBench) -> None:
    """Silent when put, `null` when missing, rows counted; the user may be named anywhere."""
    found = settings(
        on_bench,
        "put global hidden_api_policy 1",
        "get --user 0 global hidden_api_policy",
        "delete global hidden_api_policy",
        "get global hidden_api_policy --user current",
    )
    assert [each.out for each in found] == ["", "1\n", "Deleted 1 rows\n", "null\n"]
    assert [each.status for each in found] == [0, 0, 0, 0]


def test_list(on_bench: OnBench) -> None:
    """name=value, sorted."""
    (listed,) = settings(on_bench, "list global")
    lines = listed.out.splitlines()
    assert "adb_enabled=1" in lines
    assert lines == sorted(lines)


def test_an_unknown_namespace(on_bench: OnBench) -> None:
    """Is named."""
    results = settings(on_bench, "get local x", "put local x 1", "delete local x", "list local")
    assert {(each.status, each.err) for each in results} == {(255, "Invalid namespace 'local'\n")}
