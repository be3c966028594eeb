"""The channel `file`, on a virtual handset with the reference assistant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from framework.contract.build import BuildSpec, VoiceChannel
from framework.contract.capabilities import Handset, Target
from framework.contract.errors import AssistantError
from framework.contract.scenario import Speech
from framework.deploy import deploy, load_build
from framework.handset.handset import open_handset
from framework.media.levels import speech_bounds
from framework.media.wav import Sound
from framework.speech.channel import FileChannel
from framework.speech.question import QuestionVoice
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

COMPACT = Path(__file__).parents[2] / "suites" / "builds" / "compact"
SPEED = 20.0
DEADLINE_S = 30.0


@pytest.fixture(scope="module")
def handset() -> Iterator[Handset]:
    with virtual_handsets([VirtualRequest("bench", "xiaomi-13", seed=1, speed=SPEED)]) as handsets:
        target = Target("bench", adbd=handsets.endpoint("bench").adb)
        with open_handset(target) as opened:
            yield opened


@pytest.fixture(scope="module")
def build(handset: Handset) -> BuildSpec:
    """The demonstration build, deployed and started."""
    loaded = load_build(COMPACT)
    deploy(loaded, handset)
    handset.packages.start(loaded.spec.component, extras=loaded.spec.start.extras)
    return loaded.spec


@pytest.fixture
def voice(build: BuildSpec) -> VoiceChannel:
    assert build.voice is not None
    return build.voice


@pytest.fixture
def channel(handset: Handset, build: BuildSpec, voice: VoiceChannel) -> FileChannel:
    return FileChannel(handset, build, voice)


def soon(find: Callable[[], Sound | None]) -> Sound:
    """What `find` finds within the deadline."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if (found := find()) is not None:
            return found
    raise AssertionError(f"nothing within {DEADLINE_S:g} s")


def test_a_question_is_heard_and_its_reply_comes_back(channel: FileChannel) -> None:
    """The assistant answers what was said with speech of its own."""
    question = Speech(en="What is the capital of Vietnam?")
    channel.ask(QuestionVoice().say(question), "en", 1)
    assert speech_bounds(soon(lambda: channel.reply(1))) is not None


def test_an_earlier_reply_does_not_pass_for_this_one(
    channel: FileChannel, handset: Handset, voice: VoiceChannel
) -> None:
    """It is gone before the assistant is asked in a turn of the same number."""
    path = voice.reply_audio.replace("{turn}", "7")
    handset.files.push(b"from an earlier conversation", path)
    channel.ask(Sound(QuestionVoice().say(Speech(en="2 + 2")).samples[:100], 16_000), "en", 7)
    assert channel.reply(7) is None


def test_a_turn_without_a_reply_has_no_sound(channel: FileChannel) -> None:
    """Whether that is wrong is for others to judge."""
    assert channel.reply(99) is None


def test_a_reply_that_is_no_wav_file_is_the_builds_fault(
    channel: FileChannel, handset: Handset, voice: VoiceChannel
) -> None:
    """With the path and what is wrong with it."""
    path = voice.reply_audio.replace("{turn}", "8")
    handset.files.push(b"MP3", path)
    with pytest.raises(AssistantError, match=f"{path} is no WAV file"):
        channel.reply(8)
