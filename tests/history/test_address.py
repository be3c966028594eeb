"""Where a history is, and that its password is nobody's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.history.address import address, arguments_without_password, located, without_password


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://qa:s3cr3t@db.lab:5433/farm", "postgresql://qa@db.lab:5433/farm"),
        ("postgres://qa:s%40:3cr3t@db.lab/farm?sslmode=require", "postgres://qa@db.lab/farm?sslmode=require"),
        ("postgresql:///farm?host=/run/pg&user=qa&password=s3cr3t", "postgresql:///farm?host=/run/pg&user=qa"),
        ("postgresql://qa@[::1]/farm?PASSWORD=s3cr3t&sslpassword=s3cr3t", "postgresql://qa@[::1]/farm"),
        ("postgresql://qa:s/3cr3t?3cr3t@3cr3t@lab/farm", "postgresql://qa@lab/farm"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    """Neither in the user's part nor among the parameters, nor where it is not quoted as it should be."""
    assert without_password(url) == shown
    assert "3cr3t" not in repr(address(url))


def test_command_lines_are_written_down_without_them() -> None:
    """However the option is written; the rest of the line stays as it was."""
    url, shown = "postgresql://qa:s3cr3t@lab/farm", "postgresql://qa@lab/farm"
    given = ["suites", "--history", url, f"--history={url}", "-o", f"pocketfarm_history={url}", "-k", "a and b"]
    assert arguments_without_password(given) == tuple(word.replace(url, shown) for word in given)


def test_places(tmp_path: Path) -> None:
    """A path is relative to who says it; nothing said is the database in the folder of runs; a server is itself."""
    reports = tmp_path / "reports"
    assert located("", tmp_path, reports) == str(reports / "history.db")
    assert located("a.db", tmp_path, reports) == located("sqlite:///a.db", tmp_path, reports) == str(tmp_path / "a.db")
    assert located("sqlite:////srv/a.db", tmp_path, reports) == "/srv/a.db"
    assert located("postgresql://lab/farm", tmp_path, reports) == "postgresql://lab/farm"
    with pytest.raises(UsageError, match="not redis://"):
        located("redis://lab", tmp_path, reports)
