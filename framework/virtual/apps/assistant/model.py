"""The weights on the handset: found, and their header read, with the rights of the app."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from framework.formats.errors import FormatError
from framework.formats.gguf import GgufHeader, read_header
from framework.formats.gguf_model import GgufModel, describe

if TYPE_CHECKING:
    from framework.virtual.system.files import FileSystem

MODELS_DIR = "/data/local/tmp/pocketfarm/models"
"""Where weights are looked for when the intent names none."""


class ModelError(Exception):
    """There is no usable model; the message is for the user of the app."""


def newest_model(files: FileSystem) -> str:
    """The path of the newest `.gguf` in `MODELS_DIR`; ModelError when there is none."""
    try:
        names = [name for name in files.listdir(MODELS_DIR) if name.endswith(".gguf")]
    except OSError as error:
        raise ModelError(f"No model: {MODELS_DIR}: {error.strerror}") from error
    if not names:
        raise ModelError(f"No model: {MODELS_DIR} holds no .gguf file")
    return max((f"{MODELS_DIR}/{name}" for name in names), key=lambda path: (files.stat(path).mtime, path))


def read_model(files: FileSystem, path: str) -> GgufModel:
    """What the weights at `path` say of themselves; ModelError when they are missing or damaged."""
    try:
        return describe(_header(files, path))
    except OSError as error:
        raise ModelError(f"Model missing: {path}: {error.strerror}") from error
    except FormatError as error:
        raise ModelError(f"Model damaged: {path}: at byte {error.offset}: {error.what}") from error


def _header(files: FileSystem, path: str) -> GgufHeader:
    with files.open(path, uid=files.uid) as file:
        return read_header(file.host_path or io.BytesIO(file.read()))
