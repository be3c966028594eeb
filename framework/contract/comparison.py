"""What scenarios ask of numbers, versions and systems: `">=8"`, `">=12 <15"`, `13` (at least), `"HyperOS >=1"`."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Version = tuple[int, ...]

SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_SIGN = "|".join(SIGNS)
_NUMBER, _VERSION = r"[0-9]+(?:\.[0-9]+)?", r"[0-9]+(?:\.[0-9]+)*"


def _form(value: str) -> str:
    """A bare value, or comparisons that must all hold."""
    return rf"{value}|(?:{_SIGN})\s*{value}(?:\s+(?:{_SIGN})\s*{value})*"


NUMBERS, VERSIONS = _form(_NUMBER), _form(_VERSION)
"""The forms of what is asked of a number and of a version."""
SYSTEM = rf"[A-Za-z][^<>=!0-9]*(?:{VERSIONS})?"
"""The form of what is asked of a vendor's system: its name, and its version where that matters."""


def number_holds(asked: str, has: float) -> bool:
    """Whether a number meets `asked`, of the form NUMBERS; no number (nan) meets anything."""
    return not math.isnan(has) and all(SIGNS[sign](has, float(value)) for sign, value in _terms(asked))


def version_holds(asked: str, has: str) -> bool:
    """Whether a version such as `8.1.0` meets `asked`, of the form VERSIONS; what holds no number meets nothing.

    Compared part by part as numbers, missing parts as zero: 8.1.0 < 10, and 13 is 13.0.
    """
    found = version(has)
    return found is not None and all(SIGNS[sign](found, version(value)) for sign, value in _terms(asked))


def system_holds(asked: str, has: str) -> bool:
    """Whether a system such as `HyperOS 1.0.7.0` meets `asked`, of the form SYSTEM; letter case does not matter."""
    (wanted, versions), (name, _) = _system(asked), _system(has)
    return wanted == name and (not versions or version_holds(versions, has))


def version(text: str) -> Version | None:
    """The first version in a text, without zeros at its end; None where there is none."""
    found = re.search(_VERSION, text)
    if found is None:
        return None
    parts = [int(part) for part in found[0].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def numbers_empty(asked: str) -> bool:
    """Whether no number at all meets `asked`."""
    limits = [float(value) for _, value in _terms(asked)]
    return not any(
        number_holds(asked, near) for limit in limits for near in (0.0, limit, math.nextafter(limit, math.inf))
    )


def versions_empty(asked: str) -> bool:
    """Whether no version at all meets `asked`."""
    limits = [value for _, value in _terms(asked)]
    return not any(version_holds(asked, near) for limit in limits for near in ("0", limit, f"{limit}.0.0.0.0.1"))


def system_versions(asked: str) -> str:
    """What a text of the form SYSTEM asks of the version; empty where it asks nothing of it."""
    return _system(asked)[1]


def _terms(asked: str) -> Iterator[tuple[str, str]]:
    """(sign, value); a bare value means at least."""
    for sign, value in re.findall(rf"({_SIGN})?\s*({_VERSION})", asked):
        yield sign or ">=", value


def _system(text: str) -> tuple[str, str]:
    """(name in lower case, the rest from the first sign or digit on)."""
    found = re.search(r"[<>=!0-9]", text)
    end = found.start() if found else len(text)
    return text[:end].strip().casefold(), text[end:].strip()
