"""Wrong files that people write, each with what is to be said about it in its first lines."""

from __future__ import annotations

from pathlib import Path

import pytest

WRONG = Path(__file__).parent / "wrong"
EXPECT = b"# expect: "


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`wrong_file`: one test for each file under wrong/."""
    if "wrong_file" in metafunc.fixturenames:
        files = sorted(WRONG.glob("*.yaml"))
        metafunc.parametrize("wrong_file", files, ids=[file.stem for file in files])


@pytest.fixture
def expected_lines(wrong_file: Path) -> list[str]:
    """What `farm check` must say about the file when it is called in its folder, line by line."""
    heads = [line.removeprefix(EXPECT) for line in wrong_file.read_bytes().splitlines() if line.startswith(EXPECT)]
    joined = [(":" if head[:1].isdigit() else ": ") + head.decode() for head in heads]
    return [wrong_file.name + line for line in joined]
