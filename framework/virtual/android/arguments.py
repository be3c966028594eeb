"""Reading the arguments of Android's commands (AOSP android.os.BasicShellCommandHandler)."""

from __future__ import annotations

from collections.abc import Sequence


class ArgumentError(Exception):
    """What Java's IllegalArgumentException, or another exception of that name, says of a call."""

    def __init__(self, message: str, exception: str = "java.lang.IllegalArgumentException") -> None:
        self.exception = exception
        super().__init__(message)


class Arguments:
    """The words of a command, taken one after the other; options may be glued to their value (`-n5`)."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._next = 0
        self._glued: str | None = None

    def option(self) -> str | None:
        """The next word if it is an option; None at the first that is not, and at `--`."""
        if self._glued is not None:
            raise ArgumentError(f'No argument expected after "{self._words[self._next - 1]}"')
        if self._next >= len(self._words) or not self._words[self._next].startswith("-"):
            return None
        word = self._words[self._next]
        self._next += 1
        if word == "--":
            return None
        if len(word) > 2 and word[1] != "-":
            self._glued = word[2:]
            return word[:2]
        return word

    def argument(self) -> str | None:
        """The next word, whatever it is; None at the end."""
        if self._glued is not None:
            word, self._glued = self._glued, None
            return word
        if self._next >= len(self._words):
            return None
        self._next += 1
        return self._words[self._next - 1]

    def required(self) -> str:
        """The next word; ArgumentError at the end."""
        word = self.argument()
        if word is None:
            raise ArgumentError(f'Argument expected after "{self._words[self._next - 1]}"')
        return word

    def number(self) -> int:
        """The next word as a decimal, hexadecimal (0x) or octal (0) integer, as Integer.decode reads it."""
        word = self.required()
        try:
            return int(word, 8) if len(word) > 1 and word[0] == "0" and word.isdecimal() else int(word, 0)
        except ValueError:
            raise ArgumentError(f'For input string: "{word}"') from None

    def rest(self) -> tuple[str, ...]:
        """All that is left."""
        words, self._next = self._words[self._next :], len(self._words)
        return words
