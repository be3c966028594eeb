"""A handset made ready for a run, and given back as it was found.

What is found is noted on the handset before anything is changed. The shell there that holds the lease gives it back
when the lease ends, however it ends; where that shell was ended too (the handset restarted, its adbd did), the next
lease begins with it.
"""

from __future__ import annotations

from framework.handset.preparation.given_back import FOLDER, GIVE_BACK, KEPT
from framework.handset.preparation.prepare import SCREEN, Ask, prepare, unlock
from framework.handset.preparation.screen import Pin

__all__ = ["FOLDER", "GIVE_BACK", "KEPT", "SCREEN", "Ask", "Pin", "prepare", "unlock"]
