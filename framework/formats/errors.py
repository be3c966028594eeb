"""What reading a file can find wrong with it."""

from __future__ import annotations


class FormatError(ValueError):
    """A file that breaks its format: which file, at which byte, and what is wrong there."""

    def __init__(self, path: str, offset: int, what: str) -> None:
        self.path, self.offset, self.what = path, offset, what
        super().__init__(f"{path}: at byte {offset}: {what}")

    def __reduce__(self) -> tuple[type[FormatError], tuple[str, int, str]]:
        return type(self), (self.path, self.offset, self.what)


class SignatureError(FormatError):
    """An APK that is not signed, or whose content is not what was signed."""
