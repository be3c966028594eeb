"""Developer options, those of Xiaomi among them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.doctor.answers import Answer, Answers
from framework.doctor.checks import access

Make = Callable[..., Answers]


def test_connection(make_answers: Make) -> None:
    """An adbd without shell v2 tells no exit status."""
    new, old = (access.connection(make_answers(features=text)) for text in ("cmd,shell_v2", "cmd"))
    assert new is not None
    assert old is not None
    assert (new.level, old.level) == ("ok", "warning")


@pytest.mark.parametrize(("value", "level"), [("1", "ok"), ("0", "warning"), ("null", None)])
def test_options_of_android(make_answers: Make, value: str, level: str | None) -> None:
    """On, off, not told."""
    answers = make_answers(None, {"global/development_settings_enabled": value, "global/adb_enabled": value})
    for judge in (access.developer_options, access.usb_debugging):
        opinion = judge(answers)
        assert (opinion and opinion.level) == level


@pytest.mark.parametrize(
    ("maker", "value", "level"),
    [
        ("Xiaomi", "1", "ok"),
        ("Xiaomi", "0", "fault"),
        ("Redmi", "", "warning"),
        ("POCO", "0", "fault"),
        ("samsung", "", None),
    ],
)
def test_options_of_xiaomi(make_answers: Make, maker: str, value: str, level: str | None) -> None:
    """Only of its handsets; the mend names the switch by the words on the screen."""
    names = {"persist.security.adbinput": value, "persist.security.adbinstall": value}
    answers = make_answers({"ro.product.manufacturer": maker, **names})
    judges = {"USB debugging (Security settings)": access.security_settings, "Install via USB": access.install_via_usb}
    for words, judge in judges.items():
        opinion = judge(answers)
        assert (opinion and opinion.level) == level
        assert opinion is None or level == "ok" or words in opinion.mend


def test_a_brand_of_xiaomi_with_another_manufacturer(make_answers: Make) -> None:
    """The brand counts, too."""
    opinion = access.install_via_usb(make_answers({"ro.product.brand": "Redmi", "persist.security.adbinstall": "0"}))
    assert opinion is not None


@pytest.mark.parametrize(("value", "level"), [("1", "warning"), ("0", None), ("null", None)])
def test_verify_apps(make_answers: Make, value: str, level: str | None) -> None:
    """Only where it was asked for."""
    opinion = access.verify_apps(make_answers(None, {"global/verifier_verify_adb_installs": value}))
    assert (opinion and opinion.level) == level


@pytest.mark.parametrize(
    ("printed", "properties", "level"),
    [
        ("", {"ro.product.brand": "Redmi"}, "ok"),
        ("", {"ro.product.brand": "Redmi", "persist.security.adbinput": "0"}, "fault"),
        (
            "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission",
            {},
            "fault",
        ),
        ("", {"ro.product.brand": "samsung"}, None),
    ],
)
def test_a_key_tells_where_the_switch_is_not_told(printed: str, properties: dict[str, str], level: str | None) -> None:
    """A refusal counts on every handset."""
    listed = "".join(f"[{name}]: [{value}]\n" for name, value in properties.items())
    answers = Answers({"getprop": Answer(0, listed), "input": Answer(0, printed)})
    opinion = access.security_settings(answers)
    assert (opinion and opinion.level) == level
