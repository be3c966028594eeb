"""Speech synthesis in memory with eSpeak NG (GPL-3, a library of its own that espeakng-loader brings).

Facts from espeak-ng's `src/include/espeak-ng/speak_lib.h`: output mode, flags, the callback.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from framework.contract.errors import Problem, UsageError
from framework.media.resample import resample
from framework.media.spoken import spoken
from framework.media.wav import FULL_SCALE, Sound

RATE = 16_000
"""Sample rate of everything that is synthesised, Hz."""

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_POS_CHARACTER = 1
_SEED = 1

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

_ONE_AT_A_TIME = threading.Lock()
"""eSpeak keeps its state in C globals, of which a process has one set: whoever speaks, speaks alone."""


def speak(text: str, voice: str) -> Sound:
    """Say `text` with a voice such as `en-us`, `en-us+f2` or `cmn+m3`; 16 kHz, without silence around it.

    The same call gives the same samples, whatever was said before. Threads may call it; they take turns.
    UsageError for a voice that eSpeak does not have.
    """
    return speak_all((text,), voice)[0]


def speak_all(texts: Sequence[str], voice: str) -> list[Sound]:
    """Say many texts with one voice: as `speak`, in a third of the time.

    A sound depends a little on the texts before it in the list; the same list gives the same sounds.
    """
    language, _, variant = voice.partition("+")
    with _ONE_AT_A_TIME, _fresh_library() as (library, sample_rate):
        _choose_voice(library, language, variant)
        pcm = [_synthesize(library, spoken(text, "zh" if language.startswith("cmn") else "en")) for text in texts]
    return [resample(_sound(samples, sample_rate), RATE) for samples in pcm]


def _sound(pcm: bytes, rate: int) -> Sound:
    return Sound(np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(FULL_SCALE), rate)


@contextmanager
def _fresh_library() -> Iterator[tuple[ctypes.CDLL, int]]:
    """eSpeak, loaded anew, and its sample rate in Hz.

    Its phase and flutter counters run on from one utterance to the next and nothing resets them, so that a sound
    would depend on those before it. Unloading costs a fifth of a millisecond and begins from nothing. Its breath noise
    is seeded by the second of the day (espeak-ng's `src/libespeak-ng/speech.c`), so it is given a seed.
    """
    import _ctypes

    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    try:
        data = espeakng_loader.get_data_path().encode()
        sample_rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if sample_rate <= 0:
            raise UsageError(Problem(f"eSpeak NG cannot read its data in {data.decode()}: reinstall espeakng-loader"))
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        try:
            yield library, sample_rate
        finally:
            library.espeak_Terminate()
    finally:
        _ctypes.dlclose(library._handle)


def _choose_voice(library: ctypes.CDLL, language: str, variant: str) -> None:
    """Select a voice; eSpeak itself takes an unknown variant in silence."""
    import espeakng_loader

    variants = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    if variant and not (variants / variant).is_file():
        raise UsageError(Problem(f'eSpeak NG has no voice variant "{variant}"', suggestion=_nearest(variant, variants)))
    name = f"{language}+{variant}" if variant else language
    if library.espeak_SetVoiceByName(name.encode()) != 0:
        raise UsageError(Problem(f'eSpeak NG has no voice "{language}"; there are en-us, en-gb-x-rp, cmn and others'))


def _nearest(variant: str, variants: Path) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(variant, [path.name for path in variants.iterdir()], 1)), None)


def _synthesize(library: ctypes.CDLL, words: str) -> bytes:
    """16-bit samples at eSpeak's own rate."""
    pieces: list[bytes] = []
    callback = _Callback(_collector(pieces))
    library.espeak_SetSynthCallback(callback)
    encoded = words.encode() + b"\0"
    status = library.espeak_Synth(encoded, len(encoded), 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None)
    if status != 0:
        raise UsageError(Problem(f"eSpeak NG failed with status {status} at {words!r}"))
    return b"".join(pieces)


def _collector(pieces: list[bytes]) -> Callable[[int | None, int, int | None], int]:
    """A callback that keeps the samples it is given (16-bit each); 0 tells eSpeak to go on."""

    def collect(wave: int | None, count: int, events: int | None) -> int:
        if wave and count > 0:
            pieces.append(ctypes.string_at(wave, 2 * count))
        return 0

    return collect
