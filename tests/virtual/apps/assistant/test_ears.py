"""The microphone: speech found where it is, understood in noise, and nothing understood where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framework.contract.events import AssistantEvent
from framework.media.levels import speech_bounds
from framework.media.noise import add_floor, add_noise
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES
from framework.media.wav import Sound, read_wav, wav_bytes
from framework.virtual.apps.assistant.ears import ENDPOINT_NS, FINAL_PASS_NS, FINAL_PASS_SHARE, PATIENCE_NS
from framework.virtual.apps.assistant.voice import SYNTHESIS_NS

if TYPE_CHECKING:
    from typing import Literal

    from conftest import Talk, WithAssistant
    from framework.virtual.apps.assistant.dialogue.state import Language

INBOX = "/data/local/tmp/pocketfarm/in"
S = 1_000_000_000


def said(text: str, lang: Language, noise: Literal["white", "babble"] | None = None, snr_db: float = 10) -> Sound:
    """A question with room around it."""
    sound = speak(text, QUESTION_VOICES[lang]).padded(0.3, 0.6)
    return add_noise(sound, noise, snr_db, 1) if noise else add_floor(sound, 1)


async def hear(talk: Talk, sound: Sound, lang: Language, turn: int) -> list[AssistantEvent]:
    """Play a sound to the microphone; the events of the turn."""
    talk.listen(talk.push(f"{INBOX}/question.wav", wav_bytes(sound)), lang, turn)
    await talk.until(("audio_end", "error"), turn)
    return talk.events(turn)


def at(events: list[AssistantEvent], name: str) -> AssistantEvent:
    (found,) = [event for event in events if event.event == name]
    return found


@pytest.mark.parametrize(
    ("lang", "question", "answer"),
    [("en", "What is the capital of Vietnam?", "Hanoi"), ("zh", "越南的首都是哪里？", "河内")],
)
@pytest.mark.parametrize("noise", [None, "white", "babble"])
def test_a_question_is_heard_and_answered_aloud(
    with_assistant: WithAssistant, lang: Language, question: str, answer: str, noise: Literal["white", "babble"] | None
) -> None:
    """Also at 10 dB: the transcript is the question, the reply fits it, and the reply's WAV file holds speech."""

    async def talk_to_it(talk: Talk) -> tuple[str, str, Sound]:
        await talk.start(model=talk.push_model())
        events = await hear(talk, said(question, lang, noise), lang, 1)
        wav = talk.device.files.read(str(at(events, "audio_end").fields["wav"]))
        return str(at(events, "asr_final").fields["text"]), str(at(events, "reply").fields["text"]), read_wav(wav)

    heard, reply, sound = with_assistant(talk_to_it)
    assert heard == question
    assert answer in reply
    assert speech_bounds(sound) is not None
    assert sound.duration_s > 0.5


def test_the_events_of_a_spoken_turn_are_exact(with_assistant: WithAssistant) -> None:
    """Speech begins and ends where the samples say; the transcript, the first sound and the end follow by the model."""
    sound = said("Is the phone folded?", "en")
    bounds = speech_bounds(sound)
    assert bounds is not None

    async def listen(talk: Talk) -> list[AssistantEvent]:
        await talk.start(model=talk.push_model())
        return await hear(talk, sound, "en", 1)

    events = with_assistant(listen)
    kinds = [event.event for event in events if event.event != "token"]
    assert kinds[:6] == ["wake", "speech_start", "speech_end", "asr_final", "request", "first_token"]
    assert sorted(kinds[6:]) == ["audio_end", "first_audio", "reply"]
    begun, ended = (at(events, name).device_ns for name in ("speech_start", "speech_end"))
    wake, final = at(events, "wake").device_ns, at(events, "asr_final").device_ns
    assert (begun - wake, ended - wake) == tuple(round(second * S) for second in bounds)
    assert final - ended == ENDPOINT_NS + FINAL_PASS_NS + int(FINAL_PASS_SHARE * (ended - begun))
    assert at(events, "request").device_ns == final
    assert at(events, "first_audio").device_ns == at(events, "reply").device_ns + SYNTHESIS_NS


