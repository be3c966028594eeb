"""Templates of phrases, made by synthesis and kept in a file, so that a second start is fast."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framework.media.features import mel_power
from framework.media.recognize import Template
from framework.media.tts import speak_all
from framework.media.voices import TEMPLATE_VOICES

if TYPE_CHECKING:
    from framework.contract.scenario import Language

    Phrases = Mapping[Language, Sequence[str]]
    Voices = Mapping[Language, Sequence[str]]

VERSION = 1
"""Raised when templates of the same phrases come out differently: files of other versions are not used."""


def make_templates(phrases: Phrases, voices: Voices = TEMPLATE_VOICES) -> tuple[Template, ...]:
    """One template for each phrase and voice; about 3 ms each."""
    return tuple(
        Template(text, language, mel_power(said))
        for language, texts in phrases.items()
        for voice in voices[language]
        for text, said in zip(texts, speak_all(texts, voice), strict=True)
    )


def cached_templates(folder: Path, phrases: Phrases, voices: Voices = TEMPLATE_VOICES) -> tuple[Template, ...]:
    """`make_templates`, kept in `folder` in a file named by its content; a broken file is made anew."""
    path = folder / f"templates-{_key(phrases, voices)}.npz"
    try:
        return load_templates(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        templates = make_templates(phrases, voices)
    save_templates(path, templates)
    return templates


def save_templates(path: Path, templates: Sequence[Template]) -> None:
    """Write templates; another process sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        np.savez(
            file,
            texts=np.array([template.text for template in templates]),
            languages=np.array([template.language for template in templates]),
            ends=np.cumsum([0, *(len(template.power) for template in templates)]),
            power=np.vstack([template.power for template in templates]),
        )
    Path(file.name).replace(path)


def load_templates(path: Path) -> tuple[Template, ...]:
    """Read what `save_templates` wrote; OSError, ValueError, KeyError or BadZipFile where it is something else."""
    with np.load(path, allow_pickle=False) as file:
        texts, languages, ends, power = (file[name] for name in ("texts", "languages", "ends", "power"))
    spans = pairwise(ends.tolist())
    return tuple(
        Template(text, language, power[start:end])
        for text, language, (start, end) in zip(texts.tolist(), languages.tolist(), spans, strict=True)
    )


def _key(phrases: Phrases, voices: Voices) -> str:
    content = [VERSION, {k: list(v) for k, v in phrases.items()}, {k: list(v) for k, v in voices.items()}]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
