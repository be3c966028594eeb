"""The font of the emulated screen, and text broken into lines.

WenQuanYi Micro Hei (Apache-2.0; made of Droid Sans and Droid Sans Fallback, the fonts of earlier Androids) comes in
the wheel `paperang-p2-fonts-cjk`: data only, the same file as in Debian's `fonts-wqy-microhei`. Without it a font of
the host that has Chinese is taken; with none, Pillow's own font draws the Latin and leaves boxes for the rest.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_WHEEL = "paperang_p2_fonts_cjk"
_WHEEL_FONT = "fonts/wqy-microhei.ttc"

_HOST_FOLDERS = ("~/.local/share/fonts", "~/.fonts", "/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts")
_HOST_NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
)

_SPACED = frozenset(" \t")
_NEVER_FIRST = frozenset(",.!?;:)]}%\"'，。！？；：、）】》”’…")
"""Characters that may not begin a line (UAX 14, class CL, EX, IS, NS)."""


@lru_cache(maxsize=1)
def font_file() -> Path | None:
    """Where the font lies; None when there is none with Chinese."""
    spec = find_spec(_WHEEL)
    if spec is not None and spec.origin is not None and (bundled := Path(spec.origin).parent / _WHEEL_FONT).is_file():
        return bundled
    for folder in _HOST_FOLDERS:
        for name in _HOST_NAMES:
            if found := next(Path(folder).expanduser().rglob(name), None):
                return found
    return None


@lru_cache(maxsize=32)
def font(size: int) -> FreeTypeFont:
    """The font at `size` pixels; Pillow's own layout, which every installation of it has."""
    from PIL import ImageFont

    file = font_file()
    if file is not None:
        return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont)  # Pillow built without FreeType cannot scale any font
    return own


@lru_cache(maxsize=4096)
def text_width(text: str, size: int) -> int:
    """Pixels that `text` takes on one line."""
    return round(font(size).getlength(text))


@lru_cache(maxsize=1024)
def wrap(text: str, size: int, width: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` pixels, broken between words and between Chinese characters.

    A piece that is wider than a line is broken anywhere; at least one line is returned.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, size, width))
    return tuple(lines)


def _wrap_paragraph(paragraph: str, size: int, width: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(paragraph):
        if text_width((line + piece).rstrip(), size) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _chop(piece.lstrip(), size, width)
        lines.extend(full)
    return [*lines, line.rstrip()]


def _chop(piece: str, size: int, width: int) -> list[str]:
    """A piece in parts that fit; at least one character each."""
    parts, part = [], ""
    for character in piece:
        if part and text_width(part + character, size) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


def _pieces(text: str) -> list[str]:
    """What may not be broken: a word with the spaces after it, a wide character with the punctuation after it."""
    pieces: list[str] = []
    for character in text:
        if pieces and _stays(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _stays(piece: str, character: str) -> bool:
    last = piece[-1]
    if character in _SPACED or character in _NEVER_FIRST:
        return True
    return last not in _SPACED and not _wide(last) and not _wide(character)


def _wide(character: str) -> bool:
    """Whether a line may break on both sides: CJK ideographs, kana, full-width forms."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"