def test_a_conversation_goes_on_by_voice(with_assistant: WithAssistant) -> None:
    """A spoken follow-up refers to what was typed before, and each spoken turn has a file of its own."""

    async def mix(talk: Talk) -> tuple[str, str]:
        await talk.start(model=talk.push_model())
        await talk.answered("What is the weather in Hanoi tomorrow?", 1)
        events = await hear(talk, said("后天呢？", "zh"), "zh", 2)
        return str(at(events, "reply").fields["text"]), str(at(events, "audio_end").fields["wav"])

    reply, wav = with_assistant(mix)
    assert reply.startswith("河内后天")
    assert wav == "/sdcard/Android/data/org.pocketfarm.assistant/files/reply-2.wav"


@pytest.mark.parametrize("text", ["Completely different words are spoken here today", "Please open the garage door"])
def test_words_that_it_does_not_know_are_not_understood(with_assistant: WithAssistant, text: str) -> None:
    """It says that it did not catch them, in the log and on the screen, rather than take the nearest phrase."""

    async def listen(talk: Talk) -> tuple[list[AssistantEvent], str]:
        await talk.start(model=talk.push_model())
        return await hear(talk, said(text, "en"), "en", 1), talk.shown("status")

    events, status = with_assistant(listen)
    assert at(events, "asr_final").fields["text"] == ""
    assert at(events, "error").fields["message"] == status == "Sorry, I did not catch that"


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_without_speech_it_gives_up(with_assistant: WithAssistant, kind: str) -> None:
    """After its patience, with neither speech_start nor speech_end."""
    samples = np.zeros(16_000, np.float32)
    if kind == "noise":
        samples = np.random.default_rng(1).normal(0, 0.05, 16_000).astype(np.float32)

    async def listen(talk: Talk) -> list[AssistantEvent]:
        await talk.start(model=talk.push_model())
        return await hear(talk, Sound(samples, 16_000), "en", 1)

    events = with_assistant(listen)
    assert [event.event for event in events] == ["wake", "asr_final", "error"]
    assert at(events, "error").device_ns - at(events, "wake").device_ns == S + PATIENCE_NS


def test_the_microphone_button_hears_the_quiet_room(with_assistant: WithAssistant) -> None:
    """Nothing is played to it, so it listens, says so, and gives up."""

    async def press(talk: Talk) -> tuple[str, str]:
        await talk.start(model=talk.push_model())
        button = talk.device.screen.tree().find("mic")
        assert button is not None
        talk.device.screen.tap(*button.bounds.center)
        await talk.until(("wake",), 1)
        listening = talk.shown("status")
        await talk.until(("error",), 1)
        return listening, talk.shown("status")

    assert with_assistant(press) == ("Listening", "Sorry, I did not catch that")


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), (b"RIFF and no more", "not a PCM WAV file")]
)
def test_a_sound_that_cannot_be_played_is_an_error(
    with_assistant: WithAssistant, content: bytes | None, reason: str
) -> None:
    """With the path and the reason."""

    async def listen(talk: Talk) -> str:
        await talk.start(model=talk.push_model())
        path = f"{INBOX}/none.wav" if content is None else talk.push(f"{INBOX}/bad.wav", content)
        talk.listen(path, "en", 1)
        return str((await talk.until(("error",), 1)).fields["message"])

    message = with_assistant(listen)
    assert message.startswith(f"No sound: {INBOX}/")
    assert reason in message


def test_a_reset_closes_the_microphone(with_assistant: WithAssistant) -> None:
    """Nothing of the turn comes after it."""

    async def interrupt(talk: Talk) -> tuple[list[str], int]:
        await talk.start(model=talk.push_model())
        sound = said("What is the weather in Hanoi tomorrow?", "en")
        talk.listen(talk.push(f"{INBOX}/question.wav", wav_bytes(sound)), "en", 1)
        await talk.until(("speech_start",), 1)
        talk.reset()
        await talk.device.clock.sleep(6 * S)
        return [event.event for event in talk.events(1)], talk.device.physics.cpus.running(talk.device.clock.now_ns())

    assert with_assistant(interrupt) == (["wake", "speech_start"], 0)
