"""Thin tests beside the scenarios: what the handset itself must offer before an assistant can be measured on it."""

from __future__ import annotations


def test_the_handset_has_booted(handset):
    """Figures from a handset that still boots would mean nothing."""
    assert handset.shell.run("getprop", "sys.boot_completed").text == "1"


def test_the_assistant_is_running(assistant, handset):
    """The build was deployed, started, and is alive."""
    assert handset.packages.pid(assistant.build.package) is not None
