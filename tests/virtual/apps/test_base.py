"""Intents as apps read them."""

from __future__ import annotations

import pytest

from framework.virtual.apps import APPS
from framework.virtual.apps.base import Extra, Intent


@pytest.mark.parametrize(
    ("value", "text", "number"), [("seven", "seven", None), (7, None, 7), (True, None, None), (7.0, None, None)]
)
def test_extras_have_a_type(value: Extra, text: str | None, number: int | None) -> None:
    """An extra of another type is as good as absent, as with Intent.getStringExtra and getIntExtra."""
    intent = Intent(extras={"name": value})
    assert (intent.text("name"), intent.number("name")) == (text, number)
    assert (intent.text("other"), intent.number("other")) == (None, None)


def test_apps_are_told_apart_by_package_and_class() -> None:
    """No two claim the same activity, and each class stands with its full name."""
    names = [(app.package, app.main_class) for app in APPS]
    assert len(set(names)) == len(names)
    assert all(main.startswith(f"{package}.") for package, main in names)
