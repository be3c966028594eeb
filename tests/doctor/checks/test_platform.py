"""Whether it is up, which Android it has, whose it is, and its clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.doctor.answers import Answer, Answers
from framework.doctor.checks import platform

Make = Callable[..., Answers]


@pytest.mark.parametrize(
    ("properties", "level"),
    [({}, "fault"), ({"ro.build.version.sdk": "34"}, "fault"), ({"sys.boot_completed": "1"}, None)],
)
def test_boot(make_answers: Make, properties: dict[str, str], level: str | None) -> None:
    """A handset without properties, or one that has not finished, is no use yet."""
    opinion = platform.boot(make_answers(properties))
    assert (opinion and opinion.level) == level


@pytest.mark.parametrize(("sdk", "level"), [("25", "fault"), ("26", "warning"), ("28", "warning"), ("29", "ok")])
def test_android(make_answers: Make, sdk: str, level: str) -> None:
    """Below 8 nothing, below 10 no heat."""
    opinion = platform.android(make_answers({"ro.build.version.sdk": sdk, "ro.build.version.release": "9"}))
    assert opinion is not None
    assert (opinion.level, f"Android 9 (SDK {sdk})" in opinion.finding) == (level, True)


def test_android_that_is_not_told(make_answers: Make) -> None:
    """No opinion."""
    assert platform.android(make_answers({"ro.build.version.sdk": "soon"})) is None


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"ro.pocketfarm.emulated": "1", "ro.boot.qemu": "1"}, "a virtual handset"),
        ({"ro.kernel.qemu": "1"}, "an Android emulator"),
        ({"ro.hardware": "qcom"}, None),
    ],
)
def test_emulated(make_answers: Make, properties: dict[str, str], words: str | None) -> None:
    """What is no phone is told as such."""
    opinion = platform.emulated(make_answers(properties))
    assert (opinion and opinion.finding.partition(":")[0]) == words


@pytest.mark.parametrize(
    ("texts", "build", "level", "words"),
    [
        ({"id": "2000"}, "user", "ok", "not rooted"),
        ({"id": "0"}, "user", "warning", "its shell is root"),
        ({"id": "2000", "su": "/system/xbin/su"}, "user", "warning", "it is rooted (/system/xbin/su)"),
        ({"id": "2000"}, "userdebug", "warning", "a userdebug build"),
    ],
)
def test_root(make_answers: Make, texts: dict[str, str], build: str, level: str, words: str) -> None:
    """Root in each of its forms."""
    opinion = platform.root(make_answers({"ro.build.type": build}, **texts))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == (level, words)


@pytest.mark.parametrize(
    ("device_s", "took_s", "finding"),
    [
        (1000.1, 0.2, "its clock agrees with this machine's"),
        (1008.0, 8.0, "its clock agrees with this machine's"),
        (1000.0 + 3 * 86400, 0.2, "its clock is 3 days ahead of this machine's"),
        (1000.0 - 90, 0.2, "its clock is 90 s behind this machine's"),
    ],
)
def test_clock(device_s: float, took_s: float, finding: str) -> None:
    """Against the middle of the question; a slow answer is no proof."""
    answers = Answers({"date": Answer(0, f"{device_s}\n", "", 1000.0, took_s)})
    opinion = platform.clock(answers)
    assert opinion is not None
    assert opinion.finding == finding


def test_clock_of_a_handset_that_runs_faster() -> None:
    """It is ahead by design."""
    answers = Answers({"date": Answer(0, "9000.0\n", "", 1000.0, 0.1), "speed": Answer(0, "20\n")})
    assert platform.clock(answers) is None


def test_services_of_android(make_answers: Make) -> None:
    """Those without which nothing can be installed, started or shown."""
    up = "Service activity: found\nService package: found"
    opinion = platform.services(make_answers(services="Service activity: found\nService package: not found"))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == ("fault", "Android is not up: no service package")
    assert platform.services(make_answers(services=up)) is None
