"""The settings provider."""

from __future__ import annotations

import pytest

from framework.virtual.android.settings import Settings


def test_namespaces_are_apart() -> None:
    """The same name in two of them is two values."""
    settings = Settings("id", "name")
    settings.put("global", "x", "1")
    assert (settings.get("global", "x"), settings.get("secure", "x")) == ("1", None)


def test_delete_counts_rows() -> None:
    """One, then none."""
    settings = Settings("id", "name")
    settings.put("system", "x", "1")
    assert [settings.delete("system", "x"), settings.delete("system", "x")] == [1, 0]


def test_handsets_do_not_share_values() -> None:
    """What one changes another does not see."""
    Settings("a", "a").put("global", "adb_enabled", "0")
    assert Settings("b", "b").get("global", "adb_enabled") == "1"


def test_there_are_three_namespaces() -> None:
    """KeyError for another, sorted lists for these."""
    settings = Settings("id", "Phone")
    assert ("device_name", "Phone") in settings.list("global")
    assert settings.list("global") == sorted(settings.list("global"))
    with pytest.raises(KeyError):
        settings.get("local", "x")
