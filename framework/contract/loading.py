"""Loading what a process keeps until it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading_for_good() -> Iterator[None]:
    """Modules and what they define are no garbage: not searched for it while they load, nor ever after (gc.freeze).

    Python would do so again and again; it takes an eighth of the time that loading takes, and 25 ms whenever everything
    is searched, which pytest does five times at its end (_pytest/unraisableexception.py).
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searched:
            gc.enable()


@contextmanager
def without_garbage() -> Iterator[None]:
    """While very many records are made that refer to nothing but what they hold: Python would look through all of
    them for cycles again and again, which takes as long as making them."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
