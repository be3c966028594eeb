"""Which kind of file it is."""

from __future__ import annotations

import pytest

from framework.contract.kinds import KINDS, Kind, kind_of, model_of


@pytest.mark.parametrize(
    ("stem", "keys", "kind"),
    [
        ("devices", ["package"], "devices"),
        ("build", ["scenario"], "build"),
        ("lab-2", ["handsets"], "devices"),
        ("lab-2", ["handset"], "devices"),
        ("compact", ["name", "package", "apk"], "build"),
        ("weather", ["scenario", "start", "steps"], "scenario"),
        ("weather", [], "scenario"),
        ("weather", ["on", "jobs"], "scenario"),
    ],
)
def test_the_name_decides_then_the_keys(stem: str, keys: list[str], kind: Kind) -> None:
    """devices.yaml and build.yaml are what they are called; other files what most of their keys belong to."""
    assert kind_of(stem, dict.fromkeys(keys)) == kind


def test_each_kind_has_its_record() -> None:
    """No two kinds share one."""
    assert len({model_of(kind) for kind in KINDS}) == len(KINDS)
